"""Dead letters as they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A record that was put aside: where it stood, why (`zh`, `en`), and how large it is."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetterWhole:
    """A dead letter with its key, value and headers as they came, in base64 (null: none)."""

    about: DeadLetter
    key: str | None
    value: str | None
    headers: list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetterPage:
    """A page, the latest first; `next` null says that it is the last one."""

    total: int
    dead_letters: list[DeadLetter]
    next: str | None
