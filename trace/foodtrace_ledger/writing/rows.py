"""The rows of what is said of lots: claims, links, movements, sales, papers, counts, findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from foodtrace.effects import Claim, Role
from foodtrace.stock import DRAWN_FROM
from foodtrace_ledger.hashing import number
from foodtrace_ledger.writing import rows_beside
from foodtrace_ledger.writing.columns import Row
from foodtrace_ledger.writing.meetings import numbered
from foodtrace_ledger.writing.spoken import Ids, Spoken

_COMES_IN = (Role.OPENED, Role.ORIGIN)


def _claims(spoken: Spoken, ids: Ids) -> Iterator[Row]:
    day = spoken.event.envelope.business_date
    for f in spoken.effects.claims:
        yield (
            *spoken.at,
            f.line,
            ids.lots[f.lot],
            f.role,
            None if f.batch is None else ids.batches[f.batch],
            f.product_name,
            f.production_date,
            f.expiry_date,
            f.basis,
            f.state,
            day,
            f.product,
            f.category,
            f.owner,
            _stock(f),
        )


def _stock(claim: Claim) -> int | None:
    """The stock that a delivery may be drawn from without a code."""
    if claim.role in _COMES_IN and claim.lot.kind in DRAWN_FROM:
        return number(claim.lot.holder, claim.lot.location, claim.product)
    return None


def _links(spoken: Spoken, ids: Ids) -> Iterator[Row]:
    event, lots = spoken.at[0], ids.lots
    for f in spoken.effects.links:
        yield (lots[f.parent], lots[f.child], event, f.line, f.basis)


def _movements(spoken: Spoken, ids: Ids) -> Iterator[Row]:
    meeting, told = numbered(spoken.event) or (None, None)
    day = spoken.event.envelope.business_date
    for f in spoken.effects.movements:
        goods = (None, None) if meeting is None else (f.product, f.batch)
        size = (f.direction, f.dimension, f.amount)
        yield (ids.lots[f.lot], *spoken.at, f.line, day, *size, meeting, told, *goods)


def _papers(spoken: Spoken, ids: Ids) -> Iterator[Row]:
    day = spoken.event.envelope.business_date
    for f in spoken.effects.papers:
        yield (
            *(ids.lots[f.lot], *spoken.at, f.line, f.kind, f.number, f.issuer, f.valid_until),
            *(f.verification, day, f.issued_on, f.scope, f.destination),
            *(f.covered or (None, None)),
        )


def _retail(spoken: Spoken, ids: Ids) -> Iterator[Row]:
    day = spoken.event.envelope.business_date
    for f in spoken.effects.retail:
        yield (*spoken.at, f.line, ids.lots[f.lot], day, f.dimension, f.amount, f.basis)


def _counts(spoken: Spoken, ids: Ids) -> Iterator[Row]:
    day = spoken.event.envelope.business_date
    for f in spoken.effects.counts:
        yield (*spoken.at, f.line, ids.lots[f.lot], day, f.dimension, f.amount)


def _findings(spoken: Spoken, ids: Ids) -> Iterator[Row]:
    day = spoken.event.envelope.business_date
    for f in spoken.effects.findings:
        lot = None if f.lot is None else ids.lots[f.lot]
        retest_of = None if f.retest_of is None else f.retest_of.hex
        yield (
            *(*spoken.at, f.line, day, f.subject_kind, f.subject, lot, f.holder, f.location),
            *(f.method, f.stage, f.verdict, f.laboratory, retest_of),
        )


MAKERS: dict[str, Callable[[Spoken, Ids], Iterable[Row]]] = {
    "claim": _claims,
    "link": _links,
    "movement": _movements,
    "paper": _papers,
    "retail_line": _retail,
    "counted": _counts,
    "finding": _findings,
    **rows_beside.MAKERS,
}
