"""How goods come into the city: harvests with their vouchers, factory batches, imports.

Supply follows demand: a wholesaler that is about to run out has goods brought in, so no stock
builds up that nobody wants.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from foodtrace_city import shelf
from foodtrace_city.chance import popular
from foodtrace_city.codes import date_batch, node_batch
from foodtrace_city.desk import kilograms
from foodtrace_city.model import Body, Cell, Craft, Document, Product, Site
from foodtrace_city.printing import Item
from foodtrace_city.world import World, paper

_FRESH_KINDS = (4, 6)  # a produce stall keeps about so many
_PACKAGED_KINDS = (5, 8)


def restock_produce(world: World, stall: Site) -> Iterator[Document]:
    """Bring vegetables and fruit from a farm to a wholesale stall until it has a choice."""
    while len(shelf.on_sale(stall)) < world.chance.randint(*_FRESH_KINDS):
        farm = world.one(Craft.PRODUCE_FARM)
        wanted = (popular(world.chance, world.town.catalogue.produce) for _ in range(3))
        goods = [_harvest(world, farm, product) for product in dict.fromkeys(wanted)]
        for cell in goods:
            yield world.floor.commission(farm, cell, "harvest", world.near(0.1, 0.3))
        items = [_entry(world, farm, cell) for cell in goods]
        number = world.voucher_number(stall)
        yield world.floor.voucher(farm, stall, items, world.near(0.6, 1.0), number)


def _harvest(world: World, farm: Site, product: Product) -> Cell:
    serial = world.floor.desk.serial(f"harvest/{farm.party}")
    return Cell(
        product=product,
        label=node_batch(farm.number, serial),
        batch=None,
        maker=None,
        made=world.day,
        printed=world.day,
        count=0,
        grams=world.chance.randint(150, 900) * 1_000,
        origin=farm.place_name,
    )


def _entry(world: World, farm: Site, cell: Cell) -> Item:
    number = f"CN{world.day:%y%m%d}{world.floor.desk.serial('produce-paper'):07d}"
    proof = paper(
        "承诺达标合格证",
        number,
        farm.name,
        world.day,
        7,
        covered_quantity=kilograms(cell.grams),
    )
    return Item(shelf.whole(cell), papers=(proof,))


def restock_packaged(world: World, distributor: Site) -> Iterator[Document]:
    """Bring batches of packaged food from makers, importers and sausage plants to a distributor."""
    for _attempt in range(world.chance.randint(*_PACKAGED_KINDS)):
        if len(shelf.on_sale(distributor)) >= _PACKAGED_KINDS[1]:
            return
        plant = world.one(Craft.SAUSAGE_PLANT)
        ready = shelf.on_sale(
            plant, lambda cell: cell.product.unit is not None and cell.count >= 60
        )
        if ready and world.chance.random() < 0.15:
            part = shelf.portion(ready[0], count=world.chance.randint(20, 60))
            yield world.floor.trade(plant, distributor, [Item(part)], world.near(5.2, 1.5))
            continue
        product = world.town.catalogue.popular_packaged(world.chance)
        yield from supply(world, product, distributor, world.chance.randint(60, 300))


def supply(world: World, product: Product, buyer: Site, count: int) -> Iterator[Document]:
    """Sell `count` of a packaged product to a distributor, making a batch first where needed."""
    opener = product.opener
    if opener is None:
        raise ValueError(f"{product.name} isn't made by anybody")
    cell = next((c for c in shelf.on_sale(opener) if c.product.product == product.product), None)
    if cell is None or cell.count < count:
        batch = new_batch(world, product, count * world.chance.randint(2, 5))
        yield register(world, opener, batch)
        cell = next(c for c in opener.shelf if _is_batch(c, batch))
    part = shelf.portion(cell, count=count)
    yield world.floor.trade(opener, buyer, [Item(part)], world.near(5.2, 1.5))


def new_batch(world: World, product: Product, count: int) -> Cell:
    """A batch as the maker prints it: the code is just the day, as so often."""
    age = world.chance.randint(1, 40) if is_import(product) else 1
    made = world.day - timedelta(days=age)
    return Cell(
        product=product,
        label=None,
        batch=date_batch(made),
        maker=product.manufacturer,
        made=made,
        printed=made,
        count=count,
        grams=0,
    )


def register(world: World, opener: Site, batch: Cell) -> Document:
    """Commission a batch at its factory, or at its importer's with the import paper."""
    if not is_import(batch.product):
        return world.floor.commission(opener, batch, "production", world.near(4.0, 1.0))
    papers = import_papers(world, opener)
    return world.floor.commission(opener, batch, "import", world.near(4.0, 1.0), papers=papers)


def is_import(product: Product) -> bool:
    """Whether the importer, not the maker, registers it first."""
    return product.opener is not None and product.opener.craft is Craft.IMPORTER


def import_papers(world: World, importer: Site) -> tuple[Body, ...]:
    """入境货物检验检疫证明 of a consignment."""
    number = f"3598{world.day:%y%m}{world.floor.desk.serial('import-paper'):08d}"
    return (paper("入境货物检验检疫证明", number, "口岸海关", world.day, 365, scope="national"),)


def _is_batch(cell: Cell, batch: Cell) -> bool:
    return cell.product.product == batch.product.product and cell.batch == batch.batch
