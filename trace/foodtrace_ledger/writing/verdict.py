"""Whether events hold, materialised under their rows' locks.

The rule is the one of `foodtrace.validity`, told again for one event at a time: a void is dead when
superseded or named by any rightful void that isn't superseded; another event when superseded or
named by a rightful void that isn't dead. So what changes one row reaches at most the targets of its
targets, in whatever order things come.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from foodtrace.events.void import OPS_SOURCE
from foodtrace_ledger import arrays
from foodtrace_ledger.sqlfile import sql
from foodtrace_ledger.writing.heads import Heads
from foodtrace_ledger.writing.said import Content, Said, content_number


@dataclass(frozen=True, slots=True)
class State:
    """Whether an event and its lines hold."""

    superseded: bool = False
    dead: bool = False
    dead_lines: tuple[int, ...] = ()

    def holds(self, line: int) -> bool:
        """Whether a fact of that line counts."""
        return not self.dead and line not in self.dead_lines


@dataclass(frozen=True, slots=True)
class Change:
    """The state of an event before this chunk and after it."""

    was: State
    now: State


HOLDS = State()


@dataclass(frozen=True, slots=True)
class Naming:
    """A void that names an event (`line` 0) or one of its lines."""

    line: int
    source: str
    superseded: bool
    dead: bool


def judge(kind: str, source: str, *, outdated: bool, namings: Iterable[Naming]) -> State:
    """The state of an event that has arrived, given the voids that name it."""
    rightful = [
        naming
        for naming in namings
        if not naming.superseded and naming.source in (source, OPS_SOURCE)
    ]
    counting = [naming for naming in rightful if not naming.dead]
    whole = any(naming.line == 0 for naming in (rightful if kind == "void" else counting))
    lines = sorted({naming.line for naming in counting if naming.line})
    return State(outdated, outdated or whole, tuple(lines))


def settle(conn: Connection, said: Said, heads: Heads) -> dict[int, Change]:
    """Judge the events that this chunk may have changed; the rows must be locked.

    An event that no row spoke of before, and that neither voids nor revises, just holds and is
    left out.
    """
    odd = _odd(said, heads)
    if not odd:
        return {}
    targets = _register(conn, odd, heads)
    changes: dict[int, Change] = {}
    level = {heads.ids[content.event_id] for content in odd} | targets
    while level:
        level = _targets(conn, _round(conn, level, changes))
    return changes


def _odd(said: Said, heads: Heads) -> list[Content]:
    contents = list(said.values())
    named = {fact.target for content in contents for fact in content.voids()}
    revised = {content.head_id for content in contents if content.event.envelope.revision}
    return [
        content
        for content in contents
        if content.event_id not in heads.made
        or content.event.envelope.revision
        or content.event.kind == "void"
        or content.event_id in named
        or content.event_id in revised
    ]


def _register(conn: Connection, odd: Sequence[Content], heads: Heads) -> set[int]:
    """Write what the odd ones say of rows; give the other rows whose state may follow."""
    ids = heads.ids
    envelopes = [content.event.envelope for content in odd]
    own = [ids[content.event_id] for content in odd]
    conn.execute(
        sql("arrive"),
        {
            "id": arrays.numbers(own),
            "kind": arrays.texts(content.event.kind for content in odd),
            "source": arrays.texts(envelope.source for envelope in envelopes),
            "source_event_id": arrays.texts(envelope.source_event_id for envelope in envelopes),
            "revision": arrays.numbers(envelope.revision for envelope in envelopes),
        },
    )
    return _register_revisions(conn, odd, heads) | _register_voids(conn, odd, heads)


def _register_revisions(conn: Connection, odd: Sequence[Content], heads: Heads) -> set[int]:
    ids = heads.ids
    tops: dict[int, int] = {}
    later: dict[int, int] = {}
    for content in odd:
        revision, head = content.event.envelope.revision, ids.get(content.head_id)
        assert head is not None
        tops[head] = max(revision, tops.get(head, 0))
        if revision:
            later[ids[content.event_id]] = head
    columns = {"head": arrays.numbers(tops), "revision": arrays.numbers(tops.values())}
    conn.execute(sql("raise_top"), columns)
    if not later:
        return set()
    columns = {"id": arrays.numbers(later), "head": arrays.numbers(later.values())}
    conn.execute(sql("behead"), columns)
    documents = set(later.values())
    rows = conn.execute(sql("revisions_of"), {"head": arrays.numbers(documents)})
    return documents | {row.id for row in rows}


def _register_voids(conn: Connection, odd: Sequence[Content], heads: Heads) -> set[int]:
    rows = [
        (
            heads.ids[content.event_id],
            content_number(content.digest),
            fact.line,
            heads.ids[fact.target],
            fact.target_line,
        )
        for content in odd
        for fact in content.voids()
    ]
    if not rows:
        return set()
    names = ("void", "content", "line", "target", "target_line")
    columns = zip(names, zip(*sorted(rows), strict=True), strict=True)
    conn.execute(sql("insert_voiding"), {name: arrays.numbers(values) for name, values in columns})
    return {row[3] for row in rows}


def _round(conn: Connection, level: set[int], changes: dict[int, Change]) -> list[int]:
    """Judge the rows of a level; give the voids among them whose state changed."""
    where = {"id": arrays.numbers(sorted(level))}
    # Read after the lock, in a statement of its own: it sees what others committed meanwhile.
    conn.execute(sql("lock_rows"), where)
    rows = conn.execute(sql("states"), where).all()
    namings: dict[int, list[Naming]] = defaultdict(list)
    for row in conn.execute(sql("namings"), where):
        naming = Naming(row.target_line, row.source, row.superseded, row.dead)
        namings[row.target].append(naming)
    turned = []
    for row in rows:
        was = State(row.superseded, row.dead, tuple(row.dead_lines))
        now = _now(row, namings[row.id])
        first = changes[row.id].was if row.id in changes else was
        changes[row.id] = Change(first, now)
        if was != now:
            turned.append((row, now))
    _save(conn, [(row.id, now) for row, now in turned])
    return [row.id for row, _ in turned if row.kind == "void"]


def _now(row: Any, namings: list[Naming]) -> State:
    if not row.arrived:
        return HOLDS
    return judge(row.kind, row.source, outdated=row.outdated, namings=namings)


def _save(conn: Connection, states: list[tuple[int, State]]) -> None:
    if not states:
        return
    conn.execute(
        sql("set_states"),
        {
            "id": arrays.numbers(event for event, _ in states),
            "superseded": arrays.flags(state.superseded for _, state in states),
            "dead": arrays.flags(state.dead for _, state in states),
            "dead_lines": arrays.texts(arrays.numbers(state.dead_lines) for _, state in states),
        },
    )


def _targets(conn: Connection, voids: list[int]) -> set[int]:
    if not voids:
        return set()
    rows = conn.execute(sql("targets_of"), {"id": arrays.numbers(voids)})
    return {row.id for row in rows}
