"""Every true seller of every incident is reached by the reference lineage, in any order, doubled.

Confirmed are just those whom documents join by codes; whoever lies behind stock without codes is
among the possible ones.
"""

from __future__ import annotations

from random import Random

import pytest

from foodtrace.lineage import Lineage
from foodtrace.lots import LotKey, LotKind
from foodtrace_city import City, Document, Incident, Scale
from foodtrace_schemas import json_form
from support.city_truth import Told, batch_of, check, other_ids, root_lots

WEEK = 6
SMALL = Scale(sites=260, products=120, trades=50, receipts=40, mistakes=0.1)
INCIDENTS = ("cheese", "pork", "dates", "voucher", "mixed", "returned", "stranger")


def played(seed: int) -> tuple[City, list[Document]]:
    city = City(seed, SMALL)
    return city, [*city.days(WEEK), *city.stragglers()]


def begins(lineage: Lineage, incident: Incident) -> set[LotKey]:
    if incident.roots:
        return set(root_lots(incident))
    batch = batch_of(incident)
    claims = (fact.value for fact in lineage.facts if fact.name == "claims")
    return {claim.lot for claim in claims if claim.batch == batch}


def told(lineage: Lineage, incident: Incident, documents: list[Document]) -> Told:
    reached = lineage.downstream(begins(lineage, incident))
    named = (
        (lot.holder, lot.location, reach.confirmed)
        for lot, reach in reached.items()
        if lot.kind is not LotKind.PROCESS
    )
    return Told.of(named, other_ids(documents))


@pytest.mark.parametrize("seed", [7, 8])
def test_every_true_seller_is_reached_and_the_confirmed_are_exact(seed: int) -> None:
    city, documents = played(seed)
    assert {incident.name for incident in city.oracle.incidents} == set(INCIDENTS)
    events = [json_form.read(document.line().encode()) for document in documents]
    lineage = Lineage(events)
    assert lineage.contradicted == frozenset()
    for incident in city.oracle.incidents:
        print(check(told(lineage, incident, documents), incident))
    doubled = [*events, *events]
    Random(seed).shuffle(doubled)
    assert Lineage(doubled).facts == lineage.facts
