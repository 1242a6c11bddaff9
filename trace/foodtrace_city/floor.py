"""The trading floor: moves goods between shelves and writes the document of every move.

Goods, oracle and document go together here, so no phase of the day can move something and forget
to write it down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from foodtrace_city import shelf
from foodtrace_city.codes import receipt_code
from foodtrace_city.desk import (
    CURRENCY,
    LOCAL,
    Desk,
    Printed,
    again,
    cents,
    lines,
    money,
    side,
)
from foodtrace_city.model import Body, Cell, Document, Portion, Site, Source
from foodtrace_city.oracle import Node, Oracle, Way


@dataclass(frozen=True, slots=True)
class Item:
    """A portion that changes hands. `label` is a new trace code printed for the sale, `typo` the
    code as a clerk mistyped it, `printed` a younger production date that the seller prints,
    `batch_only` drops the trace code."""

    part: Portion
    label: str | None = None
    typo: str | None = None
    printed: date | None = None
    batch_only: bool = False
    papers: tuple[Body, ...] = ()


class Floor:
    """Where goods move; the only writer of shelves."""

    def __init__(self, seed: int, desk: Desk, oracle: Oracle) -> None:
        """Write with that desk and let that oracle watch."""
        self.desk = desk
        self.oracle = oracle
        self._seed = seed

    def commission(
        self, site: Site, goods: Cell, cause: str, when: datetime, *, papers: tuple[Body, ...] = ()
    ) -> Document:
        """The first record of goods: harvest, intake, production or import."""
        amount = shelf.whole(goods)
        printed = replace(self._printed(goods, amount), papers=papers)
        self._put(site, goods, _day(when), ())
        payload = {"holder": side(site), "cause": cause, "lines": lines([printed])}
        return self.desk.write(
            site.source, "commissioning", when, payload, document_type=f"{cause}_record"
        )

    def voucher(
        self, seller: Site, buyer: Site, items: Sequence[Item], when: datetime, number: str
    ) -> Document:
        """A consignment with its papers (上市凭证): sales and purchase record in one."""
        printed = [self._hand_over(seller, buyer, item, when) for item in items]
        payload = {"issuer": side(seller), "receiver": side(buyer), "lines": lines(printed)}
        return self.desk.write(
            buyer.source, "voucher", when, payload, number=number, document_type="market_voucher"
        )

    def trade(
        self,
        seller: Site,
        buyer: Site,
        items: Sequence[Item],
        when: datetime,
        *,
        vouchers: tuple[str, ...] = (),
    ) -> Document:
        """A sale between two businesses, reported by the seller's system."""
        printed = [self._hand_over(seller, buyer, item, when) for item in items]
        payload = {"seller": side(seller), "buyer": side(buyer), "lines": lines(printed)}
        number = f"JY{_day(when):%y%m%d}{self.desk.serial('trade'):08d}"
        extra: Body = {"trade_no": number}
        if vouchers:
            extra["voucher_numbers"] = list(vouchers)
        document = self.desk.write(
            seller.source,
            "trade",
            when,
            payload,
            number=number,
            document_type="sales_slip",
            extra=extra,
        )
        return again(document, "typo") if any(item.typo for item in items) else document

    def transform(
        self,
        site: Site,
        process: str,
        inputs: Sequence[Portion],
        outputs: Sequence[Cell],
        when: datetime,
        yields: tuple[str, str] | None = None,
    ) -> Document:
        """Input goods become output goods; every output may hold some of every input."""
        marks = frozenset[str]().union(*(part.cell.marks for part in inputs))
        parents = _nodes(inputs)
        used = [self._printed(part.cell, part) for part in inputs]
        for part in inputs:
            self._take(site, part, when, Way.USED)
        made = [self._printed(cell, shelf.whole(cell)) for cell in outputs]
        for cell in outputs:
            cell.marks |= marks
            self._put(site, cell, _day(when), parents)
        payload: Body = {
            "holder": side(site),
            "process": process,
            "inputs": lines(used),
            "outputs": lines(made, first=len(used) + 1),
        }
        if yields is not None:
            payload["minimum_yield"], payload["maximum_yield"] = yields
        return self.desk.write(
            site.source, "transformation", when, payload, document_type="production_record"
        )

    def receipt(
        self, site: Site, parts: Sequence[Portion], when: datetime, *, coded: bool = True
    ) -> Document:
        """A retail sale. Without `coded` the stall weighs and sells without any code."""
        sold = [self._retail_line(part, coded=coded) for part in parts]
        total = money(sum(cents(item) for item in sold))
        for part in parts:
            self._take(site, part, when, Way.RETAIL)
        serial = self.desk.serial(f"receipt/{site.source.name}")
        payload: Body = {
            "seller": side(site),
            "receipt_code": receipt_code(self._seed, site.source.name, serial),
            "total_amount": total,
            "currency": CURRENCY,
            "lines": lines(sold),
        }
        number = f"{_day(when):%Y%m%d}{site.number:06d}{serial % 1_000_000:06d}"
        document = self.desk.write(
            site.source, "receipt", when, payload, number=number, document_type="till_receipt"
        )
        self.oracle.receipt(document, site, parts, _day(when), total)
        return document

    def dispose(
        self, site: Site, parts: Sequence[Portion], reason: str, when: datetime
    ) -> Document:
        """Goods leave the chain: spoilt, destroyed, rendered harmless."""
        gone = [self._printed(part.cell, part) for part in parts]
        for part in parts:
            self._take(site, part, when, Way.DISPOSED)
        payload = {"holder": side(site), "reason": reason, "lines": lines(gone)}
        return self.desk.write(
            site.source, "disposal", when, payload, document_type="disposal_record"
        )

    def inspect(
        self, site: Site, part: Portion, when: datetime, finding: Body, laboratory: str
    ) -> Document:
        """A test of goods on the shelf; nothing moves. `finding` holds method, stage, verdict, results."""
        payload = {
            "holder": side(site),
            "lines": lines([self._printed(part.cell, part)]),
            "laboratory": laboratory,
            **finding,
        }
        return self.desk.write(
            site.source, "inspection", when, payload, document_type="test_report"
        )

    def void(self, target: Document, target_id: str, reason: str, when: datetime) -> Document:
        """Declare that a document of the same source doesn't hold."""
        payload = {"target_event_id": target_id, "reason": reason}
        envelope = target.body["envelope"]
        sender = Source(target.source, envelope["reporter"], "")
        return self.desk.write(sender, "void", when, payload)

    def _hand_over(self, seller: Site, buyer: Site, item: Item, when: datetime) -> Printed:
        cell, part = item.part.cell, item.part
        printed = self._printed(cell, part, item)
        parents = _nodes([part])
        self._take(seller, part, when, Way.SOLD)
        bought = Cell(
            product=cell.product,
            label=None if item.batch_only else item.typo or item.label or cell.label,
            batch=cell.batch,
            maker=cell.maker,
            made=cell.made,
            printed=item.printed or cell.printed,
            count=part.count,
            grams=part.grams,
            origin=cell.origin,
            papers=item.papers or cell.papers,
            marks=cell.marks,
            reserved=cell.reserved,
        )
        self._put(buyer, bought, _day(when), parents)
        return printed

    def _take(self, site: Site, part: Portion, when: datetime, way: Way) -> None:
        shelf.take(site, part)
        self.oracle.went(site, part, _day(when), way)

    def _put(self, site: Site, goods: Cell, day: date, parents: Sequence[Node | None]) -> None:
        amount = (goods.count, goods.grams)
        cell = shelf.put(site, goods)
        self.oracle.came(site, Portion(cell, *amount), day, cell.marks, parents)

    def _printed(self, cell: Cell, part: Portion, item: Item | None = None) -> Printed:
        made = (item.printed if item else None) or cell.printed
        label = cell.label
        source: str | None = None
        if item is not None and item.typo:
            label = item.typo
        elif item is not None and label is not None and (item.label or item.batch_only):
            source, label = label, item.label
        return Printed(
            product=cell.product,
            count=part.count,
            grams=part.grams,
            label=label,
            source_label=source,
            batch=cell.batch,
            maker=cell.maker,
            made=made,
            expires=made + timedelta(days=cell.product.shelf_days),
            origin=cell.origin,
            papers=item.papers if item else (),
            scanned=label is not None,
        )

    def _retail_line(self, part: Portion, *, coded: bool) -> Printed:
        cell = part.cell
        known = coded and (cell.label is not None or cell.batch is not None)
        return Printed(
            product=cell.product,
            count=part.count,
            grams=part.grams,
            label=cell.label if known else None,
            batch=cell.batch if known else None,
            maker=cell.maker if known else None,
            jin=cell.product.unit is None,
            scanned=known and cell.product.unit is not None,
        )


def _nodes(parts: Sequence[Portion]) -> list[Node | None]:
    return [part.cell.node for part in parts]


def _day(when: datetime) -> date:
    return when.astimezone(LOCAL).date()
