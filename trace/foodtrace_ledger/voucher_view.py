"""What a voucher's number joins: purchase, stock, processing, inspection and flow of its lots."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from foodtrace.effects import Role
from foodtrace.papers import Drawn, expired, kind_of, standing, wrong_scope
from foodtrace.quantity import amount_of, unit_of
from foodtrace_ledger import amounts, arrays, describe, findings
from foodtrace_ledger.amounts import Sums
from foodtrace_ledger.answers import Document, Figures, LotView
from foodtrace_ledger.findings import Inspected, Readable
from foodtrace_ledger.paper_rows import (
    Shown,
    at_home,
    homes,
    papers_numbered,
    papers_of_event,
)
from foodtrace_ledger.paper_uses import draws
from foodtrace_ledger.paper_views import PaperUse
from foodtrace_ledger.provinces import provinces
from foodtrace_ledger.sqlfile import sql

#: Movements, and outputs of processes, that are told one by one.
SHOWN = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherStock:
    """A lot of the voucher by its figures (进销存); both sides of a handover are there."""

    lot: LotView
    figures: tuple[Figures, ...]
    receipts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherMovement:
    """An amount of a lot that another document moved: purchase (opened), sale, use, return, ...

    Where two sides report one trade both documents are there; the figures count it once.
    """

    lot: LotView
    document: Document
    direction: str
    amount: Decimal
    unit: str
    giver: str | None
    taker: str | None
    manner: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherMaking:
    """A transformation that goods of the voucher went into, and the lots that came of it."""

    document: Document
    process: str | None
    outputs: tuple[LotView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherPaper:
    """A paper on the voucher: what it covers against what was dealt in under it anywhere (`use`),
    the flags against it, and whether its issuer confirmed it (`green`)."""

    kind: str | None
    zh: str
    en: str
    written: str
    number: str
    issuer: str | None
    issued_on: date | None
    valid_until: date | None
    scope: str | None
    verification: str
    use: PaperUse | None
    faults: tuple[str, ...]
    green: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherJoined:
    """All that the voucher's lots met; `movements` are the first of `movement_count`."""

    stock: tuple[VoucherStock, ...]
    movements: tuple[VoucherMovement, ...]
    movement_count: int
    makings: tuple[VoucherMaking, ...]
    inspections: tuple[Inspected, ...]
    papers: tuple[VoucherPaper, ...]


def joined(conn: Connection, event_id: UUID, readable: Readable | None = None) -> VoucherJoined:
    """What a voucher (by its event's id, which has to be known) joins; findings only those
    that are `readable`."""
    event = conn.execute(sql("event_by_id"), {"event_id": event_id}).one().id
    rows = conn.execute(sql("lots_of_event"), {"event": event}).all()
    # Line by line, who gave before who got.
    rows = sorted(rows, key=lambda row: (row.line, row.role == Role.OPENED))
    lots = list(dict.fromkeys(row.lot for row in rows))
    views = describe.lots(conn, lots)
    moved = conn.execute(
        sql("voucher_movements"), {"lot": arrays.numbers(lots), "event": event, "shown": SHOWN}
    ).all()
    return VoucherJoined(
        stock=_stock(conn, lots, views),
        movements=_movements(conn, moved, views),
        movement_count=moved[0].every if moved else 0,
        makings=_makings(conn, lots, {row.event: row.manner for row in moved}),
        inspections=findings.of_lots(conn, lots, readable),
        papers=tuple(_papers(conn, event, list(views.values()), lots)),
    )


def _stock(
    conn: Connection, lots: Sequence[int], views: Mapping[int, LotView]
) -> tuple[VoucherStock, ...]:
    sums = amounts.by_lot(conn, lots)
    return tuple(
        VoucherStock(
            lot=views[lot],
            figures=tuple(Figures.of(each) for each in sums.get(lot, Sums()).balances),
            receipts=sums.get(lot, Sums()).receipts,
        )
        for lot in lots
    )


def _movements(
    conn: Connection, rows: Sequence[Any], views: Mapping[int, LotView]
) -> tuple[VoucherMovement, ...]:
    documents = describe.documents(conn, (row.event for row in rows))
    return tuple(
        VoucherMovement(
            lot=views[row.lot],
            document=documents[row.event],
            direction=row.direction,
            amount=amount_of(int(row.amount)),
            unit=unit_of(row.dimension),
            giver=row.giver,
            taker=row.taker,
            manner=row.manner,
        )
        for row in rows
    )


def _makings(
    conn: Connection, lots: Sequence[int], manners: Mapping[int, str | None]
) -> tuple[VoucherMaking, ...]:
    outputs: dict[int, list[int]] = defaultdict(list)
    asked = {"lot": arrays.numbers(lots), "shown": SHOWN}
    for row in conn.execute(sql("voucher_makings"), asked):
        outputs[row.event].append(row.lot)
    documents = describe.documents(conn, outputs)
    views = describe.lots(conn, (lot for some in outputs.values() for lot in some))
    return tuple(
        VoucherMaking(
            document=documents[event],
            process=manners.get(event),
            outputs=tuple(views[lot] for lot in dict.fromkeys(some)),
        )
        for event, some in outputs.items()
    )


def _papers(
    conn: Connection, event: int, views: Sequence[LotView], lots: Sequence[int]
) -> Iterable[VoucherPaper]:
    everywhere = papers_numbered(conn, papers_of_event(conn, event))
    own = [each for each in everywhere if each.event == event]
    found, drawn = homes(conn, everywhere), draws(conn, everywhere)
    places = [(view.holder, view.location) for view in views]
    reached = [each for each in provinces(conn, places).values() if each is not None]
    sold = conn.execute(sql("paper_sale_days"), {"lot": arrays.numbers(lots)})
    days = {row.day for row in sold}
    told: dict[VoucherPaper, None] = {}
    for shown, paper in zip(own, at_home(own, found), strict=True):
        stands = standing(
            paper.verification,
            sold_after=expired(paper.valid_until, {*days, shown.day}),
            outside=wrong_scope(paper.kind, paper.scope, paper.home, reached),
            drawn=drawn.get(shown.key),
        )
        told[_paper(shown, drawn.get(shown.key), stands.faults, stands.green)] = None
    return told


def _paper(shown: Shown, drawn: Drawn | None, faults: tuple[str, ...], green: bool) -> VoucherPaper:
    paper, kind = shown.paper, kind_of(shown.paper.kind)
    names = ("number", "issuer", "issued_on", "valid_until", "scope", "verification")
    return VoucherPaper(
        kind=None if kind is None else kind.code,
        zh=paper.kind if kind is None else kind.zh,
        en=paper.kind if kind is None else kind.en,
        written=paper.kind,
        use=None if drawn is None else PaperUse.of(drawn),
        faults=faults,
        green=green,
        **{name: getattr(paper, name) for name in names},
    )
