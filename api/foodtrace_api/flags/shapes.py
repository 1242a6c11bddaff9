"""Flags as a list, and the table of their codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from foodtrace_api.lineage.shapes import Completeness
from foodtrace_ledger.answers import Document, LotView


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagEntry:
    """Something odd that honest records show, with both meanings of its code.

    `event_id` and `day` are of the document by which it stands in the list: the one that shows it,
    or of a lot's documents the latest (for a sale that came too late the first). `product` is the
    key of the goods; `lot` and `product` are null where the oddity isn't one of goods.
    """

    code: str
    zh: str
    en: str
    detail: str
    day: date | None
    holder: str | None
    holder_name: str | None
    location: str | None
    location_name: str | None
    product: str | None
    event_id: UUID | None
    document: Document | None
    lot_id: UUID | None
    lot: LotView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagsAnswer:
    """A page of flags, latest business day first.

    A page looks at a bounded number of documents, so it may hold fewer flags than asked for, or
    none, and still have a `next`; null there says that nothing is left. `first_day` and `last_day`
    are the business days looked at: without a question that bounds it, the last seven of the ledger.
    """

    flags: list[FlagEntry]
    next: str | None
    first_day: date | None
    last_day: date | None
    completeness: Completeness


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagMeaning:
    """What a flag's code means; `listed` is false for those that only answers about goods show."""

    code: str
    zh: str
    en: str
    listed: bool
