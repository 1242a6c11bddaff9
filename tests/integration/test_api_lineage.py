"""From pushed documents to candidates, chains, recalls and receipts over HTTP; all read only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from foodtrace_ops.settings import Settings
from support.cheese import CODE, DEALER, MAKER, OTHER, SHOPS, Doc, city
from support.door import asking, issued, push
from support.fixtures import Broker


@pytest.fixture(scope="module")
def ops(module_door: str, module_keys: dict[str, str]) -> Iterator[httpx.Client]:
    with asking(module_door, module_keys["ops"]) as client:
        yield client


@pytest.fixture(scope="module")
def filled(ops: httpx.Client, module_settings: Settings) -> str:
    """A ledger with the city in it, which no test changes; gives the id of the maker's batch."""
    push(ops, module_settings, *city())
    found = ops.get("/v1/lots", params={"code": CODE, "manufacturer": MAKER}).json()
    return str(found["batches"][0]["batch"]["batch_id"])


def holders(page: Doc) -> set[str]:
    return {each["lot"]["holder"] for each in page["lots"]}


def test_two_makers_of_one_code_are_two_candidates_and_one_batch_in_many_hands_is_one(
    ops: httpx.Client, filled: str
) -> None:
    both = ops.get("/v1/lots", params={"code": " 20260521 "}).json()
    assert both["candidates"] == len(both["batches"]) == 2
    mine = next(each for each in both["batches"] if each["batch"]["manufacturer"] == MAKER)
    assert mine["batch"]["batch_id"] == filled
    assert (mine["lot_count"], mine["holders"]) == (5, 5)
    assert {lot["holder"] for lot in mine["lots"]} == {MAKER, DEALER, *SHOPS}
    pages = [ops.get("/v1/lots", params={"code": CODE, "limit": 1}).json()]
    pages.append(
        ops.get("/v1/lots", params={"code": CODE, "limit": 1, "cursor": pages[0]["next"]}).json()
    )
    assert [len(page["batches"]) for page in pages] == [1, 1]
    assert pages[1]["next"] is None


@pytest.mark.parametrize(
    ("params", "makers"),
    [
        ({"code": CODE, "manufacturer": "other"}, {OTHER}),
        ({"code": CODE, "product": "干酪"}, {MAKER, OTHER}),
        ({"code": CODE, "party": "shop-3"}, {MAKER, OTHER}),
        ({"code": CODE, "party": "shop-1"}, {MAKER}),
        ({"code": CODE, "from": "2026-05-20", "to": "2026-05-20"}, {MAKER, OTHER}),
        ({"product": "cheese"}, {MAKER}),
        ({"product": "干酪"}, {MAKER, OTHER}),
        ({"manufacturer": "乳品"}, {MAKER}),
        ({"from": "2026-05-19", "to": "2026-05-21"}, {MAKER, OTHER}),
        ({"from": "2026-06-01"}, set()),
    ],
)
def test_a_search_narrows(
    ops: httpx.Client, filled: str, params: dict[str, str], makers: set[str]
) -> None:
    found = ops.get("/v1/lots", params=params)
    assert found.status_code == 200, found.text
    assert {each["batch"]["manufacturer"] for each in found.json()["batches"]} == makers


def test_the_lots_of_a_party_come_in_pages(ops: httpx.Client, filled: str) -> None:
    first = ops.get("/v1/lots", params={"party": SHOPS[2], "limit": 1}).json()
    second = ops.get(
        "/v1/lots", params={"party": SHOPS[2], "limit": 1, "cursor": first["next"]}
    ).json()
    assert second["next"] is None
    lots = [*first["lots"], *second["lots"]]
    assert len({lot["lot_id"] for lot in lots}) == 2
    assert {lot["holder"] for lot in lots} == {SHOPS[2]}


def test_an_unknown_code_is_no_empty_answer(ops: httpx.Client, filled: str) -> None:
    unknown = ops.get("/v1/lots", params={"code": "nothing"})
    problem = unknown.json()
    assert (unknown.status_code, problem["code"]) == (404, "code.unknown")
    assert {each["source"] for each in problem["completeness"]["heard"]} == {"erp"}
    assert problem["completeness"]["positions"]
    for subject in ("lots", "batches"):
        for question in ("", "/upstream", "/downstream", "/affected"):
            gone = ops.get(f"/v1/{subject}/0b54a4cb-7c7e-8d0a-9a41-5a7f0f8f2c11{question}")
            assert gone.status_code == 404
            assert gone.json()["code"] == ("lot.unknown" if subject == "lots" else "batch.unknown")
            assert "in_flight" in gone.json()["completeness"]
    nothing = ops.get("/v1/lots")
    assert (nothing.status_code, nothing.json()["code"]) == (400, "request.invalid")


