"""Checkpoints: what has grown is signed, by whichever worker, and nothing that contradicts the past."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from foodtrace.evidence import Checkpoint, chained, root
from foodtrace.problems import OurFault
from foodtrace_bus.cluster import Cluster
from foodtrace_bus.exits import EVIDENCE
from foodtrace_bus.reader import Reader
from foodtrace_ledger import evidence
from foodtrace_ledger.engine import make_engine, snapshot
from foodtrace_ledger.writer import write_chunk
from foodtrace_office import evidence as office
from foodtrace_office.evidence_keys import retire_key
from foodtrace_office.signing import make_key, open_checkpoint
from foodtrace_schemas.topics import topic_of
from foodtrace_streams.signer import Signer, grown
from support.evident import TOPIC, evident, leaves, logged
from support.fixtures import Broker
from support.ledger import LOG, empty, goods, trade
from support.streams import Stage, until

SPOT = (LOG, TOPIC, 0)
RECORDS = logged(range(400))


@pytest.fixture(scope="module")
def engine(module_database: str) -> Iterator[Engine]:
    made = make_engine(module_database)
    yield made
    made.dispose()


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("key") / "evidence.pem"
    make_key(file)
    return file


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


@pytest.fixture(autouse=True)
def fresh(request: pytest.FixtureRequest) -> None:
    if "engine" in request.fixturenames:
        clean(request.getfixturevalue("engine"))


def clean(engine: Engine) -> None:
    empty(engine)
    with engine.begin() as conn:
        conn.execute(text("DELETE FROM office.checkpoint"))


def signer(engine: Engine, threads: ThreadPoolExecutor, file: Path, every_s: float = 0) -> Signer:
    return Signer(engine, threads, make_key(file), every_s=every_s)


def signed(engine: Engine, file: Path) -> list[Checkpoint]:
    """What was signed of the partition, each checked with the public key."""
    with engine.connect() as conn:
        kept = office.all_of(conn, SPOT)
    return [open_checkpoint(one.note, [make_key(file).public]) for one in kept]


def holds(checkpoint: Checkpoint) -> bool:
    """Whether it is that of the log's beginning."""
    hashes = leaves(RECORDS[: checkpoint.size])
    return (checkpoint.root, checkpoint.link) == (root(hashes), chained(hashes))


def test_what_has_grown_is_signed_once(
    engine: Engine, threads: ThreadPoolExecutor, key_file: Path
) -> None:
    one = signer(engine, threads, key_file)
    assert one.sign() == 0
    write_chunk(engine, evident(RECORDS, 0, 40))
    write_chunk(engine, evident(RECORDS, 0, 7, partition=1))
    assert one.sign() == 2
    assert one.sign() == 0
    write_chunk(engine, evident(RECORDS, 40, 41))
    assert one.sign() == 1
    found = signed(engine, key_file)
    assert [(each.size, each.next_offset) for each in found] == [(40, 40), (41, 41)]
    assert all(map(holds, found))
    with engine.connect() as conn:
        name = office.installation_id(conn)
    assert found[0].origin == f"foodtrace/{name}/{TOPIC}/0/{LOG}"
    one.close()


def test_a_partition_that_grows_all_the_time_is_signed_now_and_then(
    engine: Engine, threads: ThreadPoolExecutor, key_file: Path
) -> None:
    one = signer(engine, threads, key_file, every_s=3600)
    for end in (10, 20, 30):
        write_chunk(engine, evident(RECORDS, end - 10, end))
        one.sign()
    assert [each.size for each in signed(engine, key_file)] == [10]
    with engine.begin() as conn:
        conn.execute(text("UPDATE office.checkpoint SET signed_at = now() - interval '2 hours'"))
    assert one.sign() == 1
    assert [each.size for each in signed(engine, key_file)] == [10, 30]
    # A clock that was set back holds nothing up.
    with engine.begin() as conn:
        conn.execute(text("UPDATE office.checkpoint SET signed_at = now() + interval '1 day'"))
    write_chunk(engine, evident(RECORDS, 30, 31))
    assert one.sign() == 1
    one.close()


