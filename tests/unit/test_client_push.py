"""The client against a real HTTP server that follows a script of answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foodtrace_client import (
    Client,
    Conflicting,
    Denied,
    EventAnswer,
    NotKnown,
    Pushed,
    Refused,
    RetryPolicy,
    Unavailable,
)
from foodtrace_client.batches import batches, encode
from support.scripted import CUT, Script, answering


@contextmanager
def serving(script: Script, attempts: int = 4) -> Iterator[Client]:
    policy = RetryPolicy(attempts=attempts, pause=script.pauses.append)
    with answering(script) as address, Client(address, "k-1", retry=policy) as client:
        yield client


def reply(*verdicts: str, after: str = "t", **more: Any) -> tuple[int, Any]:
    answers = [{"index": n, "status": verdict, **more} for n, verdict in enumerate(verdicts)]
    return 200, {"answers": answers, "after": after}


def documents(count: int) -> list[dict[str, Any]]:
    return [{"kind": "trade", "no": n} for n in range(count)]


def test_positions_and_sums_run_over_all_batches() -> None:
    script = Script([reply("accepted", "refused", after="a"), reply("duplicate", after="b")])
    heard: list[EventAnswer] = []
    sums: list[Pushed] = []
    with serving(script) as client:
        pushed = client.push(documents(3), batch=2, on_answer=heard.append, on_progress=sums.append)
    assert [answer.position for answer in heard] == [0, 1, 2]
    assert (pushed.accepted, pushed.refused, pushed.duplicates, pushed.after) == (1, 1, 1, "b")
    assert [total.events for total in sums] == [2, 3]


def test_the_token_of_a_batch_travels_with_the_next() -> None:
    script = Script([reply("accepted", after="a/1"), reply("accepted", after="b")])
    with serving(script) as client:
        client.push(documents(2), batch=1)
    assert [path for path, _, _ in script.asked] == ["/v1/events", "/v1/events?after=a%2F1"]
    assert script.asked[0][2]["Authorization"] == "Bearer k-1"


def test_a_busy_door_is_asked_again_after_the_time_it_names() -> None:
    script = Script([(503, {"code": "push.bus-away"}), reply("accepted")])
    with serving(script) as client:
        assert client.push(documents(1)).accepted == 1
    assert script.pauses == [3.0]


def test_a_push_that_was_cut_off_goes_out_again() -> None:
    script = Script([CUT, reply("duplicate")])
    with serving(script) as client:
        assert client.push(documents(1)).duplicates == 1
    assert script.asked[0][1] == script.asked[1][1]


def test_a_bus_that_stays_away_ends_the_push() -> None:
    away = (503, {"code": "push.bus-away", "answers": []})
    script = Script([away, away])
    with serving(script, attempts=2) as client, pytest.raises(Unavailable) as caught:
        client.push(documents(1))
    assert caught.value.problem.code == "push.bus-away"
    assert len(script.asked) == 2


def test_nobody_there_is_named() -> None:
    pauses: list[float] = []
    policy = RetryPolicy(attempts=3, first_pause_s=0.5, pause=pauses.append)
    with Client("http://127.0.0.1:1", retry=policy) as client, pytest.raises(Unavailable) as caught:
        client.get("/readyz")
    assert caught.value.problem.code == "api.unreachable"
    assert "foodtrace up" in caught.value.problem.zh
    assert pauses == [0.5, 1.0]


@pytest.mark.parametrize("url", ["http://[", "127.0.0.1:8000", "ftp://127.0.0.1"])
def test_an_address_that_is_none_is_named(url: str) -> None:
    with pytest.raises(Unavailable) as caught:
        Client(url, retry=RetryPolicy(attempts=1)).get("/readyz")
    assert caught.value.problem.code == "api.unreachable"


def test_what_changes_something_goes_out_once() -> None:
    script = Script([CUT])
    with serving(script) as client, pytest.raises(Unavailable):
        client.post("/v1/keys", {"role": "ops"})
    assert len(script.asked) == 1


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (400, "event.malformed", Refused),
        (401, "auth.missing", Denied),
        (403, "auth.forbidden", Denied),
        (404, "code.unknown", NotKnown),
        (409, "code.ambiguous", Conflicting),
        (500, "ledger.crashed", Unavailable),
    ],
)
def test_problems_become_errors(status: int, code: str, error: type[Exception]) -> None:
    body = {"code": code, "detail": "x", "path": "lines[0]", "candidates": [{"batch_id": "1"}]}
    with serving(Script([(status, body)]), attempts=1) as client, pytest.raises(error) as caught:
        client.find_lots("1")
    problem = caught.value.problem  # type: ignore[attr-defined]
    assert (problem.code, problem.path, problem.status) == (code, "lines[0]", status)
    assert problem.zh
    assert problem.en
    assert problem.candidates == ({"batch_id": "1"},)


def test_a_code_newer_than_the_client_keeps_the_words_of_the_server() -> None:
    body = {
        "code": "moon.full",
        "title": "满月",
        "en": "Full moon",
        "completeness": {"as_of": None},
    }
    with serving(Script([(400, body)])) as client, pytest.raises(Refused) as caught:
        client.find_lots("1")
    assert (caught.value.problem.zh, caught.value.problem.en) == ("满月", "Full moon")
    assert caught.value.problem.completeness == {"as_of": None}


@pytest.mark.parametrize("body", [b"<html>", {"hello": 1}, {"answers": []}, {"answers": [{}]}])
def test_an_answer_of_something_else_is_named(body: Any) -> None:
    with serving(Script([(200, body)])) as client, pytest.raises(Unavailable) as caught:
        client.push(documents(1))
    assert caught.value.problem.code == "api.not-ours"


def test_codes_travel_whole() -> None:
    script = Script([(200, {}), (200, {})])
    with serving(script) as client:
        client.find_lots("https://id.gs1.org/01/0/10/A B&凭")
        client.receipt("a/b?c")
    assert script.asked[0][0] == (
        "/v1/lots?code=https%3A%2F%2Fid.gs1.org%2F01%2F0%2F10%2FA+B%26%E5%87%AD"
    )
    assert script.asked[1][0] == "/v1/receipts/a%2Fb%3Fc"


def test_waiting_ends_when_the_ledger_has_it_whether_or_not_the_code_is_known() -> None:
    script = Script([(504, {"code": "answer.not-yet"}), (404, {"code": "code.unknown"})])
    with serving(script) as client:
        client.wait("t/1")
    assert [path for path, _, _ in script.asked] == ["/v1/lots?code=-&after=t%2F1"] * 2


def test_waiting_is_not_fooled_by_another_server() -> None:
    with (
        serving(Script([(404, {"code": "request.no-such-path"})])) as client,
        pytest.raises(NotKnown),
    ):
        client.wait("t")


def test_pages_are_followed_to_the_end() -> None:
    script = Script([(200, {"keys": [1, 2], "next": "c"}), (200, {"keys": [3], "next": None})])
    with serving(script) as client:
        assert list(client.pages("/v1/keys", "keys")) == [1, 2, 3]
    assert script.asked[1][0] == "/v1/keys?cursor=c"


@given(
    sizes=st.lists(st.integers(2, 400), max_size=60),
    events=st.integers(1, 9),
    size=st.integers(1, 900),
)
def test_batches_keep_order_and_limits(sizes: list[int], events: int, size: int) -> None:
    lines = [b'"' + b"x" * (length - 2) + b'"' for length in sizes]
    made = list(batches(lines, events, size))
    assert [line for batch in made for line in batch.lines] == lines
    for batch in made:
        assert 1 <= len(batch.lines) <= events
        assert len(batch.lines) == 1 or sum(map(len, batch.lines)) + len(batch.lines) <= size
    starts = [batch.start for batch in made]
    assert starts == [sum(len(b.lines) for b in made[:n]) for n in range(len(made))]


def test_a_lone_surrogate_travels_as_an_escape() -> None:
    assert encode({"name": "\ud800"}) == b'{"name":"\\ud800"}'


def test_bytes_of_several_lines_are_no_document() -> None:
    with pytest.raises(ValueError, match="one line"):
        encode(b'{\n"a": 1}')
