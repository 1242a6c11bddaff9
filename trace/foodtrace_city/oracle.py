"""The oracle: what really happened to the goods of the planted incidents.

It watches goods move from shelf to shelf, not documents, codes or links, so that its answer can
judge a lineage that is built from those. Only marked goods are written down; its size follows the
incidents, not the city.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum

from foodtrace_city.model import Cell, Document, Portion, Site

SellerKey = tuple[str, str]
DocumentKey = tuple[str, str, str, int]


class Way(StrEnum):
    """How goods left a shelf."""

    SOLD = "sold"
    RETAIL = "retail"
    USED = "used"
    DISPOSED = "disposed"
    MOVED = "moved"
    RETURNED = "returned"
    LOST = "lost"


@dataclass(slots=True)
class Amounts:
    """What one holder did with marked goods of one unit, in millionths (of a kg, or of a piece)."""

    opened: int = 0
    sold: int = 0
    retail: int = 0
    used: int = 0
    disposed: int = 0
    moved: int = 0
    returned: int = 0
    lost: int = 0

    @property
    def handed_on(self) -> int:
        """What went to another holder or place of the city, where it is known again."""
        return self.sold + self.moved + self.returned

    @property
    def stock(self) -> int:
        """What is still on the shelf."""
        return self.opened - self.handed_on - self.retail - self.used - self.disposed - self.lost

    def add(self, name: str, amount: int) -> None:
        """Add to one of the figures."""
        setattr(self, name, getattr(self, name) + amount)


@dataclass(slots=True)
class Seller:
    """A party at a location that had marked goods: amounts by product id and unit, receipts, days."""

    party: str
    location: str
    name: str
    amounts: dict[tuple[str, str], Amounts] = field(default_factory=dict)
    receipts: int = 0
    first_day: date | None = None
    last_day: date | None = None

    def of(self, unit: str, products: frozenset[str] | None = None) -> Amounts:
        """Its amounts in one unit, over all products or some."""
        total = Amounts()
        for (product, own_unit), amounts in self.amounts.items():
            if own_unit == unit and (products is None or product in products):
                for figure in fields(amounts):
                    total.add(figure.name, getattr(amounts, figure.name))
        return total


@dataclass(eq=False, slots=True)
class Node:
    """Goods of one code at one holder, and what they were made of: the oracle's memory of a cell.

    `came_of` names what the goods were made of, each with whether documents bear the codes of both,
    so that anybody who reads them can be sure. `complete` says that the parents are all there is;
    goods that no incident touches aren't followed.
    """

    site: SellerKey
    holder_name: str
    craft: str
    product: str
    product_name: str
    code: str
    came_of: dict[Node, bool] = field(default_factory=dict)
    complete: bool = True

    @property
    def parents(self) -> tuple[Node, ...]:
        """What the goods were made of."""
        return tuple(self.came_of)

    def ancestors(self) -> Iterator[Node]:
        """Every node above this one, once each, itself first."""
        seen: set[int] = set()
        waiting = [self]
        while waiting:
            node = waiting.pop()
            if id(node) not in seen:
                seen.add(id(node))
                yield node
                waiting.extend(node.parents)


# What goods were made of, None for what isn't followed, and whether documents bear both their codes.
Parent = tuple[Node | None, bool]


@dataclass(frozen=True, slots=True)
class Tampering:
    """Who printed a younger production date, on which documents."""

    site: SellerKey
    name: str
    true_date: date
    printed_date: date
    documents: tuple[DocumentKey, ...]


@dataclass(frozen=True, slots=True)
class SoldReceipt:
    """A receipt over marked goods: what a consumer holds, and where its goods really come from."""

    key: DocumentKey
    code: str | None
    number: str
    total: str
    day: date
    seller: SellerKey
    goods: tuple[Node, ...]

    def first_nodes(self) -> tuple[Node, ...]:
        """The very start of the goods: at farms, importers or makers."""
        ancestors = (node for good in self.goods for node in good.ancestors())
        return tuple(node for node in ancestors if not node.parents)

    def origins(self) -> frozenset[SellerKey]:
        """The farms, importers or makers at the very start of the goods."""
        return frozenset(node.site for node in self.first_nodes())


@dataclass(frozen=True, slots=True)
class Root:
    """A lot where an inspector begins: who held it where, its trace code or batch code.

    Without either it is what the holder had of the product on that day.
    """

    site: SellerKey
    product: str
    label: str | None = None
    batch: str | None = None
    day: date | None = None


@dataclass(slots=True)
class Incident:
    """A planted incident as it stands now.

    `code` is what the inspector types, `sources` where the goods come from (the importer, the
    farms), `sellers` everybody else who ever had any of it, by (party, location); `unit` the one in
    which it is counted and `opened` how much there was, in millionths. `roots` are the lots that an
    inspector starts from where the code isn't a batch's; `flags` what the documents themselves show
    to be odd: (code of the flag, where).
    """

    name: str
    code: str
    manufacturer: str
    manufacturer_name: str
    product: str
    product_name: str
    unit: str
    opened: int
    sources: frozenset[SellerKey]
    everybody: dict[SellerKey, Seller] = field(default_factory=dict)
    tampering: Tampering | None = None
    receipts: list[SoldReceipt] = field(default_factory=list)
    nodes: dict[Node, None] = field(default_factory=dict)
    roots: tuple[Root, ...] = ()
    flags: frozenset[tuple[str, SellerKey]] = frozenset()

    def documented(self) -> frozenset[SellerKey]:
        """Who can be confirmed from documents: codes all the way from where the goods began.

        Everybody else who had any of it can only be found as possible.
        """
        own = set(self.nodes)
        sure = {node for node in own if not own.intersection(node.came_of)}
        waiting = True
        while waiting:
            more = {
                node
                for node in own - sure
                if any(coded and parent in sure for parent, coded in node.came_of.items())
            }
            sure |= more
            waiting = bool(more)
        return frozenset(node.site for node in sure)

    @property
    def sellers(self) -> Mapping[SellerKey, Seller]:
        """The affected sellers, the sources apart."""
        return {key: seller for key, seller in self.everybody.items() if key not in self.sources}

    def found(self) -> Mapping[SellerKey, int]:
        """Units at their last known place: sold to consumers, used up, destroyed or in stock there."""
        return {key: self._last_known(seller) for key, seller in self.everybody.items()}

    def _last_known(self, seller: Seller) -> int:
        amounts = seller.of(self.unit, frozenset({self.product}))
        return amounts.opened - amounts.handed_on


class Oracle:
    """Keeps the books of every incident by watching marked goods."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._incidents: dict[str, Incident] = {}

    def plant(self, incident: Incident) -> None:
        """Begin to keep the books of an incident; its goods carry its name as a mark."""
        self._incidents[incident.name] = incident

    def incident(self, name: str) -> Incident:
        """An incident as it stands now. Raises KeyError for a name that wasn't planted."""
        return self._incidents[name]

    @property
    def incidents(self) -> tuple[Incident, ...]:
        """Every planted incident."""
        return tuple(self._incidents.values())

    def tampered(self, name: str, tampering: Tampering) -> None:
        """Somebody printed a younger date on goods of the incident."""
        self._incidents[name].tampering = tampering

    def came(
        self,
        site: Site,
        goods: Portion,
        day: date,
        marks: frozenset[str],
        parents: Sequence[Parent],
    ) -> None:
        """Goods with these marks were put into `goods.cell` at the site, made of `parents`."""
        if not marks:
            return
        cell = goods.cell
        if cell.node is None:
            cell.node = _node(site, cell)
        followed = [(parent, coded) for parent, coded in parents if parent is not None]
        for parent, coded in followed:
            cell.node.came_of[parent] = coded or cell.node.came_of.get(parent, False)
        whole = len(followed) == len(parents) and all(parent.complete for parent, _ in followed)
        cell.node.complete = cell.node.complete and whole
        self._book(site, goods, day, marks, "opened")
        for mark in marks & self._incidents.keys():
            self._incidents[mark].nodes[cell.node] = None

    def went(self, site: Site, goods: Portion, day: date, way: Way) -> None:
        """Goods left the shelf; their cell's marks say whose business it is."""
        self._book(site, goods, day, goods.cell.marks, way.value)

    def receipt(
        self, document: Document, site: Site, goods: Sequence[Portion], day: date, total: str
    ) -> None:
        """A consumer bought these goods."""
        marks = frozenset(mark for part in goods for mark in part.cell.marks)
        for mark in marks & self._incidents.keys():
            incident = self._incidents[mark]
            incident.everybody[site.key].receipts += 1
            bought = tuple(part.cell.node for part in goods if mark in part.cell.marks)
            code, number = document.body.get("receipt_code"), document.body["envelope"]
            incident.receipts.append(
                SoldReceipt(
                    document.key, code, number["document_number"], total, day, site.key, bought
                )
            )

    def _book(
        self, site: Site, goods: Portion, day: date, marks: frozenset[str], name: str
    ) -> None:
        for mark in marks & self._incidents.keys():
            everybody = self._incidents[mark].everybody
            seller = everybody.setdefault(site.key, Seller(*site.key, site.name))
            seller.first_day = min(seller.first_day or day, day)
            seller.last_day = max(seller.last_day or day, day)
            for unit, amount in _measured(goods):
                product = goods.cell.product.product
                seller.amounts.setdefault((product, unit), Amounts()).add(name, amount)


def _measured(goods: Portion) -> Iterator[tuple[str, int]]:
    if goods.count:
        yield goods.cell.product.unit or "", goods.count * 1_000_000
    if goods.grams:
        yield "kg", goods.grams * 1_000


def _node(site: Site, cell: Cell) -> Node:
    product = cell.product
    code = cell.label or cell.batch or ""
    return Node(site.key, site.name, site.craft.value, product.product, product.name, code)
