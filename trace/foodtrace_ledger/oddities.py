"""Flags of an answer, computed when read: what an honest record shows to be odd.

The database names the few lots that may be odd; the domain's own rules judge them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from sqlalchemy import Connection

from foodtrace.codes import GRAMMARS
from foodtrace.effects import Role
from foodtrace.flags import (
    Flag,
    Printed,
    balance_flags,
    broken_check_character,
    unknown_units,
    younger_dates,
)
from foodtrace.lots import LotKind
from foodtrace_ledger import amounts, arrays, describe
from foodtrace_ledger.origins import with_origin
from foodtrace_ledger.sqlfile import sql
from foodtrace_ledger.walk import Walk

# Flags an answer names; the others are counted.
FLAGS_SHOWN = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Oddities:
    """The first flags, and how many there are."""

    flags: tuple[Flag, ...]
    count: int


def oddities(
    conn: Connection, walk: Walk, batches: Sequence[int], dimensions: Iterable[str]
) -> Oddities:
    """The flags of all lots of a walk: dates that grow younger first."""
    unknown, unknown_count = of_parties(conn, walk.lots)
    every = [
        *of_dates(conn, walk.lots),
        *_of_stray_dates(conn, walk, batches),
        *of_balances(conn, walk.lots),
        *_of_cycles(conn, walk),
        *of_contents(conn, walk.lots),
        *of_codes(conn, walk.lots),
        *(Flag(code="unit.unknown", detail=unit) for unit in unknown_units(dimensions)),
    ]
    count = len(every) + unknown_count
    return Oddities(flags=(*every, *unknown)[:FLAGS_SHOWN], count=count)


def of_dates(conn: Connection, lots: Sequence[int]) -> Iterator[Flag]:
    """Lots that went out with younger dates than they came in with."""
    asked = {"lot": arrays.numbers(lots)}
    for _, rows in groupby(conn.execute(sql("younger_prints"), asked), key=attrgetter("lot")):
        prints = list(rows)
        printed = (
            Printed(
                event_id=row.event_id,
                role=Role(row.role),
                production_date=row.production_date,
                expiry_date=row.expiry_date,
            )
            for row in prints
        )
        for event_id, field, came, went in younger_dates(printed):
            yield Flag(
                code="date.younger",
                lot_id=prints[0].lot_id,
                holder=prints[0].holder,
                location=prints[0].location,
                event_id=event_id,
                detail=f"{field}: {came} → {went}",
            )


def _of_stray_dates(conn: Connection, walk: Walk, batches: Sequence[int]) -> Iterator[Flag]:
    """Lots that claim a batch, have no path to it, and print it younger than its source does."""
    if not walk.unlinked or not batches:
        return
    asked = {"batch": arrays.numbers(batches), "lot": arrays.numbers(sorted(walk.unlinked))}
    for row in conn.execute(sql("younger_strays"), asked):
        yield Flag(
            code="date.younger",
            lot_id=row.lot_id,
            holder=row.holder,
            location=row.location,
            event_id=row.event_id,
            detail=f"production_date: {row.made} → {row.printed}",
        )


def of_balances(conn: Connection, lots: Sequence[int]) -> Iterator[Flag]:
    """Lots from which more left than came in, or that nobody received."""
    asked = {"lot": arrays.numbers(lots), "part": arrays.numbers(lots)}
    overdrawn = sorted(row.lot for row in conn.execute(sql("overdrawn"), asked))
    if not overdrawn:
        return
    sums, views = amounts.by_lot(conn, overdrawn), describe.lots(conn, overdrawn)
    sourced = with_origin(conn, overdrawn)
    for lot in overdrawn:
        view = views[lot]
        for code, detail in balance_flags(sums[lot].balances, LotKind(view.kind)):
            # What the source had before is no document's business.
            if code == "lot.never-received" and lot in sourced:
                continue
            yield Flag(
                code=code,
                lot_id=view.lot_id,
                holder=view.holder,
                location=view.location,
                detail=detail,
            )


def _of_cycles(conn: Connection, walk: Walk) -> Iterator[Flag]:
    inside = walk.circles()
    views = describe.lots(conn, inside)
    for view in (views[lot] for lot in inside):
        yield Flag(
            code="lineage.cycle", lot_id=view.lot_id, holder=view.holder, location=view.location
        )


def of_contents(conn: Connection, lots: Sequence[int]) -> Iterator[Flag]:
    """Events that speak of the lots and came with two contents."""
    for row in conn.execute(sql("contradicted_events"), {"lot": arrays.numbers(lots)}):
        yield Flag(code="event.two-contents", event_id=row.event_id)


def of_codes(conn: Connection, lots: Sequence[int]) -> Iterator[Flag]:
    """Codes of the lots' holders and products whose check character is wrong."""
    asked = {"lot": arrays.numbers(lots), "scheme": arrays.texts(GRAMMARS)}
    for row in conn.execute(sql("checked_codes"), asked):
        if broken_check_character(row.code, row.scheme):
            holder = row.subject if row.subject_kind == "party" else None
            detail = f"{row.subject_kind} {row.subject}: {row.scheme} {row.code}"
            yield Flag(
                code="code.check-character", holder=holder, event_id=row.event_id, detail=detail
            )


def of_parties(conn: Connection, lots: Sequence[int]) -> tuple[tuple[Flag, ...], int]:
    """Holders of the lots that no register knows: the first, and how many there are."""
    asked = {"lot": arrays.numbers(lots), "shown": FLAGS_SHOWN}
    rows = conn.execute(sql("unknown_holders"), asked).all()
    flags = tuple(
        Flag(code="party.unknown", holder=row.holder, location=row.location) for row in rows
    )
    return flags, rows[0].every if rows else 0
