"""Pages of a walk: the lots upstream or downstream, nearest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Connection

from foodtrace.problems import TheirFault
from foodtrace_ledger import arrays, describe
from foodtrace_ledger.answers import Document, LotView, Reason
from foodtrace_ledger.describe import Called
from foodtrace_ledger.neighbours import Way
from foodtrace_ledger.paths import carried_days, reason
from foodtrace_ledger.provenance import SAYS_SAME
from foodtrace_ledger.sellers import first_claims
from foodtrace_ledger.sqlfile import sql
from foodtrace_ledger.walk import Walk

LIMIT = 100

# Where a page ended: depth and lot.
Mark = tuple[int, UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A lot of a walk: after how many links, and why from which lot (null where the walk began).

    `document` and `line` say so, but for stock carried over from the day `delivered` to the day
    `drawn`; that a lot is the same under another id of its holder is said by an alias or merge.
    Names are those of the document's day; `party_now` is today's where that is another.
    """

    lot: LotView
    party_name: str | None
    party_now: str | None
    location_name: str | None
    depth: int
    confirmed: bool
    unlinked: bool
    before: LotView | None
    reason: Reason | None
    document: Document | None
    line: int | None
    delivered: date | None
    drawn: date | None


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
    papers = describe.documents(conn, (walk.hop(p).event for p in shown if not walk.is_carried(p)))
    days = _days(conn, walk, shown, papers)
    subjects = (each for p in shown for each in _subjects(views[walk.lots[p]], days[p]))
    told = _Told(walk, views, papers, days, describe.called(conn, subjects))
    lots = tuple(told.reached(place) for place in shown)
    return ChainPage(
        lots=lots,
        next=(lots[-1].depth, lots[-1].lot.lot_id) if len(rest) > limit else None,
        lot_count=len(walk),
        possible_links=walk.possible_links,
        circle=tuple(views[lot] for lot in inside),
    )


def _days(
    conn: Connection, walk: Walk, shown: Sequence[int], papers: Mapping[int, Document]
) -> dict[int, date | None]:
    """The day whose names are meant, by place of the walk: of the document on the way, of the
    delivery where stock was carried over, of the first document of a lot where the walk began."""
    roots = [walk.lots[place] for place in shown if walk.came_from[place] < 0]
    first = first_claims(conn, roots)
    days: dict[int, date | None] = {}
    for place in shown:
        before, hop = walk.came_from[place], walk.hop(place)
        delivered, drawn = carried_days(walk, before, hop)
        if before < 0:
            said = first.get(walk.lots[place])
            days[place] = said[0].business_date if said else None
        elif drawn is not None:
            days[place] = delivered if walk.way is Way.UP else drawn
        else:
            paper = papers.get(hop.event)
            moved = paper is not None and paper.kind not in SAYS_SAME
            days[place] = paper.business_date if paper and moved else days.get(before)
    return days


def _subjects(lot: LotView, day: date | None) -> Iterator[describe.SubjectOn]:
    yield "party", lot.holder, day
    yield "location", lot.location, day


@dataclass(frozen=True, slots=True)
class _Told:
    """What is looked up for a page at once."""

    walk: Walk
    views: Mapping[int, LotView]
    papers: Mapping[int, Document]
    days: Mapping[int, date | None]
    names: Mapping[describe.SubjectOn, Called]

    def reached(self, place: int) -> Reached:
        """The lot at a place of the walk."""
        walk, lot = self.walk, self.views[self.walk.lots[place]]
        before, hop = walk.came_from[place], walk.hop(place)
        delivered, drawn = carried_days(walk, before, hop)
        day = self.days[place]
        return Reached(
            lot=lot,
            party_name=self.names["party", lot.holder, day].name,
            party_now=self.names["party", lot.holder, day].now,
            location_name=self.names["location", lot.location, day].name,
            depth=walk.depth[place],
            confirmed=bool(walk.confirmed[place]),
            unlinked=walk.lots[place] in walk.unlinked,
            before=self.views[walk.lots[before]] if before >= 0 else None,
            reason=reason(walk, before, hop) if before >= 0 else None,
            document=self.papers.get(hop.event) if before >= 0 and drawn is None else None,
            line=hop.line if hop.line > 0 else None,
            delivered=delivered,
            drawn=drawn,
        )


def _number(conn: Connection, lot_id: UUID) -> int:
    row = conn.execute(sql("lot_numbers"), {"lot_id": arrays.ids([lot_id])}).one_or_none()
    if row is None:
        raise TheirFault("request.bad-cursor", str(lot_id), "cursor")
    return int(row.id)
