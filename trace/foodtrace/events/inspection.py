"""Inspection (快检, 检验): of a lot, product, stall or sample; only a confirmed failure condemns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from foodtrace.codes import canonical
from foodtrace.effects import Effects, Finding, Role
from foodtrace.events import flow
from foodtrace.events.envelope import Envelope
from foodtrace.events.line import Line, check_lines
from foodtrace.events.side import Side
from foodtrace.lots import LotKey
from foodtrace.problems import InvalidValue
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


class Subject(StrEnum):
    """What was examined: lots of the lines, their product, the whole stall, what a receipt sold, or
    a sample that somebody brought."""

    LOT = "lot"
    PRODUCT = "product"
    LOCATION = "location"
    RECEIPT = "receipt"
    SAMPLE = "sample"


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
    """What was examined at whose place, by which method (rapid, laboratory) and with what verdict.

    `receipt_reference` is the code or number of the receipt, `sample_number` the laboratory's;
    `retest_of` the inspection that this one repeats.
    """

    kind: ClassVar[str] = "inspection"

    envelope: Envelope
    holder: Side | None = None
    lines: tuple[Line, ...]
    method: str
    stage: Stage
    verdict: Verdict
    laboratory: str | None = None
    results: tuple[InspectionResult, ...] = ()
    subject: Subject = Subject.LOT
    receipt_reference: str | None = None
    sample_number: str | None = None
    retest_of: UUID | None = None

    def __post_init__(self) -> None:
        """Raise InvalidValue for an inspection that can't be."""
        checked(self.method, "method", CODE_LIMIT)
        optional(self.laboratory, "laboratory", NAME_LIMIT)
        check_lines(self.lines, self.envelope.business_date)
        optional(self.receipt_reference, "receipt_reference", CODE_LIMIT)
        optional(self.sample_number, "sample_number", CODE_LIMIT)
        self._check_subject()

    def _check_subject(self) -> None:
        """The subject must be there to be found again: where, which receipt, which sample."""
        if self.subject is Subject.LOCATION and not (self.holder and self.holder.location):
            raise InvalidValue("event.missing-field", "which location", "holder.location")
        if self.subject is Subject.RECEIPT and self.receipt_reference is None:
            raise InvalidValue("event.missing-field", "which receipt", "receipt_reference")
        if self.subject is Subject.SAMPLE and self.sample_number is None:
            raise InvalidValue("event.missing-field", "which sample", "sample_number")

    @property
    def speakers(self) -> tuple[Side, ...]:
        """In whose name the document may be reported."""
        return () if self.holder is None else (self.holder,)

    def effects(self) -> Effects:
        """It finds something of its subject, names lots of the holder and moves nothing."""
        cited = Effects(citations=flow.citations(self.envelope))
        about = Effects(findings=tuple(self._findings()))
        if self.holder is None:
            return flow.union(about, cited)
        return flow.union(*(self._line(self.holder, line) for line in self.lines), about, cited)

    def _line(self, holder: Side, line: Line) -> Effects:
        lots = flow.taken(holder, line, self.envelope.business_date)
        return Effects(
            claims=(*flow.claims(line, lots, Role.NAMED),), papers=(*flow.papers(line, lots),)
        )

    def _findings(self) -> Iterator[Finding]:
        for line in self.lines:
            if self.subject is not Subject.LOT:
                yield self._finding(line, self._named(line), None)
            elif self.holder is not None:
                for item in flow.taken(self.holder, line, self.envelope.business_date):
                    yield self._finding(line, item.lot.code, item.lot)

    def _named(self, line: Line) -> str:
        """The canonical code of a subject that isn't a lot."""
        if self.subject is Subject.LOCATION:
            return self.holder.place if self.holder else ""
        codes = {
            Subject.PRODUCT: line.product.key,
            Subject.RECEIPT: self.receipt_reference,
            Subject.SAMPLE: self.sample_number,
        }
        return canonical(codes[self.subject] or "")

    def _finding(self, line: Line, subject: str, lot: LotKey | None) -> Finding:
        return Finding(
            line=line.line_no,
            subject_kind=self.subject,
            subject=subject,
            lot=lot,
            holder=self.holder.holder if self.holder else "",
            location=self.holder.place if self.holder else "",
            method=self.method,
            stage=self.stage,
            verdict=self.verdict,
            laboratory=self.laboratory,
            retest_of=self.retest_of,
        )
