"""Ledgers for tests: chunks from events, emptying, and a log that can be read in any odd way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine, text

from foodtrace.events import Event
from foodtrace.events.line import Line, LotCode, ProductRef
from foodtrace.events.receipt import Receipt
from foodtrace.events.side import Side
from foodtrace.events.trade import Trade
from foodtrace.events.void import Void, VoidReason
from foodtrace.events.voucher import Voucher
from foodtrace.identity import event_id
from foodtrace.quantity import Quantity
from foodtrace_ledger.chunk import Aside, Chunk, Origin, Taken
from foodtrace_ledger.dump import of_ledger
from foodtrace_ledger.dump_reference import Plain
from foodtrace_ledger.engine import snapshot
from foodtrace_ledger.tables import metadata
from foodtrace_ledger.writer import Written, write_chunk
from support.small import NOON, envelope

LOG = "log-1"
CONSUMER = "ledger"


def origin(topic: str, partition: int, offset: int) -> Origin:
    """Where a record stands; append times follow the offsets."""
    return Origin(
        log=LOG,
        topic=topic,
        partition=partition,
        offset=offset,
        received_at=NOON + timedelta(milliseconds=offset * 10 + partition),
    )


def taken(event: Event, offset: int, *, topic: str = "trade", partition: int = 0) -> Taken:
    """A record of that event."""
    return Taken(
        origin=origin(topic, partition, offset),
        event=event,
        payload=b"\0\0\0\0\1" + event.envelope.event_id.bytes,
        schema_id=1,
    )


def chunk(
    events: Iterable[Event | Aside],
    *,
    start: int = 0,
    end: int | None = None,
    topic: str = "trade",
    partition: int = 0,
    log: str = LOG,
) -> Chunk:
    """Consecutive records of one partition."""
    entries = tuple(
        event
        if isinstance(event, Aside)
        else taken(event, offset, topic=topic, partition=partition)
        for offset, event in enumerate(events, start)
    )
    return Chunk(
        consumer=CONSUMER,
        log=log,
        topic=topic,
        partition=partition,
        start=start,
        end=start + len(entries) if end is None else end,
        entries=entries,
    )


def push(engine: Engine, *events: Event, topic: str = "trade", partition: int = 0) -> Written:
    """Append events to a partition and write them as one chunk."""
    with engine.connect() as conn:
        where = {"topic": topic, "partition": partition}
        start = conn.execute(
            text(
                "SELECT max(next_offset) FROM ledger.position"
                " WHERE topic = :topic AND partition = :partition"
            ),
            where,
        ).scalar()
    return write_chunk(engine, chunk(events, start=start or 0, topic=topic, partition=partition))


def empty(engine: Engine, *, large: bool = False) -> None:
    """Make the ledger as new; what processes remember of the old one no longer holds.

    Small tables are deleted from many times faster than they are truncated; `large` ones would keep
    their dead rows.
    """
    tables = [f"{table.schema}.{table.name}" for table in metadata.sorted_tables]
    names = [name for name in tables if name != "ledger.instance"]
    script = f"TRUNCATE {', '.join(names)}" if large else _deleting(names)
    with engine.begin() as conn:
        conn.execute(text(script))
        conn.execute(text("UPDATE ledger.instance SET ledger_id = gen_random_uuid()"))


def _deleting(names: Iterable[str]) -> str:
    return "; ".join(f"DELETE FROM {name}" for name in names)


def dumped(engine: Engine) -> frozenset[Plain]:
    """What the ledger holds now."""
    with snapshot(engine) as conn:
        return of_ledger(conn)


def bags(amount: int | str) -> Quantity:
    """So many 袋."""
    return Quantity(Decimal(amount), "袋")


def goods(
    code: str | None = None,
    amount: int | str = 1,
    *,
    line_no: int = 1,
    batch: str | None = None,
    **more: Any,
) -> Line:
    """A line of 奶酪 under a trace code, a batch code, or none (then it meets the day's pool)."""
    return Line(
        line_no=line_no,
        product=ProductRef(product_id="cheese", name="奶酪"),
        lot_codes=() if code is None else (LotCode(code=code),),
        batch_code=batch,
        count=bags(amount),
        **more,
    )


def trade(
    number: int | str, seller: str, buyer: str, *lines: Line, place: str | None = None, **more: Any
) -> Trade:
    """A sale between two parties."""
    return Trade(
        envelope=envelope("trade", str(number), **more),
        seller=Side(party=seller, location=place),
        buyer=Side(party=buyer, location=place),
        lines=lines or (goods("X"),),
    )


def receipt(number: int | str, seller: str, *lines: Line, **more: Any) -> Receipt:
    """A retail sale with the receipt code `R{number}`."""
    return Receipt(
        envelope=envelope("receipt", str(number), document_number=f"N{number}", **more),
        seller=Side(party=seller),
        receipt_code=f"R{number}",
        total_amount=Decimal("12.50"),
        currency="CNY",
        lines=lines or (goods("X"),),
    )


def voucher(number: str, issuer: str, *lines: Line, receiver: str | None = None) -> Voucher:
    """A voucher with that number, handing over to a receiver if there is one."""
    return Voucher(
        envelope=envelope("voucher", number, document_number=number),
        issuer=Side(party=issuer),
        receiver=None if receiver is None else Side(party=receiver),
        lines=lines or (goods("X"),),
    )


def void(
    number: int | str,
    target: Event | tuple[str, str, str],
    *,
    line: int | None = None,
    source: str = "erp",
    **more: Any,
) -> Void:
    """A void of an event, or of what (source, kind, source event id) names."""
    wanted = event_id(*target) if isinstance(target, tuple) else target.envelope.event_id
    return Void(
        envelope=envelope("void", str(number), source=source, **more),
        target_event_id=wanted,
        target_line=line,
        reason=VoidReason.DID_NOT_OCCUR,
    )
