"""Keeps one part running: starts it, waits until it is ready, starts it again when it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from foodtrace_deploy.stack.listening import listens
from foodtrace_deploy.stack.part import Part, PartReport, Stage
from foodtrace_deploy.stack.spawn import Watchdog, spawn
from foodtrace_deploy.stack.why import why

#: Pauses before the second, third ... start, in seconds; the last one is kept.
PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
#: The longest for a part that had been ready: it has what it needs, so to wait mends nothing, while all
#: that it serves stands still. (What a worker fails at is counted in the ledger and soon put aside.)
LONGEST_AFTER_READY = 5.0
#: A part that was ready this long, in seconds, begins again with the first pause.
STEADY_SECONDS = 60.0
#: A part that wasn't ready after so many starts is told to the user instead of being tried for ever.
FIRST_TRIES = 3
#: How often a part that is starting is asked whether it is ready, in seconds.
ASK_SECONDS = 0.05


class Keeper:
    """One part and the thread that keeps it; `on_change` is called in that thread."""

    def __init__(
        self, part: Part, watchdog: Watchdog, on_change: Callable[[PartReport], None]
    ) -> None:
        """Nothing starts before `start`."""
        self.part = part
        self._watchdog = watchdog
        self._on_change = on_change
        self._stop = threading.Event()
        self._settled = threading.Event()
        self._starting = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._report = PartReport(
            name=part.name,
            stage=Stage.STARTING,
            pid=None,
            ports=part.ports,
            restarts=0,
            log=part.log,
        )
        # Linux ties a process to the thread that started it, so each part has one of its own.
        self._thread = threading.Thread(target=self._run, name=f"keep-{part.name}", daemon=True)

    @property
    def report(self) -> PartReport:
        """The part as it stands now."""
        return self._report

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def wait_ready(self) -> PartReport:
        """Wait until it is ready for the first time, or has failed or stopped before."""
        self._settled.wait()
        return self._report

    def stop(self) -> None:
        """End it for good and wait until it is gone."""
        with self._starting:
            self._stop.set()
            process = self._process
        if process is not None:
            self._end(process)
        if self._thread.is_alive():
            self._thread.join()

    def kill(self) -> None:
        """End it without giving it time; for a user who doesn't want to wait for `stop`."""
        self._stop.set()
        if self._process is not None:
            self._process.kill()

    def _run(self) -> None:
        failures = 0
        try:
            while True:
                ready_since = self._one_life()
                if self._stop.is_set():
                    break
                if self._is_over():
                    self._change(stage=Stage.FAILED, pid=None)
                    return
                failures = 1 if _was_steady(ready_since) else failures + 1
                pause = _pause(failures, was_ready=ready_since is not None)
                restarts = self._report.restarts + 1
                self._change(stage=Stage.PAUSING, pid=None, restarts=restarts, pause=pause)
                if self._stop.wait(pause):
                    break
            self._change(stage=Stage.STOPPED, pid=None)
        finally:
            self._settled.set()

    def _is_over(self) -> bool:
        """Whether starting it again is no help: it never ran, or it said so, or its data is gone."""
        assert self._process is not None
        never_ran = not self._settled.is_set() and self._report.restarts + 1 >= FIRST_TRIES
        return never_ran or self.part.vital or self._process.returncode in self.part.final_codes

    def _one_life(self) -> float | None:
        """From the start of the process to its end; when it became ready, if it ever did."""
        with self._starting:
            if self._stop.is_set():
                return None
            process = self._process = spawn(self.part)
        self._watchdog.add(self.part, process)
        self._change(stage=Stage.STARTING, pid=process.pid)
        ready_since: float | None = None
        if self._becomes_ready(process):
            ready_since = time.monotonic()
            self._change(stage=Stage.READY)
            self._settled.set()
            process.wait()
        self._end(process)
        self._watchdog.drop(process.pid)
        if not self._stop.is_set():
            self._change(why=why(process.returncode, self.part.log))
        return ready_since

    def _becomes_ready(self, process: subprocess.Popen[bytes]) -> bool:
        deadline = time.monotonic() + self.part.ready_seconds
        while process.poll() is None and time.monotonic() < deadline:
            if self.part.ready() and listens(process.pid, self.part.ports):
                return True
            if self._stop.wait(ASK_SECONDS):
                return False
        return False

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        """Ask it to end, then kill what is left of its process group."""
        if process.poll() is None:
            # A frozen process can't react before it is continued.
            process.send_signal(signal.SIGCONT)
            process.send_signal(self.part.stop_signal)
            try:
                process.wait(timeout=self.part.stop_seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            # Nobody is left; macOS says it the second way.
            return

    def _change(self, **fields: object) -> None:
        self._report = replace(self._report, **fields)  # type: ignore[arg-type]
        self._on_change(self._report)


def _pause(failures: int, *, was_ready: bool) -> float:
    pause = PAUSES[min(failures, len(PAUSES)) - 1]
    return min(pause, LONGEST_AFTER_READY) if was_ready else pause


def _was_steady(ready_since: float | None) -> bool:
    return ready_since is not None and time.monotonic() - ready_since > STEADY_SECONDS
