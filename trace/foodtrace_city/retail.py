"""The day: kitchens cook, ovens bake, tills ring from seven in the morning to nine at night."""

from __future__ import annotations

from collections.abc import Iterator

from foodtrace_city import shelf
from foodtrace_city.catalogue import CAKES, HALF, PIG
from foodtrace_city.model import Cell, Craft, Document, Portion, Product, Site
from foodtrace_city.pork import cut, is_half
from foodtrace_city.world import World

MEAL = Product("SP-MEAL", "午餐套餐", "餐饮食品", "现制", "盒", 0, 1, 1_500)
_SHOPS = {
    Craft.PRODUCE_RETAIL: 30,
    Craft.SUPERMARKET: 22,
    Craft.PORK_RETAIL: 20,
    Craft.SHOP: 20,
    Craft.BAKERY: 8,
}
# The share of sales that a till or scale of the craft records without any code.
_UNCODED = {
    Craft.PRODUCE_RETAIL: 0.4,
    Craft.PORK_RETAIL: 0.15,
    Craft.SHOP: 0.3,
    Craft.SUPERMARKET: 0.05,
    Craft.BAKERY: 0.2,
}
_MEALS_PER_KILOGRAM = 4


def kitchens(world: World) -> Iterator[Document]:
    """Canteens cook what they bought and hand it out; bakeries bake."""
    for canteen in world.town.sites[Craft.CANTEEN]:
        ready = shelf.on_sale(canteen)
        if ready and world.chance.random() < 0.6:
            yield from cook(world, canteen, [shelf.whole(cell) for cell in ready[:4]])
    for bakery in world.town.sites[Craft.BAKERY]:
        ready = shelf.on_sale(bakery, lambda cell: cell.product not in CAKES and cell.count >= 2)
        if ready and world.chance.random() < 0.6:
            used = [shelf.portion(cell, count=cell.count // 2) for cell in ready[:3]]
            yield bake(world, bakery, used)


def cook(world: World, canteen: Site, used: list[Portion]) -> Iterator[Document]:
    """Cook a lunch of these goods and hand all of it out."""
    grams = sum(part.grams + part.count * part.cell.product.unit_grams for part in used)
    meals = max(1, grams * _MEALS_PER_KILOGRAM // 1_000)
    lunch = _own(world, canteen, MEAL, meals)
    yield world.floor.transform(canteen, "catering", used, [lunch], world.near(9.5, 1.0))
    yield world.floor.receipt(canteen, [shelf.whole(lunch)], world.near(11.5, 1.0))


def bake(world: World, bakery: Site, used: list[Portion]) -> Document:
    """Bake one kind of cake of these goods."""
    cakes = _own(world, bakery, world.chance.choice(CAKES), 2 + 2 * sum(p.count for p in used))
    return world.floor.transform(bakery, "baking", used, [cakes], world.near(5.0, 1.5))


def tills(world: World, receipts: int) -> Iterator[Document]:
    """The receipts of a day. A shop with nothing on its shelf sells nothing."""
    crafts, weights = list(_SHOPS), list(_SHOPS.values())
    for number in range(receipts):
        hour = 7.0 + 14.0 * number / receipts
        for _attempt in range(4):
            shop = world.one(world.chance.choices(crafts, weights)[0])
            ready = shelf.on_sale(shop)
            if ready:
                yield from ring_up(world, shop, ready, hour)
                break


def ring_up(world: World, shop: Site, ready: list[Cell], hour: float) -> Iterator[Document]:
    """One customer buys one to three things; halves are cut first."""
    halves = [cell for cell in ready if is_half(cell)]
    if halves:
        yield cut(world, shop, shelf.portion(halves[0], count=1), hour - 0.7)
    offered = shelf.on_sale(shop, lambda cell: cell.product not in (HALF, PIG))
    chosen = world.chance.sample(offered, min(len(offered), world.chance.randint(1, 3)))
    if not chosen:
        return
    parts = [_basket(world, cell) for cell in chosen]
    marked = any(cell.marks for cell in chosen)
    coded = marked or world.chance.random() >= _UNCODED[shop.craft]
    yield world.floor.receipt(shop, parts, world.near(hour, 0.1), coded=coded)


def _basket(world: World, cell: Cell) -> Portion:
    if cell.product.unit is None:
        return shelf.portion(cell, grams=world.chance.randint(4, 40) * 50)
    return shelf.portion(cell, count=world.chance.randint(1, 3))


def _own(world: World, site: Site, product: Product, count: int) -> Cell:
    return Cell(
        product=product,
        label=world.label(site),
        batch=None,
        maker=site.party,
        made=world.day,
        printed=world.day,
        count=count,
        grams=0,
    )
