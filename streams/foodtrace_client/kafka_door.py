"""The way over Kafka: Avro in Confluent's frame into the source's own topic `in.{source}`."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from kafka import KafkaProducer
from kafka.errors import (
    KafkaError,
    KafkaTimeoutError,
    MessageSizeTooLargeError,
    RecordListTooLargeError,
)

from foodtrace.events import Event
from foodtrace.problems import FoodtraceError, InvalidValue
from foodtrace_bus.access import Access, client_settings
from foodtrace_bus.errors import TopicMissing
from foodtrace_bus.limits import MAX_REQUEST_BYTES, fits
from foodtrace_bus.reach import reach
from foodtrace_bus.records import Record
from foodtrace_bus.refusals import named
from foodtrace_client.answers import EventAnswer, Verdict
from foodtrace_client.doors import Told, problem_of, refusal
from foodtrace_client.schema_ids import SchemaIds
from foodtrace_schemas import json_form
from foodtrace_schemas.codec import encode
from foodtrace_schemas.topics import DEFAULT_PREFIX, outside_topic

#: Seconds until what isn't acknowledged counts as not in.
ANSWER_WITHIN_S = 20.0
_BATCH_BYTES = 256 * 1024
_LINGER_MS = 5
_TOO_LARGE = (MessageSizeTooLargeError, RecordListTooLargeError)

#: A document made ready: the record to be stored, or why it is refused.
_Made = Record | EventAnswer


class KafkaDoor:
    """Writes with `acks=all` and the idempotent protocol of kafka-python.

    Accepted means: every in-sync broker has the record. The source's topic is read by the workers,
    who put aside what they can't take; what a document says of itself is checked here before.
    """

    def __init__(
        self,
        brokers: Access | str,
        source: str,
        ids: SchemaIds,
        *,
        prefix: str = DEFAULT_PREFIX,
        answer_within_s: float = ANSWER_WITHIN_S,
        **more: Any,
    ) -> None:
        """Remember how to reach the brokers (HOST:PORT, ... or an Access); nothing is connected yet.

        `more` are further settings of kafka-python's producer. Raises InvalidValue for a source
        whose name can't be a topic's.
        """
        self._access = Access.of(brokers)
        self._source = source
        self._topic = outside_topic(source, prefix)
        self._ids = ids
        self._answer_within_s = answer_within_s
        self._more = more
        self._producer: Any = None

    def hand_over(self, documents: Sequence[bytes]) -> Told:
        """As `Door.hand_over`."""
        try:
            made = [self._made(number, each) for number, each in enumerate(documents)]
            return self._stored(made)
        except FoodtraceError as error:
            return Told(problem=problem_of(error))
        except (KafkaError, OSError) as error:
            self._drop()
            return Told(problem=problem_of(named(self._access.bootstrap, error)))

    def close(self) -> None:
        """Disconnect."""
        self._drop()

    def _made(self, number: int, document: bytes) -> _Made:
        event: Event | None = None
        try:
            event = json_form.read(document, source=self._source)
            if event.envelope.source != self._source:
                detail = f"{event.envelope.source} instead of {self._source}"
                raise InvalidValue("event.wrong-source", detail, "envelope.source")
            value = encode(event, self._ids(event.kind))
            event_id = str(event.envelope.event_id)
            record = Record(topic=self._topic, key=event_id.encode(), value=value)
            if not fits(record):
                raise InvalidValue("event.too-large", f"{len(value)} bytes")
        except InvalidValue as wrong:
            return refusal(number, wrong, str(event.envelope.event_id) if event else None)
        return record

    def _stored(self, made: Sequence[_Made]) -> Told:
        """Send all in their order; the first that isn't acknowledged ends what is known to be in."""
        sent: list[Any] = []
        if any(isinstance(each, Record) for each in made):
            producer = self._connected()
            sent = [
                producer.send(each.topic, value=each.value, key=each.key)
                if isinstance(each, Record)
                else None
                for each in made
            ]
        else:
            sent = [None] * len(made)
        deadline = time.monotonic() + self._answer_within_s
        answers: list[EventAnswer] = []
        for number, (each, future) in enumerate(zip(made, sent, strict=True)):
            try:
                answers.append(self._answer(number, each, future, deadline))
            except KafkaError as error:
                # What waits behind it may still come in, which its id makes harmless.
                self._drop()
                why = named(self._topic, error)
                return Told(answers=tuple(answers), problem=problem_of(why))
        return Told(answers=tuple(answers))

    def _answer(self, number: int, made: _Made, future: Any, deadline: float) -> EventAnswer:
        if isinstance(made, EventAnswer):
            return made
        event_id = made.key.decode() if made.key else None
        try:
            future.get(timeout=max(0.0, deadline - time.monotonic()))
        except _TOO_LARGE as error:
            return refusal(number, InvalidValue("event.too-large", str(error)), event_id)
        return EventAnswer(position=number, verdict=Verdict.ACCEPTED, event_id=event_id)

    def _connected(self) -> Any:
        if self._producer is None:
            reach(self._access)
            within_ms = int(self._answer_within_s * 1000)
            settings: dict[str, Any] = {
                "client_id": f"foodtrace-kit-{self._source}",
                "acks": "all",
                "enable_idempotence": True,
                "linger_ms": _LINGER_MS,
                "batch_size": _BATCH_BYTES,
                "max_request_size": MAX_REQUEST_BYTES,
                "max_block_ms": within_ms // 2,
                "bootstrap_timeout_ms": within_ms,
                "request_timeout_ms": within_ms // 2,
                "delivery_timeout_ms": within_ms,
            }
            settings |= client_settings(self._access) | self._more
            self._producer = KafkaProducer(**settings)
        try:
            self._producer.partitions_for(self._topic)
        except KafkaTimeoutError as error:
            # Brokers answer, but know nothing of the topic.
            self._drop()
            raise TopicMissing(f"{self._topic}: {error}") from error
        return self._producer

    def _drop(self) -> None:
        producer, self._producer = self._producer, None
        if producer is None:
            return
        try:
            producer.close(timeout=0)
        except KafkaTimeoutError:
            # It wouldn't close with records unsent, and would send them later, out of their order.
            producer._sender.force_close()
            producer.close(timeout=self._answer_within_s)
