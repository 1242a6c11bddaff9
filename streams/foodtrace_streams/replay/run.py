"""The road of a replay: make, load, index, follow, compare, switch; each step may be run again.

| killed while | what the next run finds |
|---|---|
| it is made | no marker: makes it anew |
| it is loaded, or follows | its own positions, and goes on there, by whatever number of processes |
| indexes are built | those that are missing |
| it is compared | everything, and compares again |
| it is switched | all of it done or nothing: one transaction |
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine

from foodtrace_bus.cluster import Cluster
from foodtrace_ledger import migrate
from foodtrace_ledger.engine import make_engine, snapshot
from foodtrace_ledger.errors import LedgerNewer, LedgerOlder, is_transient
from foodtrace_ledger.rebuild import beside, digest, indexes, switch
from foodtrace_ledger.rebuild.errors import (
    Differs,
    NothingKept,
    OldKept,
    OtherRevision,
    ReadersBusy,
)
from foodtrace_ledger.rebuild.turn import turn
from foodtrace_ledger.schemas import BEFORE, NEXT
from foodtrace_ledger.tables import metadata
from foodtrace_ops.settings import Settings
from foodtrace_streams.replay.crew import Crew
from foodtrace_streams.replay.follow import Bus, Follower
from foodtrace_streams.replay.news import News
from foodtrace_streams.replay.ranges import Reads
from foodtrace_streams.replay.signed import Signatures

#: Raises ReplayRunning when the turn was lost.
Held = Callable[[], None]
#: How often a switch is tried while answers or workers are in its way.
TRIES = 5


class Replay:
    """One run of `foodtrace replay`, with the connections it needs."""

    def __init__(self, settings: Settings, news: News, *, processes: int | None = None) -> None:
        """Nothing is connected before a step is run.

        `processes` is how many load side by side; None for as many as are worth it.
        """
        self._url = settings.database_url.get_secret_value()
        self._news = news
        self._crew = Crew(environment=settings.environment(), processes=processes)
        reads = Reads.of(settings.topic_prefix, settings.consumer)
        access = settings.access()
        self._bus = Bus(
            access=access, cluster=Cluster(access), reads=reads, log=settings.broker_log
        )
        self._live: Engine = make_engine(self._url, application=beside.APPLICATION)

    def close(self) -> None:
        """Disconnect."""
        self._live.dispose()
        self._bus.cluster.close()

    # -- what can be asked for

    def rebuild(self, *, anew: bool = False) -> dict[str, Any]:
        """Build, compare and switch; with `anew` without what an earlier run has left.

        Raises the errors of `foodtrace_ledger.rebuild.errors`, LedgerNewer, LedgerOlder where there
        is no ledger, and whatever a worker would end by. The live ledger stands as it was then.
        """
        with turn(self._live) as held:
            found = self._look()
            if found.live is None:
                raise LedgerOlder(f"revision none, this code needs {migrate.head()}")
            if not migrate.is_known(found.live):
                detail = f"revision {found.live}, this code knows up to {migrate.head()}"
                raise LedgerNewer(detail)
            if found.before is not None:
                raise OldKept
            same = found.live == migrate.head()
            if anew or not self._goes_on(found, same=same):
                self._news.phase("make")
                beside.make(self._url, self._live)
            with self._follower(NEXT, same=same, copies=True) as rebuilt:
                return self._build(rebuilt, held)

    def back(self) -> dict[str, Any]:
        """Bring the kept ledger up to where the live one is, hold it against what was signed, and
        switch to it. The live one may be of a revision that this code doesn't know.

        Raises OtherRevision for a kept ledger that this code can't write, and the errors of
        `foodtrace_ledger.rebuild.errors`; the live ledger stands as it was then.
        """
        with turn(self._live) as held:
            found = self._look()
            if found.before is None:
                raise NothingKept
            if found.before != migrate.head():
                detail = f"revision {found.before}, this program has {migrate.head()}"
                raise OtherRevision(detail)
            same = found.before == found.live
            with self._follower(BEFORE, same=same, copies=False) as kept:
                kept.follow()
                signatures = self._signed(kept)
                ended = self._switch(kept, held, signatures)
                return ended | {"checkpoints": signatures.agreed}

    def drop_old(self) -> dict[str, Any]:
        """Drop the kept ledger."""
        with turn(self._live):
            if self._look().before is None:
                raise NothingKept
            beside.drop(self._live, BEFORE)
            return {"state": "dropped"}

    def status(self) -> dict[str, Any]:
        """What is there: revisions, and how far a ledger that is being built is."""
        found = self._look()
        read = left = 0
        if found.building and found.live is not None:
            with self._follower(NEXT, same=True, copies=False) as rebuilt:
                read, left = rebuilt.behind()
        return {
            "state": "status",
            "live": found.live,
            "before": found.before,
            "building": found.building,
            "read": read,
            "left": left,
        }

    # -- its steps

    def _build(self, rebuilt: Follower, held: Held) -> dict[str, Any]:
        began = time.monotonic()
        records = rebuilt.bring("load")
        seconds = time.monotonic() - began
        self._index(rebuilt.engine)
        self._analyse(rebuilt.engine)
        rebuilt.follow()
        if rebuilt.same:
            self._compare(rebuilt)
        signatures = self._signed(rebuilt)
        return self._switch(rebuilt, held, signatures) | {
            "compared": rebuilt.same,
            "checkpoints": signatures.agreed,
            "records": records,
            "load_seconds": round(seconds, 2),
            "rate": round(records / seconds, 1) if records else 0.0,
            "seconds": round(time.monotonic() - began, 2),
        }

    def _signed(self, incoming: Follower) -> Signatures:
        signatures = Signatures(self._bus)
        with self._live.connect() as live, incoming.engine.connect() as mine:
            signatures.check(live, mine)
        return signatures

    def _goes_on(self, found: beside.Beside, *, same: bool) -> bool:
        """Whether an earlier run has left something that this one can go on with."""
        if not found.building or found.next != migrate.head():
            return False
        with self._follower(NEXT, same=same, copies=False) as left:
            return left.can_go_on()

    def _index(self, engine: Engine) -> None:
        with engine.connect() as conn:
            lacking = indexes.missing(conn, NEXT)
        self._news.phase("index", len(lacking))
        for index in lacking:
            with engine.begin() as conn:
                indexes.build(conn, NEXT, index)
            self._news.step(1)

    def _analyse(self, engine: Engine) -> None:
        tables = metadata.sorted_tables
        self._news.phase("analyse", len(tables))
        for table in tables:
            with engine.begin() as conn:
                conn.exec_driver_sql(f"ANALYZE {table}")
            self._news.step(1)

    def _compare(self, rebuilt: Follower) -> None:
        """Both as of one vector of positions; workers write on meanwhile."""
        found = []
        with snapshot(self._live) as live:
            live.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
            rebuilt.bring("follow", live)
            self._news.phase("compare", len(digest.tables()))
            with rebuilt.engine.connect() as mine:
                for one in digest.compared(live, mine):
                    self._news.step(1)
                    if one is not None:
                        found.append(one)
        if found:
            self._news.tell(differences=[_told(one) for one in found])
            raise Differs("; ".join(_line(one) for one in found))

    def _switch(self, incoming: Follower, held: Held, signatures: Signatures) -> dict[str, Any]:
        for left in reversed(range(TRIES)):
            incoming.follow()
            self._news.phase("switch")
            began = time.monotonic()
            try:
                self._switch_once(incoming, held, signatures)
            except Exception as error:
                if not left or not (isinstance(error, ReadersBusy) or is_transient(error)):
                    raise
            else:
                seconds = round(time.monotonic() - began, 3)
                return {"state": "switched", "held_seconds": seconds, "kept": BEFORE}
        raise AssertionError("the last try returns or raises")

    def _switch_once(self, incoming: Follower, held: Held, signatures: Signatures) -> None:
        with self._live.begin() as conn:
            switch.hold(conn)
            incoming.bring("switch", conn)
            # Those that were signed while the last stretches were read.
            with incoming.engine.connect() as mine:
                signatures.check(conn, mine)
            # Another replay may have begun one anew under this name since.
            held()
            switch.carry_over(conn, incoming.schema, same_revision=incoming.same)
            switch.switch(conn, incoming.schema)

    # -- what the steps need

    def _look(self) -> beside.Beside:
        with self._live.connect() as conn:
            return beside.look(conn)

    def _follower(self, schema: str, *, same: bool, copies: bool) -> Follower:
        return Follower(
            self._url,
            schema,
            self._live,
            self._bus,
            self._news,
            same=same,
            copies=copies,
            crew=self._crew,
        )


def _told(one: digest.Difference) -> dict[str, Any]:
    return {
        "table": one.table,
        "live_rows": one.live_rows,
        "rebuilt_rows": one.rebuilt_rows,
        "only_live": list(one.only_live),
        "only_rebuilt": list(one.only_rebuilt),
    }


def _line(one: digest.Difference) -> str:
    first = (*one.only_live, *one.only_rebuilt)[:1]
    return f"{one.table} ({one.live_rows} rows, rebuilt {one.rebuilt_rows}): {''.join(first)}"
