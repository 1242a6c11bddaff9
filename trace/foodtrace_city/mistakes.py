"""Clerks' mistakes: the same document twice, a slip of the finger, a slip taken back, a late one.

What the documents say once all of them are in is right again; only the mistyped codes, which are
made where goods are sold, stay wrong.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from foodtrace_city.desk import Desk, again, instant, uuid_of
from foodtrace_city.floor import Floor
from foodtrace_city.model import Body, Document

# So many late documents wait at most; the oldest is sent when one more joins them.
_WAITING_LIMIT = 400
_LATE = timedelta(hours=9)


class Mistakes:
    """Sends documents on the way clerks do."""

    def __init__(self, floor: Floor, desk: Desk, chance: Random, share: float) -> None:
        """Get that share of the documents wrong in one of four ways."""
        self._floor = floor
        self._desk = desk
        self._chance = chance
        self._share = share

    def through(self, documents: Iterable[Document]) -> Iterator[Document]:
        """The documents as they are sent, late ones at the end of the day."""
        waiting: deque[Document] = deque()
        for document in documents:
            if self._chance.random() >= self._share:
                yield document
                continue
            way = self._chance.choice(("retry", "late", "amount", "twice"))
            if way == "late":
                waiting.append(delayed(document))
                if len(waiting) > _WAITING_LIMIT:
                    yield waiting.popleft()
            else:
                yield from self.wrong(document, way)
        yield from waiting

    def wrong(self, document: Document, way: str) -> Iterator[Document]:
        """The documents that a mistake (or "none") makes of one; only trades are misweighed or doubled."""
        if way == "none":
            yield document
        elif way == "retry" or document.kind != "trade":
            yield document
            yield again(document, "retry")
        elif way == "amount":
            yield tenfold(document)
            yield revised(document)
        else:
            yield document
            yield from self._keyed_twice(document)

    def _keyed_twice(self, document: Document) -> Iterator[Document]:
        envelope = document.body["envelope"]
        double = {**envelope, "source_event_id": f"{envelope['source_event_id']}-B"}
        second = again(document, "twice", late=False, body={**document.body, "envelope": double})
        yield second
        noticed = datetime.fromisoformat(envelope["occurred_at"]) + timedelta(hours=2)
        yield self._floor.void(second, uuid_of(second), "did_not_occur", noticed)


def delayed(document: Document) -> Document:
    """The same document, sent hours after the fact."""
    return again(_reported_after(document, _LATE), "late")


def a_day_late(document: Document) -> Document:
    """The same document, sent on the next day."""
    return replace(_reported_after(document, timedelta(days=1)), late=False)


def _reported_after(document: Document, delay: timedelta) -> Document:
    envelope = document.body["envelope"]
    reported = datetime.fromisoformat(envelope["reported_at"]) + delay
    late = {**envelope, "reported_at": instant(reported)}
    return replace(document, body={**document.body, "envelope": late})


def tenfold(document: Document) -> Document:
    """The document with a zero too many on its first line."""
    body: Body = deepcopy(dict(document.body))
    line = body["lines"][0]
    for name in ("count", "net_mass"):
        if name in line:
            line[name]["amount"] = format(Decimal(line[name]["amount"]) * 10, "f")
    return again(document, "amount", body=body)


def revised(document: Document) -> Document:
    """The right document, as the next revision."""
    envelope = {**document.body["envelope"], "revision": 1}
    return Document(document.source, document.kind, {**document.body, "envelope": envelope})
