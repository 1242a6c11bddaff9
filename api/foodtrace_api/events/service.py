"""Reads one event with everything said under its id, or what a source sent."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection

from foodtrace.access import Caller, Sight, sees_event, sight_of
from foodtrace.events import Event
from foodtrace.problems import NotFound, TheirFault
from foodtrace_api.contracts import Contracts
from foodtrace_api.events.shapes import Content, EventAnswer, Revision, SentEvent, SentPage
from foodtrace_api.web.cursor import cursor_of, read_cursor
from foodtrace_ledger import events
from foodtrace_ledger.sent import Asked, Place, Sent, sent
from foodtrace_schemas import json_form


def event(
    connection: Connection, contracts: Contracts, caller: Caller, event_id: UUID
) -> EventAnswer:
    """The event; raises NotFound `event.unknown` also for one that the caller may not see."""
    found = events.by_id(connection, event_id)
    said = [(content, contracts.decode(content.payload)) for content in found.contents]
    if not _visible(caller, [each for _, each in said]):
        raise NotFound("event.unknown", str(event_id))
    return EventAnswer(
        event_id=found.event_id,
        kind=found.kind,
        source=found.source,
        source_event_id=found.source_event_id,
        revision=found.revision,
        holds=not found.dead,
        superseded=found.superseded,
        dead_lines=list(found.dead_lines),
        voided_by=list(found.voids),
        revisions=[Revision(revision=number, event_id=each) for number, each in found.revisions],
        contents=[_content(content, each) for content, each in said],
        flags=["event.two-contents"] if len(said) > 1 else [],
    )


def _visible(caller: Caller, said: list[Event]) -> bool:
    if sight_of(caller.role) is Sight.CHAIN:
        return True
    return any(sees_event(caller, each) for each in said)


def _content(content: events.Content, event: Event) -> Content:
    return Content(
        digest=content.digest.hex(),
        log=content.origin.log,
        topic=content.origin.topic,
        partition=content.origin.partition,
        offset=content.origin.offset,
        received_at=content.origin.received_at,
        schema_id=content.schema_id,
        document=json_form.write(event),
    )


def page(
    connection: Connection,
    contracts: Contracts,
    asked: Asked,
    limit: int,
    cursor: str | None,
) -> SentPage:
    """A page of what a source sent, by business day."""
    question = ["events", asked.source, str(asked.since), str(asked.until)]
    behind = read_cursor(question, cursor, Place)
    found = sent(connection, asked, behind, limit + 1)
    shown = [_sent(each, contracts) for each in found[:limit]]
    more = None if len(found) <= limit else cursor_of(question, found[limit - 1].place)
    return SentPage(events=shown, next=more)


def source_seen(caller: Caller, source: str | None) -> str | None:
    """The source whose documents the caller may list: of reporters and parties their own.

    Raises TheirFault `auth.forbidden` for another one, or for a key that has none.
    """
    if sight_of(caller.role) is Sight.CHAIN:
        return source
    if caller.source is None or source not in (None, caller.source):
        raise TheirFault("auth.forbidden", f"this {caller.role} key's source", "source")
    return caller.source


def _sent(each: Sent, contracts: Contracts) -> SentEvent:
    return SentEvent(
        event_id=each.event_id,
        kind=each.kind,
        source=each.source,
        source_event_id=each.source_event_id,
        revision=each.revision,
        holds=not each.dead,
        received_at=each.received_at,
        document=json_form.write(contracts.decode(each.payload)),
    )
