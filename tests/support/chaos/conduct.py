"""Carries the schedule out, one action after another, as the doors accept event after event."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psutil
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from support.chaos.broken import AFTER, BEFORE, LOSE, fault_file
from support.chaos.feed import Erp, Feeder
from support.chaos.outside import Outsider
from support.chaos.plan import KILLS, Action, Sort
from support.chaos.watch import Watch
from support.chaos.world import World
from support.cluster import Node

#: Seconds in which nothing moves, or until brokers have all copies again: then it has failed.
PATIENCE_S = 180.0
_LOOK_S = 0.05
#: How many records the ledger may be behind when something is done: a share of all, at least some.
_BEHIND, _LEAST_BEHIND = 0.1, 600
_FAULTS = {Sort.ERROR_BEFORE: BEFORE, Sort.ERROR_AFTER: AFTER, Sort.LOSE: LOSE}

#: Told what is about to be done.
Tell = Callable[[Action], None]


class Stuck(Exception):
    """Something that has to come about doesn't: the run has failed."""


class Conductor:
    """Does what the schedule says."""

    def __init__(
        self, world: World, feeder: Feeder, outsider: Outsider, watch: Watch, tell: Tell
    ) -> None:
        """`tell` hears of every action as it begins."""
        self._world, self._feeder, self._outsider = world, feeder, outsider
        self._watch, self._tell = watch, tell
        self._erps: dict[str, Erp] = {erp.name: erp for erp in feeder.erps.values()}
        self._beside = ThreadPoolExecutor(4, thread_name_prefix="beside")
        self._pending: list[Future[Any]] = []
        self._broker_back: Future[Any] | None = None
        self._given_up = threading.Event()
        self.kills = 0

    def run(self, actions: tuple[Action, ...]) -> None:
        """Carry all of them out, then let the doors go on to the end; raises Stuck."""
        ends = [action.moment for action in actions[1:]] + [1.0]
        for action, then in zip(actions, ends, strict=True):
            self._feeder.open_to(action.moment)
            self._wait_accepted(action.moment)
            self._wait_ledger()
            # Events go on coming while it is done, as far as the next action lets them.
            self._feeder.open_to(then)
            self._tell(action)
            if action.sort in KILLS:
                self._watch.killed()
                self.kills += 1
            self._do(action)
        self._feeder.open_to(1.0)
        self._wait_accepted(1.0)

    def finish(self) -> None:
        """Wait for what goes on beside the schedule; raises what that raised."""
        for future in [*self._pending, *filter(None, [self._broker_back])]:
            future.result(PATIENCE_S)

    def close(self) -> None:
        """Let nobody wait any longer."""
        self._given_up.set()
        self._outsider.given_up.set()
        self._beside.shutdown(wait=True, cancel_futures=True)

    def _wait_accepted(self, share: float) -> None:
        wanted = int(self._feeder.total * share)
        self._wait(lambda: self._feeder.accepted(), lambda accepted: accepted >= wanted)

    def _wait_ledger(self) -> None:
        """A kill is to meet a ledger at work, not one that has long been left behind."""
        most = max(_LEAST_BEHIND, int(self._feeder.total * _BEHIND))
        self._wait(
            lambda: self._watch.position, lambda position: self._watch.end - position <= most
        )

    def _wait(self, look: Callable[[], int], enough: Callable[[int], bool]) -> None:
        last, since = -1, time.monotonic()
        while not enough(found := look()):
            if found != last:
                last, since = found, time.monotonic()
            if time.monotonic() - since > PATIENCE_S:
                problems = list(self._feeder.bulk.problems)[-3:]
                raise Stuck(f"at {found} for {PATIENCE_S} s: {problems}")
            failed = self._world.failed()
            if failed:
                raise Stuck(f"{failed[0].name} was given up: {failed[0].why}")
            self._given_up.wait(_LOOK_S)

    # -- one action

    def _do(self, action: Action) -> None:
        part, _, rest = action.target.partition("-")
        if action.sort in _FAULTS:
            fault_file(self._world.faults, action.target, _FAULTS[action.sort]).touch()
        elif action.sort in (Sort.CUT, Sort.STALL):
            with self._turned(action):
                self._given_up.wait(action.seconds)
        elif part == "broker":
            self._broker(action, int(rest))
        elif action.sort in KILLS:
            self._part(action)
        else:
            self._other(action)

    @contextmanager
    def _turned(self, action: Action) -> Iterator[None]:
        self._world.proxy.turn("cut" if action.sort is Sort.CUT else "stall", action.target)
        try:
            yield
        finally:
            self._world.proxy.turn("open", action.target)

    def _part(self, action: Action) -> None:
        name = action.target
        erp = self._erps.get(name)
        pid = erp.pid if erp is not None else self._world.keepers[name].report.pid
        if pid is None or not psutil.pid_exists(pid):
            # It is down already, by an earlier action, and comes back by itself.
            return
        if action.sort is Sort.RESTART:
            psutil.Process(pid).send_signal(self._world.keepers[name].part.stop_signal)
        elif action.sort is Sort.KILL:
            psutil.Process(pid).kill()
        elif action.sort is Sort.FOREVER:
            _freeze(pid)
        else:
            frozen = _freeze(pid)
            self._given_up.wait(action.seconds)
            _thaw(frozen)

    def _broker(self, action: Action, number: int) -> None:
        brokers = self._world.brokers
        assert brokers is not None
        if self._broker_back is not None:
            # Two of three away at once would be no surprise: nothing could be accepted.
            self._broker_back.result(PATIENCE_S)
        node = brokers.nodes[number - 1]
        if action.sort is Sort.FREEZE:
            node.freeze()
        elif action.sort is Sort.KILL:
            node.kill()
        else:
            node.stop()
        self._given_up.wait(action.seconds)
        self._broker_back = self._beside.submit(self._bring_back, node)

    def _bring_back(self, node: Node) -> None:
        if node.is_running:
            node.thaw()
        else:
            node.start_again()
        admin = AdminClient({"bootstrap.servers": self._world.settings.brokers, "log_level": 2})
        deadline = time.monotonic() + PATIENCE_S
        while not _is_whole(admin):
            if time.monotonic() > deadline:
                raise Stuck(f"{node.server.name} doesn't get its copies back")
            if self._given_up.wait(0.5):
                return

    def _other(self, action: Action) -> None:
        if action.sort is Sort.WORKERS:
            self._workers(int(action.target))
            return
        doing = {
            Sort.POISON: self._outsider.poison,
            Sort.TRANSACTIONS: self._outsider.transactions,
            Sort.SOURCE: self._outsider.new_source,
            Sort.GROW: self._outsider.grow,
            Sort.DEADLY: self._outsider.deadly,
        }[action.sort]
        self._pending.append(self._beside.submit(doing))

    def _workers(self, wanted: int) -> None:
        names = [name for name in self._world.keepers if name.startswith("worker-")]
        for number in range(len(names), wanted):
            self._world.add_worker(number)
        for name in names[wanted:]:
            self._pending.append(self._beside.submit(self._world.keepers[name].stop))


def _freeze(pid: int) -> list[psutil.Process]:
    """Stop a process and all that it started, as a suspended machine would."""
    first = psutil.Process(pid)
    frozen = [first, *first.children(recursive=True)]
    _send(frozen, signal.SIGSTOP)
    return frozen


def _thaw(frozen: list[psutil.Process]) -> None:
    _send(frozen, signal.SIGCONT)


def _send(processes: list[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        try:
            process.send_signal(number)
        except psutil.NoSuchProcess:
            # A session of PostgreSQL may end at any moment.
            continue


def _is_whole(admin: Any) -> bool:
    """Whether every partition has all of its copies in sync."""
    try:
        told = admin.list_topics(timeout=5)
    except KafkaException:
        return False
    parts = [part for topic in told.topics.values() for part in topic.partitions.values()]
    return bool(parts) and all(len(part.isrs) == len(part.replicas) for part in parts)
