"""/v1/dead-letters: what went aside, why, and what is done about it, each action an event."""

from __future__ import annotations

import base64
from copy import deepcopy
from typing import Any

import httpx
import pytest
from kafka import KafkaConsumer, TopicPartition

from foodtrace.letters import REQUEUED_HEADER, read_letter
from foodtrace_api.deadletters.noting import END_TURN, TAKE_TURN, lock_key
from foodtrace_api.push.examples import TRADE
from foodtrace_api.web.after import read_token, token_of
from foodtrace_ledger.engine import make_engine
from foodtrace_ledger.errors import TooManyAsides
from foodtrace_ledger.share import Share
from foodtrace_ops.settings import Settings
from support.door import catch_up, issued, push
from support.letters import SOURCE, put_aside

LETTERS = "/v1/dead-letters"


@pytest.fixture
def limits() -> dict[str, Any]:
    """No worker runs here: what is noted is taken in by hand."""
    return {"after_wait_seconds": 0}


@pytest.fixture
def own(ops: httpx.Client) -> dict[str, str]:
    """The key of the reporter whose source it is."""
    return issued(ops, role="reporter", reporter="market-17", source=SOURCE)


def noted(settings: Settings, answer: httpx.Response) -> dict[str, Any]:
    """Let the ledger take in what an action stored beside its record; gives the answer."""
    assert answer.status_code == httpx.codes.OK, answer.text
    told: dict[str, Any] = answer.json()
    assert told["in_ledger"] is False
    vector = {
        spot: end
        for spot, end in read_token(told["after"]).items()
        if not spot[0].startswith("in.")
    }
    catch_up(settings, token_of(vector))
    return told


def warned(client: httpx.Client) -> list[dict[str, str]]:
    """What somebody has to look into, besides that no worker runs here, which would make evidence."""
    told: list[dict[str, str]] = client.get("/readyz").json()["warnings"]
    return [each for each in told if each["code"] not in ("worker.no-owner", "evidence.incomplete")]


def states(client: httpx.Client, headers: Any = None, **params: Any) -> dict[int, str]:
    page = client.get(LETTERS, params=params, headers=headers)
    assert page.status_code == httpx.codes.OK, page.text
    assert page.json()["total"] == len(page.json()["dead_letters"])
    return {each["offset"]: each["state"] for each in page.json()["dead_letters"]}


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_who_sees_what(ops: httpx.Client, settings: Settings, own: dict[str, str]) -> None:
    (first, *_) = put_aside(settings, b"1", b"2")
    put_aside(settings, b"3", b"4", start=2, source="another", code="event.wrong-source")
    put_aside(settings, b"5", start=4, source=None, code="ledger.crashed")
    everything = dict.fromkeys(range(5), "open")
    assert states(ops) == states(ops, state="open") == everything
    assert states(ops, source="another", code="event.wrong-source").keys() == {2, 3}
    assert states(ops, state="fixed") == {}
    assert states(ops, headers=own).keys() == {0, 1}
    assert ops.get(f"{LETTERS}/{first}", headers=own).status_code == httpx.codes.OK
    other = f"{first[:-1]}2"
    assert problem(ops.get(f"{LETTERS}/{other}", headers=own)) == (404, "dead-letter.unknown")
    asked = ops.get(LETTERS, params={"source": "another"}, headers=own)
    assert problem(asked) == (403, "auth.forbidden")
    inspector = issued(ops, role="inspector")
    assert problem(ops.get(LETTERS, headers=inspector)) == (403, "auth.forbidden")
    for action in ("requeue", "dismiss"):
        asked = ops.post(f"{LETTERS}/{first}/{action}", json={"reason": "x"}, headers=own)
        assert problem(asked) == (403, "auth.forbidden")
    assert [(each["code"], each["detail"]) for each in warned(ops)] == [
        ("ledger.dead-letters-open", "5")
    ]
    told = ops.get("/metrics").text
    assert (
        'foodtrace_deadletter_open_records{code="event.wrong-source",source="another"} 2.0' in told
    )
    assert 'foodtrace_deadletter_open_records{code="ledger.crashed",source=""} 1.0' in told


