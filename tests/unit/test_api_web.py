"""What all routes share: language, cursors, after tokens, buckets, problem documents, bodies."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foodtrace.problems import PROBLEMS, Blame, TheirFault
from foodtrace_api.push.body import split
from foodtrace_api.web.after import missing, read_token, token_of, vector_of
from foodtrace_api.web.bucket import Buckets
from foodtrace_api.web.cursor import cursor_of, read_cursor
from foodtrace_api.web.language import preferred, sendable
from foodtrace_api.web.problem import problem, status_of


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en;q=0.5, zh;q=0.7", "zh"),
        ("de, fr", "en"),
        ("de, zh;q=0.1", "zh"),
        ("*", "en"),
        ("zh;q=0", "en"),
        ("zh;q=nonsense", "en"),
    ],
)
def test_the_better_liked_language_is_spoken(header: str | None, language: str) -> None:
    assert preferred(header) == language


@given(st.text())
def test_no_header_breaks_the_choice_of_language(header: str) -> None:
    assert preferred(header) in ("zh", "en")


def test_every_code_has_a_status_that_fits_its_blame() -> None:
    for code, text in PROBLEMS.items():
        status = status_of(code)
        assert (text.blame is Blame.OURS) == (status >= 500), code


def test_a_problem_speaks_both_languages_and_titles_the_one_asked_for() -> None:
    error = TheirFault("quantity.not-positive", "-1", "lines[0].count.amount")
    document = problem(error, "zh")
    assert (document.type, document.status) == ("/problems/quantity.not-positive", 400)
    assert document.title == document.zh == "数量必须大于零"
    assert document.path == "lines[0].count.amount"
    assert problem(error, "en").title == document.en


def test_lone_surrogates_can_be_quoted() -> None:
    assert sendable("a\ud800b") == "a?b"


spots = st.tuples(st.sampled_from(["trade", "receipt", "void"]), st.integers(0, 50))
vectors = st.dictionaries(spots, st.integers(1, 2**40), max_size=20)


@given(vectors)
def test_a_token_comes_back_as_it_went(vector: dict[tuple[str, int], int]) -> None:
    assert read_token(token_of(vector)) == vector


@given(vectors, vectors)
def test_nothing_is_missing_once_every_partition_is_passed(
    wanted: dict[tuple[str, int], int], reached: dict[tuple[str, int], int]
) -> None:
    behind = missing(wanted, reached)
    assert all(count > 0 for count in behind.values())
    caught_up = {spot: reached.get(spot, 0) + behind.get(spot, 0) for spot in {*wanted, *reached}}
    assert missing(wanted, caught_up) == {}


def test_a_vector_stands_behind_the_last_record() -> None:
    stored = [("trade", 0, 4), ("trade", 0, 2), ("void", 1, 0)]
    assert vector_of(stored) == {("trade", 0): 5, ("void", 1): 1}


@given(st.text(max_size=60))
def test_a_token_of_somebody_else_is_named(token: str) -> None:
    with pytest.raises(TheirFault) as caught:
        read_token(token)
    assert caught.value.code == "request.bad-token"


def test_a_cursor_belongs_to_its_question() -> None:
    cursor = cursor_of(["lots", "A1"], ["x", 3])
    assert read_cursor(["lots", "A1"], cursor, tuple[str, int]) == ("x", 3)
    assert read_cursor(["lots", "A1"], None, str) is None
    with pytest.raises(TheirFault) as caught:
        read_cursor(["lots", "A2"], cursor, tuple[str, int])
    assert caught.value.code == "request.bad-cursor"


def test_a_cursor_that_says_something_else_is_named() -> None:
    with pytest.raises(TheirFault) as caught:
        read_cursor("q", cursor_of("q", "text"), int)
    assert caught.value.code == "request.bad-cursor"


@given(st.text(max_size=80))
def test_a_cursor_of_somebody_else_is_named(cursor: str) -> None:
    with pytest.raises(TheirFault) as caught:
        read_cursor("q", cursor, str)
    assert caught.value.code == "request.bad-cursor"


def test_a_bucket_empties_and_refills_by_the_clock() -> None:
    buckets = Buckets(per_minute=2)
    assert [buckets.wait("a", 0.0), buckets.wait("a", 0.0)] == [0.0, 0.0]
    assert buckets.wait("a", 0.0) == 30.0
    assert buckets.wait("b", 0.0) == 0.0
    assert buckets.wait("a", 15.0) == 15.0
    assert buckets.wait("a", 30.0) == 0.0


def test_the_client_not_seen_for_longest_is_forgotten() -> None:
    buckets = Buckets(per_minute=1, clients=2)
    for client in ("a", "b", "c"):
        assert buckets.wait(client, 0.0) == 0.0
    assert buckets.wait("c", 0.0) > 0
    assert buckets.wait("a", 0.0) == 0.0


@pytest.mark.parametrize(
    ("body", "media", "items", "single"),
    [
        (b' {"a":1} ', "application/json", [b'{"a":1}'], True),
        (b'\xef\xbb\xbf{"a":1}', "", [b'{"a":1}'], True),
        (b'[{"a":1}, {"b":2}]', "application/json; charset=utf-8", [b'{"a":1}', b'{"b":2}'], False),
        (b"[]", "application/json", [], False),
        (b'{"a":1}\r\n\n  {"b":2}', "application/x-ndjson", [b'{"a":1}', b'{"b":2}'], False),
        (b"broken\n{}", "application/x-ndjson", [b"broken", b"{}"], False),
        (b'["\xff", 1]', "application/json", [b'"\xff"', b"1"], False),
        (b'["\\ud800", 1]', "application/json", [b'"\\ud800"', b"1"], False),
    ],
)
def test_a_body_is_cut_into_events(
    body: bytes, media: str, items: list[bytes], single: bool
) -> None:
    assert split(body, media, 10) == (items, single)


@pytest.mark.parametrize(
    ("body", "media", "code"),
    [
        (b"", "application/json", "event.malformed"),
        (b"[{}", "application/json", "event.malformed"),
        (b"[" * 100_000, "application/json", "event.malformed"),
        (b"a,b", "text/csv", "request.wrong-media-type"),
        (b"[1,2,3]", "application/json", "push.too-many-events"),
        (b"1\n2\n3", "application/x-ndjson", "push.too-many-events"),
    ],
)
def test_a_body_that_is_none_is_named(body: bytes, media: str, code: str) -> None:
    with pytest.raises(TheirFault) as caught:
        split(body, media, 2)
    assert caught.value.code == code
