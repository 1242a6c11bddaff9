"""What a cluster says about its topics: log ids, offsets, settings. Blocking, for threads.

One client a process, behind a lock; a call costs a few milliseconds once connected.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Literal, Self, TypeVar

from kafka import TopicPartition
from kafka.admin import (
    ConfigResource,
    ConfigResourceType,
    KafkaAdminClient,
    NewTopic,
    OffsetSpec,
)
from kafka.errors import KafkaError, UnknownTopicOrPartitionError

from foodtrace_bus.access import Access, client_settings
from foodtrace_bus.errors import BusAway, NotAllowed, TopicMissing
from foodtrace_bus.reach import reach
from foodtrace_bus.refusals import named
from foodtrace_schemas.topics import TopicSpec

#: The name by which the in-memory broker (Tansu) gives itself away.
MEMORY_CLUSTER = "tansu_cluster"
#: What the memory broker can't tell. Never read as 0.
UNKNOWN: Final = "unknown"
_TOPIC_EXISTS = 36
#: No right to the topic, or to make topics at all.
_FORBIDDEN = (29, 31)

T = TypeVar("T")
Unknown = Literal["unknown"]
Partition = tuple[str, int]
Offsets = dict[Partition, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """One topic as the brokers know it: `log` is its topic id, another one after a deletion.

    Brokers before Kafka 2.8 know none: empty.
    """

    topic: str
    log: str
    partitions: int


class Cluster:
    """A cluster's answers to a blocking caller; safe to share between threads."""

    def __init__(self, access: Access | str, *, timeout_s: float = 10.0) -> None:
        """Remember how to reach the brokers; the first call connects."""
        self._access = Access.of(access)
        self._timeout_ms = int(timeout_s * 1000)
        self._lock = threading.Lock()
        self._client: Any = None
        self._memory: bool | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Disconnect; the next call would connect again."""
        with self._lock:
            self._drop()

    def is_memory(self) -> bool:
        """Whether this is the in-memory broker, whose offsets and settings can't be relied on."""
        if self._memory is None:
            with self._asking() as admin:
                self._memory = admin.describe_cluster()["cluster_id"] == MEMORY_CLUSTER
        return self._memory

    def brokers(self) -> int:
        """How many brokers the cluster has."""
        with self._asking() as admin:
            return len(admin.describe_cluster()["brokers"])

    def topics(self, prefix: str) -> list[str]:
        """Names of the topics that begin with `prefix`, sorted."""
        with self._asking() as admin:
            return sorted(name for name in admin.list_topics() if name.startswith(prefix))

    def logs(self, topics: Iterable[str]) -> dict[str, Log]:
        """Id and number of partitions of each topic that exists."""
        with self._asking() as admin:
            found = admin.describe_topics(sorted(set(topics)))
        return {
            one["name"]: Log(
                topic=one["name"],
                log=str(one.get("topic_id") or ""),
                partitions=len(one["partitions"]),
            )
            for one in found
            if one["error_code"] == 0
        }

    def copies(self, topics: Iterable[str]) -> int:
        """On how many brokers the topics' records are meant to be, at most; 0 if there are none."""
        with self._asking() as admin:
            found = admin.describe_topics(sorted(set(topics)))
        parts = [part for one in found if one["error_code"] == 0 for part in one["partitions"]]
        return max((len(part["replica_nodes"]) for part in parts), default=0)

    def begins(self, partitions: Iterable[Partition]) -> Offsets | Unknown:
        """The first offset of each partition that still exists."""
        return self._offsets(partitions, OffsetSpec.EARLIEST)

    def ends(self, partitions: Iterable[Partition]) -> Offsets | Unknown:
        """The offset that the next record of each partition will have."""
        return self._offsets(partitions, OffsetSpec.LATEST)

    def settings(self, topics: Iterable[str]) -> dict[str, dict[str, str]]:
        """Every setting of each topic, as text."""
        asked = [ConfigResource(ConfigResourceType.TOPIC, topic) for topic in sorted(set(topics))]
        with self._asking() as admin:
            told = admin.describe_configs(asked, config_filter="all")["topic"]
        return {
            topic: {name: str(one["value"]) for name, one in settings.items()}
            for topic, settings in told.items()
        }

    def ask(self, steps: Callable[[Any], T]) -> T:
        """What `steps` gets from kafka-python's admin client; raises BusAway like all the others."""
        with self._asking() as admin:
            return steps(admin)

    def create(self, topics: Iterable[TopicSpec], replication: int) -> list[str]:
        """Make the topics with their settings; gives those that weren't there before.

        Raises BusAway with the broker's words when it refuses one, NotAllowed where rules do.
        """
        wanted = [
            NewTopic(one.name, one.partitions, replication, topic_configs=dict(one.config))
            for one in topics
        ]
        with self._asking() as admin:
            told = admin.create_topics(wanted, raise_errors=False)["topics"]
        refused = [one for one in told if one["error_code"] not in (0, _TOPIC_EXISTS)]
        if refused:
            detail = "; ".join(f"{one['name']}: {one['error_message']}" for one in refused)
            forbidden = any(one["error_code"] in _FORBIDDEN for one in refused)
            raise NotAllowed(detail) if forbidden else BusAway(detail)
        return [one["name"] for one in told if one["error_code"] == 0]

    def _offsets(self, partitions: Iterable[Partition], spec: Any) -> Offsets | Unknown:
        asked = {TopicPartition(topic, number): spec for topic, number in partitions}
        if self.is_memory():
            return UNKNOWN
        if not asked:
            return {}
        with self._asking() as admin:
            told = admin.list_partition_offsets(asked)
        return {(tp.topic, tp.partition): one.offset for tp, one in told.items()}

    @contextmanager
    def _asking(self) -> Iterator[Any]:
        with self._lock:
            try:
                if self._client is None:
                    reach(self._access)
                    self._client = _Admin(
                        **client_settings(self._access),
                        client_id="foodtrace-admin",
                        request_timeout_ms=self._timeout_ms,
                        bootstrap_timeout_ms=self._timeout_ms,
                    )
                yield self._client
            except UnknownTopicOrPartitionError as error:
                raise TopicMissing(str(error)) from error
            except (KafkaError, OSError) as error:
                self._drop()
                raise named(self._access.bootstrap, error) from error

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()


class _Admin(KafkaAdminClient):  # type: ignore[misc]
    """kafka-python's client, which otherwise leaves a thread behind when no broker answers it."""

    def __init__(self, **config: Any) -> None:
        try:
            super().__init__(**config)
        except BaseException:
            self._client.close()
            self._net.stop()
            raise
