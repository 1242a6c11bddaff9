"""What inspections found of lots, products, places, receipts and samples, and what follows of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from foodtrace.events.inspection import Stage, Subject, Verdict
from foodtrace.inspections import Found, Judged, State, judge
from foodtrace_ledger import arrays, describe
from foodtrace_ledger.answers import Document, LotView
from foodtrace_ledger.sqlfile import sql
from foodtrace_ledger.walk import Roots, Walk
from foodtrace_ledger.walker import upstream

#: Findings of one subject that are told one by one, the latest; the others are counted.
FINDINGS_SHOWN = 50
#: Condemned lots upstream that are told one by one.
CONDEMNED_SHOWN = 20

# A kind of subject (but a lot) and its canonical code.
SubjectKey = tuple[str, str]
# Those of some events whose documents may be read.
Readable = Callable[[Collection[UUID]], Collection[UUID]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView:
    """One finding, the state of its subject after it, and what is remarkable about it."""

    document: Document
    at: datetime
    day: date
    holder: str
    location: str
    method: str
    stage: str
    verdict: str
    laboratory: str | None
    retest_of: UUID | None
    state: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """A subject and its state: open, suspended, cleared or condemned, `since` which event.

    `lot` is set where the subject is a lot. `findings` are the latest of `finding_count`, in the
    order in which they count.
    """

    kind: str
    subject: str
    lot: LotView | None
    state: str
    since: UUID | None
    findings: tuple[FindingView, ...]
    finding_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Condemned:
    """A lot upstream that is condemned; possible where only possible links lead from it."""

    lot: LotView
    certain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LotInspected:
    """What holds for a lot: `state` is condemned also where goods of a condemned lot are in it.

    `own` are the findings about the lot itself; `context` those about its product, its place, or a
    receipt or sample of it, which don't change its state. `condemned` are the first of
    `condemned_count` lots upstream.
    """

    state: str
    own: Inspected
    context: tuple[Inspected, ...]
    condemned: tuple[Condemned, ...]
    condemned_count: int


def of_lot(conn: Connection, lot: int, readable: Readable | None = None) -> LotInspected:
    """The state of a lot (this ledger's number).

    With `readable` its own findings and those beside it are told, and counted, only where their
    documents may be read; that a lot upstream is condemned is told all the same.
    """
    walk = upstream(conn, Roots((lot,)))
    rows = _by_lot(conn, walk.lots)
    about = _kept(rows.get(lot, ()), readable)
    own = _one(conn, Subject.LOT, about, describe.lots(conn, [lot])[lot])
    above = _condemned(walk, rows)
    certain = any(sure for each, sure in above if each != lot)
    views = describe.lots(conn, (each for each, _ in above[:CONDEMNED_SHOWN]))
    beside = [(row.kind, row.subject) for row in conn.execute(sql("subjects_beside"), {"lot": lot})]
    return LotInspected(
        state=State.CONDEMNED if certain else own.state,
        own=own,
        context=of_subjects(conn, beside, readable),
        condemned=tuple(
            Condemned(lot=views[each], certain=sure) for each, sure in above[:CONDEMNED_SHOWN]
        ),
        condemned_count=len(above),
    )


def state_of(conn: Connection, lots: Sequence[int]) -> dict[int, State]:
    """The state of lots by their own findings; those that nobody examined are left out."""
    return {
        lot: judge(_found(row) for row in rows).state for lot, rows in _by_lot(conn, lots).items()
    }


def of_lots(
    conn: Connection, lots: Sequence[int], readable: Readable | None = None
) -> tuple[Inspected, ...]:
    """Each of these lots that somebody examined, by its own findings."""
    every = _by_lot(conn, lots)
    rows = {lot: kept for lot, some in every.items() if (kept := _kept(some, readable))}
    views = describe.lots(conn, rows)
    return tuple(_one(conn, Subject.LOT, rows[lot], views[lot]) for lot in lots if lot in rows)


def of_subjects(
    conn: Connection, subjects: Iterable[SubjectKey], readable: Readable | None = None
) -> tuple[Inspected, ...]:
    """Products, locations, receipts and samples of which something was found, in their order."""
    wanted = sorted(set(subjects))
    if not wanted:
        return ()
    asked = {
        "kind": arrays.texts(kind for kind, _ in wanted),
        "subject": arrays.texts(subject for _, subject in wanted),
    }
    grouped: dict[SubjectKey, list[Any]] = defaultdict(list)
    for row in _kept(conn.execute(sql("findings_of_subjects"), asked).all(), readable):
        grouped[row.subject_kind, row.subject].append(row)
    return tuple(_one(conn, kind, grouped[kind, of], None) for kind, of in sorted(grouped))


def _by_lot(conn: Connection, lots: Iterable[int]) -> Mapping[int, Sequence[Any]]:
    grouped: dict[int, list[Any]] = defaultdict(list)
    for row in conn.execute(sql("findings_of_lots"), {"lot": arrays.numbers(lots)}):
        grouped[row.lot].append(row)
    return grouped


def _kept(rows: Sequence[Any], readable: Readable | None) -> Sequence[Any]:
    if readable is None or not rows:
        return rows
    seen = set(readable({row.event_id for row in rows}))
    return [row for row in rows if row.event_id in seen]


def _condemned(walk: Walk, rows: Mapping[int, Sequence[Any]]) -> list[tuple[int, bool]]:
    """The condemned lots of a walk up, those that goods came from for certain first."""
    start = walk.lots[0]
    found = [
        (lot, bool(walk.confirmed[walk.place[lot]]))
        for lot in walk.lots
        if lot != start
        and lot in rows
        and judge(_found(row) for row in rows[lot]).state is State.CONDEMNED
    ]
    return sorted(found, key=lambda each: not each[1])


def _found(row: Any) -> Found:
    return Found(
        event_id=row.event_id,
        at=row.occurred_at,
        method=row.method,
        stage=Stage(row.stage),
        verdict=Verdict(row.verdict),
        retest_of=row.retest_of,
    )


def _one(conn: Connection, kind: str, rows: Sequence[Any], lot: LotView | None) -> Inspected:
    judged = judge(_found(row) for row in rows)
    shown = judged.steps[-FINDINGS_SHOWN:]
    said = {(row.event_id, _found(row)): row for row in rows}
    picked = [said[step.found.event_id, step.found] for step in shown]
    documents = describe.documents(conn, (row.event for row in picked))
    since = judged.since
    return Inspected(
        kind=kind,
        subject=rows[0].subject if rows else (lot.code if lot else ""),
        lot=lot,
        state=judged.state,
        since=None if since is None else since.event_id,
        findings=_views(judged, picked, documents),
        finding_count=len(judged.steps),
    )


def _views(
    judged: Judged, rows: Sequence[Any], documents: Mapping[int, Document]
) -> tuple[FindingView, ...]:
    names = ("day", "holder", "location", "method", "stage", "verdict", "laboratory", "retest_of")
    return tuple(
        FindingView(
            document=documents[row.event],
            at=row.occurred_at,
            state=step.state,
            notes=tuple(str(note) for note in step.notes),
            **{name: getattr(row, name) for name in names},
        )
        for step, row in zip(judged.steps[-FINDINGS_SHOWN:], rows, strict=True)
    )
