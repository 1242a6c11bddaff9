"""Confluent's own shapes, by their names; members that aren't known are passed over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaWanted:
    """A schema to register, look up or compare."""

    schema: str
    schemaType: str | None = None
    references: list[Any] | None = None

    @property
    def type(self) -> str:
        """Avro where nothing is said."""
        return self.schemaType or "AVRO"

    @property
    def refers_to(self) -> int:
        """How many other schemas it refers to."""
        return len(self.references or ())


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelWanted:
    """A compatibility level."""

    compatibility: str
