"""What else a day has once the tills are closed: goods go back, move, are used, counted and given.

Nothing here touches the goods of planted incidents; their own scripts do that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from foodtrace_city import shelf, stockroom
from foodtrace_city.catalogue import HALF, PIG
from foodtrace_city.codes import sscc
from foodtrace_city.model import Cell, Craft, Document, Portion, Site
from foodtrace_city.pork import slaughter
from foodtrace_city.printing import Item
from foodtrace_city.world import World

# One errand of each sort for so many trades of a day, and at least one.
_TRADES_PER_ERRAND = 90
_REASONS = ("quality", "near_expiry", "wrong_goods", "damaged")
_BUYERS = (Craft.SHOP, Craft.CANTEEN, Craft.PRODUCE_RETAIL, Craft.SUPERMARKET, Craft.BAKERY)


def evening(world: World) -> Iterator[Document]:
    """All errands of the day; stock is counted last, when nothing moves any more."""
    number = max(1, world.town.scale.trades // _TRADES_PER_ERRAND)
    for _turn in range(number):
        yield from returned(world)
        yield from moved(world)
        yield from eaten(world)
        yield from sampled(world)
        yield from given(world)
        yield from corrected(world)
    yield from palleted(world)
    yield from commissioned(world)
    yield from released(world)
    for _turn in range(number):
        yield from counted(world)


def returned(world: World) -> Iterator[Document]:
    """A buyer sends a part of what it bought back."""
    for site in _sites(world, _BUYERS):
        bought = [cell for cell in _free(site) if _returnable(cell)]
        if bought:
            cell = world.chance.choice(bought)
            part = _some(world, cell)
            reason = world.chance.choice(_REASONS)
            document, waiting = stockroom.give_back(
                world.floor, site, part, reason, world.near(19.0)
            )
            world.floor.waiting.append((cell.supplier or site, waiting))
            yield document
            return


def released(world: World) -> Iterator[Document]:
    """What came back on an earlier day is looked at, and one return at once: sound goods go on sale
    again."""
    held = world.floor.waiting
    today = [each for each in held if each[1].since == world.day]
    ready = [each for each in held if each not in today] + today[:1]
    for site, cell in ready:
        held.remove((site, cell))
        # What nobody looked at in time was thrown away.
        if not cell.empty:
            yield stockroom.release(world.floor, site, cell, "sound", world.near(21.5, 0.4))


def moved(world: World) -> Iterator[Document]:
    """A store hands goods to another one of its chain."""
    stores = world.town.sites[Craft.SUPERMARKET]
    for origin in _sites(world, (Craft.SUPERMARKET,)):
        others = [s for s in stores if s.party == origin.party and s is not origin]
        ready = _free(origin)
        if others and ready:
            chosen = world.chance.sample(ready, min(2, len(ready)))
            parts = [_some(world, cell) for cell in chosen]
            yield stockroom.transfer(
                world.floor, origin, world.chance.choice(others), parts, world.near(20.0, 0.5)
            )
            return


def eaten(world: World) -> Iterator[Document]:
    """A canteen without tills serves a meal; a stall keeper takes something home."""
    for craft, purpose in ((Craft.CANTEEN, "meal"), (Craft.PRODUCE_RETAIL, "own_use")):
        site = next((s for s in _sites(world, (craft,)) if _free(s)), None)
        if site is not None:
            parts = [_some(world, cell) for cell in _free(site)[:3]]
            yield stockroom.consume(world.floor, site, parts, purpose, world.near(18.0))


def sampled(world: World) -> Iterator[Document]:
    """Inspectors take a sample along; a kitchen keeps one of what it serves (留样)."""
    for craft, purpose in (
        (Craft.SUPERMARKET, "official_sample"),
        (Craft.CANTEEN, "retained_sample"),
    ):
        site = next((s for s in _sites(world, (craft,)) if _free(s)), None)
        if site is not None:
            part = shelf.portion(world.chance.choice(_free(site)), count=1, grams=500)
            yield stockroom.consume(world.floor, site, [part], purpose, world.near(15.0))


def given(world: World) -> Iterator[Document]:
    """What won't sell any more is given to the food bank, which hands it out."""
    bank = world.town.sites[Craft.FOOD_BANK][0]
    giver = next((s for s in _sites(world, (Craft.SUPERMARKET, Craft.BAKERY)) if _free(s)), None)
    if giver is None:
        return
    chosen = world.chance.sample(_free(giver), 1)
    items = [Item(_some(world, cell), free=True, state="near_expiry") for cell in chosen]
    yield world.floor.trade(giver, bank, items, world.near(20.0, 0.5))
    parts = [shelf.whole(cell) for cell in _free(bank)[:6]]
    yield stockroom.consume(world.floor, bank, parts, "relief", world.near(21.0, 0.5))


