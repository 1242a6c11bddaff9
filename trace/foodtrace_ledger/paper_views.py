"""Papers of lots as readers answer with them: public ids only, amounts as exact decimals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from foodtrace.papers import Drawn
from foodtrace.quantity import amount_of, unit_of
from foodtrace_ledger.answers import Document, LotView


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperUse:
    """What a paper covers and how much was dealt in under it, all lots together, in `unit`."""

    unit: str
    covered: Decimal
    used: Decimal

    @classmethod
    def of(cls, drawn: Drawn) -> PaperUse:
        """The same in decimals."""
        return cls(
            unit=unit_of(drawn.dimension),
            covered=amount_of(drawn.covered),
            used=amount_of(drawn.used),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperHeld:
    """A paper that a lot has: its own, or inherited from `lot`, where `document` shows it.

    `kind` is the code of the table (null for a kind that isn't listed) and `written` the kind as
    the document names it; `zh` and `en` are its names. `notes` are the operations on the way that
    it passed with a note. `faults` are flags against it; `green` only where its issuer confirmed it
    and nothing speaks against it. `places` counts the lots upstream with which the same is said of
    it. `lot` and `document` are null for who doesn't see them.
    """

    kind: str | None
    zh: str
    en: str
    written: str
    number: str
    issuer: str | None
    issued_on: date | None
    valid_until: date | None
    scope: str | None
    destination: str | None
    use: PaperUse | None
    verification: str
    own: bool
    certain: bool
    notes: tuple[str, ...]
    faults: tuple[str, ...]
    green: bool
    lot: LotView | None
    document: Document | None
    places: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperMissing:
    """A paper that is due: any one of `any_of` (what it proves) would do.

    Nobody showed one with `lot`, or what was done there (`operation`) makes a new one due. `own`:
    the gap is at the lot itself, whose holder may still show it when he sells.
    """

    any_of: tuple[str, ...]
    zh: str
    en: str
    why: str
    operation: str | None
    lot: LotView | None
    own: bool
    certain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LotPapers:
    """All papers of a lot; `due` are the groups of which it needs one each."""

    lot: LotView
    categories: tuple[str, ...]
    due: tuple[tuple[str, ...], ...]
    papers: tuple[PaperHeld, ...]
    missing: tuple[PaperMissing, ...]
