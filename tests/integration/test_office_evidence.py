"""The office keeps what was signed, and signs with one key."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine, make_url, text

from foodtrace.problems import OurFault
from foodtrace_office.evidence import (
    adopt_key,
    all_of,
    covering,
    installation_id,
    latest,
    of_size,
    public_keys,
    save,
)

FIRST, SECOND = bytes(range(32)), bytes(range(1, 33))
SPOT, BESIDE, NEVER = ("log", "trade", 0), ("log", "trade", 1), ("gol", "trade", 0)


@pytest.fixture
def office(database: str) -> Iterator[Connection]:
    engine = create_engine(make_url(database).set(drivername="postgresql+psycopg2"))
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def test_the_first_key_is_the_one(office: Connection) -> None:
    assert public_keys(office) == ()
    adopt_key(office, FIRST)
    adopt_key(office, FIRST)
    with pytest.raises(OurFault, match=r"evidence\.wrong-key"):
        adopt_key(office, SECOND)
    assert public_keys(office) == (FIRST,)


def test_a_retired_key_still_counts_for_what_it_signed(office: Connection) -> None:
    adopt_key(office, FIRST)
    office.execute(text("UPDATE office.signing_key SET retired_at = now()"))
    adopt_key(office, SECOND)
    assert public_keys(office) == (SECOND, FIRST)


def test_an_installation_keeps_its_name(office: Connection) -> None:
    assert installation_id(office) == installation_id(office)
    assert len(installation_id(office)) == 36


def test_checkpoints_are_kept_as_they_were_first_signed(office: Connection) -> None:
    for size in (3, 12, 7):
        save(office, SPOT, size, f"note {size}")
    save(office, SPOT, 7, "another")
    save(office, BESIDE, 1, "beside")
    assert [(one.size, one.note) for one in all_of(office, SPOT)] == [
        (3, "note 3"),
        (7, "note 7"),
        (12, "note 12"),
    ]
    found = latest(office, [SPOT, BESIDE, NEVER])
    assert {spot: one.size for spot, one in found.items()} == {SPOT: 12, BESIDE: 1}
    assert found[SPOT].age_s >= 0
    assert latest(office, []) == {}


def test_a_leaf_is_covered_by_a_larger_tree_alone(office: Connection) -> None:
    save(office, SPOT, 5, "five")
    covered = [covering(office, SPOT, index) is not None for index in (0, 4, 5)]
    assert covered == [True, True, False]
    assert covering(office, NEVER, 0) is None
    assert of_size(office, SPOT, 4) is None
    five = of_size(office, SPOT, 5)
    assert five is not None
    assert five.note == "five"
