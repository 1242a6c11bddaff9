"""Through Kafka into the ledger: `python tests/bench/bench_streams.py [EVENTS] [LINES]`.

Starts the servers of the tests, preloads one topic, then times a worker that catches up, and the
time from the append of single events to their visibility while the worker is idle.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import psycopg2

sys.path.insert(0, str(Path(__file__).parent.parent))

from foodtrace.events.trade import Trade
from foodtrace_ledger import migrate as ledger
from foodtrace_office import migrate as office
from support.fixtures import Broker
from support.ledger import goods, trade
from support.run import Controller
from support.streams import Stage, publish, staged, until

#: Workers that share the topic, one run each.
COUNTS = (1, 2)


def documents(number: int, lines: int, *, first: int = 0) -> list[Trade]:
    """Trades of a market: 500 stalls, 2,000 lots of the day that many of them sell."""
    return [
        trade(
            first + n,
            f"wholesaler-{n % 40}",
            f"stall-{n % 500}",
            *(
                goods(f"LOT{(n * lines + line) % 2000:05}", line + 1, line_no=line + 1)
                for line in range(lines)
            ),
        )
        for n in range(number)
    ]


def count(stage: Stage) -> int:
    """Contents in the ledger."""
    found: int = stage.rows("SELECT count(*) FROM ledger.event_content")[0][0]
    return found


def catch_up(stage: Stage, number: int, lines: int, workers: int) -> None:
    """Time workers that find the whole topic waiting."""
    stage.append(documents(number, lines))
    started = [stage.worker(index) for index in range(workers)]
    until("the first chunk", lambda: count(stage) > 0)
    began, already = time.monotonic(), count(stage)
    until("all of them", lambda: count(stage) >= number, 600)
    took = time.monotonic() - began
    rate = (number - already) / took
    print(
        f"{workers} worker(s), {lines} lines a document: {rate:,.0f} events/s, "
        f"{rate * lines:,.0f} lines/s ({number - already} events in {took:.1f} s)"
    )
    for worker in started:
        worker.kill()


def visible(stage: Stage, rounds: int = 100) -> None:
    """Time from before the append of one event until a query sees it."""
    stage.worker(0).wait_ready()
    times = []
    for n in range(rounds):
        (event,) = documents(1, 3, first=10_000_000 + n)
        record = stage.record(event)
        statement = "SELECT 1 FROM ledger.event WHERE event_id = :id"
        began = time.monotonic()
        publish(stage.broker, [record])
        acknowledged = time.monotonic()
        while not stage.rows(statement, id=event.envelope.event_id):
            time.sleep(0.001)
        times.append((time.monotonic() - acknowledged, acknowledged - began))
    seen = sorted(one for one, _ in times)
    print(
        f"acknowledged → visible: p50 {statistics.median(seen) * 1000:.0f} ms, "
        f"p99 {seen[int(len(seen) * 0.99) - 1] * 1000:.0f} ms"
    )


def main(number: int, lines: int) -> None:
    """Run all."""
    controller = Controller()
    try:
        facts = controller.run.served("broker")
        broker = Broker(bootstrap=facts["bootstrap"], kind=facts["kind"], log=facts["log"])
        url: str = controller.run.served("postgres")["url"]
        for workers in COUNTS:
            name = f"bench_{workers}"
            with closing(psycopg2.connect(url)) as admin:
                admin.autocommit = True
                admin.cursor().execute(f"CREATE DATABASE {name}")
            database = url.rsplit("/", 1)[0] + f"/{name}"
            ledger.upgrade(database)
            office.upgrade(database)
            with (
                tempfile.TemporaryDirectory() as folder,
                staged(broker, database, f"bench{workers}.", Path(folder)) as stage,
            ):
                stage.build()
                catch_up(stage, number, lines, workers)
                if workers == 1:
                    visible(stage)
    finally:
        controller.close()


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 20_000,
        int(sys.argv[2]) if len(sys.argv) > 2 else 3,
    )
