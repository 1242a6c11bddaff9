"""A laundered voucher: a wholesaler sells more beans under a farm's voucher than ever came by it.

What nobody wrote down lies in the same bin and goes out under the farm's code and paper.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from foodtrace_city import shelf
from foodtrace_city.codes import node_batch
from foodtrace_city.desk import kilograms
from foodtrace_city.model import Cell, Craft, Document, Product, Site
from foodtrace_city.oracle import Root
from foodtrace_city.plots import Casting, Start, begin, noise, planted, retail, sell
from foodtrace_city.printing import Item
from foodtrace_city.town import Town
from foodtrace_city.world import World, paper

NAME = "voucher"
_COVERED, _SMUGGLED = 300, 220  # kg


@dataclass(frozen=True, slots=True)
class VoucherCase:
    """Who has a part in the case."""

    product: Product
    farm: Site
    other_farm: Site
    launderer: Site
    reseller: Site
    buyers: tuple[Site, ...]
    last: tuple[Site, ...]
    innocent: tuple[Site, ...]


def cast(town: Town, casting: Casting) -> VoucherCase:
    """Choose the parties of the case and put its product into the catalogue."""
    product = Product("SP-BEAN-01", "高山四季豆", "蔬菜", None, None, 0, 5, 1_180)
    town.catalogue.extra.append(product)
    farm, other = casting.some(2, Craft.PRODUCE_FARM)
    eaters = (Craft.CANTEEN, Craft.PRODUCE_RETAIL)
    return VoucherCase(
        product,
        farm,
        other,
        casting.one(Craft.PRODUCE_WHOLESALE, lots=True),
        casting.one(Craft.PRODUCE_WHOLESALE, lots=False),
        casting.some(6, *eaters),
        casting.some(3, *eaters),
        casting.some(3, *eaters),
    )


def play(case: VoucherCase, world: World, day: int) -> Iterator[Document]:
    """What happens on day number `day` of the city."""
    if day == 0:
        yield from _laundered(case, world)
    if day == 1:
        goods = planted(case.reseller, NAME)
        for buyer in case.last:
            yield sell(world, goods, case.reseller, buyer, 20, hour=3.0)
        yield from retail(world, NAME, (*case.buyers, *case.last))


def _laundered(case: VoucherCase, world: World) -> Iterator[Document]:
    beans = _harvest(case, world, case.farm, _COVERED)
    yield world.floor.commission(case.farm, beans, "harvest", world.near(0.1, 0.3))
    number = world.voucher_number(case.launderer)
    delivery = Item(shelf.whole(beans), papers=(_promise(world, case.farm, _COVERED),))
    yield world.floor.voucher(case.farm, case.launderer, [delivery], world.near(0.6), number)
    goods = next(c for c in case.launderer.shelf if c.label == beans.label)
    where = case.launderer.key
    root = Root(where, case.product.product, label=beans.label)
    flags = (("lot.oversold", where), ("paper.overdrawn", where))
    start = Start(
        name=NAME,
        product=case.product,
        source=case.launderer,
        roots=(root,),
        code=beans.label or "",
        flags=flags,
    )
    begin(world, start, (goods,))
    world.floor.smuggle(case.launderer, goods, _SMUGGLED * 1_000, world.near(1.0))
    for buyer in (*case.buyers, case.reseller):
        amount = 130 if buyer is case.reseller else 60
        part = shelf.portion(goods, grams=amount * 1_000)
        yield world.floor.trade(
            case.launderer, buyer, [Item(part)], world.near(2.0), vouchers=(number,)
        )
    yield from _beside(case, world)


def _beside(case: VoucherCase, world: World) -> Iterator[Document]:
    """The reseller has the same beans from an honest farm too."""
    beans = _harvest(case, world, case.other_farm, 120)
    yield world.floor.commission(case.other_farm, beans, "harvest", world.near(0.1, 0.3))
    delivery = Item(shelf.whole(beans), papers=(_promise(world, case.other_farm, 120),))
    number = world.voucher_number(case.reseller)
    yield world.floor.voucher(case.other_farm, case.reseller, [delivery], world.near(0.6), number)
    goods = next(c for c in case.reseller.shelf if c.label == beans.label)
    yield from noise(world, goods, case.reseller, case.innocent)


def _harvest(case: VoucherCase, world: World, farm: Site, kilos: int) -> Cell:
    serial = world.floor.desk.serial(f"harvest/{farm.party}")
    return Cell(
        product=case.product,
        label=node_batch(farm.number, serial),
        batch=None,
        maker=None,
        made=world.day,
        printed=world.day,
        count=0,
        grams=kilos * 1_000,
        origin=farm.place_name,
        reserved=True,
    )


def _promise(world: World, farm: Site, kilos: int) -> dict[str, object]:
    number = f"CN{world.day:%y%m%d}{world.floor.desk.serial('produce-paper'):07d}"
    covered = kilograms(kilos * 1_000)
    return paper("承诺达标合格证", number, farm.name, world.day, 7, covered_quantity=covered)
