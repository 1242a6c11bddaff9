"""The cheese case, after Xiamen 2018: one imported batch in the hands of 45 downstream sellers.

4,890 bags came in. Six distributors take them from the importer, four smaller ones from those, 35
supermarkets, shops, bakeries and canteens from both, some from two. One distributor prints a
younger date. Around it: the same product in other batches, and another maker's cheese whose batch
has the very same code.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from foodtrace_city import shelf
from foodtrace_city.chance import shares
from foodtrace_city.codes import date_batch, gtin13
from foodtrace_city.mistakes import Mistakes
from foodtrace_city.model import Body, Cell, Craft, Document, Product, Site
from foodtrace_city.oracle import Incident, Tampering
from foodtrace_city.printing import Item
from foodtrace_city.retail import bake, cook
from foodtrace_city.supply import import_papers
from foodtrace_city.town import Town
from foodtrace_city.world import World

NAME = "cheese"
BAGS = 4_890
FIRST, SECOND = 6, 4
KITCHENS: tuple[tuple[Craft, int], ...] = (
    (Craft.SUPERMARKET, 8),
    (Craft.SHOP, 13),
    (Craft.BAKERY, 9),
    (Craft.CANTEEN, 5),
)
SELLERS = FIRST + SECOND + sum(count for _craft, count in KITCHENS)
FOREIGN_MAKER = ("FOREIGN-DAIRY-01", "Weidenhof Molkerei eG")
_AGE = timedelta(days=172)
_SHELF_DAYS = 180
_YOUNGER = timedelta(days=96)
# What goes wrong with the importer's six deals; all of it is put right again.
_SLIPS = ("amount", "twice", "retry", "none", "amount", "none")
_ARRIVED, _SPREAD, _ONWARD, _STOCKED = 26, 20, 13, 7  # days before the first day


@dataclass(frozen=True, slots=True)
class Cheese:
    """Who has a part in the case."""

    product: Product
    rival: Product
    importer: Site
    first: tuple[Site, ...]
    second: tuple[Site, ...]
    retail: tuple[Site, ...]
    outsiders: tuple[Site, ...]
    tamperer: Site
    made: date

    @property
    def code(self) -> str:
        """The batch code as printed: just the day, shared with the rival's batch."""
        return date_batch(self.made)


def cast(town: Town, chance: Random, first_day: date) -> Cheese:
    """Choose the parties of the case and put its two products into the catalogue."""
    importer = town.sites[Craft.IMPORTER][0]
    rival_maker = chance.choice(town.sites[Craft.MAKER])
    distributors = chance.sample(town.sites[Craft.DISTRIBUTOR], FIRST + SECOND + 2)
    retail = [
        site for craft, count in KITCHENS for site in chance.sample(town.sites[craft], count + 1)
    ]
    outsiders = [retail.pop(index) for index in _last_of_each()]
    product = Product(
        "SP-CHEESE-01", "威登牧场马苏里拉奶酪", "乳制品", "450g", "袋", 450, _SHELF_DAYS, 4_600,
        gtin13(999_000_001), FOREIGN_MAKER[0], importer,
    )  # fmt: skip
    rival = Product(
        "SP-CHEESE-02", "鹭湾牧歌再制干酪", "乳制品", "400g", "袋", 400, 240, 2_900,
        gtin13(999_000_002), rival_maker.party, rival_maker,
    )  # fmt: skip
    town.catalogue.extra += [product, rival]
    first = tuple(distributors[:FIRST])
    return Cheese(
        product,
        rival,
        importer,
        first,
        tuple(distributors[FIRST : FIRST + SECOND]),
        tuple(retail),
        (*outsiders, *distributors[FIRST + SECOND :]),
        first[2],
        first_day - _AGE,
    )


def _last_of_each() -> list[int]:
    ends, total = [], 0
    for _craft, count in KITCHENS:
        total += count + 1
        ends.append(total - 1)
    return ends[::-1]


def incident(case: Cheese) -> Incident:
    """The books of the case, still empty."""
    return Incident(
        NAME,
        case.code,
        FOREIGN_MAKER[0],
        FOREIGN_MAKER[1],
        case.product.product,
        case.product.name,
        "袋",
        BAGS * 1_000_000,
        frozenset({case.importer.key}),
    )


def history(case: Cheese, world: World, mistakes: Mistakes) -> Iterator[Document]:
    """The weeks before the first day: import, two rounds of distribution, delivery to shops."""
    yield _arrival(case, _days_ago(world, _ARRIVED))
    yield from _noise(case, world)
    spread = _days_ago(world, _SPREAD)
    for number, (site, bags) in enumerate(
        zip(case.first, shares(world.chance, BAGS, FIRST, 420), strict=True)
    ):
        deal = _sell(case, spread, case.importer, site, bags, keep_label=number in (1, 4))
        yield from mistakes.wrong(deal, _SLIPS[number])
    deals = [
        *_onward(case, _days_ago(world, _ONWARD)),
        *_stocking(case, _days_ago(world, _STOCKED)),
    ]
    # A clerk sends the sale before the purchase it came from: a child before its parent.
    yield from reversed(deals)
    yield from _consumption(case, world, range(5, 0, -1))


def today(case: Cheese, world: World) -> Iterator[Document]:
    """The first day itself: the last sales, and the laboratory's finding that starts the recall."""
    yield from _consumption(case, world, [0])
    market = next(site for site in case.retail if _planted(case, site))
    cell = _planted(case, market)[0]
    finding = _finding()
    sample = shelf.portion(cell, count=1)
    yield world.floor.inspect(market, sample, world.near(16.0), finding, "市食品药品检验所")


