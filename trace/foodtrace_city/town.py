"""The standing city: every site with its place and system, and the catalogue. Built once by seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from foodtrace_city.bookkeeping import books_of, second_id
from foodtrace_city.catalogue import Catalogue
from foodtrace_city.chance import chance_for
from foodtrace_city.codes import party_code
from foodtrace_city.model import Craft, Site
from foodtrace_city.names import CITY_REGION, address, site_name
from foodtrace_city.places import Geography, geography
from foodtrace_city.scale import Scale

# craft: share of the sites, fewest, most
_MIX: dict[Craft, tuple[float, int, int]] = {
    Craft.PIG_FARM: (0.010, 4, 400),
    Craft.PRODUCE_FARM: (0.050, 10, 4_000),
    Craft.SLAUGHTERHOUSE: (0.0002, 2, 8),
    Craft.PORK_WHOLESALE: (0.030, 8, 800),
    Craft.PRODUCE_WHOLESALE: (0.050, 10, 2_500),
    Craft.IMPORTER: (0.002, 2, 150),
    Craft.MAKER: (0.010, 6, 900),
    Craft.DISTRIBUTOR: (0.040, 14, 3_000),
    Craft.SAUSAGE_PLANT: (0.001, 2, 60),
    Craft.BAKERY: (0.040, 14, 3_000),
    Craft.PORK_RETAIL: (0.080, 16, 6_000),
    Craft.PRODUCE_RETAIL: (0.150, 20, 12_000),
    Craft.SUPERMARKET: (0.060, 16, 4_000),
    Craft.CANTEEN: (0.140, 20, 12_000),
    Craft.SHOP: (1.0, 40, 1_000_000),  # the rest
    Craft.FOOD_BANK: (0.0, 1, 1),
}
_STORES_OF_A_CHAIN = 4
_OUTSIDE = (Craft.PIG_FARM, Craft.PRODUCE_FARM)


@dataclass(frozen=True, slots=True)
class Town:
    """Sites by craft, the most popular first, with geography and catalogue."""

    seed: int
    scale: Scale
    geography: Geography
    sites: dict[Craft, tuple[Site, ...]]
    catalogue: Catalogue

    def all_sites(self) -> Iterator[Site]:
        """Every site once."""
        for group in self.sites.values():
            yield from group


def build(seed: int, scale: Scale) -> Town:
    """The city of a seed: the same one on every machine."""
    ground = geography(scale)
    sites: dict[Craft, tuple[Site, ...]] = {}
    left, serial = scale.sites, 0
    for craft, (share, fewest, most) in _MIX.items():
        wanted = left if share == 1.0 else round(scale.sites * share)
        count = max(fewest, min(most, wanted))
        group = [_site(seed, ground, craft, number, serial + number) for number in range(count)]
        chance_for(seed, "order", craft).shuffle(group)
        sites[craft] = tuple(group)
        left, serial = left - count, serial + count
    opening = (*sites[Craft.MAKER], *sites[Craft.IMPORTER])
    return Town(
        seed, scale, ground, sites, Catalogue(scale.products, opening, sites[Craft.SAUSAGE_PLANT])
    )


def _site(seed: int, ground: Geography, craft: Craft, number: int, serial: int) -> Site:
    chance = chance_for(seed, "site", serial)
    market = ground.market(craft, number)
    firm = number // _STORES_OF_A_CHAIN if craft is Craft.SUPERMARKET else number
    namer = chance_for(seed, "firm", craft, firm)
    name = site_name(namer, craft.value, serial - number + firm)
    region, street = address(chance)
    if market is not None:
        stall = ground.stall(craft, number)
        place, location = market, f"{market.location}-{stall}"
        place_name = f"{market.name}{stall}号摊位"
    else:
        place = next(p for p in ground.regions if p.region == region)
        location, place_name = f"LOC{serial:07d}", street
        if craft in _OUTSIDE:
            place, place_name = ground.regions[0], f"{name}{number + 1}号基地"
    return Site(
        serial,
        craft,
        party_code(CITY_REGION, serial - number + firm),
        name,
        location,
        place_name,
        place,
        ground.source(craft, firm, market),
        books=books_of(seed, craft, firm),
        second_id=second_id(craft, number),
    )
