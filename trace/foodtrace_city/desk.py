"""The clerk's desk: writes documents in the JSON form of events, numbered as each source numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from foodtrace.identity import event_id
from foodtrace_city.model import Body, Document, Product, Site, Source

OFFSET_MINUTES = 480
LOCAL = timezone(timedelta(minutes=OFFSET_MINUTES))
CURRENCY = "CNY"
# How long after the fact a till or clerk sends a document.
REPORT_DELAY = timedelta(minutes=4)
# So many of a packaged product are in a case, as the register declares.
CASE_OF = 24


@dataclass(frozen=True, slots=True)
class Printed:
    """What a document line prints of goods; an absent value isn't printed."""

    product: Product
    count: int = 0
    grams: int = 0
    label: str | None = None
    source_label: str | None = None
    batch: str | None = None
    maker: str | None = None
    made: date | None = None
    expires: date | None = None
    origin: str | None = None
    papers: tuple[Body, ...] = ()
    jin: bool = False
    cases: bool = False
    own_code: bool = False
    free: bool = False
    scanned: bool = False
    state: str | None = None
    came_by: tuple[str, int] | None = None


class Desk:
    """Writes and numbers documents; remembers one counter per source and kind of the day."""

    def __init__(self) -> None:
        """Start with empty counters."""
        self._counters: Counter[tuple[str, str, date]] = Counter()
        self._serials: Counter[str] = Counter()

    def turn_page(self, day: date) -> None:
        """Forget the counters of the days before yesterday; an order may be dated the evening before."""
        kept = day - timedelta(days=1)
        self._counters = Counter({key: n for key, n in self._counters.items() if key[2] >= kept})

    def serial(self, name: str) -> int:
        """The next number of a series that never restarts."""
        self._serials[name] += 1
        return self._serials[name]

    def write(
        self,
        source: Source,
        kind: str,
        when: datetime,
        payload: Body,
        *,
        number: str | None = None,
        document_type: str | None = None,
        extra: Body | None = None,
    ) -> Document:
        """A document of that kind, dated `when` (local time, aware), with the next number."""
        day = when.astimezone(LOCAL).date()
        self._counters[source.name, kind, day] += 1
        own = f"{day:%Y%m%d}-{kind[:4]}-{self._counters[source.name, kind, day]:06d}"
        envelope: Body = {
            "source": source.name,
            "source_event_id": own,
            "reporter": source.reporter,
            "occurred_at": instant(when),
            "occurred_offset_minutes": OFFSET_MINUTES,
            "business_date": day.isoformat(),
            "reported_at": instant(when + REPORT_DELAY),
        }
        if document_type is not None:
            envelope["document_type"] = document_type
        if number is not None:
            envelope["document_number"] = number
        envelope.update(extra or {})
        return Document(source.name, kind, {"kind": kind, "envelope": envelope, **payload})


def instant(when: datetime) -> str:
    """RFC 3339 in UTC, whole seconds."""
    return when.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def at(day: date, hour: float) -> datetime:
    """That hour (with fractions) of a local day."""
    return datetime(day.year, day.month, day.day, tzinfo=LOCAL) + timedelta(hours=hour)


def side(site: Site, *, second: bool = False) -> Body:
    """The site as one side of a document; by its second id, or by what is known of a stranger."""
    if site.stranger is not None:
        return dict(site.stranger)
    return {"party": (second and site.second_id) or site.party, "location": site.location}


def lines(printed: Sequence[Printed], first: int = 1) -> list[Body]:
    """Document lines, numbered from `first`."""
    return [line(number, item) for number, item in enumerate(printed, start=first)]


def line(number: int, item: Printed) -> Body:
    """One document line."""
    product = item.product
    body: Body = {"line_no": number, "product": reference(product, own_code=item.own_code)}
    stated = {
        "origin_text": item.origin,
        "manufacturer": item.maker,
        "batch_code": item.batch,
        "production_date": item.made.isoformat() if item.made else None,
        "expiry_date": item.expires.isoformat() if item.expires else None,
        "state": item.state,
    }
    body.update({name: value for name, value in stated.items() if value is not None})
    if item.label is not None:
        body["lot_codes"] = [{"code": item.label}]
    if item.source_label is not None:
        body["source_lot_codes"] = [{"code": item.source_label}]
    body["basis"] = "scanned" if item.scanned else "declared"
    if item.count:
        body["count"] = _count(item)
    if item.grams:
        body["net_mass"] = jin(item.grams) if item.jin else kilograms(item.grams)
    body["price_amount"] = money(cents(item))
    body["currency"] = CURRENCY
    if item.papers:
        body["papers"] = list(item.papers)
    if item.came_by is not None:
        body["refers_to"] = {"event_id": item.came_by[0], "line_no": item.came_by[1]}
    return body


def _count(item: Printed) -> Body:
    """The count in the product's unit, or in cases where a few decimals say it exactly."""
    if item.cases and item.count % (CASE_OF // 8) == 0 and cased(item.product):
        return {"amount": _thousandths(item.count * 1000 // CASE_OF), "unit": "箱"}
    return {"amount": str(item.count), "unit": item.product.unit}


def cased(product: Product) -> bool:
    """Whether the register says how many of it a case (箱) holds."""
    return product.gtin is not None and product.unit in ("袋", "瓶", "盒")


def cents(item: Printed) -> int:
    """The price of a line: by weight where goods are weighed, else by the piece; gifts cost 0."""
    if item.free:
        return 0
    if item.grams:
        return item.grams * item.product.price_cents // 1000
    return item.count * item.product.price_cents


def money(amount: int) -> str:
    """Whole cents as an exact decimal."""
    return f"{amount // 100}.{amount % 100:02d}"


def kilograms(grams: int) -> Body:
    """A mass in kg."""
    return {"amount": _thousandths(grams), "unit": "kg"}


def jin(grams: int) -> Body:
    """A mass in 斤 of 500 g, as market stalls weigh."""
    return {"amount": _thousandths(grams * 2), "unit": "斤"}


def _thousandths(value: int) -> str:
    text = f"{value // 1000}.{value % 1000:03d}"
    return text.rstrip("0").rstrip(".")


def market_code(product: Product) -> str:
    """The code under which market stalls know a product; the register lists it as an alias."""
    return f"SC-{product.product.removeprefix('SP-')}"


def reference(product: Product, *, own_code: bool = False) -> Body:
    """The product as a document names it: by its id, or by the stalls' own code alone."""
    if own_code:
        return {
            "local_code": market_code(product),
            "name": product.name,
            "category": product.category,
        }
    body: Body = {"product_id": product.product, "name": product.name}
    optional = {"gtin": product.gtin, "specification": product.specification}
    body.update({name: value for name, value in optional.items() if value is not None})
    body["category"] = product.category
    return body


def again(document: Document, mistake: str, **changes: Any) -> Document:
    """The same document with another body or source of error noted."""
    return replace(document, mistake=mistake, **changes)


def uuid_of(document: Document) -> str:
    """The id that the event will have."""
    source, kind, own, revision = document.key
    return str(event_id(source, kind, own, revision))
