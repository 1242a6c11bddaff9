"""The trading floor: moves goods between shelves and writes the document of every move.

Goods, oracle and document go together here, so no phase of the day can move something and forget
to write it down.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from foodtrace_city import shelf, telling
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
    uuid_of,
)
from foodtrace_city.model import Body, Cell, Document, Portion, Site, Source
from foodtrace_city.oracle import Oracle, Parent, Way
from foodtrace_city.printing import Item, printed, retail, states_codes


@dataclass(frozen=True, slots=True)
class Handed:
    """What became of an item in the buyer's hands: the line that says so, and the cell it lies in."""

    line: Printed
    cell: Cell


class Floor:
    """Where goods move; the only writer of shelves. `also` are further documents about the last
    move, by other systems, which are to be sent after it; `waiting` are goods that came back and
    haven't been released, and where they lie."""

    def __init__(self, seed: int, desk: Desk, oracle: Oracle) -> None:
        """Write with that desk and let that oracle watch."""
        self.desk = desk
        self.oracle = oracle
        self.also: deque[Document] = deque()
        self.waiting: list[tuple[Site, Cell]] = []
        self._seed = seed

    def with_also(self, documents: Iterator[Document]) -> Iterator[Document]:
        """The documents, each followed by what other systems say of the same move."""
        for document in documents:
            yield document
            while self.also:
                yield self.also.popleft()

    def commission(
        self, site: Site, goods: Cell, cause: str, when: datetime, *, papers: tuple[Body, ...] = ()
    ) -> Document:
        """The first record of goods: harvest, intake, production or import."""
        line = replace(printed(site, shelf.whole(goods)), papers=papers)
        self.put(site, goods, when, ())
        payload = {"holder": side(site), "cause": cause, "lines": lines([line])}
        return self.desk.write(
            site.source, "commissioning", when, payload, document_type=f"{cause}_record"
        )

    def voucher(
        self, seller: Site, buyer: Site, items: Sequence[Item], when: datetime, number: str
    ) -> Document:
        """A consignment with its papers (上市凭证), written by the buyer's market: sales and purchase
        record in one."""
        handed = [self.hand_over(seller, buyer, item, when, buyer, buying=True) for item in items]
        sold = [each.line for each in handed]
        payload = {"issuer": side(seller), "receiver": side(buyer), "lines": lines(sold)}
        document = self.desk.write(
            buyer.source, "voucher", when, payload, number=number, document_type="market_voucher"
        )
        return _bought(document, handed, seller)

    def trade(
        self,
        seller: Site,
        buyer: Site,
        items: Sequence[Item],
        when: datetime,
        *,
        vouchers: tuple[str, ...] = (),
        owner: Site | None = None,
        twice: bool = False,
    ) -> Document:
        """A sale between two businesses, reported by the seller's system, or the buyer's where a
        stranger sells; `owner` is whose goods they are at the buyer's, `twice` has the buyer's
        system report it too, whatever its habit."""
        buying = seller.stranger is not None
        writer = buyer if buying else seller
        handed = [
            self.hand_over(seller, buyer, item, when, writer, buying=buying) for item in items
        ]
        sold = [each.line for each in handed]
        tidy = any(each.cell.tidy for each in handed)
        serial = self.desk.serial("trade")
        taker = side(buyer, second=serial % 2 == 0 and not tidy)
        if owner is not None:
            taker["owner"] = owner.party
        number = f"JY{_day(when):%y%m%d}{serial:08d}"
        extra: Body = {"trade_no": number}
        if vouchers:
            extra["voucher_numbers"] = list(vouchers)
        payload = {"seller": side(seller), "buyer": taker, "lines": lines(sold)}
        document = self.desk.write(
            writer.source,
            "trade",
            when,
            payload,
            number=number,
            document_type="sales_slip",
            extra=extra,
        )
        typo = any(item.typo and line.label for item, line in zip(items, sold, strict=True))
        if typo:
            document = again(document, "typo")
        elif (twice or buyer.books.twice) and buyer.source is not writer.source:
            told = telling.Told(document, buyer, tidy, serial)
            document = telling.shipped(told)
            self.also.extend(telling.by_the_buyer(self.desk, told, when))
        document = _bought(document, handed, seller)
        return replace(document, late=writer.books.late and not tidy)

    def transform(
        self,
        site: Site,
        process: str,
        inputs: Sequence[Portion],
        outputs: Sequence[Cell],
        when: datetime,
        yields: tuple[str, str] | None = None,
        owner: Site | None = None,
    ) -> Document:
        """Input goods become output goods; every output may hold some of every input.

        Where the goods are an owner's, what was made is his from then on, at the same place.
        """
        marks = frozenset[str]().union(*(part.cell.marks for part in inputs))
        parents = [(part.cell.node, states_codes(site, part.cell)) for part in inputs]
        used = [printed(site, part) for part in inputs]
        for part in inputs:
            self.take(site, part, when, Way.USED)
        for cell in outputs:
            cell.marks |= marks
            cell.known = site.books.lots or cell.tidy
        made = [printed(site, shelf.whole(cell)) for cell in outputs]
        for cell in outputs:
            of = [(parent, coded and cell.known) for parent, coded in parents]
            self.put(owner or site, cell, when, of)
        payload: Body = {
            "holder": side(site) if owner is None else {**side(site), "owner": owner.party},
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
        sold = [retail(site, part, coded=coded) for part in parts]
        total = money(sum(cents(item) for item in sold))
        for part in parts:
            self.take(site, part, when, Way.RETAIL)
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
        tidy = any(part.cell.tidy for part in parts)
        return replace(document, late=site.books.late and not tidy)

    def dispose(
        self, site: Site, parts: Sequence[Portion], reason: str, when: datetime
    ) -> Document:
        """Goods leave the chain: spoilt, destroyed, rendered harmless."""
        gone = [printed(site, part) for part in parts]
        for part in parts:
            self.take(site, part, when, Way.DISPOSED)
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
            "lines": lines([printed(site, part)]),
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

    def hand_over(
        self,
        giver: Site,
        taker: Site,
        item: Item,
        when: datetime,
        writer: Site,
        *,
        way: Way = Way.SOLD,
        buying: bool = False,
    ) -> Handed:
        """Goods of one holder become another's; the line is what `writer`'s document says of it."""
        cell, part = item.part.cell, item.part
        line = printed(writer, part, item, buying=buying)
        coded = states_codes(writer, cell, buying=buying)
        # What came back and waits is sold under its old code, which no document joins to the wait.
        parent = (cell.node, coded and not cell.waiting)
        self.take(giver, part, when, way)
        came = Cell(
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
            known=coded,
        )
        return Handed(line, self.put(taker, came, when, [parent]))

    def smuggle(self, site: Site, cell: Cell, grams: int, when: datetime) -> None:
        """More of something lies among the goods than came by any document; nobody writes it down."""
        cell.grams += grams
        self.oracle.came(site, Portion(cell, 0, grams), _day(when), cell.marks, ())

    def take(self, site: Site, part: Portion, when: datetime, way: Way) -> None:
        """Goods leave a shelf."""
        shelf.take(site, part)
        self.oracle.went(site, part, _day(when), way)

    def put(
        self,
        site: Site,
        goods: Cell,
        when: datetime,
        parents: Sequence[Parent],
    ) -> Cell:
        """Goods come to a shelf; the cell they lie in."""
        amount = (goods.count, goods.grams)
        goods.since = goods.since or _day(when)
        cell = shelf.put(site, goods)
        self.oracle.came(site, Portion(cell, *amount), _day(when), cell.marks, parents)
        return cell


def _bought(document: Document, handed: Sequence[Handed], seller: Site) -> Document:
    """Let the goods remember by which line they were bought."""
    event = uuid_of(document)
    for number, each in enumerate(handed, start=1):
        each.cell.came_by, each.cell.supplier = (event, number), seller
    return document


def _day(when: datetime) -> date:
    return when.astimezone(LOCAL).date()
