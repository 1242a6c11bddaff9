"""What a recall is of: lots, or everything that claims some batches."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Connection

from foodtrace.problems import NotFound
from foodtrace_ledger import arrays
from foodtrace_ledger.batches import numbers, same
from foodtrace_ledger.neighbours import Way, link_rows
from foodtrace_ledger.sqlfile import plain, sql
from foodtrace_ledger.walk import Roots

__all__ = ["Roots", "of_batches", "of_lots"]


def of_lots(conn: Connection, lot_ids: Iterable[UUID]) -> Roots:
    """The lots with these public ids; raises NotFound `lot.unknown` for one that isn't known."""
    wanted = list(dict.fromkeys(lot_ids))
    asked = {"lot_id": arrays.ids(wanted)}
    found: dict[UUID, int] = {row[0]: row[1] for row in conn.execute(sql("lot_numbers"), asked)}
    missing = [str(lot_id) for lot_id in wanted if lot_id not in found]
    if missing:
        raise NotFound("lot.unknown", ", ".join(missing))
    return Roots(tuple(found[lot_id] for lot_id in wanted))


def of_batches(conn: Connection, batch_ids: Iterable[UUID]) -> Roots:
    """Every lot that claims one of the batches; raises NotFound `batch.unknown`.

    Those that have a parent among them are left to the walk. Of the rest, the first lots (those
    with a source of their own) are the starts; the others claim the batch and nothing leads to
    them.
    """
    wanted = numbers(conn, list(dict.fromkeys(batch_ids)))
    others = same(conn, wanted)
    batches = (*wanted, *dict.fromkeys(o for each in others.values() for o in each))
    claiming = dict(plain(conn, "lots_claiming", {"batch": arrays.numbers(batches)}))
    return _split(conn, claiming, batches)


def _split(conn: Connection, claiming: dict[int, bool], batches: tuple[int, ...]) -> Roots:
    inside: set[int] = set()
    sourced = {lot for lot, has_origin in claiming.items() if has_origin}
    for links in link_rows(conn, list(claiming), Way.UP):
        inside.update(link[0] for link in links if link[1] in claiming)
        sourced.update(link[0] for link in links if link[1] not in claiming)
    heads = [lot for lot in claiming if lot not in inside]
    starts = tuple(lot for lot in heads if lot in sourced)
    unlinked = tuple(lot for lot in heads if lot not in sourced)
    others = tuple(lot for lot in claiming if lot in inside)
    # Without any source the first known holders are all there is.
    return Roots(starts or unlinked, unlinked if starts else (), others, batches)