def corrected(world: World) -> Iterator[Document]:
    """Vegetables dry out, bottles break; now and then there is more than was written down."""
    for number, site in enumerate(_sites(world, (Craft.PRODUCE_RETAIL, Craft.SHOP))):
        ready = _free(site)
        if not ready or number > 4:
            continue
        cell = world.chance.choice(ready)
        reason = "dried_out" if cell.product.unit is None else "broken"
        part = shelf.portion(cell, count=1, grams=max(50, cell.grams // 50))
        if world.chance.random() < 0.3:
            yield stockroom.gain(world.floor, site, part, world.near(21.0, 0.5))
        else:
            yield stockroom.lose(world.floor, site, part, reason, world.near(21.0, 0.5))
        return


def palleted(world: World) -> Iterator[Document]:
    """A warehouse packs a pallet for a supermarket, which takes it apart."""
    store = world.one(Craft.SUPERMARKET)
    for site in _sites(world, (Craft.DISTRIBUTOR,)):
        # One batch of each product: on the pallet goods are told apart by product alone.
        by_product = {c.product.product: c for c in _free(site) if c.count >= 4}
        ready = list(by_product.values())
        if site.books.lots and len(ready) >= 2:
            parts = [shelf.portion(cell, count=cell.count // 4) for cell in ready[:3]]
            yield from pallet(world, site, store, parts, 19.0)
            return


def pallet(
    world: World, site: Site, buyer: Site, parts: list[Portion], hour: float
) -> Iterator[Document]:
    """Goods go onto a pallet under an SSCC, are sold by it, and come off it at the buyer's."""
    unit = sscc(world.floor.desk.serial("sscc"))
    document, packed = stockroom.pack(world.floor, site, parts, unit, world.near(hour, 0.2))
    yield document
    contents = [part.cell for part in parts]
    items = [Item(shelf.whole(cell)) for cell in packed]
    yield world.floor.trade(site, buyer, items, world.near(hour + 0.3, 0.2))
    arrived = [cell for cell in buyer.shelf if cell.label == unit]
    yield stockroom.unpack(world.floor, buyer, arrived, contents, world.near(hour + 1.0, 0.2))


def commissioned(world: World) -> Iterator[Document]:
    """A chain has pigs of its own slaughtered on commission; the meat goes to two of its stores."""
    house, farm = world.one(Craft.SLAUGHTERHOUSE), world.one(Craft.PIG_FARM)
    store = world.one(Craft.SUPERMARKET)
    # The chain's goods at the slaughterhouse: its own, at another's place.
    owner = replace(store, location=house.location, place_name=house.place_name, shelf=[], gone={})
    yield from slaughter(world, house, [(farm, world.chance.randint(3, 6))], owner=owner)
    halves = next(cell for cell in owner.shelf if cell.product is HALF)
    stores = [s for s in world.town.sites[Craft.SUPERMARKET] if s.party == store.party]
    for each in stores[:2]:
        part = shelf.portion(halves, count=max(1, halves.count // 2))
        if not halves.empty:
            yield stockroom.transfer(world.floor, owner, each, [part], world.near(4.0))
    left = [shelf.whole(cell) for cell in owner.shelf]
    yield stockroom.transfer(world.floor, owner, store, left, world.near(4.6, 0.2))


def counted(world: World) -> Iterator[Document]:
    """A keeper counts what is left, and finds nothing of what sold out."""
    crafts = (Craft.SHOP, Craft.PRODUCE_RETAIL, Craft.PRODUCE_WHOLESALE, Craft.DISTRIBUTOR)
    for site in _sites(world, crafts):
        there = {cell.product.product for cell in site.shelf}
        gone = [product for key, product in site.gone.items() if key not in there]
        ready = [cell for cell in site.shelf if not cell.waiting and not cell.reserved]
        if ready or gone:
            yield stockroom.count_stock(world.floor, site, ready[:4], gone, world.near(22.5, 0.5))
            return


def _sites(world: World, crafts: tuple[Craft, ...]) -> Iterator[Site]:
    """Some sites of these crafts, by chance."""
    sites = world.town.sites
    return (world.chance.choice(sites[world.chance.choice(crafts)]) for _turn in range(40))


def _free(site: Site) -> list[Cell]:
    """What may be sold and belongs to no incident; live pigs and halves aren't carried about."""
    return shelf.on_sale(site, lambda cell: not cell.marks and cell.product not in (HALF, PIG))


def _returnable(cell: Cell) -> bool:
    known = cell.supplier is not None and cell.came_by is not None
    return known and cell.supplier is not None and cell.supplier.stranger is None


def _some(world: World, cell: Cell) -> Portion:
    """A third of it or so."""
    count = max(1, cell.count * world.chance.randint(2, 5) // 10)
    return shelf.portion(cell, count=count, grams=max(50, cell.grams // 3 // 50 * 50))
