"""Nobody sells what it doesn't have, once the documents that take mistakes back are in.

Counted from the documents alone, by product and unit, with nothing of the city's own books.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from foodtrace.identity import event_id
from foodtrace_city import FIRST_DAY, City, Document, Scale

SCALE = Scale(sites=300, products=130, trades=300, receipts=400, mistakes=0.15)
Key = tuple[str, str, str, str]


def live(documents: Iterable[Document]) -> list[Document]:
    """What still holds: the highest revision of each, without what was declared void."""
    newest: dict[tuple[str, str, str], Document] = {}
    voided = set()
    for document in documents:
        source, kind, own, revision = document.key
        if kind == "void":
            voided.add(document.body["target_event_id"])
        held = newest.get((source, kind, own))
        if held is None or held.key[3] < revision:
            newest[source, kind, own] = document
    return [d for d in newest.values() if str(event_id(*d.key)) not in voided]


def amounts(line: dict[str, Any]) -> Iterator[tuple[str, Decimal]]:
    if "count" in line:
        count, amount = line["count"], Decimal(line["count"]["amount"])
        # A case holds 24; whoever counts in cases means the pieces that the register declares.
        yield ("piece", amount * 24) if count["unit"] == "箱" else ("piece", amount)
    if "net_mass" in line:
        factor = Decimal("0.5") if line["net_mass"]["unit"] == "斤" else Decimal(1)
        yield "kg", Decimal(line["net_mass"]["amount"]) * factor


GIVERS = ("seller", "issuer", "returner", "origin")
TAKERS = ("buyer", "receiver", "destination")
USES = {"receipt": -1, "disposal": -1, "consumption": -1, "commissioning": +1}
Move = tuple[dict[str, str], dict[str, Any], int]


def moves(document: Document) -> Iterator[Move]:
    """(holder, line, +1 or -1) for everything that comes to or leaves a shelf."""
    body = document.body
    giver: dict[str, str] = next((body[name] for name in (*GIVERS, "holder") if name in body), {})
    taker = next((body[name] for name in TAKERS if name in body), None)
    sign = USES.get(document.kind, 0)
    if document.kind == "adjustment":
        sign = {"gain": +1, "loss": -1}[body["change"]]
    for line in body.get("lines", ()):
        if taker is not None:
            yield giver, line, -1
            yield taker, line, +1
        elif sign:
            yield giver, line, sign
    for line in body.get("inputs", ()):
        yield giver, line, -1
    for line in body.get("outputs", ()):
        # On commission what was made is its owner's, at the place where it was made.
        yield {**giver, "party": giver.get("owner", giver["party"])}, line, +1


def counting(documents: Iterable[Document]) -> Iterator[Document]:
    """What moves goods: no orders and payments, and of two reports of one trade the seller's."""
    every = list(documents)
    shipped = {trade(d) for d in every if d.body["envelope"].get("aspect") == "shipped"}
    for document in every:
        aspect = document.body["envelope"].get("aspect")
        again = aspect == "received" and trade(document) in shipped
        if aspect not in ("ordered", "paid") and not again:
            yield document


def trade(document: Document) -> tuple[str, str]:
    return document.body["seller"]["party"], document.body["envelope"]["trade_no"]


def other_names(documents: Iterable[Document]) -> dict[str, str]:
    """Ids under which the register knows a party or product too."""
    names: dict[str, str] = {}
    for document in documents:
        body = document.body
        if document.kind == "merge":
            names[body["party"]] = body["into"]
        elif document.kind in ("party", "product"):
            for alias in body.get("aliases", ()):
                names[alias["code"]] = body[document.kind]
    return names


def stock(documents: Iterable[Document]) -> Counter[Key]:
    held: Counter[Key] = Counter()
    every = list(documents)
    names = other_names(every)
    for document in counting(every):
        for holder, line, sign in moves(document):
            if "party" not in holder:
                continue  # A stranger: nobody knows what he has.
            product = line["product"].get("product_id") or line["product"]["local_code"]
            for unit, amount in amounts(line):
                who, what = holder["party"], product
                key = (names.get(who, who), holder["location"], names.get(what, what), unit)
                held[key] += sign * int(amount * 1_000_000)
    return held


def played(city: City, days: int) -> list[Document]:
    return [*city.days(days), *city.stragglers()]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nobody_sells_more_than_it_has_but_the_launderer(seed: int) -> None:
    """Who sells beans that came by no document is the one planted exception."""
    city = City(seed, SCALE)
    held = stock(live(played(city, 4)))
    laundered = city.oracle.incident("voucher")
    (where,) = laundered.sources
    assert {key for key, amount in held.items() if amount < 0} == {
        (*where, laundered.product, "kg")
    }


def test_mistakes_oversell_until_they_are_taken_back() -> None:
    """Without voids and revisions the same documents don't balance: the mistakes are real."""
    documents = played(City(1, SCALE), 1)
    assert {d.mistake for d in documents} == {None, "retry", "late", "typo", "twice", "amount"}
    assert min(stock(documents).values()) < 0


def test_a_retry_is_the_same_document_and_a_correction_the_next_revision() -> None:
    documents = list(City(1, SCALE).day(FIRST_DAY))
    known: dict[tuple[str, str, str, int], str] = {}
    for document in documents:
        line = known.setdefault(document.key, document.line())
        assert line == document.line()
        assert document.mistake != "retry" or document.key in known
    for document in documents:
        if document.mistake == "amount":
            source, kind, own, _revision = document.key
            assert (source, kind, own, 1) in known
