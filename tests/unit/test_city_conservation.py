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
        yield line["count"]["unit"], Decimal(line["count"]["amount"])
    if "net_mass" in line:
        factor = Decimal("0.5") if line["net_mass"]["unit"] == "斤" else Decimal(1)
        yield "kg", Decimal(line["net_mass"]["amount"]) * factor


def moves(document: Document) -> Iterator[tuple[dict[str, str], dict[str, Any], int]]:
    """(holder, line, +1 or -1) for everything that comes to or leaves a shelf."""
    body = document.body
    giver = body.get("seller", body.get("issuer", {}))
    taker = body.get("buyer", body.get("receiver", {}))
    for line in body.get("lines", ()):
        if document.kind in ("trade", "voucher"):
            yield giver, line, -1
            yield taker, line, +1
        elif document.kind == "receipt":
            yield giver, line, -1
        elif document.kind == "commissioning":
            yield body["holder"], line, +1
        elif document.kind == "disposal":
            yield body["holder"], line, -1
    for line in body.get("inputs", ()):
        yield body["holder"], line, -1
    for line in body.get("outputs", ()):
        yield body["holder"], line, +1


def stock(documents: Iterable[Document]) -> Counter[Key]:
    held: Counter[Key] = Counter()
    for document in documents:
        for holder, line, sign in moves(document):
            for unit, amount in amounts(line):
                product = line["product"]["product_id"]
                key = (holder["party"], holder["location"], product, unit)
                held[key] += sign * int(amount * 1_000_000)
    return held


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nobody_sells_more_than_it_has(seed: int) -> None:
    documents = list(City(seed, SCALE).days(2))
    held = stock(live(documents))
    assert {key: amount for key, amount in held.items() if amount < 0} == {}


def test_mistakes_oversell_until_they_are_taken_back() -> None:
    """Without voids and revisions the same documents don't balance: the mistakes are real."""
    documents = list(City(1, SCALE).day(FIRST_DAY))
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
