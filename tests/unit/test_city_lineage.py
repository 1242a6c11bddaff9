"""The oracle watched goods, the lineage read documents: both name the same sellers and amounts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

import pytest

from foodtrace.balance import balances
from foodtrace.flags import Printed, younger_dates
from foodtrace.lineage import Lineage
from foodtrace.lots import BatchKey, LotKey, LotKind
from foodtrace.quantity import unit_of
from foodtrace_city import City, Incident, Scale
from foodtrace_schemas import json_form

SCALE = Scale(sites=280, products=125, trades=260, receipts=320, mistakes=0.1)
FLOWS = ("opened", "sold", "retail", "used", "disposed")


class Read:
    """What the reference lineage says of a city's documents."""

    def __init__(self, city: City, days: int) -> None:
        documents = [*city.days(days), *city.stragglers()]
        self.lineage = Lineage(json_form.read(each.line().encode()) for each in documents)
        self.claimed: dict[BatchKey, set[LotKey]] = defaultdict(set)
        self.printed: dict[LotKey, list[Printed]] = defaultdict(list)
        for fact in self.lineage.facts:
            value = fact.value
            if fact.name == "claims":
                if value.batch is not None:
                    self.claimed[value.batch].add(value.lot)
                dates = (value.production_date, value.expiry_date)
                self.printed[value.lot].append(
                    Printed(
                        event_id=fact.event_id,
                        role=value.role,
                        production_date=dates[0],
                        expiry_date=dates[1],
                    )
                )

    def confirmed(self, incident: Incident) -> list[LotKey]:
        batch = BatchKey(incident.manufacturer, incident.product, incident.code)
        reached = self.lineage.downstream(self.claimed[batch])
        sure = (lot for lot, reach in reached.items() if reach.confirmed)
        return [lot for lot in sure if lot.kind is not LotKind.PROCESS]

    def amounts(self, lot: LotKey) -> Iterator[tuple[str, str, int]]:
        for (direction, dimension), amount in self.lineage.balance(lot).items():
            yield direction, dimension, amount


def truth(incident: Incident) -> dict[tuple[str, str], Counter[tuple[str, str]]]:
    sums: dict[tuple[str, str], Counter[tuple[str, str]]] = {}
    for key, seller in incident.everybody.items():
        sums[key] = Counter()
        for (_product, unit), amounts in seller.amounts.items():
            for flow in FLOWS:
                sums[key][unit, flow] += getattr(amounts, flow)
    return {key: +figures for key, figures in sums.items()}


def told(read: Read, lots: list[LotKey]) -> dict[tuple[str, str], Counter[tuple[str, str]]]:
    sums: dict[tuple[str, str], Counter[tuple[str, str]]] = defaultdict(Counter)
    for lot in lots:
        for balance in balances(read.amounts(lot)):
            for flow in FLOWS:
                figure = getattr(balance, flow)
                sums[lot.holder, lot.location][unit_of(balance.dimension), flow] += figure
    return {key: +figures for key, figures in sums.items()}


@pytest.mark.parametrize(("seed", "days"), [(7, 1), (8, 2), (123, 1), (4_711, 1)])
def test_sellers_and_amounts_are_the_oracles(seed: int, days: int) -> None:
    city = City(seed, SCALE)
    read = Read(city, days)
    for name in ("cheese", "pork"):
        incident = city.oracle.incident(name)
        assert incident.documented() == incident.everybody.keys()
        assert told(read, read.confirmed(incident)) == truth(incident)


def test_dates_grow_younger_at_the_two_who_print_them_alone() -> None:
    city = City(7, SCALE)
    read = Read(city, 1)
    where = {
        (lot.holder, lot.location)
        for lot, printed in read.printed.items()
        if any(younger_dates(printed))
    }
    tampered = (incident.tampering for incident in city.oracle.incidents)
    assert where == {tampering.site for tampering in tampered if tampering is not None}


@pytest.mark.parametrize("seed", [3, 7, 11])
def test_the_traced_receipt_leads_to_the_oracles_farms(seed: int) -> None:
    city = City(seed, SCALE)
    read = Read(city, 1)
    receipt = city.traced_receipt()
    bought = {
        fact.value.lot
        for fact in read.lineage.facts
        if fact.name == "retail"
        and (fact.value.lot.holder, fact.value.lot.location) == receipt.seller
        and fact.value.lot.code == receipt.goods[0].code
    }
    assert len(bought) == 1
    above = read.lineage.upstream(bought)
    roots = {
        (lot.holder, lot.location)
        for lot, reach in above.items()
        if reach.confirmed and not read.lineage.graph.up.get((lot, True))
    }
    assert roots == receipt.origins()
