"""The simulated city: documents day by day, and the oracle that watched them come about."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from foodtrace_city import (
    cheese,
    dates_case,
    errands,
    mixed_case,
    pork_case,
    register,
    returned_case,
    stranger_case,
    voucher_case,
)
from foodtrace_city.chance import chance_for
from foodtrace_city.desk import Desk, at
from foodtrace_city.floor import Floor
from foodtrace_city.masters import masters
from foodtrace_city.mistakes import Mistakes, a_day_late
from foodtrace_city.model import Document, Source
from foodtrace_city.oracle import Oracle, SoldReceipt
from foodtrace_city.places import RETAIL, WHOLESALE
from foodtrace_city.plots import Casting
from foodtrace_city.retail import kitchens, tills
from foodtrace_city.scale import DEMO, Scale
from foodtrace_city.town import Town, build
from foodtrace_city.upkeep import clear_shelves, rapid_tests
from foodtrace_city.wholesale import night
from foodtrace_city.world import World

# A Wednesday in the past, so that no event claims to come from the future.
FIRST_DAY = date(2025, 5, 21)
REGISTERED_BEFORE = timedelta(days=60)
# So many documents wait for the next day at most, which bounds the city's memory.
_LATE_LIMIT = 20_000
# What a case does on a day, by its number.
Play = Callable[[World, int], Iterator[Document]]


@dataclass(frozen=True, slots=True)
class Mandate:
    """A reporter may report for a party, or for all who trade in a market."""

    reporter: str
    valid_from: date
    party: str | None = None
    market: str | None = None


class City:
    """A city of a seed and scale. Its days are played in order, each document once.

    What it holds in memory follows the register and the stock on its shelves, not the documents
    it has made.
    """

    def __init__(self, seed: int = 7, scale: Scale = DEMO, first_day: date = FIRST_DAY) -> None:
        """Build the standing city; nothing happens yet."""
        self.seed = seed
        self.scale = scale
        self.first_day = first_day
        self.oracle = Oracle()
        self._town = build(seed, scale)
        self._desk = Desk()
        self._floor = Floor(seed, self._desk, self.oracle)
        chance = chance_for(seed, "cases")
        self._cheese = cheese.cast(self._town, chance, first_day)
        self._pork = pork_case.cast(self._town, chance)
        self._plots = _plots(self._town)
        self._next_day = first_day
        self._registered = False
        self._remembered = False
        self._late: deque[Document] = deque()

    @property
    def sources(self) -> tuple[Source, ...]:
        """The systems that send the documents."""
        return tuple(self._town.geography.sources.values())

    @property
    def site_count(self) -> int:
        """How many places of business there are."""
        return sum(1 for _site in self._town.all_sites())

    def mandates(self) -> Iterator[Mandate]:
        """Who reports for whom, from before the first document on."""
        since = self.first_day - REGISTERED_BEFORE - timedelta(days=1)
        ground = self._town.geography
        for market in (*ground.wholesale_markets, *ground.retail_markets):
            craft = WHOLESALE[0] if market in ground.wholesale_markets else RETAIL[0]
            platform = ground.source(craft, 0, market)
            yield Mandate(platform.reporter, since, market=market.location)
        known: set[tuple[str, str]] = set()
        for site in self._town.all_sites():
            if site.craft in (*WHOLESALE, *RETAIL):
                continue
            # What was bought under a firm's other id is reported under that id too.
            for party in filter(None, (site.party, site.second_id)):
                if (site.source.reporter, party) not in known:
                    known.add((site.source.reporter, party))
                    yield Mandate(site.source.reporter, since, party=party)

    def masters(self) -> Iterator[Document]:
        """The register: every party, location and product. Raises ValueError the second time."""
        if self._registered:
            raise ValueError("the register has been sent already")
        self._registered = True
        when = at(self.first_day - REGISTERED_BEFORE, 9.0)
        yield from masters(self._town, self._desk, when)

    def history(self) -> Iterator[Document]:
        """The weeks before the first day, as far as the planted incidents need them.

        Raises ValueError the second time.
        """
        if self._remembered:
            raise ValueError("the history has been sent already")
        self._remembered = True
        world = self._world(self.first_day, "history")
        self.oracle.plant(cheese.incident(self._cheese))
        past = cheese.history(self._cheese, world, self._mistakes(world))
        yield from self._floor.with_also(past)

    def day(self, day: date) -> Iterator[Document]:
        """One day's documents; before the first day's come register and history, unless sent.

        Raises ValueError for any day but the next.
        """
        if day != self._next_day:
            raise ValueError(f"the next day of the city is {self._next_day}, not {day}")
        self._next_day += timedelta(days=1)
        if not self._registered:
            yield from self.masters()
        if not self._remembered:
            yield from self.history()
        yield from self.stragglers()
        self._desk.turn_page(day)
        world = self._world(day, "day")
        if day == self.first_day:
            yield from pork_case.night(self._pork, world)
            yield from pork_case.morning(self._pork, world)
        ordinary = self._floor.with_also(self._ordinary(world))
        yield from self._on_time(self._mistakes(world).through(ordinary))
        yield from self._on_time(self._floor.with_also(self._aside(self._world(day, "errands"))))

    def stragglers(self) -> Iterator[Document]:
        """What some systems only send a day late; comes by itself before the next day."""
        while self._late:
            yield self._late.popleft()

    def _on_time(self, documents: Iterator[Document]) -> Iterator[Document]:
        """The documents that are sent on their day; the others are kept for the next."""
        for document in documents:
            if not document.late:
                yield document
                continue
            self._late.append(a_day_late(document))
            if len(self._late) > _LATE_LIMIT:
                yield self._late.popleft()

    def days(self, count: int) -> Iterator[Document]:
        """The next `count` days, with the opening."""
        for _number in range(count):
            yield from self.day(self._next_day)

    def traced_receipt(self) -> SoldReceipt:
        """A receipt over mixed goods that come from at least three farms.

        Raises LookupError before one was sold.
        """
        for receipt in self.oracle.incident(pork_case.NAME).receipts:
            known = len(receipt.goods) == 1 and receipt.goods[0].complete and receipt.code
            if known and len(receipt.origins()) >= 3:
                return receipt
        raise LookupError("no receipt over mixed goods has been sold yet")

    def _ordinary(self, world: World) -> Iterator[Document]:
        yield from night(world, self.scale.trades)
        yield from rapid_tests(world, self.scale.trades)
        yield from kitchens(world)
        if world.day == self.first_day:
            yield from cheese.today(self._cheese, world)
            yield from pork_case.day(self._pork, world)
        yield from tills(world, self.scale.receipts)
        yield from clear_shelves(world)

    def _aside(self, world: World) -> Iterator[Document]:
        day = (world.day - self.first_day).days
        for play in self._plots:
            yield from play(world, day)
        yield from register.changes(world, self.first_day)
        yield from errands.evening(world)

    def _world(self, day: date, purpose: str) -> World:
        chance = chance_for(self.seed, purpose, day.isoformat())
        return World(self._town, self._floor, chance, day)

    def _mistakes(self, world: World) -> Mistakes:
        chance = chance_for(self.seed, "mistakes", world.day.isoformat())
        return Mistakes(self._floor, self._desk, chance, self.scale.mistakes)


def _plots(town: Town) -> tuple[Play, ...]:
    """The cases of stock without lots, each with people of its own."""
    plays: list[Play] = []
    for case in (dates_case, voucher_case, mixed_case, returned_case, stranger_case):
        casting = Casting(town, chance_for(town.seed, "cast", case.NAME))
        plays.append(partial(case.play, case.cast(town, casting)))
    return tuple(plays)
