"""Answers along the lineage; their parts are the ledger's own values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from foodtrace_ledger.answers import LotView
from foodtrace_ledger.chain import Reached
from foodtrace_ledger.completeness import Heard
from foodtrace_ledger.grouping import Group
from foodtrace_ledger.recall import Totals
from foodtrace_ledger.scope import Within
from foodtrace_ledger.sellers import Seller
from foodtrace_ledger.sources import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What was asked about."""

    kind: Literal["lot", "batch"]
    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadUpTo:
    """The next offset of a partition that this answer doesn't know of."""

    topic: str
    partition: int
    next_offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """What the answer knows and what it doesn't.

    It holds as of the `positions` of the log, the latest event of which came in at `as_of` (null:
    none yet). `in_flight` records are in the log and not in the ledger yet, "unknown" where no
    broker can tell. `unknown_parents` are lots before which nothing is recorded, `possible_links`
    links that only may be, `dead_letters` records put aside. `heard` says when each source was last
    heard, by the broker's clock.
    """

    as_of: datetime | None
    positions: list[ReadUpTo]
    in_flight: int | Literal["unknown"]
    heard: list[Heard]
    dead_letters: int
    unknown_parents: int
    possible_links: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagShown:
    """Something odd that honest records show: its code and meaning, where, by which event."""

    code: str
    zh: str
    en: str
    lot_id: UUID | None
    holder: str | None
    holder_name: str | None
    location: str | None
    event_id: UUID | None
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainAnswer:
    """A page of lots upstream or downstream, nearest first, with the first path to each.

    `next` null says that it is the last page; `lot_count` counts all pages. `circle` names lots
    that lie on a circle of bad data.
    """

    subject: Subject
    lots: list[Reached]
    next: str | None
    lot_count: int
    circle: list[LotView]
    completeness: Completeness


@dataclass(frozen=True, slots=True, kw_only=True)
class AffectedAnswer:
    """A page of affected sellers by party and location, and what holds for all pages.

    A seller is `confirmed` unless every path to it leads through a pool. The `source` isn't counted
    among the sellers. `totals` count each unit once, at its last known place.

    Asked `within` a location, the sellers and their counts are those in it; `within` counts the
    others, and the rest of the answer is of the whole recall. Grouped (`by`), a page of `groups`
    comes instead of sellers.
    """

    subject: Subject
    sellers: list[Seller]
    groups: list[Group] | None
    group_count: int | None
    within: Within | None
    next: str | None
    seller_count: int
    confirmed_count: int
    lot_count: int
    source: list[Source]
    source_count: int
    totals: Totals
    flags: list[FlagShown]
    flag_count: int
    completeness: Completeness
