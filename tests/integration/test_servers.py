"""The servers of the tests themselves: real, fresh for each test, gone afterwards."""

from __future__ import annotations

import psycopg2
from kafka import KafkaAdminClient

from support.fixtures import Broker


def test_a_database_is_fresh(database: str) -> None:
    connection = psycopg2.connect(database)
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_database() LIKE 'test_%'")
        assert cursor.fetchone() == ("foodtrace", True)
    connection.close()


def test_the_broker_answers(broker: Broker, topic_prefix: str) -> None:
    admin = KafkaAdminClient(bootstrap_servers=broker.bootstrap)
    assert f"{topic_prefix}trade" not in admin.list_topics()
    admin.close()


def test_the_memory_broker_answers(memory_broker: Broker) -> None:
    assert memory_broker.kind == "memory"
    admin = KafkaAdminClient(bootstrap_servers=memory_broker.bootstrap)
    admin.list_topics()
    admin.close()
