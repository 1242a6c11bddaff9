"""The real ledger, given the city's documents in chunks, answers with the oracle's books.

Exact for the two cases whose documents bear codes throughout; of the others the confirmed sellers
are exact and the possible ones hold all true ones, also when documents come shuffled and doubled.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from random import Random

import pytest
from sqlalchemy import Connection

from foodtrace.events import Event
from foodtrace_city import City, Document, Incident, Scale
from foodtrace_ledger.affected import Affected, affected
from foodtrace_ledger.answers import Figures
from foodtrace_ledger.engine import make_engine, snapshot
from foodtrace_ledger.roots import of_batches, of_lots
from foodtrace_schemas import json_form
from support.city_truth import Told, batch_of, check, other_ids, root_lots
from support.ledger import push

SCALE = Scale(sites=280, products=125, trades=260, receipts=320, mistakes=0.1)
SMALL = Scale(sites=260, products=120, trades=40, receipts=30, mistakes=0.1)
TIDY = ("cheese", "pork")
DAYS = 4  # by then every incident has reached the last of its sellers
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


def check_books(answer: Affected, incident: Incident) -> None:
    named = {(s.party, s.location): s for s in answer.sellers if s.confirmed}
    assert named.keys() == incident.sellers.keys()
    for key, seller in named.items():
        assert told(seller.figures) == true(incident, key, itself=True)
        assert told(seller.made_with) == true(incident, key, itself=False)
        assert seller.receipts == incident.sellers[key].receipts
    assert {(each.party, each.location) for each in answer.source} == incident.sources
    units = sum(t.now.units for t in answer.totals.all if t.unit == incident.unit)
    assert units == Decimal(incident.opened) / 1_000_000
    younger = {(f.holder, f.location) for f in answer.flags if f.code == "date.younger"}
    assert younger == ({incident.tampering.site} if incident.tampering else set())


@contextmanager
def filled(database: str, events: list[Event]) -> Iterator[Connection]:
    """A snapshot of a ledger that took these events in, chunk by chunk."""
    engine = make_engine(database)
    try:
        for start in range(0, len(events), CHUNK):
            push(engine, *events[start : start + CHUNK])
        with snapshot(engine) as conn:
            yield conn
    finally:
        engine.dispose()


def asked(conn: Connection, incident: Incident) -> Affected:
    roots = (
        of_lots(conn, [lot.lot_id for lot in root_lots(incident)])
        if incident.roots
        else of_batches(conn, [batch_of(incident).batch_id])
    )
    return affected(conn, roots, limit=1_000)


def named(answer: Affected, documents: list[Document]) -> Told:
    """Sellers and sources, by the one id of each party."""
    sellers = [(s.party, s.location, s.confirmed) for s in answer.sellers]
    sources = [(s.party, s.location) for s in answer.source]
    return Told.of(sellers, other_ids(documents), sources)


@pytest.mark.parametrize("seed", [7, 8])
def test_the_ledger_names_the_oracles_sellers_and_amounts(database: str, seed: int) -> None:
    city = City(seed, SCALE)
    events = [json_form.read(document.line().encode()) for document in city.days(1)]
    with filled(database, events) as conn:
        for name in TIDY:
            incident = city.oracle.incident(name)
            check_books(asked(conn, incident), incident)


def test_every_true_seller_is_found_shuffled_and_doubled(database: str) -> None:
    city = City(9, SMALL)
    documents = [*city.days(DAYS), *city.stragglers()]
    events = [json_form.read(document.line().encode()) for document in documents]
    doubled = [*events, *events]
    Random(9).shuffle(doubled)
    with filled(database, doubled) as conn:
        for incident in city.oracle.incidents:
            print(check(named(asked(conn, incident), documents), incident))
