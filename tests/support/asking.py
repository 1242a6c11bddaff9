"""Readers that ask a ledger all the time, whatever becomes of it meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from foodtrace_ledger.engine import make_engine, snapshot
from support.streams import Stage


class Asker(threading.Thread):
    """Asks all the time, as a reader does, and holds every answer to be of one ledger."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(daemon=True)
        self._engine = make_engine(stage.database, application="asker")
        self._over = threading.Event()
        self.seen: list[tuple[str, int]] = []
        self.wrong: list[object] = []

    def run(self) -> None:
        while not self._over.is_set():
            try:
                self._ask()
            except Exception as error:  # noqa: BLE001 - the test tells what it was
                self.wrong.append(error)

    def _ask(self) -> None:
        with snapshot(self._engine) as conn:
            count = conn.execute(text("SELECT count(*) FROM ledger.event_content")).scalar_one()
            rows = conn.execute(text("SELECT id, lot_id FROM ledger.lot"))
            lots = {row[0]: row[1] for row in rows}
            claims = conn.execute(
                text(
                    "SELECT c.lot, l.lot_id, (SELECT ledger_id FROM ledger.instance)"
                    " FROM ledger.claim c JOIN ledger.lot l ON l.id = c.lot"
                )
            ).all()
            before = conn.execute(text("SELECT ledger_id FROM ledger.instance")).scalar_one()
            found = {row[2] for row in claims}
            if found - {before} or any(lots.get(row[0]) != row[1] for row in claims):
                self.wrong.append(("mixed", before, found))
            self.seen.append((str(before), count))

    def end(self) -> list[str]:
        """Stop asking; gives the ledgers that answered, in their order."""
        self._over.set()
        self.join()
        self._engine.dispose()
        assert self.wrong == []
        counts = [count for _, count in self.seen]
        assert counts == sorted(counts), "an answer knew less than one before it"
        return list(dict.fromkeys(one for one, _ in self.seen))


@contextmanager
def asking(stage: Stage, number: int = 3) -> Iterator[list[Asker]]:
    askers = [Asker(stage) for _ in range(number)]
    for one in askers:
        one.start()
    yield askers
    for one in askers:
        one._over.set()
