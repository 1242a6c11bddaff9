"""Contents of logistic units: what went in came out as itself where it bears a confirmed lot's code.

Which contents a unit had is only possible link by link. A lot beside a unit of the walk that bears
the code of a confirmed lot is confirmed again, and what confirmed links lead to from there with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import compress

from sqlalchemy import Connection

from foodtrace.lots import LotKind
from foodtrace_ledger import arrays
from foodtrace_ledger.neighbours import Link
from foodtrace_ledger.sqlfile import plain
from foodtrace_ledger.walk import KINDS, How, Walk, how

Leaving = Callable[[Sequence[int]], Iterable[Sequence[Link]]]
# Kind, product and code: what makes two lots in different hands the same goods.
Identity = tuple[str, str, str]

_TRACE = KINDS.index(LotKind.TRACE)


def units(conn: Connection, walk: Walk) -> set[int]:
    """The lots of a walk that is over which are logistic units; read once."""
    if walk.units is None:
        coded = [lot for lot, kind in zip(walk.lots, walk.kind, strict=True) if kind == _TRACE]
        rows = plain(conn, "packed_lots", {"lot": arrays.numbers(coded)})
        walk.units = {row[0] for row in rows}
    return walk.units


def name_again(conn: Connection, walk: Walk, leaving: Leaving) -> None:
    """Confirm contents of the walk's units, until no more bear a confirmed lot's code."""
    inside = units(conn, walk)
    if not inside:
        return
    beside = [link for links in leaving(sorted(inside)) for link in links if link[1] in walk.place]
    identities = _identities(conn, "coded_keys", "id", {link[1] for link in beside})
    codes = {code for _, _, code in identities.values()}
    twins = {
        lot: key
        for lot, key in _identities(conn, "coded_twins", "code", codes).items()
        if lot in walk.place
    }
    while found := _found(walk, beside, identities, twins):
        for link, twin in found:
            walk.again[link[1]] = twin
            _confirm(walk, link, How.AGAIN)
        _spread(walk, [link[1] for link, _ in found], leaving)


def _identities(conn: Connection, name: str, key: str, of: Iterable[object]) -> dict[int, Identity]:
    asked = arrays.texts(map(str, of))
    return {
        lot: (kind, product, code) for lot, kind, product, code in plain(conn, name, {key: asked})
    }


def _found(
    walk: Walk,
    beside: Iterable[Link],
    identities: Mapping[int, Identity],
    twins: Mapping[int, Identity],
) -> list[tuple[Link, int]]:
    """Links of units to lots that are to be confirmed, each lot once, with a confirmed one."""
    confirmed = set(compress(walk.lots, walk.confirmed))
    known = {key: lot for lot, key in sorted(twins.items(), reverse=True) if lot in confirmed}
    found = {
        link[1]: (link, known[identities[link[1]]])
        for link in reversed(list(beside))
        if link[1] not in confirmed and identities.get(link[1]) in known
    }
    return list(found.values())


def _spread(walk: Walk, level: list[int], leaving: Leaving) -> None:
    """What confirmed links lead to is confirmed too; the walk has met it already."""
    while level:
        new = []
        for links in leaving(level):
            for link in links:
                place = walk.place.get(link[1])
                if not link[4] and place is not None and not walk.confirmed[place]:
                    _confirm(walk, link, how(link))
                    new.append(link[1])
        level = new


def _confirm(walk: Walk, link: Link, by: How) -> None:
    """Confirm a lot, and tell the way there by which it is; its old way may lead on to the new."""
    start, end, event, line, _ = link
    place = walk.place[end]
    walk.confirmed[place] = True
    if all(hop.place != place for hop in walk.path(start)):
        walk.came_from[place] = walk.place[start]
        walk.depth[place] = walk.depth[walk.place[start]] + 1
        walk.event[place], walk.line[place], walk.how[place] = event, line, by
