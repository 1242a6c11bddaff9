"""What master data share: aliases with the days they hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from foodtrace.codes import canonical
from foodtrace.effects import AliasFact
from foodtrace.problems import InvalidValue
from foodtrace.text import CODE_LIMIT, checked


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """A code by which something is also known (USCC, licence, GLN, market code), and when."""

    scheme: str
    code: str
    valid_from: date | None = None
    valid_to: date | None = None

    def __post_init__(self) -> None:
        """Raise InvalidValue for a code or a span that can't be."""
        checked(self.scheme, "scheme", CODE_LIMIT)
        checked(self.code, "code", CODE_LIMIT)
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            detail = f"{self.valid_from} .. {self.valid_to}"
            raise InvalidValue("date.impossible", detail, "valid_to")


def alias_facts(subject_kind: str, subject: str, aliases: Iterable[Alias]) -> tuple[AliasFact, ...]:
    """The aliases of a subject as facts, codes in canonical form."""
    return tuple(
        AliasFact(
            0,
            subject_kind,
            canonical(subject),
            a.scheme,
            canonical(a.code),
            a.valid_from,
            a.valid_to,
        )
        for a in aliases
    )


def attributes(**values: str | None) -> tuple[tuple[str, str], ...]:
    """The stated ones as (name, value), in the order of their names."""
    return tuple((name, values[name] or "") for name in sorted(values) if values[name] is not None)
