"""What a small walk will ask level by level, read ahead in one question.

A walk follows every link in the end, so the lots that stored links lead to are known before the rules
of pools and parties are asked. Both are read in one snapshot: what is read ahead is what the walk
would have read itself, only earlier. From where links lead to more lots than `MOST`, nothing is read
ahead, and the walk goes level by level.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection

from foodtrace.lots import LotKind
from foodtrace_ledger import arrays, describe
from foodtrace_ledger.answers import LotView
from foodtrace_ledger.neighbours import AT_ONCE, Link, Way, link_rows
from foodtrace_ledger.sqlfile import plain

#: So many lots are too many to read ahead, at once or in one walk.
MOST = 2_000
#: So many links a lot, on the whole, are too many as well: one read holds them all at once.
MOST_LINKS_A_LOT = 10

# As the statements of `link_rows` sort: event, line, end, start, doubt.
_IN_ORDER = itemgetter(2, 3, 1, 0, 4)
_WITH_CODE = frozenset((LotKind.POOL, LotKind.PROCESS))


class Ahead:
    """Links from lots and what lots are, for one walk in one snapshot."""

    def __init__(self, conn: Connection, way: Way, most: int = MOST) -> None:
        """Fewer than `most` lots are read ahead; with 0 none, as for a walk with a bound of steps."""
        self._conn = conn
        self._way = way
        self._most = most
        self._statement = "ahead_down" if way is Way.DOWN else "ahead_up"
        self._reading = most > 0
        self._links: dict[int, list[Link]] = {}
        self._views: dict[int, LotView] = {}
        self._holders: set[str] = set()

    def links(self, level: Sequence[int]) -> Iterable[Sequence[Link]]:
        """The links that hold from these lots, in the order of `link_rows`."""
        if len(level) > self._most:
            return link_rows(self._conn, level, self._way)
        missing = self._missing(level, self._links)
        if len(missing) == len(level):
            return link_rows(self._conn, level, self._way)
        found = [link for lot in level for link in self._links.get(lot, ())]
        for rows in link_rows(self._conn, missing, self._way):
            found += rows
        return (sorted(found, key=_IN_ORDER),)

    def met(self, lots: Sequence[int]) -> Iterator[tuple[Any, ...]]:
        """What a walk must know of lots: rows of `lots_met`, in no order."""
        missing = self._missing(lots, self._views)
        for first in range(0, len(missing), AT_ONCE):
            asked = {"id": arrays.numbers(missing[first : first + AT_ONCE])}
            yield from plain(self._conn, "lots_met", asked)
        if len(missing) < len(lots):
            for lot in lots:
                if (view := self._views.get(lot)) is not None:
                    yield _met(lot, view)

    def _missing(self, lots: Sequence[int], known: Container[int]) -> list[int]:
        """Those of the lots that aren't known, after reading ahead from them if they are few."""
        missing = [lot for lot in lots if lot not in known]
        if missing and self._reading and len(lots) <= self._most:
            self._read(missing)
            missing = [lot for lot in missing if lot not in known]
        return missing

    def new_holders(self) -> set[str]:
        """The holders of lots read ahead since the last time."""
        new, self._holders = self._holders, set()
        return new

    def _read(self, lots: Sequence[int]) -> None:
        """Read these lots and all that links lead to; nothing where they are too many."""
        most_links = self._most * MOST_LINKS_A_LOT
        asked = {"lot": arrays.numbers(lots), "most": self._most, "most_links": most_links}
        views: dict[int, LotView] = {}
        links: list[Link] = []
        for lot, end, event, line, doubt, *key in plain(self._conn, self._statement, asked):
            if end is None:
                views[lot] = describe.lot_of(*key)
            else:
                links.append((lot, end, event, line, doubt))
        if len(links) == most_links:
            # Perhaps not all of them.
            self._reading = False
            return
        self._views.update(views)
        self._links.update((lot, []) for lot in views)
        for link in links:
            self._links[link[0]].append(link)
        self._holders.update(view.holder for view in views.values())
        describe.remember(self._conn, views)
        self._reading = len(views) > 0 and len(self._views) < self._most


def _met(lot: int, view: LotView) -> tuple[Any, ...]:
    return (
        *(lot, view.holder, view.location, view.kind),
        view.product if view.kind == LotKind.POOL else None,
        view.code if view.kind in _WITH_CODE else None,
    )
