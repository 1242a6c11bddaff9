"""The compacted topic that holds the registry's schemas with their ids.

Kafka alone has to be enough to read the events again, so every schema that was registered is kept
here, in the form of Confluent's own `_schemas` topic: the registry restores itself from it and
workers read it without the api.
"""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from foodtrace_bus.access import Access, client_settings
from foodtrace_bus.cluster import UNKNOWN, Cluster
from foodtrace_bus.errors import BusAway
from foodtrace_bus.limits import MAX_FETCH_BYTES
from foodtrace_bus.offsets import end_offsets
from foodtrace_bus.reach import reach
from foodtrace_bus.records import Record
from foodtrace_bus.refusals import named

#: An empty answer after this long is taken for the end of the log where the broker can't tell it.
_QUIET_MS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaRow:
    """One version of one subject; a schema keeps its id in every subject that has it."""

    subject: str
    version: int
    schema_id: int
    schema: str
    deleted: bool = False


def schema_record(topic: str, row: SchemaRow) -> Record:
    """The record that states `row`; the latest one of a subject and version holds."""
    key = {"keytype": "SCHEMA", "subject": row.subject, "version": row.version, "magic": 1}
    value = {
        "subject": row.subject,
        "version": row.version,
        "id": row.schema_id,
        "schema": row.schema,
        "deleted": row.deleted,
    }
    return Record(topic=topic, key=_compact(key), value=_compact(value))


def read_row(value: bytes | None) -> SchemaRow | None:
    """The row that a record states; None for a tombstone and for what isn't a schema."""
    if value is None:
        return None
    try:
        told = json.loads(value)
        return SchemaRow(
            subject=str(told["subject"]),
            version=int(told["version"]),
            schema_id=int(told["id"]),
            schema=str(told["schema"]),
            deleted=bool(told.get("deleted", False)),
        )
    except (ValueError, KeyError, TypeError):
        return None


class SchemasTopic:
    """All schemas up to now, read on from where the last call ended. Blocking, for threads."""

    def __init__(self, access: Access | str, topic: str, *, timeout_s: float = 10.0) -> None:
        """Remember where to read; the first call connects."""
        self._access = Access.of(access)
        self._topic = topic
        self._timeout_s = timeout_s
        self._lock = threading.Lock()
        self._cluster = Cluster(access, timeout_s=timeout_s)
        self._consumer: Any = None
        self._rows: dict[tuple[str, int], SchemaRow] = {}

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
        """Disconnect."""
        with self._lock:
            self._drop()
            self._cluster.close()

    def read(self) -> list[SchemaRow]:
        """Every row that was acknowledged before this call, by subject and version.

        Raises TopicMissing, or BusAway when the end isn't reached in time.
        """
        with self._lock:
            try:
                self._read_on()
            except (KafkaError, OSError) as error:
                self._drop()
                raise named(self._access.bootstrap, error) from error
            return [self._rows[key] for key in sorted(self._rows)]

    def _read_on(self) -> None:
        ends = end_offsets(self._cluster, [self._topic])
        consumer = self._connected()
        part = TopicPartition(self._topic, 0)
        end = None if ends == UNKNOWN else ends[self._topic, 0]
        deadline = time.monotonic() + self._timeout_s
        while end is None or consumer.position(part) < end:
            fetched = consumer.poll(timeout_ms=_QUIET_MS).get(part, [])
            for record in fetched:
                self._take(record.value)
            if end is None and not fetched:
                return
            if time.monotonic() > deadline:
                raise BusAway(f"{self._topic}: its end at {end} isn't reached in time")

    def _take(self, value: bytes | None) -> None:
        row = read_row(value)
        if row is not None:
            self._rows[row.subject, row.version] = row

    def _connected(self) -> Any:
        if self._consumer is None:
            reach(self._access)
            self._consumer = KafkaConsumer(
                **client_settings(self._access),
                client_id="foodtrace-schemas",
                group_id=None,
                enable_auto_commit=False,
                max_partition_fetch_bytes=MAX_FETCH_BYTES,
            )
            part = TopicPartition(self._topic, 0)
            self._consumer.assign([part])
            self._consumer.seek(part, 0)
        return self._consumer

    def _drop(self) -> None:
        consumer, self._consumer = self._consumer, None
        self._rows.clear()
        if consumer is not None:
            consumer.close()


def _compact(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
