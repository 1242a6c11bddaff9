"""What later documents change in the answers, and what limited callers see of them."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from foodtrace_ops.settings import Settings
from support.cheese import CODE, DEALER, MAKER, OTHER, SHOPS, Doc, bags, city, document, sale
from support.door import asking, issued, push


@pytest.fixture
def limits() -> dict[str, Any]:
    return {"receipt_requests_per_minute": 5}


@pytest.fixture
def filled(ops: httpx.Client, settings: Settings) -> str:
    """A ledger with the city in it; gives the id of the maker's batch."""
    push(ops, settings, *city())
    found = ops.get("/v1/lots", params={"code": CODE, "manufacturer": MAKER}).json()
    return str(found["batches"][0]["batch"]["batch_id"])


def holders(page: Doc) -> set[str]:
    return {each["lot"]["holder"] for each in page["lots"]}


def test_younger_dates_and_oversold_lots_are_flagged_in_both_languages(
    ops: httpx.Client, settings: Settings, filled: str
) -> None:
    push(ops, settings, sale("t-8", SHOPS[1], "LATE", bags(90, production_date="2026-05-21")))
    flags = ops.get(f"/v1/batches/{filled}/affected").json()["flags"]
    named = {(each["code"], each["holder"]) for each in flags}
    assert ("date.younger", SHOPS[1]) in named
    assert ("lot.oversold", SHOPS[1]) in named
    assert ("party.unknown", SHOPS[0]) in named
    assert all(each["zh"] and each["en"] for each in flags)


def test_a_void_takes_a_seller_out_of_the_recall(
    ops: httpx.Client, settings: Settings, filled: str
) -> None:
    trade = ops.get("/v1/lots", params={"party": SHOPS[2]}).json()["lots"]
    assert trade
    sold = ops.get(f"/v1/batches/{filled}/downstream").json()["lots"]
    event = next(e["document"]["event_id"] for e in sold if e["lot"]["holder"] == SHOPS[2])
    push(ops, settings, document("void", "x", target_event_id=event, reason="did_not_occur"))
    answer = ops.get(f"/v1/batches/{filled}/affected").json()
    assert {each["party"] for each in answer["sellers"]} == {DEALER, *SHOPS[:2]}


def test_one_step_passes_over_the_node_of_a_relabelling(
    ops: httpx.Client, settings: Settings
) -> None:
    codes = {
        "source_lot_codes": [{"code": "A1"}, {"code": "A2"}],
        "lot_codes": [{"code": "B1"}, {"code": "B2"}],
    }
    push(ops, settings, sale("t-1", "S", "B", bags(4, **codes)), sale("t-2", "B", "C", bags(1)))
    for party, codes_seen in (("S", {"A1", "A2", "B1", "B2"}), ("B", {"A1", "A2", "B1", "B2"})):
        asking_key = issued(ops, role="party", party=party, source=f"x{party}")
        seen = set()
        for code in ("A1", "A2", "B1", "B2"):
            found = ops.get("/v1/lots", params={"code": code}, headers=asking_key).json()
            lots = [lot for trace in found["traces"] for lot in trace["lots"]]
            seen |= {lot["code"] for lot in lots}
            down = ops.get(f"/v1/lots/{lots[0]['lot_id']}/downstream", headers=asking_key).json()
            assert {e["lot"]["code"] for e in down["lots"]} & {"B1", "B2"}
        assert seen == codes_seen


