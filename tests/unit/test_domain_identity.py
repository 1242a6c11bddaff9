"""Ids follow from what is identified, whatever is remembered of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from foodtrace import identity
from foodtrace.identity import event_id, uuid8

NAMES = st.text(max_size=400)


@given(source=NAMES, own=NAMES, revision=st.integers(0, 3))
def test_an_id_is_that_of_its_parts_at_any_length(source: str, own: str, revision: int) -> None:
    expected = uuid8("event", source, "trade", own, revision)
    assert {event_id(source, "trade", own, revision) for _ in range(2)} == {expected}


def test_what_nobody_has_judged_yet_fills_no_memory() -> None:
    # A refused event's names may be megabytes long.
    before = identity._event_id.cache_info().currsize
    for number in range(20):
        event_id("erp", "trade", f"{number}" * 1_000)
        event_id(f"{number}" * 1_000, "trade", "1")
    assert identity._event_id.cache_info().currsize == before
