"""Papers, inspections and a voucher's view over HTTP, as inspectors, owners and strangers see them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from typer.testing import CliRunner

import foodtrace_api.examples
from foodtrace_deploy.main import app
from foodtrace_deploy.texts import speak
from foodtrace_ops.settings import Settings
from foodtrace_schemas import json_form
from support.door import asking, issued, push
from support.pork import inspected, meat, pork_chain

FOLDER = Path(foodtrace_api.examples.__file__).parent
CLOCK = "2026-05-21T05:31:07.250000Z"
SCREENED = inspected("i-1", "STALL", meat("H1", 1), "screening", "failed")
CONFIRMED = inspected("i-2", "STALL", meat("H1", 1), "confirmed", "failed", hours=30)


@pytest.fixture(scope="module")
def ops(
    module_door: str, module_keys: dict[str, str], module_settings: Settings
) -> Iterator[httpx.Client]:
    events = [*pork_chain(), SCREENED, CONFIRMED]
    with asking(module_door, module_keys["ops"]) as client:
        push(client, module_settings, *map(json_form.write, events))
        yield client


def got(client: httpx.Client, path: str, headers: Any = None, **params: Any) -> Any:
    answer = client.get(path, params=params or None, headers=headers)
    assert answer.status_code == httpx.codes.OK, answer.text
    return answer.json()


def lot_of(ops: httpx.Client, holder: str, code: str) -> str:
    """The id of a holder's lot under a trace code."""
    found = got(ops, "/v1/lots", code=code)
    lots = [lot for trace in found["traces"] for lot in trace["lots"]]
    return next(str(lot["lot_id"]) for lot in lots if lot["holder"] == holder)


def test_an_inspector_sees_from_where_a_cut_inherits_its_papers(ops: httpx.Client) -> None:
    papers = got(ops, f"/v1/lots/{lot_of(ops, 'SHOP', 'C1')}/papers")
    assert {(p["kind"], p["lot"]["holder"], *p["notes"]) for p in papers["papers"]} == {
        ("product_quarantine_a", "STALL", "cut"),
        ("meat_inspection", "STALL", "cut"),
        ("asf_test", "STALL", "cut"),
    }
    assert [p["green"] for p in papers["papers"] if p["verification"] == "declared"] == [False] * 2
    assert (papers["missing"], papers["limited"]) == ([], False)


def test_an_owner_sees_its_papers_and_not_the_hands_far_up(ops: httpx.Client) -> None:
    shop = issued(ops, role="party", party="SHOP", source="shop")
    papers = got(ops, f"/v1/lots/{lot_of(ops, 'SHOP', 'C1')}/papers", shop)
    assert papers["limited"]
    assert len(papers["papers"]) == 3
    assert {(p["document"], p["use"]) for p in papers["papers"]} == {(None, None)}
    beside = got(ops, f"/v1/lots/{lot_of(ops, 'STALL', 'C1')}/papers", shop)
    assert (beside["papers"], beside["missing"]) == ([], [])
    stranger = issued(ops, role="party", party="STRANGER", source="stranger")
    answer = ops.get(f"/v1/lots/{lot_of(ops, 'SHOP', 'C1')}/papers", headers=stranger)
    assert (answer.status_code, answer.json()["code"]) == (404, "lot.unknown")


def test_a_lot_says_whether_it_may_be_sold(ops: httpx.Client) -> None:
    stall = lot_of(ops, "STALL", "H1")
    assert got(ops, f"/v1/lots/{stall}")["inspection"]["state"] == "condemned"
    found = got(ops, "/v1/inspections", lot=stall)
    assert [each["state"] for each in found["subject"]["findings"]] == ["suspended", "condemned"]
    assert found["subject"]["since"] == str(CONFIRMED.envelope.event_id)
    cut = lot_of(ops, "SHOP", "C1")
    found = got(ops, "/v1/inspections", lot=cut)
    assert (found["state"], found["subject"]["state"]) == ("condemned", "open")
    assert [each["lot"]["lot_id"] for each in found["condemned"]] == [stall]
    shop = issued(ops, role="party", party="SHOP", source="shop")
    limited = got(ops, "/v1/inspections", shop, lot=cut)
    assert (limited["state"], limited["condemned"], limited["limited"]) == ("condemned", [], True)


