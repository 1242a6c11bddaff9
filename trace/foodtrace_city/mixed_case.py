"""Mixed pork: a stall without lots cuts certified halves together with some that have no papers.

The halves without papers came with the code of who slaughtered them at home. After the cutting
nobody can tell the cuts apart; a sausage plant makes its own batch of some.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from foodtrace_city import shelf
from foodtrace_city.catalogue import CUTS, HALF
from foodtrace_city.model import Cell, Craft, Document, Portion, Site
from foodtrace_city.oracle import Root
from foodtrace_city.plots import Casting, Start, begin, retail, sell
from foodtrace_city.pork import cut_together, is_half, mix, restock_pork
from foodtrace_city.printing import Item
from foodtrace_city.town import Town
from foodtrace_city.world import World

NAME = "mixed"
_HALVES, _GRAMS = 4, 160_000


@dataclass(frozen=True, slots=True)
class MixedCase:
    """Who has a part in the case."""

    butcher: Site
    stall: Site
    plant: Site
    buyers: tuple[Site, ...]
    later: tuple[Site, ...]
    shops: tuple[Site, ...]


def cast(_town: Town, casting: Casting) -> MixedCase:
    """Choose the parties of the case."""
    eaters = (Craft.CANTEEN, Craft.PORK_RETAIL, Craft.SHOP)
    return MixedCase(
        casting.one(Craft.PIG_FARM),
        casting.one(Craft.PORK_WHOLESALE, lots=False),
        casting.one(Craft.SAUSAGE_PLANT),
        casting.some(4, *eaters),
        casting.some(2, *eaters),
        casting.some(3, Craft.SHOP),
    )


def play(case: MixedCase, world: World, day: int) -> Iterator[Document]:
    """What happens on day number `day` of the city."""
    if day == 1:
        yield from _mixed(case, world)
    if day == 2:
        for buyer in case.later:
            yield _sell_cuts(case, world, buyer, 9)
        sausages = next(c for c in case.plant.shelf if NAME in c.marks and c.product.unit)
        for shop in case.shops:
            yield sell(world, sausages, case.plant, shop, 12, hour=9.0)
        yield from retail(world, NAME, (*case.buyers, *case.later, *case.shops))


def _mixed(case: MixedCase, world: World) -> Iterator[Document]:
    halves = Cell(
        product=HALF,
        label=world.label(case.butcher),
        batch=None,
        maker=None,
        made=world.day,
        printed=world.day,
        count=_HALVES,
        grams=_GRAMS,
        reserved=True,
    )
    yield world.floor.commission(case.butcher, halves, "home_slaughter", world.near(0.2))
    root = Root(case.butcher.key, HALF.product, label=halves.label)
    start = Start(
        name=NAME,
        product=HALF,
        source=case.butcher,
        roots=(root,),
        code=halves.label or "",
        flags=(("paper.missing", case.stall.key),),
    )
    begin(world, start, (halves,))
    yield world.floor.trade(case.butcher, case.stall, [Item(shelf.whole(halves))], world.near(1.0))
    yield from restock_pork(world, case.stall)
    bad = next(cell for cell in case.stall.shelf if NAME in cell.marks)
    good = shelf.portion(shelf.on_sale(case.stall, is_half)[0], count=2)
    yield cut_together(world, case.stall, [shelf.whole(bad), good], 3.4)
    for cell in _cuts(case.stall):
        cell.reserved = True
    for buyer in case.buyers:
        yield _sell_cuts(case, world, buyer, 9)
    yield _sell_cuts(case, world, case.plant, 30)
    meat = [shelf.whole(cell) for cell in _cuts(case.plant)]
    yield mix(world, case.plant, meat, 6.0)
    for cell in case.plant.shelf:
        cell.reserved = cell.reserved or NAME in cell.marks


def _sell_cuts(case: MixedCase, world: World, buyer: Site, kilos: int) -> Document:
    cells = _cuts(case.stall)[:2]
    parts: list[Portion] = [shelf.portion(cell, grams=kilos * 500) for cell in cells]
    return world.floor.trade(case.stall, buyer, [Item(part) for part in parts], world.near(4.5))


def _cuts(site: Site) -> list[Cell]:
    return [cell for cell in site.shelf if NAME in cell.marks and cell.product in CUTS]
