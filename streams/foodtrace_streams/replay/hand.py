"""A process that loads for a replay, as the one that leads it has it in its hand.

Both write lines of JSON: a slice of a partition with the records of it that stay aside goes in; how
many offsets more are written comes out, chunk by chunk, then that the slice is done, or an error.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from threading import Lock
from typing import Any

from foodtrace.problems import OurFault
from foodtrace_streams.failures import ChildFailed
from foodtrace_streams.replay.ranges import Range


class HandDied(Exception):
    """It ended without a word; what it had begun is rolled back."""


class Hand:
    """One process, started when there is something to do, and again after it died."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Nothing is started yet; `environment` is added to this process' own."""
        self._command = list(command)
        self._environment = environment
        self._process: subprocess.Popen[str] | None = None
        self._over = False
        self._lock = Lock()

    def bring(self, one: Range, kept: Mapping[int, str]) -> Iterator[int]:
        """Let it load a slice; gives how many offsets more are written, chunk by chunk.

        Raises HandDied, ChildFailed for what nobody foresaw, and the named errors it met.
        """
        process = self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(order(one, kept) + "\n")
            process.stdin.flush()
        except OSError as error:
            raise self._died(process) from error
        for line in process.stdout:
            # Half a line is what a killed one was just saying.
            told = json.loads(line) if line.endswith("\n") else {}
            if "done" in told:
                yield told["done"]
            elif "ended" in told:
                return
            elif told:
                raise _error(told)
        raise self._died(process)

    def kill(self) -> None:
        """End it at once, and let no other be started; whoever waits for it sees that it died."""
        with self._lock:
            self._over = True
            if self._process is not None and self._process.poll() is None:
                self._process.kill()

    def close(self) -> None:
        """Let go of a killed one, when nobody waits for it any more."""
        if self._process is not None:
            _reap(self._process)

    def _started(self) -> subprocess.Popen[str]:
        with self._lock:
            if self._over:
                raise HandDied("ended")
            if self._process is None:
                self._process = subprocess.Popen(
                    self._command,
                    env=os.environ | self._environment,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            return self._process

    def _died(self, process: subprocess.Popen[str]) -> HandDied:
        with self._lock:
            self._process = None
        code = _reap(process)
        return HandDied(f"signal {-code}" if code < 0 else f"exit code {code}")


def _reap(process: subprocess.Popen[str]) -> int:
    assert process.stdin is not None
    assert process.stdout is not None
    # What was never read goes with it; the file is closed all the same.
    with contextlib.suppress(BrokenPipeError):
        process.stdin.close()
    process.stdout.close()
    return process.wait()


def order(one: Range, kept: Mapping[int, str]) -> str:
    """A slice for the pipe, with those of its offsets that stay aside."""
    aside = {number: code for number, code in kept.items() if one.start <= number < one.end}
    return json.dumps({"range": asdict(one), "kept": aside})


def ordered(line: str) -> tuple[Range, dict[int, str]]:
    """The same on the other side."""
    told = json.loads(line)
    return Range(**told["range"]), {int(number): code for number, code in told["kept"].items()}


def _error(told: Mapping[str, Any]) -> Exception:
    if "problem" in told:
        return OurFault(told["problem"], told["detail"])
    return ChildFailed(told["failed"])
