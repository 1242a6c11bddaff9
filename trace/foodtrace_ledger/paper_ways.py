"""What happened to goods on the way to some lots, as the rules of papers ask for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from foodtrace.papers import Origin, Step, is_import, operation_of
from foodtrace_ledger import arrays
from foodtrace_ledger.neighbours import SAME
from foodtrace_ledger.sqlfile import sql
from foodtrace_ledger.walk import Roots, Walk
from foodtrace_ledger.walker import upstream


@dataclass(frozen=True, slots=True)
class Ways:
    """The steps upstream of some lots, and the lots that goods come to from outside."""

    walk: Walk
    steps: tuple[Step[int], ...]
    origins: tuple[Origin[int], ...]


@dataclass(frozen=True, slots=True)
class _Told:
    """What one content of an event says; `meeting` is the trade that others may report too."""

    kind: str | None
    manner: str | None
    meeting: int | None


_UNTOLD = (_Told(None, None, None),)


def delivery(event: int, line: int, meeting: int | None) -> Hashable:
    """Which delivery a document line tells of: two reports of one trade tell of the same one.

    Their lines are numbered by each side for itself, so a trade counts as one delivery into a lot.
    """
    return (event, line) if meeting is None else (meeting,)


def ways_to(conn: Connection, lots: Iterable[int]) -> Ways:
    """Everything upstream of these lots, whichever way papers pass it."""
    walk = upstream(conn, Roots(tuple(dict.fromkeys(lots))))
    return Ways(walk, tuple(_steps(conn, walk)), tuple(_origins(conn, walk.lots)))


def _steps(conn: Connection, walk: Walk) -> Iterable[Step[int]]:
    rows = tuple(zip(*walk.edges, strict=True))
    # What no document says (stock carried over, one lot under two ids) has no line, and no event.
    told = _told(conn, {event for _, _, event, line, _ in rows if line > SAME})
    kinds = {lot: walk.kind_of(place) for lot, place in walk.place.items()}
    for child, parent, event, line, doubt in rows:
        for each in told.get(event, _UNTOLD) if line > SAME else _UNTOLD:
            yield Step(
                parent=parent,
                child=child,
                operation=operation_of(each.kind, each.manner, kinds[parent], kinds[child]),
                delivery=delivery(event, line, each.meeting),
                certain=not doubt,
            )


def _told(conn: Connection, events: Iterable[int]) -> Mapping[int, Sequence[_Told]]:
    found: dict[int, list[_Told]] = defaultdict(list)
    for row in conn.execute(sql("paper_events"), {"event": arrays.numbers(events)}):
        found[row.id].append(_Told(row.kind, row.manner, row.meeting))
    return found


def _origins(conn: Connection, lots: Iterable[int]) -> Iterable[Origin[int]]:
    for row in conn.execute(sql("paper_origins"), {"lot": arrays.numbers(lots)}):
        yield Origin(
            lot=row.lot,
            delivery=delivery(row.event, row.line, row.meeting),
            imported=row.kind == "commissioning" and is_import(row.manner),
        )
