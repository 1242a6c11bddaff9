"""The list of flags and the view of one trade at the door: what is told, to whom, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from foodtrace.flags import FLAGS
from foodtrace_ops.settings import Settings
from support.cheese import CODE, DEALER, SHOPS, Doc, bags, city, sale
from support.door import asking, issued, push

TRADE: dict[str, Any] = {"trade_no": "T-77", "order_reference": "PO-1"}
DAY = "2026-05-21"


def reports() -> list[Doc]:
    """The dealer says 20, the shop 18; an order, and a payment that knows only the order."""
    seller = {**TRADE, "reporter": DEALER, "aspect": "shipped", "voucher_numbers": ["NONE-1"]}
    buyer = {**TRADE, "reporter": SHOPS[0], "aspect": "received"}
    order = {**TRADE, "aspect": "ordered"}
    paid = {"order_reference": "PO-1", "aspect": "paid", "payment_digest": "ab12"}
    plain: dict[str, Any] = {"batch_code": None, "production_date": None}
    return [
        sale("w-1", DEALER, SHOPS[0], bags(20), envelope=seller),
        sale("w-1", DEALER, SHOPS[0], bags(18, **plain), envelope=buyer, source="shop"),
        sale("o-1", DEALER, SHOPS[0], bags(25), envelope=order),
        sale("p-1", DEALER, SHOPS[0], bags(18), envelope=paid),
    ]


@pytest.fixture(scope="module")
def ops(
    module_door: str, module_keys: dict[str, str], module_settings: Settings
) -> Iterator[httpx.Client]:
    with asking(module_door, module_keys["ops"]) as client:
        push(client, module_settings, *city(), *reports())
        push(client, module_settings, sale("t-8", SHOPS[1], "LATE", bags(90)))
        yield client


def listed(client: httpx.Client, **params: Any) -> Any:
    found = client.get("/v1/flags", params=params)
    assert found.status_code == httpx.codes.OK, found.text
    return found.json()


def test_the_list_tells_each_flag_with_its_lot_and_document(ops: httpx.Client) -> None:
    page = listed(ops)
    assert (page["first_day"], page["last_day"]) == ("2026-05-15", DAY)
    by_code = {each["code"]: each for each in page["flags"]}
    assert set(by_code) == {
        *("code.never-issued", "lot.never-received", "lot.oversold"),
        *("party.unknown", "trade.reports-differ"),
    }
    oversold = by_code["lot.oversold"]
    assert (oversold["holder"], oversold["lot"]["code"], oversold["day"]) == (SHOPS[1], CODE, DAY)
    assert oversold["document"]["kind"] == "trade"
    assert oversold["detail"] == "20 → 90 袋"
    assert by_code["code.never-issued"]["detail"] == "NONE-1"
    assert by_code["trade.reports-differ"]["holder_name"] == "批发商"
    assert all(FLAGS[each["code"]].zh == each["zh"] for each in page["flags"])


def test_pages_and_filters_fit_together(ops: httpx.Client) -> None:
    whole = listed(ops)["flags"]
    found, cursor = [], None
    while True:
        page = listed(ops, limit=2, **({"cursor": cursor} if cursor else {}))
        found += page["flags"]
        cursor = page["next"]
        if cursor is None:
            break
    assert found == whole
    two = listed(ops, code=["lot.oversold", "party.unknown"])["flags"]
    assert two == [e for e in whole if e["code"] in ("lot.oversold", "party.unknown")]
    assert {e["holder"] for e in listed(ops, party=SHOPS[1].lower())["flags"]} == {SHOPS[1]}
    assert listed(ops, **{"from": "2026-05-22"})["flags"] == []
    wrong = ops.get("/v1/flags", params={"code": "no.such"})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "request.invalid")
    stray = ops.get("/v1/flags", params={"cursor": "x", "limit": 2})
    assert stray.json()["code"] == "request.bad-cursor"
    table = ops.get("/v1/flags/codes").json()
    assert {each["code"] for each in table} == set(FLAGS)


def test_a_party_sees_its_own_flags_and_nobody_sees_any_without_a_key(
    ops: httpx.Client, module_door: str
) -> None:
    key = issued(ops, role="party", party=SHOPS[1], source="s1")
    assert {e["holder"] for e in ops.get("/v1/flags", headers=key).json()["flags"]} == {SHOPS[1]}
    foreign = ops.get("/v1/flags", params={"party": DEALER}, headers=key)
    assert (foreign.status_code, foreign.json()["code"]) == (403, "auth.forbidden")
    sent = issued(ops, role="reporter", reporter=SHOPS[0], source="shop")
    told = ops.get("/v1/flags", headers=sent).json()["flags"]
    assert {each["document"]["source"] for each in told} <= {"shop"}
    with asking(module_door) as nobody:
        assert nobody.get("/v1/flags").status_code == httpx.codes.UNAUTHORIZED


def test_one_trade_with_both_reports_its_order_and_its_payment(ops: httpx.Client) -> None:
    asked = {"seller": DEALER.lower(), "trade_no": "t-77"}
    trade = ops.get("/v1/trades", params=asked).json()
    assert (trade["seller"], trade["trade_no"], trade["buyers"]) == (DEALER, "T-77", [SHOPS[0]])
    assert [(e["told_by"], e["aspect"]) for e in trade["reports"]] == [
        ("seller", "shipped"),
        ("buyer", "received"),
    ]
    (line,) = trade["lines"]
    assert (line["out"], line["into"], line["unit"], line["differs"]) == ("20", "18", "袋", True)
    assert sorted(each["amount"] for each in line["said"]) == ["18", "20"]
    assert [each["document"]["event_id"] for each in trade["orders"]]
    assert [each["payment_digest"] for each in trade["payments"]] == ["ab12"]
    assert len(trade["differences"]) == 1
    assert trade["limited"] is False


def test_a_trade_is_seen_by_its_parties_and_in_part_by_a_reporter(ops: httpx.Client) -> None:
    asked = {"seller": DEALER, "trade_no": "T-77"}
    buyer = issued(ops, role="party", party=SHOPS[0], source="s0")
    assert len(ops.get("/v1/trades", params=asked, headers=buyer).json()["reports"]) == 2
    sent = issued(ops, role="reporter", reporter=SHOPS[0], source="shop")
    part = ops.get("/v1/trades", params=asked, headers=sent).json()
    assert (len(part["reports"]), part["limited"], part["lines"][0]["out"]) == (1, True, "18")
    other = issued(ops, role="party", party=SHOPS[2], source="s2")
    refused = ops.get("/v1/trades", params=asked, headers=other)
    assert (refused.status_code, refused.json()["code"]) == (404, "trade.unknown")
