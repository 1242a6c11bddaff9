"""One trade as both parties report it: side by side, with the figures that count.

Reports meet on the seller as written and the trade's number (`foodtrace.meeting`). Orders and
payments bear the same number, or share an order's number with a report: they move nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from foodtrace.codes import canonical
from foodtrace.effects import Direction, Movement
from foodtrace.flag_rules.reports import Difference, Reported, differences, same_goods
from foodtrace.lots import LotKey, LotKind
from foodtrace.meeting import Meeting, Told, Voice, counted
from foodtrace.problems import NotFound
from foodtrace.quantity import amount_of, unit_of
from foodtrace_ledger import arrays
from foodtrace_ledger.answers import Document
from foodtrace_ledger.describe import document
from foodtrace_ledger.flagging.trades import reported
from foodtrace_ledger.hashing import number
from foodtrace_ledger.sqlfile import sql

#: Documents that join by reference and are told; a trade has a handful.
JOINED_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A document of the trade. `voice` says who tells (None for one that moves nothing: an order or
    a payment); `payload` is the record's value as received."""

    document: Document
    voice: Voice | None
    reporter: str | None
    giver: str | None
    giver_location: str | None
    taker: str | None
    taker_location: str | None
    order_reference: str | None
    payload: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What one document's line says of some goods."""

    event_id: UUID
    line: int
    voice: Voice
    source: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeLine:
    """The same goods in all reports, in one dimension.

    `out` is what counts as sold by the seller, `into` as received by the buyer; `codes` are
    the trace codes stated of them. `differs` where the reports don't agree.
    """

    product: str
    batch: str
    codes: tuple[str, ...]
    unit: str
    said: tuple[Statement, ...]
    out: Decimal
    into: Decimal
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeView:
    """One trade: its reports in the order of days, its goods line by line, what they disagree on."""

    seller: str
    trade_no: str
    reports: tuple[Report, ...]
    lines: tuple[TradeLine, ...]
    differences: tuple[Difference, ...]
    joined: tuple[Report, ...]


def by_number(
    conn: Connection, seller: str, trade_no: str, *, only: Collection[UUID] | None = None
) -> TradeView:
    """The trade; raises NotFound `trade.unknown`. `only` keeps to those documents."""
    giver, trade = canonical(seller), canonical(trade_no)
    meeting = number(giver, trade)
    rows = conn.execute(sql("trade_reports"), {"meeting": meeting}).all()
    rows = [row for row in rows if only is None or row.event_id in only]
    if not rows:
        raise NotFound("trade.unknown", f"{giver} {trade}", "trade_no")
    known = {row.event_id for row in rows}
    moved = [
        row
        for row in conn.execute(sql("trade_movements"), {"meeting": meeting})
        if row.event_id in known
    ]
    voices = {row.event_id: Voice(row.told[0]) for row in moved}
    left = [_reported(row) for row in moved if row.direction != Direction.OPENED]
    found = tuple(differences(left))
    return TradeView(
        seller=giver,
        trade_no=trade,
        reports=tuple(_report(row, voices.get(row.event_id)) for row in rows),
        lines=_lines(moved, (giver, trade), found),
        differences=found,
        joined=_joined(conn, meeting, rows),
    )


def _reported(row: Any) -> Reported:
    return reported(_Stated(row))


class _Stated:
    """A row with its trade code, as the rule asks for it."""

    def __init__(self, row: Any) -> None:
        self.code = row.code if row.kind == LotKind.TRACE else ""
        for name in ("event_id", "line", "told", "product", "batch", "dimension", "amount"):
            setattr(self, name, getattr(row, name))


def _report(row: Any, voice: Voice | None) -> Report:
    names = ("reporter", "giver", "giver_location", "taker", "taker_location", "order_reference")
    return Report(
        document=document(row),
        voice=voice,
        payload=bytes(row.payload),
        **{name: getattr(row, name) for name in names},
    )


def _lines(
    moved: Sequence[Any], trade: tuple[str, str], found: Sequence[Difference]
) -> tuple[TradeLine, ...]:
    """Goods that reports name alike, one line a dimension; the figures are those that count."""
    counting = _counting(moved, trade)
    left = {_reported(row): row for row in moved if row.direction != Direction.OPENED}
    entered: dict[tuple[UUID, int, str], list[Any]] = defaultdict(list)
    for row in moved:
        if row.direction == Direction.OPENED:
            entered[row.event_id, row.line, row.dimension].append(row)
    given: dict[tuple[UUID, int, str], set[str]] = defaultdict(set)
    for each in left:
        given[each.event_id, each.line, each.dimension].add(each.code)
    odd = {(each.product, each.dimension) for each in found}
    lines: list[TradeLine] = []
    for goods in same_goods(list(left)):
        for dimension in sorted({each.dimension for each in goods}):
            said = [each for each in goods if each.dimension == dimension]
            spots = dict.fromkeys((each.event_id, each.line, dimension) for each in said)
            codes = {each.code for each in said}
            came = [row for spot in spots for row in _matching(codes, given[spot], entered[spot])]
            lines.append(
                TradeLine(
                    product=goods[0].product,
                    batch=next((each.batch for each in goods if each.batch), ""),
                    codes=tuple(sorted({each.code for each in goods if each.code})),
                    unit=unit_of(dimension),
                    said=tuple(_statement(left[each]) for each in said),
                    out=amount_of(sum(counting.get(_key(left[each]), 0) for each in said)),
                    into=amount_of(sum(counting.get(_key(row), 0) for row in came)),
                    differs=(goods[0].product, dimension) in odd,
                )
            )
    return tuple(lines)


def _matching(codes: set[str], given: set[str], entered: Sequence[Any]) -> list[Any]:
    """What came in by a line of the goods that left under these of its `given` codes: all of it
    where the line has no others (the buyer may have put new codes on them), else by code."""
    if given <= codes:
        return list(entered)
    return [row for row in entered if row.kind != LotKind.TRACE or row.code in codes or "" in codes]


def _statement(row: Any) -> Statement:
    return Statement(
        event_id=row.event_id,
        line=row.line,
        voice=Voice(row.told[0]),
        source=row.told[2:],
        amount=amount_of(int(row.amount)),
    )


def _counting(moved: Sequence[Any], trade: tuple[str, str]) -> Mapping[tuple[Any, ...], int]:
    """The movements that count, by row."""
    told = {id(movement): (row, movement) for row in moved for movement in [_movement(row)]}
    meant = counted(
        Told(movement, Meeting(*trade, Voice(row.told[0]), row.told[2:]))
        for row, movement in told.values()
    )
    return {_key(told[id(each)][0]): each.amount for each in meant}


def _movement(row: Any) -> Movement:
    lot = LotKey(row.holder, row.location, LotKind(row.kind), row.lot_product, row.code)
    return Movement(
        row.line,
        lot,
        Direction(row.direction),
        row.dimension,
        int(row.amount),
        row.product or "",
        row.batch or "",
    )


def _key(row: Any) -> tuple[Any, ...]:
    return (row.event, row.content, row.line, row.direction, row.dimension, row.lot)


def _joined(conn: Connection, meeting: int, rows: Sequence[Any]) -> tuple[Report, ...]:
    references = {row.order_reference for row in rows if row.order_reference}
    if not references:
        return ()
    parties = {party for row in rows for party in (row.giver, row.taker) if party}
    asked = {
        "meeting": meeting,
        "reference": arrays.texts(sorted(references)),
        "party": arrays.texts(sorted(parties)),
        "limit": JOINED_SHOWN,
    }
    return tuple(_report(row, None) for row in conn.execute(sql("trade_joined"), asked))
