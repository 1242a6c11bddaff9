"""Where the city does business: its districts, its markets and the systems that report for them."""

from __future__ import annotations

from dataclasses import dataclass

from foodtrace_city.codes import party_code
from foodtrace_city.model import Craft, Place, Source
from foodtrace_city.names import CITY_NAME, CITY_REGION, DISTRICTS, brand
from foodtrace_city.scale import Scale

REGISTER = "city-register"
_OPERATOR_SERIAL = 9_000_000
_STALLS_OF_A_HALL = 40

# The system that reports for a craft; {n} where the city has several, dealt out by the site's number.
_SYSTEMS: dict[Craft, str] = {
    Craft.PIG_FARM: "farm-portal",
    Craft.PRODUCE_FARM: "farm-portal",
    Craft.SLAUGHTERHOUSE: "abattoir-{n}",
    Craft.IMPORTER: "trade-erp-{n}",
    Craft.DISTRIBUTOR: "trade-erp-{n}",
    Craft.MAKER: "plant-erp-{n}",
    Craft.SAUSAGE_PLANT: "plant-erp-{n}",
    Craft.BAKERY: "pos-{n}",
    Craft.SHOP: "pos-{n}",
    Craft.SUPERMARKET: "chain-{n}",
    Craft.CANTEEN: "catering-{n}",
    Craft.FOOD_BANK: "food-bank",
}
WHOLESALE = (Craft.PORK_WHOLESALE, Craft.PRODUCE_WHOLESALE)
RETAIL = (Craft.PORK_RETAIL, Craft.PRODUCE_RETAIL)


@dataclass(frozen=True, slots=True)
class Geography:
    """The places above the sites, and the systems that report."""

    regions: tuple[Place, ...]
    wholesale_markets: tuple[Place, ...]
    retail_markets: tuple[Place, ...]
    sources: dict[str, Source]

    def market(self, craft: Craft, number: int) -> Place | None:
        """The market in which stall `number` of a craft stands, None for crafts outside markets."""
        if craft in WHOLESALE:
            return self.wholesale_markets[number % len(self.wholesale_markets)]
        if craft in RETAIL:
            return self.retail_markets[number % len(self.retail_markets)]
        return None

    def stall(self, craft: Craft, number: int) -> str:
        """The number of stall `number` of a craft in its market; pork stands in halls of its own."""
        markets = self.wholesale_markets if craft in WHOLESALE else self.retail_markets
        hall, place = divmod(number // len(markets), _STALLS_OF_A_HALL)
        letter = "FGHJK" if craft in (Craft.PORK_WHOLESALE, Craft.PORK_RETAIL) else "ABCDE"
        return (
            f"{letter[hall % len(letter)]}{hall // len(letter) * _STALLS_OF_A_HALL + place + 1:03d}"
        )

    def source(self, craft: Craft, number: int, market: Place | None) -> Source:
        """The system that reports for a site."""
        if market is not None:
            return self.sources[_platform(market)]
        pattern = _SYSTEMS[craft]
        several = sum(1 for name in self.sources if _matches(name, pattern))
        return self.sources[pattern.format(n=1 + number % several)]


def geography(scale: Scale) -> Geography:
    """The places and systems of a city of that size."""
    districts = [
        Place(code, CITY_NAME + name, "region", CITY_REGION, code) for code, name in DISTRICTS
    ]
    regions = (Place(CITY_REGION, CITY_NAME, "region", None, CITY_REGION), *districts)
    wholesale = _markets("MKT-W", "农产品批发市场", 2 + scale.sites // 20_000)
    retail = _markets("MKT-R", "农贸市场", 3 + scale.sites // 400)
    names = [REGISTER, "farm-portal"]
    names += [_platform(market) for market in wholesale]
    names += sorted({_platform(market) for market in retail})
    size = 1 + scale.sites // 10_000
    for pattern, count in [("abattoir-{n}", 2 + size // 2), ("trade-erp-{n}", 1 + size)]:
        names += [pattern.format(n=n + 1) for n in range(count)]
    for pattern in ("plant-erp-{n}", "pos-{n}", "chain-{n}", "catering-{n}"):
        names += [pattern.format(n=n + 1) for n in range(size)]
    names.append("food-bank")
    sources = {name: _source(number, name) for number, name in enumerate(names)}
    return Geography(regions, wholesale, retail, sources)


def _markets(prefix: str, ending: str, count: int) -> tuple[Place, ...]:
    markets = []
    for number in range(count):
        region, _district = DISTRICTS[number % len(DISTRICTS)]
        name = f"{CITY_NAME}{brand(number * 3 + len(ending))}{ending}"
        markets.append(Place(f"{prefix}{number + 1:03d}", name, "market", region, region))
    return tuple(markets)


def _platform(market: Place) -> str:
    """Every wholesale market has a platform of its own, the small markets of a district share one."""
    if market.location.startswith("MKT-W"):
        return f"wholesale-{int(market.location.removeprefix('MKT-W'))}"
    return f"markets-{market.region[-2:]}"


def _matches(name: str, pattern: str) -> bool:
    return name.rstrip("0123456789") == pattern.removesuffix("{n}") or name == pattern


def _source(number: int, name: str) -> Source:
    title = f"{CITY_NAME}{brand(200 + number)}信息技术服务有限公司"
    if name == REGISTER:
        title = f"{CITY_NAME}食品安全信息中心"
    return Source(name, party_code(CITY_REGION, _OPERATOR_SERIAL + number), title)
