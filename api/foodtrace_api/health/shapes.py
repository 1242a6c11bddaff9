"""What is said of the parts that an answer leans on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class PartState:
    """One part: whether it answers, and in words what it says."""

    ok: bool
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicLag:
    """Records of a topic that the ledger hasn't taken yet; `read` partitions have a position,
    `owned` ones a worker ("unknown" while the workers divide them anew)."""

    topic: str
    partitions: int
    read: int
    behind: int
    owned: int | Literal["unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartLag:
    """What a part hasn't dealt with yet, in records.

    `ledger` reads the ledger's own topics, `intake` those of outside sources; `relay` publishes dead
    letters to their topic, `signer` puts what was read under a signed checkpoint.
    """

    part: str
    behind: int | Literal["unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskState:
    """The volume under a broker's log folder, in bytes; `usable` is what is still free."""

    broker: int
    folder: str
    total: int
    usable: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Workers:
    """How far the workers are: `behind` records in all, "unknown" where the broker can't tell.

    `heard_at` is the append time of the latest event that they took; `unowned` are the partitions
    (TOPIC/NUMBER) that no worker reads, none as long as that can't be told.
    """

    heard_at: datetime | None
    behind: int | Literal["unknown"]
    topics: list[TopicLag]
    parts: list[PartLag]
    unowned: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something somebody has to look into, by the code of the problem."""

    code: str
    zh: str
    en: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """Ready to answer and to take pushes: database and broker are there.

    Workers that lag don't make the door unready: it still answers, and says how far it knows.
    Neither do `warnings`: dead letters that wait, partitions at which the workers stopped or that
    nobody reads, brokers' disks (`disks`, none where they don't say) that come near their reserve.
    """

    ready: bool
    database: PartState
    broker: PartState
    workers: Workers
    disks: list[DiskState]
    warnings: list[Alert]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alive:
    """The process serves requests."""

    alive: bool
