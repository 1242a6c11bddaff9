"""What a process remembers of one ledger, so that known lots and names cost no statement.

Only committed rows are remembered. All of it is bound to the ledger's own id: another database
behind the same address starts anew.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from foodtrace.lots import BatchKey, LotKey

# About 60 MB when full.
LOTS_LIMIT = 100_000
NAMES_LIMIT = 50_000

K = TypeVar("K", bound=Hashable)


@dataclass(slots=True)
class Remembered(Generic[K]):
    """A bounded map from keys to ids; the oldest entries make room."""

    limit: int
    _entries: dict[K, int] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def get(self, key: K) -> int | None:
        """The id, if it is remembered."""
        return self._entries.get(key)

    def learn(self, entries: dict[K, int]) -> None:
        """Remember committed entries."""
        with self._lock:
            self._entries.update(entries)
            surplus = len(self._entries) - self.limit
            if surplus > 0:
                for key in list(self._entries)[:surplus]:
                    del self._entries[key]

    def __len__(self) -> int:
        """How many are remembered."""
        return len(self._entries)


@dataclass(slots=True)
class Known:
    """The lots, batches and names of one ledger that are known to stand in it."""

    ledger_id: UUID
    lots: Remembered[LotKey] = field(default_factory=lambda: Remembered(LOTS_LIMIT))
    batches: Remembered[BatchKey] = field(default_factory=lambda: Remembered(NAMES_LIMIT))
    names: Remembered[tuple[object, ...]] = field(default_factory=lambda: Remembered(NAMES_LIMIT))


@dataclass(slots=True)
class Learnt:
    """What one transaction found or made; remembered after its commit, forgotten without it."""

    known: Known
    lots: dict[LotKey, int] = field(default_factory=dict)
    batches: dict[BatchKey, int] = field(default_factory=dict)
    names: dict[tuple[object, ...], int] = field(default_factory=dict)

    def branch(self) -> Learnt:
        """A copy for a savepoint."""
        return Learnt(self.known, dict(self.lots), dict(self.batches), dict(self.names))

    def merge(self, other: Learnt) -> None:
        """Take over what a savepoint that was kept has learnt."""
        self.lots.update(other.lots)
        self.batches.update(other.batches)
        self.names.update(other.names)

    def commit(self) -> None:
        """The transaction stands."""
        self.known.lots.learn(self.lots)
        self.known.batches.learn(self.batches)
        self.known.names.learn(self.names)

    def new_names(self, names: Iterable[tuple[object, ...]]) -> set[tuple[object, ...]]:
        """Those of the names that aren't known yet; they count as learnt."""
        fresh = {
            name for name in names if name not in self.names and self.known.names.get(name) is None
        }
        self.names.update(dict.fromkeys(fresh, 0))
        return fresh


_by_engine: WeakKeyDictionary[Engine, Known] = WeakKeyDictionary()


def known_of(engine: Engine, ledger_id: UUID) -> Known:
    """What this process remembers of the ledger behind an engine."""
    known = _by_engine.get(engine)
    if known is None or known.ledger_id != ledger_id:
        known = _by_engine[engine] = Known(ledger_id)
    return known


def forget(engine: Engine) -> None:
    """Remember nothing of what is behind an engine; what is being learnt just now is lost too."""
    _by_engine.pop(engine, None)
