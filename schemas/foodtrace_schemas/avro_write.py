"""Events to Avro bytes: one Python function per record, written out for our latest contracts.

Fields are taken from the event by name, so what a contract has and the domain lacks fails at the
first event of that kind; a test compares both beforehand. Measured against
`fastavro.schemaless_writer`, which first needs the event as dicts: see tests/bench/bench_codec.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from foodtrace_schemas.avro_bytes import (
    day_bytes,
    decimal_bytes,
    int_bytes,
    long_bytes,
    moment_bytes,
    text_bytes,
)
from foodtrace_schemas.avro_model import Array, MapOf, Named, Node, Primitive, Record, Schema, Union

Writer = Callable[[Any], bytes]

_MADE = {
    ("string", ""): "text_bytes({})",
    ("string", "uuid"): "text_bytes(str({}))",
    ("int", ""): "int_bytes({})",
    ("int", "date"): "day_bytes({})",
    ("long", ""): "long_bytes({})",
    ("long", "timestamp-micros"): "moment_bytes({})",
    ("bytes", "decimal"): "decimal_bytes({})",
}
_TOOLS = {
    "text_bytes": text_bytes,
    "int_bytes": int_bytes,
    "long_bytes": long_bytes,
    "day_bytes": day_bytes,
    "moment_bytes": moment_bytes,
    "decimal_bytes": decimal_bytes,
}


def compile_writer(schema: Schema) -> Writer:
    """A function from an event to its Avro bytes.

    It raises InvalidValue for a text, number or decimal that the contract can't hold exactly.
    Raises ValueError for a schema with types that no contract of ours uses.
    """
    plan = _Plan(schema)
    top = plan.function_of(schema.root)
    space: dict[str, Any] = dict(_TOOLS)
    exec(compile("\n".join(plan.lines), "<avro writer>", "exec"), space)
    write_top: Callable[[Any, Callable[[bytes], None]], None] = space[top]

    def write(event: Any) -> bytes:
        parts: list[bytes] = []
        write_top(event, parts.append)
        return b"".join(parts)

    return write


@dataclass(slots=True)
class _Plan:
    schema: Schema
    lines: list[str] = field(default_factory=list)
    made: dict[str, str] = field(default_factory=dict)

    def function_of(self, node: Node) -> str:
        """The name of the function that writes a record."""
        record = self.schema.named[node.name] if isinstance(node, Named) else None
        if not isinstance(record, Record):
            raise ValueError(f"{node} is no record")
        if record.name not in self.made:
            self.made[record.name] = name = f"write_{len(self.made)}"
            lines = [f"def {name}(o, a):"]
            for number, each in enumerate(record.fields):
                lines.append(f"    v{number} = o.{each.name}")
                lines += self._value(each.type, f"v{number}", 1)
            self.lines += lines
        return self.made[record.name]

    def _value(self, node: Node, value: str, level: int) -> list[str]:
        pad = "    " * level
        if isinstance(node, Union):
            return self._optional(node, value, level)
        if isinstance(node, Named):
            return [f"{pad}{self.function_of(node)}({value}, a)"]
        if isinstance(node, Primitive):
            return [f"{pad}a({_MADE[node.name, node.logical].format(value)})"]
        return self._entries(node, value, level)

    def _optional(self, node: Union, value: str, level: int) -> list[str]:
        null, other = node.branches
        if null != Primitive("null"):
            raise ValueError(f"{node}: an optional field is null or one type")
        pad = "    " * level
        return [
            f"{pad}if {value} is None: a(b'\\0')",
            f"{pad}else:",
            f"{pad}    a(b'\\2')",
            *self._value(other, value, level + 1),
        ]

    def _entries(self, node: Array | MapOf, value: str, level: int) -> list[str]:
        pad, item, key = "    " * level, f"{value}i", f"{value}k"
        names = f"{key}, {item}" if isinstance(node, MapOf) else item
        entry = self._value(node.values if isinstance(node, MapOf) else node.items, item, level + 2)
        if isinstance(node, MapOf):
            entry.insert(0, f"{pad}        a(text_bytes({key}))")
        return [
            f"{pad}if {value}:",
            f"{pad}    a(long_bytes(len({value})))",
            f"{pad}    for {names} in {value}{'.items()' if isinstance(node, MapOf) else ''}:",
            *entry,
            f"{pad}a(b'\\0')",
        ]
