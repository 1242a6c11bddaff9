"""The schedule of a chaos run: the same for a seed, and complete where there is room for all of it."""

from __future__ import annotations

import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from support.chaos.plan import (
    ALL_OF_THEM,
    BROKERS,
    FEWER_AT,
    KILLS,
    MORE_WORKERS,
    Sort,
    plan,
    workers_at,
)
from support.chaos.proxy import TESTS
from support.chaos.watch import Clock

seeds = st.integers(min_value=0, max_value=2**40)
few, enough = st.integers(0, ALL_OF_THEM - 1), st.integers(ALL_OF_THEM, 3 * ALL_OF_THEM)
PARTS = frozenset({"postgres", "api", "kit-http", "kit-kafka"})
WAYS = frozenset({"api-postgres", *(f"broker-{number}-clients" for number in BROKERS)})


@given(seeds, st.integers(0, 100))
def test_a_seed_gives_one_schedule_in_its_order(seed: int, kills: int) -> None:
    actions = plan(seed, kills)
    assert actions == plan(seed, kills)
    assert sum(each.sort in KILLS for each in actions) == kills
    moments = [each.moment for each in actions]
    assert moments == sorted(moments)
    assert all(0 <= each.moment < 1 and each.seconds >= 0 for each in actions)


@given(seeds, enough)
def test_enough_kills_meet_everything_in_every_way(seed: int, kills: int) -> None:
    actions = plan(seed, kills)
    assert {each.sort for each in actions} >= set(Sort) - {Sort.WORKERS}
    killed = {each.target for each in actions if each.sort is Sort.KILL}
    assert killed >= PARTS | {f"broker-{number}" for number in BROKERS}
    assert any(target.startswith("worker-") for target in killed)
    ways = {each.target for each in actions if each.sort in (Sort.CUT, Sort.STALL)}
    assert "api-postgres" in ways
    assert any(way.startswith("worker-") for way in ways)
    assert any(way.startswith("broker-") for way in ways)


@given(seeds, few | enough)
def test_whoever_is_meant_is_there_then(seed: int, kills: int) -> None:
    for each in plan(seed, kills):
        part, _, rest = each.target.partition("-")
        if each.sort is Sort.FOREVER:
            # One of three; two stay.
            assert (each.target, each.moment) == (f"worker-{MORE_WORKERS - 1}", FEWER_AT)
        elif part == "worker":
            assert int(rest.partition("-")[0]) < workers_at(each.moment)
        elif part == "broker":
            assert int(rest.partition("-")[0]) in BROKERS
        elif each.sort in KILLS:
            assert each.target in PARTS | WAYS


def test_another_process_makes_the_same_schedule() -> None:
    argv = [sys.executable, "-m", "support.chaos", "--plan", "--kills", "30", "--seed", "7"]
    said = subprocess.run(argv, cwd=TESTS, capture_output=True, text=True, check=True)
    assert said.stdout.splitlines() == [str(each) for each in plan(7, 30)]


@given(st.lists(st.tuples(st.integers(1, 50), st.none() | st.integers(0, 3)), max_size=30))
def test_a_stall_is_the_longest_stand_while_there_is_something_to_do(
    looks: list[tuple[int, int | None]],
) -> None:
    # Each look: seconds since the one before, and what the ledger gained; None: it doesn't answer.
    clock, now, position, moved, longest = Clock(), 0.0, 0, 0.0, 0.0
    known: int | None = None
    end = sum(gain or 0 for _, gain in looks) + 1
    for seconds, gain in looks:
        now += seconds
        position += gain or 0
        if gain is not None and position != known:
            moved, known = now, position
        longest = max(longest, now - moved)
        clock.look(now, now, None if gain is None else position, end)
    assert clock.stall_max_s == longest


def test_a_kill_is_over_when_the_ledger_has_moved_or_has_nothing_left_to_do() -> None:
    clock = Clock()
    clock.look(0, 0, 10, 100)
    clock.killed(1)
    clock.look(2, 2, 15, 100)  # May have been written before the kill.
    clock.look(3, 7, None, 100)
    assert clock.recovery_s == 0
    clock.look(8, 8, 16, 100)
    assert clock.recovery_s == 7
    clock.killed(10)
    clock.look(30, 30, 100, 100)
    assert clock.recovery_s == 20
