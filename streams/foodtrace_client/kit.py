"""The producer kit: hand an event in, it is safe on this disk, and it goes to the bus by itself.

    with Producer(folder, HttpDoor(url, key), source="my-erp") as producer:
        receipt = producer.send(document)

or, writing to Kafka, `KafkaDoor(brokers, "my-erp", RegistryIds(url))` in place of `HttpDoor`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Condition, Thread
from typing import Self
from uuid import UUID

from foodtrace.problems import InvalidValue
from foodtrace_client.aside import RefusedEvent
from foodtrace_client.batches import BATCH_EVENTS, Document, encode
from foodtrace_client.doors import Door
from foodtrace_client.errors import Problem
from foodtrace_client.retry import RetryPolicy
from foodtrace_client.sender import Sender
from foodtrace_client.spool import LIMIT_BYTES, Spool
from foodtrace_client.spool_errors import SendingFailed
from foodtrace_schemas import json_form
from foodtrace_schemas.topics import MAX_MESSAGE_BYTES

#: Doubling from a fifth of a second to half a minute; what the door asks for comes before it.
PAUSES = RetryPolicy(longest_pause_s=30.0)
#: Seconds that the end of a `with` block gives what still waits.
CLOSE_WITHIN_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The spool has the event on its disk, under this number; `event_id` is the event's own."""

    number: int
    event_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """What waits: how many events, in how many bytes, since when; `problem` is why it still does.

    `refused` counts those set aside; `cut` the bytes of a torn write found at the start.
    """

    events: int
    bytes: int
    oldest: datetime | None
    refused: int
    cut: int
    problem: Problem | None


class Producer:
    """Spools events and sends them in order from a thread of its own; safe to share by threads.

    One process uses a folder at a time. Whatever `send` returned for reaches the bus at least once,
    also after a kill or a power cut, as soon as a producer is opened on the folder again; the ledger
    takes an event once. Opening raises SpoolBusy, SpoolDamaged or SpoolUnwritable.
    """

    def __init__(
        self,
        folder: Path | str,
        door: Door,
        *,
        source: str,
        limit_bytes: int = LIMIT_BYTES,
        pauses: RetryPolicy = PAUSES,
    ) -> None:
        """Open the spool and start sending what an earlier process left; closes `door` at its end.

        `source` is under which name the documents are reported where they don't say it themselves.
        """
        self._source = source
        self._spool = Spool(Path(folder), limit_bytes=limit_bytes)
        self._door = door
        self._sender = Sender(spool=self._spool, door=door, pauses=pauses)
        self._changed = Condition()
        self._stopping = False
        self._crash: BaseException | None = None
        # It may die with the process at any moment: the spool keeps everything.
        self._thread = Thread(target=self._run, name="foodtrace-producer", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        """Sending has begun already."""
        return self

    def __exit__(self, *_reason: object) -> None:
        """Give what waits some seconds, then close."""
        self.close(CLOSE_WITHIN_S)

    def send(self, document: Document) -> Receipt:
        """Take one event in: a JSON document as `POST /v1/events` takes it.

        Returns when it is on the disk, with or without a network. Raises
        `foodtrace_schemas.json_form.Refused` for a document that is wrong by itself, `SpoolFull` or
        `SpoolUnwritable`; then it wasn't taken.
        """
        return self.send_all([document])[0]

    def send_all(self, documents: Iterable[Document]) -> list[Receipt]:
        """Take many events in with one write for each thousand; all of them or none of a thousand.

        Raises as `send` does, before anything is taken where a document is wrong.
        """
        made = [self._checked(document) for document in documents]
        receipts: list[Receipt] = []
        for start in range(0, len(made), BATCH_EVENTS):
            part = made[start : start + BATCH_EVENTS]
            first = self._spool.append([line for line, _ in part])
            receipts += [
                Receipt(number=number, event_id=event_id)
                for number, (_, event_id) in enumerate(part, first)
            ]
            with self._changed:
                self._changed.notify_all()
        return receipts

    def flush(self, timeout_s: float | None = None) -> bool:
        """Wait until the door has answered for all that was sent before; False when time is up.

        Raises SendingFailed when the thread that sends has died of a bug.
        """
        upto = self._spool.number
        with self._changed:
            self._changed.wait_for(lambda: self._over or self._spool.next >= upto, timeout_s)
        if self._crash is not None:
            raise SendingFailed(repr(self._crash)) from self._crash
        return self._spool.next >= upto

    def pending(self) -> Pending:
        """What waits, since when and why."""
        first = self._spool.head(1, 0)
        return Pending(
            events=self._spool.pending,
            bytes=self._spool.pending_bytes,
            oldest=first[0].at if first else None,
            refused=len(self.refused()),
            cut=self._spool.cut,
            problem=self._sender.problem,
        )

    def refused(self) -> list[RefusedEvent]:
        """Events that the door refused, with the reason; the others went on."""
        return self._spool.refused()

    def forget_refused(self) -> int:
        """Drop the refused ones after they were seen to; gives how many there were."""
        return self._spool.forget_refused()

    def close(self, timeout_s: float = 0.0) -> None:
        """Wait up to `timeout_s` for what waits, then end; the rest stays in the spool.

        What is being handed over at that moment is still waited for.
        """
        if self._stopping:
            return
        try:
            self.flush(timeout_s)
        finally:
            with self._changed:
                self._stopping = True
                self._changed.notify_all()
            self._thread.join()
            self._door.close()
            self._spool.close()

    @property
    def _over(self) -> bool:
        return self._stopping or self._crash is not None

    def _checked(self, document: Document) -> tuple[bytes, UUID]:
        line = encode(document)
        if len(line) > MAX_MESSAGE_BYTES:
            raise InvalidValue("event.too-large", f"{len(line)} of {MAX_MESSAGE_BYTES} bytes")
        return line, json_form.read(line, source=self._source).envelope.event_id

    def _run(self) -> None:
        try:
            while not self._over:
                wait_s = self._sender.step()
                with self._changed:
                    self._changed.notify_all()
                    if wait_s is None:
                        self._changed.wait_for(lambda: self._over or self._spool.pending)
                    elif wait_s:
                        self._changed.wait_for(lambda: self._over, wait_s)
        except BaseException as error:
            self._crash = error
            raise
        finally:
            with self._changed:
                self._changed.notify_all()
