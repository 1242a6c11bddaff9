"""An event as the ledger knows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from foodtrace_ledger.events import Voided


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """One content that came under the id, and where in the log it stands.

    `received_at` is the broker's append time; `digest` is SHA-256 over the canonical content;
    `document` is the event in its JSON form.
    """

    digest: str
    log: str
    topic: str
    partition: int
    offset: int
    received_at: datetime
    schema_id: int
    document: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A revision of the event's document."""

    revision: int
    event_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class EventAnswer:
    """An event; it isn't changed by what came later, only judged anew.

    `holds` is false once it is void or `superseded` by a higher one of its document's `revisions`;
    `dead_lines` don't count. Under one id there may be two `contents`: both count, `flags` says so.
    """

    event_id: UUID
    kind: str
    source: str
    source_event_id: str
    revision: int
    holds: bool
    superseded: bool
    dead_lines: list[int]
    voided_by: list[Voided]
    revisions: list[Revision]
    contents: list[Content]
    flags: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SentEvent:
    """A document as it was sent; `holds` is false once it is void or superseded as a whole."""

    event_id: UUID
    kind: str
    source: str
    source_event_id: str
    revision: int
    holds: bool
    received_at: datetime
    document: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SentPage:
    """What a source sent, by business day; `next` is null when nothing is left out."""

    events: list[SentEvent]
    next: str | None
