"""The real ledger, given the city's documents in chunks, answers with the oracle's books."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from foodtrace.lots import BatchKey
from foodtrace_city import City, Incident, Scale
from foodtrace_ledger.affected import Affected, affected
from foodtrace_ledger.answers import Figures
from foodtrace_ledger.engine import make_engine, snapshot
from foodtrace_ledger.roots import of_batches
from foodtrace_schemas import json_form
from support.ledger import push

SCALE = Scale(sites=280, products=125, trades=260, receipts=320, mistakes=0.1)
CHUNK = 400
FLOWS = ("opened", "sold", "retail", "used", "disposed")
Sums = Counter[tuple[str, str]]


def told(figures: tuple[Figures, ...]) -> Sums:
    sums: Sums = Counter()
    for each in figures:
        for flow in FLOWS:
            sums[each.unit, flow] += int(getattr(each, flow) * 1_000_000)
    return +sums


def true(incident: Incident, key: tuple[str, str], *, itself: bool) -> Sums:
    sums: Sums = Counter()
    for (product, unit), amounts in incident.sellers[key].amounts.items():
        if (product == incident.product) is itself:
            for flow in FLOWS:
                sums[unit, flow] += getattr(amounts, flow)
    return +sums


def check(answer: Affected, incident: Incident) -> None:
    named = {(seller.party, seller.location): seller for seller in answer.sellers}
    assert named.keys() == incident.sellers.keys()
    for key, seller in named.items():
        assert seller.confirmed
        assert told(seller.figures) == true(incident, key, itself=True)
        assert told(seller.made_with) == true(incident, key, itself=False)
        assert seller.mixed == ()
        assert seller.receipts == incident.sellers[key].receipts
    assert {(each.party, each.location) for each in answer.source} == incident.sources
    units = sum(t.now.units for t in answer.totals.all if t.unit == incident.unit)
    assert units == Decimal(incident.opened) / 1_000_000
    younger = {(f.holder, f.location) for f in answer.flags if f.code == "date.younger"}
    assert younger == ({incident.tampering.site} if incident.tampering else set())


@pytest.mark.parametrize("seed", [7, 8])
def test_the_ledger_names_the_oracles_sellers_and_amounts(database: str, seed: int) -> None:
    city = City(seed, SCALE)
    events = [json_form.read(document.line().encode()) for document in city.days(1)]
    engine = make_engine(database)
    try:
        for start in range(0, len(events), CHUNK):
            push(engine, *events[start : start + CHUNK])
        for incident in city.oracle.incidents:
            batch = BatchKey(incident.manufacturer, incident.product, incident.code).batch_id
            with snapshot(engine) as conn:
                check(affected(conn, of_batches(conn, [batch]), limit=1_000), incident)
    finally:
        engine.dispose()
