"""The night and the morning: wholesalers sell to stalls, shops, supermarkets, bakeries, canteens."""

from __future__ import annotations

from collections.abc import Iterator

from foodtrace_city import shelf
from foodtrace_city.model import Cell, Craft, Document, Portion, Site
from foodtrace_city.pork import cut, is_half, is_small, make_sausages, restock_pork
from foodtrace_city.supply import restock_packaged, restock_produce
from foodtrace_city.world import World

_PRODUCE_BUYERS = {
    Craft.PRODUCE_RETAIL: 50,
    Craft.CANTEEN: 25,
    Craft.SUPERMARKET: 15,
    Craft.SHOP: 10,
}
_PORK_BUYERS = {Craft.PORK_RETAIL: 55, Craft.CANTEEN: 25, Craft.SUPERMARKET: 15, Craft.SHOP: 5}
_PACKAGED_BUYERS = {
    Craft.SHOP: 50,
    Craft.SUPERMARKET: 20,
    Craft.CANTEEN: 15,
    Craft.BAKERY: 15,
}


def night(world: World, trades: int) -> Iterator[Document]:
    """The wholesale trades of a day, spread over the hours in which each market is open."""
    for plant in world.town.sites[Craft.SAUSAGE_PLANT]:
        yield from make_sausages(world, plant)
    produce, pork = trades * 45 // 100, trades * 20 // 100
    for number in range(produce):
        yield from sell_produce(world, 1.0 + 4.0 * number / produce)
    for number in range(pork):
        yield from sell_pork(world, 3.0 + 2.5 * number / pork)
    packaged = trades - produce - pork
    for number in range(packaged):
        yield from sell_packaged(world, 7.0 + 4.0 * number / packaged)


def sell_produce(world: World, hour: float) -> Iterator[Document]:
    """A wholesale stall sells a few kinds of vegetables and fruit."""
    stall = world.one(Craft.PRODUCE_WHOLESALE)
    yield from restock_produce(world, stall)
    buyer = _buyer(world, _PRODUCE_BUYERS)
    chosen = _some(world, stall, most=4)
    parts = [shelf.portion(cell, grams=world.chance.randint(8, 60) * 1_000) for cell in chosen]
    yield _trade(world, stall, buyer, parts, hour)


def sell_pork(world: World, hour: float) -> Iterator[Document]:
    """A pork stall sells halves to those who cut, cuts to those who cook."""
    stall = world.one(Craft.PORK_WHOLESALE)
    yield from restock_pork(world, stall)
    buyer = _buyer(world, _PORK_BUYERS)
    if buyer.craft in (Craft.CANTEEN, Craft.SHOP):
        yield from _sell_cuts(world, stall, buyer, hour)
        return
    halves = shelf.on_sale(stall, is_half)
    if halves:
        part = shelf.portion(world.chance.choice(halves), count=world.chance.randint(1, 2))
        yield _trade(world, stall, buyer, [part], hour)


def _sell_cuts(world: World, stall: Site, buyer: Site, hour: float) -> Iterator[Document]:
    cuts = shelf.on_sale(stall, is_small)
    halves = shelf.on_sale(stall, is_half)
    if not cuts and halves:
        yield cut(world, stall, shelf.portion(halves[-1], count=1), hour - 0.6)
        cuts = shelf.on_sale(stall, is_small)
    if cuts:
        chosen = world.chance.sample(cuts, min(len(cuts), 2))
        parts = [shelf.portion(cell, grams=world.chance.randint(8, 40) * 500) for cell in chosen]
        yield _trade(world, stall, buyer, parts, hour)


def sell_packaged(world: World, hour: float) -> Iterator[Document]:
    """A distributor sells packaged food by the piece."""
    distributor = world.one(Craft.DISTRIBUTOR)
    if len(shelf.on_sale(distributor)) < 3:
        yield from restock_packaged(world, distributor)
    buyer = _buyer(world, _PACKAGED_BUYERS)
    chosen = _some(world, distributor, most=5)
    if chosen:
        parts = [shelf.portion(cell, count=world.chance.randint(4, 30)) for cell in chosen]
        yield _trade(world, distributor, buyer, parts, hour)


def _buyer(world: World, weights: dict[Craft, int]) -> Site:
    """Whoever comes by and has room left; the popular ones are full early."""
    for _attempt in range(8):
        site = world.one(world.chance.choices(list(weights), list(weights.values()))[0])
        if len(site.shelf) < shelf.SHELF_LIMIT:
            return site
    return world.chance.choice(world.town.sites[next(iter(weights))])


def _some(world: World, seller: Site, most: int) -> list[Cell]:
    ready = shelf.on_sale(seller)
    return world.chance.sample(ready, min(len(ready), world.chance.randint(1, most)))


def _trade(world: World, seller: Site, buyer: Site, parts: list[Portion], hour: float) -> Document:
    items = world.items(seller, parts)
    return world.floor.trade(seller, buyer, items, world.near(hour, 0.1))
