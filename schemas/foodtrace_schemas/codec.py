"""Events to record values and back: Confluent frame, Avro, the domain's own checks.

Whatever the bytes, `decode` gives an event or an InvalidValue with a code and, where there is one,
the field's path. It decides by the bytes and the writer's schema alone, so a replay decides alike.

The codec itself is fastavro's; msgspec makes the records of the domain from what it reads. Figures:
tests/bench/bench_codec.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import msgspec

from foodtrace.events import KINDS, Event
from foodtrace.identity import event_id
from foodtrace.problems import InvalidValue
from foodtrace_schemas import ready as ready
from foodtrace_schemas.avro_form import (
    Reader,
    Writer,
    compile_reader,
    compile_writer,
    recursive_name,
)
from foodtrace_schemas.avro_model import loads, normal_text, parse
from foodtrace_schemas.compatibility import unreadable
from foodtrace_schemas.contracts import latest, schema_text, version_of
from foodtrace_schemas.examine import examine
from foodtrace_schemas.topics import KIND_BY_SUBJECT, subject_of
from foodtrace_schemas.upcasts import UPCASTS, Upcast, steps
from foodtrace_schemas.wire import Frame, frame, unframe

#: The text of the schema that an id stands for, None for an id that isn't registered.
Lookup = Callable[[int], str | None]

# More schemas than a registry of our kinds will see for long.
_READERS = 512


@dataclass(frozen=True, slots=True)
class Decoded:
    """An event and the id of the schema it was written with."""

    event: Event
    schema_id: int


def encode(event: Event, schema_id: int) -> bytes:
    """The framed value of an event; `schema_id` is that of our latest contract of its kind.

    Raises InvalidValue for a value that the contract can't hold exactly.
    """
    return frame(schema_id, _writer(event.kind)(event))


def decode(value: bytes | None, lookup: Lookup) -> Decoded:
    """The event of a record's value.

    Raises InvalidValue: the `avro.*` codes, `event.wrong-id`, and those of the domain. What
    `lookup` raises goes through.
    """
    head = unframe(value)
    assert value is not None
    return Decoded(_form_at(head, lookup).event(value, head.start), head.schema_id)


def fields(value: bytes | None, lookup: Lookup) -> dict[str, Any]:
    """The fields of a record's value by our contract, with `kind`, whatever rules they break.

    For people who look at what is no event; raises InvalidValue with the `avro.*` codes.
    """
    head = unframe(value)
    assert value is not None
    form = _form_at(head, lookup)
    return {"kind": form.kind, **form.fields(value, head.start)}


def _form_at(head: Frame, lookup: Lookup) -> Form:
    text = lookup(head.schema_id)
    if text is None:
        raise InvalidValue("avro.unknown-schema", str(head.schema_id))
    form = _form(text)
    if isinstance(form, Misfit):
        raise InvalidValue("avro.foreign-schema", f"schema {head.schema_id}: {form.reason}")
    return form


@dataclass(frozen=True, slots=True)
class Form:
    """How values written with one schema become records of ours."""

    kind: str
    read: Reader
    steps: tuple[Upcast, ...]

    def event(self, value: bytes, start: int) -> Event:
        """The event whose Avro data begin at `start`; raises InvalidValue."""
        return _event(self.kind, self.fields(value, start))

    def fields(self, value: bytes, start: int) -> dict[str, Any]:
        """Its fields in the form of our latest contract, no rule of the domain applied."""
        record = self.read(value, start)
        for step in self.steps:
            record = step(record)
        return record


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why no value written with a schema can be an event of ours."""

    reason: str


@lru_cache(maxsize=_READERS)
def _form(text: str) -> Form | Misfit:
    # A misfit is kept as well: a flood of such records shouldn't cost a parsing each.
    try:
        return form_of(text)
    except InvalidValue as problem:
        return Misfit(problem.detail)


def form_of(
    text: str, table: Mapping[tuple[str, int], Upcast] = UPCASTS, newest: int | None = None
) -> Form:
    """The way of the values that were written with this schema; raises InvalidValue.

    A committed older version that has steps is read as it was written; everything else is resolved
    to our latest contract. `newest` is the version of that contract.
    """
    written = parse(text)
    kind = KIND_BY_SUBJECT.get(written.name or "")
    if kind is None:
        raise InvalidValue("avro.foreign-schema", f"{written.name or 'it'} is no event of ours")
    version = version_of(normal_text(loads(text)))
    upcasts = () if version is None else steps(kind, version, newest or latest(), table)
    reader = text if upcasts else schema_text(kind)
    reasons = unreadable(parse(reader), written)
    if reasons:
        raise InvalidValue("avro.foreign-schema", "; ".join(reasons[:3]))
    if circle := recursive_name(written):
        raise InvalidValue("avro.foreign-schema", f"{circle} holds itself")
    return Form(kind, compile_reader(text, reader), upcasts)


def _event(kind: str, record: dict[str, Any]) -> Event:
    try:
        event: Event = msgspec.convert(record, KINDS[kind])
    except (msgspec.MsgspecError, ValueError, ArithmeticError):
        event = examine(KINDS[kind], record)
    envelope = event.envelope
    identity = event_id(envelope.source, kind, envelope.source_event_id, envelope.revision)
    if envelope.event_id != identity:
        detail = f"{envelope.event_id} instead of {identity}"
        raise InvalidValue("event.wrong-id", detail, "envelope.event_id")
    return event


@cache
def _writer(kind: str) -> Writer:
    subject_of(kind)
    return compile_writer(schema_text(kind))
