"""Answers about codes and lots, as far as the caller sees."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sqlalchemy import Connection

from foodtrace.access import Caller
from foodtrace.problems import NotFound
from foodtrace_api.inspections.service import of_lot
from foodtrace_api.lineage.documents import readable
from foodtrace_api.lineage.reading import reading
from foodtrace_api.lineage.sight import Step, view_of
from foodtrace_api.lineage.told import complete, flags_shown
from foodtrace_api.lots.found import Wanted, found
from foodtrace_api.lots.shapes import FoundAnswer, LotAnswer
from foodtrace_api.web.door import Door
from foodtrace_ledger import lots
from foodtrace_ledger.completeness import completeness
from foodtrace_ledger.lots import LotDetail
from foodtrace_ledger.roots import of_lots


def find(door: Door, caller: Caller, wanted: Wanted) -> FoundAnswer:
    """What is wanted, a page of it; raises NotFound with how far one knows."""
    with reading(door, caller) as connection:
        hits = found(connection, caller, wanted)
        known = completeness(connection)
    return FoundAnswer(
        batches=list(hits.batches),
        traces=list(hits.traces),
        lots=list(hits.lots),
        vouchers=list(hits.vouchers),
        receipts=list(hits.receipts),
        named=list(hits.named),
        candidates=hits.candidates,
        next=hits.next,
        completeness=complete(door, caller, known),
    )


def describe(door: Door, caller: Caller, lot_id: UUID) -> LotAnswer:
    """One lot; raises NotFound, also where the caller doesn't see it."""
    with reading(door, caller) as connection:
        whole = _sees_all_of_it(connection, caller, lot_id)
        known = lots.detail(connection, lot_id)
        if not whole:
            known = _limited(connection, caller, known)
        inspection = of_lot(connection, caller, lot_id)
        flags = flags_shown(connection, known.flags)
        told = completeness(connection)
    return LotAnswer(
        lot=known.lot,
        holder_name=known.holder_name,
        holder_now=known.holder_now,
        location_name=known.location_name,
        unidentified=known.unidentified,
        figures=list(known.figures),
        receipts=known.receipts,
        possible_receipts=known.possible_receipts,
        first_day=known.first_day,
        last_day=known.last_day,
        prints=list(known.prints),
        print_count=known.print_count,
        papers=list(known.papers),
        inspection=inspection,
        flags=flags,
        limited=not whole,
        completeness=complete(door, caller, told),
    )


def _sees_all_of_it(connection: Connection, caller: Caller, lot_id: UUID) -> bool:
    view = view_of(connection, caller)
    if view is None:
        return True
    (number,) = of_lots(connection, [lot_id]).starts
    if number not in view.lots([number]):
        raise NotFound("lot.unknown", str(lot_id))
    return isinstance(view, Step) and view.owns(number)


def _limited(connection: Connection, caller: Caller, known: LotDetail) -> LotDetail:
    """Only what documents say that the caller may read."""
    documents = [each.document for each in known.prints]
    documents += [each.document for each in known.papers]
    seen = readable(connection, caller, {each.event_id for each in documents})
    prints = tuple(each for each in known.prints if each.document.event_id in seen)
    return replace(
        known,
        figures=(),
        receipts=0,
        possible_receipts=0,
        first_day=None,
        last_day=None,
        prints=prints,
        print_count=len(prints),
        papers=tuple(each for each in known.papers if each.document.event_id in seen),
        flags=(),
    )