def test_a_subject_that_nobody_examined_is_open(ops: httpx.Client) -> None:
    found = got(ops, "/v1/inspections", sample="s-1")
    assert (found["state"], found["subject"]["findings"]) == ("open", [])
    for params in ({}, {"sample": "s-1", "receipt": "r-1"}):
        answer = ops.get("/v1/inspections", params=params)
        assert (answer.status_code, answer.json()["code"]) == (400, "request.invalid")
    unknown = ops.get("/v1/inspections?lot=00000000-0000-8000-8000-000000000000")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "lot.unknown")


def test_a_voucher_joins_stock_flow_process_inspection_and_papers(ops: httpx.Client) -> None:
    whole = got(ops, "/v1/vouchers/SZ-1")
    assert [each["lot"]["holder"] for each in whole["stock"] if each["figures"]] == [
        "HOUSE",
        "STALL",
    ]
    assert [each["process"] for each in whole["makings"]] == ["分割"]
    assert [each["state"] for each in whole["inspections"]] == ["condemned"]
    use = {p["kind"]: p["use"] for p in whole["papers"]}
    assert use["product_quarantine_a"] == {"unit": "kg", "covered": "100", "used": "100"}
    stall = issued(ops, role="party", party="STALL", source="stall")
    limited = got(ops, "/v1/vouchers/SZ-1", stall)
    assert [each["lot"]["holder"] for each in limited["stock"] if each["figures"]] == ["STALL"]
    assert {each["document"]["kind"] for each in limited["movements"]} == {"transformation"}
    assert len(limited["movements"]) == len(whole["movements"]) - 1
    assert {p["use"] for p in limited["papers"]} == {None}
    assert limited["limited"]


def ran(door: str, key: str, *arguments: str, code: int = 0) -> str:
    """What a command prints that asks this door."""
    found = CliRunner().invoke(app, [*arguments, "--url", door, "--key", key, "--lang", "en"])
    speak(None)
    assert found.exit_code == code, found.output
    return str(found.stdout)


@pytest.mark.usefixtures("ops")
def test_the_commands_ask_for_papers_and_vouchers(
    module_door: str, module_keys: dict[str, str]
) -> None:
    key = module_keys["inspector"]
    text = ran(module_door, key, "papers", "C1", "--party", "shop")
    assert "passed cutting with a note" in text
    assert "condemned" in text
    told = json.loads(ran(module_door, key, "papers", "C1", "--json"))
    assert {each["lot"]["holder"] for each in told["lots"]} == {"STALL", "SHOP"}
    assert "分割" in ran(module_door, key, "voucher", "SZ-1")
    assert json.loads(ran(module_door, key, "voucher", "sz-1", "--json"))["number"] == "SZ-1"
    ran(module_door, key, "voucher", "SZ-99", code=5)
    assert "nobody holds it" in ran(module_door, key, "papers", "C1", "--party", "NOBODY")


def test_answers_are_as_documented_and_the_examples_as_told(
    ops: httpx.Client, module_settings: Settings
) -> None:
    document = schemathesis.openapi.from_dict(ops.get("/openapi.json").json())
    asked = {
        "papers": ("/v1/lots/{lot_id}/papers", f"/v1/lots/{lot_of(ops, 'SHOP', 'C1')}/papers"),
        "inspections": ("/v1/inspections", f"/v1/inspections?lot={lot_of(ops, 'STALL', 'H1')}"),
    }
    voucher = ops.get("/v1/vouchers/SZ-1")
    document["/v1/vouchers/{number}"]["GET"].validate_response(
        schemathesis.Response.from_any(voucher)
    )
    for name, (template, path) in asked.items():
        answer = ops.get(path)
        document[template]["GET"].validate_response(schemathesis.Response.from_any(answer))
        told = _timeless(answer.json(), module_settings)
        file = FOLDER / f"{name}.json"
        if os.environ.get("FOODTRACE_UPDATE_EXAMPLES"):
            file.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        assert json.loads(file.read_text("utf-8")) == told, name


def _timeless(answer: Any, settings: Settings) -> Any:
    if isinstance(answer, list):
        return [_timeless(each, settings) for each in answer]
    if isinstance(answer, str):
        return answer.replace(settings.topic_prefix, "foodtrace.")
    if not isinstance(answer, dict):
        return answer
    fixed = {"received_at": CLOCK, "as_of": CLOCK, "in_flight": 0}
    return {name: fixed.get(name, _timeless(each, settings)) for name, each in answer.items()}
