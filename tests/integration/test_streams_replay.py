"""A replay on real Kafka: equal to the live ledger, killed anywhere, switched under questions."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from foodtrace.events import Event
from foodtrace_bus import exits
from foodtrace_bus.records import Record
from foodtrace_deploy.commands.exits import Exit
from foodtrace_deploy.main import app
from foodtrace_ledger import migrate
from foodtrace_ledger.dump import of_events
from foodtrace_ledger.engine import make_engine
from foodtrace_ledger.evidence import head
from foodtrace_ledger.schemas import BEFORE, NEXT
from foodtrace_office import evidence as office
from foodtrace_office.signing import make_key
from foodtrace_schemas.topics import outside_topic, topic_of
from support.asking import asking
from support.fixtures import Broker
from support.ledger import dumped, goods, receipt, trade, void
from support.replaying import PHASES, Ended, bring_in, replay, replay_here
from support.streams import Stage, framed, publish, staged, until

FIRST = trade("first", "a", "b", goods("L", 5), trade_no="T1")
EVENTS: list[Event] = [
    *(trade(n, "a", f"b{n % 7}", goods(f"L{n % 5}", 2)) for n in range(40)),
    *(receipt(n, "b1", goods("L1", 1), goods(None, 1, line_no=2)) for n in range(20)),
    FIRST,
    # Another content under the same id, a later revision, voids, a void of a void.
    trade("first", "a", "b", goods("L", 6), trade_no="T1"),
    trade(3, "a", "b3", goods("L3", 9), revision=1),
    void(1, ("erp", "trade", "5")),
    void(2, ("erp", "receipt", "2"), line=2),
    void(3, ("erp", "void", "1")),
    void(4, ("erp", "trade", "late")),
]
OUTSIDE = "till"


@pytest.fixture
def stage(broker: Broker, database: str, topic_prefix: str, tmp_path: Path) -> Iterator[Stage]:
    if broker.kind != "kafka":
        pytest.skip("the memory broker lives and dies with its ledger")
    with staged(broker, database, topic_prefix, tmp_path) as made:
        made.build(OUTSIDE)
        yield made


def junk(stage: Stage, number: int) -> list[Record]:
    """Records that go aside: unreadable ones, and one that names another source than its topic."""
    topic = topic_of("trade", stage.prefix)
    stranger = trade("stranger", "a", "b", goods("L"))
    return [
        *(Record(topic=topic, key=b"%d" % n, value=b"\0junk%d" % n) for n in range(number)),
        Record(topic=outside_topic(OUTSIDE, stage.prefix), key=b"k", value=framed(stranger)),
    ]


def own(number: int) -> Event:
    """An event by way of the outside topic."""
    return trade(f"own-{number}", "c", "d", goods("T"), source=OUTSIDE)


@pytest.fixture
def filled(stage: Stage) -> Stage:
    """All of it in the ledger, and no worker that runs."""
    stage.append(EVENTS)
    _send(stage, own(1), own(2))
    publish(stage.broker, junk(stage, 4))
    bring_in(stage)
    assert len(stage.letters()) == 5
    assert dumped(stage.engine) == of_events([*EVENTS, own(1), own(2)])
    with stage.engine.begin() as conn:
        conn.execute(text("UPDATE ledger.dead_letter SET published = true"))
    return stage


def _send(stage: Stage, *events: Event) -> None:
    """By way of the outside topic, and on into our own, as the intake sends them."""
    stage.append(events, source=OUTSIDE)
    stage.append(events)


def _all_in(stage: Stage, events: list[Event]) -> None:
    until("all in the ledger", lambda: stage.count() >= len({framed(one) for one in events}))


def ledger_id(stage: Stage, schema: str = "ledger") -> str:
    return str(stage.rows(f"SELECT ledger_id FROM {schema}.instance")[0][0])


def schemas(stage: Stage) -> set[str]:
    rows = stage.rows("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'ledger%'")
    return {row[0] for row in rows}


def indexes(stage: Stage, schema: str) -> list[str]:
    rows = stage.rows("SELECT indexdef FROM pg_indexes WHERE schemaname = :s", s=schema)
    return sorted(row[0].replace(f"{schema}.", "") for row in rows)


def switched(ended: Ended) -> None:
    assert ended.code == 0, ended.last
    assert ended.last["state"] == "switched"


def test_events_and_questions_keep_coming_while_it_is_rebuilt_and_switched(stage: Stage) -> None:
    worker = stage.worker()
    stage.append(EVENTS)
    publish(stage.broker, junk(stage, 4))
    _all_in(stage, EVENTS)
    old = ledger_id(stage)
    more: list[Event] = []
    over = threading.Event()

    def push() -> None:
        while not over.is_set():
            number = len(more)
            batch = [trade(f"more-{number + n}", "x", "y", goods(f"M{n}")) for n in range(5)]
            stage.append([*batch, own(number)][:5])
            stage.append([own(1000 + number)], source=OUTSIDE)
            more.extend([*batch, own(1000 + number)])

    pusher = threading.Thread(target=push, daemon=True)
    pusher.start()
    with asking(stage) as askers:
        ended = replay(stage)
        until("answers of the new one", lambda: all(a.seen[-1][0] != old for a in askers))
        over.set()
        pusher.join()
        ledgers = {tuple(asker.end()) for asker in askers}
    switched(ended)
    assert ended.last["compared"] is True
    assert ended.phases == list(PHASES)
    new = ledger_id(stage)
    assert ledgers == {(old, new)}
    _all_in(stage, [*EVENTS, *more])
    assert dumped(stage.engine) == of_events([*EVENTS, *more])
    assert worker.process.poll() is None, worker.said()
    # Nothing was sent on or told a second time, and letters keep their marks.
    assert len(stage.events()) == len({framed(one) for one in [*EVENTS, *more]})
    until("relayed", lambda: stage.rows("SELECT bool_and(published) FROM ledger.dead_letter")[0][0])
    assert len(stage.letters()) == 5
    assert ledger_id(stage, BEFORE) == old
    assert schemas(stage) == {"ledger", BEFORE}
    assert indexes(stage, "ledger") == indexes(stage, BEFORE)


def test_it_is_killed_in_each_phase_and_goes_on(filled: Stage) -> None:
    stage = filled
    held = dumped(stage.engine)
    went = []
    for phase in ("make", "load", "index", "compare"):
        ended = replay(stage, kill_in=phase)
        assert ended.code == -9, (phase, ended.last)
        went.append(ended.phases)
        assert schemas(stage) >= {"ledger"}
        assert dumped(stage.engine) == held
    # What was made and loaded is gone on with.
    assert [phases[0] for phases in went[2:]] == ["load"] * (len(went) - 2)
    assert schemas(stage) == {"ledger", NEXT}
    # In the switch it either has happened or it hasn't.
    replay(stage, kill_in="switch")
    until("one of both", lambda: schemas(stage) in ({"ledger", NEXT}, {"ledger", BEFORE}))
    last = replay(stage)
    assert last.last.get("state") == "switched" or last.last["problem"] == "replay.old-kept"
    assert schemas(stage) == {"ledger", BEFORE}
    assert dumped(stage.engine) == held
    assert indexes(stage, "ledger") == indexes(stage, BEFORE)
    assert stage.rows("SELECT to_regclass('ledger.being_built')") == [(None,)]
    assert stage.rows("SELECT DISTINCT published FROM ledger.dead_letter") == [(True,)]


def test_there_and_back_again_and_the_old_one_is_dropped_when_told(filled: Stage) -> None:
    stage = filled
    old, positions = ledger_id(stage), stage.positions()
    switched(replay_here(stage))
    new = ledger_id(stage)
    assert new != old
    assert stage.positions() == positions
    refused = replay_here(stage)
    assert refused.last["problem"] == "replay.old-kept"
    # What came meanwhile is in the one that it goes back to.
    later = trade("late", "a", "b", goods("L"))
    stage.append([later])
    _send(stage, own(3))
    bring_in(stage)
    positions = {**stage.positions(), **stage.positions("foodtrace.intake")}
    switched(replay_here(stage, "back"))
    assert ledger_id(stage) == old
    assert dumped(stage.engine) == of_events([*EVENTS, own(1), own(2), own(3), later])
    assert {**stage.positions(), **stage.positions("foodtrace.intake")} == positions
    assert stage.rows("SELECT DISTINCT published FROM ledger.dead_letter") == [(True,)]
    assert replay_here(stage, "status").last["before"] == migrate.head()
    assert replay_here(stage, "drop-old").last["state"] == "dropped"
    assert schemas(stage) == {"ledger"}
    for action in ("drop-old", "back"):
        assert replay_here(stage, action).last["problem"] == "replay.nothing-kept"


def test_a_ledger_altered_by_hand_is_found_out_and_stays(filled: Stage) -> None:
    stage = filled
    with stage.engine.begin() as conn:
        conn.execute(text("UPDATE ledger.movement SET amount = amount + 1 WHERE lot = 1"))
    old = ledger_id(stage)
    ended = replay_here(stage)
    assert ended.last["problem"] == "replay.differs"
    (told,) = [line["differences"] for line in ended.lines if "differences" in line]
    assert [one["table"] for one in told] == ["movement"]
    assert told[0]["only_live"]
    assert told[0]["only_rebuilt"]
    assert ledger_id(stage) == old
    with stage.engine.begin() as conn:
        conn.execute(text("UPDATE ledger.movement SET amount = amount - 1 WHERE lot = 1"))
    switched(replay_here(stage))


def test_records_that_went_aside_because_of_us_stay_aside(filled: Stage) -> None:
    stage = filled
    # As if a worker had failed at this event three times: its facts aren't there, a letter is.
    doubled = trade("crashing", "a", "b", goods("L"))
    (stored,) = stage.append([doubled])
    with stage.engine.begin() as conn:
        log = conn.execute(text("SELECT log FROM ledger.position LIMIT 1")).scalar_one()
        conn.execute(
            text(
                'INSERT INTO ledger.dead_letter (log, topic, partition, "offset", received_at,'
                " consumer, code, detail, key, value, headers, published) VALUES (:log, :topic,"
                " :partition, :offset, now(), 'foodtrace', 'ledger.crashed', 'once', 'k', 'v',"
                " '[]', true)"
            ),
            {
                "log": log,
                "topic": stored.topic,
                "partition": stored.partition,
                "offset": stored.offset,
            },
        )
    stage.append([trade("after", "a", "b", goods("L"))])
    bring_in(stage)
    taken = of_events([*EVENTS, own(1), own(2), doubled, trade("after", "a", "b", goods("L"))])
    assert dumped(stage.engine) == taken
    ended = replay_here(stage)
    # The live ledger took it, so both differ: by this record and by nothing else.
    assert ended.last["problem"] == "replay.differs"
    (told,) = [line["differences"] for line in ended.lines if "differences" in line]
    assert {one["table"] for one in told} >= {"event", "event_content", "claim", "movement"}
    assert not {one["table"] for one in told} & {"dead_letter", "evidence_tile", "evidence_head"}
    assert all(one["live_rows"] > one["rebuilt_rows"] for one in told if one["table"] != "heard")


def test_an_older_ledger_takes_the_same_road(
    broker: Broker, empty_database: str, topic_prefix: str, tmp_path: Path
) -> None:
    migrate.upgrade(empty_database, "0003")
    with staged(broker, empty_database, topic_prefix, tmp_path) as stage:
        stage.build(OUTSIDE)
        stage.append(EVENTS)
        stage.append([own(1), own(2)], source=OUTSIDE)
        ended = replay_here(stage)
        switched(ended)
        assert ended.last["compared"] is False
        assert "compare" not in ended.phases
        assert dumped(stage.engine) == of_events(EVENTS)
        with stage.engine.connect() as conn:
            assert migrate.current(conn) == migrate.head()
            assert migrate.current(conn, BEFORE) == "0003"
        # What sources sent wasn't sent on before, and isn't lost.
        assert stage.positions("foodtrace.intake") == {}


def test_a_worker_whose_ledger_became_another_revision_stops_by_name(stage: Stage) -> None:
    worker = stage.worker().wait_ready()
    stage.append(EVENTS[:5])
    _all_in(stage, EVENTS[:5])
    with stage.engine.begin() as conn:
        conn.execute(text("UPDATE ledger.alembic_version SET version_num = '9999'"))
    stage.append([trade("unread", "a", "b", goods("L"))])
    assert worker.wait_ended() == exits.LEDGER_SCHEMA
    assert worker.last_words()["problem"] == "ledger.newer"
    assert stage.count() == 5


def test_signed_checkpoints_are_held_against_the_rebuilt_tree(
    filled: Stage, tmp_path: Path
) -> None:
    stage = filled
    key = make_key(tmp_path / "key.pem")
    topic = topic_of("receipt", stage.prefix)
    with stage.engine.begin() as conn:
        for partition in range(50):
            found = head(conn, topic, partition)
            if found is not None and found.size:
                break
        assert found is not None
        honest = found.checkpoint(f"foodtrace/x/{topic}/{partition}/{found.log}")
        spot = (found.log, topic, partition)
        office.save(conn, spot, found.size, key.sign_checkpoint(honest))
    ended = replay_here(stage)
    switched(ended)
    assert ended.last["checkpoints"] == 1
    assert replay_here(stage, "drop-old").code == 0
    forged: Any = key.sign(
        honest.origin, honest.text.replace(honest.text.split("\n")[2], "A" * 43 + "=")
    )
    with stage.engine.begin() as conn:
        conn.execute(text("DELETE FROM office.checkpoint"))
        office.save(conn, spot, found.size, forged)
    old = ledger_id(stage)
    ended = replay_here(stage)
    assert ended.last["problem"] == "replay.evidence-differs"
    assert topic in ended.last["detail"]
    assert ledger_id(stage) == old


def test_only_one_replay_runs_at_a_time(filled: Stage) -> None:
    from foodtrace_ledger.rebuild.turn import turn

    engine = make_engine(filled.database, application="another")
    with turn(engine):
        assert replay_here(filled).last["problem"] == "replay.running"
    engine.dispose()
    switched(replay_here(filled))


def test_the_command_tells_what_came_of_it(filled: Stage, tmp_path: Path) -> None:
    stage = filled
    reached = stage.settings(0, 0).environment()

    def run(*options: str, environment: dict[str, str] = reached) -> Result:
        command = ["replay", "--data", str(tmp_path / "nothing"), *options]
        return CliRunner().invoke(app, command, env=environment)

    nowhere = run("--lang", "en", environment={"FOODTRACE_DATABASE_URL": ""})
    assert nowhere.exit_code == Exit.NOT_STARTED
    assert "FOODTRACE_DATABASE_URL" in nowhere.output
    assert run("--back", "--drop-old").exit_code == Exit.USAGE
    done = run("--lang", "zh")
    assert done.exit_code == Exit.DONE, done.output
    assert "已重建" in done.stdout
    assert "一致" in done.stdout
    kept = run("--json")
    assert kept.exit_code == Exit.REFUSED
    assert json.loads(kept.stdout.splitlines()[-1])["problem"] == "replay.old-kept"
    assert "switched back" in run("--back", "--lang", "en").stdout
    assert "保留" in run("--status", "--lang", "zh").stdout
