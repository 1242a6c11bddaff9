"""Dead letters as they are shown, and what may be done about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class State(StrEnum):
    """Whether a letter waits, or what was done about it."""

    OPEN = "open"
    REQUEUED = "requeued"
    FIXED = "fixed"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What was done: `acted_at` by the clock of the door it came through, `noted_at` append time.

    `actor` is the role and the shown part of the key; `event_id` that of the action, which a void
    by its source or by ops takes back.
    """

    action: str
    reason: str | None
    corrected_event_id: UUID | None
    actor: str | None
    acted_at: datetime
    noted_at: datetime
    event_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A record that was put aside: where it stood, why (`zh`, `en`), and how large it is.

    `letter` is its name, LOG/TOPIC/PARTITION/OFFSET. `source` is who sent it, where that is sure;
    `requeued_from` names the letter it was before it was pushed again.
    """

    letter: str
    log: str
    topic: str
    partition: int
    offset: int
    received_at: datetime
    code: str
    zh: str
    en: str
    detail: str
    path: str | None
    schema_id: int | None
    value_bytes: int
    published: bool
    source: str | None
    requeued_from: str | None
    state: str
    settled: Settlement | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What to do, and what the record says as far as it can be told.

    `seen`: event (a valid one), fields (by our contract, some rule broken), json, text, or bytes
    (`view` is their head in hex). `came_back` are the letters it became when it was requeued.
    """

    todo_zh: str
    todo_en: str
    seen: str
    view: Any
    came_back: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetterWhole:
    """A dead letter explained, with key, value and headers as they came, in base64 (null: none)."""

    about: DeadLetter
    explained: Explanation
    key: str | None
    value: str | None
    headers: list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetterPage:
    """A page, the latest first; `next` null says that it is the last one."""

    total: int
    dead_letters: list[DeadLetter]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted:
    """What was done about `letter`, an event of its own.

    `in_ledger` false: it is stored, but the workers haven't taken it yet; `after` waits for it.
    """

    letter: str
    action: str
    event_id: UUID
    corrected_event_id: UUID | None
    in_ledger: bool
    after: str


class Why(BaseModel):
    """A reason, where one is wanted."""

    model_config = ConfigDict(extra="forbid")

    reason: str | None = None


class Dismissal(BaseModel):
    """Why a letter is left aside for good."""

    model_config = ConfigDict(extra="forbid")

    reason: str
