"""Dead letters as people read them, and what is to be done about each kind of problem."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from foodtrace.problems import PROBLEMS
from foodtrace.problems.advice import advice
from foodtrace_deploy.rendering.letters import show_acted, show_letter, show_letters
from foodtrace_deploy.texts import speak
from foodtrace_schemas.peek import Seen, peek

LETTER: dict[str, Any] = {
    "letter": "log/foodtrace.in.erp/0/7",
    "state": "open",
    "received_at": "2026-05-21T05:31:07Z",
    "source": None,
    "code": "quantity.not-positive",
    "zh": "数量必须大于零",
    "en": "The quantity must be greater than zero",
    "path": "lines[0].count.amount",
    "detail": "[bold]-1[/bold]",
    "requeued_from": None,
    "settled": None,
}
EXPLAINED: dict[str, Any] = {
    "todo_zh": "更正后补报",
    "todo_en": "Correct the field",
    "seen": "fields",
    "view": {"kind": "trade", "lines": [{"count": {"amount": "-1"}}]},
    "came_back": ["log/foodtrace.in.erp/0/9"],
}


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    speak("en")
    yield
    speak(None)


def console() -> tuple[Console, StringIO]:
    out = StringIO()
    return Console(file=out, width=160, highlight=False, soft_wrap=True), out


def test_a_letter_says_what_is_wrong_where_and_what_to_do() -> None:
    where, out = console()
    show_letter(where, {"about": LETTER, "explained": EXPLAINED, "key": "AP8="})
    told = out.getvalue()
    for part in (
        *("lines[0].count.amount", "[bold]-1[/bold]", "Correct the field", '"amount": "-1"'),
        *("came back as", "log/foodtrace.in.erp/0/9", "\\xff", "[quantity.not-positive]"),
    ):
        assert part in told


def test_one_that_was_dealt_with_says_how_and_no_longer_what_to_do() -> None:
    settled = {
        "action": "dismissed",
        "acted_at": "2026-05-21T06:00:00Z",
        "actor": "ops:ft_0a1b",
        "reason": "a test",
        "corrected_event_id": None,
    }
    where, out = console()
    about = {**LETTER, "state": "dismissed", "settled": settled}
    show_letter(where, {"about": about, "explained": EXPLAINED, "key": None})
    assert "by ops:ft_0a1b; why: a test" in out.getvalue()
    assert "Correct the field" not in out.getvalue()


def test_a_list_says_what_it_leaves_out() -> None:
    where, out = console()
    show_letters(where, [LETTER], 3)
    assert "dead letters: 3" in out.getvalue()
    assert "only the first 1 are listed" in out.getvalue()
    where, out = console()
    show_letters(where, [], 0)
    assert "no dead letters" in out.getvalue()


def test_what_was_done_and_isnt_in_the_ledger_yet_says_so() -> None:
    (where, out), (news, noise) = console(), console()
    done = {"letter": "l", "action": "fixed", "corrected_event_id": "e", "in_ledger": False}
    show_acted(where, news, {**done, "after": "TOKEN"})
    assert "l: fixed" in out.getvalue()
    assert "--after TOKEN" in noise.getvalue()


def test_every_problem_has_something_to_do() -> None:
    for code in (*PROBLEMS, "of.a-newer-version"):
        assert advice(code).zh
        assert advice(code).en
    assert "requeue" in advice("ledger.crashed").en
    assert "register" in advice("avro.unknown-schema").en
    assert "Correct the field" in advice("quantity.not-positive").en


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        (None, Seen.TEXT),
        (b"\x00\x00\x00\x00\x09rest", Seen.BYTES),
        (b'{"a": NaN}', Seen.TEXT),
        (b'{"a": "\\ud800"}', Seen.TEXT),
        (b"[" * 100_000, Seen.TEXT),
        (b"1" * 5000, Seen.TEXT),
        (b'{"a": [1, null]}', Seen.JSON),
        (b"\xff\xfe", Seen.BYTES),
    ],
)
def test_whatever_came_in_can_be_looked_at(value: bytes | None, seen: Seen) -> None:
    assert peek(value, lambda _number: None).seen is seen
