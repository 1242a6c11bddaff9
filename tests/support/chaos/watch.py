"""Looks at the ledger all the time: whether it moves, how far behind the logs it is.

It asks PostgreSQL past the proxy, several times a second, for the sum of all positions, and the
brokers for the ends of the logs. While nobody answers, the ledger counts as standing still.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Any

import psycopg2

from foodtrace.problems import OurFault
from foodtrace_bus.cluster import Cluster
from foodtrace_bus.offsets import end_offsets
from foodtrace_schemas.topics import OUTSIDE, ledger_topics

_LOOK_S = 0.2
_ENDS_S = 0.5
_SUM = "SELECT coalesce(sum(next_offset), 0)::bigint FROM ledger.position"


@dataclass(slots=True)
class Kill:
    """A kill whose effect isn't over; `stood` is where the ledger was at the first look after it."""

    at: float
    stood: int | None = None


@dataclass(kw_only=True)
class Clock:
    """What the looks add up to; a function of them alone.

    A stall is time in which the ledger didn't move although it was behind; recovery is the time
    from a kill until it moved again, or had nothing left to do.
    """

    stall_max_s: float = 0.0
    recovery_s: float = 0.0
    _moved_at: float = 0.0
    _position: int = -1
    _kills: list[Kill] = field(default_factory=list)

    def killed(self, at: float) -> None:
        """Something was killed, frozen or cut off."""
        self._kills.append(Kill(at))

    def look(self, began: float, ended: float, position: int | None, end: int) -> None:
        """A look that lasted from `began` to `ended`; no position where nobody answered."""
        is_behind = position is None or position < end
        if position is not None and position != self._position:
            self._position, self._moved_at = position, began
        if not is_behind:
            self._moved_at = began
        self.stall_max_s = max(self.stall_max_s, ended - self._moved_at)
        if position is not None:
            self._kills = [kill for kill in self._kills if self._stays(kill, began, is_behind)]

    def _stays(self, kill: Kill, began: float, is_behind: bool) -> bool:
        if began < kill.at:
            return True
        if kill.stood is None and is_behind:
            kill.stood = self._position
            return True
        if is_behind and self._position == kill.stood:
            return True
        self.recovery_s = max(self.recovery_s, began - kill.at)
        return False


class Watch:
    """The looks, from threads of its own."""

    def __init__(self, database: str, brokers: str, prefix: str) -> None:
        """Nothing is asked before `start`."""
        self._database, self._brokers, self._prefix = database, brokers, prefix
        self._stop = threading.Event()
        self._turn = threading.Lock()
        self._clock = Clock(_moved_at=time.monotonic())
        self._threads = [
            threading.Thread(target=each, name=name, daemon=True)
            for name, each in (("watch-ledger", self._look), ("watch-logs", self._ends))
        ]
        self.position, self.end = 0, 0

    def start(self) -> None:
        """Begin; returns at once."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def killed(self) -> None:
        """Something was killed, frozen or cut off right now."""
        with self._turn:
            self._clock.killed(time.monotonic())

    @property
    def stall_max_s(self) -> float:
        """Longest time in which the ledger stood although it was behind."""
        return self._clock.stall_max_s

    @property
    def recovery_s(self) -> float:
        """Longest time from a kill until the ledger moved again."""
        return self._clock.recovery_s

    @property
    def has_all(self) -> bool:
        """Whether the ledger's positions were at the ends of the logs at the last look."""
        return self.end > 0 and self.position >= self.end

    def _look(self) -> None:
        conn: Any = None
        while not self._stop.wait(_LOOK_S):
            began = time.monotonic()
            conn, position = self._asked(conn)
            with self._turn:
                self._clock.look(began, time.monotonic(), position, self.end)
            self.position = self.position if position is None else position
        if conn is not None:
            conn.close()

    def _asked(self, conn: Any) -> tuple[Any, int | None]:
        try:
            if conn is None:
                conn = psycopg2.connect(self._database, connect_timeout=2)
                conn.autocommit = True
            with conn.cursor() as cursor:
                cursor.execute(_SUM)
                return conn, int(cursor.fetchone()[0])
        except psycopg2.Error:
            # It was killed; the next look connects anew.
            if conn is not None:
                conn.close()
            return None, None

    def _ends(self) -> None:
        with Cluster(self._brokers) as cluster:
            while not self._stop.wait(_ENDS_S):
                try:
                    outside = cluster.topics(self._prefix + OUTSIDE)
                    ends = end_offsets(cluster, [*ledger_topics(self._prefix), *outside])
                except OurFault:
                    # A broker is away: what was known of the ends still holds.
                    continue
                assert isinstance(ends, dict)
                self.end = max(self.end, sum(ends.values()))
