"""How much was dealt in under papers, wherever they were shown, against what they cover."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from foodtrace.papers import Attached, Drawn, Use, drawn, papers_of
from foodtrace_ledger import arrays
from foodtrace_ledger.paper_rows import PaperKey, Shown
from foodtrace_ledger.paper_ways import Ways, delivery, ways_to
from foodtrace_ledger.sqlfile import sql

Amounts = dict[str, int]


@dataclass(slots=True)
class _Lot:
    """Millionths by dimension: what each delivery brought, and what went on."""

    brought: dict[Hashable, Amounts] = field(default_factory=lambda: defaultdict(dict))
    left: Amounts = field(default_factory=dict)

    def use(self, deliveries: Iterable[Hashable]) -> Use:
        """What was dealt in under a paper that came by these deliveries."""
        wanted = set(deliveries)
        return Use(
            received=_sum(some for each, some in self.brought.items() if each in wanted),
            opened=_sum(self.brought.values()),
            left=self.left,
        )


def draws(conn: Connection, shown: Sequence[Shown]) -> dict[PaperKey, Drawn]:
    """For each paper (of which `shown` has every place) how much was dealt in under it.

    Only lots that the paper first came with count: where it went on with the goods, their share is
    in those already.
    """
    papers: dict[PaperKey, list[Attached[int]]] = defaultdict(list)
    for each in shown:
        papers[each.key].append(each.paper)
    covering = {key: some for key, some in papers.items() if any(p.covered for p in some)}
    lots = {paper.lot for some in covering.values() for paper in some}
    if not lots:
        return {}
    ways, moved = ways_to(conn, lots), _amounts(conn, lots)
    found: dict[PaperKey, Drawn] = {}
    for key, some in covering.items():
        told = drawn([p.covered for p in some if p.covered], _uses(ways, some, moved))
        if told is not None:
            found[key] = told
    return found


def _uses(ways: Ways, papers: Sequence[Attached[int]], moved: Mapping[int, _Lot]) -> list[Use]:
    deliveries: dict[int, list[Hashable]] = defaultdict(list)
    for paper in papers:
        deliveries[paper.lot].append(paper.delivery)
    # In a circle of bad data each lot would be behind another: then all of them count.
    first = [lot for lot in deliveries if _comes_first(ways, lot, papers)] or list(deliveries)
    return [moved[lot].use(deliveries[lot]) for lot in first]


def _comes_first(ways: Ways, lot: int, papers: Sequence[Attached[int]]) -> bool:
    return all(each.own for each in papers_of(lot, ways.steps, papers))


def _amounts(conn: Connection, lots: Iterable[int]) -> Mapping[int, _Lot]:
    found: dict[int, _Lot] = defaultdict(_Lot)
    for row in conn.execute(sql("paper_amounts"), {"lot": arrays.numbers(lots)}):
        lot = found[row.lot]
        into = lot.left
        if row.direction == "opened":
            into = lot.brought[delivery(row.event, row.line, row.meeting)]
        into[row.dimension] = into.get(row.dimension, 0) + int(row.amount)
    return found


def _sum(amounts: Iterable[Amounts]) -> Amounts:
    total: Amounts = {}
    for some in amounts:
        for dimension, amount in some.items():
            total[dimension] = total.get(dimension, 0) + amount
    return total
