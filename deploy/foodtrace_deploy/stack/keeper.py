"""Keeps one part running: starts it, waits until it is ready, starts it again when it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from foodtrace_deploy.stack.part import Part, PartReport, Stage
from foodtrace_deploy.stack.spawn import Watchdog, last_lines, spawn

#: Pauses before the second, third ... start, in seconds; the last one is kept.
PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
#: A part that was ready this long, in seconds, begins again with the first pause.
STEADY_SECONDS = 60.0
#: How often a part is asked whether it is ready, in seconds.
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
        self._process: subprocess.Popen[bytes] | None = None
        self._report = PartReport(
            name=part.name,
            stage=Stage.STARTING,
            pid=None,
            ports=part.ports,
            restarts=0,
            log=part.log,
        )
        self._thread = threading.Thread(target=self._run, name=f"keep-{part.name}", daemon=True)

    @property
    def report(self) -> PartReport:
        """The part as it stands now."""
        return self._report

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def wait_ready(self) -> PartReport:
        """Wait for the first time that it is ready, or has failed or stopped before."""
        self._settled.wait()
        return self._report

    def restart(self) -> None:
        """Ask the running process to end; it is started again like after a crash."""
        process = self._process
        if process is not None and process.poll() is None:
            process.send_signal(self.part.stop_signal)

    def stop(self) -> None:
        """End it for good and wait until it is gone."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        failures = 0
        while not self._stop.is_set():
            ready_since = self._once()
            if self._stop.is_set():
                break
            if self._gives_up():
                self._change(stage=Stage.FAILED, pid=None)
                self._settled.set()
                return
            steady = ready_since is not None and time.monotonic() - ready_since > STEADY_SECONDS
            failures = 0 if steady else failures + 1
            self._change(stage=Stage.PAUSING, pid=None, restarts=self._report.restarts + 1)
            self._stop.wait(PAUSES[min(failures, len(PAUSES) - 1)])
        self._change(stage=Stage.STOPPED, pid=None)
        self._settled.set()

    def _gives_up(self) -> bool:
        """A first start that fails is told at once instead of being tried for ever."""
        return self.part.vital or not self._settled.is_set()

    def _once(self) -> float | None:
        """One life of the process; the time since which it was ready, if it ever was."""
        process = spawn(self.part)
        self._process = process
        self._watchdog.add(self.part, process)
        self._change(stage=Stage.STARTING, pid=process.pid)
        ready_since: float | None = None
        try:
            if self._becomes_ready(process):
                ready_since = time.monotonic()
                self._change(stage=Stage.READY)
                self._settled.set()
                self._wait_end(process)
        finally:
            self._end(process)
            self._watchdog.drop(process.pid)
        if not self._stop.is_set():
            self._change(why=self._why(process))
        return ready_since

    def _becomes_ready(self, process: subprocess.Popen[bytes]) -> bool:
        deadline = time.monotonic() + self.part.ready_seconds
        while process.poll() is None and time.monotonic() < deadline:
            if self.part.ready():
                return True
            if self._stop.wait(ASK_SECONDS):
                return False
        return False

    def _wait_end(self, process: subprocess.Popen[bytes]) -> None:
        while not self._stop.is_set():
            try:
                process.wait(timeout=0.2)
            except subprocess.TimeoutExpired:
                continue
            return

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        """Ask it to end, then kill what is left of its process group."""
        if process.poll() is None:
            process.send_signal(signal.SIGCONT)
            process.send_signal(self.part.stop_signal)
            try:
                process.wait(timeout=self.part.stop_seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return

    def _why(self, process: subprocess.Popen[bytes]) -> str:
        code = process.returncode
        how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return " | ".join([how, *last_lines(self.part.log, 3)])

    def _change(self, **fields: object) -> None:
        self._report = replace(self._report, **fields)  # type: ignore[arg-type]
        self._on_change(self._report)
