"""The producer: many records in one call, one answer for each of them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError, UnknownError

from foodtrace_bus.errors import BusAway
from foodtrace_bus.limits import MAX_REQUEST_BYTES
from foodtrace_bus.records import PublishError, Record, Result, Stored

#: Bytes of one batch; the default of 16 KiB makes small requests out of a push of 10,000 events.
BATCH_BYTES = 256 * 1024
#: How long a batch waits to be filled, in milliseconds.
LINGER_MS = 5


class Bus:
    """Writes records to Kafka with `acks=all` and the idempotent protocol.

    One per process, made and used on one event loop.
    """

    def __init__(
        self, bootstrap: str, *, client_id: str = "foodtrace", request_timeout_s: float = 20.0
    ) -> None:
        """Remember where the brokers are; nothing is connected before `start`."""
        self._bootstrap = bootstrap
        self._client_id = client_id
        self._request_timeout_ms = int(request_timeout_s * 1000)
        self._producer: Any = None
        #: False only on the memory broker, which has no idempotent protocol.
        self.idempotent = True

    async def start(self) -> None:
        """Connect; raises BusAway when no broker answers."""
        try:
            self._producer = await self._connect(idempotent=True)
        except UnknownError:
            # So the memory broker answers a request for a producer id. Without one a retry may
            # store a record twice, which the ledger takes once.
            self._producer = await self._connect(idempotent=False)
            self.idempotent = False

    async def _connect(self, *, idempotent: bool) -> Any:
        producer = AIOKafkaProducer(
            bootstrap_servers=self._bootstrap,
            client_id=self._client_id,
            acks="all",
            enable_idempotence=idempotent,
            linger_ms=LINGER_MS,
            max_batch_size=BATCH_BYTES,
            max_request_size=MAX_REQUEST_BYTES,
            request_timeout_ms=self._request_timeout_ms,
        )
        try:
            await producer.start()
        except KafkaError as error:
            await producer.stop()
            if isinstance(error, UnknownError):
                raise
            raise BusAway(f"{self._bootstrap}: {error!r}") from error
        return producer

    async def stop(self) -> None:
        """Send what is still waiting and disconnect."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await producer.stop()

    async def publish(self, records: Sequence[Record]) -> list[Result]:
        """Store the records and wait for the acknowledgement of each, in the order given.

        One that fails doesn't touch the others. Raises nothing but BusAway when not started.
        """
        if self._producer is None:
            raise BusAway("the bus isn't started")
        # Records of one key keep their order only if they are handed over one after another.
        away: dict[str, PublishError] = {}
        waiting = [await self._hand_over(record, away) for record in records]
        return [
            await self._answer(record, sent) for record, sent in zip(records, waiting, strict=True)
        ]

    async def _hand_over(
        self, record: Record, away: dict[str, PublishError]
    ) -> asyncio.Future[Any] | PublishError:
        if record.topic in away:
            return away[record.topic]
        try:
            sent: asyncio.Future[Any] = await self._producer.send(
                record.topic, value=record.value, key=record.key, headers=list(record.headers)
            )
        except (KafkaError, TimeoutError, ValueError) as error:
            failed = _failed(record.topic, error)
            # One time-out tells enough: ten thousand records must not wait for one each.
            if failed.retry:
                away[record.topic] = failed
            return failed
        return sent

    async def _answer(self, record: Record, sent: asyncio.Future[Any] | PublishError) -> Result:
        if isinstance(sent, PublishError):
            return sent
        try:
            stored = await sent
        except KafkaError as error:
            return _failed(record.topic, error)
        return Stored(topic=stored.topic, partition=stored.partition, offset=stored.offset)


def _failed(topic: str, error: BaseException) -> PublishError:
    if isinstance(error, MessageSizeTooLargeError):
        return PublishError(topic=topic, code="event.too-large", detail=str(error), retry=False)
    return PublishError(topic=topic, code="push.bus-away", detail=repr(error), retry=True)
