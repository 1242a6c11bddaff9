"""How many of the latest records may go aside: a function of the records, whatever chunks they
came in and wherever a worker began anew."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foodtrace.problems import InvalidValue
from foodtrace_bus import exits
from foodtrace_ledger.errors import TooManyAsides
from foodtrace_ledger.share import Share, first_over, share_of
from foodtrace_streams.crash import Sort, exit_code, sort_of

sequences = st.lists(st.booleans(), max_size=80)
shares = st.builds(
    lambda window, limit: share_of(window, limit),
    st.integers(1, 20),
    st.floats(0, 1, allow_nan=False),
)


def naive(records: list[bool], share: Share) -> int | None:
    """The rule word by word: look at the window behind every record that went aside."""
    for offset, is_aside in enumerate(records):
        window = records[max(0, offset - share.window + 1) : offset + 1]
        if is_aside and sum(window) > share.most:
            return offset
    return None


def read_in_chunks(records: list[bool], share: Share, cuts: list[int]) -> int | None:
    """As a worker meets them: chunk by chunk, with no more than what the ledger keeps."""
    bounds = sorted({0, len(records), *(cut % (len(records) + 1) for cut in cuts)})
    for start, end in pairwise(bounds):
        first = max(0, start - share.window + 1)
        kept = [offset for offset in range(first, end) if records[offset]]
        found = first_over(kept, share, start=start)
        if found is not None:
            return found
    return None


@given(sequences, shares, st.lists(st.integers(0, 1000), max_size=8))
def test_where_it_stops_depends_on_the_records_alone(
    records: list[bool], share: Share, cuts: list[int]
) -> None:
    wanted = naive(records, share)
    assert read_in_chunks(records, share, cuts) == wanted
    everything = [offset for offset, is_aside in enumerate(records) if is_aside]
    assert first_over(everything, share, start=0) == wanted
    if wanted is not None:
        # A worker that begins anew at the place stops there again.
        assert first_over(everything, share, start=wanted) == wanted


@given(sequences, shares)
def test_what_was_looked_into_counts_no_longer(records: list[bool], share: Share) -> None:
    everything = [offset for offset, is_aside in enumerate(records) if is_aside]
    stop = first_over(everything, share, start=0)
    if stop is None:
        return
    onward = first_over(everything, share, start=stop, seen=stop)
    assert onward is None or onward >= stop + share.most + 1
    assert first_over(everything, share, start=stop, seen=len(records)) is None


def test_settings_make_the_rule() -> None:
    assert share_of(1000, 0.5) == Share(window=1000, most=500)
    share = share_of(10, 1, "p.in.erp/0/7,p.in.erp/0/41,p.trade/2/5")
    assert (share.most, share.seen) == (10, {("p.in.erp", 0): 41, ("p.trade", 2): 5})
    # Of a window no more can go aside than all of it: with a share of 1 nothing ever stops.
    assert first_over(range(50), share, start=0) is None
    assert first_over([3], share_of(10, 0), start=0) == 3
    with pytest.raises(InvalidValue, match=r"dead-letter\.no-place"):
        share_of(10, 1, "p.in.erp/0")


def test_the_worker_ends_by_a_code_after_which_nobody_starts_it_again() -> None:
    error = TooManyAsides("p.in.erp/0/7")
    assert sort_of(error) is Sort.NAMED
    assert exit_code(error) == exits.TOO_MANY_ASIDES
    assert exits.TOO_MANY_ASIDES in exits.OPS
