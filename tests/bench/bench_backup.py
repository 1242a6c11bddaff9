"""A backup under load and the way back, with one broker and with three: `bench_backup.py [EVENTS]`.

Starts a stack, fills it, backs it up while events keep coming, restores it elsewhere, starts that and
waits until its ledger has caught up. Prints how long the brokers were held, bytes and rates; ends with
an error when anything that was acknowledged before the backup is missing or stands there twice.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from foodtrace.events import Event
from foodtrace_deploy.backup.restore import Order, restore
from foodtrace_deploy.backup.take import Wish, take
from foodtrace_deploy.stack.options import Options
from foodtrace_deploy.stack.stack import Stack
from foodtrace_ledger.dump import of_events, of_ledger
from foodtrace_ops.settings import Settings
from foodtrace_schemas.topics import ledger_topics
from support.fixtures import Broker
from support.ledger import goods, receipt, trade
from support.streams import Stage, staged

_PREFIX = "t."
_BATCH = 500


def documents(begin: int, end: int) -> list[Event]:
    """Half trades, half receipts."""
    return [
        trade(n, "a", f"b{n % 7}", goods(f"L{n % 500}"), goods(f"M{n}", line_no=2))
        if n % 2
        else receipt(n, f"b{n % 7}", goods(f"L{n % 500}"))
        for n in range(begin, end)
    ]


@contextmanager
def up(data: Path, brokers: int, name: str) -> Iterator[Stage]:
    """Brokers and database of a data folder."""
    options = Options(data=data, broker="kafka", brokers=brokers, doors=False, settings=Settings())
    folder = data.parent / name
    folder.mkdir()
    with Stack(options) as running:
        broker = Broker(bootstrap=running.brokers, kind="kafka", log="")
        url = running.database_url.get_secret_value()
        with staged(broker, url, _PREFIX, folder) as stage:
            yield stage


def fill(stage: Stage, begin: int, end: int) -> list[Event]:
    """Append so many, batch by batch; gives them."""
    events = documents(begin, end)
    for at in range(0, len(events), _BATCH):
        stage.append(events[at : at + _BATCH])
    return events


def measure(root: Path, brokers: int, number: int) -> None:
    """One round."""
    with up(root / "data", brokers, "before") as stage:
        stage.build()
        stage.worker().wait_ready()
        before = fill(stage, 0, number)
        over, later = threading.Event(), list[Event]()

        def go_on() -> None:
            at = number
            while not over.is_set():
                later.extend(fill(stage, at, at + _BATCH))
                at += _BATCH

        going = threading.Thread(target=go_on)
        going.start()
        began = time.monotonic()
        made = take(Wish(data=root / "data", target=root / "backup"), lambda _told: None)
        took = time.monotonic() - began
        over.set()
        going.join()
    say(f"backup, {brokers} brokers", took, made.size)
    began = time.monotonic()
    restore(Order(backup=root / "backup", data=root / "new"), lambda _told: None)
    say("restore", time.monotonic() - began, made.size)
    began = time.monotonic()
    with up(root / "new", brokers, "after") as stage:
        say("start of the restored one", time.monotonic() - began, 0)
        stage.worker().wait_ready()
        stage.wait_read(ledger_topics(_PREFIX), 600)
        say("... until it has caught up", time.monotonic() - began, 0)
        check(stage, before, [*before, *later])


def check(stage: Stage, promised: list[Event], known: list[Event]) -> None:
    """Fail unless the ledger is what it has to be."""
    ids = stage.events()
    by_id = {event.envelope.event_id: event for event in known}
    lost = {event.envelope.event_id for event in promised} - set(ids)
    with stage.engine.connect() as conn:
        facts = of_ledger(conn)
    equal = facts == of_events(by_id[event_id] for event_id in ids)
    verdict = f"lost={len(lost)} doubled={len(ids) - len(set(ids))} lineage={equal}"
    sys.stdout.write(f"  {len(ids)} events of {len(promised)} promised: {verdict}\n")
    if lost or len(ids) != len(set(ids)) or not equal:
        sys.exit(1)


def say(what: str, seconds: float, size: int) -> None:
    """One line of the table."""
    rate = f", {size / seconds / 1e6:7.1f} MB/s" if size else ""
    sys.stdout.write(f"  {what:32} {seconds:7.2f} s{rate}\n")
    sys.stdout.flush()


def main(number: int) -> None:
    """One broker, then three."""
    for brokers in (1, 3):
        with tempfile.TemporaryDirectory(prefix="foodtrace-backup-") as root:
            measure(Path(root), brokers, number)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
