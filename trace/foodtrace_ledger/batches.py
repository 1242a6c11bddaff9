"""Batches: the ones a code may mean, the lots that claim them, and a search over them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Connection

from foodtrace.codes import canonical
from foodtrace.problems import NotFound
from foodtrace_ledger import arrays, describe
from foodtrace_ledger.answers import BatchView, LotView
from foodtrace_ledger.sqlfile import sql

# Lots of a batch that a candidate names; `lots_of` pages through all.
LOTS_SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchCandidate:
    """A batch with what its lines print and who has it.

    `others` are the same batch where a document leaves the manufacturer out. `lots` are the first
    of `lot_count`, `holders` counts parties at locations; the days are those of documents.
    """

    batch: BatchView
    others: tuple[BatchView, ...]
    product_names: tuple[str, ...]
    production_dates: tuple[date, ...]
    expiry_dates: tuple[date, ...]
    lots: tuple[LotView, ...]
    lot_count: int
    holders: int
    first_day: date
    last_day: date


def same(conn: Connection, batches: Iterable[int]) -> dict[int, list[int]]:
    """For each batch the numbers under which it also stands without its manufacturer.

    A line that leaves the manufacturer out means the batch that the same lot claims elsewhere. One
    that fits two makers belongs to both: rather recall too much.
    """
    pairs = conn.execute(sql("nameless_batches"), {"batch": arrays.numbers(batches)}).all()
    if not pairs:
        return {}
    asked = {
        "batch": arrays.numbers(row.batch for row in pairs),
        "other": arrays.numbers(row.other for row in pairs),
    }
    found: dict[int, list[int]] = {}
    for row in conn.execute(sql("same_batches"), asked):
        found.setdefault(row.batch, []).append(row.other)
    return found


def numbers(conn: Connection, batch_ids: Sequence[UUID]) -> list[int]:
    """This ledger's numbers of batches; raises NotFound `batch.unknown` for one it doesn't have."""
    asked = {"batch_id": arrays.ids(batch_ids)}
    found: dict[UUID, int] = {row[0]: row[1] for row in conn.execute(sql("batch_numbers"), asked)}
    missing = [str(batch_id) for batch_id in batch_ids if batch_id not in found]
    if missing:
        raise NotFound("batch.unknown", ", ".join(missing))
    return [found[batch_id] for batch_id in batch_ids]


def by_code(conn: Connection, code: str, at: date | None = None) -> tuple[BatchCandidate, ...]:
    """The different batches that a code may mean, those known around the day `at` if it is given."""
    rows = conn.execute(sql("batches_by_code"), {"code": canonical(code)})
    found = candidates(conn, [row.id for row in rows])
    return tuple(each for each in found if around(each.first_day, each.last_day, at))


# A code may be used again; records are kept for two years (食品安全法 50), so that far apart it is
# another batch.
_MEMORY_DAYS = 2 * 365


def around(first_day: date | None, last_day: date | None, at: date | None) -> bool:
    """Whether goods of these days may be meant by a code seen on the day `at`."""
    if at is None or first_day is None or last_day is None:
        return True
    day = at.toordinal()
    return first_day.toordinal() - _MEMORY_DAYS <= day <= last_day.toordinal() + _MEMORY_DAYS


def by_id(conn: Connection, batch_id: UUID) -> BatchCandidate:
    """One batch; raises NotFound `batch.unknown`, also when nothing that holds claims it."""
    found = candidates(conn, numbers(conn, [batch_id]), absorb=False)
    if not found:
        raise NotFound("batch.unknown", str(batch_id))
    return found[0]


def candidates(
    conn: Connection, batches: Sequence[int], *, absorb: bool = True
) -> tuple[BatchCandidate, ...]:
    """Batches as candidates, in the order given; without those that nothing claims any more.

    With `absorb` one that only lacks its manufacturer isn't a candidate of its own.
    """
    if not batches:
        return ()
    others = same(conn, batches)
    absorbed = {other for each in others.values() for other in each} if absorb else set()
    kept = [batch for batch in batches if batch not in absorbed]
    pairs = [(batch, each) for batch in kept for each in (batch, *others.get(batch, ()))]
    views = describe.batches(conn, (each for _, each in pairs))
    asked = {
        "batch": arrays.numbers(batch for batch, _ in pairs),
        "each": arrays.numbers(each for _, each in pairs),
        "shown": LOTS_SHOWN,
    }
    rows = {row.batch: row for row in conn.execute(sql("batch_claims"), asked)}
    lots = describe.lots(conn, (lot for row in rows.values() for lot in row.lots))
    return tuple(
        BatchCandidate(
            batch=views[batch],
            others=tuple(views[other] for other in others.get(batch, ())),
            product_names=tuple(row.product_names or ()),
            production_dates=tuple(row.production_dates or ()),
            expiry_dates=tuple(row.expiry_dates or ()),
            lots=tuple(lots[lot] for lot in row.lots),
            lot_count=row.lot_count,
            holders=row.holders,
            first_day=row.first_day,
            last_day=row.last_day,
        )
        for batch in kept
        if (row := rows.get(batch)) is not None
    )
