"""/v1/events/{id} and /v1/dead-letters over a filled ledger."""

from __future__ import annotations

import base64
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx

from foodtrace.identity import event_id
from foodtrace_api.push.examples import RECEIPT, TRADE, VOID
from foodtrace_ledger.chunk import Aside, Chunk, Origin
from foodtrace_ledger.engine import make_engine
from foodtrace_ledger.writer import write_chunk
from foodtrace_ops.settings import Settings
from support.door import asking, catch_up, issued, keys_of, push, ready, serving

TRADE_ID = event_id("market-17-erp", "trade", TRADE["envelope"]["source_event_id"])


def void_of(target: str, number: str = "v-1") -> dict[str, Any]:
    made = deepcopy(VOID)
    made["envelope"]["source_event_id"] = number
    return {**made, "target_event_id": target}


def test_an_event_is_shown_with_its_document_its_place_and_what_voids_it(
    ops: httpx.Client, settings: Settings
) -> None:
    push(ops, settings, TRADE)
    found = ops.get(f"/v1/events/{TRADE_ID}").json()
    assert (found["holds"], found["superseded"], found["voided_by"]) == (True, False, [])
    (content,) = found["contents"]
    assert content["topic"] == f"{settings.topic_prefix}trade"
    assert content["offset"] == 0
    assert content["received_at"].endswith("Z")
    assert content["document"]["seller"] == TRADE["seller"]
    assert content["document"]["lines"][0]["net_mass"] == {"amount": "96.4", "unit": "kg"}
    push(ops, settings, void_of(str(TRADE_ID)))
    voided = ops.get(f"/v1/events/{TRADE_ID}").json()
    assert voided["holds"] is False
    assert [(each["line"], each["counts"]) for each in voided["voided_by"]] == [(0, True)]
    assert len(voided["contents"]) == 1


def test_two_contents_of_one_id_are_both_shown_and_flagged(
    ops: httpx.Client, settings: Settings
) -> None:
    other = deepcopy(TRADE)
    other["buyer"] = {"party": "somebody else"}
    push(ops, settings, TRADE, other)
    found = ops.get(f"/v1/events/{TRADE_ID}").json()
    assert found["flags"] == ["event.two-contents"]
    assert len({content["digest"] for content in found["contents"]}) == 2


def test_an_event_that_only_a_void_has_named_is_unknown(
    ops: httpx.Client, settings: Settings
) -> None:
    push(ops, settings, void_of(str(TRADE_ID)))
    for event in (TRADE_ID, uuid4()):
        unknown = ops.get(f"/v1/events/{event}")
        assert (unknown.status_code, unknown.json()["code"]) == (404, "event.unknown")
    odd = ops.get("/v1/events/7")
    assert (odd.status_code, odd.json()["path"]) == (400, "event_id")


def test_a_revision_supersedes_and_names_the_others(ops: httpx.Client, settings: Settings) -> None:
    second = deepcopy(TRADE)
    second["envelope"]["revision"] = 1
    push(ops, settings, TRADE, second)
    first = ops.get(f"/v1/events/{TRADE_ID}").json()
    assert (first["holds"], first["superseded"]) == (False, True)
    assert [each["revision"] for each in first["revisions"]] == [0, 1]
    latest = ops.get(f"/v1/events/{first['revisions'][1]['event_id']}").json()
    assert (latest["holds"], latest["revision"]) == (True, 1)


def test_who_is_no_side_and_no_source_of_it_sees_no_event(
    ops: httpx.Client, settings: Settings
) -> None:
    push(ops, settings, TRADE)
    wanted = {
        "seller": ({"role": "party", "party": TRADE["seller"]["party"], "source": "a"}, 200),
        "buyer": ({"role": "party", "party": TRADE["buyer"]["party"], "source": "b"}, 200),
        "stranger": ({"role": "party", "party": "x", "source": "c"}, 404),
        "its source": ({"role": "reporter", "reporter": "m", "source": "market-17-erp"}, 200),
        "another": ({"role": "reporter", "reporter": "m", "source": "market-18-erp"}, 404),
        "inspector": ({"role": "inspector"}, 200),
    }
    told = {}
    for name, (key, _) in wanted.items():
        clear = ops.post("/v1/keys", json=key).json()["key"]
        asked = ops.get(f"/v1/events/{TRADE_ID}", headers={"Authorization": f"Bearer {clear}"})
        told[name] = asked.status_code
    assert told == {name: status for name, (_, status) in wanted.items()}
    with asking(str(ops.base_url)) as nobody:
        assert nobody.get(f"/v1/events/{TRADE_ID}").json()["code"] == "auth.missing"


