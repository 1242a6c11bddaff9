"""Master data as the city's register sends them: parties, locations, products."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from foodtrace_city.bookkeeping import was_merged
from foodtrace_city.chance import chance_for
from foodtrace_city.cheese import FOREIGN_MAKER
from foodtrace_city.codes import gln13, uscc
from foodtrace_city.desk import CASE_OF, Desk, cased, market_code
from foodtrace_city.model import Body, Craft, Document, Place, Product, Site
from foodtrace_city.names import CITY_REGION
from foodtrace_city.places import REGISTER
from foodtrace_city.retail import MEAL
from foodtrace_city.town import Town

_STALLS = frozenset(
    {Craft.PORK_WHOLESALE, Craft.PRODUCE_WHOLESALE, Craft.PORK_RETAIL, Craft.PRODUCE_RETAIL}
)
_INDIVIDUAL = _STALLS | {Craft.SHOP, Craft.BAKERY}
# The node kinds of real city platforms.
_NODE_KINDS: dict[Craft, str] = {
    Craft.SLAUGHTERHOUSE: "slaughterhouse",
    Craft.PORK_WHOLESALE: "wholesale_market",
    Craft.PRODUCE_WHOLESALE: "wholesale_market",
    Craft.PORK_RETAIL: "retail_market",
    Craft.PRODUCE_RETAIL: "retail_market",
    Craft.SUPERMARKET: "supermarket",
    Craft.CANTEEN: "group_catering",
}


def masters(town: Town, desk: Desk, when: datetime) -> Iterator[Document]:
    """Every party, location and product of the town, once."""
    register = town.geography.sources[REGISTER]

    def write(kind: str, payload: Body) -> Document:
        return desk.write(register, kind, when, payload, document_type="register_entry")

    for payload in _reporters(town):
        yield write("party", payload)
    for place in _places(town):
        yield write("location", _place(place))
    last_party = None
    for site in town.all_sites():
        if site.party != last_party:
            yield write("party", party_of(town.seed, site))
        last_party = site.party
        yield write("location", location_of(site, when.date()))
    for product in (*town.catalogue.everything(), MEAL):
        yield write("product", _product(product))


def _reporters(town: Town) -> Iterator[Body]:
    for source in town.geography.sources.values():
        yield {
            "party": source.reporter,
            "name": source.reporter_name,
            "party_kind": "enterprise",
            "node_kind": "other",
            "region": CITY_REGION,
        }
    for site in town.all_sites():  # the old registration of a firm that was merged
        if site.second_id is not None and was_merged(site.second_id):
            yield {
                "party": site.second_id,
                "name": f"{site.name}（旧照）",
                "party_kind": "enterprise",
            }
    number, name = FOREIGN_MAKER
    yield {"party": number, "name": name, "party_kind": "foreign", "node_kind": "other"}


def _places(town: Town) -> Iterator[Place]:
    ground = town.geography
    yield from (*ground.regions, *ground.wholesale_markets, *ground.retail_markets)


def _place(place: Place) -> Body:
    body: Body = {
        "location": place.location,
        "name": place.name,
        "location_kind": place.kind,
        "region": place.region,
    }
    return body if place.parent is None else {**body, "parent": place.parent}


def party_of(seed: int, site: Site) -> Body:
    """The register's entry of a party. A second id that is no merged firm's is an alias
    of some years."""
    individual = site.craft in _INDIVIDUAL
    aliases = [{"scheme": "party_code", "code": site.party}]
    if site.craft not in (Craft.PIG_FARM, Craft.PRODUCE_FARM):
        code = uscc(chance_for(seed, "uscc", site.party), CITY_REGION)
        aliases.append({"scheme": "uscc", "code": code})
    if site.second_id is not None and not was_merged(site.second_id):
        span = {"valid_from": "2024-01-01", "valid_to": "2026-12-31"}
        aliases.append({"scheme": "licence", "code": site.second_id, **span})
    return {
        "party": site.party,
        "name": site.name,
        "party_kind": "individual_business" if individual else "enterprise",
        "node_kind": _NODE_KINDS.get(site.craft, "other"),
        "aliases": aliases,
        "region": site.place.region,
    }


def location_of(site: Site, day: date) -> Body:
    """The register's entry of a place and who occupies it, since last year."""
    return {
        "location": site.location,
        "name": site.place_name,
        "location_kind": "stall" if site.craft in _STALLS else "premises",
        "parent": site.place.location,
        "occupant": site.party,
        "occupied_from": f"{day.year - 1}-01-01",
        "region": site.place.region,
        "aliases": [{"scheme": "gln", "code": gln13(site.number)}],
    }


def _product(product: Product) -> Body:
    body: Body = {"product": product.product, "name": product.name, "category": product.category}
    optional = {
        "specification": product.specification,
        "gtin": product.gtin,
        "manufacturer": product.manufacturer,
    }
    body.update({name: value for name, value in optional.items() if value is not None})
    if product.unit is None:
        body["aliases"] = [{"scheme": "market_code", "code": market_code(product)}]
    if cased(product):
        equals = {"amount": str(CASE_OF), "unit": product.unit}
        body["conversions"] = [{"unit": "箱", "equals": equals}]
    return body
