"""A ledger built anew beside the live one: `python tests/bench/bench_replay.py [EVENTS ...]`.

Starts the servers of the tests. For each number of events a worker brings them into the ledger, then
a replay builds it again, compares both and switches: by one process, and by one a processor. Prints
the events a second of all in the same run, the processor time of an event, and how each grows.
"""

from __future__ import annotations

import resource
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
from foodtrace_streams.replay.crew import cores
from support.fixtures import Broker
from support.ledger import goods, trade
from support.replaying import replay
from support.run import Controller
from support.streams import Stage, staged, until

LINES = 3
SIZES = (5_000, 20_000, 60_000)


def documents(number: int) -> list[Trade]:
    """Trades of a market: 40 wholesalers, 500 stalls, a lot for every ten lines."""
    lots = max(1, number * LINES // 10)
    return [
        trade(
            n,
            f"wholesaler-{n % 40}",
            f"stall-{n % 500}",
            *(
                goods(f"LOT{(n * LINES + line) % lots:07}", line + 1, line_no=line + 1)
                for line in range(LINES)
            ),
        )
        for n in range(number)
    ]


def count(stage: Stage) -> int:
    """Contents in the ledger."""
    return stage.count()


def live(stage: Stage, number: int) -> float:
    """Events a second of one worker that finds all of them waiting."""
    worker = stage.worker()
    until("the first chunk", lambda: count(stage) > 0)
    began, already = time.monotonic(), count(stage)
    until("all of them", lambda: count(stage) >= number, 1800)
    rate = (number - already) / (time.monotonic() - began)
    worker.kill()
    return rate


def processor_s() -> float:
    """Processor time of the children that have ended, in seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def one(stage: Stage, number: int) -> None:
    """Both ways of one number of events."""
    events = documents(number)
    for first in range(0, number, 20_000):
        stage.append(events[first : first + 20_000])
    worker = live(stage, number)
    print(f"{number:,} events of {LINES} lines: worker {worker:,.0f} events/s", flush=True)
    for processes in dict.fromkeys((1, cores())):
        rebuilt(stage, number, worker, processes)
        assert replay(stage, "drop-old").code == 0


def rebuilt(stage: Stage, number: int, worker: float, processes: int) -> None:
    """A replay by so many loading processes."""
    before = processor_s()
    ended = replay(stage, processes=processes)
    spent = processor_s() - before
    told = ended.last
    assert ended.code == 0, told
    assert told["records"] >= number
    took = {line["phase"]: line for line in ended.lines if "phase" in line}
    print(
        f"  replay by {processes} loads {told['rate']:,.0f} events/s ({told['rate'] / worker:.1f}x),"
        f" in all {number / told['seconds']:,.0f} events/s ({told['seconds']:.1f} s, indexes, compare"
        f" and switch with it); {spent / number * 1e6:,.0f} µs of its processors an event;"
        f" workers held {told['held_seconds'] * 1000:.0f} ms; compared {told['compared']}"
        f" ({took['compare']['total']} tables)",
        flush=True,
    )


def main(sizes: list[int]) -> None:
    """Run all."""
    controller = Controller()
    try:
        facts = controller.run.served("broker")
        broker = Broker(bootstrap=facts["bootstrap"], kind=facts["kind"], log=facts["log"])
        url: str = controller.run.served("postgres")["url"]
        for number in sizes:
            name = f"bench_{number}"
            with closing(psycopg2.connect(url)) as admin:
                admin.autocommit = True
                admin.cursor().execute(f"CREATE DATABASE {name}")
            database = url.rsplit("/", 1)[0] + f"/{name}"
            ledger.upgrade(database)
            office.upgrade(database)
            with (
                tempfile.TemporaryDirectory() as folder,
                staged(broker, database, f"bench{number}.", Path(folder)) as stage,
            ):
                stage.build()
                one(stage, number)
    finally:
        controller.close()


if __name__ == "__main__":
    main([int(number) for number in sys.argv[1:]] or list(SIZES))
