"""The ids of lots and batches in this ledger: remembered, or made in one statement each."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import TypeVar

from sqlalchemy import Connection

from foodtrace.lots import BatchKey, LotKey, LotKind
from foodtrace_ledger import arrays
from foodtrace_ledger.hashing import number
from foodtrace_ledger.sqlfile import sql
from foodtrace_ledger.writing.known import Learnt

K = TypeVar("K", bound=Hashable)


def lot_ids(conn: Connection, keys: Iterable[LotKey], learnt: Learnt) -> dict[LotKey, int]:
    """The id of every lot, new ones made."""
    ids, unknown = _remembered(keys, learnt.lots, learnt.known.lots.get)
    if not unknown:
        return ids
    by_hex = dict(sorted([(key.lot_id.hex, key) for key in unknown]))
    lots = by_hex.values()
    columns = {
        "lot_id": _hexes(by_hex),
        "holder": arrays.texts(lot.holder for lot in lots),
        "location": arrays.texts(lot.location for lot in lots),
        "kind": arrays.texts(lot.kind for lot in lots),
        "product": arrays.texts(lot.product for lot in lots),
        "code": arrays.texts(lot.code for lot in lots),
        "stock": arrays.numbers(_stock(lot) for lot in lots),
    }
    found = _make(conn, "lot", columns, by_hex)
    learnt.lots.update(found)
    return ids | found


def _stock(lot: LotKey) -> int | None:
    """What the pools of all days have in common; a lot of another kind is no pool."""
    if lot.kind is not LotKind.POOL:
        return None
    return number(lot.holder, lot.location, lot.product)


def batch_ids(conn: Connection, keys: Iterable[BatchKey], learnt: Learnt) -> dict[BatchKey, int]:
    """The id of every batch, new ones made."""
    ids, unknown = _remembered(keys, learnt.batches, learnt.known.batches.get)
    if not unknown:
        return ids
    by_hex = dict(sorted([(key.batch_id.hex, key) for key in unknown]))
    batches = by_hex.values()
    columns = {
        "batch_id": _hexes(by_hex),
        "manufacturer": arrays.texts(batch.manufacturer for batch in batches),
        "product": arrays.texts(batch.product for batch in batches),
        "code": arrays.texts(batch.code for batch in batches),
    }
    found = _make(conn, "batch", columns, by_hex)
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


def _hexes(values: Iterable[str]) -> str:
    return "{" + ",".join(values) + "}"


def _make(
    conn: Connection, table: str, columns: dict[str, str], by_hex: Mapping[str, K]
) -> dict[K, int]:
    made = {by_hex[key]: number for number, key in conn.execute(sql(f"make_{table}"), columns)}
    missing = [key for key, named in by_hex.items() if named not in made]
    if missing:
        rows = conn.execute(sql(f"find_{table}"), {"key": _hexes(missing)})
        made.update((by_hex[key], number) for number, key in rows)
    return made
