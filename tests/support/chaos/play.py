"""The documents of the run: a city's days, some of them twice and out of order, by the door they take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random

from foodtrace_city import City, Document, Incident, Scale, scale_for_events
from foodtrace_city.oracle import SellerKey
from support.city_truth import other_ids

#: By then every incident has reached the last of its sellers.
DAYS = 4
#: Share of the documents that are sent a second time, and among how many they change places.
TWICE, WINDOW = 0.02, 2_000
_MISTAKES = 0.1
_SMALL = Scale(sites=260, products=120, trades=40, receipts=30, mistakes=_MISTAKES)
#: The smallest city that has all incidents sends so many documents in these days.
SMALLEST = 2_400


class Door(StrEnum):
    """By which way a document comes in."""

    BULK = "bulk"
    KIT_HTTP = "kit-http"
    KIT_KAFKA = "kit-kafka"


#: A source has its own topic and ERP; all others push over HTTP.
KAFKA_SOURCE = "pos-1"
KIT_SOURCES = frozenset({"trade-erp-1", "plant-erp-1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What is to be sent, as lines by door in their order, and what the oracle knows of it."""

    lines: Mapping[Door, tuple[bytes, ...]]
    incidents: tuple[Incident, ...]
    names: Mapping[str, str]

    @property
    def documents(self) -> int:
        """How many lines there are, repeats included."""
        return sum(map(len, self.lines.values()))


def play(seed: int, events: int) -> Played:
    """A city of about so many documents over some days."""
    city = City(seed, _scale(events))
    documents = [*city.days(DAYS), *city.stragglers()]
    by_door: dict[Door, list[bytes]] = {door: [] for door in Door}
    for document in documents:
        by_door[door_of(document)].append(document.line().encode())
    chance = Random(f"chaos order {seed}")
    return Played(
        lines={door: tuple(disordered(lines, chance)) for door, lines in by_door.items()},
        incidents=tuple(city.oracle.incidents),
        names=other_ids(documents),
    )


def door_of(document: Document) -> Door:
    """The door of a document's source."""
    if document.source == KAFKA_SOURCE:
        return Door.KIT_KAFKA
    return Door.KIT_HTTP if document.source in KIT_SOURCES else Door.BULK


def disordered(lines: Iterable[bytes], chance: Random) -> Iterator[bytes]:
    """All of the lines, some of them twice, each some places away from where it stood."""
    waiting: list[bytes] = []
    for line in lines:
        waiting.append(line)
        if chance.random() < TWICE:
            waiting.append(line)
        if len(waiting) > WINDOW:
            yield _drawn(waiting, chance)
    while waiting:
        yield _drawn(waiting, chance)


def _drawn(waiting: list[bytes], chance: Random) -> bytes:
    place = chance.randrange(len(waiting))
    waiting[place], waiting[-1] = waiting[-1], waiting[place]
    return waiting.pop()


def _scale(events: int) -> Scale:
    if events <= SMALLEST:
        return _SMALL
    made = scale_for_events(max(events, SMALLEST))
    return replace(
        made, trades=made.trades // DAYS, receipts=made.receipts // DAYS, mistakes=_MISTAKES / 2
    )


def sellers(keys: Iterable[SellerKey], names: Mapping[str, str]) -> frozenset[SellerKey]:
    """Sellers by the one id of each party."""
    return frozenset((names.get(party, party), place) for party, place in keys)
