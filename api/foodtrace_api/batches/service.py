"""Describes a batch, as far as the caller sees."""

from __future__ import annotations

from uuid import UUID

from foodtrace.access import Caller, Sight, sight_of
from foodtrace.problems import NotFound
from foodtrace_api.batches.shapes import BatchAnswer
from foodtrace_api.lineage.reading import reading
from foodtrace_api.lineage.told import complete
from foodtrace_api.lots.narrow import batches_seen
from foodtrace_api.lots.seen import Eyes
from foodtrace_api.web.cursor import cursor_of, read_cursor
from foodtrace_api.web.door import Door
from foodtrace_ledger import batches, search
from foodtrace_ledger.completeness import completeness
from foodtrace_ledger.search import LotPage


def describe(
    door: Door, caller: Caller, batch_id: UUID, limit: int, cursor: str | None
) -> BatchAnswer:
    """One batch with a page of its lots; raises NotFound, also where the caller sees none."""
    question = ["batch", str(batch_id)]
    after = read_cursor(question, cursor, UUID)
    with reading(door, caller) as connection:
        about = batches.by_id(connection, batch_id)
        if sight_of(caller.role) is Sight.CHAIN:
            page = search.lots_of_batch(connection, batch_id, after=after, limit=limit)
        else:
            eyes = Eyes(connection, caller)
            seen = batches_seen(eyes, [about])
            if not seen:
                raise NotFound("batch.unknown", str(batch_id))
            about = seen[0]
            page = _page(eyes, [about.batch.batch_id], after, limit)
        known = completeness(connection)
    return BatchAnswer(
        about=about,
        lots=list(page.lots),
        next=None if page.next is None else cursor_of(question, page.next),
        completeness=complete(door, caller, known),
    )


def _page(eyes: Eyes, batch_ids: list[UUID], after: UUID | None, limit: int) -> LotPage:
    lots = [lot for group in eyes.of_batches(batch_ids).values() for lot in group]
    rest = [lot for lot in lots if after is None or lot.lot_id > after]
    return LotPage(
        lots=tuple(rest[:limit]), next=rest[limit - 1].lot_id if len(rest) > limit else None
    )
