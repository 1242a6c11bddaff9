"""The facts of new contents as rows, with this ledger's ids in place of keys."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain

from sqlalchemy import Connection

from foodtrace.codes import canonical
from foodtrace.effects import Effects
from foodtrace.events import Event
from foodtrace.lots import BatchKey, LotKey
from foodtrace_ledger import arrays
from foodtrace_ledger.sqlfile import sql
from foodtrace_ledger.writing.columns import TABLES, Row, insert
from foodtrace_ledger.writing.heads import Heads
from foodtrace_ledger.writing.keys import batch_ids, lot_ids
from foodtrace_ledger.writing.known import Learnt
from foodtrace_ledger.writing.said import Said, sides, told_by


@dataclass(frozen=True, slots=True)
class Spoken:
    """A new content with its place in the ledger and what follows from it."""

    event: Event
    at: tuple[int, int]
    effects: Effects


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids of the lots and batches that the new contents speak of."""

    lots: dict[LotKey, int]
    batches: dict[BatchKey, int]


def write(conn: Connection, fresh: Said, heads: Heads, learnt: Learnt) -> dict[str, list[Row]]:
    """Write the facts of new contents and give their rows by table."""
    spoken = [
        Spoken(content.event, (heads.ids[event_id], number), content.event.effects())
        for (event_id, number), content in fresh.items()
    ]
    ids = Ids(
        lot_ids(conn, dict.fromkeys(chain.from_iterable(map(_lots, spoken))), learnt),
        batch_ids(conn, dict.fromkeys(chain.from_iterable(map(_batches, spoken))), learnt),
    )
    rows = {
        table: [row for each in spoken for row in make(each, ids)]
        for table, make in _MAKERS.items()
    }
    _learn_names(conn, spoken, ids, learnt)
    for table in TABLES:
        insert(conn, table, rows[table])
    return rows


def _lots(spoken: Spoken) -> Iterator[LotKey]:
    effects = spoken.effects
    for link in effects.links:
        yield link.parent
        yield link.child
    yield from (claim.lot for claim in effects.claims)
    yield from (movement.lot for movement in effects.movements)
    yield from (retail.lot for retail in effects.retail)
    yield from (paper.lot for paper in effects.papers)


def _batches(spoken: Spoken) -> Iterator[BatchKey]:
    return (claim.batch for claim in spoken.effects.claims if claim.batch is not None)


def _claims(spoken: Spoken, ids: Ids) -> Iterator[Row]:
    for f in spoken.effects.claims:
        yield (
            *spoken.at,
            f.line,
            ids.lots[f.lot],
            f.role,
            None if f.batch is None else ids.batches[f.batch],
            f.product_name,
            f.production_date,
            f.expiry_date,
            f.basis,
            f.state,
        )


def _links(spoken: Spoken, ids: Ids) -> Iterator[Row]:
    event, lots = spoken.at[0], ids.lots
    for f in spoken.effects.links:
        yield (lots[f.parent], lots[f.child], event, f.line, f.basis)


def _movements(spoken: Spoken, ids: Ids) -> Iterator[Row]:
    meeting = meeting_of(spoken.event)
    told = None if meeting is None else told_by(spoken.event)
    day = spoken.event.envelope.business_date
    for f in spoken.effects.movements:
        lot = ids.lots[f.lot]
        yield (lot, *spoken.at, f.line, day, f.direction, f.dimension, f.amount, meeting, told)


def meeting_of(event: Event) -> int | None:
    """The number of the trade that both parties may report: by its seller and trade_no."""
    giver, taker = sides(event)
    trade_no = event.envelope.trade_no
    if trade_no is None or giver is None or taker is None:
        return None
    text = json.dumps([giver.holder, canonical(trade_no)])
    return int.from_bytes(sha256(text.encode("ascii")).digest()[:8], "big", signed=True)


def _papers(spoken: Spoken, ids: Ids) -> Iterator[Row]:
    for f in spoken.effects.papers:
        lot = ids.lots[f.lot]
        yield (
            *(lot, *spoken.at, f.line, f.kind, f.number, f.issuer, f.valid_until),
            f.verification,
        )


def _aliases(spoken: Spoken, _ids: Ids) -> Iterator[Row]:
    for f in spoken.effects.aliases:
        named = (f.subject_kind, f.subject, f.scheme, f.code)
        yield (*spoken.at, f.line, *named, f.valid_from, f.valid_to)


def _masters(spoken: Spoken, _ids: Ids) -> Iterator[Row]:
    for f in spoken.effects.masters:
        facts = json.dumps(dict(f.attributes), ensure_ascii=False, sort_keys=True)
        yield (*spoken.at, f.line, f.subject_kind, f.subject, f.name, facts)


def _citations(spoken: Spoken, _ids: Ids) -> Iterator[Row]:
    for f in spoken.effects.citations:
        yield (*spoken.at, f.line, f.number)


def _retail(spoken: Spoken, ids: Ids) -> Iterator[Row]:
    day = spoken.event.envelope.business_date
    for f in spoken.effects.retail:
        yield (*spoken.at, f.line, ids.lots[f.lot], day, f.dimension, f.amount, f.basis)


_MAKERS: dict[str, Callable[[Spoken, Ids], Iterable[Row]]] = {
    "claim": _claims,
    "link": _links,
    "movement": _movements,
    "paper": _papers,
    "alias": _aliases,
    "master": _masters,
    "citation": _citations,
    "retail_line": _retail,
}


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
