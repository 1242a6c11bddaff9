"""An event as the ledger knows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


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
class VoidedBy:
    """A void that names the event, or one of its lines (0: the whole)."""

    event_id: UUID
    line: int
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EventAnswer:
    """An event; it isn't changed by what came later, only judged anew.

    `holds` is false once it is void or superseded by `top_revision`; `dead_lines` don't count.
    Under one id there may be two `contents`: both count, `flags` says so. An id that a void or
    another revision named before it came has no contents and `arrived` false.
    """

    event_id: UUID
    arrived: bool
    kind: str | None
    source: str | None
    source_event_id: str | None
    revision: int | None
    top_revision: int | None
    holds: bool
    superseded: bool
    dead_lines: list[int]
    voided_by: list[VoidedBy]
    contents: list[Content]
    flags: list[str]
