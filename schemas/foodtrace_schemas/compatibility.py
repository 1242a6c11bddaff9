"""May one Avro schema stand beside another? Avro's resolution rules, with the field that breaks them.

Stricter than Confluent's checker in one point: a logical type is part of the type. Bytes that were
written as milliseconds and are read as microseconds resolve, and mean another year.
No maintained library on the index has these rules but Apache's `avro`, which names no fields and
keeps no messages apart; the tests hold this one to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from foodtrace_schemas.avro_model import (
    Array,
    Enum,
    Field,
    Fixed,
    MapOf,
    Named,
    Node,
    Primitive,
    Record,
    Schema,
    Union,
)

_WIDENED = {
    "int": {"long", "float", "double"},
    "long": {"float", "double"},
    "float": {"double"},
    "string": {"bytes"},
    "bytes": {"string"},
}


class Level(StrEnum):
    """Who may be upgraded first: BACKWARD the readers, FORWARD the writers, FULL either.

    TRANSITIVE looks at every earlier version, the others at the latest one.
    """

    NONE = "NONE"
    BACKWARD = "BACKWARD"
    BACKWARD_TRANSITIVE = "BACKWARD_TRANSITIVE"
    FORWARD = "FORWARD"
    FORWARD_TRANSITIVE = "FORWARD_TRANSITIVE"
    FULL = "FULL"
    FULL_TRANSITIVE = "FULL_TRANSITIVE"

    @property
    def transitive(self) -> bool:
        """Whether all earlier versions count."""
        return self.endswith("_TRANSITIVE")

    @property
    def backward(self) -> bool:
        """Whether the new schema has to read what earlier ones wrote."""
        return self.startswith(("BACKWARD", "FULL"))

    @property
    def forward(self) -> bool:
        """Whether earlier schemas have to read what the new one writes."""
        return self.startswith(("FORWARD", "FULL"))


def check(level: Level, new: Schema, earlier: Sequence[tuple[int, Schema]]) -> tuple[str, ...]:
    """What keeps `new` from following the `earlier` versions (number, schema), oldest first.

    Empty when nothing does. Each message names the version, the direction and the field.
    """
    looked_at = earlier if level.transitive else earlier[-1:]
    said: list[str] = []
    for version, old in reversed(looked_at):
        if level.backward:
            said += (f"can't read version {version}: {why}" for why in unreadable(new, old))
        if level.forward:
            said += (f"version {version} can't read it: {why}" for why in unreadable(old, new))
    return tuple(said)


def unreadable(reader: Schema, writer: Schema) -> tuple[str, ...]:
    """Why the reader can't read all that the writer may write; empty when it can."""
    return tuple(_Comparison(reader, writer).clashes(reader.root, writer.root, ""))


@dataclass(slots=True)
class _Comparison:
    reader: Schema
    writer: Schema
    # Pairs of names that were compared, or are being: a schema may hold itself.
    seen: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    def clashes(self, ours: Node, theirs: Node, path: str) -> Iterator[str]:
        if isinstance(theirs, Union):
            for branch in theirs.branches:
                yield from self.clashes(ours, branch, path)
        elif isinstance(ours, Union):
            yield from self._any_branch(ours, theirs, path)
        elif isinstance(ours, Array) and isinstance(theirs, Array):
            yield from self.clashes(ours.items, theirs.items, f"{path}[]")
        elif isinstance(ours, MapOf) and isinstance(theirs, MapOf):
            yield from self.clashes(ours.values, theirs.values, f"{path}{{}}")
        elif isinstance(ours, Named) and isinstance(theirs, Named):
            yield from self._named(ours, theirs, path)
        elif not _reads(ours, theirs):
            yield f"{path or 'it'} is {ours} to the reader and {theirs} to the writer"

    def _any_branch(self, ours: Union, theirs: Node, path: str) -> Iterator[str]:
        tried = [list(self.clashes(branch, theirs, path)) for branch in ours.branches]
        if all(tried):
            # A record whose fields clash says more than "none of these".
            near = [
                found
                for branch, found in zip(ours.branches, tried, strict=True)
                if isinstance(branch, Named) and isinstance(theirs, Named)
            ]
            yield from (
                near[0]
                if len(near) == 1
                else (f"{path or 'it'} is {ours} to the reader and {theirs} to the writer",)
            )

    def _named(self, ours: Named, theirs: Named, path: str) -> Iterator[str]:
        us, them = self.reader.named[ours.name], self.writer.named[theirs.name]
        if type(us) is not type(them) or not _same_name(us, them):
            yield f"{path or 'it'} is {ours} to the reader and {theirs} to the writer"
            return
        if isinstance(us, Record) and isinstance(them, Record):
            yield from self._records(us, them, path)
        elif isinstance(us, Enum) and isinstance(them, Enum):
            yield from _symbols(us, them, path)
        elif isinstance(us, Fixed) and isinstance(them, Fixed):
            mine, yours = (us.size, us.logical, us.scale), (them.size, them.logical, them.scale)
            if mine != yours:
                yield f"{path or 'it'} has {us.size} bytes to the reader, {them.size} to the writer"

    def _records(self, ours: Record, theirs: Record, path: str) -> Iterator[str]:
        key = (ours.name, theirs.name)
        if key not in self.seen:
            self.seen[key] = ()
            self.seen[key] = tuple(self._fields(ours, theirs))
        for clash in self.seen[key]:
            yield f"{path}.{clash}" if path else clash

    def _fields(self, ours: Record, theirs: Record) -> Iterator[str]:
        written = {each.name: each.type for each in theirs.fields}
        for each in ours.fields:
            found = next((name for name in (each.name, *each.aliases) if name in written), None)
            if found is not None:
                yield from self.clashes(each.type, written[found], each.name)
            elif not self._stands_in(each):
                yield f"{each.name} is required by the reader, without default, and never written"

    def _stands_in(self, ours: Field) -> bool:
        return ours.has_default


def _reads(ours: Node, theirs: Node) -> bool:
    if not isinstance(ours, Primitive) or not isinstance(theirs, Primitive):
        return False
    if ours.name == theirs.name:
        return _meaning(ours) == _meaning(theirs)
    widened = ours.name in _WIDENED.get(theirs.name, ())
    return widened and not ours.logical and not theirs.logical


def _meaning(node: Primitive) -> tuple[str, int]:
    # A text that says it is a uuid is a text to everybody.
    return ("" if node.logical == "uuid" else node.logical, node.scale)


def _same_name(ours: Record | Enum | Fixed, theirs: Record | Enum | Fixed) -> bool:
    last = theirs.name.rpartition(".")[2]
    return ours.name.rpartition(".")[2] == last or theirs.name in ours.aliases


def _symbols(ours: Enum, theirs: Enum, path: str) -> Iterable[str]:
    unknown = [symbol for symbol in theirs.symbols if symbol not in ours.symbols]
    if unknown and ours.default is None:
        yield f"{path or 'it'} may be {', '.join(unknown)}, which the reader doesn't know"
