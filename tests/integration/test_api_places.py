"""Locations and parties over HTTP: the tree, tenants, names as they were, and who may see them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

import foodtrace_api.examples
from foodtrace_ops.settings import Settings
from support.door import asking, issued, push
from support.market import (
    GLN,
    MARKET,
    RENAMED_ON,
    SHOPS,
    STALLS,
    STRANGERS_KEY,
    market,
    sold_there,
)

FOLDER = Path(foodtrace_api.examples.__file__).parent
BEFORE, AFTER = "2026-05-25", "2026-06-15"


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


def test_which_stalls_of_this_market_is_one_call(ops: httpx.Client) -> None:
    page = got(ops, f"/v1/locations/{MARKET.lower()}/children", at=BEFORE)
    assert [each["place"]["location"] for each in page["children"]] == list(STALLS)
    assert [each["occupants"][0]["party"] for each in page["children"]] == list(SHOPS[:2])
    later = got(ops, f"/v1/locations/{MARKET}/children", at=AFTER)
    assert [[o["party"] for o in each["occupants"]] for each in later["children"]] == [
        [SHOPS[1]],
        [],
    ]


def test_a_whole_region_comes_in_pages_nearest_first(ops: httpx.Client) -> None:
    path, found = "/v1/locations/350200/children", []
    page = got(ops, path, deep=True, limit=1)
    while True:
        found += [(each["depth"], each["place"]["location"]) for each in page["children"]]
        assert page["count"] == 4
        if page["next"] is None:
            break
        page = got(ops, path, deep=True, limit=1, cursor=page["next"])
    assert found == [(1, "350203"), (2, MARKET), *((3, stall) for stall in STALLS)]


def test_a_location_tells_what_it_is_part_of_and_who_sat_there(ops: httpx.Client) -> None:
    stall = got(ops, f"/v1/locations/{GLN}", at=BEFORE)
    assert (stall["place"]["location"], stall["place"]["kind"]) == (STALLS[0], "stall")
    assert [each["location"] for each in stall["above"]] == [MARKET, "350203", "350200", "350000"]
    assert stall["occupants"] == [{"party": SHOPS[0], "name": "老李干酪", "now": "李记奶酪"}]
    told = [(e["occupant"], e["since"], e["until"], e["end"]) for e in stall["history"]]
    assert told == [
        (SHOPS[0], "2026-01-01", "2026-05-31", "implied"),
        (SHOPS[1], "2026-06-01", None, "open"),
    ]
    assert refused(ops, "/v1/locations/NOWHERE") == (404, "location.unknown")


def test_a_party_is_told_with_names_codes_merges_and_places_over_time(ops: httpx.Client) -> None:
    then = got(ops, f"/v1/parties/{SHOPS[0]}", at=BEFORE)
    assert (then["name"], then["now"], then["goes_on_as"]) == ("老李干酪", "李记奶酪", SHOPS[0])
    now = got(ops, f"/v1/parties/{SHOPS[0]}")
    assert [(each["name"], each["since"]) for each in now["names"]] == [
        ("老李干酪", "2026-05-21"),
        ("李记奶酪", RENAMED_ON),
    ]
    assert (now["goes_on_as"], now["goes_on_name"], now["ids"]) == (
        "BIG",
        "大食品集团",
        ["BIG", SHOPS[0]],
    )
    assert [(each["location"], each["until"]) for each in now["occupied"]] == [
        (STALLS[0], "2026-05-31")
    ]
    assert refused(ops, "/v1/parties/NOBODY") == (404, "party.unknown")


def test_a_code_means_whom_it_meant_on_the_day(ops: httpx.Client) -> None:
    for day, party, name in ((BEFORE, SHOPS[0], "老李干酪"), (AFTER, SHOPS[1], "阿二食品")):
        (found,) = got(ops, "/v1/parties", code="a1", at=day)["parties"]
        assert (found["party"], found["name"], found["scheme"]) == (party, name, "stall")
    both = got(ops, "/v1/parties", code="A1")["parties"]
    assert [each["party"] for each in both] == list(SHOPS[:2])
    assert both[0]["goes_on_as"] == "BIG"
    assert refused(ops, "/v1/parties", code="A9") == (404, "party.unknown")


def test_a_stranger_is_shown_by_what_is_known_of_him(ops: httpx.Client) -> None:
    known = got(ops, f"/v1/parties/{quote(STRANGERS_KEY, safe='')}")
    assert known["unidentified"] == {
        "claimed_name": "张记水产",
        "vehicle_plate": "闽D12345",
        "digests": [],
    }
    assert [each["kind"] for each in known["documents"]] == ["trade"]


def test_lots_are_found_under_the_party_it_was_merged_into(ops: httpx.Client) -> None:
    lots = got(ops, "/v1/lots", party="big")["lots"]
    assert {lot["holder"] for lot in lots} == {SHOPS[0]}


def test_a_party_sees_itself_whole_and_of_others_the_name(ops: httpx.Client) -> None:
    key = issued(ops, role="party", party=SHOPS[0].lower(), source="till-1")
    mine = got(ops, f"/v1/parties/{SHOPS[0]}", key)
    assert (mine["limited"], len(mine["names"]), mine["goes_on_as"]) == (False, 2, "BIG")
    other = got(ops, f"/v1/parties/{SHOPS[1]}", key)
    assert (other["limited"], other["name"], other["names"]) == (True, "阿二食品", [])
    assert (other["aliases"], other["merges"], other["occupied"]) == ([], [], [])
    stranger = f"/v1/parties/{quote(STRANGERS_KEY, safe='')}"
    assert refused(ops, stranger, key) == (404, "party.unknown")
    (found,) = got(ops, "/v1/parties", key, code=SHOPS[1])["parties"]
    assert (found["name"], found["goes_on_as"]) == ("阿二食品", None)


def test_a_merge_widens_nobodys_sight(ops: httpx.Client) -> None:
    """Either side can report one; otherwise anybody could make himself his neighbour."""
    key = issued(ops, role="party", party="BIG", source="till-2")
    assert got(ops, f"/v1/parties/{SHOPS[0]}", key)["limited"] is True
    assert got(ops, "/v1/lots", key, party="BIG")["lots"] == []


def test_tenants_are_told_to_themselves_and_to_those_who_reported_them(ops: httpx.Client) -> None:
    tenant = issued(ops, role="party", party=SHOPS[1], source="till-3")
    stall = got(ops, f"/v1/locations/{STALLS[0]}", tenant, at=AFTER)
    assert [each["occupant"] for each in stall["history"]] == [SHOPS[1]]
    assert [each["party"] for each in stall["occupants"]] == [SHOPS[1]]
    page = got(ops, f"/v1/locations/{MARKET}/children", tenant, at=BEFORE)
    assert [len(each["occupants"]) for each in page["children"]] == [0, 1]
    reporter = issued(ops, role="reporter", reporter="market", source="erp")
    whole = got(ops, f"/v1/locations/{STALLS[0]}", reporter)
    assert (len(whole["history"]), whole["limited"]) == (2, True)
    foreign = issued(ops, role="reporter", reporter="market-2", source="erp-2")
    assert got(ops, f"/v1/locations/{STALLS[0]}", foreign)["history"] == []


def test_without_a_key_nothing_is_told(module_door: str) -> None:
    with asking(module_door) as nobody:
        for path in (f"/v1/locations/{MARKET}", f"/v1/parties/{SHOPS[0]}", "/v1/parties?code=A1"):
            assert refused(nobody, path) == (401, "auth.missing")


def test_the_examples_of_places_and_parties_are_what_the_door_says(
    ops: httpx.Client, module_settings: Settings
) -> None:
    asked = {
        "location": f"/v1/locations/{STALLS[0]}?at={BEFORE}",
        "children": f"/v1/locations/{MARKET}/children?at={BEFORE}",
        "party": f"/v1/parties/{SHOPS[0]}?at={BEFORE}",
        "parties": f"/v1/parties?code=A1&at={BEFORE}",
    }
    for name, path in asked.items():
        told = _timeless(got(ops, path), module_settings)
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
    clock = "2026-05-21T05:31:07.250000Z"
    fixed = {"received_at": clock, "as_of": clock, "in_flight": 0}
    return {name: fixed.get(name, _timeless(each, settings)) for name, each in answer.items()}
