"""Pages of a walk: the lots upstream or downstream, nearest first."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from foodtrace.problems import TheirFault
from foodtrace_ledger import arrays, describe
from foodtrace_ledger.answers import Document, LotView
from foodtrace_ledger.sqlfile import sql
from foodtrace_ledger.walk import Walk

LIMIT = 100

# Where a page ended: depth and lot.
Mark = tuple[int, UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A lot of a walk: after how many links, and by which document and line from which lot."""

    lot: LotView
    depth: int
    confirmed: bool
    unlinked: bool
    before: LotView | None
    document: Document | None
    line: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainPage:
    """Lots by depth; `next` goes on, None on the last page. `lot_count` are those of all pages."""

    lots: tuple[Reached, ...]
    next: Mark | None
    lot_count: int
    possible_links: int
    circle: tuple[LotView, ...]


def page(
    conn: Connection, walk: Walk, *, after: Mark | None = None, limit: int = LIMIT
) -> ChainPage:
    """The lots of a walk behind `after`; raises TheirFault for a mark that isn't one of ours."""
    order = sorted(range(len(walk)), key=lambda place: (walk.depth[place], walk.lots[place]))
    begin = None if after is None else (after[0], _number(conn, after[1]))
    rest = [p for p in order if begin is None or (walk.depth[p], walk.lots[p]) > begin]
    shown = rest[:limit]
    ahead = [walk.came_from[place] for place in shown]
    inside = walk.circles()
    wanted = {walk.lots[place] for place in (*shown, *ahead) if place >= 0} | set(inside)
    views = describe.lots(conn, wanted)
    papers = describe.documents(conn, (walk.event[place] for place in shown))
    lots = tuple(
        Reached(
            lot=views[walk.lots[place]],
            depth=walk.depth[place],
            confirmed=bool(walk.confirmed[place]),
            unlinked=walk.lots[place] in walk.unlinked,
            before=views[walk.lots[before]] if before >= 0 else None,
            document=papers[walk.event[place]] if before >= 0 else None,
            line=walk.line[place] if before >= 0 else None,
        )
        for place, before in zip(shown, ahead, strict=True)
    )
    return ChainPage(
        lots=lots,
        next=(lots[-1].depth, lots[-1].lot.lot_id) if len(rest) > limit else None,
        lot_count=len(walk),
        possible_links=walk.possible_links,
        circle=tuple(views[lot] for lot in inside),
    )


def _number(conn: Connection, lot_id: UUID) -> int:
    row = conn.execute(sql("lot_numbers"), {"lot_id": arrays.ids([lot_id])}).one_or_none()
    if row is None:
        raise TheirFault("request.bad-cursor", str(lot_id), "cursor")
    return int(row.id)
