"""The pork chain: pigs in by the head, halves out with their certificates, cuts and sausages.

Slaughter takes the pigs' papers in and gives product papers out (两证一报告); meat cut by a buyer
has no certificate of its own, sausage inherits nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from foodtrace_city import shelf
from foodtrace_city.catalogue import CUTS, HALF, OFFAL, PIG
from foodtrace_city.desk import kilograms
from foodtrace_city.model import Body, Cell, Craft, Document, Portion, Product, Site
from foodtrace_city.printing import Item
from foodtrace_city.world import World, paper

_PROVINCE = "闽"


def is_half(cell: Cell) -> bool:
    """Whether it is half carcasses."""
    return cell.product is HALF


def is_cut(cell: Cell) -> bool:
    """Whether it is a cut of pork."""
    return cell.product in CUTS


def is_small(cell: Cell) -> bool:
    """Whether a kitchen buys it: cuts and offal."""
    return cell.product is OFFAL or cell.product in CUTS


def restock_pork(world: World, stall: Site) -> Iterator[Document]:
    """Bring halves from a slaughterhouse to a wholesale stall that has few left."""
    if sum(cell.count for cell in shelf.on_sale(stall, is_half)) >= 4:
        return
    house = world.one(Craft.SLAUGHTERHOUSE)
    ready = shelf.on_sale(house, is_half)
    if sum(cell.count for cell in ready) < 12:
        yield from slaughter(
            world, house, [(world.one(Craft.PIG_FARM), world.chance.randint(12, 40))]
        )
        ready = shelf.on_sale(house, is_half)
    part = shelf.portion(ready[-1], count=world.chance.randint(6, 16))
    yield deliver_halves(world, house, stall, part)
    offal = shelf.on_sale(house, lambda cell: cell.product is OFFAL)
    if offal:
        share = shelf.portion(offal[0], grams=world.chance.randint(10, 40) * 1_000)
        yield world.floor.trade(house, stall, [Item(share)], world.near(2.4, 0.8))


def slaughter(
    world: World,
    house: Site,
    herds: Sequence[tuple[Site, int]],
    marks: frozenset[str] = frozenset(),
    adds: frozenset[str] = frozenset(),
    owner: Site | None = None,
) -> Iterator[Document]:
    """Pigs of one or more farms come in, are slaughtered together; halves and offal result.

    `marks` lie on the pigs and what comes of them, `adds` on the halves alone; on commission pigs
    and meat are the `owner`'s.
    """
    for farm, heads in herds:
        yield from bring_pigs(world, farm, house, heads, marks, owner)
    farms = {farm.place_name for farm, _heads in herds}
    pigs = [c for c in house.shelf if c.product is PIG and c.origin in farms and c.marks == marks]
    heads = sum(cell.count for cell in pigs)
    carcass = sum(cell.grams for cell in pigs) * 72 // 100
    made = [
        _meat(world, house, HALF, heads * 2, carcass // 50 * 50),
        _meat(world, house, OFFAL, 0, carcass // 8 // 50 * 50),
    ]
    made[0].marks = adds
    when = world.near(1.0, 1.0)
    inputs = [shelf.whole(cell) for cell in pigs]
    yield world.floor.transform(house, "slaughter", inputs, made, when, ("0.6", "0.9"), owner)


def bring_pigs(
    world: World,
    farm: Site,
    house: Site,
    heads: int,
    marks: frozenset[str],
    owner: Site | None = None,
) -> Iterator[Document]:
    """A herd leaves its farm for the slaughterhouse with its animal quarantine certificate."""
    herd = Cell(
        product=PIG,
        label=world.label(farm),
        batch=None,
        maker=None,
        made=world.day - timedelta(days=world.chance.randint(1, 3)),
        printed=world.day,
        count=heads,
        grams=heads * world.chance.randint(1_050, 1_250) * 100,
        origin=farm.place_name,
        marks=marks,
    )
    herd.printed = herd.made
    yield world.floor.commission(farm, herd, "farm_exit", world.near(0.0, 0.3))
    number = f"{_PROVINCE}{world.day:%y}{world.floor.desk.serial('animal-paper'):08d}"
    certificate = paper("动物检疫合格证明（动物A）", number, "动物卫生监督所", world.day, 5)
    item = Item(shelf.whole(herd), papers=(certificate,))
    yield world.floor.trade(farm, house, [item], world.near(0.4, 0.4), owner=owner)


def deliver_halves(world: World, house: Site, stall: Site, part: Portion) -> Document:
    """Halves leave the slaughterhouse for a stall on a voucher with the papers of the meat."""
    item = Item(part, papers=meat_papers(world, house, part))
    number = world.voucher_number(stall)
    return world.floor.voucher(house, stall, [item], world.near(2.2, 1.0), number)


def meat_papers(world: World, house: Site, part: Portion) -> tuple[Body, ...]:
    """两证一报告 of a delivery. A strip test is good inside the province only."""
    serial = world.floor.desk.serial("meat-paper")
    covered = kilograms(part.grams)
    strip = world.chance.random() < 0.2
    return (
        paper(
            "动物检疫合格证明（产品B）",
            f"{_PROVINCE}B{world.day:%y}{serial:08d}",
            "动物卫生监督所",
            world.day,
            3,
            covered_quantity=covered,
            verification="confirmed_by_issuer",
        ),
        paper(
            "肉品品质检验合格证",
            f"RP{serial:09d}",
            house.name,
            world.day,
            3,
            covered_quantity=covered,
        ),
        paper(
            "非洲猪瘟检测报告",
            f"ASF{serial:09d}",
            house.name,
            world.day,
            3,
            scope="in_province" if strip else "national",
        ),
    )


def cut(world: World, site: Site, halves: Portion, hour: float) -> Document:
    """Cut halves into three kinds of cuts, each under a trace code of its own; bones stay behind."""
    return cut_together(world, site, [halves], hour)


def cut_together(world: World, site: Site, halves: Sequence[Portion], hour: float) -> Document:
    """The same with halves of several lots, which are one from then on."""
    kinds = world.chance.sample(CUTS, 3)
    usable = sum(part.grams for part in halves) * 94 // 100 // 50 * 50
    weights = [usable // 2 // 50 * 50, usable // 3 // 50 * 50]
    weights.append(usable - sum(weights))
    made = [_meat(world, site, kind, 0, grams) for kind, grams in zip(kinds, weights, strict=True)]
    when = world.near(hour, 0.5)
    return world.floor.transform(site, "cutting", halves, made, when, ("0.85", "1"))


def make_sausages(world: World, plant: Site) -> Iterator[Document]:
    """Buy halves, cut them and mix what there is into a run of sausages."""
    stall = world.one(Craft.PORK_WHOLESALE)
    yield from restock_pork(world, stall)
    ready = shelf.on_sale(stall, is_half)
    if not ready:
        return
    part = shelf.portion(ready[0], count=min(4, ready[0].count))
    yield world.floor.trade(stall, plant, world.items(stall, [part]), world.near(3.5, 0.5))
    halves = shelf.on_sale(plant, is_half)
    yield cut(world, plant, shelf.whole(halves[-1]), 4.5)
    meat = shelf.on_sale(plant, is_cut)[-4:]
    yield mix(world, plant, [shelf.whole(cell) for cell in meat], 6.0)


def mix(world: World, plant: Site, meat: Sequence[Portion], hour: float) -> Document:
    """Mince and mix meat into one run of sausages with a batch code of its own."""
    products = [p for p in world.town.catalogue.sausages if p.opener is plant]
    run = world.floor.desk.serial(f"run/{plant.party}")
    grams = sum(part.grams for part in meat)
    bags = Cell(
        product=world.chance.choice(products),
        label=None,
        batch=f"{world.day:%Y%m%d}L{run:02d}",
        maker=plant.party,
        made=world.day,
        printed=world.day,
        count=max(1, grams * 11 // 10 // 500),
        grams=0,
    )
    return world.floor.transform(plant, "sausage", list(meat), [bags], world.near(hour, 0.5))


def _meat(world: World, site: Site, product: Product, count: int, grams: int) -> Cell:
    slaughtered = product is HALF
    kill = f"{world.day:%y%m%d}{site.number:05d}{world.floor.desk.serial('kill'):04d}"
    return Cell(
        product=product,
        label=world.label(site),
        batch=kill if slaughtered else None,
        maker=site.party if slaughtered else None,
        made=world.day,
        printed=world.day,
        count=count,
        grams=grams,
    )
