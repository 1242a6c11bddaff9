"""Which schemas may stand beside each other, and what is said of those that may not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from itertools import combinations, count
from typing import Any

import avro.schema
import pytest
from avro.compatibility import ReaderWriterCompatibilityChecker, SchemaCompatibilityType
from hypothesis import event, given, settings
from hypothesis import strategies as st

from foodtrace.events import KINDS
from foodtrace_schemas.avro_model import Schema, parse
from foodtrace_schemas.codec import form_of
from foodtrace_schemas.compatibility import Level, check, unreadable
from foodtrace_schemas.contracts import schema_text, versions_of


def record(*fields: dict[str, Any], name: str = "R") -> Schema:
    return parse(json.dumps({"type": "record", "name": name, "fields": list(fields)}))


def field(name: str, kind: Any, **more: Any) -> dict[str, Any]:
    return {"name": name, "type": kind, **more}


A = field("a", "string")
B_OPTIONAL = field("b", ["null", "int"], default=None)
B_REQUIRED = field("b", "int")


@pytest.mark.parametrize("kind", KINDS)
def test_all_committed_versions_of_a_kind_read_each_other(kind: str) -> None:
    texts = [(version, schema_text(kind, version)) for version in versions_of(kind)]
    for newest in range(1, len(texts) + 1):
        *earlier, (_, new) = texts[:newest]
        before = [(version, parse(text)) for version, text in earlier]
        assert check(Level.FULL_TRANSITIVE, parse(new), before) == ()
    for (_, one), (_, other) in combinations(texts, 2):
        assert unreadable(parse(one), parse(other)) == unreadable(parse(other), parse(one)) == ()


@pytest.mark.parametrize("kind", KINDS)
def test_every_committed_version_is_read_by_the_codec(kind: str) -> None:
    for version in versions_of(kind):
        assert form_of(schema_text(kind, version)).kind == kind


@pytest.mark.parametrize(
    ("reader", "writer", "said"),
    [
        (record(A, B_OPTIONAL), record(A), ()),
        (record(A), record(A, B_REQUIRED), ()),
        (
            record(A, B_REQUIRED),
            record(A),
            ("b is required by the reader, without default, and never written",),
        ),
        (
            record(field("a", "int")),
            record(A),
            ("a is int to the reader and string to the writer",),
        ),
        (record(field("a", "long")), record(field("a", "int")), ()),
        (record(field("a", "string")), record(field("a", "bytes")), ()),
        (
            record(field("a", {"type": "bytes", "logicalType": "decimal", "precision": 9})),
            record(field("a", "bytes")),
            ("a is bytes decimal(9,0) to the reader and bytes to the writer",),
        ),
        (
            record(field("a", {"type": "long", "logicalType": "timestamp-micros"})),
            record(field("a", {"type": "long", "logicalType": "timestamp-millis"})),
            ("a is long timestamp-micros to the reader and long timestamp-millis to the writer",),
        ),
        (
            record(field("a", "string")),
            record(field("a", {"type": "string", "logicalType": "uuid"})),
            (),
        ),
        (record(field("z", "string", aliases=["a"])), record(A), ()),
        (record(A, name="S"), record(A), ("it is S to the reader and R to the writer",)),
        (
            record(field("a", "string")),
            record(B_OPTIONAL, field("a", ["null", "string"], default=None)),
            ("a is string to the reader and null to the writer",),
        ),
        (
            record(field("a", {"type": "array", "items": "int"})),
            record(field("a", {"type": "array", "items": "string"})),
            ("a[] is int to the reader and string to the writer",),
        ),
        (
            record(field("a", {"type": "map", "values": "int"})),
            record(field("a", {"type": "map", "values": ["int", "null"]})),
            ("a{} is int to the reader and null to the writer",),
        ),
        (
            record(field("a", {"type": "enum", "name": "E", "symbols": ["x"]})),
            record(field("a", {"type": "enum", "name": "E", "symbols": ["x", "y"]})),
            ("a may be y, which the reader doesn't know",),
        ),
        (
            record(field("a", {"type": "fixed", "name": "F", "size": 2})),
            record(field("a", {"type": "fixed", "name": "F", "size": 3})),
            ("a has 2 bytes to the reader, 3 to the writer",),
        ),
    ],
)
def test_what_breaks_is_named(reader: Schema, writer: Schema, said: tuple[str, ...]) -> None:
    assert unreadable(reader, writer) == said


def test_a_field_deep_inside_is_named_by_its_way() -> None:
    def without_default(raw: dict[str, Any]) -> Schema:
        envelope = raw["fields"][0]["type"]
        envelope["fields"].append({"name": "city", "type": "string"})
        return parse(json.dumps(raw))

    ours = parse(schema_text("trade"))
    new = without_default(json.loads(schema_text("trade")))
    assert unreadable(ours, new) == ()
    assert unreadable(new, ours) == (
        "envelope.city is required by the reader, without default, and never written",
    )


def test_a_schema_that_holds_itself_ends() -> None:
    def tree(kind: str) -> Schema:
        inner = field("next", ["null", "R"], default=None)
        return record(field("a", kind), inner)

    assert unreadable(tree("int"), tree("int")) == ()
    assert unreadable(tree("int"), tree("string")) == (
        "a is int to the reader and string to the writer",
    )


V1, V2, V3 = record(A), record(A, B_OPTIONAL), record(A, B_REQUIRED)


@pytest.mark.parametrize(
    ("level", "new", "earlier", "directions"),
    [
        (Level.NONE, V3, [(1, V1)], []),
        (Level.BACKWARD, V3, [(1, V1)], ["can't read version 1"]),
        (Level.FORWARD, V3, [(1, V1)], []),
        (Level.FORWARD, V1, [(1, V3)], ["version 1 can't read it"]),
        (Level.BACKWARD, V1, [(1, V3)], []),
        (Level.FULL, V3, [(1, V1)], ["can't read version 1"]),
        (Level.FULL, V2, [(1, V1)], []),
        (Level.BACKWARD, V3, [(1, V1), (2, V3)], []),
        (Level.BACKWARD_TRANSITIVE, V3, [(1, V1), (2, V3)], ["can't read version 1"]),
        (Level.FORWARD_TRANSITIVE, V1, [(1, V3), (2, V1)], ["version 1 can't read it"]),
        (
            Level.FULL_TRANSITIVE,
            V3,
            [(1, V1), (2, V2)],
            ["can't read version 2", "can't read version 1"],
        ),
        (Level.FULL_TRANSITIVE, V3, [], []),
    ],
)
def test_levels_look_where_they_say(
    level: Level, new: Schema, earlier: list[tuple[int, Schema]], directions: list[str]
) -> None:
    said = check(level, new, earlier)
    assert [each.partition(":")[0] for each in said] == directions


# --- Apache's own checker as yardstick ------------------------------------------------------------

PRIMITIVES = ["null", "boolean", "int", "long", "float", "double", "bytes", "string"]


@st.composite
def raw_schemas(draw: st.DrawFn) -> Any:
    return _Drawing(draw).record(3)


class _Drawing:
    """A schema as it is drawn; every name is used once."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.names = count()

    def node(self, depth: int) -> Any:
        makers: list[Callable[[int], Any]] = [self.primitive] * 3
        if depth:
            makers += [self.array, self.map, self.union, self.record, self.enum, self.fixed]
        return self.draw(st.sampled_from(makers))(depth - 1)

    def primitive(self, _depth: int) -> Any:
        return self.draw(st.sampled_from(PRIMITIVES))

    def array(self, depth: int) -> Any:
        return {"type": "array", "items": self.node(depth)}

    def map(self, depth: int) -> Any:
        return {"type": "map", "values": self.node(depth)}

    def union(self, depth: int) -> Any:
        inner = self.node(depth)
        return inner if inner == "null" or isinstance(inner, list) else ["null", inner]

    def enum(self, _depth: int) -> Any:
        return {"type": "enum", "name": f"N{next(self.names)}", "symbols": symbols(self.draw)}

    def fixed(self, _depth: int) -> Any:
        size = self.draw(st.integers(1, 3))
        return {"type": "fixed", "name": f"N{next(self.names)}", "size": size}

    def record(self, depth: int) -> Any:
        name = f"N{next(self.names)}"
        fields = []
        for each in self.draw(st.lists(st.sampled_from("abc"), max_size=3, unique=True)):
            optional = self.draw(st.booleans())
            kind = ["null", "int"] if optional else self.node(depth)
            fields.append(field(each, kind, **({"default": None} if optional else {})))
        return {"type": "record", "name": name, "fields": fields}


