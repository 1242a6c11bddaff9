"""The papers of a lot, as far as the caller sees."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sqlalchemy import Connection

from foodtrace.access import Caller
from foodtrace.problems import NotFound
from foodtrace_api.lineage.documents import readable
from foodtrace_api.lineage.reading import reading
from foodtrace_api.lineage.sight import Step, View, view_of
from foodtrace_api.lineage.told import complete
from foodtrace_api.papers.shapes import LotPapersAnswer
from foodtrace_api.web.door import Door
from foodtrace_ledger import papers
from foodtrace_ledger.completeness import completeness
from foodtrace_ledger.describe import parties
from foodtrace_ledger.paper_views import LotPapers
from foodtrace_ledger.roots import of_lots


def describe(door: Door, caller: Caller, lot_id: UUID) -> LotPapersAnswer:
    """The papers of one lot; raises NotFound, also where the caller doesn't see it."""
    with reading(door, caller) as connection:
        (number,) = of_lots(connection, [lot_id]).starts
        view = view_of(connection, caller)
        if view is not None and number not in view.lots([number]):
            raise NotFound("lot.unknown", str(lot_id))
        known = papers.of_lot(connection, number)
        if view is not None:
            known = _limited(connection, caller, view, known, number)
        names = parties(connection, _holders(known))
        told = completeness(connection)
    return LotPapersAnswer(
        lot=known.lot,
        categories=list(known.categories),
        due=[list(group) for group in known.due],
        papers=list(known.papers),
        missing=list(known.missing),
        limited=view is not None,
        names=list(names),
        completeness=complete(door, caller, told),
    )


def _holders(known: LotPapers) -> set[str]:
    upstream = [*(each.lot for each in known.papers), *(each.lot for each in known.missing)]
    return {lot.holder for lot in (known.lot, *upstream) if lot is not None}


def _limited(
    connection: Connection, caller: Caller, view: View, known: LotPapers, number: int
) -> LotPapers:
    """An owner is told all papers, but not from whose hands far up; another only what he may read.

    What is dealt in under a paper elsewhere is nobody's business but the authority's.
    """
    documents = {each.document.event_id for each in known.papers if each.document is not None}
    seen = readable(connection, caller, documents)
    if not (isinstance(view, Step) and view.owns(number)):
        return replace(
            known,
            papers=tuple(
                replace(each, use=None)
                for each in known.papers
                if each.document is not None and each.document.event_id in seen
            ),
            missing=(),
        )
    hidden = _hidden(connection, view, known)
    return replace(
        known,
        papers=tuple(
            replace(
                each,
                use=None,
                lot=None if each.lot and each.lot.lot_id in hidden else each.lot,
                document=each.document
                if each.document and each.document.event_id in seen
                else None,
            )
            for each in known.papers
        ),
        missing=tuple(
            replace(each, lot=None if each.lot and each.lot.lot_id in hidden else each.lot)
            for each in known.missing
        ),
    )


def _hidden(connection: Connection, view: View, known: LotPapers) -> set[UUID]:
    shown = {each.lot.lot_id for each in known.papers if each.lot}
    ids = list(shown | {each.lot.lot_id for each in known.missing if each.lot})
    numbers = of_lots(connection, ids).starts
    seen = view.lots(numbers)
    return {each for each, number in zip(ids, numbers, strict=True) if number not in seen}
