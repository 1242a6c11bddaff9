"""Tampered dates, once more: a distributor without lots prints younger dates on chilled milk.

Half of a batch goes through honest hands with its code, a part of it on a pallet. The other half
lies with the distributor, beside another batch of the same milk, and is sold on without codes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from foodtrace_city import shelf
from foodtrace_city.codes import date_batch, gtin13
from foodtrace_city.errands import pallet
from foodtrace_city.model import Cell, Craft, Document, Product, Site
from foodtrace_city.oracle import Tampering
from foodtrace_city.plots import Casting, Start, begin, noise, planted, retail, sell
from foodtrace_city.town import Town
from foodtrace_city.world import World

NAME = "dates"
_AGE, _OLDER, _YOUNGER = timedelta(days=9), timedelta(days=2), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class DatesCase:
    """Who has a part in the case."""

    product: Product
    maker: Site
    tamperer: Site
    honest: Site
    merged: Site
    orderly: tuple[Site, ...]
    buyers: tuple[Site, ...]
    later: tuple[Site, ...]
    last: tuple[Site, ...]
    innocent: tuple[Site, ...]


def cast(town: Town, casting: Casting) -> DatesCase:
    """Choose the parties of the case and put its product into the catalogue."""
    maker = casting.one(Craft.MAKER)
    product = Product(
        "SP-MILK-01", "晨牧冷藏鲜牛乳", "乳制品", "950ml", "盒", 980, 21, 1_680,
        gtin13(999_000_003), maker.party, maker,
    )  # fmt: skip
    town.catalogue.extra.append(product)
    merged = casting.merged()
    return DatesCase(
        product,
        maker,
        casting.one(Craft.DISTRIBUTOR, lots=False),
        casting.one(Craft.DISTRIBUTOR, lots=True),
        merged,
        (casting.one(Craft.SUPERMARKET, lots=True), *casting.some(2, Craft.SHOP)),
        casting.some(3, Craft.SHOP, Craft.CANTEEN),
        casting.some(2, Craft.SHOP, Craft.BAKERY),
        casting.some(3, Craft.SHOP, Craft.CANTEEN),
        casting.some(4, Craft.SHOP, Craft.CANTEEN),
    )


def play(case: DatesCase, world: World, day: int) -> Iterator[Document]:
    """What happens on day number `day` of the city."""
    if day == 0:
        yield from _delivered(case, world)
    if day == 1:
        for buyer in case.later:
            yield _tampered(case, world, buyer, 14)
        yield from retail(world, NAME, (*case.orderly, *case.buyers))
    if day == 2:
        goods = planted(case.merged, NAME)
        for buyer in case.last:
            yield sell(world, goods, case.merged, buyer, 10, hour=9.0)
        yield from retail(world, NAME, (*case.later, *case.last))


def _delivered(case: DatesCase, world: World) -> Iterator[Document]:
    made = world.day - _AGE
    batch, other = _batch(case, made), _batch(case, made - _OLDER)
    for cell in (batch, other):
        yield world.floor.commission(case.maker, cell, "production", world.near(0.5))
    flags = (("date.younger", case.tamperer.key),)
    start = Start(
        name=NAME, product=case.product, source=case.maker, code=date_batch(made), flags=flags
    )
    begin(world, start, (batch,))
    for buyer, amount in ((case.tamperer, 150), (case.honest, 120)):
        twice = buyer is case.tamperer
        yield sell(world, batch, case.maker, buyer, amount, hour=1.0, twice=twice)
    yield sell(world, other, case.maker, case.tamperer, 80, hour=1.0)
    yield from _honestly(case, world)
    for buyer in (*case.buyers, case.merged):
        yield _tampered(case, world, buyer, 40 if buyer is case.merged else 12)
    innocent = next(
        c for c in case.tamperer.shelf if c.product is case.product and NAME not in c.marks
    )
    yield from noise(world, innocent, case.tamperer, case.innocent)


def _honestly(case: DatesCase, world: World) -> Iterator[Document]:
    goods = planted(case.honest, NAME)
    store, *shops = case.orderly
    yield from pallet(world, case.honest, store, [shelf.portion(goods, count=24)], 6.0)
    for shop in shops:
        yield sell(world, goods, case.honest, shop, 20, hour=7.0)


def _tampered(case: DatesCase, world: World, buyer: Site, amount: int) -> Document:
    goods = planted(case.tamperer, NAME)
    younger = goods.made + _YOUNGER
    document = sell(world, goods, case.tamperer, buyer, amount, hour=8.0, printed=younger)
    known = world.floor.oracle.incident(NAME).tampering
    tamperer = case.tamperer
    before = known.documents if known else ()
    world.floor.oracle.tampered(
        NAME,
        Tampering(tamperer.key, tamperer.name, goods.made, younger, (*before, document.key)),
    )
    return document


def _batch(case: DatesCase, made: date) -> Cell:
    return Cell(
        product=case.product,
        label=None,
        batch=date_batch(made),
        maker=case.maker.party,
        made=made,
        printed=made,
        count=320,
        grams=0,
    )
