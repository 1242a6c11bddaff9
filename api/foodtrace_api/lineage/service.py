"""Walks and recalls for lots and batches, as far as the caller sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import Connection

from foodtrace.access import Caller, Sight, sight_of
from foodtrace.problems import NotFound, TheirFault
from foodtrace_api.lineage.limited import limited_walk
from foodtrace_api.lineage.reading import reading
from foodtrace_api.lineage.shapes import AffectedAnswer, ChainAnswer, Subject
from foodtrace_api.lineage.sight import View, view_of
from foodtrace_api.lineage.told import complete, flags_shown
from foodtrace_api.web.cursor import cursor_of, read_cursor
from foodtrace_api.web.door import Door
from foodtrace_ledger import affected as recalls
from foodtrace_ledger import chain as chains
from foodtrace_ledger.affected import View as Seen
from foodtrace_ledger.completeness import completeness
from foodtrace_ledger.neighbours import Way
from foodtrace_ledger.origins import origins
from foodtrace_ledger.roots import of_batches, of_lots
from foodtrace_ledger.walk import Roots, Walk
from foodtrace_ledger.walker import walk
from foodtrace_ops.metrics import histogram

_QUESTIONS = {Way.UP: "upstream", Way.DOWN: "downstream"}


def chain(
    door: Door, caller: Caller, subject: Subject, way: Way, limit: int, cursor: str | None
) -> ChainAnswer:
    """A page of the lots up or down from the subject.

    Raises NotFound for a subject that isn't known, or that the caller doesn't see.
    """
    question = [_QUESTIONS[way], subject.kind, str(subject.id)]
    after = read_cursor(question, cursor, tuple[int, UUID])
    with (
        histogram("foodtrace_walk_seconds").labels(_QUESTIONS[way]).time(),
        reading(door, caller) as connection,
    ):
        found = _walk(connection, caller, subject, way)
        page = chains.page(connection, found, after=after, limit=limit)
        known = completeness(
            connection,
            unknown_parents=_unknown(connection, found),
            possible_links=page.possible_links,
        )
    return ChainAnswer(
        subject=subject,
        lots=list(page.lots),
        next=None if page.next is None else cursor_of(question, page.next),
        lot_count=page.lot_count,
        circle=list(page.circle),
        completeness=complete(door, caller, known),
    )


def affected(
    door: Door, caller: Caller, subject: Subject, view: Seen, limit: int, cursor: str | None
) -> AffectedAnswer:
    """A page of those whom a recall of the subject affects; raises NotFound, also for a location
    that nobody knows.

    For callers who see the chain: figures of others are no business of a party, which follows its
    goods one step with `chain`.
    """
    if sight_of(caller.role) is not Sight.CHAIN:
        raise TheirFault("auth.forbidden", "follow your goods one step with /downstream")
    question = ["affected", subject.kind, str(subject.id), view.within, view.by]
    after = None
    if view.by is None:
        after = read_cursor(question, cursor, tuple[str, str])
    else:
        view = replace(view, after_group=read_cursor(question, cursor, str))
    with (
        histogram("foodtrace_walk_seconds").labels("affected").time(),
        reading(door, caller) as connection,
    ):
        found = recalls.affected(
            connection, roots_of(connection, subject), view=view, after=after, limit=limit
        )
        flags = flags_shown(connection, found.flags)
    groups = found.groups
    last = found.next if groups is None else groups.next
    return AffectedAnswer(
        subject=subject,
        sellers=list(found.sellers),
        groups=None if groups is None else list(groups.groups),
        group_count=None if groups is None else groups.count,
        within=found.within,
        next=None if last is None else cursor_of(question, last),
        seller_count=found.seller_count,
        confirmed_count=found.confirmed_count,
        lot_count=found.lot_count,
        source=list(found.source),
        source_count=found.source_count,
        totals=found.totals,
        flags=flags,
        flag_count=found.flag_count,
        completeness=complete(door, caller, found.completeness),
    )


def roots_of(connection: Connection, subject: Subject) -> Roots:
    """Where a question about the subject begins; raises NotFound."""
    if subject.kind == "lot":
        return of_lots(connection, [subject.id])
    return of_batches(connection, [subject.id])


def visible(view: View, roots: Roots, subject: Subject) -> Sequence[int]:
    """The roots that a limited caller sees; raises NotFound as if the others weren't there."""
    lots = [*roots.starts, *roots.unlinked, *roots.others]
    seen = view.lots(lots)
    if not seen:
        raise NotFound(f"{subject.kind}.unknown", str(subject.id))
    return [lot for lot in lots if lot in seen]


def _walk(connection: Connection, caller: Caller, subject: Subject, way: Way) -> Walk:
    roots = roots_of(connection, subject)
    view = view_of(connection, caller)
    if view is None:
        return walk(connection, roots, way)
    return limited_walk(connection, visible(view, roots, subject), way, view)


def _unknown(connection: Connection, found: Walk) -> int:
    """Lots before which nothing is recorded: ends of a way up, strays of a way down."""
    if found.way is Way.DOWN:
        return len(found.unlinked)
    return len(origins(connection, found).unknown)
