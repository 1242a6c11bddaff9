"""The source text of a compiled Avro reader, statement by statement.

Variables of the written code: `b` the bytes, `p` the place in them, `n` a length or number, `q` the
end of a text, `c` how many entries a block has, `room` how many entries may still come.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from foodtrace.problems import InvalidValue
from foodtrace_schemas.avro_model import (
    Array,
    Enum,
    Fixed,
    MapOf,
    Named,
    Node,
    Primitive,
    Record,
    Schema,
    Union,
)

_PROMOTED = {("int", "long"), ("string", "bytes"), ("bytes", "string")}
# How a text or number becomes what its logical type means; a uuid is made with the event.
_MADE = {
    ("bytes", "decimal"): "read_decimal({})",
    ("int", "date"): "read_day({})",
    ("long", "timestamp-micros"): "read_moment({})",
}
_PLAIN_BYTES = {"boolean": 1, "float": 4, "double": 8}


class Place(NamedTuple):
    """Which field a line reads, and in which variable its list grows."""

    field: str
    items: str


class Resolver(Protocol):
    """What a body asks of the plan it belongs to."""

    writer: Schema
    reader: Schema

    def function_of(self, writer: Node, reader: Node | None) -> str:
        """The name of the function that reads one record as another, or skips it."""
        ...


def unresolved(reason: str) -> InvalidValue:
    """The writer's schema isn't one that our reader's can be made of."""
    return InvalidValue("avro.foreign-schema", reason)


