"""Goods found by the web address on their package (GS1 Digital Link)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection

from foodtrace.events.line import Line, LotCode, ProductRef
from foodtrace.events.location import Location
from foodtrace.events.master import Alias
from foodtrace.events.product import Product
from foodtrace.problems import TheirFault
from foodtrace_ledger import links
from foodtrace_ledger.engine import make_engine, snapshot
from support.ledger import bags, push, trade
from support.small import envelope

GTIN, OTHER, SSCC, GLN = "06901234567892", "06291041500213", "106141412345678908", "6291041500213"
HOST = "https://id.gs1.org"


def line(product: ProductRef, **more: Any) -> Line:
    return Line(line_no=1, product=product, count=bags(1), **more)


MINE, THEIRS = ProductRef(product_id="cheese"), ProductRef(gtin=OTHER)
PRINTED = f"{HOST}/01/{GTIN}/10/P1"


@pytest.fixture(scope="module")
def conn(module_database: str) -> Iterator[Connection]:
    engine = make_engine(module_database)
    push(
        engine,
        Product(envelope=envelope("product", "1"), product="CHEESE", name="奶酪", gtin=GTIN[1:]),
        Location(
            envelope=envelope("location", "1"),
            location="M1",
            name="市场",
            location_kind="market",
            aliases=(Alias(scheme="gln", code=GLN),),
        ),
        trade("1", "A", "B", line(MINE, batch_code="L/1")),
        trade("2", "A", "B", line(ProductRef(gtin=GTIN[1:]), batch_code="L/1")),
        trade("3", "C", "D", line(THEIRS, batch_code="L/1")),
        trade("4", "A", "B", line(MINE, lot_codes=(LotCode(code="S1"),))),
        trade("5", "C", "D", line(THEIRS, lot_codes=(LotCode(code="S1"),))),
        trade("6", "A", "B", line(MINE, lot_codes=(LotCode(code=SSCC),))),
        trade("7", "E", "F", line(MINE, lot_codes=(LotCode(code=PRINTED),))),
        trade("8", "G", "H", line(MINE, batch_code="p1")),
    )
    with snapshot(engine) as made:
        yield made
    engine.dispose()


def test_a_lot_of_a_product_is_found_under_all_its_keys_and_no_other_product(
    conn: Connection,
) -> None:
    found = links.find(conn, f"http://brand.example/x/01/{GTIN}/10/l%2F1?17=261231")
    assert {each.batch.product for each in found.batches} == {"CHEESE", GTIN}
    assert {each.batch.product for each in links.find(conn, "L/1").batches} == {
        "CHEESE",
        GTIN,
        OTHER,
    }


def test_a_serial_number_is_one_product_s(conn: Connection) -> None:
    (found,) = links.find(conn, f"{HOST}/01/{GTIN}/21/S1").traces
    assert {lot.holder for lot in found.lots} == {"A", "B"}
    assert links.find(conn, "S1").candidates == 2


def test_units_and_places_are_found(conn: Connection) -> None:
    assert links.find(conn, f"{HOST}/00/{SSCC}").candidates == 1
    found = links.find(conn, f"{HOST}/414/{GLN}")
    assert [(each.kind, each.subject) for each in found.named] == [("location", "M1")]
    assert found.candidates == 0


def test_a_link_printed_as_a_code_is_found_beside_what_it_means(conn: Connection) -> None:
    found = links.find(conn, PRINTED)
    assert {lot.holder for each in found.traces for lot in each.lots} == {"E", "F"}
    assert [each.batch.code for each in found.batches] == ["P1"]


def test_a_product_alone_is_no_lot(conn: Connection) -> None:
    with pytest.raises(TheirFault, match=r"link\.no-lot"):
        links.find(conn, f"{HOST}/01/{GTIN}")
