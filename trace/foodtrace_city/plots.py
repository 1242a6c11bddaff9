"""What the five cases of stock without lots share: who plays, and how planted goods are dealt in.

Planted goods are reserved, so only their script moves them; everything around them is the ordinary
trade of the same firms, which makes innocent ones possible too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from foodtrace_city import shelf
from foodtrace_city.model import Cell, Craft, Document, Product, Site
from foodtrace_city.oracle import Incident, Root, SellerKey
from foodtrace_city.printing import Item
from foodtrace_city.town import Town
from foodtrace_city.world import World


class Casting:
    """Chooses who plays: nobody twice in one case, and nobody who is about to give up his stall."""

    def __init__(self, town: Town, chance: Random) -> None:
        """Choose among the sites of the town."""
        self._town = town
        self._chance = chance
        self._taken: set[int] = set()

    def one(self, *crafts: Craft, lots: bool | None = None) -> Site:
        """A site of one of the crafts, whose books are kept with or without lots where that matters."""
        return self.some(1, *crafts, lots=lots)[0]

    def some(self, count: int, *crafts: Craft, lots: bool | None = None) -> tuple[Site, ...]:
        """Some sites. Raises ValueError when the town hasn't so many."""
        fitting = [
            site
            for craft in crafts
            for site in _staying(self._town.sites[craft])
            if site.number not in self._taken and (lots is None or site.books.lots is lots)
        ]
        chosen = tuple(self._chance.sample(fitting, count))
        self._taken.update(site.number for site in chosen)
        return chosen

    def merged(self) -> Site:
        """The distributor whose suppliers know it by an id that was merged into another."""
        sites = self._town.sites[Craft.DISTRIBUTOR]
        site = next(s for s in sites if s.second_id is not None and s.number not in self._taken)
        self._taken.add(site.number)
        return site


def _staying(sites: tuple[Site, ...]) -> tuple[Site, ...]:
    """Tenants of vegetable stalls who give up are the last ones."""
    return sites[: len(sites) // 2] if sites[0].craft is Craft.PRODUCE_RETAIL else sites


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What an incident is, where it begins, and what shows it."""

    name: str
    product: Product
    source: Site
    roots: tuple[Root, ...] = ()
    code: str = ""
    flags: tuple[tuple[str, SellerKey], ...] = ()


def begin(world: World, start: Start, cells: tuple[Cell, ...]) -> None:
    """Mark these goods at the source and open the books of the incident."""
    product = start.product
    unit = product.unit or "kg"
    size = 1_000_000 if product.unit else 1_000
    opened = sum((cell.count or cell.grams) * size for cell in cells)
    world.floor.oracle.plant(
        Incident(
            start.name,
            start.code,
            product.manufacturer or "",
            start.source.name,
            product.product,
            product.name,
            unit,
            opened,
            frozenset({start.source.key}),
            roots=start.roots,
            flags=frozenset(start.flags),
        )
    )
    for cell in cells:
        cell.marks |= {start.name}
        cell.reserved = True
        world.floor.oracle.came(start.source, shelf.whole(cell), world.day, cell.marks, ())


def planted(site: Site, name: str, *, waiting: bool = False) -> Cell:
    """The goods of an incident at a site. Raises LookupError when it has none."""
    for cell in site.shelf:
        if name in cell.marks and cell.waiting is waiting:
            return cell
    raise LookupError(f"{site.name} has nothing of {name}")


def sell(
    world: World,
    cell: Cell,
    seller: Site,
    buyer: Site,
    amount: int,
    *,
    hour: float,
    printed: date | None = None,
    twice: bool = False,
) -> Document:
    """So many pieces, or kilograms of loose goods, are sold out of a cell."""
    part = shelf.portion(cell, count=amount, grams=amount * 1_000)
    items = [Item(part, printed=printed)]
    return world.floor.trade(seller, buyer, items, world.near(hour), twice=twice)


def retail(world: World, name: str, shops: tuple[Site, ...]) -> Iterator[Document]:
    """Customers buy some of it at each of these places; kitchens sell it over the counter too."""
    for shop in shops:
        for cell in [c for c in shop.shelf if name in c.marks and not c.waiting]:
            part = shelf.portion(cell, count=world.chance.randint(1, 2), grams=1_500)
            yield world.floor.receipt(shop, [part], world.near(10.0, 8.0))


def noise(world: World, cell: Cell, seller: Site, buyers: tuple[Site, ...]) -> Iterator[Document]:
    """Goods of the same kind that nothing is wrong with go to others."""
    for buyer in buyers:
        share = max(1, (cell.count or cell.grams // 1_000) // (len(buyers) + 1))
        yield sell(world, cell, seller, buyer, share, hour=8.0)