def test_a_recall_names_everybody_with_figures_documents_and_what_it_does_not_know(
    ops: httpx.Client, filled: str, broker: Broker
) -> None:
    answer = ops.get(f"/v1/batches/{filled}/affected").json()
    sellers = {each["party"]: each for each in answer["sellers"]}
    assert set(sellers) == {DEALER, *SHOPS}
    assert (answer["seller_count"], answer["confirmed_count"]) == (4, 4)
    shop = sellers[SHOPS[0]]
    (figures,) = shop["figures"]
    told = {name: figures[name] for name in ("opened", "retail", "book_stock", "unit")}
    assert told == {"opened": "20", "retail": "5", "book_stock": "15", "unit": "袋"}
    assert (shop["receipts"], shop["first_day"], shop["last_day"]) == (
        2,
        "2026-05-21",
        "2026-05-21",
    )
    assert [step["lot"]["holder"] for step in shop["path"]["steps"]] == [DEALER, SHOPS[0]]
    assert shop["path"]["steps"][0]["document"]["document_number"] == "T-0"
    assert [each["party"] for each in answer["source"]] == [MAKER]
    (total,) = answer["totals"]["all"]
    assert (total["opened"], total["now"]["units"], total["unexplained"]) == ("100", "100", "0")
    assert sellers[DEALER]["party_name"] == "批发商"
    known = answer["completeness"]
    assert known["in_flight"] == (0 if broker.kind == "kafka" else "unknown")
    assert known["as_of"].endswith("Z")
    assert known["unknown_parents"] == 0


def test_sellers_come_in_pages(ops: httpx.Client, filled: str) -> None:
    seen: list[str] = []
    params: dict[str, Any] = {"limit": 3}
    while True:
        page = ops.get(f"/v1/batches/{filled}/affected", params=params).json()
        assert page["seller_count"] == 4
        seen += [each["party"] for each in page["sellers"]]
        if page["next"] is None:
            break
        params["cursor"] = page["next"]
    assert seen == sorted([DEALER, *SHOPS])


def test_up_and_down_from_a_lot_and_a_batch(ops: httpx.Client, filled: str) -> None:
    batch = ops.get(f"/v1/batches/{filled}").json()
    lots = {lot["holder"]: lot["lot_id"] for lot in batch["lots"]}
    assert batch["about"]["lot_count"] == 5
    up = ops.get(f"/v1/lots/{lots[SHOPS[0]]}/upstream").json()
    assert [(each["lot"]["holder"], each["depth"]) for each in up["lots"]] == [
        (SHOPS[0], 0),
        (DEALER, 1),
        (MAKER, 2),
    ]
    assert up["lots"][1]["before"]["holder"] == SHOPS[0]
    assert up["lots"][1]["document"]["kind"] == "trade"
    down = ops.get(f"/v1/batches/{filled}/downstream", params={"limit": 2}).json()
    rest = ops.get(
        f"/v1/batches/{filled}/downstream", params={"limit": 100, "cursor": down["next"]}
    ).json()
    assert down["lot_count"] == rest["lot_count"] == 5
    assert holders(down) | holders(rest) == {MAKER, DEALER, *SHOPS}
    assert len(down["lots"]) + len(rest["lots"]) == 5
    affected = ops.get(f"/v1/lots/{lots[SHOPS[0]]}/affected").json()
    assert affected["seller_count"] == 1


def test_a_lot_is_described_with_its_balance_and_prints(ops: httpx.Client, filled: str) -> None:
    lots = {each["holder"]: each for each in ops.get(f"/v1/batches/{filled}").json()["lots"]}
    lot = ops.get(f"/v1/lots/{lots[DEALER]['lot_id']}").json()
    (figures,) = lot["figures"]
    assert (figures["opened"], figures["sold"], figures["book_stock"]) == ("100", "60", "40")
    assert lot["holder_name"] == "批发商"
    assert lot["print_count"] == len(lot["prints"]) == 4
    assert {each["production_date"] for each in lot["prints"]} == {"2026-05-20"}
    assert lot["limited"] is False