def _arrival(case: Cheese, world: World) -> Document:
    batch = Cell(
        product=case.product,
        label=world.label(case.importer),
        batch=case.code,
        maker=FOREIGN_MAKER[0],
        made=case.made,
        printed=case.made,
        count=BAGS,
        grams=0,
        origin="进口",
        marks=frozenset({NAME}),
        reserved=True,
    )
    papers = import_papers(world, case.importer)
    return world.floor.commission(case.importer, batch, "import", world.near(9.0), papers=papers)


def _sell(
    case: Cheese, world: World, seller: Site, buyer: Site, bags: int, *, keep_label: bool = False
) -> Document:
    """Sell planted bags: on under the import's trace code, or by the printed batch code alone."""
    cell = _planted(case, seller)[0]
    part = shelf.portion(cell, count=bags)
    younger = case.made + _YOUNGER if seller is case.tamperer else None
    dropped = cell.label is not None and not keep_label
    item = Item(part, printed=younger, batch_only=dropped)
    document = world.floor.trade(seller, buyer, [item], world.near(9.0, 7.0))
    if younger is not None:
        _remember(case, world, document)
    return document


def _remember(case: Cheese, world: World, document: Document) -> None:
    known = world.floor.oracle.incident(NAME).tampering
    before = known.documents if known else ()
    tamperer = case.tamperer
    found = Tampering(
        tamperer.key, tamperer.name, case.made, case.made + _YOUNGER, (*before, document.key)
    )
    world.floor.oracle.tampered(NAME, found)


def _onward(case: Cheese, world: World) -> Iterator[Document]:
    """Each smaller distributor buys from two of the first ones, two of them also from the tamperer."""
    for number, site in enumerate(case.second):
        for step in (0, 1):
            seller = case.first[(number + step) % FIRST]
            yield _sell(case, world, seller, site, world.chance.randint(40, 110))


def _stocking(case: Cheese, world: World) -> Iterator[Document]:
    """Every shop buys from one distributor or two, so that each distributor has customers."""
    sellers = (*case.first, *case.second)
    plan: list[tuple[Site, Site]] = []
    for number, shop in enumerate(case.retail):
        plan.append((sellers[number % len(sellers)], shop))
        if number % 4 == 0:
            plan.append((sellers[(number + 3) % len(sellers)], shop))
    for seller in sellers:
        buyers = [shop for giver, shop in plan if giver is seller]
        held = sum(cell.count for cell in _planted(case, seller))
        kept = held * world.chance.randint(5, 20) // 100
        for shop, bags in zip(
            buyers, shares(world.chance, held - kept, len(buyers), 5), strict=True
        ):
            keep = world.chance.random() < 0.5
            yield _sell(case, world, seller, shop, bags, keep_label=keep)


def _consumption(case: Cheese, world: World, days: Sequence[int] | range) -> Iterator[Document]:
    """Shops sell bag by bag, bakeries bake, canteens cook; a few bags are damaged and thrown away."""
    for days_ago in days:
        then = _days_ago(world, days_ago)
        for shop in case.retail:
            for cell in _planted(case, shop):
                yield from _use(case, then, shop, cell)


def _use(case: Cheese, world: World, shop: Site, cell: Cell) -> Iterator[Document]:
    chance = world.chance
    if shop.craft is Craft.BAKERY and cell.count > 6 and chance.random() < 0.4:
        yield bake(world, shop, [shelf.portion(cell, count=cell.count // 4)])
    elif shop.craft is Craft.CANTEEN and cell.count > 4 and chance.random() < 0.5:
        yield from cook(world, shop, [shelf.portion(cell, count=cell.count // 3)])
    elif shop.craft in (Craft.SHOP, Craft.SUPERMARKET):
        for _customer in range(chance.randint(1, 5)):
            if cell.count > 3:
                bags = shelf.portion(cell, count=chance.randint(1, 4))
                yield world.floor.receipt(shop, [bags], world.near(8.0, 12.0))
        if cell.count > 3 and chance.random() < 0.05:
            damaged = shelf.portion(cell, count=chance.randint(1, 3))
            yield world.floor.dispose(shop, [damaged], "damaged", world.near(20.5))


def _noise(case: Cheese, world: World) -> Iterator[Document]:
    """The same cheese in other batches, and the rival's cheese under the same batch code."""
    before = _days_ago(world, _ARRIVED)
    for product, opener, made in (
        (case.product, case.importer, case.made + timedelta(days=31)),
        (case.product, case.importer, case.made - timedelta(days=29)),
        (case.rival, case.rival.opener, case.made),
    ):
        assert opener is not None
        cause = "import" if product is case.product else "production"
        batch = Cell(
            product=product,
            label=None,
            batch=date_batch(made),
            maker=product.manufacturer,
            made=made,
            printed=made,
            count=1_500,
            grams=0,
        )
        yield world.floor.commission(opener, batch, cause, before.near(8.0))
        buyers = [*world.chance.sample((*case.first, *case.retail), 8), *case.outsiders]
        for buyer in buyers:
            cell = next(c for c in opener.shelf if c.batch == batch.batch and c.product is product)
            part = shelf.portion(cell, count=world.chance.randint(15, 90))
            yield world.floor.trade(opener, buyer, [Item(part)], before.near(10.0, 6.0))


def _planted(case: Cheese, site: Site) -> list[Cell]:
    return [cell for cell in site.shelf if cell.reserved and NAME in cell.marks]


def _days_ago(world: World, days: int) -> World:
    return replace(world, day=world.day - timedelta(days=days))


def _finding() -> Body:
    result = {
        "analyte": "单核细胞增生李斯特氏菌",
        "value": "检出",
        "unit": "/25g",
        "limit": "不得检出",
        "standard": "GB 29921-2021",
        "verdict": "failed",
    }
    return {
        "method": "laboratory",
        "stage": "confirmed",
        "verdict": "failed",
        "results": [result],
    }
