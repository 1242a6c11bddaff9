"""Sums of movements and retail sales per lot, or per group of lots.

Where several report one trade, the outgoing figure is the giver's and the incoming the taker's, and
no other report of it counts a second time; the rule is `foodtrace.meeting`'s.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection

from foodtrace.balance import RETAIL, Balance, balances
from foodtrace.effects import Direction
from foodtrace_ledger import arrays
from foodtrace_ledger.memory import remembered, remembers
from foodtrace_ledger.sqlfile import plain, sql

Days = tuple[date, date]
# Millionths by dimension.
Amounts = Mapping[str, int]
# A lot and the event and line of a link to or from it.
Edge = tuple[int, int, int]

# A row of the statement, of a lot without the lot: direction or another sum, dimension, amount, what
# of it is less than nothing, first and last day.
_Row = tuple[Any, ...]

#: Lots whose sums are read at once before anything is asked about them.
MOST_AHEAD = 2_000

# How the statement names receipts among the directions.
_RECEIPTS = ("receipts", "possible receipts")
_LEAVING = (Direction.SOLD, Direction.MOVED, Direction.RETURNED)


@dataclass(frozen=True, slots=True)
class Sums:
    """What happened to a group of lots; `receipts` counts each lot's receipts by themselves.

    `came_back` is what of `moved` came in again after a return, and `entered` what of `opened` had
    left before, where somebody knows it; both in millionths by dimension.
    """

    balances: tuple[Balance, ...] = ()
    receipts: int = 0
    possible_receipts: int = 0
    first_day: date | None = None
    last_day: date | None = None
    came_back: Amounts = field(default_factory=dict)
    entered: Amounts = field(default_factory=dict)


def by_lot(conn: Connection, lots: Sequence[int]) -> dict[int, Sums]:
    """The sums of each lot; lots without any movement are left out."""
    return by_group(conn, lots, lots)


def by_group(conn: Connection, lots: Sequence[int], groups: Sequence[int]) -> dict[int, Sums]:
    """The sums of each group, `groups` telling for each lot which it belongs to."""
    if not lots:
        return {}
    amounts: dict[int, list[tuple[str, str, int]]] = defaultdict(list)
    days: dict[int, list[date]] = defaultdict(list)
    came_back: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    receipts: dict[tuple[int, str], int] = defaultdict(int)
    for part, what, dimension, amount, back, first, last in _rows(conn, lots, groups):
        if what in _RECEIPTS:
            receipts[part, what] += int(amount)
        else:
            amounts[part].append((what, dimension, int(amount)))
        if back and what == Direction.MOVED:
            came_back[part][dimension] += int(back)
        if first is not None:
            days[part] += (first, last)
    sure, possible = _RECEIPTS
    return {
        part: Sums(
            balances(amounts.get(part, ())),
            receipts[part, sure],
            receipts[part, possible],
            min(days[part]),
            max(days[part]),
            dict(came_back.get(part, {})),
        )
        for part in days
    }


def read_ahead(conn: Connection, lots: Sequence[int]) -> None:
    """Read the sums of each of these lots once, for all groups of them asked about in this
    snapshot: of a few lots that costs less than to sum them up anew for each question."""
    if not lots or len(lots) > MOST_AHEAD or not remembers(conn):
        return
    known: dict[int, list[_Row]] = remembered(conn, "sums")
    known.update((lot, []) for lot in lots)
    listed = arrays.numbers(lots)
    for lot, *row in plain(conn, "sums", {"lot": listed, "part": listed}):
        row[2], row[3] = int(row[2]), int(row[3])
        known[lot].append(tuple(row))


def _rows(conn: Connection, lots: Sequence[int], groups: Sequence[int]) -> Iterable[_Row]:
    """Sums by group, several for one where those of its lots are known."""
    known: dict[int, list[_Row]] = remembered(conn, "sums")
    if not known or any(lot not in known for lot in lots):
        asked = {"lot": arrays.numbers(lots), "part": arrays.numbers(groups)}
        return plain(conn, "sums", asked)
    pairs = zip(lots, groups, strict=True)
    return [(part, *row) for lot, part in pairs for row in known[lot]]


def overdrawn(conn: Connection, lots: Sequence[int]) -> list[int]:
    """Those of the lots from which more left than came in, in the order of their numbers."""
    known: dict[int, list[_Row]] = remembered(conn, "sums")
    if not known or any(lot not in known for lot in lots):
        listed = arrays.numbers(lots)
        return sorted(row[0] for row in plain(conn, "overdrawn", {"lot": listed, "part": listed}))
    return sorted(lot for lot in set(lots) if _is_overdrawn(known[lot]))


def _is_overdrawn(rows: Iterable[_Row]) -> bool:
    stock: dict[str, int] = defaultdict(int)
    for what, dimension, amount, *_ in rows:
        if what not in _RECEIPTS:
            stock[dimension] += amount if what == Direction.OPENED else -amount
    return any(left < 0 for left in stock.values())


def total(groups: Iterable[Sums]) -> tuple[Balance, ...]:
    """All groups together, one balance a dimension."""
    return balances(
        (direction, balance.dimension, amount)
        for group in groups
        for balance in group.balances
        for direction, amount in _directions(balance).items()
    )


def _directions(balance: Balance) -> Mapping[str, int]:
    names = (
        *("opened", "sold", "used", "disposed", "moved", "returned", "adjusted"),
        RETAIL,
    )
    return {name: amount for name in names if (amount := getattr(balance, name))}


def distinct_receipts(
    conn: Connection, lots: Sequence[int], groups: Sequence[int], doubts: Sequence[bool]
) -> dict[tuple[int, bool], int]:
    """How many different receipts each group has, by whether they are only possible: no line surely
    sold a lot that isn't in doubt."""
    asked = {
        "lot": arrays.numbers(lots),
        "part": arrays.numbers(groups),
        "doubt": arrays.flags(doubts),
    }
    rows = conn.execute(sql("distinct_receipts"), asked)
    return {(part, possible): number for part, possible, number in rows}


def transferred(conn: Connection, edges: Sequence[Edge]) -> dict[str, int]:
    """What left lots by some links, by dimension."""
    sums: dict[str, int] = defaultdict(int)
    for _, dimension, amount in _by_links(conn, edges, _LEAVING):
        sums[dimension] += amount
    return dict(sums)


def entered(conn: Connection, edges: Sequence[Edge]) -> dict[int, dict[str, int]]:
    """What each lot was opened with by some links, by dimension."""
    sums: dict[int, dict[str, int]] = defaultdict(dict)
    for lot, dimension, amount in _by_links(conn, edges, (Direction.OPENED,)):
        sums[lot][dimension] = amount
    return dict(sums)


def _by_links(
    conn: Connection, edges: Sequence[Edge], directions: Iterable[Direction]
) -> Iterator[tuple[int, str, int]]:
    if not edges:
        return
    lots, events, lines = zip(*dict.fromkeys(edges), strict=True)
    asked = {
        "lot": arrays.numbers(lots),
        "event": arrays.numbers(events),
        "line": arrays.numbers(lines),
        "direction": arrays.texts(directions),
    }
    for lot, dimension, amount in conn.execute(sql("by_links"), asked):
        yield lot, dimension, int(amount)