def test_one_worker_signs_and_the_next_goes_on(
    engine: Engine, threads: ThreadPoolExecutor, key_file: Path
) -> None:
    one, other = signer(engine, threads, key_file), signer(engine, threads, key_file)
    write_chunk(engine, evident(RECORDS, 0, 40))
    assert (one.sign(), other.sign()) == (1, 0)
    write_chunk(engine, evident(RECORDS, 40, 50))
    assert other.sign() == 0
    one.close()
    assert other.sign() == 1
    other.close()


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["chunk", "sign", "killed before", "killed while"]), max_size=12))
def test_a_worker_may_be_killed_between_chunk_and_checkpoint(
    engine: Engine, threads: ThreadPoolExecutor, key_file: Path, steps: list[str]
) -> None:
    clean(engine)
    at, one = 0, signer(engine, threads, key_file)
    for number, step in enumerate([*steps, "sign"]):
        if step == "chunk":
            write_chunk(engine, evident(RECORDS, at, at + number + 3))
            at += number + 3
        elif step == "sign":
            one.sign()
        else:
            if step == "killed while":
                # It signed and never came to keep it: nobody has seen that note.
                with snapshot(engine) as conn:
                    grown(conn, make_key(key_file), 0)
            one.close()
            one = signer(engine, threads, key_file)
    one.close()
    found = signed(engine, key_file)
    assert all(map(holds, found))
    assert [each.size for each in found][-1:] == ([at] if at else [])


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE ledger.evidence_tile SET root = sha256(root) WHERE index = 1",
        "DELETE FROM ledger.evidence_tile WHERE index = 0",
        "UPDATE ledger.evidence_node SET root = sha256(root)",
    ],
)
def test_nothing_is_signed_that_contradicts_what_was(
    engine: Engine, threads: ThreadPoolExecutor, key_file: Path, harm: str
) -> None:
    if "node" in harm:
        records = logged(range(1100))
        write_chunk(engine, evident(records, 0, 1050))
    else:
        records = RECORDS
        write_chunk(engine, evident(records, 0, 100))
    one = signer(engine, threads, key_file)
    one.sign()
    with engine.begin() as conn:
        conn.execute(text(harm))
    with snapshot(engine) as conn:
        end = evidence.sizes(conn)[SPOT]
    write_chunk(engine, evident(records, end, end + 5))
    with pytest.raises(OurFault, match=f"{TOPIC}/0 at {end} records") as caught:
        one.sign()
    assert caught.value.code == "evidence.forked"
    assert len(signed(engine, key_file)) == 1
    one.close()


def test_a_ledger_that_is_behind_what_was_signed_isnt_signed_before_it_is_there_again(
    engine: Engine, threads: ThreadPoolExecutor, key_file: Path
) -> None:
    one = signer(engine, threads, key_file)
    write_chunk(engine, evident(RECORDS, 0, 60))
    one.sign()
    # Its backup was older than the office's.
    empty(engine)
    for end in (30, 60):
        write_chunk(engine, evident(RECORDS, end - 30, end))
        assert one.sign() == 0
    write_chunk(engine, evident(RECORDS, 60, 61))
    assert one.sign() == 1
    assert all(map(holds, signed(engine, key_file)))
    one.close()


def test_another_key_is_a_named_error(
    engine: Engine, threads: ThreadPoolExecutor, key_file: Path, tmp_path: Path
) -> None:
    signer(engine, threads, key_file).close()
    mine = signer(engine, threads, key_file)
    mine.sign()
    with pytest.raises(OurFault, match=r"evidence\.wrong-key"):
        signer(engine, threads, tmp_path / "other.pem").sign()
    mine.close()


