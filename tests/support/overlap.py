"""Writers whose transactions overlap, statement by statement, as a script says.

Each writer stops before every statement and before its commit. One goes on at a time: the one the
schedule names, or another where that one waits for a lock. No time passes unless something moves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from enum import StrEnum
from itertools import chain, cycle
from threading import Condition
from typing import Any

from sqlalchemy import Connection, Engine, event, text

# How often to look whether a statement waits for a lock, in seconds.
LOOK_EVERY = 0.002


class _At(StrEnum):
    GATE = "gate"
    RUNNING = "running"
    DONE = "done"


class Overlap:
    """Runs one function per engine; `schedule` names who takes each next step."""

    def __init__(self, engines: Sequence[Engine], looking: Engine, schedule: Iterable[int]) -> None:
        """`looking` is an engine of its own, to see who waits."""
        self._engines = engines
        self._looking = looking
        self._schedule = chain(schedule, cycle(range(len(engines))))
        self._turn = Condition()
        self._at = [_At.RUNNING for _ in engines]
        self._go = [False for _ in engines]
        self._pids: list[int | None] = [None for _ in engines]

    def run(self, works: Sequence[Callable[[Engine], None]]) -> None:
        """Run all works to their end; raises what one of them raises."""
        with (
            self._gates(),
            self._looking.connect() as looking,
            ThreadPoolExecutor(len(works)) as pool,
        ):
            futures = [pool.submit(self._work, number, work) for number, work in enumerate(works)]
            self._conduct(looking)
            for future in futures:
                _settled(future)

    def _work(self, number: int, work: Callable[[Engine], None]) -> None:
        try:
            work(self._engines[number])
        finally:
            with self._turn:
                self._at[number] = _At.DONE
                self._turn.notify_all()

    def _gate(self, number: int, conn: Connection) -> None:
        with self._turn:
            self._pids[number] = conn.connection.dbapi_connection.info.backend_pid  # type: ignore[union-attr]
            self._at[number] = _At.GATE
            self._turn.notify_all()
            self._turn.wait_for(lambda: self._go[number])
            self._go[number] = False
            self._at[number] = _At.RUNNING

    @contextmanager
    def _gates(self) -> Iterator[None]:
        hooks: list[tuple[Engine, str, Any]] = []
        for number, engine in enumerate(self._engines):

            def statement(conn: Connection, *_more: Any, number: int = number) -> None:
                self._gate(number, conn)

            def commit(conn: Connection, *, number: int = number) -> None:
                self._gate(number, conn)

            hooks += [(engine, "before_cursor_execute", statement), (engine, "commit", commit)]
        for hook in hooks:
            event.listen(*hook)
        try:
            yield
        finally:
            for hook in hooks:
                event.remove(*hook)

    def _conduct(self, looking: Connection) -> None:
        while not all(at is _At.DONE for at in self._at):
            waiting = self._next_waiting(looking)
            if not waiting:
                continue
            wish = next(self._schedule)
            number = wish if wish in waiting else waiting[0]
            with self._turn:
                self._go[number] = True
                self._turn.notify_all()

    def _next_waiting(self, looking: Connection) -> list[int]:
        """Wait until nobody moves any more: at a gate, done, or behind another's lock."""
        while True:
            with self._turn:
                self._turn.wait_for(lambda: not self._moving(), timeout=LOOK_EVERY)
                moving = self._moving()
                waiting = [n for n, at in enumerate(self._at) if at is _At.GATE]
            if all(_is_blocked(looking, self._pids[number]) for number in moving):
                return waiting

    def _moving(self) -> list[int]:
        return [n for n, at in enumerate(self._at) if at is _At.RUNNING or self._go[n]]


def _is_blocked(looking: Connection, pid: int | None) -> bool:
    if pid is None:
        return False
    blocked = text("SELECT cardinality(pg_blocking_pids(:pid)) > 0")
    answer = bool(looking.execute(blocked, {"pid": pid}).scalar_one())
    looking.rollback()
    return answer


def _settled(future: Future[None]) -> None:
    error = future.exception()
    if error is not None:
        raise error
