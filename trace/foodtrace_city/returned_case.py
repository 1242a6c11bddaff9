"""A returned lot sold again: yoghurt that a shop's broken fridge spoilt goes out once more.

The distributor sold the whole batch; what comes back must wait. It sells it all the same, under its
old code, before anybody has released it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from foodtrace_city import shelf, stockroom
from foodtrace_city.codes import date_batch, gtin13
from foodtrace_city.model import Cell, Craft, Document, Product, Site
from foodtrace_city.oracle import Root
from foodtrace_city.plots import Casting, Start, begin, planted, retail, sell
from foodtrace_city.town import Town
from foodtrace_city.world import World

NAME = "returned"
_BOXES, _TO_SHOP = 90, 30


@dataclass(frozen=True, slots=True)
class ReturnedCase:
    """Who has a part in the case."""

    product: Product
    maker: Site
    distributor: Site
    shop: Site
    innocent: tuple[Site, ...]
    victims: tuple[Site, ...]


def cast(town: Town, casting: Casting) -> ReturnedCase:
    """Choose the parties of the case and put its product into the catalogue."""
    maker = casting.one(Craft.MAKER)
    product = Product(
        "SP-YOGHURT-01", "晨牧低温酸奶", "乳制品", "200g", "盒", 210, 21, 520,
        gtin13(999_000_004), maker.party, maker,
    )  # fmt: skip
    town.catalogue.extra.append(product)
    return ReturnedCase(
        product,
        maker,
        casting.one(Craft.DISTRIBUTOR, lots=True),
        casting.one(Craft.SHOP, lots=True),
        casting.some(3, Craft.SHOP, Craft.CANTEEN),
        casting.some(4, Craft.SHOP, Craft.CANTEEN),
    )


def play(case: ReturnedCase, world: World, day: int) -> Iterator[Document]:
    """What happens on day number `day` of the city."""
    if day == 1:
        yield from _sold_out(case, world)
    if day == 2:
        yield from _sold_again(case, world)
    if day == 3:
        yield from retail(world, NAME, case.victims)


def _sold_out(case: ReturnedCase, world: World) -> Iterator[Document]:
    made = world.day - timedelta(days=2)
    boxes = Cell(
        product=case.product,
        label=None,
        batch=date_batch(made),
        maker=case.maker.party,
        made=made,
        printed=made,
        count=_BOXES,
        grams=0,
        reserved=True,
    )
    yield world.floor.commission(case.maker, boxes, "production", world.near(1.0))
    yield sell(world, boxes, case.maker, case.distributor, _BOXES, hour=2.0)
    (held,) = _boxes(case, case.distributor)
    yield sell(world, held, case.distributor, case.shop, _TO_SHOP, hour=5.0)
    for buyer in case.innocent:
        share = (_BOXES - _TO_SHOP) // len(case.innocent)
        yield sell(world, held, case.distributor, buyer, share, hour=6.0)


def _sold_again(case: ReturnedCase, world: World) -> Iterator[Document]:
    (spoilt,) = _boxes(case, case.shop)
    root = Root(case.shop.key, case.product.product, batch=spoilt.batch)
    start = Start(
        name=NAME,
        product=case.product,
        source=case.shop,
        roots=(root,),
        code=spoilt.batch or "",
        flags=(("lot.sold-unreleased", case.distributor.key),),
    )
    begin(world, start, (spoilt,))
    yield world.floor.receipt(case.shop, [shelf.portion(spoilt, count=3)], world.near(9.0))
    part = shelf.portion(spoilt, count=24)
    document, _waiting = stockroom.give_back(
        world.floor, case.shop, part, "cold_chain_broken", world.near(11.0)
    )
    yield document
    back = planted(case.distributor, NAME, waiting=True)
    for buyer in case.victims:
        yield sell(world, back, case.distributor, buyer, 6, hour=14.0)


def _boxes(case: ReturnedCase, site: Site) -> list[Cell]:
    return [cell for cell in site.shelf if cell.product is case.product]