def test_a_key_that_is_retired_under_a_worker_signs_nothing_more(
    engine: Engine, threads: ThreadPoolExecutor, key_file: Path, tmp_path: Path
) -> None:
    """The next one goes on from what it signed; what it signed still checks out."""
    # A new office, so that the other tests keep theirs.
    with engine.begin() as conn:
        conn.execute(text("DELETE FROM office.signing_key"))
    old, idle = signer(engine, threads, key_file), signer(engine, threads, key_file)
    write_chunk(engine, evident(RECORDS, 0, 40))
    assert (old.sign(), idle.sign()) == (1, 0)
    after = make_key(tmp_path / "next.pem")
    with engine.begin() as conn:
        retire_key(conn, new=after.public, by="ops", reason="stolen")
    write_chunk(engine, evident(RECORDS, 40, 50))
    for worker in (old, idle):
        # Also the one that has nothing to sign.
        with pytest.raises(OurFault, match=r"evidence\.retired-key"):
            worker.sign()
        worker.close()
    with pytest.raises(OurFault, match=r"evidence\.retired-key"):
        signer(engine, threads, key_file).sign()
    new = signer(engine, threads, tmp_path / "next.pem")
    assert new.sign() == 1
    new.close()
    with engine.begin() as conn:
        notes = [one.note for one in office.all_of(conn, SPOT)]
        keys = office.public_keys(conn)
        conn.execute(text("DELETE FROM office.signing_key"))
    assert [open_checkpoint(note, keys).size for note in notes] == [40, 50]
    assert open_checkpoint(notes[0], keys[1:]).size == 40
    assert open_checkpoint(notes[1], keys[:1]).size == 50


def test_whoever_signs_drops_old_checkpoints_and_the_log_still_continues_them(
    engine: Engine, threads: ThreadPoolExecutor, key_file: Path
) -> None:
    one = signer(engine, threads, key_file)
    for end in range(10, 100, 10):
        write_chunk(engine, evident(RECORDS, end - 10, end))
        one.sign()
    with engine.begin() as conn:
        conn.execute(
            text(
                "UPDATE office.checkpoint SET signed_at = date_trunc('hour', now(), 'UTC')"
                " - interval '3 days' + size * interval '1 minute'"
            )
        )
    assert one.thin() == 7
    assert [each.size for each in signed(engine, key_file)] == [50, 90]
    write_chunk(engine, evident(RECORDS, 90, 95))
    assert one.sign() == 1
    assert all(map(holds, signed(engine, key_file)))
    one.close()


def test_workers_sign_the_tree_of_the_real_log(
    broker: Broker, database: str, topic_prefix: str, tmp_path: Path, key_file: Path
) -> None:
    limits = {"evidence_key": str(key_file), "evidence_seconds": 0}
    stage = Stage(
        broker=broker, database=database, prefix=topic_prefix, folder=tmp_path, limits=limits
    )
    topic = topic_of("trade", topic_prefix)
    try:
        stage.build()
        worker = stage.worker().wait_ready()
        events = [trade(n, "A", f"B{n}", goods("X", n + 1)) for n in range(60)]
        # Every event twice: what came again is a record of the log all the same.
        stage.append([*events, *events])
        stage.wait_for(events)
        stage.wait_read([topic])
        until("all is signed", lambda: covered(stage) == 120)
        assert same_as_the_log(stage, topic, key_file) == 120
        make_key(tmp_path / "other.pem")
        stage.limits["evidence_key"] = str(tmp_path / "other.pem")
        assert stage.worker(1).wait_ended() == EVIDENCE
        assert "evidence.wrong-key" in stage.workers[1].said()
        worker.stop()
    finally:
        stage.close()


def covered(stage: Stage) -> int:
    """How many records the last checkpoints cover."""
    with stage.engine.connect() as conn:
        return sum(one.size for one in office.latest(conn, evidence.sizes(conn)).values())


def same_as_the_log(stage: Stage, topic: str, key_file: Path) -> int:
    """Hold each partition's last checkpoint to the records as Kafka has them; how many there are."""
    access = stage.broker.bootstrap
    with Cluster(access) as cluster:
        log = cluster.logs([topic])[topic]
        ends = cluster.ends([(topic, n) for n in range(log.partitions)])
    assert isinstance(ends, dict)
    with stage.engine.connect() as conn:
        last = office.latest(conn, evidence.sizes(conn))
    records = 0
    with Reader(access) as reader:
        for (_, _, partition), one in last.items():
            batches = reader.batches(topic, partition, 0, ends[topic, partition])
            read = [record for batch in batches for record in batch.records]
            told = open_checkpoint(one.note, [make_key(key_file).public])
            assert told.root == root(leaves(read, topic=topic, partition=partition))
            records += len(read)
    return records
