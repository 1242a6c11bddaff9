"""A recall seen from one place, in groups, and with the names of its day, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from foodtrace_ops.settings import Settings
from support.cheese import bags, receipt
from support.door import asking, push
from support.market import (
    CHAIN,
    CODE,
    GLN,
    MAKER,
    MARKET,
    SHOPS,
    STALLS,
    STRANGERS_KEY,
    market,
    sold_there,
)


@pytest.fixture(scope="module")
def ops(
    module_door: str, module_keys: dict[str, str], module_settings: Settings
) -> Iterator[httpx.Client]:
    with asking(module_door, module_keys["ops"]) as client:
        push(client, module_settings, *market(), *sold_there())
        yield client


def got(client: httpx.Client, path: str, headers: Any = None, **params: Any) -> Any:
    answer = client.get(path, params=params or None, headers=headers)
    assert answer.status_code == httpx.codes.OK, answer.text
    return answer.json()


def refused(client: httpx.Client, path: str, headers: Any = None, **params: Any) -> tuple[int, str]:
    answer = client.get(path, params=params or None, headers=headers)
    return answer.status_code, answer.json()["code"]


@pytest.fixture(scope="module")
def batch(ops: httpx.Client) -> str:
    found = got(ops, "/v1/lots", code=CODE, manufacturer=MAKER)
    return str(found["batches"][0]["batch"]["batch_id"])


def parties_of(answer: Any) -> list[tuple[str, str]]:
    return [(each["party"], each["location"]) for each in answer["sellers"]]


def test_a_recall_seen_from_one_market_counts_the_others(ops: httpx.Client, batch: str) -> None:
    path = f"/v1/batches/{batch}/affected"
    whole = got(ops, path)
    assert (whole["seller_count"], whole["within"], whole["groups"]) == (7, None, None)
    answer = got(ops, path, within=MARKET.lower())
    # The first says only who bought: by the register he sits in the market.
    assert parties_of(answer) == [(SHOPS[0], ""), (SHOPS[0], STALLS[0]), (SHOPS[1], STALLS[1])]
    assert answer["within"] == {
        "location": MARKET,
        "name": "第十七市场",
        "places": 3,
        "by_register": 1,
        "outside": {"sellers": 4, "confirmed": 4, "possible": 0},
        "unplaced": {"sellers": 3, "confirmed": 3, "possible": 0},
    }
    assert (answer["seller_count"], answer["totals"]) == (3, whole["totals"])
    pages = [got(ops, path, within=GLN, limit=1)]
    pages.append(got(ops, path, within=GLN, limit=1, cursor=pages[0]["next"]))
    assert [parties_of(page) for page in pages] == [[(SHOPS[0], "")], [(SHOPS[0], STALLS[0])]]
    assert pages[1]["next"] is None
    assert refused(ops, path, within="NOWHERE") == (404, "location.unknown")
    assert refused(ops, path, within=MARKET, cursor=pages[0]["next"]) == (
        400,
        "request.bad-cursor",
    )


def test_a_recall_by_market_party_and_place(ops: httpx.Client, batch: str) -> None:
    path = f"/v1/batches/{batch}/affected"
    markets = got(ops, path, by="market")
    assert (markets["sellers"], markets["group_count"]) == ([], 3)
    told = {each["key"]: each for each in markets["groups"]}
    assert {key: (each["name"], each["confirmed"]["sellers"]) for key, each in told.items()} == {
        "": (None, 4),
        CHAIN: ("大食品连锁", 1),
        MARKET: ("第十七市场", 2),
    }
    assert told[MARKET]["confirmed"]["figures"][0]["opened"] == "80"
    assert told[MARKET]["possible"]["sellers"] == 0
    first = got(ops, path, by="party", limit=1)
    assert [each["key"] for each in first["groups"]] == [STRANGERS_KEY]
    assert first["groups"][0]["unidentified"]["claimed_name"] == "张记水产"
    second = got(ops, path, by="party", limit=1, cursor=first["next"])
    # SHOP-1 at both its places, under the party that it goes on as.
    (big,) = second["groups"]
    assert (big["key"], big["confirmed"]["sellers"]) == ("BIG", 2)
    assert big["confirmed"]["figures"][0]["opened"] == "43"
    stalls = got(ops, path, by="location", within=MARKET)["groups"]
    assert [(each["key"], each["confirmed"]["lots"]) for each in stalls] == [
        ("", 1),
        (STALLS[0], 1),
        (STALLS[1], 1),
    ]


def test_sellers_are_called_as_they_were_and_strangers_told_apart(
    ops: httpx.Client, batch: str
) -> None:
    sellers = {e["party"]: e for e in got(ops, f"/v1/batches/{batch}/affected")["sellers"]}
    shop, stranger = sellers[SHOPS[0]], sellers[STRANGERS_KEY]
    assert (shop["party_name"], shop["party_now"]) == ("老李干酪", "李记奶酪")
    assert (shop["location_name"], shop["unidentified"]) == ("A1 号摊", None)
    assert (stranger["party_name"], stranger["unidentified"]["vehicle_plate"]) == (None, "闽D12345")


def test_a_receipt_and_a_chain_name_the_hands_of_their_days(
    ops: httpx.Client, batch: str, module_settings: Settings, module_door: str
) -> None:
    bought = receipt("r-9", SHOPS[0], bags(1))
    bought["seller"]["location"] = STALLS[0]
    push(ops, module_settings, bought)
    with asking(module_door) as anybody:
        told = got(anybody, "/v1/receipts/code/r-9")
    assert (told["shop"]["name"], told["shop"]["now"]) == ("老李干酪", "李记奶酪")
    (origin, *_) = told["lines"][0]["origins"]
    assert origin["way"][-1] == "老李干酪"
    lots = got(ops, f"/v1/batches/{batch}/downstream", limit=1000)["lots"]
    names = {(e["party_name"], e["party_now"]) for e in lots if e["lot"]["holder"] == SHOPS[0]}
    assert names == {("老李干酪", "李记奶酪")}


def test_the_public_learns_nothing_of_strangers(module_door: str, ops: httpx.Client) -> None:
    with asking(module_door) as anybody:
        told = anybody.get("/v1/receipts/code/r-9")
    assert "张记" not in told.text
    assert "闽D" not in told.text


def test_the_address_on_a_package_finds_its_lot_or_says_what_it_lacks(
    ops: httpx.Client, batch: str
) -> None:
    host = "https://id.gs1.org/01/06901234567892"
    assert refused(ops, "/v1/lots", code=host) == (400, "link.no-lot")
    assert refused(ops, "/v1/lots", code=f"{host}/10/{CODE}") == (404, "code.unknown")


def test_a_lot_names_its_holder_as_he_was_called(ops: httpx.Client, batch: str) -> None:
    lots = got(ops, f"/v1/batches/{batch}/downstream", limit=1000)["lots"]
    told = {
        each["lot"]["holder"]: got(ops, f"/v1/lots/{each['lot']['lot_id']}")
        for each in lots
        if each["lot"]["holder"] in (SHOPS[0], STRANGERS_KEY)
    }
    shop, stranger = told[SHOPS[0]], told[STRANGERS_KEY]
    assert (shop["holder_name"], shop["holder_now"]) == ("老李干酪", "李记奶酪")
    assert (stranger["holder_name"], stranger["unidentified"]["claimed_name"]) == (None, "张记水产")