@dataclass(slots=True)
class Body:
    """The lines of one function."""

    plan: Resolver
    lines: list[str] = field(default_factory=list)
    places: dict[int, Place] = field(default_factory=dict)
    field: str = ""
    items: str = ""
    level: int = 1
    variables: int = 0

    def say(self, text: str, *, level: int | None = None) -> None:
        """Add a line."""
        self.places[len(self.lines)] = Place(self.field, self.items)
        self.lines.append("    " * (self.level if level is None else level) + text)

    def read(self, theirs: Node, ours: Node, variable: str) -> None:
        """Read a value of the writer's type into `variable`, in the reader's form."""
        if isinstance(theirs, Union):
            self._branches(theirs, lambda branch: self._read_branch(branch, ours, variable))
            return
        target = self._resolved(theirs, ours)
        if target is None:
            raise unresolved(f"{self.field}: {theirs} can't be read as {ours}")
        self._read(theirs, target, variable)

    def _read(self, theirs: Node, target: Node, variable: str) -> None:
        if isinstance(theirs, Array) and isinstance(target, Array):
            items = target.items
            self._list(variable, lambda: self._append(theirs.items, items, variable))
        elif isinstance(theirs, MapOf) and isinstance(target, MapOf):
            values = target.values
            self._map(variable, lambda name: self.read(theirs.values, values, name))
        elif isinstance(theirs, Primitive) and isinstance(target, Primitive):
            self._primitive(theirs, target, variable)
        else:
            self.say(f"{variable}, p = {self.plan.function_of(theirs, target)}(b, p, room)")

    def skip(self, theirs: Node) -> None:
        """Read a value that the reader doesn't know and forget it."""
        if isinstance(theirs, Union):
            self._branches(theirs, self.skip)
        elif isinstance(theirs, Array):
            self._blocks(lambda: self.skip(theirs.items))
        elif isinstance(theirs, MapOf):
            self._blocks(lambda: self._skip_pair(theirs))
        elif isinstance(theirs, Named):
            self._skip_named(theirs)
        elif theirs.name in ("string", "bytes"):
            self._size()
            self.say("p += n")
        elif theirs.name in ("int", "long"):
            self.say("n, p = read_long(b, p)")
        elif theirs.name in _PLAIN_BYTES:
            self.say(f"p += {_PLAIN_BYTES[theirs.name]}")

    def _skip_pair(self, theirs: MapOf) -> None:
        self._size()
        self.say("p += n")
        self.skip(theirs.values)

    def _skip_named(self, theirs: Named) -> None:
        found = self.plan.writer.named[theirs.name]
        if isinstance(found, Fixed):
            self.say(f"p += {found.size}")
        elif isinstance(found, Enum):
            self.say("n, p = read_long(b, p)")
        else:
            self.say(f"n, p = {self.plan.function_of(theirs, None)}(b, p, room)")

    def _read_branch(self, theirs: Node, ours: Node, variable: str) -> None:
        target = self._resolved(theirs, ours)
        if target is None:
            self.say("no_branch(n)")
        else:
            self._read(theirs, target, variable)

    def _branches(self, union: Union, each: Callable[[Node], None]) -> None:
        self.say("n = b[p]")
        self.say("p += 1")
        for number, branch in enumerate(union.branches):
            self.say(f"{'elif' if number else 'if'} n == {2 * number}:")
            self._indented(lambda branch=branch: each(branch))  # type: ignore[misc]
        self.say("else:")
        self._indented(lambda: self.say("no_branch(n)"))

    def _indented(self, write: Callable[[], object]) -> None:
        self.level += 1
        before = len(self.lines)
        write()
        if len(self.lines) == before:
            self.say("pass")
        self.level -= 1

    def _primitive(self, theirs: Primitive, ours: Primitive, variable: str) -> None:
        made = _MADE.get((ours.name, ours.logical))
        if ours.name == "null":
            self.say(f"{variable} = None")
        elif ours.name in ("int", "long"):
            self._number(theirs, variable)
        else:
            self._size()
            self.say("q = p + n")
            value = "str(b[p:q], 'utf-8')" if ours.name == "string" else "b[p:q]"
            self.say(f"{variable} = {value}")
            self.say("p = q")
        if made is not None:
            self.say(f"{variable} = {made.format(variable)}")

    def _number(self, theirs: Primitive, variable: str) -> None:
        self.say(f"{variable} = b[p]")
        self.say(f"if {variable} < 128:")
        self.say(f"    {variable} = ({variable} >> 1) ^ -({variable} & 1)")
        self.say("    p += 1")
        self.say("else:")
        self.say(f"    {variable}, p = read_{theirs.name}(b, p)")

    def _size(self) -> None:
        # Bit 128 says that more bytes follow, bit 1 that the length is negative.
        self.say("n = b[p]")
        self.say("if n & 129:")
        self.say("    n, p = read_size(b, p)")
        self.say("else:")
        self.say("    n >>= 1")
        self.say("    p += 1")

    def _blocks(self, entry: Callable[[], object]) -> None:
        """Blocks of entries; each nested list needs a count of its own."""
        self.variables += 1
        left = f"c{self.variables}"
        self.say("while True:")
        self.level += 1
        self.say(f"{left}, p = read_long(b, p)")
        self.say(f"if not {left}: break")
        self.say(f"if {left} < 0:")
        self.say(f"    {left} = -{left}")
        self.say("    n, p = read_long(b, p)")
        self.say(f"room[0] -= {left}")
        self.say("if room[0] < 0: too_many()")
        self.say(f"for _ in range({left}):")
        self._indented(entry)
        self.level -= 1

    def _list(self, variable: str, entry: Callable[[], None]) -> None:
        self.say(f"{variable} = []")
        self.say("if b[p] == 0: p += 1")
        self.say("else:")
        outer, self.items = self.items, variable
        self._indented(lambda: self._blocks(entry))
        self.items = outer

    def _append(self, theirs: Node, ours: Node, variable: str) -> None:
        self.variables += 1
        item = f"x{self.variables}"
        self.read(theirs, ours, item)
        self.say(f"{variable}.append({item})")

    def _map(self, variable: str, value: Callable[[str], None]) -> None:
        self.variables += 1
        key, each = f"k{self.variables}", f"x{self.variables}"
        text = Primitive("string")

        def entry() -> None:
            self._primitive(text, text, key)
            value(each)
            self.say(f"{variable}[{key}] = {each}")

        self.say(f"{variable} = {{}}")
        self._blocks(entry)

    def _resolved(self, theirs: Node, ours: Node) -> Node | None:
        """What of the reader's type a value of the writer's type is read as."""
        targets = ours.branches if isinstance(ours, Union) else (ours,)
        exact = (target for target in targets if self._fits(theirs, target, promoted=False))
        near = (target for target in targets if self._fits(theirs, target, promoted=True))
        return next(exact, None) or next(near, None)

    def _fits(self, theirs: Node, ours: Node, *, promoted: bool) -> bool:
        if isinstance(theirs, Primitive) and isinstance(ours, Primitive):
            pair = (theirs.name, ours.name)
            same = theirs.name == ours.name or (promoted and pair in _PROMOTED)
            return same and _same_meaning(theirs, ours)
        if isinstance(theirs, Named) and isinstance(ours, Named):
            them, us = self.plan.writer.named[theirs.name], self.plan.reader.named[ours.name]
            return isinstance(them, Record) and isinstance(us, Record) and same_name(them, us)
        return type(theirs) is type(ours)


def _same_meaning(theirs: Primitive, ours: Primitive) -> bool:
    """A text may stand for a uuid; nothing else may change what its bytes mean."""
    if ours.logical == "decimal":
        return theirs.logical == "decimal" and theirs.scale == ours.scale
    return theirs.logical == ours.logical or (ours.logical == "uuid" and not theirs.logical)


def same_name(theirs: Record, ours: Record) -> bool:
    """Whether two records are one to Avro: by last name, or by an alias of the reader."""
    last = theirs.name.rpartition(".")[2]
    return ours.name.rpartition(".")[2] == last or theirs.name in ours.aliases
