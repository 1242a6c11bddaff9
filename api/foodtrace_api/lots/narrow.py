"""Candidates of a code, narrowed to what is asked for and to what the caller sees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from foodtrace.codes import canonical
from foodtrace_api.lots.seen import Eyes
from foodtrace_ledger import parties
from foodtrace_ledger.answers import LotView
from foodtrace_ledger.batches import LOTS_SHOWN, BatchCandidate
from foodtrace_ledger.traces import TraceCandidate


def batches_seen(eyes: Eyes, candidates: Sequence[BatchCandidate]) -> list[BatchCandidate]:
    """The batches of which some lot is seen, with those lots alone."""
    keys = {
        each.batch.batch_id: [each.batch.batch_id, *(other.batch_id for other in each.others)]
        for each in candidates
    }
    seen = eyes.of_batches([key for group in keys.values() for key in group])
    narrowed = []
    for each in candidates:
        groups = (seen.get(key, []) for key in keys[each.batch.batch_id])
        lots = _once(lot for group in groups for lot in group)
        if lots:
            narrowed.append(
                replace(
                    each,
                    lots=tuple(lots[:LOTS_SHOWN]),
                    lot_count=len(lots),
                    holders=len({(lot.holder, lot.location) for lot in lots}),
                )
            )
    return narrowed


def traces_seen(eyes: Eyes, candidates: Sequence[TraceCandidate]) -> list[TraceCandidate]:
    """The goods under trace codes of which some lot is seen, with those lots alone."""
    return [
        each
        for code in dict.fromkeys(each.code for each in candidates)
        for each in _of_one_code(eyes, code, [e for e in candidates if e.code == code])
    ]


def _of_one_code(
    eyes: Eyes, code: str, candidates: Sequence[TraceCandidate]
) -> list[TraceCandidate]:
    lots = eyes.of_code(code)
    named = [{lot.lot_id for lot in each.lots} for each in candidates]
    shares = [[lot for lot in lots if lot.lot_id in names] for names in named]
    # Goods in over LOTS_SHOWN hands name only the first; what they don't name is told apart.
    largest = max(range(len(candidates)), key=lambda place: candidates[place].lot_count)
    if candidates[largest].lot_count > LOTS_SHOWN:
        shares[largest] += [lot for lot in lots if not any(lot.lot_id in names for names in named)]
    return [
        replace(each, lots=tuple(share[:LOTS_SHOWN]), lot_count=len(share))
        for each, share in zip(candidates, shares, strict=True)
        if share
    ]


def of_product(candidates: Iterable[BatchCandidate], words: str) -> list[BatchCandidate]:
    """The batches of a product, by its id, GTIN, own code or part of its name."""
    key = canonical(words)
    keys = {key, key.zfill(14)} if key.isdigit() else {key}
    return [
        each
        for each in candidates
        if each.batch.product in keys or any(key in canonical(name) for name in each.product_names)
    ]


def of_manufacturer(
    connection: Connection, candidates: Iterable[BatchCandidate], words: str
) -> list[BatchCandidate]:
    """The batches of a maker, by its id, any alias, or who it was merged with."""
    keys = parties.ids(connection, canonical(words))
    return [each for each in candidates if each.batch.manufacturer in keys]


def of_days(
    candidates: Iterable[BatchCandidate], first: date | None, last: date | None
) -> list[BatchCandidate]:
    """The batches produced in these days; where none is printed, those that documents name then."""
    begin, end = first or date.min, last or date.max

    def fits(each: BatchCandidate) -> bool:
        if each.production_dates:
            return any(begin <= day <= end for day in each.production_dates)
        return each.first_day <= end and begin <= each.last_day

    return [each for each in candidates if fits(each)]


def _once(lots: Iterable[LotView]) -> list[LotView]:
    return list({lot.lot_id: lot for lot in lots}.values())
