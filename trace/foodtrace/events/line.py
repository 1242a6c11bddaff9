"""A line of a document: which product, which codes and dates as printed, how much."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from foodtrace.codes import canonical
from foodtrace.effects import Basis
from foodtrace.events.paper import Paper
from foodtrace.lots import BatchKey
from foodtrace.problems import InvalidValue
from foodtrace.quantity import MASS, Quantity, check_money, measure
from foodtrace.species import species_of
from foodtrace.text import CODE_LIMIT, NAME_LIMIT, checked, optional

LINE_NO_LIMIT = 2**31 - 1
LINES_LIMIT = 10_000
# Night shifts print the coming day.
PRODUCTION_SLACK = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductRef:
    """What is sold, by whichever names the document has; at least one."""

    product_id: str | None = None
    gtin: str | None = None
    local_code: str | None = None
    name: str | None = None
    category: str | None = None
    specification: str | None = None

    def __post_init__(self) -> None:
        """Raise InvalidValue when the product isn't named at all."""
        for name in ("product_id", "gtin", "local_code", "category"):
            optional(getattr(self, name), name, CODE_LIMIT)
        optional(self.name, "name", NAME_LIMIT)
        optional(self.specification, "specification", NAME_LIMIT)
        if not (self.product_id or self.gtin or self.local_code or self.name):
            raise InvalidValue("event.missing-field", "product is not named", "product_id")

    @property
    def key(self) -> str:
        """The product in a lot's or batch's key: id, else GTIN-14, else own code, else name."""
        if self.product_id:
            return canonical(self.product_id)
        if self.gtin:
            gtin = canonical(self.gtin)
            return gtin.zfill(14) if gtin.isdigit() else gtin
        return canonical(self.local_code or self.name or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class LotCode:
    """A trace code of goods on the line, with how much of the line it stands for where stated."""

    code: str
    quantity: Quantity | None = None

    def __post_init__(self) -> None:
        """Raise InvalidValue for a code that can't be."""
        checked(self.code, "code", CODE_LIMIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRef:
    """An earlier line, by its event and line number."""

    event_id: UUID
    line_no: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line; dates as printed here. `source_lot_codes` are the codes under which the giver held
    the goods, where they got new ones (`lot_codes`) with this document."""

    line_no: int
    product: ProductRef
    origin_code: str | None = None
    origin_text: str | None = None
    manufacturer: str | None = None
    batch_code: str | None = None
    lot_codes: tuple[LotCode, ...] = ()
    source_lot_codes: tuple[LotCode, ...] = ()
    lot_code_source: str | None = None
    production_date: date | None = None
    expiry_date: date | None = None
    basis: Basis = Basis.DECLARED
    count: Quantity | None = None
    net_mass: Quantity | None = None
    gross_mass: Quantity | None = None
    tare_mass: Quantity | None = None
    deduction: Quantity | None = None
    price_amount: Decimal | None = None
    currency: str | None = None
    papers: tuple[Paper, ...] = ()
    state: str | None = None
    refers_to: LineRef | None = None

    def __post_init__(self) -> None:
        """Raise InvalidValue for what the line alone shows to be impossible."""
        if not 1 <= self.line_no <= LINE_NO_LIMIT:
            raise InvalidValue("quantity.too-large", str(self.line_no), "line_no")
        for name in ("origin_code", "manufacturer", "batch_code", "currency", "state"):
            optional(getattr(self, name), name, CODE_LIMIT)
        optional(self.origin_text, "origin_text", NAME_LIMIT)
        optional(self.lot_code_source, "lot_code_source", NAME_LIMIT)
        check_money(self.price_amount, self.currency)
        _check_codes(self.lot_codes, "lot_codes")
        _check_codes(self.source_lot_codes, "source_lot_codes")
        self._check_measures()
        self._check_dates()

    def _check_measures(self) -> None:
        if self.count is None and self.net_mass is None:
            raise InvalidValue("quantity.missing", "", "count")
        for name in ("net_mass", "gross_mass", "tare_mass", "deduction"):
            mass = getattr(self, name)
            if mass is not None and measure(mass).dimension != MASS:
                raise InvalidValue("quantity.not-a-mass", mass.unit, f"{name}.unit")
        net, gross = self.net_mass, self.gross_mass
        if net and gross and measure(net).micro > measure(gross).micro:
            raise InvalidValue("quantity.net-mass", "", "net_mass")

    def _check_dates(self) -> None:
        made, ends = self.production_date, self.expiry_date
        if made and ends and ends < made:
            raise InvalidValue("date.expiry-before-production", f"{made} .. {ends}", "expiry_date")

    @property
    def batch(self) -> BatchKey | None:
        """The batch the line claims, where it states a batch code."""
        if self.batch_code is None:
            return None
        maker = canonical(self.manufacturer) if self.manufacturer else ""
        return BatchKey(maker, self.product.key, canonical(self.batch_code))

    def measures(self) -> tuple[Quantity, ...]:
        """The quantities that move with the line: the count, the net mass, or both.

        A count given in a unit of mass beside a net mass would count the goods twice: the net
        mass then stands alone.
        """
        if self.count is None or self.net_mass is None:
            return tuple(q for q in (self.count, self.net_mass) if q is not None)
        if measure(self.count).dimension == MASS:
            return (self.net_mass,)
        return (self.count, self.net_mass)


def _check_codes(codes: tuple[LotCode, ...], path: str) -> None:
    seen: set[str] = set()
    for index, code in enumerate(codes):
        form = canonical(code.code)
        if form in seen:
            raise InvalidValue("event.duplicate-code", code.code, f"{path}[{index}].code")
        seen.add(form)


def check_lines(lines: tuple[Line, ...], business_date: date, path: str = "lines") -> None:
    """Raise InvalidValue unless a document has lines, each with its own number and possible dates."""
    if not lines:
        raise InvalidValue("event.no-lines", "", path)
    if len(lines) > LINES_LIMIT:
        raise InvalidValue("event.too-many-lines", str(len(lines)), path)
    numbers: set[int] = set()
    for index, line in enumerate(lines):
        if line.line_no in numbers:
            raise InvalidValue(
                "event.duplicate-line", str(line.line_no), f"{path}[{index}].line_no"
            )
        numbers.add(line.line_no)
        if line.production_date and line.production_date > business_date + PRODUCTION_SLACK:
            raise InvalidValue(
                "date.produced-after-event",
                str(line.production_date),
                f"{path}[{index}].production_date",
            )
    check_papers(lines, path)


def check_citing(lines: tuple[Line, ...], code: str, path: str = "lines") -> None:
    """Raise InvalidValue with `code` unless every line names the earlier line it refers to."""
    for index, line in enumerate(lines):
        if line.refers_to is None:
            raise InvalidValue(code, "", f"{path}[{index}].refers_to")


def check_papers(lines: tuple[Line, ...], path: str) -> None:
    """Raise InvalidValue when one paper stands on lines of two species: it covers just one."""
    covered: dict[tuple[str, str], str] = {}
    for index, line in enumerate(lines):
        species = species_of(line.product.category)
        if species is None:
            continue
        for place, paper in enumerate(line.papers):
            known = covered.setdefault((paper.kind, canonical(paper.number)), species)
            if known != species:
                where = f"{path}[{index}].papers[{place}].number"
                raise InvalidValue("paper.two-species", f"{known}, {species}", where)
