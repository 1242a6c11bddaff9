"""Affected sellers (涉事经营者): who holds, held or sold recalled goods, or something made with them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from foodtrace.flags import Flag
from foodtrace_ledger.completeness import Completeness, completeness
from foodtrace_ledger.grouping import By, GroupPage
from foodtrace_ledger.oddities import oddities
from foodtrace_ledger.reached import Place
from foodtrace_ledger.recall import Recall, Totals
from foodtrace_ledger.scope import Within, scope
from foodtrace_ledger.sellers import Seller
from foodtrace_ledger.sources import Source
from foodtrace_ledger.walk import Roots

LIMIT = 100
SOURCES_SHOWN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How one looks at a recall: from one location (`within`: only sellers at places in it), and
    grouped (`by`): then groups come instead of sellers, to go on after a key."""

    within: str | None = None
    by: By | None = None
    after_group: str | None = None


EVERYBODY = View()


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """A page of sellers by party and location, and what holds for all pages.

    `source` are the holders of the first lots (the first of `source_count`), who aren't counted
    among the sellers. `next` is the (party, location) to go on after, None on the last page.
    `flags` are the first of `flag_count`. Seen from one location the sellers and their counts are
    those in it, and `within` counts the others; all else is of the whole recall.
    """

    sellers: tuple[Seller, ...]
    groups: GroupPage | None
    within: Within | None
    next: Place | None
    seller_count: int
    confirmed_count: int
    lot_count: int
    source: tuple[Source, ...]
    source_count: int
    totals: Totals
    flags: tuple[Flag, ...]
    flag_count: int
    completeness: Completeness


def affected(
    conn: Connection,
    roots: Roots,
    *,
    view: View = EVERYBODY,
    after: Place | None = None,
    limit: int = LIMIT,
) -> Affected:
    """Who is affected by these lots or batches, in one snapshot.

    A seller is possible, not confirmed, where every path leads through a pool. Sorted by party and
    location; the same question goes on `after` the last of a page. Raises NotFound and Conflict for
    the code of a view's location.
    """
    recall = Recall(conn, roots)
    every = [place for place in sorted(recall.held) if place not in recall.sources]
    seen = None if view.within is None else scope(conn, view.within, every, recall.held)
    places = every if seen is None else list(seen.inside)
    groups = None
    if view.by is not None:
        groups = recall.groups(places, view.by, after=view.after_group, limit=limit)
    rest = [place for place in places if after is None or place > after]
    shown = list(recall.sources)[:SOURCES_SHOWN]
    page = rest[:limit] if groups is None else []
    figures = recall.sellers([*page, *(place for place in shown if place in recall.held)])
    odd = oddities(conn, recall.walk, roots.batches, recall.dimensions())
    return Affected(
        sellers=tuple(figures[place] for place in page),
        groups=groups,
        within=None if seen is None else seen.told,
        next=page[-1] if page and len(rest) > limit else None,
        seller_count=len(places),
        confirmed_count=sum(recall.held[place].confirmed for place in places),
        lot_count=sum(holding.count for holding in recall.held.values()),
        source=recall.source(shown, figures),
        source_count=len(recall.sources),
        totals=recall.totals(),
        flags=odd.flags,
        flag_count=odd.count,
        completeness=completeness(
            conn,
            unknown_parents=len({*recall.origins.unknown, *recall.walk.unlinked}),
            possible_links=recall.walk.possible_links + recall.upstream.possible_links,
        ),
    )
