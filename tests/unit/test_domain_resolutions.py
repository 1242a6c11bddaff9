"""What is done about a dead letter, and how letters are named."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foodtrace.access import Caller, Role, check_push
from foodtrace.events.resolution import Resolution, ResolutionAction
from foodtrace.letters import LetterPlace, read_letter
from foodtrace.lineage import Lineage
from foodtrace.problems import InvalidValue, TheirFault
from support.any_events import events
from support.events import an_envelope

PLACE = LetterPlace(log="q7Yt-w", topic="foodtrace.in.erp", partition=2, offset=17)
DISMISSED = Resolution(
    envelope=an_envelope("resolution", "1"),
    letter=PLACE.text,
    action=ResolutionAction.DISMISSED,
    reason="a test of the till",
)


@given(
    st.builds(
        LetterPlace,
        log=st.sampled_from(("log-1", "q7Yt_w-")),
        topic=st.sampled_from(("a.in.b", "a.trade")),
        partition=st.integers(0, 2**31 - 1),
        offset=st.integers(0, 2**63 - 1),
    )
)
def test_a_letters_name_says_where_it_stood(place: LetterPlace) -> None:
    assert read_letter(place.text) == place


@pytest.mark.parametrize(
    "text", ["a/b/1", "a/b/1/2/3", "/b/1/2", "a//1/2", "a/b/-1/2", "a/b/01/2", "a/b/1/٣"]
)
def test_what_names_no_letter_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match=r"dead-letter\.no-place"):
        read_letter(text)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"reason": None}, "dead-letter.no-reason"),
        ({"reason": " "}, "text.empty"),
        ({"corrected_event_id": UUID(int=1)}, "dead-letter.corrected-event"),
        ({"action": ResolutionAction.FIXED}, "dead-letter.corrected-event"),
        ({"letter": "nowhere"}, "dead-letter.no-place"),
    ],
)
def test_an_action_that_cant_be(change: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        replace(DISMISSED, **change)
    assert caught.value.code == code


@given(st.lists(events("resolution"), max_size=4), st.randoms(use_true_random=False))
def test_actions_fold_alike_in_any_order(told: list[Resolution], random: Any) -> None:
    mixed = [*told, *told]
    random.shuffle(mixed)
    assert Lineage(mixed).facts == Lineage(told).facts


def test_only_staff_reports_actions_as_events() -> None:
    check_push(Caller(role=Role.OPS), DISMISSED, lambda _side, _day: False)
    for caller in (
        Caller(role=Role.REPORTER, source="erp", reporter="m"),
        Caller(role=Role.PARTY, source="erp", party="A"),
        Caller(role=Role.INSPECTOR, source="erp"),
    ):
        with pytest.raises(TheirFault, match=r"push\.not-allowed"):
            check_push(caller, DISMISSED, lambda _side, _day: True)
