"""进销存 over HTTP: a week of a shop, asked about by day, by product, by lot, and by who may see it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from foodtrace_ops.settings import Settings
from support.cheese import Doc, document, receipt, sale
from support.door import asking, issued, push

MAKER, SHOP, PLACE = "MAKER", "SHOP", "M1-8"


@pytest.fixture(scope="module")
def ops(module_door: str, module_keys: dict[str, str]) -> Iterator[httpx.Client]:
    with asking(module_door, module_keys["ops"]) as client:
        yield client


def line(amount: int, unit: str = "袋", product: str = "MILK", **more: Any) -> Doc:
    quantity = {"amount": str(amount), "unit": unit}
    return {"line_no": 1, "product": {"product_id": product}, "count": quantity, **more}


def on(day: int, made: Doc) -> Doc:
    made["envelope"]["business_date"] = f"2026-05-{day}"
    made["envelope"]["occurred_at"] = f"2026-05-{day}T05:30:00Z"
    return made


def at_shop(made: Doc, side: str) -> Doc:
    made[side] = {"party": SHOP, "location": PLACE}
    return made


@pytest.fixture(scope="module", autouse=True)
def filled(ops: httpx.Client, module_settings: Settings) -> None:
    """2 cases of milk on the 18th, bags sold on the 19th and 20th, counted and returned; cheese by
    two reports that differ; eggs that nobody ever delivered."""
    milk = document(
        "product",
        "p-1",
        product="MILK",
        name="鲜牛奶",
        conversions=[{"unit": "箱", "equals": {"amount": "24", "unit": "袋"}}],
    )
    seller, buyer = (
        at_shop(
            on(18, sale("t-2", MAKER, SHOP, line(amount, product="CHEESE", lot_codes=[{"code": "X"}]),
                        envelope={"trade_no": "N-1", "reporter": reporter, "source": source})),
            "buyer",
        )
        for amount, reporter, source in ((10, MAKER, "maker-erp"), (8, SHOP, "shop-erp"))
    )  # fmt: skip
    counted = document(
        "stocktake",
        "k-1",
        holder={"party": SHOP, "location": PLACE},
        counts=[
            {"line_no": 1, "product": {"product_id": "MILK"}, "found": "7", "unit": "袋"},
        ],
    )
    push(
        ops,
        module_settings,
        milk,
        document(
            "location", "l-1", location=PLACE, name="八号摊", location_kind="stall", parent="M1"
        ),
        at_shop(on(18, sale("t-1", MAKER, SHOP, line(2, "箱"))), "buyer"),
        seller,
        buyer,
        at_shop(on(19, receipt("r-1", SHOP, line(30))), "seller"),
        at_shop(on(20, receipt("r-2", SHOP, line(20))), "seller"),
        at_shop(on(20, receipt("r-3", SHOP, line(6, "盒", "EGGS"))), "seller"),
        on(19, counted),
    )


def asked(client: httpx.Client, **params: Any) -> Doc:
    answer = client.get("/v1/stock", params=params)
    assert answer.status_code == httpx.codes.OK, answer.text
    told: Doc = answer.json()
    return told


def lines(told: Doc) -> dict[str, Doc]:
    return {each["product"]: each for each in told["lines"] if each["party"] == SHOP}


def test_the_equation_is_told_in_each_unit_and_in_the_smallest(ops: httpx.Client) -> None:
    milk = lines(asked(ops, party="shop"))["MILK"]
    assert (milk["product_name"], milk["location_name"]) == ("鲜牛奶", "八号摊")
    assert {e["unit"]: e["book_stock"] for e in milk["equations"]} == {"箱": "2", "袋": "-50"}
    one = milk["comparable"]
    assert (one["unit"], one["opened"], one["retail"], one["book_stock"]) == (
        "袋",
        "48",
        "50",
        "-2",
    )
    (odd,) = milk["odd"]
    assert (odd["code"], odd["first"], odd["lowest"]) == ("lot.oversold", "2026-05-20", "-2")
    assert odd["zh"]
    assert odd["en"]


def test_a_day_before_it_was_sold_everything_adds_up(ops: httpx.Client) -> None:
    milk = lines(asked(ops, party=SHOP, at="2026-05-19"))["MILK"]
    assert milk["odd"] == []
    assert milk["comparable"]["book_stock"] == "18"
    later = lines(asked(ops, party=SHOP, **{"from": "2026-05-20"}))["MILK"]["comparable"]
    assert (later["opening"], later["opened"], later["retail"]) == ("18", "0", "20")


def test_what_was_counted_stands_beside_the_books(ops: httpx.Client) -> None:
    milk = lines(asked(ops, party=SHOP))["MILK"]
    (found,) = milk["found"]
    assert (found["found"], found["unit"], found["day"]) == ("7", "袋", "2026-05-19")
    assert found["book_stock"] == "-30"
    assert found["lot"] is None
    assert found["document"]["kind"] == "stocktake"


def test_reports_that_differ_are_both_shown_and_one_counts(ops: httpx.Client) -> None:
    cheese = lines(asked(ops, party=SHOP, product="cheese"))["CHEESE"]
    (trade,) = cheese["differing"]
    told = [(each["voice"], each["amount"], each["counts"]) for each in trade["reports"]]
    assert told == [("taker", "8", True), ("giver", "10", False)]
    assert cheese["equations"][0]["opened"] == "8"


def test_a_market_is_asked_about_with_all_its_stalls(ops: httpx.Client) -> None:
    assert lines(asked(ops, location="M1")) == lines(asked(ops, location=PLACE))
    assert asked(ops, location=PLACE)["location_name"] == "八号摊"
    assert lines(asked(ops, location="M1", party=SHOP))["MILK"]["location"] == PLACE


def test_sold_without_ever_coming_in_is_named(ops: httpx.Client) -> None:
    (odd,) = lines(asked(ops, location=PLACE))["EGGS"]["odd"]
    assert (odd["code"], odd["first"]) == ("lot.never-received", "2026-05-20")


def test_pages_go_by_product(ops: httpx.Client) -> None:
    first = asked(ops, party=SHOP, limit=2)
    rest = asked(ops, party=SHOP, limit=2, cursor=first["next"])
    assert [each["product"] for each in first["lines"]] == ["CHEESE", "EGGS"]
    assert [each["product"] for each in rest["lines"]] == ["MILK"]
    assert (first["product_count"], rest["next"]) == (3, None)


def test_one_lot_has_its_own_book(ops: httpx.Client) -> None:
    found = ops.get("/v1/lots", params={"code": "X"}).json()
    lot = next(e for each in found["traces"] for e in each["lots"] if e["holder"] == SHOP)
    told = ops.get(f"/v1/lots/{lot['lot_id']}/stock").json()["stock"]
    assert told["equations"][0]["book_stock"] == "8"
    assert told["differing_count"] == 1


@pytest.mark.parametrize(
    ("params", "status", "code"),
    [
        ({}, 400, "request.invalid"),
        ({"party": "nobody"}, 404, "party.unknown"),
        ({"location": "nowhere"}, 404, "location.unknown"),
        ({"party": SHOP, "product": "nothing"}, 404, "product.unknown"),
        ({"party": SHOP, "from": "2026-05-20", "at": "2026-05-19"}, 400, "date.impossible"),
        ({"party": SHOP, "cursor": "x"}, 400, "request.bad-cursor"),
    ],
)
def test_what_cannot_be_answered_is_named(
    ops: httpx.Client, params: Doc, status: int, code: str
) -> None:
    answer = ops.get("/v1/stock", params=params)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_everybody_sees_what_is_theirs(ops: httpx.Client, module_door: str) -> None:
    with asking(module_door) as nobody:
        assert nobody.get("/v1/stock", params={"party": SHOP}).status_code == 401
    own = issued(ops, role="party", party=SHOP, source="shop-till")
    told = ops.get("/v1/stock", headers=own).json()
    assert set(lines(told)) == {"CHEESE", "EGGS", "MILK"}
    refused = ops.get("/v1/stock", params={"party": MAKER}, headers=own)
    assert (refused.status_code, refused.json()["code"]) == (403, "auth.forbidden")
    lot = ops.get("/v1/lots", params={"party": MAKER}).json()["lots"][0]["lot_id"]
    assert ops.get(f"/v1/lots/{lot}/stock").status_code == 200
    assert ops.get(f"/v1/lots/{lot}/stock", headers=own).json()["code"] == "lot.unknown"


def test_a_market_sees_its_stalls(ops: httpx.Client) -> None:
    market = issued(ops, role="reporter", reporter="m1", source="m1-erp")
    asked_for = {"location": PLACE, "at": "2026-05-20"}
    assert ops.get("/v1/stock", params=asked_for, headers=market).status_code == 403
    mandate = {"reporter": "m1", "market": "M1", "valid_from": "2026-05-01"}
    assert ops.post("/v1/mandates", json=mandate).status_code == 201
    told = ops.get("/v1/stock", params=asked_for, headers=market).json()
    assert {each["party"] for each in told["lines"]} == {SHOP}
    elsewhere = ops.get("/v1/stock", params={"party": MAKER}, headers=market)
    assert elsewhere.status_code == 403
