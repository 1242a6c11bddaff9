"""The quick way in: JSON bytes to an event through msgspec, accepting only what is surely right.

For every record of the domain a Struct with the same fields is made here, because a Struct refuses
unknown fields while it is read and a dataclass doesn't. What this way doesn't accept goes the slow
way (`examine`), which finds out what is wrong; so nothing here has to explain itself.

Measured with a trade of three lines, 1.8 kB: 59 µs an event, of which the domain's own checks are
more than half; straight into dataclasses 61 µs and pydantic's TypeAdapter over them 65 µs, both of
which let unknown fields pass; a refusal the thorough way 230 µs (tests/bench/bench_codec.py).
"""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec

from foodtrace.events import KINDS, Event
from foodtrace.events.envelope import Envelope
from foodtrace.identity import event_id
from foodtrace_schemas import ready as ready

# What the door fills in may be missing in what comes.
_FILLED: Mapping[str, Any] = {"event_id": UUID | None, "source": str | None}
DEFAULT_OFFSET = 480
_MINUTE = timedelta(minutes=1)

#: What reading the quick way raises for anything it doesn't take.
NOT_TAKEN = (msgspec.MsgspecError, ValueError, ArithmeticError, RecursionError)


class NotTaken(ValueError):
    """The quick way isn't sure; the slow one decides."""


def read_quickly(raw: bytes, source: str | None, reporter: str | None) -> Event:
    """The event of a JSON document; raises one of `NOT_TAKEN` for what it doesn't take."""
    if any(pattern.search(raw) for pattern in _lax_amounts()):
        raise NotTaken("an amount that isn't written as a number")
    form = _decoder().decode(raw)
    envelope = form.envelope
    _fill(envelope, source, reporter)
    identity = event_id(envelope.source, form.kind, envelope.source_event_id, envelope.revision)
    if envelope.event_id not in (None, identity):
        raise NotTaken("event_id")
    envelope.event_id = identity
    return msgspec.convert(form, KINDS[form.kind], from_attributes=True)


def _fill(envelope: Any, source: str | None, reporter: str | None) -> None:
    if envelope.source is None:
        envelope.source = source
    if envelope.reporter is None:
        envelope.reporter = reporter
    moment: datetime = envelope.occurred_at
    offset = offset_minutes(moment)
    if envelope.occurred_offset_minutes is None:
        envelope.occurred_offset_minutes = offset or DEFAULT_OFFSET
    elif offset and offset != envelope.occurred_offset_minutes:
        raise NotTaken("two offsets")
    envelope.occurred_at = moment.astimezone(UTC)
    if envelope.reported_at is not None:
        # Python takes an instant without offset for the machine's own time.
        offset_minutes(envelope.reported_at)
        envelope.reported_at = envelope.reported_at.astimezone(UTC)


def offset_minutes(moment: datetime) -> int:
    """The offset that an instant was written with; 0 also stands for "Z", which names none.

    Raises NotTaken for an instant without one.
    """
    offset = moment.utcoffset()
    if offset is None:
        raise NotTaken("no offset")
    return offset // _MINUTE


@cache
def _decoder() -> msgspec.json.Decoder[Any]:
    records: Mapping[str, Any] = KINDS
    shapes = tuple(_struct(record, kind) for kind, record in records.items())
    return msgspec.json.Decoder(Union[shapes])  # noqa: UP007


@cache
def _struct(record: Any, kind: str | None = None) -> type[msgspec.Struct]:
    hints = get_type_hints(record)
    members: list[Any] = []
    for each in fields(record):
        shape = _shape(hints[each.name])
        if record is Envelope and each.name in _FILLED:
            members.append((each.name, _FILLED[each.name], None))
        elif record is Envelope and each.name == "occurred_offset_minutes":
            members.append((each.name, int | None, None))
        elif each.default is not MISSING:
            members.append((each.name, shape, each.default))
        elif each.default_factory is not MISSING:
            members.append((each.name, shape, msgspec.field(default_factory=each.default_factory)))
        else:
            members.append((each.name, shape))
    tag: dict[str, Any] = {} if kind is None else {"tag_field": "kind", "tag": kind}
    space = {} if kind is None else {"kind": kind}
    return msgspec.defstruct(
        record.__name__, members, kw_only=True, forbid_unknown_fields=True, namespace=space, **tag
    )


def _shape(hint: Any) -> Any:
    if is_dataclass(hint):
        return _struct(hint)  # type: ignore[arg-type]
    if get_origin(hint) in (Union, types.UnionType):
        return Union[tuple(_shape(part) for part in get_args(hint))]  # noqa: UP007
    if get_origin(hint) is tuple:
        item: Any = _shape(get_args(hint)[0])
        return tuple[item, ...]
    return hint


@cache
def _lax_amounts() -> tuple[re.Pattern[bytes], ...]:
    """Amounts given as a text that isn't a JSON number: Decimal would take "1_0" and "１０".

    One pattern for each ending, since a search for plain letters is what `re` does fastest.
    """
    names = _amounts()
    endings = [name for name in names if not any(name.endswith(f"_{end}") for end in names)]
    number = r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,9})?"
    return tuple(re.compile(rf'{end}"\s*:\s*"(?!{number}")'.encode()) for end in sorted(endings))


def _amounts() -> set[str]:
    names: set[str] = set()
    seen: set[type] = set()
    waiting: list[Any] = list(KINDS.values())
    while waiting:
        hint = waiting.pop()
        if not is_dataclass(hint):
            waiting += get_args(hint)
        elif hint not in seen:
            seen.add(hint)  # type: ignore[arg-type]
            for name, inner in get_type_hints(hint).items():
                waiting.append(inner)
                if Decimal in (inner, *get_args(inner)):
                    names.add(name)
    return names


# As with `ready`: made by the import, in one thread.
_decoder()
