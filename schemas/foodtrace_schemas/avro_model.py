"""Avro schemas as values: what the compatibility rules walk over.

fastavro decides what is a schema at all; here it only gets types and full names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import fastavro.schema

from foodtrace.problems import InvalidValue

#: Longer texts are no schema of a document; parsing them would only cost.
MAX_SCHEMA_TEXT = 512 * 1024

_PRIMITIVES = frozenset(("null", "boolean", "int", "long", "float", "double", "bytes", "string"))
_ORDER = ("type", "name", "namespace", "doc", "logicalType", "precision", "scale", "size")
_LAST = ("items", "values", "symbols", "fields", "default", "aliases", "order")


@dataclass(frozen=True, slots=True)
class Primitive:
    """A plain type with its logical type, "" where it has none."""

    name: str
    logical: str = ""
    precision: int = 0
    scale: int = 0

    def __str__(self) -> str:
        scale = f"({self.precision},{self.scale})" if self.logical == "decimal" else ""
        return f"{self.name} {self.logical}{scale}".strip()


@dataclass(frozen=True, slots=True)
class Array:
    """Items of one type."""

    items: Node

    def __str__(self) -> str:
        return f"array of {self.items}"


@dataclass(frozen=True, slots=True)
class MapOf:
    """Texts to values of one type."""

    values: Node

    def __str__(self) -> str:
        return f"map of {self.values}"


@dataclass(frozen=True, slots=True)
class Union:
    """One of several types, told apart by number."""

    branches: tuple[Node, ...]

    def __str__(self) -> str:
        return f"union of {', '.join(map(str, self.branches))}"


@dataclass(frozen=True, slots=True)
class Named:
    """A record, enum or fixed by its full name; `Schema.named` has it, so that cycles end."""

    name: str

    def __str__(self) -> str:
        return self.name


Node = Primitive | Array | MapOf | Union | Named


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record; `default` counts only where `has_default`."""

    name: str
    type: Node
    has_default: bool
    default: Any
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """A record by its full name."""

    name: str
    fields: tuple[Field, ...]
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Enum:
    """A closed list."""

    name: str
    symbols: tuple[str, ...]
    default: str | None
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fixed:
    """A number of bytes."""

    name: str
    size: int
    logical: str
    precision: int
    scale: int
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Schema:
    """A whole schema: its outermost type, and what its names stand for."""

    root: Node
    named: Mapping[str, Record | Enum | Fixed]

    @property
    def name(self) -> str | None:
        """The full name of the outermost type, if it has one."""
        return self.root.name if isinstance(self.root, Named) else None


def parse(text: str) -> Schema:
    """The schema that a text states; raises InvalidValue `registry.invalid-schema`."""
    return _parse(loads(text))


def loads(text: str) -> Any:
    """The JSON of a schema's text, not yet checked; raises InvalidValue."""
    if len(text) > MAX_SCHEMA_TEXT:
        raise InvalidValue("registry.invalid-schema", f"{len(text)} characters", "schema")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidValue("registry.invalid-schema", f"no JSON: {error}", "schema") from error


def normal_text(schema: Any) -> str:
    """The text in which two schemas are one: no blanks, attributes in one order.

    Unlike Avro's parsing form it keeps docs, defaults and logical types: they are part of what a
    version says, and defaults decide how old records are read.
    """
    return json.dumps(_ordered(schema), ensure_ascii=False, separators=(",", ":"))


_PLACES = {name: place for place, name in enumerate(_ORDER)}
_PLACES |= {name: 100 + place for place, name in enumerate(_LAST)}


def _ordered(value: Any) -> Any:
    if isinstance(value, list):
        return [_ordered(item) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"type"}:
        return _ordered(value["type"])
    names = sorted(value, key=lambda name: (_PLACES.get(name, 50), name))
    return {name: _ordered(value[name]) for name in names}


def _parse(raw: Any) -> Schema:
    try:
        _check_fields(raw)
        parsed = fastavro.schema.parse_schema(raw, _write_hint=False)
    # fastavro answers to what isn't a schema with whatever it stumbles over.
    except Exception as error:
        raise InvalidValue("registry.invalid-schema", _said(error), "schema") from error
    reading = _Reading()
    try:
        root = reading.node(parsed)
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise InvalidValue("registry.invalid-schema", _said(error), "schema") from error
    return Schema(root, reading.named)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]


@dataclass(slots=True)
class _Reading:
    named: dict[str, Record | Enum | Fixed] = field(default_factory=dict)

    def node(self, raw: Any) -> Node:
        if isinstance(raw, list):
            return _union(tuple(self.node(branch) for branch in raw))
        if isinstance(raw, str):
            return Primitive(raw) if raw in _PRIMITIVES else Named(raw)
        kind = raw["type"]
        if kind == "array":
            return Array(self.node(raw["items"]))
        if kind == "map":
            return MapOf(self.node(raw["values"]))
        if kind in ("record", "error"):
            return self._record(raw)
        if kind in ("enum", "fixed"):
            self.named[raw["name"]] = _enum(raw) if kind == "enum" else _fixed(raw)
            return Named(raw["name"])
        if isinstance(kind, str) and kind in _PRIMITIVES:
            return Primitive(kind, *_logical(raw))
        return self.node(kind)

    def _record(self, raw: Mapping[str, Any]) -> Named:
        name = raw["name"]
        fields = tuple(
            Field(
                each["name"],
                self.node(each["type"]),
                "default" in each,
                each.get("default"),
                tuple(each.get("aliases", ())),
            )
            for each in raw["fields"]
        )
        _check_names(name, *(each.name for each in fields))
        self.named[name] = Record(name, fields, _aliases(raw))
        return Named(name)


# What fastavro lets pass and other implementations of Avro refuse.
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*", re.ASCII)


def _check_fields(raw: Any) -> None:
    if isinstance(raw, list):
        for branch in raw:
            _check_fields(branch)
    elif isinstance(raw, dict):
        if raw.get("type") in ("record", "error"):
            for each in raw["fields"]:
                _check_fields(each["type"])
        for inner in ("type", "items", "values"):
            _check_fields(raw.get(inner))


def _check_names(*names: str) -> None:
    for name in names:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name")


def _union(branches: tuple[Node, ...]) -> Union:
    kinds = [
        branch.name if isinstance(branch, Primitive | Named) else type(branch).__name__
        for branch in branches
    ]
    if not kinds or "Union" in kinds or len(set(kinds)) < len(kinds):
        raise ValueError(f"no union of {', '.join(kinds) or 'nothing'}")
    return Union(branches)


def _enum(raw: Mapping[str, Any]) -> Enum:
    return Enum(raw["name"], tuple(raw["symbols"]), raw.get("default"), _aliases(raw))


def _fixed(raw: Mapping[str, Any]) -> Fixed:
    return Fixed(raw["name"], int(raw["size"]), *_logical(raw), _aliases(raw))


def _aliases(raw: Mapping[str, Any]) -> tuple[str, ...]:
    space = raw["name"].rpartition(".")[0]
    return tuple(
        alias if "." in alias or not space else f"{space}.{alias}"
        for alias in raw.get("aliases", ())
    )


def _logical(raw: Mapping[str, Any]) -> tuple[str, int, int]:
    return (
        str(raw.get("logicalType", "")),
        int(raw.get("precision", 0)),
        int(raw.get("scale", 0)),
    )
