"""The things of the city: sources, sites, products, goods on a shelf and documents."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

Body = dict[str, Any]


class Craft(StrEnum):
    """What a site does for a living; decides what it buys, makes and sells."""

    PIG_FARM = "pig_farm"
    PRODUCE_FARM = "produce_farm"
    SLAUGHTERHOUSE = "slaughterhouse"
    PORK_WHOLESALE = "pork_wholesale"
    PRODUCE_WHOLESALE = "produce_wholesale"
    IMPORTER = "importer"
    MAKER = "maker"
    DISTRIBUTOR = "distributor"
    SAUSAGE_PLANT = "sausage_plant"
    BAKERY = "bakery"
    PORK_RETAIL = "pork_retail"
    PRODUCE_RETAIL = "produce_retail"
    SHOP = "shop"
    SUPERMARKET = "supermarket"
    CANTEEN = "canteen"
    FOOD_BANK = "food_bank"


#: Marks of the two tidy cases: their goods bear their codes in every document, whoever writes it,
#: reach the books the same day, and are never sent back or lost, so that the whole answer is known.
TIDY = frozenset({"cheese", "pork", "pork-origin"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """How the books of a firm are kept, by its ERP, till or market.

    `lots`: stock is kept by lot, so its documents bear codes; `codes_in`: a system without lots
    still notes the codes on deliveries that it reports itself; `twice`: it reports what it buys
    although the seller's system does too; `late`: it sends a day after the fact; `market_units`:
    it weighs in 斤 and counts in 箱; `own_code`: it sells under the market's own product codes.
    """

    lots: bool = True
    codes_in: bool = True
    twice: bool = False
    late: bool = False
    market_units: bool = False
    own_code: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """A system that sends events: an ERP, a market's platform, a cloud of cash registers.

    `reporter` is the party in whose name it reports, `reporter_name` what that party is called.
    """

    name: str
    reporter: str
    reporter_name: str


@dataclass(frozen=True, slots=True)
class Place:
    """A location in the tree: city, district, market; stalls and shops hang below."""

    location: str
    name: str
    kind: str
    parent: str | None
    region: str


@dataclass(frozen=True, slots=True)
class Product:
    """An entry of the catalogue. `unit` is the counted unit, None for goods sold by weight only;
    `unit_grams` what one weighs, 0 where each is weighed; `price_cents` a unit, or a kilogram;
    `manufacturer` the party that makes it, `opener` the site where its batches are first registered:
    the factory, or the importer."""

    product: str
    name: str
    category: str
    specification: str | None
    unit: str | None
    unit_grams: int
    shelf_days: int
    price_cents: int
    gtin: str | None = None
    manufacturer: str | None = None
    opener: Site | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """A party at a location, with the shelf of what it has there.

    `second_id` is another id under which some of its suppliers know the party; `stranger` is what
    is known of somebody who gave no id at all; `gone` are products it has lately run out of.
    """

    number: int
    craft: Craft
    party: str
    name: str
    location: str
    place_name: str
    place: Place
    source: Source
    shelf: list[Cell] = field(default_factory=list)
    books: Books = Books()
    second_id: str | None = None
    stranger: Mapping[str, str] | None = None
    gone: dict[str, Product] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        """(party, location): what a recall lists."""
        return self.party, self.location


@dataclass(slots=True, eq=False)
class Cell:
    """Goods of one kind and code on one site's shelf: what is really there, in whole units and grams.

    `label` is the trace code, `batch` the batch code as printed by the maker. `printed` is the
    production date on the label, which may be younger than the true `made`. `marks` name the
    planted incidents the goods belong to, `node` is the oracle's own record of them.

    `known`: the documents by which the goods came bear their codes; if not, nobody can state them.
    `waiting`: they came back and may not be sold. `since` is the first day on this shelf,
    `came_by` the line (event id, number) by which they were bought, from `supplier`.
    """

    product: Product
    label: str | None
    batch: str | None
    maker: str | None
    made: date
    printed: date
    count: int
    grams: int
    origin: str | None = None
    papers: tuple[Body, ...] = ()
    marks: frozenset[str] = frozenset()
    node: Any = None
    reserved: bool = False
    known: bool = True
    waiting: bool = False
    since: date | None = None
    came_by: tuple[str, int] | None = None
    supplier: Site | None = None

    @property
    def tidy(self) -> bool:
        """Whether the goods belong to one of the tidy cases."""
        return bool(self.marks & TIDY)

    @property
    def empty(self) -> bool:
        """Whether nothing is left."""
        return self.count <= 0 and self.grams <= 0


@dataclass(frozen=True, slots=True)
class Portion:
    """An amount out of a cell: counted units and grams (0 where goods aren't counted or weighed)."""

    cell: Cell
    count: int
    grams: int


@dataclass(frozen=True, slots=True)
class Document:
    """One business document in the JSON form of events, and who sends it.

    `mistake` says what a clerk did wrong with it (retry, late, typo, twice, amount), which is known
    to the city alone and not part of the document. `late`: it is sent on the next day.
    """

    source: str
    kind: str
    body: Mapping[str, Any]
    mistake: str | None = None
    late: bool = False

    @property
    def key(self) -> tuple[str, str, str, int]:
        """(source, kind, source_event_id, revision): the identity of the event."""
        envelope = self.body["envelope"]
        return self.source, self.kind, envelope["source_event_id"], envelope.get("revision", 0)

    def line(self) -> str:
        """The document as one line of NDJSON, without the line's end."""
        return json.dumps(self.body, ensure_ascii=False, separators=(",", ":"))
