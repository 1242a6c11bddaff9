"""An outside producer (librdkafka): poison, transactions that end well, badly or never, new topics.

Everything is written down as intended before it is sent, so that the verdict knows what has to be
there, what mustn't, and what may.
"""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from confluent_kafka import KafkaException, Producer

from foodtrace.events import Event
from foodtrace.problems import FoodtraceError
from foodtrace_bus.errors import BusAway
from foodtrace_bus.topics import ensure_topics
from foodtrace_client.schema_ids import TopicIds
from foodtrace_deploy.commands.exits import Exit
from foodtrace_schemas import json_form
from foodtrace_schemas.codec import encode
from foodtrace_schemas.topics import outside_topic, topic_of
from foodtrace_schemas.wire import frame
from support import shop
from support.chaos.broken import CULPRIT, DEADLY, UNREADABLE
from support.chaos.play import KAFKA_SOURCE
from support.cheese import document

#: The source of everything here; its topic is there from the start, that of `LATE` comes later.
OUTSIDER, LATE = "chaos-outside", "chaos-late"
POISON_KEY = b"poison-"
#: New numbers of partitions, for the table's 6, 6 and 3.
GROWN: Mapping[str, int] = {"trade": 8, "receipt": 7, f"in.{KAFKA_SOURCE}": 4}
_SOME = 40
_WITHIN_S = 120.0
_LARGE = 1024 * 1024
#: Milliseconds after which brokers abort a transaction; that of a producer that dies holds up
#: everybody who reads its partitions for as long.
_TRANSACTION_MS, _DYING_MS = 12_000, 5_000


@dataclass(kw_only=True)
class Intended:
    """What the outsider meant to write, by event id; and the poison that was acknowledged.

    `inside` has to be in the ledger, `never` mustn't, `perhaps` was sent but its transaction's end
    wasn't told; `ours` are events at which our own code fails, `deadly` those of them that end its
    process. `grown` says how many partitions the topics have that grew.
    """

    inside: set[UUID] = field(default_factory=set)
    never: set[UUID] = field(default_factory=set)
    perhaps: set[UUID] = field(default_factory=set)
    ours: set[UUID] = field(default_factory=set)
    deadly: set[UUID] = field(default_factory=set)
    poison: set[bytes] = field(default_factory=set)
    grown: dict[str, int] = field(default_factory=dict)


