"""POST /v1/events on a real broker and database: what goes in, what doesn't, and why."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, create_engine, make_url, text

from foodtrace.identity import event_id
from foodtrace_api.push.examples import EXAMPLES, TRADE
from foodtrace_api.web.after import read_token
from foodtrace_ops.settings import Settings
from support.door import catch_up
from support.variants import Doc, receipt, trade

NDJSON = {"Content-Type": "application/x-ndjson"}


@pytest.fixture
def limits() -> dict[str, Any]:
    return {"max_events_per_call": 10_000, "max_event_bytes": 65536}


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = create_engine(make_url(database).set(drivername="postgresql+psycopg2"))
    yield made
    made.dispose()


def ndjson(documents: list[Doc]) -> bytes:
    return b"\n".join(json.dumps(each, ensure_ascii=False).encode() for each in documents)


def statuses(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [each["status"] for each in answer.json()["answers"]]


def test_every_example_of_the_documentation_goes_in(ops: httpx.Client) -> None:
    for example in EXAMPLES.values():
        answer = ops.post("/v1/events", json=example["value"])
        assert set(statuses(answer)) == {"accepted"}


def test_an_accepted_event_is_in_the_log_and_the_token_stands_behind_it(ops: httpx.Client) -> None:
    answer = ops.post("/v1/events", json=trade("t-1")).json()
    expected = event_id("market-17-erp", "trade", "t-1")
    assert answer["answers"] == [
        {
            "index": 0,
            "status": "accepted",
            "event_id": str(expected),
            **dict.fromkeys(("code", "path", "detail", "zh", "en", "problems")),
        }
    ]
    assert [(topic, end) for (topic, _), end in read_token(answer["after"]).items()] == [
        ("trade", 1)
    ]


def test_pushing_a_day_twice_changes_nothing(
    ops: httpx.Client, settings: Settings, engine: Engine
) -> None:
    day = [trade(f"t-{n}") for n in range(30)] + [receipt(f"r-{n}") for n in range(30)]
    first = ops.post("/v1/events", json=day).json()
    assert first["accepted"] == 60
    catch_up(settings, first["after"])
    again = ops.post("/v1/events", content=ndjson(day), headers=NDJSON).json()
    assert (again["duplicate"], again["accepted"], again["refused"]) == (60, 0, 0)
    assert read_token(again["after"]) == {}
    with engine.connect() as connection:
        events = connection.execute(text("SELECT count(*) FROM ledger.event_content")).scalar_one()
    assert events == 60


def test_a_repeat_within_a_call_is_sent_once(ops: httpx.Client) -> None:
    answer = ops.post("/v1/events", json=[trade("t-1"), trade("t-2"), trade("t-1")])
    assert statuses(answer) == ["accepted", "accepted", "duplicate"]
    assert sum(read_token(answer.json()["after"]).values()) == 2


def test_one_id_with_two_contents_goes_in_twice(
    ops: httpx.Client, settings: Settings, engine: Engine
) -> None:
    other = trade("t-1", lines__0__count={"amount": "3", "unit": "片"})
    here = ops.post("/v1/events", json=[trade("t-1"), other])
    assert statuses(here) == ["accepted", "accepted"]
    catch_up(settings, here.json()["after"])
    assert statuses(ops.post("/v1/events", json=[trade("t-1"), other])) == ["duplicate"] * 2
    third = trade("t-1", buyer__party="x")
    assert statuses(ops.post("/v1/events", json=[third])) == ["accepted"]
    with engine.connect() as connection:
        contents = connection.execute(text("SELECT count(*) FROM ledger.event_content"))
        assert contents.scalar_one() == 2


def test_a_resend_with_another_clock_is_the_same_event(
    ops: httpx.Client, settings: Settings
) -> None:
    first = ops.post("/v1/events", json=trade("t-1")).json()
    catch_up(settings, first["after"])
    later = trade("t-1", envelope__reported_at="2026-05-22T00:00:00Z")
    assert statuses(ops.post("/v1/events", json=[later])) == ["duplicate"]


def test_the_token_of_a_chain_of_pushes_covers_all_of_them(ops: httpx.Client) -> None:
    first = ops.post("/v1/events", json=trade("t-1")).json()["after"]
    second = ops.post("/v1/events", params={"after": first}, json=receipt("r-1")).json()["after"]
    assert {topic for topic, _ in read_token(second)} == {"trade", "receipt"}
    wrong = ops.post("/v1/events", params={"after": "nonsense"}, json=receipt("r-1"))
    assert (wrong.status_code, wrong.json()["code"]) == (400, "request.bad-token")


def test_what_is_refused_does_not_touch_the_rest(ops: httpx.Client) -> None:
    body = ndjson([trade("t-1"), {"kind": "trade"}, trade("t-2")]) + b"\n{broken\n"
    answer = ops.post("/v1/events", content=body, headers=NDJSON)
    assert statuses(answer) == ["accepted", "refused", "accepted", "refused"]
    assert answer.json()["answers"][3]["code"] == "event.malformed"
    assert answer.json()["refused"] == 2


BAD: dict[str, tuple[Callable[[], Any], str, str]] = {
    "an unknown kind": (lambda: {**trade("x"), "kind": "barter"}, "event.unknown-kind", "kind"),
    "no kind": (lambda: trade("x", kind=...), "event.missing-field", "kind"),
    "a wrong type": (lambda: trade("x", lines="none"), "event.wrong-type", "lines"),
    "an unknown field": (
        lambda: trade("x", seler={"party": "y"}),
        "event.unknown-field",
        "seler",
    ),
    "an impossible day": (
        lambda: trade("x", envelope__business_date="2026-02-30"),
        "date.impossible",
        "envelope.business_date",
    ),
    "an instant without offset": (
        lambda: trade("x", envelope__occurred_at="2026-05-21T05:30:00"),
        "date.naive",
        "envelope.occurred_at",
    ),
    "tomorrow's event": (
        lambda: trade(
            "x",
            envelope__occurred_at="2126-05-21T05:30:00Z",
            envelope__business_date="2126-05-21",
        ),
        "event.from-the-future",
        "envelope.occurred_at",
    ),
    "expiry before production": (
        lambda: trade("x", lines__0__expiry_date="2026-05-01"),
        "date.expiry-before-production",
        "lines[0].expiry_date",
    ),
    "a zero quantity": (
        lambda: trade("x", lines__0__count__amount="0"),
        "quantity.not-positive",
        "lines[0].count.amount",
    ),
    "a negative quantity": (
        lambda: trade("x", lines__0__net_mass__amount="-1"),
        "quantity.not-positive",
        "lines[0].net_mass.amount",
    ),
    "seven decimals": (
        lambda: trade("x", lines__0__net_mass__amount="1.0000001"),
        "quantity.too-precise",
        "lines[0].net_mass.amount",
    ),
    "no source event id": (
        lambda: trade("x", envelope__source_event_id=...),
        "event.missing-field",
        "envelope.source_event_id",
    ),
    "another id": (
        lambda: trade("x", envelope__event_id="0b54a4cb-7c7e-8d0a-9a41-5a7f0f8f2c11"),
        "event.wrong-id",
        "envelope.event_id",
    ),
    "NUL": (
        lambda: trade("x", lines__0__batch_code="a\x00b"),
        "text.control-character",
        "lines[0].batch_code",
    ),
    "a lone surrogate": (
        lambda: trade("x", lines__0__product__name="\ud800"),
        "text.lone-surrogate",
        "lines[0].product.name",
    ),
    "a control character": (
        lambda: trade("x", seller__party="a\x1bb"),
        "text.control-character",
        "seller.party",
    ),
    "one line twice": (
        lambda: trade("x", lines=[TRADE["lines"][0], TRADE["lines"][0]]),
        "event.duplicate-line",
        "lines[1].line_no",
    ),
    "no lines": (lambda: trade("x", lines=[]), "event.no-lines", "lines"),
    "a code of 65 characters": (
        lambda: trade("x", lines__0__batch_code="9" * 65),
        "text.too-long",
        "lines[0].batch_code",
    ),
    "not an object": (lambda: 17, "event.malformed", ""),
    "a line of too many bytes": (
        lambda: trade("x", lines__0__origin_text="x" * 70_000),
        "event.too-large",
        "",
    ),
}


def test_bad_input_is_named_with_its_field(ops: httpx.Client) -> None:
    documents = [made() for made, _, _ in BAD.values()]
    body = json.dumps([*documents, trade("good")])
    *refused, good = ops.post("/v1/events", content=body).json()["answers"]
    assert good["status"] == "accepted"
    named = {
        name: (each["status"], each["code"], each["path"] or "")
        for name, each in zip(BAD, refused, strict=True)
    }
    assert named == {name: ("refused", code, path) for name, (_, code, path) in BAD.items()}
    assert all(each["zh"] and each["en"] for each in refused)


def test_bad_input_alone_is_a_problem_document(ops: httpx.Client) -> None:
    named = {}
    for name, (made, _, _) in BAD.items():
        answer = ops.post(
            "/v1/events", content=json.dumps(made()), headers={"Accept-Language": "zh-CN"}
        )
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["content-language"] == "zh"
        problem = answer.json()
        assert problem["type"] == f"/problems/{problem['code']}"
        assert problem["title"] == problem["zh"]
        named[name] = (answer.status_code, problem["code"], problem.get("path", ""))
    assert named == {name: (400, code, path) for name, (_, code, path) in BAD.items()}


def test_all_that_is_wrong_is_told_at_once(ops: httpx.Client) -> None:
    wrong = trade("x", lines__0__count__amount="0", seller__party="")
    problem = ops.post("/v1/events", json=wrong).json()
    assert {each["path"] for each in problem["errors"]} == {"lines[0].count.amount", "seller.party"}


def test_a_call_that_is_too_large_is_refused_whole(ops: httpx.Client, settings: Settings) -> None:
    many = ops.post("/v1/events", content=b"{}\n" * 10_001, headers=NDJSON)
    assert (many.status_code, many.json()["code"]) == (413, "push.too-many-events")
    for announced in ({"Content-Length": str(10**10)}, {"Transfer-Encoding": "chunked"}):
        told = _told_while_sending(ops, announced, settings.max_body_bytes)
        assert told == (413, "push.body-too-large")


def _told_while_sending(ops: httpx.Client, head: dict[str, str], limit: int) -> tuple[int, str]:
    """What the door answers to a body that never ends."""
    line = http.client.HTTPConnection(ops.base_url.host, ops.base_url.port or 80, timeout=30)
    line.putrequest("POST", "/v1/events")
    for name, value in {**head, **NDJSON, "Authorization": ops.headers["Authorization"]}.items():
        line.putheader(name, value)
    line.endheaders()
    piece = b"%x\r\n%b\r\n" % (10**6, b" " * 10**6)
    # The door hangs up on what it won't read.
    with suppress(ConnectionError):
        for _ in range(limit // 10**6 + 2 if "Transfer-Encoding" in head else 0):
            line.send(piece)
    answer = line.getresponse()
    problem = json.loads(answer.read())
    line.close()
    return answer.status, problem["code"]


def test_another_media_type_is_named(ops: httpx.Client) -> None:
    answer = ops.post("/v1/events", content=b"a,b", headers={"Content-Type": "text/csv"})
    assert (answer.status_code, answer.json()["code"]) == (415, "request.wrong-media-type")
