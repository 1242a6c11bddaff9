"""One recall: the walk down, where it comes from, who holds what, and the sums of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from foodtrace_ledger import amounts
from foodtrace_ledger.amounts import Sums
from foodtrace_ledger.came_again import came_again
from foodtrace_ledger.goods import Goods, Sorted, sort_goods
from foodtrace_ledger.grouping import By, GroupPage, keyed, page
from foodtrace_ledger.holders import Holders
from foodtrace_ledger.identities import Identities
from foodtrace_ledger.neighbours import SAME
from foodtrace_ledger.origins import Origins, origins
from foodtrace_ledger.reached import Place, holdings
from foodtrace_ledger.sellers import Seller, sellers
from foodtrace_ledger.sources import Source, source_places, sources
from foodtrace_ledger.totals import Amounts, Total, Whereabouts, began, totals, whereabouts
from foodtrace_ledger.walk import Roots, Walk
from foodtrace_ledger.walker import downstream, upstream


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Each unit once, by kind of goods.

    `all` has everybody's lots of the recalled goods themselves, `at_source` and `at_sellers` where
    those are. Products made with them and mixed stock are other goods: listed apart, and an upper
    limit, since other lots went in too.
    """

    all: tuple[Total, ...]
    at_source: tuple[Whereabouts, ...]
    at_sellers: tuple[Whereabouts, ...]
    made_with: tuple[Whereabouts, ...]
    mixed: tuple[Whereabouts, ...]


class Recall:
    """Everything that one recall needs to know, read once."""

    def __init__(self, conn: Connection, roots: Roots) -> None:
        """Walk from the roots and sum up what is found."""
        self._conn = conn
        holders = Holders(conn, Identities(conn))
        self.walk: Walk = downstream(conn, roots, holders=holders)
        self.upstream: Walk = upstream(conn, Roots(roots.starts), holders=holders)
        self.origins: Origins = origins(conn, self.upstream)
        self.sources = source_places(conn, self.origins)
        self._goods: Sorted = sort_goods(conn, self.walk)
        self.held = holdings(self.walk, self._goods)
        self._again = came_again(conn, self.walk, self._goods)
        amounts.read_ahead(conn, self.walk.lots)
        self._sums, first = self._sum_up()
        self._first = {
            lot: replace(sums, entered=self._again.at_starts.get(lot, {}))
            for lot, sums in first.items()
        }

    def _sum_up(self) -> tuple[dict[tuple[Goods, bool], Sums], dict[int, Sums]]:
        """The sums of all lots by kind of goods, and whether the source holds them; beside them
        those of each lot where the walk began."""
        kinds = [(goods, at_source) for goods in Goods for at_source in (False, True)]
        first = self.walk.began()
        lots = [*first]
        groups = [*range(len(kinds), len(kinds) + len(first))]
        for place, holding in self.held.items():
            for goods, some in holding.lots.items():
                lots += some
                groups += [kinds.index((goods, place in self.sources))] * len(some)
        sums = amounts.by_group(self._conn, lots, groups)
        return (
            {kind: sums[number] for number, kind in enumerate(kinds) if number in sums},
            {lot: sums[number] for number, lot in enumerate(first, len(kinds)) if number in sums},
        )

    def sellers(self, places: Iterable[Place]) -> dict[Place, Seller]:
        """Some of the holders with their figures."""
        page = {place: self.held[place] for place in places}
        return sellers(self._conn, self.walk, page, self._first)

    def groups(
        self, places: Iterable[Place], by: By, *, after: str | None, limit: int
    ) -> GroupPage:
        """Some of the holders by party, location or market, a page of groups."""
        return page(
            self._conn,
            keyed(self._conn, places, by),
            self.held,
            {lot: sums for lot, sums in self._first.items() if lot not in self.walk.unlinked},
            by,
            after=after,
            limit=limit,
        )

    def source(self, shown: Sequence[Place], held: Mapping[Place, Seller]) -> tuple[Source, ...]:
        """Some of the sources; `held` are their figures in this recall."""
        places = {place: self.sources[place] for place in shown}
        return sources(self._conn, self.upstream, places, held)

    def dimensions(self) -> set[str]:
        """In what the goods are measured."""
        return {balance.dimension for sums in self._sums.values() for balance in sums.balances}

    def totals(self) -> Totals:
        """Each unit once."""
        unlinked = self.walk.unlinked
        return Totals(
            all=totals(
                self._of(Goods.ITSELF),
                (sums for lot, sums in self._first.items() if lot not in unlinked),
                (sums for lot, sums in self._first.items() if lot in unlinked),
                self._into_mixed(),
            ),
            at_source=whereabouts(self._of(Goods.ITSELF, True), self._implied(at_source=True)),
            at_sellers=whereabouts(self._of(Goods.ITSELF, False), self._implied(at_source=False)),
            made_with=whereabouts(self._of(Goods.MADE_WITH), {}),
            mixed=whereabouts(self._of(Goods.MIXED), {}),
        )

    def _of(self, goods: Goods, *where: bool) -> list[Sums]:
        wanted = ((goods, at_source) for at_source in where or (False, True))
        return [self._sums[kind] for kind in wanted if kind in self._sums]

    def _implied(self, *, at_source: bool) -> Amounts:
        own = {
            lot
            for place, holding in self.held.items()
            if (place in self.sources) is at_source
            for lot in holding.lots.get(Goods.ITSELF, ())
        }
        implied: Counter[str] = began(
            sums for lot, sums in self._first.items() if lot in own
        ).implied
        return implied

    def _into_mixed(self) -> Amounts:
        """What left the recalled goods themselves for lots that hold others too, and didn't come out
        of them as itself."""
        walk, goods = self.walk, self._goods.goods
        starts, ends, events, lines, _ = walk.edges
        leaving = [
            (start, event, line)
            for start, end, event, line in zip(starts, ends, events, lines, strict=True)
            if line > SAME
            and goods[walk.place[end]] is not Goods.ITSELF
            and goods[walk.place[start]] is Goods.ITSELF
        ]
        mixed = Counter(amounts.transferred(self._conn, leaving))
        mixed.subtract(self._again.out_of_units)
        return mixed
