"""Finds one receipt and tells what the public may know of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from sqlalchemy import Connection

from foodtrace.access import Caller, sees_event
from foodtrace.events.line import Line
from foodtrace.events.paper import Paper as PaperSaid
from foodtrace.events.receipt import Receipt
from foodtrace.lots import LotKind
from foodtrace.problems import NotFound
from foodtrace_api.receipts.shapes import (
    Amount,
    BoughtLine,
    Candidate,
    Origin,
    Paper,
    ReceiptAnswer,
    Shop,
)
from foodtrace_api.web.door import Door
from foodtrace_ledger import describe, receipts
from foodtrace_ledger import one_of as lots
from foodtrace_ledger.completeness import completeness
from foodtrace_ledger.describe import SubjectOn
from foodtrace_ledger.engine import snapshot
from foodtrace_ledger.provenance import End, hands
from foodtrace_schemas.json_form import plain_amount

# What parties were called on their days.
Names = Mapping[SubjectOn, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A receipt by its code, or by the till's number with its amount or day."""

    code: str
    amount: Decimal | None
    day: date | None


def look_up(door: Door, caller: Caller, wanted: Wanted) -> ReceiptAnswer:
    """The receipt; raises NotFound `receipt.unknown`, alike for none and for one not meant.

    A number that several tills gave on one day needs the amount too: none is shown before only one
    fits, since the others are somebody else's.
    """
    with snapshot(door.engine) as connection:
        found = _find(connection, wanted)
        if len(found) != 1:
            raise NotFound("receipt.unknown")
        return _told(door, caller, connection, found[0])


def _find(connection: Connection, wanted: Wanted) -> Sequence[receipts.Receipt]:
    if wanted.amount is None and wanted.day is None:
        return receipts.by_code(connection, wanted.code)
    return receipts.by_number(connection, wanted.code, total=wanted.amount, day=wanted.day)


def _told(
    door: Door, caller: Caller, connection: Connection, found: receipts.Receipt
) -> ReceiptAnswer:
    event = door.contracts.decode(found.contents[0].payload)
    assert isinstance(event, Receipt)
    names = _names(connection, found)
    envelope = event.envelope
    return ReceiptAnswer(
        number=envelope.document_number,
        business_date=envelope.business_date,
        shop=Shop(
            party=event.seller.party,
            name=found.seller.name,
            now=found.seller.now,
            location=event.seller.location,
            location_name=found.location.name,
            location_now=found.location.now,
        ),
        total_amount=None if event.total_amount is None else _plain(event.total_amount),
        currency=event.currency,
        lines=[
            _line(line, found, names, moves=envelope.aspect.moves_goods) for line in event.lines
        ],
        event_id=envelope.event_id if sees_event(caller, event) else None,
        as_of=completeness(connection).as_of,
    )


def _line(line: Line, found: receipts.Receipt, names: Names, *, moves: bool) -> BoughtLine:
    sold = [each for each in found.sold if each.line == line.line_no]
    lots = {each.lot.lot_id for each in sold}
    possible = any(each.possible for each in sold)
    ways = [each for each in found.provenance if each.lot.lot_id in lots]
    return BoughtLine(
        line=line.line_no,
        product=line.product.name,
        specification=line.product.specification,
        amounts=[Amount(amount=_plain(each.amount), unit=each.unit) for each in line.measures()],
        batch_code=line.batch_code,
        production_date=line.production_date,
        expiry_date=line.expiry_date,
        origin_text=line.origin_text,
        papers=[_paper(each) for each in line.papers],
        one_of=[_candidate(each, confirmed=not possible) for way in ways for each in way.one_of],
        one_of_count=sum(way.one_of_count for way in ways),
        origins=[
            _origin(end, found.document.business_date, names, possible)
            for way in ways
            for end in way.ends
        ],
        origin_count=sum(way.end_count for way in ways),
        void=moves and not sold,
    )


def _plain(amount: Decimal) -> Decimal:
    """Without the zeros that Avro's scale brings."""
    return Decimal(plain_amount(amount))


def _paper(paper: PaperSaid) -> Paper:
    return Paper(
        kind=paper.kind,
        number=paper.number,
        issuer=paper.issuer,
        valid_until=paper.valid_until,
        verification=paper.verification,
    )


def _candidate(candidate: lots.Candidate, *, confirmed: bool) -> Candidate:
    coded = candidate.lot.kind in (LotKind.TRACE, LotKind.BATCH)
    return Candidate(
        code=candidate.lot.code if coded else None,
        giver=candidate.giver,
        delivered=candidate.delivered,
        confirmed=confirmed,
    )


def _origin(end: End, day: date, names: Names, possible: bool) -> Origin:
    # One stop a hand: what a butcher cuts stays with the butcher.
    every = list(hands(end.path, day))
    way = [next(stays) for _, stays in groupby(reversed(every), key=lambda each: each[1])]
    return Origin(
        way=[names.get(hand) for hand in way],
        left_out=end.path.left_out,
        known=end.known,
        confirmed=end.confirmed and not possible,
    )


def _names(connection: Connection, found: receipts.Receipt) -> Names:
    """What the hands on all ways were called when the goods left them."""
    day = found.document.business_date
    ends = (end for way in found.provenance for end in way.ends)
    return describe.names_then(connection, (hand for end in ends for hand in hands(end.path, day)))
