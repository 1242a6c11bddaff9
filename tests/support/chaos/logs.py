"""What stands in the logs, read by a client that nothing else here reads with (librdkafka).

Transactions that were aborted, or never ended, aren't handed on: `read_committed`.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from foodtrace_schemas.topics import OUTSIDE

Partition = tuple[str, int]
#: Seconds without a record after which the brokers are taken to have failed.
_SILENT_S = 60.0
_LOOK_S = 0.5
_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Found:
    """A record as it stands in a log; `timestamp` is the broker's, in milliseconds."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...] = ()

    @property
    def where(self) -> tuple[str, int, int]:
        """Topic, partition, offset."""
        return self.topic, self.partition, self.offset


class Logs:
    """All partitions of some topics, from their first record to their ends of now."""

    def __init__(self, brokers: str) -> None:
        """Connect."""
        self._consumer: Any = Consumer(
            {
                "bootstrap.servers": brokers,
                "group.id": "chaos-verdict",
                "enable.auto.commit": False,
                "isolation.level": "read_committed",
                "enable.partition.eof": True,
                "auto.offset.reset": "error",
                "queued.max.messages.kbytes": 65_536,
            }
        )
        #: Where each partition that was read ends.
        self.ends: dict[Partition, int] = {}

    def topics(self, prefix: str) -> list[str]:
        """Names of all topics that begin so."""
        told = self._consumer.list_topics(timeout=30).topics
        return sorted(name for name in told if name.startswith(prefix))

    def partitions(self, topics: Iterable[str]) -> list[Partition]:
        """Every partition of these topics."""
        told = self._consumer.list_topics(timeout=30).topics
        return [(topic, number) for topic in topics for number in told[topic].partitions]

    def read(self, topics: Iterable[str]) -> Iterator[Found]:
        """Every record, in the order of each partition; `ends` is complete afterwards."""
        waiting = set(self.partitions(topics))
        self._consumer.assign([TopicPartition(topic, number, 0) for topic, number in waiting])
        heard = time.monotonic()
        while waiting:
            # It waits for so many or so long, whatever comes first.
            messages = self._consumer.consume(_AT_ONCE, timeout=_LOOK_S)
            heard = time.monotonic() if messages else heard
            if time.monotonic() - heard > _SILENT_S:
                raise TimeoutError(f"nothing comes of {sorted(waiting)}")
            for message in messages:
                error = message.error()
                if error is None:
                    yield _found(message)
                elif error.code() == KafkaError._PARTITION_EOF:
                    part = message.topic(), message.partition()
                    self.ends[part] = message.offset()
                    waiting.discard(part)
                elif not error.retriable():
                    raise KafkaException(error)

    def close(self) -> None:
        """Disconnect."""
        self._consumer.close()


def _found(message: Any) -> Found:
    where = message.topic(), message.partition(), message.offset()
    headers = tuple(message.headers() or ())
    return Found(*where, message.timestamp()[1], message.key(), message.value(), headers)


def is_outside(topic: str, prefix: str) -> bool:
    """Whether a source writes into it, and nobody else."""
    return topic.startswith(prefix + OUTSIDE)
