"""Who may push what: keys, sources and mandates at the door."""

from __future__ import annotations

from copy import deepcopy

import httpx

from foodtrace_api.push.examples import VOID
from foodtrace_ops.settings import Settings
from support.door import asking, catch_up, issued
from support.variants import Doc, receipt, trade


def statuses(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [each["status"] for each in answer.json()["answers"]]


def test_without_a_key_nothing_goes_in(door: str) -> None:
    with asking(door) as nobody, asking(door, "ft_ops_00000000_x") as stranger:
        missing, unknown = (each.post("/v1/events", json=trade("t")) for each in (nobody, stranger))
    assert (missing.status_code, missing.json()["code"]) == (401, "auth.missing")
    assert (unknown.status_code, unknown.json()["code"]) == (401, "auth.unknown")


def test_a_party_pushes_under_its_source_for_itself(ops: httpx.Client) -> None:
    key = issued(ops, role="party", party="92350200MA31X9YT2E", source="shop-8-till")
    unsaid = receipt("r-1", envelope__source=...)
    assert statuses(ops.post("/v1/events", json=[unsaid], headers=key)) == ["accepted"]
    foreign = ops.post("/v1/events", json=receipt("r-2"), headers=key)
    assert (foreign.status_code, foreign.json()["code"]) == (400, "event.wrong-source")
    other = ops.post(
        "/v1/events", json=receipt("r-3", envelope__source=..., seller__party="B"), headers=key
    )
    assert (other.json()["code"], other.json()["path"]) == ("push.not-allowed", "seller.party")


def test_a_source_without_mandate_is_refused_and_with_one_taken_on_its_days(
    ops: httpx.Client,
) -> None:
    key = issued(ops, role="reporter", reporter="market-17", source="market-17-erp")
    document = receipt("r-1")
    refused = ops.post("/v1/events", json=document, headers=key)
    assert (refused.status_code, refused.json()["code"]) == (400, "push.no-mandate")
    assert refused.json()["path"] == "seller.party"
    granted = ops.post(
        "/v1/mandates",
        json={
            "reporter": "market-17",
            "party": "92350200ma31x9yt2e",
            "valid_from": "2026-05-21",
            "valid_to": "2026-05-21",
        },
    )
    assert granted.status_code == 201
    assert statuses(ops.post("/v1/events", json=[document], headers=key)) == ["accepted"]
    later = receipt("r-2", envelope__business_date="2026-05-22")
    assert ops.post("/v1/events", json=later, headers=key).json()["code"] == "push.no-mandate"
    ops.delete(f"/v1/mandates/{granted.json()['id']}")
    again = ops.post("/v1/events", json=receipt("r-3"), headers=key)
    assert again.json()["code"] == "push.no-mandate"


def test_a_market_reports_for_the_stalls_registered_in_it(
    ops: httpx.Client, settings: Settings
) -> None:
    place: Doc = {
        "kind": "location",
        "envelope": {**VOID["envelope"], "source": "market-17-erp", "source_event_id": "l-1"},
        "location": "m17-b9",
        "name": "B9 号摊",
        "location_kind": "stall",
        "parent": "m17",
    }
    hijack = deepcopy(place)
    hijack["envelope"] |= {"source": "market-18-erp", "source_event_id": "l-2"}
    hijack["parent"] = "m18"
    for document in (place, hijack):
        catch_up(settings, ops.post("/v1/events", json=document).json()["after"])
    for number in ("17", "18"):
        mandate = {"reporter": f"m{number}", "market": f"M{number}", "valid_from": "2026-01-01"}
        assert ops.post("/v1/mandates", json=mandate).status_code == 201
    sale = receipt("r-1", envelope__source=..., seller={"party": "new", "location": "M17-B9"})
    right = issued(ops, role="reporter", reporter="m17", source="market-17-erp")
    assert statuses(ops.post("/v1/events", json=[sale], headers=right)) == ["accepted"]
    wrong = issued(ops, role="reporter", reporter="m18", source="market-18-erp")
    refused = ops.post("/v1/events", json=sale, headers=wrong)
    assert refused.json()["code"] == "push.no-mandate"


def test_who_only_looks_pushes_nothing(ops: httpx.Client, keys: dict[str, str]) -> None:
    key = {"Authorization": f"Bearer {keys['inspector']}"}
    answer = ops.post("/v1/events", json=receipt("r"), headers=key)
    assert (answer.status_code, answer.json()["code"]) == (403, "auth.forbidden")
