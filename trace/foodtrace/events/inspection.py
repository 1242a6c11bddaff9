"""Inspection (快检, 检验): of a lot, product, stall or sample; only a confirmed failure condemns."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from foodtrace.effects import Effects, Role
from foodtrace.events import flow
from foodtrace.events.envelope import Envelope
from foodtrace.events.line import Line, check_lines
from foodtrace.events.side import Side
from foodtrace.text import CODE_LIMIT, NAME_LIMIT, checked, optional


class Stage(StrEnum):
    """How far an inspection got; screening suspends, confirmed condemns."""

    SCREENING = "screening"
    CONFIRMED = "confirmed"
    RE_TEST = "re_test"
    FINAL = "final"


class Verdict(StrEnum):
    """What it found."""

    PASSED = "passed"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionResult:
    """One analyte: the value as written, its unit, the limit and the standard that sets it."""

    analyte: str
    value: str | None = None
    unit: str | None = None
    limit: str | None = None
    standard: str | None = None
    verdict: Verdict

    def __post_init__(self) -> None:
        """Raise InvalidValue for texts that can't be."""
        checked(self.analyte, "analyte", NAME_LIMIT)
        for name in ("value", "unit", "limit", "standard"):
            optional(getattr(self, name), name, NAME_LIMIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What was examined at whose place, by which method (rapid, laboratory) and with what verdict."""

    kind: ClassVar[str] = "inspection"

    envelope: Envelope
    holder: Side | None = None
    lines: tuple[Line, ...]
    method: str
    stage: Stage
    verdict: Verdict
    laboratory: str | None = None
    results: tuple[InspectionResult, ...] = ()

    def __post_init__(self) -> None:
        """Raise InvalidValue for an inspection that can't be."""
        checked(self.method, "method", CODE_LIMIT)
        optional(self.laboratory, "laboratory", NAME_LIMIT)
        check_lines(self.lines, self.envelope.business_date)

    @property
    def speakers(self) -> tuple[Side, ...]:
        """In whose name the document may be reported."""
        return () if self.holder is None else (self.holder,)

    def effects(self) -> Effects:
        """It names lots of the holder and moves nothing."""
        cited = Effects(citations=flow.citations(self.envelope))
        if self.holder is None:
            return cited
        return flow.union(*(self._line(self.holder, line) for line in self.lines), cited)

    def _line(self, holder: Side, line: Line) -> Effects:
        lots = flow.taken(holder, line, self.envelope.business_date)
        return Effects(
            claims=(*flow.claims(line, lots, Role.NAMED),), papers=(*flow.papers(line, lots),)
        )
