"""Where lots come from: the first lots upstream of each, with the documents on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from foodtrace_ledger import describe
from foodtrace_ledger.answers import LotView, Path
from foodtrace_ledger.one_of import Candidate, one_of
from foodtrace_ledger.origins import origins
from foodtrace_ledger.paths import paths
from foodtrace_ledger.walk import Roots
from foodtrace_ledger.walker import upstream

# Documents that say of two ids that they are one party or product: no goods went by them.
SAYS_SAME = frozenset({"party", "product", "merge"})
# Ends of one lot's way up that are told with their path; the others are counted.
ENDS_SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """Where the way up ends: `path` leads from the lot asked about up to it.

    `known` ends have a source of their own (a farm, a slaughterhouse's intake, an import); before
    the others nothing is recorded.
    """

    lot: LotView
    holder_name: str | None
    known: bool
    confirmed: bool
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where one lot comes from: `ends` are the first of `end_count`, `lots` all lots on the way.

    `one_of` are the lots it may be or was drawn from, the first of `one_of_count`.
    """

    lot: LotView
    one_of: tuple[Candidate, ...]
    one_of_count: int
    ends: tuple[End, ...]
    end_count: int
    lots: int
    unknown_parents: int
    possible_links: int


def hands(path: Path, day: date | None) -> Iterator[describe.SubjectOn]:
    """Who had the goods along a path up, each with the day on which the goods left them; the one
    at its start had them on `day`."""
    yield "party", path.start.holder, day
    for step in path.steps:
        if step.document is not None and step.document.kind not in SAYS_SAME:
            day = step.document.business_date
        else:
            day = step.delivered or day
        yield "party", step.lot.holder, day


def provenance(conn: Connection, lot: int, day: date | None = None) -> Provenance:
    """Follow one lot (this ledger's number) up to where it comes from; it was sold on `day`."""
    walk = upstream(conn, Roots((lot,)))
    found = origins(conn, walk)
    every = [*found.sources, *found.unknown]
    shown = every[:ENDS_SHOWN]
    ways, views = paths(conn, walk, shown), describe.lots(conn, [lot, *shown])
    last = {end: list(hands(ways[end], day))[-1] for end in shown}
    names = describe.names_then(conn, last.values())
    known, candidates = set(found.sources), one_of(conn, walk, lot)
    return Provenance(
        lot=views[lot],
        one_of=candidates.shown,
        one_of_count=candidates.count,
        ends=tuple(
            End(
                lot=views[end],
                holder_name=names.get(last[end]),
                known=end in known,
                confirmed=bool(walk.confirmed[walk.place[end]]),
                path=ways[end],
            )
            for end in shown
        ),
        end_count=len(every),
        lots=len(walk),
        unknown_parents=len(found.unknown),
        possible_links=walk.possible_links,
    )
