"""What a stack tells while it starts and runs; the command shows it, tests may listen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from foodtrace_deploy.stack.part import PartReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A sentence of the catalogue with its fields."""

    key: str
    fields: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A download goes on: bytes so far and bytes in all, about; equal only when it has ended."""

    done: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A part has another stage."""

    report: PartReport


Notice = Said | Fetched | Changed
#: Called from several threads; must not block for long.
Tell = Callable[[Notice], None]


def quiet(_notice: Notice) -> None:
    """Tell nobody."""
