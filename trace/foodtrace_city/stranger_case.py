"""A supplier whom nobody can name: a van sells mushrooms at the back door, for cash.

All that is known is what the driver called himself and his plate. Two buyers note the code on the
boxes, one keeps no lots and notes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from foodtrace_city.model import Cell, Craft, Document, Product, Site
from foodtrace_city.oracle import Root
from foodtrace_city.plots import Casting, Start, begin, planted, retail, sell
from foodtrace_city.town import Town
from foodtrace_city.world import World

NAME = "stranger"
CLAIMED, PLATE = "老周山货", "闽Z3K907"
_CODE = "SH-0519-7"


@dataclass(frozen=True, slots=True)
class StrangerCase:
    """Who has a part in the case."""

    product: Product
    van: Site
    noting: tuple[Site, ...]
    careless: Site
    buyers: tuple[Site, ...]
    last: tuple[Site, ...]


def cast(town: Town, casting: Casting) -> StrangerCase:
    """Choose the parties of the case and put its product into the catalogue."""
    product = Product("SP-MUSHROOM-01", "野生牛肝菌", "蔬菜", None, None, 0, 5, 8_800)
    town.catalogue.extra.append(product)
    stalls = casting.some(2, Craft.PRODUCE_WHOLESALE, lots=True)
    careless = casting.one(Craft.PRODUCE_WHOLESALE, lots=False)
    eaters = (Craft.CANTEEN, Craft.PRODUCE_RETAIL)
    known = {"claimed_name": CLAIMED, "vehicle_plate": PLATE}
    van = Site(
        -1, Craft.PRODUCE_FARM, f"?{CLAIMED}|{PLATE}", CLAIMED, "", "", careless.place,
        careless.source, stranger=known,
    )  # fmt: skip
    return StrangerCase(
        product, van, stalls, careless, casting.some(3, *eaters), casting.some(3, *eaters)
    )


def play(case: StrangerCase, world: World, day: int) -> Iterator[Document]:
    """What happens on day number `day` of the city."""
    if day == 2:
        yield from _at_the_back_door(case, world)
    if day == 3:
        goods = planted(case.careless, NAME)
        for buyer in case.last:
            yield sell(world, goods, case.careless, buyer, 5, hour=3.0)
        yield from retail(world, NAME, (*case.buyers, *case.last))


def _at_the_back_door(case: StrangerCase, world: World) -> Iterator[Document]:
    boxes, loose = _mushrooms(case, world, _CODE), _mushrooms(case, world, None)
    case.van.shelf.extend((boxes, loose))
    where, product = case.van.key, case.product.product
    roots = (Root(where, product, label=_CODE), Root(where, product, day=world.day))
    start = Start(
        name=NAME,
        product=case.product,
        source=case.van,
        roots=roots,
        code=_CODE,
        flags=(("party.unidentified", where),),
    )
    begin(world, start, (boxes, loose))
    for stall in case.noting:
        yield sell(world, boxes, case.van, stall, 20, hour=1.0)
    yield sell(world, loose, case.van, case.careless, 30, hour=1.0)
    for number, buyer in enumerate(case.buyers):
        stall = case.noting[number % 2]
        yield sell(world, planted(stall, NAME), stall, buyer, 6, hour=4.0)


def _mushrooms(case: StrangerCase, world: World, code: str | None) -> Cell:
    return Cell(
        product=case.product,
        label=code,
        batch=None,
        maker=None,
        made=world.day,
        printed=world.day,
        count=0,
        grams=40_000,
        reserved=True,
        known=code is not None,
    )
