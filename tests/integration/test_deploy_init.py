"""`foodtrace init` on an outside cluster and database: ready after the first call, unchanged by others."""

from __future__ import annotations

import psycopg2
import pytest

from foodtrace_bus.cluster import Cluster
from foodtrace_ledger import migrate as ledger
from foodtrace_ledger.engine import make_engine
from foodtrace_schemas.topics import TopicSpec, topic_of, topic_specs
from support import shop
from support.fixtures import Broker

NOBODY = "127.0.0.1:1"


def environment(database: str, brokers: str, prefix: str, **more: str) -> dict[str, str]:
    told = {"DATABASE_URL": database, "BROKERS": brokers, "TOPIC_PREFIX": prefix, **more}
    return {f"FOODTRACE_{name}": value for name, value in told.items()}


def test_everything_is_made_once_and_nothing_changes_afterwards(
    empty_database: str, broker: Broker, topic_prefix: str
) -> None:
    env = environment(empty_database, broker.bootstrap, topic_prefix)
    first = shop.run("init", "--first-keys", "--json", env=env)
    assert first.code == 0, first.err
    assert set(first.json["topics_made"]) == {one.name for one in topic_specs(topic_prefix)}
    assert set(first.json["keys"]) == {"admin", "ops", "inspector", "reporter"}
    engine = make_engine(empty_database)
    ledger.check(engine)
    engine.dispose()
    again = shop.run("init", "--first-keys", env=env)
    assert again.code == 0
    assert "0 topics made" in again.err
    assert again.out == ""
    assert "shown only once" in again.err
    assert first.json["keys"]["admin"] not in again.out + again.err
    chinese = shop.run("init", "--lang", "zh", env=env)
    assert "已就绪" in chinese.err


def test_too_few_brokers_for_the_copies_wished_for_make_no_topic(
    empty_database: str, broker: Broker, topic_prefix: str
) -> None:
    env = environment(empty_database, broker.bootstrap, topic_prefix, REPLICATION="3")
    ran = shop.run("init", "--wait", "0", "--json", env=env)
    assert (ran.code, ran.json["problem"]) == (4, "push.bus-away")
    assert "1 of 3 brokers" in ran.json["message"]
    with Cluster(broker.bootstrap) as cluster:
        assert cluster.topics(topic_prefix) == []


@pytest.mark.parametrize("away", ["database", "brokers"])
def test_a_server_that_isnt_there_is_named(
    away: str, empty_database: str, broker: Broker, topic_prefix: str
) -> None:
    secret = "hidden-from-everybody"
    nowhere = f"postgresql://foodtrace:{secret}@{NOBODY}/foodtrace"
    database = nowhere if away == "database" else empty_database
    brokers = NOBODY if away == "brokers" else broker.bootstrap
    env = environment(database, brokers, topic_prefix)
    ran = shop.run("init", "--wait", "0", "--json", env=env)
    code = {"database": "ledger.away", "brokers": "push.bus-away"}[away]
    assert (ran.code, ran.json["problem"]) == (4, code)
    assert secret not in ran.out + ran.err


def test_a_cluster_or_ledger_that_somebody_has_to_mend_is_named(
    empty_database: str, broker: Broker, topic_prefix: str
) -> None:
    env = environment(empty_database, broker.bootstrap, topic_prefix)
    if broker.kind == "kafka":
        short = TopicSpec(
            name=topic_of("trade", topic_prefix), partitions=1, config={"retention.ms": "1000"}
        )
        with Cluster(broker.bootstrap) as cluster:
            cluster.create([short], 1)
        ran = shop.run("init", "--json", env=env)
        assert (ran.code, ran.json["problem"]) == (3, "bus.topic-differs")
        assert "retention.ms is 1000, has to be -1" in ran.json["message"]
    ledger.upgrade(empty_database)
    with psycopg2.connect(empty_database) as conn, conn.cursor() as cursor:
        cursor.execute("UPDATE ledger.alembic_version SET version_num = '9999'")
    conn.close()
    ran = shop.run("init", "--json", env=env)
    assert (ran.code, ran.json["problem"]) == (3, "ledger.newer")