def symbols(draw: st.DrawFn) -> list[str]:
    return draw(st.lists(st.sampled_from("XYZ"), min_size=1, unique=True))


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Any, Any]:
    """Two schemas: unrelated ones are seldom compatible, so mostly one with a few changes."""
    one = draw(raw_schemas())
    if draw(st.integers(0, 3)) == 0:
        return one, draw(raw_schemas())
    other = deepcopy(one)
    for _ in range(draw(st.integers(0, 3))):
        spots = list(_spots(other))
        if not spots:
            break
        change(draw, draw(st.sampled_from(spots)))
    return one, other


def _spots(raw: Any) -> Iterator[dict[str, Any]]:
    """Everything in a schema that can be changed in place."""
    if isinstance(raw, list):
        for branch in raw:
            yield from _spots(branch)
    elif isinstance(raw, dict):
        yield raw
        for each in raw.get("fields", ()):
            yield from _spots(each["type"])
        for inner in ("items", "values"):
            yield from _spots(raw.get(inner))


def change(draw: st.DrawFn, spot: dict[str, Any]) -> None:
    primitive = draw(st.sampled_from(PRIMITIVES))
    if spot["type"] == "record" and spot["fields"] and draw(st.booleans()):
        chosen = draw(st.sampled_from(spot["fields"]))
        if draw(st.booleans()):
            spot["fields"].remove(chosen)
        else:
            chosen.pop("default", None)
            chosen["type"] = primitive
    elif spot["type"] == "record":
        more = {"default": None} if draw(st.booleans()) else {}
        kind: Any = ["null", "string"] if more else primitive
        if all(each["name"] != "n" for each in spot["fields"]):
            spot["fields"].append(field("n", kind, **more))
    elif spot["type"] == "enum":
        spot["symbols"] = symbols(draw)
    elif spot["type"] == "fixed":
        spot["size"] = draw(st.integers(1, 3))
    else:
        spot["items" if spot["type"] == "array" else "values"] = primitive


@settings(max_examples=300)
@given(pairs())
def test_apaches_checker_agrees(pair: tuple[Any, Any]) -> None:
    texts = [json.dumps(each) for each in pair]
    theirs = [avro.schema.parse(text) for text in texts]
    ours = [parse(text) for text in texts]
    for reader, writer in ((0, 1), (1, 0)):
        checker = ReaderWriterCompatibilityChecker()  # type: ignore[no-untyped-call]
        verdict = checker.get_compatibility(theirs[reader], theirs[writer])
        event(str(verdict.compatibility))
        compatible = verdict.compatibility is SchemaCompatibilityType.compatible
        assert (unreadable(ours[reader], ours[writer]) == ()) == compatible, texts
