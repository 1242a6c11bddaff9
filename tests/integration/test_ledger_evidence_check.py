"""What is stored of a tree is recomputed from its leaves, and what differs is named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from foodtrace.evidence import chained, root
from foodtrace_deploy.commands.checking import check
from foodtrace_deploy.commands.exits import Exit
from foodtrace_deploy.main import app
from foodtrace_deploy.texts import speak
from foodtrace_ledger.engine import make_engine, snapshot
from foodtrace_ledger.evidence import head
from foodtrace_ledger.evidence_check import Differs, check_tree
from foodtrace_ledger.writer import write_chunk
from foodtrace_office.evidence_keys import adopt_key, retire_key
from support.evidence import KEY, OTHER_KEY
from support.evident import TOPIC, evident, leaves, logged
from support.ledger import empty
from support.proving import sign

# More than a page of tiles would take long to write; a node of height 10 is there.
LOG = logged(range(1100))
HASHES = leaves(LOG)
OF_HEAD = "{} FROM ledger.evidence_head WHERE topic = '{}'"
SIGNED = {size: (root(HASHES[:size]), chained(HASHES[:size])) for size in (5, 40, 64, 1024, 1100)}


@pytest.fixture(scope="module")
def engine(module_database: str) -> Iterator[Engine]:
    made = make_engine(module_database)
    empty(made)
    write_chunk(made, evident(LOG, 0, 1100))
    yield made
    made.dispose()


def found(engine: Engine, signed: dict[int, tuple[bytes, bytes]] = SIGNED) -> list[Differs]:
    with snapshot(engine) as conn:
        tree = head(conn, TOPIC, 0)
    assert tree is not None
    told: list[int] = []
    differs = list(check_tree(engine, tree, signed, told.append))
    assert told == sorted(told)
    return differs


def test_a_sound_tree_is_told_to_be_so(engine: Engine) -> None:
    assert found(engine) == []
    wrong = {40: (SIGNED[40][0], SIGNED[64][1]), 64: SIGNED[40], 1100: SIGNED[1100]}
    assert found(engine, wrong) == [Differs(sort="signed", size=size) for size in (40, 64)]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 33), st.integers(0, 1023), st.sampled_from(["leaf", "root"]))
def test_one_changed_byte_of_a_tile_is_told_with_its_place(
    engine: Engine, index: int, byte: int, what: str
) -> None:
    """A leaf under the root that was, or the root above the leaves: the rest is sound either way."""
    column, at = ("hashes", byte) if what == "leaf" else ("root", byte % 32)
    turn = text(
        f"UPDATE ledger.evidence_tile SET {column} = set_byte({column}, :at,"
        f" get_byte({column}, :at) # 1) WHERE index = :index"
    )
    with engine.begin() as conn:
        conn.execute(turn, {"at": at, "index": index})
    differs = found(engine)
    with engine.begin() as conn:
        conn.execute(turn, {"at": at, "index": index})
    first = 32 * index
    tile = Differs(sort="tile", height=5, index=index, first=first, last=first + 31)
    assert differs[0] == tile
    if what == "leaf":
        # What was signed still holds by the root, so it is a leaf that was changed.
        assert differs == [tile]
    else:
        assert {"signed", "head"} <= {one.sort for one in differs[1:]}


@pytest.mark.parametrize(
    ("harm", "expected"),
    [
        ("UPDATE ledger.evidence_node SET root = sha256(root)", ("node", 10, 0)),
        ("DELETE FROM ledger.evidence_node", ("missing", 10, 0)),
        ("DELETE FROM ledger.evidence_tile WHERE index = 7", ("missing", 5, 7)),
        ("UPDATE ledger.evidence_head SET link = sha256(link)", ("head", None, None)),
    ],
)
def test_whatever_else_is_stored_is_held_to_the_leaves(
    engine: Engine, harm: str, expected: tuple[str, int | None, int | None]
) -> None:
    connection = engine.connect()
    table = harm.split()[1 if harm.startswith("UPDATE") else 2]
    with connection, connection.begin():
        connection.execute(text(f"CREATE TABLE kept AS TABLE {table}"))
        connection.execute(text(harm))
    (differs,) = found(engine)
    with engine.begin() as conn:
        conn.execute(text(f"DELETE FROM {table}"))
        conn.execute(text(f"INSERT INTO {table} SELECT * FROM kept"))
        conn.execute(text("DROP TABLE kept"))
    assert (differs.sort, differs.height, differs.index) == expected


def test_the_command_names_the_tile_and_says_what_is_sound(
    engine: Engine, module_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOODTRACE_DATABASE_URL", module_database)
    assert sign(engine, KEY) == 1

    def ran(code: Exit, *more: str) -> str:
        done = CliRunner().invoke(app, ["evidence", "check", *more])
        assert done.exit_code == code, (done.output, done.exception)
        return done.stdout

    told = json.loads(ran(Exit.DONE, "--json"))
    (part,) = told["partitions"]
    assert (told["ok"], part["records"], part["checkpoints"]) == (True, 1100, 1)
    with engine.begin() as conn:
        conn.execute(text("CREATE TABLE sound AS TABLE ledger.evidence_tile"))
        conn.execute(
            text(
                "UPDATE ledger.evidence_tile"
                " SET hashes = sha256(hashes) || substr(hashes, 33) WHERE index = 3"
            )
        )
    told, words = json.loads(ran(Exit.REFUSED, "--json")), ran(Exit.REFUSED, "--lang", "zh")
    with engine.begin() as conn:
        conn.execute(text("DELETE FROM ledger.evidence_tile"))
        conn.execute(text("INSERT INTO ledger.evidence_tile SELECT * FROM sound"))
        conn.execute(text("DROP TABLE sound"))
    speak(None)
    (part,) = told["partitions"]
    tile = {"sort": "tile", "height": 5, "index": 3, "first": 96, "last": 127}
    assert (told["ok"], part["differs"], part["where"]) == (False, 1, [tile])
    assert "第 3 块（偏移 96 至 127）" in words


def test_leaves_that_were_signed_and_are_gone_are_told(engine: Engine) -> None:
    """What is left is sound in itself: only what was signed of it shows that there was more."""
    topic, short = "ft.lost", logged(range(60))
    write_chunk(engine, evident(short, 0, 40, topic=topic))
    with engine.begin() as conn:
        conn.execute(text(f"CREATE TABLE before AS {OF_HEAD.format('SELECT *', topic)}"))
    write_chunk(engine, evident(short, 40, 60, topic=topic))
    sign(engine, KEY)
    assert told_of(engine, topic) == {"records": 60, "checkpoints": 1, "differs": 0, "where": []}
    lost = {"checkpoints": 1, "differs": 1, "where": [{"sort": "signed", "size": 60}]}
    with engine.begin() as conn:
        conn.execute(text(OF_HEAD.format("DELETE", topic)))
    assert told_of(engine, topic) == {"records": 0} | lost
    with engine.begin() as conn:
        conn.execute(text("INSERT INTO ledger.evidence_head SELECT * FROM before"))
        conn.execute(text("DROP TABLE before"))
    assert told_of(engine, topic) == {"records": 40} | lost
    # Of a topic that was made anew the old log's tree is gone rightly.
    with engine.begin() as conn:
        conn.execute(text(OF_HEAD.format("DELETE", topic)))
        conn.execute(text(f"UPDATE ledger.position SET log = 'anew' WHERE topic = '{topic}'"))
    assert told_of(engine, topic) == {}


def test_what_is_signed_while_the_trees_are_read_is_no_fault(engine: Engine) -> None:
    """By a key that is new since then, and also of more leaves than there were."""
    topic, grows = "ft.turn", logged(range(60))
    write_chunk(engine, evident(grows, 0, 40, topic=topic))
    ran = False

    def tell(done: int, total: int) -> None:
        nonlocal ran
        counted(done, total)
        if ran:
            return
        ran = True
        with engine.begin() as conn:
            adopt_key(conn, KEY.public)
            retire_key(conn, new=OTHER_KEY.public, by="ops", reason="the notebook was stolen")
        sign(engine, OTHER_KEY)
        write_chunk(engine, evident(grows, 40, 60, topic=topic))
        sign(engine, OTHER_KEY)

    found = check(engine, tell)
    assert ran
    (part,) = [one for one in found["partitions"] if one["topic"] == topic]
    assert (part["records"], part["checkpoints"], part["where"]) == (40, 1, [])
    assert told_of(engine, topic) == {"records": 60, "checkpoints": 2, "differs": 0, "where": []}


def counted(done: int, total: int) -> None:
    """What a bar is told can be drawn."""
    assert 0 <= done <= total


def told_of(engine: Engine, topic: str) -> dict[str, Any]:
    """What a check says of a topic of one partition; nothing where it knows none."""
    told = check(engine, counted)
    parts = [one for one in told["partitions"] if one["topic"] == topic]
    assert told["ok"] == all(one["ok"] for one in told["partitions"])
    names = ("records", "checkpoints", "differs", "where")
    return {name: parts[0][name] for name in names} if parts else {}
