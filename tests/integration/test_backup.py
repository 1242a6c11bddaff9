"""A backup of a running stack, taken while events come, and what becomes of it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from foodtrace.events import Event
from foodtrace_bus import exits
from foodtrace_deploy.backup.notice import Progress
from foodtrace_deploy.backup.restore import Only, Order, restore
from foodtrace_deploy.backup.take import Wish, take
from foodtrace_deploy.commands.exits import Exit
from foodtrace_deploy.stack.options import Options
from foodtrace_deploy.stack.problem import StackProblem
from foodtrace_deploy.stack.stack import Stack
from foodtrace_ledger.dump import of_events, of_ledger
from foodtrace_ops.settings import Settings
from foodtrace_schemas.topics import ledger_topics
from support.fixtures import Broker
from support.ledger import goods, receipt, trade
from support.streams import Stage, staged

pytestmark = pytest.mark.timeout(600)

_PREFIX = "t."


def _events(begin: int, end: int) -> list[Event]:
    """Trades, and receipts of lots that many of them share."""
    events: list[Event] = []
    for n in range(begin, end):
        shop = f"b{n % 7}"
        lines = goods(f"L{n % 50}"), goods(f"M{n}", line_no=2)
        events += [trade(n, "a", shop, *lines), receipt(n, shop, goods(f"L{n % 50}"))]
    return events


@contextmanager
def _up(data: Path, name: str) -> Iterator[Stage]:
    """Kafka and PostgreSQL of a data folder, and a hand for both."""
    options = Options(data=data, broker="kafka", doors=False, settings=Settings())
    folder = data.parent / name
    folder.mkdir()
    with Stack(options) as running:
        broker = Broker(bootstrap=running.brokers, kind="kafka", log="")
        url = running.database_url.get_secret_value()
        with staged(broker, url, _PREFIX, folder) as stage:
            yield stage


def _foodtrace(*arguments: str | Path) -> tuple[int, dict[str, Any]]:
    told = subprocess.run(
        [sys.executable, "-m", "foodtrace_deploy", *map(str, arguments), "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.stdout, told.stderr
    return told.returncode, json.loads(told.stdout)


def _refused(wish: Wish) -> str:
    with pytest.raises(StackProblem) as caught:
        take(wish, lambda _told: None)
    return caught.value.key


def _restored(order: Order) -> Path:
    """Where the old data are kept."""
    before = restore(order, lambda _told: None).before
    assert before is not None
    return before


class _Appending(threading.Thread):
    """Appends events until it is told to stop; `acknowledged` are those that are in Kafka."""

    def __init__(self, stage: Stage, begin: int) -> None:
        super().__init__()
        self._stage = stage
        self._begin = begin
        self._over = threading.Event()
        self.acknowledged: list[Event] = []

    def run(self) -> None:
        number = self._begin
        while not self._over.is_set():
            events = _events(number, number + 20)
            self._stage.append(events)
            self.acknowledged.extend(events)
            number += 20

    def end(self) -> None:
        self._over.set()
        self.join()


def _is_whole(stage: Stage, known: list[Event], promised: list[Event]) -> list[Event]:
    """Every promised event is in the ledger once, nothing unknown is, the lineage is theirs."""
    stage.wait_read(ledger_topics(_PREFIX))
    ids = stage.events()
    assert len(ids) == len(set(ids))
    assert {event.envelope.event_id for event in promised} <= set(ids)
    by_id = {event.envelope.event_id: event for event in known}
    found = [by_id[event_id] for event_id in ids]
    with stage.engine.connect() as conn:
        facts = of_ledger(conn)
    assert facts == of_events(found)
    return found


def _is_refused_an_older_log(backup: Path, data: Path, events: int) -> None:
    """An older log under a ledger is no log of it."""
    before = _restored(Order(backup=backup, data=data, only=Only.KAFKA, replace=True))
    assert (before / "kafka" / "data" / "meta.properties").exists()
    with _up(data, "behind") as stage:
        worker = stage.worker()
        assert worker.wait_ended() == exits.LOG_BEHIND
        assert worker.last_words()["problem"] == "bus.log-behind"
        assert not worker.last_words()["restart"]
        assert len(stage.events()) == events


def _keeps_the_keys_of_its_moment(data: Path, target: Path) -> None:
    """A key that is retired while PostgreSQL is written out is still the present one in it."""
    own, draft, kept = (data / name for name in ("evidence.pem", "evidence-next.pem", "kept.pem"))
    old, new = own.read_bytes(), b"the next one"
    draft.write_bytes(new)

    def retired(told: Progress) -> None:
        if told.step == "dump" and draft.exists():
            own.rename(kept)
            draft.rename(own)

    take(Wish(data=data, target=target), retired)
    assert own.read_bytes() == new
    kept.replace(own)
    assert (target / "secrets" / "evidence.pem").read_bytes() == old
    assert (target / "secrets" / "evidence-next.pem").read_bytes() == new


def test_a_backup_under_load_is_a_whole_installation(broker: Broker, tmp_path: Path) -> None:
    if broker.kind != "kafka":
        pytest.skip("what is kept in memory has no backup")
    data, new, backup = tmp_path / "data", tmp_path / "new", tmp_path / "backup"
    first, second = _events(0, 100), _events(100, 200)
    with _up(data, "before") as stage:
        stage.build()
        stage.append(first)
        worker = stage.worker().wait_ready()
        stage.wait_for(first)
        assert worker.stop() == exits.STOPPED
        # PostgreSQL is older than Kafka, and Kafka goes on.
        stage.append(second)
        appending = _Appending(stage, 1000)
        appending.start()
        code, told = _foodtrace("backup", backup, "--data", data)
        appending.end()
        assert (code, told["brokers"]) == (Exit.DONE, ["kafka"])
        _keeps_the_keys_of_its_moment(data, tmp_path / "keys")
        assert _refused(Wish(data=data, target=backup)) == "backup-not-empty"
        assert _refused(Wish(data=data, target=backup / "manifest.json" / "x")) == "backup-denied"
    assert appending.acknowledged
    assert _refused(Wish(data=data, target=tmp_path / "other")) == "backup-not-running"
    assert not (tmp_path / "other").exists()

    code, told = _foodtrace("restore", backup, "--data", new)
    assert (code, told["before"]) == (Exit.DONE, None)
    assert (new / "evidence.pem").read_bytes() == (data / "evidence.pem").read_bytes()
    assert (new / "evidence.pem").stat().st_mode & 0o077 == 0
    known = [*first, *second, *appending.acknowledged]
    with _up(new, "after") as stage:
        assert len(stage.events()) == len(first)
        stage.worker().wait_ready()
        found = _is_whole(stage, known, [*first, *second])
        # It goes on where it was.
        third = _events(500, 550)
        stage.append(third)
        _is_whole(stage, [*known, *third], [*found, *third])

    _is_refused_an_older_log(backup, new, len(found) + len(third))
    # The older ledger goes with it.
    before = _restored(Order(backup=backup, data=new, only=Only.POSTGRES, replace=True))
    assert (before / "postgres" / "data" / "PG_VERSION").exists()
    assert (new / "postgres" / "data" / "PG_VERSION").exists()