def test_after_waits_for_a_push_and_says_when_it_is_not_in_yet(
    settings: Settings, database: str
) -> None:
    impatient = settings.model_copy(update={"after_wait_seconds": 0.2})
    key = keys_of(database)["ops"]
    with serving(impatient) as address, asking(address, key) as ops:
        ready(address)
        after = ops.post("/v1/events", json=RECEIPT).json()["after"]
        early = ops.get(f"/v1/events/{TRADE_ID}", params={"after": after})
        assert (early.status_code, early.json()["code"]) == (504, "answer.not-yet")
        assert "receipt[0] 1" in early.json()["detail"]
        assert int(early.headers["retry-after"]) > 0
        catch_up(settings, after)
        later = ops.get(f"/v1/events/{TRADE_ID}", params={"after": after})
        assert (later.status_code, later.json()["code"]) == (404, "event.unknown")


def _put_aside(settings: Settings, count: int) -> None:
    engine = make_engine(settings.database_url.get_secret_value())
    first = datetime(2026, 5, 21, tzinfo=UTC)
    entries = tuple(
        Aside(
            origin=Origin(
                log="log",
                topic="t.in.scale",
                partition=0,
                offset=n,
                received_at=first + timedelta(seconds=n),
            ),
            code="avro.broken" if n % 2 else "avro.too-short",
            detail=f"byte {n}",
            key=b"k",
            value=bytes([n]),
            headers=(("h", b"v"),),
        )
        for n in range(count)
    )
    chunk = Chunk(
        consumer="c",
        log="log",
        topic="t.in.scale",
        partition=0,
        start=0,
        end=count,
        entries=entries,
    )
    write_chunk(engine, chunk)
    engine.dispose()


def test_dead_letters_come_in_pages_with_their_reason_and_bytes(
    ops: httpx.Client, settings: Settings, database: str
) -> None:
    _put_aside(settings, 5)
    seen: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = ops.get("/v1/dead-letters", params={"limit": 2, **cursor}).json()
        assert page["total"] == 5
        seen += page["dead_letters"]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert [each["offset"] for each in seen] == [4, 3, 2, 1, 0]
    assert seen[0]["en"]
    assert seen[0]["zh"]
    some = ops.get("/v1/dead-letters", params={"code": "avro.broken"}).json()
    assert (some["total"], {each["code"] for each in some["dead_letters"]}) == (2, {"avro.broken"})
    whole = ops.get("/v1/dead-letters/log/t.in.scale/0/3").json()
    assert base64.b64decode(whole["value"]) == b"\x03"
    assert base64.b64decode(whole["key"]) == b"k"
    assert [(n, base64.b64decode(v)) for n, v in whole["headers"]] == [("h", b"v")]
    missing = ops.get("/v1/dead-letters/log/t.in.scale/0/9")
    assert (missing.status_code, missing.json()["code"]) == (404, "dead-letter.unknown")
    forged = ops.get("/v1/dead-letters", params={"cursor": "e30"})
    assert forged.json()["code"] == "request.bad-cursor"


def test_a_source_reads_back_what_it_sent_page_by_page(
    ops: httpx.Client, settings: Settings
) -> None:
    documents = [deepcopy(RECEIPT) for _ in range(5)]
    for number, document in enumerate(documents):
        document["envelope"] |= {"source_event_id": f"R-{number}"}
    documents[4]["envelope"]["business_date"] = "2026-05-20"
    foreign = deepcopy(RECEIPT)
    foreign["envelope"]["source"] = "another-erp"
    stale = deepcopy(documents[0])
    stale["envelope"]["revision"] = 1
    push(ops, settings, *documents, foreign, stale)
    days = {"from": "2026-05-20", "to": "2026-05-21"}
    own = issued(ops, role="reporter", reporter="market-17", source="market-17-erp")
    found: list[dict[str, Any]] = []
    asked: dict[str, Any] | None = {**days, "limit": 4}
    while asked is not None:
        page = ops.get("/v1/events", params=asked, headers=own)
        assert page.status_code == 200, page.text
        found += page.json()["events"]
        behind = page.json()["next"]
        asked = {**asked, "cursor": behind} if behind else None
    assert len(found) == 6
    assert {each["source"] for each in found} == {"market-17-erp"}
    assert found[0]["document"]["envelope"]["business_date"] == "2026-05-20"
    assert [each["source_event_id"] for each in found if not each["holds"]] == ["R-0"]
    everything = ops.get("/v1/events", params=days).json()["events"]
    assert len(everything) == 7
    one_day = {"from": "2026-05-20", "to": "2026-05-20", "source": "market-17-erp"}
    assert len(ops.get("/v1/events", params=one_day).json()["events"]) == 1
    stranger = ops.get("/v1/events", params={**days, "source": "another-erp"}, headers=own)
    assert (stranger.status_code, stranger.json()["code"]) == (403, "auth.forbidden")
    other = ops.get("/v1/events", params={**days, "cursor": "x"})
    assert other.json()["code"] == "request.bad-cursor"
