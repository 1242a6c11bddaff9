"""Flags of papers at the lots with which documents show them: rejected, expired, wrong scope, two
species, overdrawn. What is missing takes the whole way up and is told with a lot's papers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from foodtrace.events.paper import Verification
from foodtrace.flag_rules.sales import Sale, first_sale_after
from foodtrace.flags import Flag
from foodtrace.papers import two_species, wrong_scope
from foodtrace.quantity import amount_of, unit_of
from foodtrace_ledger import arrays, describe
from foodtrace_ledger.answers import Document, LotView
from foodtrace_ledger.flagging.inspected import sales_of
from foodtrace_ledger.flagging.lots import lot_flag
from foodtrace_ledger.paper_rows import PaperKey, Shown, homes, key_of, papers_at, papers_numbered
from foodtrace_ledger.paper_uses import draws
from foodtrace_ledger.provinces import provinces
from foodtrace_ledger.sqlfile import sql

CODES = (
    *("paper.rejected", "paper.expired", "paper.wrong-scope", "paper.two-species"),
    "paper.overdrawn",
)


def of_papers(conn: Connection, lots: Sequence[int]) -> Iterator[Flag]:
    """What is wrong with the papers shown with these lots, each once a lot; for what concerns all
    lots of a paper at the latest document that shows it."""
    here = papers_at(conn, lots)
    if not here:
        return
    everywhere = papers_numbered(conn, {each.key for each in here})
    every = [*here, *everywhere]
    said = _Said(
        describe.lots(conn, {each.paper.lot for each in every}),
        describe.documents(conn, {each.event for each in every}),
    )
    yield from _rejected(here, said)
    yield from _expired(conn, here, said)
    yield from _outside(conn, here, everywhere, said)
    yield from _of_all(_species(conn, everywhere), "paper.two-species", everywhere, said)
    yield from _of_all(_overdrawn(conn, everywhere), "paper.overdrawn", everywhere, said)


class _Said:
    """The lots and documents with which papers are shown."""

    def __init__(self, lots: Mapping[int, LotView], documents: Mapping[int, Document]) -> None:
        self._lots = lots
        self._documents = documents

    def at(self, shown: Shown) -> Sale:
        """Day and id of the document."""
        return Sale(shown.day, self._documents[shown.event].event_id)

    def flag(self, code: str, shown: Shown, at: Any, detail: str) -> Flag:
        """A flag of the lot with which the paper is shown."""
        told = f"{shown.paper.kind} {shown.paper.number}{': ' if detail else ''}{detail}"
        return lot_flag(code, self._lots[shown.paper.lot], at, detail=told)

    def place(self, shown: Shown) -> tuple[str, str]:
        """Who holds the lot, and where."""
        view = self._lots[shown.paper.lot]
        return view.holder, view.location


def _rejected(here: Iterable[Shown], said: _Said) -> Iterator[Flag]:
    for each in here:
        if each.paper.verification == Verification.REJECTED:
            yield said.flag("paper.rejected", each, said.at(each), "")


def _expired(conn: Connection, here: Sequence[Shown], said: _Said) -> Iterator[Flag]:
    """Goods that came or were sold when the last paper of its kind with them had expired."""
    kinds: dict[tuple[int, str], list[Shown]] = defaultdict(list)
    for each in here:
        if each.paper.valid_until is not None:
            kinds[each.paper.lot, each.key[0]].append(each)
    sales = sales_of(conn, {lot for lot, _ in kinds})
    for (lot, _), papers in sorted(kinds.items()):
        best = max(papers, key=lambda s: (s.paper.valid_until, s.paper.number))
        came = min(said.at(each) for each in papers if each.key == best.key)
        late = first_sale_after(best.paper.valid_until, [*sales.get(lot, ()), came])
        if late is not None:
            detail = f"{best.paper.valid_until} → {late.day}"
            yield said.flag("paper.expired", best, late, detail)


def _outside(
    conn: Connection, here: Sequence[Shown], everywhere: Sequence[Shown], said: _Said
) -> Iterator[Flag]:
    come_from = homes(conn, everywhere)
    where = provinces(conn, {said.place(each) for each in here})
    for each in here:
        paper, home = each.paper, come_from.get(each.key)
        outside = wrong_scope(paper.kind, paper.scope, home, [where[said.place(each)]])
        if outside:
            detail = f"{home} → {', '.join(outside)}"
            yield said.flag("paper.wrong-scope", each, said.at(each), detail)


def _species(conn: Connection, everywhere: Sequence[Shown]) -> dict[PaperKey, str]:
    numbers = arrays.texts(sorted({each.paper.number for each in everywhere}))
    categories: dict[PaperKey, set[str]] = defaultdict(set)
    for row in conn.execute(sql("flag_paper_categories"), {"number": numbers}):
        categories[key_of(row.kind, row.number)].add(row.category)
    return {
        key: ", ".join(found) for key, some in categories.items() if (found := two_species(some))
    }


def _overdrawn(conn: Connection, everywhere: Sequence[Shown]) -> dict[PaperKey, str]:
    return {
        key: f"{amount_of(each.covered)} → {amount_of(each.used)} {unit_of(each.dimension)}"
        for key, each in draws(conn, everywhere).items()
        if each.over
    }


def _of_all(
    found: Mapping[PaperKey, str], code: str, everywhere: Sequence[Shown], said: _Said
) -> Iterator[Flag]:
    for key, detail in sorted(found.items()):
        places = [each for each in everywhere if each.key == key]
        if places:
            latest = max(places, key=lambda each: (said.at(each), each.paper.lot))
            yield said.flag(code, latest, said.at(latest), detail)
