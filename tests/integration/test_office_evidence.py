"""The office keeps what was signed, and signs with one key."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, make_url, text

from foodtrace.problems import Conflict, FoodtraceError, InvalidValue, OurFault
from foodtrace_office import migrate
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
from foodtrace_office.evidence_keys import hold_key, keys_on_record, retire_key
from foodtrace_office.thinning import hand_out, thin

FIRST, SECOND, THIRD = bytes(range(32)), bytes(range(1, 33)), bytes(range(2, 34))
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


def test_a_retired_key_is_on_record_and_signs_nothing_more(office: Connection) -> None:
    with pytest.raises(Conflict, match=r"evidence\.nothing-to-retire"):
        retire_key(office, new=SECOND, by="ops", reason="lost")
    adopt_key(office, FIRST)
    hold_key(office, FIRST)
    with pytest.raises(Conflict, match=r"evidence\.key-in-use"):
        retire_key(office, new=FIRST, by="ops", reason="lost")
    for wrong in ({"by": "ops", "reason": " "}, {"by": "", "reason": "lost"}):
        with pytest.raises(InvalidValue, match=r"text\.empty"):
            retire_key(office, new=SECOND, **wrong)
    ended = retire_key(office, new=SECOND, by="li.wei", reason="the notebook was stolen")
    assert ended.public_key == FIRST
    for call in (adopt_key, hold_key):
        with pytest.raises(OurFault, match="the notebook was stolen") as caught:
            call(office, FIRST)
        assert caught.value.code == "evidence.retired-key"
    with pytest.raises(OurFault, match=r"evidence\.retired-key"):
        retire_key(office, new=FIRST, by="ops", reason="back again")
    adopt_key(office, SECOND)
    hold_key(office, SECOND)
    with pytest.raises(OurFault, match=r"evidence\.wrong-key"):
        hold_key(office, THIRD)
    present, old = keys_on_record(office)
    assert (present.public_key, present.created_by, present.retired_at) == (SECOND, "li.wei", None)
    assert (old.retired_by, old.reason, old.created_by) == (
        "li.wei",
        "the notebook was stolen",
        None,
    )
    assert old.retired_at is not None
    assert old.retired_at >= old.created_at


STEP = st.tuples(st.sampled_from(["adopt", "hold", "retire"]), st.integers(0, 3))


@given(st.lists(STEP, max_size=12))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_order_of_steps_one_key_signs_and_none_comes_back(
    office: Connection, steps: list[tuple[str, int]]
) -> None:
    office.execute(text("DELETE FROM office.signing_key"))
    present: int | None = None
    retired: list[int] = []
    for step, number in steps:
        key = bytes([number]) * 32
        if step == "retire":
            allowed = present is not None and number != present and number not in retired
        elif step == "adopt":
            allowed = number not in retired and present in (None, number)
        else:
            allowed = number == present
        try:
            if step == "retire":
                retire_key(office, new=key, by="ops", reason="why")
            else:
                (adopt_key if step == "adopt" else hold_key)(office, key)
        except FoodtraceError:
            assert not allowed
        else:
            assert allowed
            if step == "retire":
                assert present is not None
                retired.insert(0, present)
            present = number
    expected = [each for each in (present, *retired) if each is not None]
    assert [key[0] for key in public_keys(office)] == expected


def test_old_checkpoints_are_thinned_and_those_that_somebody_holds_stay(office: Connection) -> None:
    """By the rule, which is held to its properties without a database."""
    for size in range(1, 121):
        save(office, SPOT, size, f"note {size}")
        save(office, BESIDE, size, f"note {size}")
    # One every ten minutes, the newest two days ago at half past the hour.
    office.execute(
        text(
            "UPDATE office.checkpoint SET signed_at = date_trunc('hour', now(), 'UTC')"
            " - interval '47.5 hours' - (120 - size) * interval '10 minutes'"
        )
    )
    hand_out(office, SPOT, [7, 8, 120])
    hand_out(office, NEVER, [7])
    assert thin(office, SPOT, at_once=50) > 0
    while thin(office, SPOT, at_once=50):
        pass
    assert thin(office, SPOT) == 0
    left = [one.size for one in all_of(office, SPOT)]
    # The last of each hour was signed at ten minutes to the next.
    # One that somebody holds stands for none of the others: 6 is the last free one of its hour, and
    # 119 the newest.
    free = {size for size in range(1, 121) if size % 6 == 2} - {8} | {6, 119}
    assert left == sorted({7, 8, 120} | free)
    assert [one.size for one in all_of(office, SPOT) if one.handed_out] == [7, 8, 120]
    assert len(all_of(office, BESIDE)) == 120


def test_however_many_are_held_the_others_are_thinned(office: Connection) -> None:
    """More at the beginning than are looked at once, as where nothing is known of the earlier ones."""
    for size in range(1, 41):
        save(office, SPOT, size, f"note {size}")
    long_ago = "date_trunc('day', now(), 'UTC') - interval '40 days' + size * interval '1 second'"
    office.execute(text(f"UPDATE office.checkpoint SET signed_at = {long_ago}"))
    hand_out(office, SPOT, range(1, 21))
    while thin(office, SPOT, at_once=10):
        pass
    assert [one.size for one in all_of(office, SPOT)] == [*range(1, 21), 40]


def test_what_was_signed_before_anyone_noted_who_holds_it_counts_as_held(
    empty_database: str,
) -> None:
    migrate.upgrade(empty_database, "0002")
    row = "INSERT INTO office.checkpoint (log, topic, partition, size, note)"
    engine = create_engine(make_url(empty_database).set(drivername="postgresql+psycopg2"))
    with engine.begin() as office:
        office.execute(text(f"{row} VALUES ('log', 'trade', 0, 1, 'note 1')"))
    migrate.upgrade(empty_database)
    with engine.begin() as office:
        save(office, SPOT, 2, "note 2")
        assert [(one.size, one.handed_out) for one in all_of(office, SPOT)] == [
            (1, True),
            (2, False),
        ]
    engine.dispose()