def test_a_partition_at_which_the_workers_stopped_is_told_until_they_go_on(
    ops: httpx.Client, settings: Settings
) -> None:
    with pytest.raises(TooManyAsides):
        put_aside(settings, b"1", b"2", b"3", share=Share(window=10, most=2))
    place = f"{settings.topic_prefix}in.{SOURCE}/0/2"
    answer = ops.get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (200, True)
    (halt, waiting) = warned(ops)
    assert (halt["code"], waiting["detail"]) == ("ledger.too-many-asides", "2")
    assert halt["detail"].startswith(place)
    assert "FOODTRACE_ASIDES_SEEN" in halt["zh"]
    metric = "foodtrace_halted_at_records{"
    assert metric in ops.get("/metrics").text
    put_aside(settings, b"3", start=2)
    assert [each["detail"] for each in warned(ops)] == ["3"]
    assert metric not in ops.get("/metrics").text


def while_another_acts(ops: httpx.Client, settings: Settings, letter: str) -> None:
    """Of two who act at once one is told, and nothing is done by it."""
    engine = make_engine(settings.database_url.get_secret_value())
    turn = lock_key(read_letter(letter))
    with engine.connect() as other:
        assert other.execute(TAKE_TURN, turn).scalar_one()
        refused = ops.post(f"{LETTERS}/{letter}/requeue")
        assert problem(refused) == (409, "dead-letter.busy")
        other.execute(END_TURN, turn)
    engine.dispose()
    assert states(ops) == {0: "open"}


def test_a_dismissal_says_why_counts_once_and_can_be_taken_back(
    ops: httpx.Client, settings: Settings
) -> None:
    (letter,) = put_aside(settings, b"test of a till")
    while_another_acts(ops, settings, letter)
    for reason, code in (("", "text.empty"), ("x" * 2001, "text.too-long")):
        refused = ops.post(f"{LETTERS}/{letter}/dismiss", json={"reason": reason})
        assert problem(refused) == (400, code)
    done = noted(settings, ops.post(f"{LETTERS}/{letter}/dismiss", json={"reason": "测试"}))
    about = ops.get(f"{LETTERS}/{letter}").json()["about"]
    settled = about["settled"]
    assert (about["state"], settled["reason"], settled["event_id"]) == (
        *("dismissed", "测试"),
        done["event_id"],
    )
    assert settled["actor"].startswith("ops:ft_")
    assert settled["acted_at"] < settled["noted_at"]
    for action in ("dismiss", "requeue"):
        again = ops.post(f"{LETTERS}/{letter}/{action}", json={"reason": "x"})
        assert problem(again) == (409, "dead-letter.settled")
        assert done["event_id"] in again.json()["detail"]
    assert warned(ops) == []
    envelope = {**TRADE["envelope"], "source": "ops", "source_event_id": "v"}
    void = {"kind": "void", "envelope": envelope, "reason": "incorrect_data"}
    push(ops, settings, {**void, "target_event_id": done["event_id"]})
    assert states(ops) == {0: "open"}
    anew = noted(settings, ops.post(f"{LETTERS}/{letter}/dismiss", json={"reason": "测试"}))
    assert anew["event_id"] != done["event_id"]
    assert states(ops, state="dismissed") == {0: "dismissed"}


def test_a_requeued_record_goes_in_again_as_it_was(
    ops: httpx.Client, settings: Settings, own: dict[str, str]
) -> None:
    letter, empty = put_aside(settings, b"\x00\xff original", None)
    assert problem(ops.post(f"{LETTERS}/{empty}/requeue")) == (400, "dead-letter.no-value")
    done = noted(settings, ops.post(f"{LETTERS}/{letter}/requeue"))
    ((spot, end),) = [
        (spot, end) for spot, end in read_token(done["after"]).items() if spot[0] != "resolution"
    ]
    record = read_back(settings, f"{settings.topic_prefix}{spot[0]}", spot[1], end - 1)
    assert (record.key, record.value) == (b"k", b"\x00\xff original")
    assert record.headers == [(REQUEUED_HEADER, letter.encode())]
    # Nothing was mended: it comes back, and each of the two names the other.
    (back,) = put_aside(settings, b"\x00\xff original", start=2, headers=tuple(record.headers))
    assert states(ops) == {0: "requeued", 1: "open", 2: "open"}
    assert ops.get(f"{LETTERS}/{letter}").json()["explained"]["came_back"] == [back]
    assert ops.get(f"{LETTERS}/{back}").json()["about"]["requeued_from"] == letter
    # A source that names another topic's letter links to nothing.
    forged = ((REQUEUED_HEADER, b"log/elsewhere/0/0"),)
    (fake,) = put_aside(settings, b"x", start=3, headers=forged)
    assert ops.get(f"{LETTERS}/{fake}", headers=own).json()["about"]["requeued_from"] is None