def test_a_party_sees_its_own_and_one_step(ops: httpx.Client, filled: str) -> None:
    shop = issued(ops, role="party", party=SHOPS[0].lower(), source="s1")
    found = ops.get("/v1/lots", params={"code": CODE}, headers=shop).json()
    (mine,) = found["batches"]
    assert {lot["holder"] for lot in mine["lots"]} == {SHOPS[0], DEALER}
    assert (mine["lot_count"], mine["holders"]) == (2, 2)
    lots = {lot["holder"]: lot["lot_id"] for lot in mine["lots"]}
    up = ops.get(f"/v1/lots/{lots[SHOPS[0]]}/upstream", headers=shop).json()
    assert holders(up) == {SHOPS[0], DEALER}
    down = ops.get(f"/v1/lots/{lots[DEALER]}/downstream", headers=shop).json()
    assert holders(down) == {SHOPS[0], DEALER}
    by_batch = ops.get(f"/v1/batches/{filled}/downstream", headers=shop).json()
    assert holders(by_batch) == {SHOPS[0], DEALER}
    own = ops.get(f"/v1/lots/{lots[SHOPS[0]]}", headers=shop).json()
    assert own["figures"][0]["retail"] == "5"
    beside = ops.get(f"/v1/lots/{lots[DEALER]}", headers=shop).json()
    assert (beside["limited"], beside["figures"], beside["print_count"]) == (True, [], 1)
    batch = ops.get(f"/v1/batches/{filled}", headers=shop).json()
    assert {lot["holder"] for lot in batch["lots"]} == {SHOPS[0], DEALER}
    whole = ops.get(f"/v1/batches/{filled}").json()
    far = next(lot["lot_id"] for lot in whole["lots"] if lot["holder"] == SHOPS[1])
    for path in (f"/v1/lots/{far}", f"/v1/lots/{far}/upstream"):
        assert ops.get(path, headers=shop).json()["code"] == "lot.unknown"
    assert ops.get("/v1/lots", params={"party": SHOPS[1]}, headers=shop).json()["lots"] == []
    refused = ops.get(f"/v1/batches/{filled}/affected", headers=shop)
    assert (refused.status_code, refused.json()["code"]) == (403, "auth.forbidden")
    stranger = issued(ops, role="party", party="STRANGER", source="s2")
    for path in (f"/v1/batches/{filled}", f"/v1/batches/{filled}/downstream"):
        assert ops.get(path, headers=stranger).json()["code"] == "batch.unknown"
    hidden = ops.get("/v1/lots", params={"code": CODE}, headers=stranger)
    assert hidden.json()["code"] == "code.unknown"
    assert hidden.json()["completeness"]["heard"] == []


def test_the_public_reads_a_receipt_by_its_code_or_its_number_with_amount_or_day(
    module_door: str, ops: httpx.Client, filled: str
) -> None:
    with asking(module_door) as nobody:
        by_code = nobody.get("/v1/receipts/code%2Fr-1").json()
        assert by_code["shop"] == {
            "party": SHOPS[0],
            "name": None,
            "now": None,
            "location": None,
            "location_name": None,
            "location_now": None,
        }
        (line,) = by_code["lines"]
        assert (line["product"], line["batch_code"], line["void"]) == ("再制干酪", CODE, False)
        assert line["amounts"] == [{"amount": "3", "unit": "袋"}]
        (origin,) = line["origins"]
        assert origin["way"] == ["乳品厂", "批发商", None]
        assert (origin["known"], origin["confirmed"]) == (True, True)
        assert by_code["event_id"] is None
        text = str(by_code)
        assert all(each not in text for each in (SHOPS[1], SHOPS[2], "T-0", "SZ-1"))
        number = "/v1/receipts/N-r-1"
        assert nobody.get(number, params={"amount": "12.50"}).json() == by_code
        assert nobody.get(number, params={"date": "2026-05-21"}).json() == by_code
        wrong = nobody.get(number, params={"amount": "12.51"})
        bare = nobody.get(number)
    with asking(module_door, ops.headers["Authorization"].removeprefix("Bearer ")) as staff:
        none = staff.get("/v1/receipts/nothing")
        assert staff.get("/v1/receipts/code/r-1").json()["event_id"] is not None
    for each in (wrong, bare, none):
        assert (each.status_code, each.json()["code"]) == (404, "receipt.unknown")
        assert "completeness" not in each.json()
    assert wrong.json()["title"] == none.json()["title"]
    assert "detail" not in wrong.json()
