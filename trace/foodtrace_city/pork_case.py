"""The pork case: a condemned kill, and meat of it mixed into sausages with clean pork.

Pigs of two farms are slaughtered together; their halves go to five wholesale stalls. The cuts of
one stall are mixed by a sausage plant with clean pork from another house and a third farm. Shops
sell the sausages; one receipt leads back to all three farms. From then on the goods are on open
sale, and the oracle follows wherever the ordinary trade of the day takes them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from foodtrace_city import shelf
from foodtrace_city.catalogue import HALF
from foodtrace_city.model import Cell, Craft, Document, Site
from foodtrace_city.oracle import Incident
from foodtrace_city.pork import cut, deliver_halves, is_cut, is_half, mix, slaughter
from foodtrace_city.printing import Item
from foodtrace_city.town import Town
from foodtrace_city.world import World

NAME = "pork"
# Followed for the origin of receipts, but nobody is affected by it.
FOLLOWED = frozenset({"pork-origin"})
_STALLS = 5
_HEADS = (26, 18)
_SHOPS = 7


@dataclass(frozen=True, slots=True)
class PorkCase:
    """Who has a part in the case."""

    farms: tuple[Site, Site]
    clean_farm: Site
    house: Site
    clean_house: Site
    stalls: tuple[Site, ...]
    clean_stall: Site
    plant: Site
    distributor: Site
    shops: tuple[Site, ...]


def cast(town: Town, chance: Random) -> PorkCase:
    """Choose the parties of the case."""
    first, second, third = chance.sample(town.sites[Craft.PIG_FARM], 3)
    house, clean_house = chance.sample(town.sites[Craft.SLAUGHTERHOUSE], 2)
    stalls = chance.sample(town.sites[Craft.PORK_WHOLESALE], _STALLS + 1)
    shops = chance.sample((*town.sites[Craft.SHOP], *town.sites[Craft.SUPERMARKET]), _SHOPS)
    return PorkCase(
        (first, second),
        third,
        house,
        clean_house,
        tuple(stalls[:_STALLS]),
        stalls[_STALLS],
        chance.choice(town.sites[Craft.SAUSAGE_PLANT]),
        chance.choice(town.sites[Craft.DISTRIBUTOR]),
        tuple(shops),
    )


def night(case: PorkCase, world: World) -> Iterator[Document]:
    """Slaughter of the condemned kill and of the clean one; halves go to the stalls."""
    herds = list(zip(case.farms, _HEADS, strict=True))
    yield from slaughter(world, case.house, herds, FOLLOWED, frozenset({NAME}))
    halves = _own(case.house, NAME, is_half)
    world.floor.oracle.plant(_incident(case, halves))
    # The slaughter came before the books were opened; its halves are what they begin with.
    world.floor.oracle.came(case.house, shelf.whole(halves), world.day, halves.marks & {NAME}, ())
    for stall in case.stalls:
        part = shelf.portion(halves, count=world.chance.randint(8, 15))
        yield deliver_halves(world, case.house, stall, part)
    yield from slaughter(world, case.clean_house, [(case.clean_farm, 15)], FOLLOWED)
    clean = _own(case.clean_house, next(iter(FOLLOWED)), is_half)
    part = shelf.portion(clean, count=6)
    yield deliver_halves(world, case.clean_house, case.clean_stall, part)


def morning(case: PorkCase, world: World) -> Iterator[Document]:
    """One stall cuts, the plant buys and mixes with clean pork, shops get the sausages."""
    stall = case.stalls[0]
    yield cut(world, stall, shelf.portion(_own(stall, NAME, is_half), count=3), 3.4)
    condemned = _own(stall, NAME, is_cut)
    yield _sell(world, stall, case.plant, condemned, grams=condemned.grams * 3 // 4 // 50 * 50)
    clean_stall = case.clean_stall
    followed = next(iter(FOLLOWED))
    yield cut(world, clean_stall, shelf.portion(_own(clean_stall, followed, is_half), count=2), 3.4)
    for cell in [c for c in shelf.on_sale(clean_stall, is_cut) if c.marks == FOLLOWED]:
        yield _sell(world, clean_stall, case.plant, cell, grams=cell.grams)
    meat = [cell for cell in shelf.on_sale(case.plant, is_cut) if cell.marks & FOLLOWED]
    yield mix(world, case.plant, [shelf.whole(cell) for cell in meat], 5.0)
    sausages = _own(case.plant, NAME, _is_sausage)
    for shop in case.shops:
        yield _sell(world, case.plant, shop, sausages, count=max(4, sausages.count // 14))
    yield _sell(world, case.plant, case.distributor, sausages, count=sausages.count // 2)


def day(case: PorkCase, world: World) -> Iterator[Document]:
    """Customers buy the sausages."""
    for shop in case.shops:
        for number in range(world.chance.randint(1, 4)):
            cell = next((c for c in shop.shelf if NAME in c.marks and _is_sausage(c)), None)
            if cell is not None:
                part = shelf.portion(cell, count=world.chance.randint(1, 2))
                yield world.floor.receipt(shop, [part], world.near(9.0 + number * 2))


def _incident(case: PorkCase, halves: Cell) -> Incident:
    return Incident(
        NAME,
        halves.batch or "",
        case.house.party,
        case.house.name,
        HALF.product,
        HALF.name,
        "片",
        halves.count * 1_000_000,
        frozenset(farm.key for farm in case.farms),
    )


def _sell(
    world: World, seller: Site, buyer: Site, cell: Cell, *, count: int = 0, grams: int = 0
) -> Document:
    label = world.label(seller) if cell.label is not None else None
    item = Item(shelf.portion(cell, count=count, grams=grams), label=label)
    return world.floor.trade(seller, buyer, [item], world.near(5.0 if grams else 7.0))


def _own(site: Site, mark: str, wanted: shelf.Wanted) -> Cell:
    return next(cell for cell in shelf.on_sale(site, wanted) if mark in cell.marks)


def _is_sausage(cell: Cell) -> bool:
    return cell.product.category == "肉制品"
