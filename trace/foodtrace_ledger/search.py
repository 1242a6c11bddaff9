"""Search batches by product, manufacturer, day and any alias; page by page, never cut off silently."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Connection

from foodtrace.codes import canonical
from foodtrace_ledger import arrays, batches, parties
from foodtrace_ledger.answers import LotView
from foodtrace_ledger.batches import BatchCandidate
from foodtrace_ledger.describe import lot_view
from foodtrace_ledger.named import subjects
from foodtrace_ledger.sqlfile import sql

LIMIT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPage:
    """Batches in the order of their public ids; `next` goes on, None on the last page."""

    batches: tuple[BatchCandidate, ...]
    next: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LotPage:
    """Lots in the order of their public ids; `next` goes on, None on the last page."""

    lots: tuple[LotView, ...]
    next: UUID | None


def search(
    conn: Connection,
    *,
    product: str | None = None,
    manufacturer: str | None = None,
    first_day: date | None = None,
    last_day: date | None = None,
    after: UUID | None = None,
    limit: int = LIMIT,
) -> BatchPage:
    """Batches for which everything stated holds.

    `product` and `manufacturer` are an id, an alias (GTIN, USCC, licence, market code), or part of
    a name; the days are days of production.
    """
    asked = {
        "products": _texts(_meant(conn, "product", product)),
        "makers": _texts(_meant(conn, "party", manufacturer)),
        "first": first_day,
        "last": last_day,
        "after": after,
        "limit": limit + 1,
    }
    rows = conn.execute(sql("search_batches"), asked).all()
    page = rows[:limit]
    return BatchPage(
        batches=batches.candidates(conn, [row.id for row in page], absorb=False),
        next=page[-1].batch_id if len(rows) > limit else None,
    )


def _meant(conn: Connection, kind: str, words: str | None) -> list[str] | None:
    """The keys that an id, alias or part of a name may stand for."""
    if words is None:
        return None
    code = canonical(words)
    if kind == "party":
        keys = set(parties.ids(conn, code))
    else:
        keys = {code} | {each.subject for each in subjects(conn, code) if each.kind == kind}
    pattern = "%" + code.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    named = "products_named" if kind == "product" else "parties_named"
    keys.update(row[0] for row in conn.execute(sql(named), {"pattern": pattern}))
    if kind == "product" and code.isdigit():
        keys.add(code.zfill(14))
    return sorted(keys)


def _texts(keys: list[str] | None) -> str | None:
    return None if keys is None else arrays.texts(keys)


def lots_of_batch(
    conn: Connection, batch_id: UUID, *, after: UUID | None = None, limit: int = LIMIT
) -> LotPage:
    """Every lot that claims a batch; raises NotFound `batch.unknown`."""
    (number,) = batches.numbers(conn, [batch_id])
    numbers = [number, *batches.same(conn, [number]).get(number, ())]
    asked = {"batch": arrays.numbers(numbers), "after": after, "limit": limit + 1}
    return _lots(conn, "lots_of_batch", asked, limit)


def lots_of_holders(
    conn: Connection,
    holders: Iterable[str],
    *,
    location: str | None = None,
    after: UUID | None = None,
    limit: int = LIMIT,
) -> LotPage:
    """Every lot that somebody under any of these ids holds or held, at all locations or one; keys
    in canonical form."""
    asked = {
        "holder": arrays.texts(sorted(holders)),
        "location": location,
        "after": after,
        "limit": limit + 1,
    }
    return _lots(conn, "lots_of_holders", asked, limit)


def _lots(conn: Connection, name: str, asked: Mapping[str, object], limit: int) -> LotPage:
    rows = conn.execute(sql(name), asked).all()
    page = tuple(lot_view(row) for row in rows[:limit])
    return LotPage(lots=page, next=page[-1].lot_id if len(rows) > limit else None)
