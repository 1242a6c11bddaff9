"""The ids of lots and batches in this ledger: remembered, or made in one statement each."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Connection

from foodtrace.lots import BatchKey, LotKey
from foodtrace_ledger import arrays
from foodtrace_ledger.sqlfile import sql
from foodtrace_ledger.writing.known import Learnt

K = TypeVar("K", bound=Hashable)


def lot_ids(conn: Connection, keys: Iterable[LotKey], learnt: Learnt) -> dict[LotKey, int]:
    """The id of every lot, new ones made."""
    ids, unknown = _remembered(keys, learnt.lots, learnt.known.lots.get)
    if not unknown:
        return ids
    by_id = dict(sorted((key.lot_id, key) for key in unknown))
    lots = by_id.values()
    columns = {
        "lot_id": arrays.plain(by_id),
        "holder": arrays.texts(lot.holder for lot in lots),
        "location": arrays.texts(lot.location for lot in lots),
        "kind": arrays.texts(lot.kind for lot in lots),
        "product": arrays.texts(lot.product for lot in lots),
        "code": arrays.texts(lot.code for lot in lots),
    }
    found = {by_id[uuid]: number for uuid, number in _make(conn, "lot", columns, by_id)}
    learnt.lots.update(found)
    return ids | found


def batch_ids(conn: Connection, keys: Iterable[BatchKey], learnt: Learnt) -> dict[BatchKey, int]:
    """The id of every batch, new ones made."""
    ids, unknown = _remembered(keys, learnt.batches, learnt.known.batches.get)
    if not unknown:
        return ids
    by_id = dict(sorted((key.batch_id, key) for key in unknown))
    batches = by_id.values()
    columns = {
        "batch_id": arrays.plain(by_id),
        "manufacturer": arrays.texts(batch.manufacturer for batch in batches),
        "product": arrays.texts(batch.product for batch in batches),
        "code": arrays.texts(batch.code for batch in batches),
    }
    found = {by_id[uuid]: number for uuid, number in _make(conn, "batch", columns, by_id)}
    learnt.batches.update(found)
    return ids | found


def _remembered(
    keys: Iterable[K], learnt: Mapping[K, int], remembered: Callable[[K], int | None]
) -> tuple[dict[K, int], set[K]]:
    ids: dict[K, int] = {}
    unknown: set[K] = set()
    for key in keys:
        number = learnt.get(key) or remembered(key)
        if number is None:
            unknown.add(key)
        else:
            ids[key] = number
    return ids, unknown


def _make(
    conn: Connection, table: str, columns: dict[str, str], wanted: Iterable[UUID]
) -> list[tuple[UUID, int]]:
    made = [(UUID(row.key), row.id) for row in conn.execute(sql(f"make_{table}"), columns)]
    got = {uuid for uuid, _ in made}
    missing = [uuid for uuid in wanted if uuid not in got]
    if missing:
        rows = conn.execute(sql(f"find_{table}"), {"key": arrays.plain(missing)})
        made.extend((UUID(row.key), row.id) for row in rows)
    return made
