"""The papers of a lot: which it has, inherited from where, how they stand, and what is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from foodtrace.papers import (
    PAPER_KINDS,
    Carried,
    Drawn,
    Group,
    Missing,
    due,
    expired,
    kind_of,
    missing,
    papers_of,
    standing,
    wrong_scope,
)
from foodtrace_ledger import arrays, describe
from foodtrace_ledger.answers import Document, LotView
from foodtrace_ledger.paper_rows import (
    PaperKey,
    Shown,
    at_home,
    homes,
    key_of,
    papers_at,
    papers_numbered,
)
from foodtrace_ledger.paper_uses import draws
from foodtrace_ledger.paper_views import LotPapers, PaperHeld, PaperMissing, PaperUse
from foodtrace_ledger.paper_ways import ways_to
from foodtrace_ledger.provinces import provinces
from foodtrace_ledger.sqlfile import sql


@dataclass(frozen=True, slots=True)
class _Known:
    """What papers are judged by: when and where the lot's goods were sold, how much under each."""

    sold: tuple[date, ...]
    province: str | None
    drawn: Mapping[PaperKey, Drawn]


@dataclass(frozen=True, slots=True)
class _Told:
    """A paper of the lot, the document that shows it, and at how many lots the same is said."""

    carried: Carried[int]
    shown: Shown
    places: int


def of_lot(conn: Connection, lot: int) -> LotPapers:
    """The papers of a lot (this ledger's number)."""
    ways = ways_to(conn, [lot])
    upstream = papers_at(conn, ways.walk.lots)
    everywhere = papers_numbered(conn, {each.key for each in upstream})
    attached = at_home(upstream, homes(conn, everywhere))
    known = _known(conn, lot, ways.walk.holder(lot), everywhere)
    categories = _categories(conn, lot)
    groups = _due(categories, known.sold)
    told = _once(papers_of(lot, ways.steps, attached), upstream)
    gaps = missing(lot, groups, ways.steps, attached, ways.origins)
    named = {lot, *(each.shown.paper.lot for each in told), *(gap.lot for gap in gaps)}
    views = describe.lots(conn, named)
    documents = describe.documents(conn, (each.shown.event for each in told))
    return LotPapers(
        lot=views[lot],
        categories=categories,
        due=tuple(tuple(sorted(group)) for group in groups),
        papers=tuple(
            _held(each, known, views[each.shown.paper.lot], documents[each.shown.event])
            for each in told
        ),
        missing=tuple(_gap(gap, views[gap.lot]) for gap in gaps),
    )


def _known(
    conn: Connection, lot: int, place: tuple[str, str], everywhere: Sequence[Shown]
) -> _Known:
    rows = conn.execute(sql("paper_sale_days"), {"lot": arrays.numbers([lot])})
    return _Known(
        tuple(row.day for row in rows), provinces(conn, [place])[place], draws(conn, everywhere)
    )


def _categories(conn: Connection, lot: int) -> tuple[str, ...]:
    rows = conn.execute(sql("paper_categories"), {"lot": arrays.numbers([lot])})
    return tuple(row.category for row in rows)


def _due(categories: Iterable[str], days: Sequence[date]) -> tuple[Group, ...]:
    day = min(days, default=date.max)
    return tuple(dict.fromkeys(group for name in categories for group in due(name, day)))


def _once(carried: Iterable[Carried[int]], upstream: Iterable[Shown]) -> list[_Told]:
    """What is said alike of one paper at several lots is told once: own, certain and late first."""
    documents = {
        (each.paper.lot, each.paper.delivery, each.key): each for each in reversed([*upstream])
    }
    alike: dict[tuple[object, ...], list[tuple[Carried[int], Shown]]] = defaultdict(list)
    for each in carried:
        paper = each.paper
        key = key_of(paper.kind, paper.number)
        said = (
            *(key, paper.issuer, paper.issued_on, paper.valid_until, paper.verification),
            *(paper.scope, paper.destination, paper.covered),
        )
        alike[said].append((each, documents[paper.lot, paper.delivery, key]))
    return [_nearest(some) for some in alike.values()]


def _nearest(alike: Sequence[tuple[Carried[int], Shown]]) -> _Told:
    carried, shown = min(
        alike, key=lambda e: (not e[0].own, not e[0].certain, -e[1].day.toordinal(), e[1].event)
    )
    return _Told(carried, shown, len({each.paper.lot for each, _ in alike}))


def _held(told: _Told, known: _Known, lot: LotView, document: Document) -> PaperHeld:
    carried, paper = told.carried, told.carried.paper
    kind, drawn = kind_of(paper.kind), known.drawn.get(told.shown.key)
    sold = (*known.sold, told.shown.day) if carried.own else known.sold
    stands = standing(
        paper.verification,
        sold_after=expired(paper.valid_until, sold),
        outside=wrong_scope(paper.kind, paper.scope, paper.home, [known.province]),
        drawn=drawn,
    )
    return PaperHeld(
        kind=None if kind is None else kind.code,
        zh=paper.kind if kind is None else kind.zh,
        en=paper.kind if kind is None else kind.en,
        written=paper.kind,
        number=paper.number,
        issuer=paper.issuer,
        issued_on=paper.issued_on,
        valid_until=paper.valid_until,
        scope=paper.scope,
        destination=paper.destination,
        use=None if drawn is None else PaperUse.of(drawn),
        verification=paper.verification,
        own=carried.own,
        certain=carried.certain,
        notes=tuple(str(note) for note in carried.notes),
        faults=stands.faults,
        green=stands.green,
        lot=lot,
        document=document,
        places=told.places,
    )


def _gap(gap: Missing[int], lot: LotView) -> PaperMissing:
    kinds = [PAPER_KINDS[proof] for proof in sorted(gap.group)]
    return PaperMissing(
        any_of=tuple(kind.code for kind in kinds),
        zh=" / ".join(kind.zh for kind in kinds),
        en=" / ".join(kind.en for kind in kinds),
        why=gap.why,
        operation=gap.operation,
        lot=lot,
        own=gap.own,
        certain=gap.certain,
    )
