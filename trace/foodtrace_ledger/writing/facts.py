"""The facts of new contents as rows, with this ledger's ids in place of keys."""

from __future__ import annotations

from itertools import chain

from sqlalchemy import Connection

from foodtrace.codes import canonical
from foodtrace_ledger import arrays
from foodtrace_ledger.sqlfile import sql
from foodtrace_ledger.writing.columns import TABLES, Row, insert
from foodtrace_ledger.writing.heads import Heads
from foodtrace_ledger.writing.keys import batch_ids, lot_ids
from foodtrace_ledger.writing.known import Learnt
from foodtrace_ledger.writing.rows import MAKERS
from foodtrace_ledger.writing.said import Said
from foodtrace_ledger.writing.spoken import Ids, Spoken


def write(conn: Connection, fresh: Said, heads: Heads, learnt: Learnt) -> dict[str, list[Row]]:
    """Write the facts of new contents and give their rows by table."""
    spoken = [
        Spoken(content.event, (heads.ids[event_id], number), content.event.effects())
        for (event_id, number), content in fresh.items()
    ]
    ids = Ids(
        lot_ids(conn, dict.fromkeys(chain.from_iterable(map(Spoken.lots, spoken))), learnt),
        batch_ids(conn, dict.fromkeys(chain.from_iterable(map(Spoken.batches, spoken))), learnt),
    )
    rows = {
        table: [row for each in spoken for row in make(each, ids)] for table, make in MAKERS.items()
    }
    _learn_names(conn, spoken, ids, learnt)
    for table in TABLES:
        insert(conn, table, rows[table])
    return rows


def _learn_names(conn: Connection, spoken: list[Spoken], ids: Ids, learnt: Learnt) -> None:
    """Note under which days and names batches and products can be searched."""
    claims = [claim for each in spoken for claim in each.effects.claims]
    days = {
        (claim.production_date, ids.batches[claim.batch])
        for claim in claims
        if claim.batch is not None and claim.production_date is not None
    }
    new_days = sorted(learnt.new_names(days))
    if new_days:
        made, batches = zip(*new_days, strict=True)
        columns = {"production_date": arrays.days(made), "batch": arrays.numbers(batches)}
        conn.execute(sql("insert_batch_day"), columns)
    names = {
        (claim.lot.product, canonical(claim.product_name))
        for claim in claims
        if claim.product_name and claim.lot.product
    }
    new_names = sorted(learnt.new_names(names))
    if new_names:
        products, called = zip(*new_names, strict=True)
        columns = {"product": arrays.texts(products), "name": arrays.texts(called)}
        conn.execute(sql("insert_product_name"), columns)
