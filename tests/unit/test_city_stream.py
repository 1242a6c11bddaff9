"""The city is the same for a seed, comes day by day, and holds stock in memory, not documents."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from hashlib import sha256
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foodtrace_city import CITY, DEMO, FIRST_DAY, City, Scale, scale_for_events
from foodtrace_city.chance import chance_for, popular_rank, shares
from foodtrace_city.shelf import OPENER_LIMIT, SHELF_LIMIT

SMALL = Scale(sites=260, products=120, trades=120, receipts=150)


def fingerprint(city: City, days: int) -> str:
    digest = sha256()
    for document in city.days(days):
        digest.update(f"{document.source} {document.mistake} {document.line()}\n".encode())
    return digest.hexdigest()


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_a_seed_gives_the_same_city_every_time(seed: int) -> None:
    assert fingerprint(City(seed, SMALL), 2) == fingerprint(City(seed, SMALL), 2)


PRINTED = """
import sys
sys.path.insert(0, {folder!r})
from test_city_stream import SMALL, City, fingerprint
print(fingerprint(City(7, SMALL), 1))
"""


def test_another_process_makes_the_same_city() -> None:
    """Sets of texts have another order in every process."""
    script = PRINTED.format(folder=str(Path(__file__).parent))
    environment = {**os.environ, "PYTHONHASHSEED": "12345"}
    told = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == fingerprint(City(7, SMALL), 1)


def test_seeds_give_different_cities() -> None:
    assert fingerprint(City(1, SMALL), 1) != fingerprint(City(2, SMALL), 1)


def test_the_demo_has_a_few_thousand_documents() -> None:
    count = sum(1 for _ in City(7, DEMO).day(FIRST_DAY))
    assert 3_000 <= count <= 6_500


def test_days_come_in_order_and_once() -> None:
    city = City(7, SMALL)
    with pytest.raises(ValueError, match="next day"):
        next(city.day(FIRST_DAY + timedelta(days=1)))
    assert list(city.day(FIRST_DAY))
    with pytest.raises(ValueError, match="next day"):
        next(city.day(FIRST_DAY))
    assert list(city.day(FIRST_DAY + timedelta(days=1)))


def test_register_and_history_can_be_taken_first() -> None:
    apart = City(7, SMALL)
    documents = [*apart.masters(), *apart.history(), *apart.day(FIRST_DAY)]
    assert documents == list(City(7, SMALL).day(FIRST_DAY))
    for again in (apart.masters(), apart.history()):
        with pytest.raises(ValueError, match="sent already"):
            next(again)


def test_master_data_come_first() -> None:
    kinds = [document.kind for document in City(7, SMALL).day(FIRST_DAY)]
    masters = {"party", "location", "product"}
    first_other = next(index for index, kind in enumerate(kinds) if kind not in masters)
    assert set(kinds[:first_other]) == masters
    assert not masters & set(kinds[first_other:])


def test_every_day_but_the_first_a_stall_changes_hands() -> None:
    city = City(7, SMALL)
    assert list(city.day(FIRST_DAY))
    moved = [d.body for d in city.day(FIRST_DAY + timedelta(days=1)) if d.kind == "location"]
    (left, taken) = moved
    assert left["location"] == taken["location"]
    assert left["occupant"] != taken["occupant"]
    assert left["occupied_to"] < taken["occupied_from"]


def test_the_largest_city_streams_without_being_made_first() -> None:
    """A thousand documents of the first day cost no more than the register's sites."""
    city = City(1, CITY)
    assert len(list(islice(city.history(), 100))) == 100
    assert len(list(islice(city.masters(), 1_000))) == 1_000


def test_memory_follows_the_stock_not_the_days() -> None:
    city = City(5, SMALL)
    for _document in city.days(12):
        pass
    held = 0
    for site in city._town.all_sites():
        ordinary = [cell for cell in site.shelf if not cell.marks]
        assert len(ordinary) <= OPENER_LIMIT
        held += len(ordinary)
    assert held <= SMALL.sites * SHELF_LIMIT
    assert len(city._desk._counters) < 400


def test_shares_add_up() -> None:
    parts = shares(chance_for(1, "t"), 4_890, 6, 420)
    assert sum(parts) == 4_890
    assert min(parts) >= 420
    with pytest.raises(ValueError, match="can't be split"):
        shares(chance_for(1, "t"), 10, 6, 420)


def test_popular_ranks_follow_zipf() -> None:
    chance = chance_for(1, "zipf")
    ranks = [popular_rank(chance, 1_000) for _ in range(20_000)]
    assert 0 <= min(ranks) <= max(ranks) < 1_000
    first, tenth = ranks.count(0), ranks.count(9)
    assert first > 5 * tenth > 0


@given(events=st.integers(100, 2_000_000))
def test_any_wish_for_events_is_a_city(events: int) -> None:
    scale = scale_for_events(events)
    assert SMALL.sites <= scale.sites <= CITY.sites


@pytest.mark.parametrize("events", [2_000, 5_000, 20_000])
def test_a_wish_for_events_is_about_met(events: int) -> None:
    count = sum(1 for _ in City(7, scale_for_events(events)).day(FIRST_DAY))
    assert 0.85 * events <= count <= 1.15 * events


def test_the_incidents_need_no_other_trade() -> None:
    city = City(7, scale_for_events(1))
    assert list(city.day(FIRST_DAY))
    assert len(city.oracle.incident("cheese").sellers) == 45
    assert len(city.traced_receipt().origins()) == 3


@pytest.mark.parametrize(
    "wrong", [{"sites": 10}, {"products": 3}, {"trades": -1}, {"mistakes": 0.9}]
)
def test_a_city_too_small_for_the_incidents_is_refused(wrong: dict[str, int]) -> None:
    size = {"sites": 400, "products": 200, "trades": 10, "receipts": 10, **wrong}
    with pytest.raises(ValueError, match=r"city needs|can't be negative"):
        Scale(**size)
