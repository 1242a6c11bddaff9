"""Avro bytes to plain records: one Python function per record, written out for a pair of schemas.

Why not `fastavro.schemaless_reader`: it takes twice the time on a trade of three lines, rounds
decimals of more digits than their precision, converts decimals of any length (quadratic in it: one
record of 4 MiB would hold a worker for minutes), takes negative lengths and union numbers, and puts
no bound on the memory that a few bytes may claim. fastavro stays the yardstick of the tests.

The plan follows Avro's schema resolution: fields meet by name or alias, what the reader doesn't
know is skipped, what the writer doesn't know takes the reader's default.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from types import TracebackType
from typing import Any, NoReturn

from foodtrace.problems import InvalidValue
from foodtrace_schemas.avro_bytes import (
    Broken,
    read_day,
    read_decimal,
    read_int,
    read_long,
    read_moment,
    read_size,
)
from foodtrace_schemas.avro_model import Field, Named, Node, Record, Schema
from foodtrace_schemas.avro_source import Body, Place, Resolver, same_name, unresolved

#: Entries of all lists and maps of one event together; 10,000 lines with papers and codes fit.
MAX_ITEMS = 100_000

Reader = Callable[[bytes, int], dict[str, Any]]

_FILE = "<avro reader>"


def compile_reader(writer: Schema, reader: Schema) -> Reader:
    """A function from (bytes, start) to the record in the reader's form.

    Its result has every field of the reader; logical types are Python's, except that a uuid stays
    text. It raises InvalidValue `avro.broken`, `avro.trailing-bytes`, `event.too-many-lines` or
    `date.impossible`, with the field's path. Raises InvalidValue `avro.foreign-schema` itself,
    where the schemas can't be resolved.
    """
    plan = _Plan(writer, reader)
    top = plan.function_of(writer.root, reader.root)
    space: dict[str, Any] = dict(_TOOLS)
    exec(compile("\n".join(plan.lines), _FILE, "exec"), space)
    read_top: Callable[[bytes, int, list[int]], tuple[dict[str, Any], int]] = space[top]
    places = plan.places

    def read(data: bytes, start: int) -> dict[str, Any]:
        try:
            record, end = read_top(data, start, [MAX_ITEMS])
        except Broken as error:
            raise InvalidValue(error.code, str(error), _path(error, places)) from error
        except IndexError as error:
            raise InvalidValue("avro.broken", _SHORT, _path(error, places)) from error
        except UnicodeDecodeError as error:
            raise InvalidValue("avro.broken", error.reason, _path(error, places)) from error
        if end != len(data):
            raise _misfit(end - len(data))
        return record

    return read


_SHORT = "it ends too early"


def _misfit(over: int) -> InvalidValue:
    if over > 0:
        return InvalidValue("avro.broken", _SHORT)
    return InvalidValue("avro.trailing-bytes", f"{-over} bytes")


def _too_many() -> NoReturn:
    raise Broken(f"more than {MAX_ITEMS} entries", "event.too-many-lines")


def _no_branch(number: int) -> NoReturn:
    raise Broken(f"no branch {number} of the union that the reader knows")


_TOOLS = {
    "read_long": read_long,
    "read_int": read_int,
    "read_size": read_size,
    "read_decimal": read_decimal,
    "read_moment": read_moment,
    "read_day": read_day,
    "too_many": _too_many,
    "no_branch": _no_branch,
}


def _path(error: BaseException, places: dict[int, Place]) -> str:
    """The field at which reading ended, from the frames of the functions written out here."""
    path = ""
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        place = places.get(trace.tb_lineno)
        if trace.tb_frame.f_code.co_filename == _FILE and place is not None:
            path += f".{place.field}"
            if place.items:
                path += f"[{len(trace.tb_frame.f_locals[place.items])}]"
        trace = trace.tb_next
    return path.removeprefix(".")


@dataclass(slots=True)
class _Plan(Resolver):
    """The functions written so far, and which line of them reads which field."""

    writer: Schema
    reader: Schema
    lines: list[str] = field(default_factory=list)
    places: dict[int, Place] = field(default_factory=dict)
    names: Iterator[int] = field(default_factory=count)
    made: dict[tuple[str, str], str] = field(default_factory=dict)
    under_way: list[str] = field(default_factory=list)

    def function_of(self, writer: Node, reader: Node | None) -> str:
        theirs = _record(self.writer, writer)
        ours = None if reader is None else _record(self.reader, reader)
        if ours is not None and not same_name(theirs, ours):
            raise unresolved(f"{theirs.name} can't be read as {ours.name}")
        key = (theirs.name, ours.name if ours else "")
        if key not in self.made:
            if theirs.name in self.under_way:
                raise unresolved(f"{theirs.name} holds itself")
            self.under_way.append(theirs.name)
            self.made[key] = self._written(f"read_{next(self.names)}", theirs, ours)
            self.under_way.pop()
        return self.made[key]

    def _written(self, name: str, theirs: Record, ours: Record | None) -> str:
        body = Body(self)
        body.say(f"def {name}(b, p, room):", level=0)
        targets = {} if ours is None else {f.name: f for f in ours.fields}
        taken: dict[str, str] = {}
        for each in theirs.fields:
            target = targets.get(each.name) or _by_alias(ours, each.name)
            body.field = each.name
            if target is None:
                body.skip(each.type)
            else:
                taken[target.name] = f"f{len(taken)}"
                body.read(each.type, target.type, taken[target.name])
        pairs = (f"{f.name!r}: {taken.get(f.name) or _default(f)}" for f in targets.values())
        body.say(f"return {{{', '.join(pairs)}}}, p")
        first = len(self.lines) + 1
        self.lines += body.lines
        self.places |= {first + line: place for line, place in body.places.items()}
        return name


def _record(schema: Schema, node: Node) -> Record:
    found = schema.named.get(node.name) if isinstance(node, Named) else None
    if not isinstance(found, Record):
        raise unresolved(f"{node} is no record")
    return found


def _by_alias(ours: Record | None, name: str) -> Field | None:
    fields = () if ours is None else ours.fields
    return next((each for each in fields if name in each.aliases), None)


def _default(ours: Field) -> str:
    if not ours.has_default:
        raise unresolved(f"the writer has no {ours.name}, which is required")
    return repr(ours.default)
