"""Several parts under one roof: started one by one, ended in the opposite order."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from foodtrace_deploy.stack.keeper import Keeper
from foodtrace_deploy.stack.part import Part, PartReport, Stage
from foodtrace_deploy.stack.problem import StackProblem
from foodtrace_deploy.stack.spawn import Watchdog, set_aside

#: How often the logs are looked at, in seconds.
LOG_SECONDS = 60.0


class Supervisor:
    """Keeps the parts that it was given; `on_change` is called from their threads."""

    def __init__(self, on_change: Callable[[PartReport], None]) -> None:
        """Nothing runs before the first `start`."""
        self._on_change = on_change
        self._watchdog = Watchdog()
        self._lock = threading.Lock()
        self._keepers: list[Keeper] = []
        self._stopping = False
        self._ended = threading.Event()

    @property
    def reports(self) -> list[PartReport]:
        """Every part as it stands now, in the order of their start."""
        with self._lock:
            return [keeper.report for keeper in self._keepers]

    def part(self, name: str) -> Part:
        """The part of that name; raises StopIteration when there is none."""
        with self._lock:
            return next(keeper.part for keeper in self._keepers if keeper.part.name == name)

    def start(self, part: Part) -> Keeper:
        """Start a part and keep it running; returns at once."""
        keeper = Keeper(part, self._watchdog, self._on_change)
        with self._lock:
            if self._stopping:
                raise StackProblem("stopped-early")
            if not self._keepers:
                threading.Thread(target=self._keep_logs, name="keep-logs", daemon=True).start()
            self._keepers.append(keeper)
            keeper.start()
        return keeper

    def run(self, *parts: Part) -> None:
        """Start parts together and wait until all are ready; StackProblem `part-failed`."""
        keepers = [self.start(part) for part in parts]
        for keeper in keepers:
            report = keeper.wait_ready()
            if report.stage is Stage.STOPPED:
                raise StackProblem("stopped-early")
            if report.stage is not Stage.READY:
                raise StackProblem("part-failed", part=report.name, why=report.why, log=report.log)

    def stop(self, *groups: tuple[str, ...]) -> None:
        """End all parts: group after group by the beginning of their names, then the rest.

        Parts of one group end at the same time.
        """
        with self._lock:
            self._stopping = True
            left = list(self._keepers)
        for group in groups:
            chosen = [keeper for keeper in left if keeper.part.name.startswith(group)]
            left = [keeper for keeper in left if keeper not in chosen]
            _stop_together(chosen)
        _stop_together(left)
        self._ended.set()
        self._watchdog.close()

    def _keep_logs(self) -> None:
        while not self._ended.wait(LOG_SECONDS):
            for report in self.reports:
                set_aside(report.log)

    def kill(self) -> None:
        """End all parts at once, without order."""
        with self._lock:
            self._stopping = True
            keepers = list(self._keepers)
        for keeper in keepers:
            keeper.kill()


def _stop_together(keepers: list[Keeper]) -> None:
    if keepers:
        with ThreadPoolExecutor(len(keepers)) as pool:
            for done in [pool.submit(keeper.stop) for keeper in keepers]:
                done.result()