class Outsider:
    """Writes to the brokers past every door of ours; its methods may be called by threads."""

    def __init__(self, brokers: str, prefix: str, folder: Path) -> None:
        """Remember where the brokers are; no stack runs on `folder`."""
        self._brokers, self._prefix, self._folder = brokers, prefix, folder
        self._ids = TopicIds(brokers, prefix=prefix)
        self._turn = threading.Lock()
        self._numbers = itertools.count()
        self._poisonings, self._rounds = itertools.count(), itertools.count()
        self.intended = Intended()
        self.given_up = threading.Event()

    def close(self) -> None:
        """Disconnect."""
        self._ids.close()

    # -- poison

    def poison(self) -> None:
        """Records that can't be taken in; the first time also two at which our code fails."""
        with self._turn:
            first = next(self._poisonings) == 0
            records = [*self._unreadable(), *self._wrong()]
            self.intended.poison |= {key for _, key, _ in records}
            if first:
                records += self._traps()
            self._send(records)

    def _unreadable(self) -> list[tuple[str, bytes, bytes | None]]:
        good = self._value(self._event())
        values = [None, b"", b"\x00\x00", b"<xml/>", good[:-3], frame(999_999, good[5:])]
        values += [good[:5] + b"\xff" * 40, b"\x00" * _LARGE]
        topics = itertools.cycle(self._prefix + name for name in ("trade", "receipt", "movement"))
        outside = outside_topic(KAFKA_SOURCE, self._prefix)
        records = list(zip(topics, values, strict=False)) + [(outside, value) for value in values]
        return [(topic, self._poison_key(), value) for topic, value in records]

    def _wrong(self) -> list[tuple[str, bytes, bytes | None]]:
        """Events that read well and aren't valid: from the future, or of somebody else's source."""
        later = {"occurred_at": "2199-01-01T00:00:00Z", "business_date": "2199-01-01"}
        future = self._value(self._event(envelope=later))
        other = self._value(self._event())
        return [
            (topic_of("trade", self._prefix), self._poison_key(), future),
            (outside_topic(KAFKA_SOURCE, self._prefix), self._poison_key(), other),
        ]

    def _traps(self) -> list[tuple[str, bytes, bytes | None]]:
        traps = [self._event(number=name) for name in (CULPRIT, UNREADABLE)]
        self.intended.ours |= {trap.envelope.event_id for trap in traps}
        return [self._record(trap, topic_of("trade", self._prefix)) for trap in traps]

    def deadly(self) -> None:
        """A record that takes every worker with it, until it goes aside."""
        with self._turn:
            deadly = self._event(number=DEADLY)
            event_id = deadly.envelope.event_id
            self.intended.ours.add(event_id)
            self.intended.deadly.add(event_id)
            self._send([self._record(deadly, topic_of("trade", self._prefix))])

    def _poison_key(self) -> bytes:
        return POISON_KEY + str(next(self._numbers)).encode()

    # -- transactions

    def transactions(self) -> None:
        """One that commits, one that aborts, and one of a producer that dies in the middle."""
        with self._turn:
            round_ = next(self._rounds)
            producer = self._transactional(f"chaos-{round_}", _TRANSACTION_MS)
            self._commit(producer)
            self._abort(producer)
            if round_ == 0:
                dying = self._transactional("chaos-dying", _DYING_MS)
                self._begin(dying, self.intended.never)
                dying.flush(20)

    def _transactional(self, name: str, within_ms: int) -> Any:
        producer = self._producer(
            **{
                "transactional.id": name,
                "transaction.timeout.ms": within_ms,
                "delivery.timeout.ms": within_ms,
            }
        )
        self._until(lambda: producer.init_transactions(30))
        return producer

    def _commit(self, producer: Any) -> None:
        sent = self._begin(producer, self.intended.perhaps)
        try:
            self._until(lambda: producer.commit_transaction(30))
        except KafkaException as error:
            if not error.args[0].txn_requires_abort():
                raise
            self._until(lambda: producer.abort_transaction(30))
            self.intended.never |= sent
        else:
            self.intended.inside |= sent
        self.intended.perhaps -= sent

    def _abort(self, producer: Any) -> None:
        self._begin(producer, self.intended.never)
        # What was never sent need not be aborted.
        producer.flush(20)
        self._until(lambda: producer.abort_transaction(30))

    def _begin(self, producer: Any, kept: set[UUID]) -> set[UUID]:
        """Send some events, to its own topic and past all rules to one of ours."""
        events = [self._event() for _ in range(_SOME)]
        sent = {event.envelope.event_id for event in events}
        kept |= sent
        producer.begin_transaction()
        topics = outside_topic(OUTSIDER, self._prefix), topic_of("trade", self._prefix)
        for event in events:
            for topic in topics:
                topic, key, value = self._record(event, topic)
                producer.produce(topic, key=key, value=value)
        return sent

    # -- topics

    def new_source(self) -> None:
        """A source gets its topic while everybody runs, and writes into it."""
        with self._turn:
            self._patiently(
                lambda: ensure_topics(self._brokers, self._prefix, outside_sources=[LATE])
            )
            events = [self._event(source=LATE) for _ in range(_SOME)]
            self.intended.inside |= {event.envelope.event_id for event in events}
            self._send(self._record(event, outside_topic(LATE, self._prefix)) for event in events)

    def grow(self) -> None:
        """Give some topics more partitions, as an operator would."""
        with self._turn:
            for name, count in GROWN.items():
                self.intended.grown[self._prefix + name] = count
                self._patiently(partial(self._grow, name, count))

    def _grow(self, name: str, count: int) -> None:
        there = {"FOODTRACE_BROKERS": self._brokers, "FOODTRACE_TOPIC_PREFIX": self._prefix}
        ran = shop.run("topics", "grow", name, str(count), "--data", str(self._folder), env=there)
        if ran.code == Exit.UNAVAILABLE:
            raise BusAway(ran.err)
        if ran.code != Exit.DONE:
            raise RuntimeError(f"topics grow {name} {count} ended with {ran.code}: {ran.err}")

    # -- by what means

    def _event(
        self, *, source: str = OUTSIDER, number: str = "", envelope: dict[str, str] | None = None
    ) -> Event:
        number = number or f"chaos-{next(self._numbers)}"
        body = document(
            "trade",
            number,
            envelope={**(envelope or {}), "source": source, "trade_no": number},
            seller={"party": "CHAOS-A"},
            buyer={"party": "CHAOS-B"},
            lines=[
                {
                    "line_no": 1,
                    "product": {"local_code": "chaos", "category": "蔬菜"},
                    "lot_codes": [{"code": f"CHAOS-{number}"}],
                    "net_mass": {"amount": "1", "unit": "kg"},
                }
            ],
        )
        return json_form.read(json.dumps(body).encode(), source=source)

    def _value(self, event: Event) -> bytes:
        return encode(event, self._patiently(lambda: self._ids(event.kind)))

    def _record(self, event: Event, topic: str) -> tuple[str, bytes, bytes | None]:
        return topic, str(event.envelope.event_id).encode(), self._value(event)

    def _producer(self, **more: Any) -> Any:
        return Producer(
            {
                "bootstrap.servers": self._brokers,
                "acks": "all",
                "enable.idempotence": True,
                "message.max.bytes": 2 * _LARGE,
                "delivery.timeout.ms": int(_WITHIN_S * 1000),
                "log_level": 2,
            }
            | more
        )

    def _send(self, records: Iterable[tuple[str, bytes, bytes | None]]) -> None:
        failed: list[Any] = []
        producer = self._producer()
        for topic, key, value in records:
            producer.produce(
                topic, key=key, value=value, on_delivery=lambda error, _: failed.append(error)
            )
        left = producer.flush(_WITHIN_S)
        if left or any(failed):
            raise RuntimeError(f"{left} not sent, {[each for each in failed if each]}")

    def _until(self, attempt: Callable[[], Any]) -> None:
        """Again while the brokers say that it may pass."""
        self._patiently(attempt, lambda error: error.args[0].retriable())

    def _patiently(
        self, attempt: Callable[[], Any], may_pass: Callable[[Any], bool] = lambda error: True
    ) -> Any:
        deadline = time.monotonic() + _WITHIN_S
        while True:
            try:
                return attempt()
            except (KafkaException, FoodtraceError) as error:
                passes = isinstance(error, FoodtraceError) or may_pass(error)
                if not passes or time.monotonic() > deadline or self.given_up.wait(0.5):
                    raise
