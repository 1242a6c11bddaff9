"""What a worker is started against in vain: each has a name, advice, an exit code, and one end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from kafka.admin import KafkaAdminClient
from sqlalchemy import URL, make_url, text

from foodtrace.problems import OurFault
from foodtrace_bus import exits
from foodtrace_bus.cluster import Cluster
from foodtrace_bus.errors import BrokerEmpty
from foodtrace_deploy.stack.bootstrap import topics as make_topics
from foodtrace_deploy.stack.doors import worker as part_of
from foodtrace_deploy.stack.folder import DataFolder
from foodtrace_ledger.engine import make_engine
from foodtrace_office import migrate as office
from foodtrace_schemas.topics import deadletter_topic, ledger_topics, outside_topic, topic_of
from foodtrace_streams.crash import exit_code
from foodtrace_streams.start import when_there
from support.fixtures import Broker
from support.ledger import goods, trade
from support.old_broker import old_broker
from support.streams import Stage, staged, until

EVENTS = [trade(number, "a", "b", goods("L")) for number in range(60)]


@pytest.fixture
def stage(broker: Broker, database: str, topic_prefix: str, tmp_path: Path) -> Iterator[Stage]:
    if broker.kind != "kafka":
        pytest.skip("the memory broker can't tell these apart")
    with staged(broker, database, topic_prefix, tmp_path) as made:
        made.build()
        yield made


def _ends_by_name(stage: Stage, code: int, problem: str, word: str) -> None:
    """A worker that starts now ends by this code, says what to do, and isn't started again."""
    worker = stage.worker()
    assert worker.wait_ended() == code, worker.said()
    said = worker.last_words()
    assert (said["problem"], said["exit_code"], said["restart"]) == (problem, code, False)
    assert said["advice"]
    assert said["advice_zh"]
    assert word in said["detail"]


def _refused(stage: Stage, code: int, *, partitions: int = 0) -> str:
    """What a start says that ends by this code."""
    with Cluster(stage.broker.bootstrap) as cluster, pytest.raises(OurFault) as caught:
        when_there(stage.engine, cluster, stage.prefix, partitions, settle_s=0)
    assert exit_code(caught.value) == code
    return caught.value.detail


def _change(stage: Stage, statement: str, **values: str) -> None:
    with stage.engine.begin() as conn:
        conn.execute(text(statement), values)


def _kept(stage: Stage) -> None:
    """Nothing was deleted or moved."""
    assert stage.events() == sorted(event.envelope.event_id for event in EVENTS)


def test_brokers_without_what_was_read_or_with_too_little_of_it(stage: Stage) -> None:
    stage.append(EVENTS)
    worker = stage.worker()
    stage.ends_well(EVENTS)
    assert worker.stop() == exits.STOPPED

    # A broker of the right log, but with fewer partitions than were read of it: an older copy.
    topic = topic_of("trade", stage.prefix)
    _change(
        stage,
        "INSERT INTO ledger.position (consumer, topic, partition, log, next_offset)"
        " SELECT consumer, topic, 99, log, 7 FROM ledger.position WHERE topic = :topic LIMIT 1",
        topic=topic,
    )
    said = _refused(stage, exits.TOO_FEW_PARTITIONS)
    assert (topic in said, "the ledger has read 100" in said) == (True, True)
    _change(stage, "DELETE FROM ledger.position WHERE partition = 99")

    # An office that a newer release hasn't brought up yet.
    revision = "UPDATE office.alembic_version SET version_num = :revision"
    _change(stage, revision, revision="0001")
    said = _refused(stage, exits.LEDGER_SCHEMA)
    assert said == f"office revision 0001, this code needs {office.head()}"
    _change(stage, revision, revision=office.head())

    # Fewer than the settings ask for.
    said = _refused(stage, exits.TOO_FEW_PARTITIONS, partitions=50)
    assert (topic in said, "FOODTRACE_PARTITIONS is 50" in said) == (True, True)
    # A letter has one partition whatever the settings say of others.
    assert deadletter_topic(stage.prefix) not in said

    with old_broker(stage.broker.bootstrap) as address:
        today, stage.broker = stage.broker, replace(stage.broker, bootstrap=address)
        assert topic in _refused(stage, exits.BROKER_OLD)
        stage.broker = today

    # An empty disk, or another cluster.
    with closing(KafkaAdminClient(bootstrap_servers=stage.broker.bootstrap)) as admin:
        admin.delete_topics(ledger_topics(stage.prefix))
    with Cluster(stage.broker.bootstrap) as cluster:
        until("they are gone", lambda: not cluster.logs(ledger_topics(stage.prefix)))
    _ends_by_name(stage, exits.BROKER_EMPTY, "bus.empty", topic)
    # Nobody makes new ones in their place either.
    with pytest.raises(BrokerEmpty):
        make_topics(stage.settings(0, 0))
    _kept(stage)


def test_a_topic_that_only_begins_like_a_sources_stops_nobody(stage: Stage) -> None:
    stage.build("erp")
    if stage.broker.kind == "kafka":
        with closing(KafkaAdminClient(bootstrap_servers=stage.broker.bootstrap)) as admin:
            admin.create_topics({f"{stage.prefix}in._x": {}}, wait_for_metadata=True)
    with Cluster(stage.broker.bootstrap) as cluster:
        found = when_there(stage.engine, cluster, stage.prefix)
    assert found == (outside_topic("erp", stage.prefix),)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        (lambda right: right.set(username="nobody"), "ledger.access-refused"),
        (lambda right: right.set(database="nowhere"), "ledger.no-database"),
    ],
)
def test_a_database_that_refuses(stage: Stage, url: Callable[[URL], URL], name: str) -> None:
    engine = make_engine(url(make_url(stage.database)).render_as_string(hide_password=False))
    with Cluster(stage.broker.bootstrap) as cluster, pytest.raises(OurFault) as caught:
        when_there(engine, cluster, stage.prefix)
    engine.dispose()
    assert (caught.value.code, exit_code(caught.value)) == (name, exits.LEDGER_ACCESS)
    assert "nobody" in caught.value.detail or "nowhere" in caught.value.detail


def test_a_wrong_password_ends_a_worker_for_good(stage: Stage) -> None:
    url = make_url(stage.database).set(password="wrong-one")
    stage.database = url.render_as_string(hide_password=False)
    _ends_by_name(stage, exits.LEDGER_ACCESS, "ledger.access-refused", "foodtrace")
    # Nobody reads a password in the log, not even one that isn't right.
    assert "wrong-one" not in stage.workers[-1].said()


def test_a_folder_that_cant_be_made(stage: Stage) -> None:
    # Root may write everywhere, but nobody makes a folder below a file.
    place = stage.folder / "file"
    place.touch()
    stage.limits["data_folder"] = place / "data"
    _ends_by_name(stage, exits.FOLDER, "worker.folder-denied", str(place))


def test_none_of_them_is_started_again(stage: Stage, tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.path.mkdir()
    part = part_of(0, stage.settings(0, 0), folder, folder.ports)
    named = {code for name, code in exits.BY_PROBLEM.items() if code not in exits.RESTART}
    assert named <= part.final_codes
    assert not exits.RESTART & exits.OPS
