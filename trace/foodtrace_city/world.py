"""What every phase of the day works with: the town, the floor, the day and its chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from foodtrace_city.chance import popular
from foodtrace_city.codes import mistyped, trace20
from foodtrace_city.desk import at
from foodtrace_city.floor import Floor
from foodtrace_city.model import Body, Craft, Portion, Site
from foodtrace_city.printing import Item
from foodtrace_city.town import Town


@dataclass(frozen=True, slots=True)
class World:
    """One day of the city."""

    town: Town
    floor: Floor
    chance: Random
    day: date

    def one(self, craft: Craft) -> Site:
        """A site of a craft, the popular ones more often."""
        return popular(self.chance, self.town.sites[craft])

    def near(self, hour: float, spread: float = 0.5) -> datetime:
        """A moment of the day around an hour."""
        return at(self.day, hour) + timedelta(hours=self.chance.uniform(0, spread))

    def label(self, site: Site) -> str:
        """A new trace code of a site."""
        return trace20(site.party, self.floor.desk.serial(f"label/{site.party}"))

    def voucher_number(self, buyer: Site) -> str:
        """The number of a new market-entry voucher of the buyer's market."""
        serial = self.floor.desk.serial("voucher")
        return f"SSPZ{buyer.place.region}{self.day:%y%m%d}{serial:07d}"

    def items(self, seller: Site, parts: Sequence[Portion], relabel: float = 0.3) -> list[Item]:
        """The portions as sold: some under new trace codes, a few with a code typed wrong."""
        return [self._item(seller, part, relabel) for part in parts]

    def _item(self, seller: Site, part: Portion, relabel: float) -> Item:
        cell = part.cell
        if cell.label is None:
            return Item(part)
        if not cell.marks and self.chance.random() < self.town.scale.mistakes / 5:
            return Item(part, typo=mistyped(self.chance, cell.label))
        if self.chance.random() < relabel:
            return Item(part, label=self.label(seller))
        return Item(part)


def paper(kind: str, number: str, issuer: str, issued: date, days: int, **more: object) -> Body:
    """A paper that comes with goods, valid for so many days."""
    return {
        "kind": kind,
        "number": number,
        "issuer": issuer,
        "issued_on": issued.isoformat(),
        "valid_until": (issued + timedelta(days=days)).isoformat(),
        **more,
    }
