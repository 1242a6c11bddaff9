"""The planted incidents, as the oracle's own books have them, over many seeds."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foodtrace_city import CITY, FIRST_DAY, City, Document, Incident, Scale
from foodtrace_city.chance import chance_for
from foodtrace_city.codes import mistyped

SMALL = Scale(sites=260, products=120, trades=150, receipts=150)
BAGS = 4_890 * 1_000_000


def check_cheese(incident: Incident) -> None:
    assert len(incident.sellers) == 45
    assert incident.opened == BAGS
    assert sum(incident.found().values()) == BAGS
    for seller in incident.everybody.values():
        for amounts in seller.amounts.values():
            assert amounts.stock >= 0
    tampering = incident.tampering
    assert tampering is not None
    assert tampering.site in incident.sellers
    assert tampering.printed_date > tampering.true_date
    assert tampering.documents


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 1_000_000))
def test_the_cheese_is_with_45_sellers_and_every_bag_is_somewhere(seed: int) -> None:
    city = City(seed, SMALL)
    for _document in city.history():
        pass
    check_cheese(city.oracle.incident("cheese"))


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 1_000_000))
def test_the_incidents_stay_whole_while_the_city_trades_on(seed: int) -> None:
    city = City(seed, SMALL)
    for _document in city.days(3):
        pass
    check_cheese(city.oracle.incident("cheese"))
    pork = city.oracle.incident("pork")
    assert len(pork.sellers) >= 14
    assert sum(pork.found().values()) == pork.opened == 88 * 1_000_000
    receipt = city.traced_receipt()
    assert len(receipt.origins()) == 3
    assert receipt.seller in pork.sellers


def test_the_largest_city_has_the_same_cheese() -> None:
    city = City(11, CITY)
    for _document in city.history():
        pass
    check_cheese(city.oracle.incident("cheese"))


def played(seed: int = 7) -> tuple[City, list[Document]]:
    city = City(seed, SMALL)
    return city, list(city.day(FIRST_DAY))


def test_another_makers_batch_has_the_same_code() -> None:
    city, documents = played()
    code = city.oracle.incident("cheese").code
    batches = {
        (line["manufacturer"], line["product"]["product_id"])
        for document in documents
        for line in document.body.get("lines", ())
        if line.get("batch_code") == code
    }
    assert len(batches) == 2


def test_the_same_cheese_is_sold_in_other_batches_too() -> None:
    city, documents = played()
    cheese = city.oracle.incident("cheese")
    codes = {
        line["batch_code"]
        for document in documents
        if document.kind == "trade"
        for line in document.body["lines"]
        if line["product"].get("product_id") == cheese.product and "batch_code" in line
    }
    assert len(codes) == 3


def test_only_the_tamperer_prints_a_date_younger_than_what_it_got() -> None:
    """Seen from the documents alone: dates that came in and dates that went out, by holder."""
    city, documents = played()
    cheese = city.oracle.incident("cheese")
    came, went = defaultdict(set), defaultdict(set)
    for document in documents:
        for line in document.body.get("lines", ()):
            mine = line["product"].get("product_id") == cheese.product
            if not mine or line.get("batch_code") != cheese.code:
                continue
            if document.kind == "trade":
                came[document.body["buyer"]["party"]].add(line["production_date"])
                went[document.body["seller"]["party"]].add(line["production_date"])
            elif document.kind == "commissioning":
                came[document.body["holder"]["party"]].add(line["production_date"])
    younger = {party for party, dates in went.items() if max(dates) > max(came[party])}
    assert cheese.tampering is not None
    assert younger == {cheese.tampering.site[0]}


def test_a_child_comes_before_its_parent() -> None:
    """Somebody's sales of the cheese are reported before its own purchase."""
    city, documents = played()
    cheese = city.oracle.incident("cheese")
    sold: set[str] = set()
    overtaken = set()
    for document in documents:
        if document.kind == "trade" and document.body["lines"][0].get("batch_code") == cheese.code:
            sold.add(document.body["seller"]["party"])
            overtaken |= sold & {document.body["buyer"]["party"]}
    assert overtaken


@pytest.mark.parametrize("seed", range(20))
def test_a_typo_is_a_code_that_nobody_has(seed: int) -> None:
    code = "3590000150000005"
    assert len(mistyped(chance_for(seed, "typo"), code)) != len(code)
