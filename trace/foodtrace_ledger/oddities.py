"""Flags of an answer, computed when read: what an honest record shows to be odd.

The database names the few lots and documents that may be odd; the domain's own rules judge them
(`flagging`). A recall's answer judges neither stock without codes nor papers: the one takes all days
of every pool on the way, the other the way up from every lot, which is the business of the list of
flags, of the stock book and of a lot's papers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress

from sqlalchemy import Connection

from foodtrace.codes import GRAMMARS
from foodtrace.flags import Flag, broken_check_character, unknown_units
from foodtrace.lots import LotKind
from foodtrace_ledger import arrays, describe
from foodtrace_ledger.flagging import lots as of_lots
from foodtrace_ledger.flagging.documents import of_documents_about
from foodtrace_ledger.flagging.inspected import of_inspections
from foodtrace_ledger.flagging.papers import of_papers
from foodtrace_ledger.flagging.pools import of_pools
from foodtrace_ledger.sqlfile import plain, sql
from foodtrace_ledger.walk import KINDS, Walk

# Flags an answer names; the others are counted.
FLAGS_SHOWN = 1_000

_PROCESS = KINDS.index(LotKind.PROCESS)


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
    suspects = _suspects(conn, walk)
    every = [
        *_judge(of_lots.of_dates, conn, suspects.younger),
        *_of_stray_dates(conn, walk, batches),
        *of_lots.of_balances(conn, walk.lots),
        *_judge(of_lots.of_expiry, conn, suspects.dated),
        *_judge(of_lots.of_named, conn, suspects.named),
        *_judge(of_lots.of_orphans, conn, suspects.processes),
        *_judge(of_inspections, conn, suspects.failed),
        *_of_cycles(conn, walk),
        *of_documents_about(conn, walk.lots),
        *of_codes(conn, walk.lots),
        *(Flag(code="unit.unknown", detail=unit) for unit in unknown_units(dimensions)),
    ]
    count = len(every) + unknown_count
    return Oddities(flags=(*every, *unknown)[:FLAGS_SHOWN], count=count)


@dataclass(frozen=True, slots=True)
class _Suspects:
    """The lots about which a rule may have a say; the rules read more of them."""

    younger: list[int] = field(default_factory=list)
    named: list[int] = field(default_factory=list)
    dated: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    processes: list[int] = field(default_factory=list)


def _suspects(conn: Connection, walk: Walk) -> _Suspects:
    found = _Suspects()
    columns = (found.younger, found.named, found.dated, found.failed)
    for lot, *rules in plain(conn, "odd_lots", {"lot": arrays.numbers(walk.lots)}):
        for suspects in compress(columns, rules):
            suspects.append(lot)
    found.processes.extend(compress(walk.lots, (kind == _PROCESS for kind in walk.kind)))
    return found


def _judge(
    rule: Callable[[Connection, Sequence[int]], Iterator[Flag]],
    conn: Connection,
    lots: Sequence[int],
) -> Iterable[Flag]:
    return rule(conn, lots) if lots else ()


def of_lot(conn: Connection, lot: int) -> tuple[Flag, ...]:
    """All flags of one lot, its documents and its holder."""
    return (
        *of_lots.of_dates(conn, [lot]),
        *of_lots.of_balances(conn, [lot]),
        *of_lots.of_expiry(conn, [lot]),
        *of_lots.of_named(conn, [lot]),
        *of_lots.of_orphans(conn, [lot]),
        *of_inspections(conn, [lot]),
        *of_pools(conn, [lot]),
        *of_papers(conn, [lot]),
        *of_lots.of_units(conn, [lot]),
        *of_documents_about(conn, [lot]),
        *of_parties(conn, [lot])[0],
        *of_codes(conn, [lot]),
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
            day=row.day,
            product=row.product,
            detail=f"production_date: {row.made} → {row.printed}",
        )


def _of_cycles(conn: Connection, walk: Walk) -> Iterator[Flag]:
    inside = walk.circles()
    views = describe.lots(conn, inside)
    for view in (views[lot] for lot in inside):
        yield Flag(
            code="lineage.cycle", lot_id=view.lot_id, holder=view.holder, location=view.location
        )


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
