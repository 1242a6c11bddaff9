"""Sends the documents in: bulk pushes from threads of this process, two ERPs as processes.

What a door acknowledged counts as accepted: an answer of HTTP, or that the producer kit has it on
its disk. Nobody runs ahead of the schedule: up to which share may be sent is told from outside.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from bisect import bisect_right
from collections import deque
from math import ceil
from pathlib import Path

from foodtrace.identity import event_id
from foodtrace_client.answers import Verdict
from foodtrace_client.http_door import HttpDoor
from foodtrace_deploy.stack.part import Part
from foodtrace_deploy.stack.spawn import Watchdog, spawn
from support.chaos import spooler
from support.chaos.play import Door, Played
from support.chaos.proxy import TESTS

_PUSHERS = 2
_BATCH = 250
_PAUSE_S = 0.2
_LOOK_S = 0.05
#: A door that doesn't answer in this time, in seconds, is asked again.
_ANSWER_S = 15.0


def identity(line: bytes) -> str:
    """The event id of a document."""
    document = json.loads(line)
    envelope = document["envelope"]
    named = envelope["source"], document["kind"], envelope["source_event_id"]
    return str(event_id(*named, envelope.get("revision", 0)))


class Gate:
    """How far the doors may go, as a share of all."""

    def __init__(self) -> None:
        """Closed."""
        self._moved = threading.Condition()
        self._share = 0.0
        self._is_over = False

    def open_to(self, share: float) -> None:
        """Let everybody go on to that share."""
        with self._moved:
            self._share = max(share, self._share)
            self._moved.notify_all()

    def give_up(self) -> None:
        """Let nobody wait any longer: the run has failed."""
        with self._moved:
            self._is_over = True
            self._moved.notify_all()

    @property
    def is_over(self) -> bool:
        """Whether the run was given up."""
        return self._is_over

    def allowed(self, total: int) -> int:
        """How many of `total` may be sent by now."""
        return min(total, ceil(total * self._share))

    def wait(self, number: int, total: int) -> bool:
        """Wait until the document of that number may go; False when the run was given up."""
        with self._moved:
            self._moved.wait_for(
                lambda: self._is_over or number >= total or number < self.allowed(total)
            )
        return not self._is_over


class Bulk:
    """Pushes over HTTP, each batch again and again until the door has answered for all of it."""

    def __init__(self, url: str, key: str, lines: tuple[bytes, ...], gate: Gate) -> None:
        """Nothing is sent before `start`."""
        self._url, self._key, self._gate = url, key, gate
        self.total = len(lines)
        self._waiting = deque(lines)
        self._drawn = 0
        self._turn = threading.Lock()
        self.accepted: set[str] = set()
        self.answered = 0
        self.refused: list[str] = []
        self.problems: deque[str] = deque(maxlen=20)
        self._threads = [
            threading.Thread(target=self._run, name=f"bulk-{number}", daemon=True)
            for number in range(_PUSHERS)
        ]

    def start(self) -> None:
        """Begin; returns at once."""
        for thread in self._threads:
            thread.start()

    @property
    def is_done(self) -> bool:
        """Whether everything is answered for."""
        return self.answered >= self.total

    def join(self) -> None:
        """Wait until everything is answered for, or the run was given up."""
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        door = HttpDoor(self._url, self._key, timeout_s=_ANSWER_S)
        try:
            while batch := self._draw():
                while batch and not self._gate.is_over:
                    batch = self._push(door, batch)
        finally:
            door.close()

    def _draw(self) -> list[bytes]:
        if not self._gate.wait(self._drawn, self.total):
            return []
        with self._turn:
            count = min(_BATCH, len(self._waiting), self._gate.allowed(self.total) - self._drawn)
            batch = [self._waiting.popleft() for _ in range(count)]
            self._drawn += len(batch)
        # Another thread may have drawn the last ones that are allowed for now.
        return batch if batch or self._drawn >= self.total else self._draw()

    def _push(self, door: HttpDoor, batch: list[bytes]) -> list[bytes]:
        told = door.hand_over(batch)
        with self._turn:
            for answer in told.answers:
                if answer.verdict is Verdict.REFUSED:
                    self.refused.append(f"{answer.event_id} {answer.code} {answer.detail}")
                else:
                    self.accepted.add(str(answer.event_id))
            self.answered += len(told.answers)
            if told.problem is not None:
                self.problems.append(f"{told.problem.code} {told.problem.detail}")
        if told.problem is not None:
            time.sleep(_PAUSE_S)
        return batch[len(told.answers) :]


class Erp:
    """One process with the producer kit; started again whenever it ends before its work is done."""

    def __init__(
        self, name: str, folder: Path, source: str, way: tuple[str, ...], watchdog: Watchdog
    ) -> None:
        """Nothing runs before `start`."""
        folder.mkdir(parents=True)
        (folder / spooler.OUTBOX).touch()
        self.name, self.folder = name, folder
        self._watchdog = watchdog
        self._part = Part(
            name=name,
            argv=(sys.executable, "-m", "support.chaos.spooler", str(folder), source, *way),
            log=folder / "log",
            folder=TESTS,
            ready=lambda: True,
        )
        self._pid: int | None = None
        self.codes: list[int] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep, name=f"keep-{name}", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def give(self, lines: tuple[bytes, ...]) -> None:
        """Put documents into its outbox."""
        with (self.folder / spooler.OUTBOX).open("ab") as outbox:
            outbox.write(b"".join(line + b"\n" for line in lines))

    def finish(self) -> None:
        """No more documents come."""
        (self.folder / spooler.OVER).touch()

    @property
    def is_done(self) -> bool:
        """Whether all documents are delivered: its process ended well."""
        return self.codes[-1:] == [0]

    def join(self) -> None:
        """Wait for its end."""
        self._thread.join()

    @property
    def pid(self) -> int | None:
        """Of its process, where one runs."""
        return self._pid

    def taken(self) -> int:
        """Bytes of the outbox that the kit has on its disk."""
        return spooler.taken(self.folder)

    def kill(self) -> None:
        """End it for good."""
        self._stop.set()

    def _keep(self) -> None:
        while not self._stop.is_set():
            process = spawn(self._part)
            self._watchdog.add(self._part, process)
            self._pid = process.pid
            while process.poll() is None:
                if self._stop.wait(_LOOK_S):
                    process.kill()
            self._pid = None
            self._watchdog.drop(process.pid)
            self.codes.append(process.returncode)
            if process.returncode == 0:
                return
            self._stop.wait(_PAUSE_S)


class Feeder:
    """All doors together."""

    def __init__(self, played: Played, bulk: Bulk, erps: dict[Door, Erp], gate: Gate) -> None:
        """Nothing is sent before `start`."""
        self.total = played.documents
        self.bulk, self.erps, self.gate = bulk, erps, gate
        self._lines = {door: played.lines[door] for door in erps}
        self._ends = {door: _ends(lines) for door, lines in self._lines.items()}
        self._given = dict.fromkeys(erps, 0)

    def start(self) -> None:
        """Begin; returns at once."""
        self.bulk.start()
        for erp in self.erps.values():
            erp.start()

    def open_to(self, share: float) -> None:
        """Let all doors go on to that share."""
        self.gate.open_to(share)
        for door, erp in self.erps.items():
            lines, given = self._lines[door], self._given[door]
            upto = self.gate.allowed(len(lines))
            if upto > given:
                erp.give(lines[given:upto])
                self._given[door] = upto
            if upto == len(lines):
                erp.finish()

    def accepted(self) -> int:
        """Documents that the doors have acknowledged, repeats included."""
        return self.bulk.answered + sum(
            bisect_right(self._ends[door], erp.taken()) for door, erp in self.erps.items()
        )

    @property
    def is_done(self) -> bool:
        """Whether everything is in the log: every door has answered for all it was given."""
        return self.bulk.is_done and all(erp.is_done for erp in self.erps.values())

    def close(self) -> None:
        """End what still runs."""
        self.gate.give_up()
        for erp in self.erps.values():
            erp.kill()
        self.bulk.join()
        for erp in self.erps.values():
            erp.join()

    def accepted_ids(self) -> set[str]:
        """Ids of the events that were accepted; call it when all is sent."""
        of_erps = (line for lines in self._lines.values() for line in lines)
        return self.bulk.accepted | {identity(line) for line in of_erps}


def _ends(lines: tuple[bytes, ...]) -> list[int]:
    ends, place = [], 0
    for line in lines:
        place += len(line) + 1
        ends.append(place)
    return ends
