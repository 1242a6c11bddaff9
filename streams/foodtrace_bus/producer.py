"""The producer: many records in one call, one answer for each of them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import (
    KafkaError,
    KafkaTimeoutError,
    MessageSizeTooLargeError,
    UnknownError,
    UnknownTopicOrPartitionError,
)

from foodtrace_bus.access import Access, client_settings
from foodtrace_bus.errors import BusAway
from foodtrace_bus.limits import MAX_REQUEST_BYTES, fits
from foodtrace_bus.reach import reach
from foodtrace_bus.records import PublishError, Record, Result, Stored
from foodtrace_bus.refusals import is_forbidden, named

#: Bytes of one batch; the default of 16 KiB makes small requests out of a push of 10,000 events.
BATCH_BYTES = 256 * 1024
#: How long a batch waits to be filled, in milliseconds.
LINGER_MS = 5
#: How long a stop may take to send what is still waiting, in seconds.
STOP_WITHIN_S = 10.0
#: Errors before a record is in a batch, after which the producer is as good as before.
_NO_HARM = (TimeoutError, KafkaTimeoutError, UnknownTopicOrPartitionError, ValueError)


class Bus:
    """Writes records to Kafka with `acks=all` and the idempotent protocol.

    One per process, made and used on one event loop; many may publish at the same time.
    """

    def __init__(
        self,
        access: Access | str,
        *,
        client_id: str = "foodtrace",
        idempotent: bool = True,
        answer_within_s: float = 20.0,
    ) -> None:
        """Remember how to reach the brokers; nothing is connected before `start`.

        `idempotent` is False for the memory broker, which has no such protocol; if it isn't said,
        the broker's refusal is taken for it.
        """
        self._access = Access.of(access)
        self._client_id = client_id
        self._answer_within_s = answer_within_s
        self._producer: Any = None
        self._broken = False
        self._replacing = asyncio.Lock()
        self._leaving: set[asyncio.Task[None]] = set()
        self.idempotent = idempotent

    async def start(self) -> None:
        """Connect; raises BusAway when no broker answers."""
        try:
            self._producer = await self._connect()
        except UnknownError as error:
            if not self.idempotent:
                raise BusAway(f"{self._access.bootstrap}: {error!r}") from error
            # So the memory broker answers a request for a producer id. Without one a retry may
            # store a record twice, which the ledger takes once.
            self.idempotent = False
            self._producer = await self._connect()

    async def stop(self) -> None:
        """Send what is still waiting, as far as brokers take it in time, and disconnect."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await _stop(producer)
        await asyncio.gather(*self._leaving)

    async def publish(self, records: Sequence[Record]) -> list[Result]:
        """Store the records and wait for the acknowledgement of each, in the order given.

        One that fails doesn't touch the others. What isn't acknowledged in time is answered with
        `retry`; it may be stored later all the same. Raises BusAway when not started, or when a
        broken connection can't be replaced.
        """
        producer = await self._whole()
        # Records of one key keep their order only if they are handed over one after another.
        away: dict[str, PublishError] = {}
        handed = [await self._hand_over(producer, record, away) for record in records]
        waiting = [one for one in handed if isinstance(one, asyncio.Future)]
        if waiting:
            # This cancels none of them at the deadline: aiokafka still owns them.
            await asyncio.wait(waiting, timeout=self._answer_within_s)
        return [
            one if isinstance(one, PublishError) else self._answer(record, one)
            for record, one in zip(records, handed, strict=True)
        ]

    async def _hand_over(
        self, producer: Any, record: Record, away: dict[str, PublishError]
    ) -> asyncio.Future[Any] | PublishError:
        if record.topic in away:
            return away[record.topic]
        if not fits(record):
            # A refusal by the broker would leave a hole in the sequence of the whole partition.
            return PublishError(topic=record.topic, code="event.too-large", detail="", retry=False)
        try:
            sent: asyncio.Future[Any] = await producer.send(
                record.topic, value=record.value, key=record.key, headers=list(record.headers)
            )
        except (KafkaError, TimeoutError, ValueError) as error:
            self._broken = self._broken or not isinstance(error, _NO_HARM)
            failed = _failed(record.topic, error)
            # One time-out tells enough: ten thousand records must not wait for one each.
            away[record.topic] = failed
            return failed
        return sent

    def _answer(self, record: Record, sent: asyncio.Future[Any]) -> Result:
        if not sent.done():
            late = f"not acknowledged within {self._answer_within_s} s"
            return PublishError(topic=record.topic, code="push.bus-away", detail=late, retry=True)
        error = sent.exception()
        if error is not None:
            # aiokafka tries again what may pass, so this is final, and the sequence has a hole:
            # every later batch of the partition would be refused.
            self._broken = True
            return _failed(record.topic, error)
        stored = sent.result()
        return Stored(topic=stored.topic, partition=stored.partition, offset=stored.offset)

    async def _whole(self) -> Any:
        """The producer, replaced if it has failed."""
        async with self._replacing:
            if self._producer is None:
                raise BusAway("the bus isn't started")
            if self._broken:
                old, self._producer = self._producer, await self._connect()
                self._broken = False
                leaving = asyncio.ensure_future(_stop(old))
                self._leaving.add(leaving)
                leaving.add_done_callback(self._leaving.discard)
            return self._producer

    async def _connect(self) -> Any:
        producer = AIOKafkaProducer(
            **client_settings(self._access),
            client_id=self._client_id,
            acks="all",
            enable_idempotence=self.idempotent,
            linger_ms=LINGER_MS,
            max_batch_size=BATCH_BYTES,
            max_request_size=MAX_REQUEST_BYTES,
            request_timeout_ms=int(self._answer_within_s * 1000),
        )
        try:
            await producer.start()
        except KafkaError as error:
            await producer.stop()
            if isinstance(error, UnknownError):
                raise
            # It says only that no connection came about; a broker may have told why.
            await asyncio.to_thread(reach, self._access)
            raise named(self._access.bootstrap, error) from error
        return producer


def _failed(topic: str, error: BaseException) -> PublishError:
    if isinstance(error, MessageSizeTooLargeError):
        return PublishError(topic=topic, code="event.too-large", detail=str(error), retry=False)
    if is_forbidden(error):
        return PublishError(topic=topic, code="bus.not-allowed", detail=repr(error), retry=False)
    return PublishError(topic=topic, code="push.bus-away", detail=repr(error), retry=True)


async def _stop(producer: Any) -> None:
    try:
        async with asyncio.timeout(STOP_WITHIN_S):
            await producer.stop()
    except TimeoutError:
        await producer.client.close()
    except KafkaError:
        # It was stopped because it had failed; who waited for its records has been told.
        await producer.client.close()
