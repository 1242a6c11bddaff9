"""Reads one trade, as far as the caller sees."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Connection

from foodtrace.access import Caller
from foodtrace.codes import canonical
from foodtrace.events import Event
from foodtrace.events.envelope import Aspect
from foodtrace.meeting import Voice
from foodtrace.quantity import unit_of
from foodtrace_api.lineage.documents import readable
from foodtrace_api.lineage.reading import reading
from foodtrace_api.lineage.told import complete
from foodtrace_api.trades.shapes import GoodsDifference, Teller, TradeAnswer, TradeReport
from foodtrace_api.web.door import Door
from foodtrace_ledger import describe, trades
from foodtrace_ledger.completeness import completeness
from foodtrace_ledger.trades import Report, TradeView

_TELLERS: Mapping[Voice, Teller] = {
    Voice.GIVER: "seller",
    Voice.SHIPPED: "shipped",
    Voice.RECEIVED: "received",
    Voice.TAKER: "buyer",
}


def look_up(door: Door, caller: Caller, seller: str, trade_no: str) -> TradeAnswer:
    """The trade; raises NotFound `trade.unknown`, also where the caller sees no report of it."""
    with reading(door, caller) as connection:
        whole = trades.by_number(connection, seller, trade_no)
        seen = _seen(connection, caller, whole)
        told = (*whole.reports, *whole.joined)
        limited = any(each.document.event_id not in seen for each in told)
        view = trades.by_number(connection, seller, trade_no, only=seen) if limited else whole
        name = describe.names(connection, "party", [canonical(seller)]).get(canonical(seller))
        buyers = {each.taker for each in (*view.reports, *view.joined)}
        names = describe.parties(connection, buyers)
        known = completeness(connection)
    reports = [_report(door, each) for each in (*view.reports, *view.joined)]
    reports = [each for each in reports if each.document.event_id in seen]
    named = {each.buyer for each in reports}
    return TradeAnswer(
        seller=view.seller,
        trade_no=view.trade_no,
        seller_name=name,
        buyers=sorted({each.buyer for each in reports if each.told_by and each.buyer}),
        reports=[each for each in reports if _moves(each)],
        orders=[each for each in reports if each.aspect == Aspect.ORDERED],
        payments=[each for each in reports if each.aspect == Aspect.PAID],
        lines=list(view.lines),
        differences=[
            GoodsDifference(product=each.product, unit=unit_of(each.dimension), detail=each.detail)
            for each in view.differences
        ],
        limited=limited,
        names=[each for each in names if each.party in named],
        completeness=complete(door, caller, known),
    )


def _seen(connection: Connection, caller: Caller, view: TradeView) -> set[UUID]:
    told = (*view.reports, *view.joined)
    return readable(connection, caller, [each.document.event_id for each in told])


def _moves(report: TradeReport) -> bool:
    return report.told_by is not None and Aspect(report.aspect).moves_goods


def _report(door: Door, report: Report) -> TradeReport:
    event: Event = door.contracts.decode(report.payload)
    envelope = event.envelope
    return TradeReport(
        document=report.document,
        told_by=None if report.voice is None else _TELLERS[report.voice],
        aspect=str(envelope.aspect),
        reporter=report.reporter,
        seller=report.giver,
        seller_location=report.giver_location or None,
        buyer=report.taker,
        buyer_location=report.taker_location or None,
        order_reference=envelope.order_reference,
        payment_digest=envelope.payment_digest,
        invoice_reference=envelope.invoice_reference,
    )