def test_a_reporter_sees_what_it_sent(ops: httpx.Client, settings: Settings, filled: str) -> None:
    push(ops, settings, sale("t-5", SHOPS[2], "CANTEEN", bags(2), source="market"))
    reporter = issued(ops, role="reporter", reporter="m", source="market")
    found = ops.get("/v1/lots", params={"code": CODE}, headers=reporter).json()
    (batch,) = found["batches"]
    assert {lot["holder"] for lot in batch["lots"]} == {SHOPS[2], "CANTEEN"}
    down = ops.get(f"/v1/batches/{filled}/downstream", headers=reporter).json()
    assert holders(down) == {SHOPS[2], "CANTEEN"}
    up = ops.get(f"/v1/batches/{filled}/upstream", headers=reporter).json()
    assert holders(up) == {SHOPS[2], "CANTEEN"}
    nothing = issued(ops, role="reporter", reporter="m", source="elsewhere")
    assert ops.get(f"/v1/batches/{filled}", headers=nothing).status_code == 404


def test_a_voucher_gathers_what_cites_it(
    ops: httpx.Client, settings: Settings, filled: str
) -> None:
    found = ops.get("/v1/vouchers/sz-1").json()
    assert (found["number"], found["issuer"], found["receiver"]) == ("SZ-1", MAKER, None)
    assert [each["document_number"] for each in found["cited_by"]] == ["T-0"]
    assert found["contents"][0]["lines"][0]["batch_code"] == CODE
    assert [each["lot"]["holder"] for each in found["lots"]] == [MAKER]
    unknown = ops.get("/v1/vouchers/none")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "voucher.unknown")
    shop = issued(ops, role="party", party=SHOPS[0], source="s1")
    assert ops.get("/v1/vouchers/sz-1", headers=shop).status_code == 404
    twin = document(
        "voucher",
        "v-2",
        envelope={"document_number": "SZ-1"},
        issuer={"party": OTHER},
        lines=[bags(1, manufacturer=OTHER)],
    )
    push(ops, settings, twin)
    several = ops.get("/v1/vouchers/SZ-1")
    assert (several.status_code, several.json()["code"]) == (409, "code.ambiguous")
    assert {each["issuer"] for each in several.json()["candidates"]} == {MAKER, OTHER}
    chosen = ops.get("/v1/vouchers/SZ-1", params={"issuer": "other"}).json()
    assert chosen["issuer"] == OTHER


def test_the_public_look_up_is_rate_limited_and_staff_is_not(
    door: str, ops: httpx.Client, filled: str
) -> None:
    with asking(door) as nobody:
        told = [nobody.get(f"/v1/receipts/guess-{n}") for n in range(7)]
    assert [each.status_code for each in told] == [404] * 5 + [429] * 2
    assert told[-1].json()["code"] == "request.too-many"
    assert int(told[-1].headers["retry-after"]) > 0
    assert all(ops.get(f"/v1/receipts/guess-{n}").status_code == 404 for n in range(7))


def test_what_is_pushed_is_in_the_answer_after_its_token(
    ops: httpx.Client, settings: Settings, filled: str
) -> None:
    after = push(ops, settings, sale("t-7", SHOPS[0], "LATE", bags(1)))
    answer = ops.get(f"/v1/batches/{filled}/affected", params={"after": after}).json()
    assert "LATE" in {each["party"] for each in answer["sellers"]}
    odd = ops.get(f"/v1/batches/{filled}/affected", params={"after": "nonsense"})
    assert (odd.status_code, odd.json()["code"]) == (400, "request.bad-token")


def test_odd_facts_are_taken_and_flagged(ops: httpx.Client, settings: Settings) -> None:
    odd = bags(2, count={"amount": "2", "unit": "麻袋"}, batch_code="ODD")
    push(ops, settings, sale("t-1", "NOBODY-KNOWS", "NOR-THIS", odd))
    found = ops.get("/v1/lots", params={"code": "odd", "party": "nobody-knows"}).json()
    lot = found["batches"][0]["lots"][0]["lot_id"]
    flags = ops.get(f"/v1/lots/{lot}/affected").json()["flags"]
    named = {each["code"] for each in flags}
    assert {"lot.never-received", "party.unknown", "unit.unknown"} <= named
    unit = next(each for each in flags if each["code"] == "unit.unknown")
    assert unit["detail"] == "麻袋"