def read_back(settings: Settings, topic: str, partition: int, offset: int) -> Any:
    consumer = KafkaConsumer(bootstrap_servers=settings.brokers, group_id=None)
    spot = TopicPartition(topic, partition)
    consumer.assign([spot])
    consumer.seek(spot, offset)
    try:
        while True:
            for record in consumer.poll(timeout_ms=1000).get(spot, []):
                return record
    finally:
        consumer.close()


def test_a_fix_goes_through_the_door_under_the_source_of_the_letter(
    ops: httpx.Client, settings: Settings, own: dict[str, str]
) -> None:
    party = TRADE["seller"]["party"]
    granted = {
        "reporter": "market-17",
        "party": party,
        "valid_from": "2026-01-01",
    }
    assert ops.post("/v1/mandates", json=granted).status_code == httpx.codes.CREATED
    letter, second = put_aside(settings, b"{}", b"{}")
    url = f"{LETTERS}/{letter}/fix"
    foreign = deepcopy(TRADE)
    foreign["envelope"]["source"] = "another"
    broken = {**TRADE, "lines": []}
    for headers in (None, own):
        refused = ops.post(url, json={"event": foreign}, headers=headers)
        assert problem(refused) == (400, "event.wrong-source")
    assert ops.post(url, json={"event": broken}, headers=own).status_code == 400
    assert problem(ops.post(url, content=b"{", headers=own)) == (400, "event.malformed")
    assert states(ops) == {0: "open", 1: "open"}
    unnamed = deepcopy(TRADE)
    del unnamed["envelope"]["source"]
    answer = ops.post(url, json={"event": unnamed, "reason": "补报"}, headers=own)
    done = noted(settings, answer)
    event = ops.get(f"/v1/events/{done['corrected_event_id']}").json()
    assert (event["source"], event["holds"]) == (SOURCE, True)
    settled = ops.get(f"{LETTERS}/{letter}", headers=own).json()["about"]["settled"]
    assert settled["corrected_event_id"] == done["corrected_event_id"]
    assert settled["actor"].startswith("reporter:ft_")
    # The same event again, by ops, for the letter beside it: it is in already, which is fine.
    twice = noted(settings, ops.post(f"{LETTERS}/{second}/fix", json={"event": unnamed}))
    assert twice["corrected_event_id"] == done["corrected_event_id"]
    assert states(ops, state="fixed") == {0: "fixed", 1: "fixed"}


def test_what_a_letter_says_is_told_as_far_as_it_can_be_read(
    ops: httpx.Client, settings: Settings
) -> None:
    values: dict[str, bytes] = {
        "json": b'{"kind": "trade", "amount": 1.5}',
        "text": "称重 12.5\n".encode(),
        "bytes": bytes(range(200, 256)) * 3,
    }
    names = put_aside(settings, *values.values())
    told = {
        seen: ops.get(f"{LETTERS}/{name}").json() for seen, name in zip(values, names, strict=True)
    }
    assert {seen: each["explained"]["seen"] for seen, each in told.items()} == {
        seen: seen for seen in values
    }
    assert told["json"]["explained"]["view"] == {"kind": "trade", "amount": 1.5}
    assert told["bytes"]["explained"]["view"] == values["bytes"][:64].hex()
    assert base64.b64decode(told["bytes"]["value"]) == values["bytes"]
    assert told["text"]["explained"]["todo_zh"]
    assert told["text"]["explained"]["todo_en"]
