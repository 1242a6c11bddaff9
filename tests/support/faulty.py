"""A worker in which something goes wrong on purpose: `python -m support.faulty` with FAULTS.

FAULTS is a comma-separated list of
- `crash-before=N`, `crash-after=N`: an error nobody foresaw before or after the N-th commit
- `culprit=ID`: the event of that source event id makes our own code fail when it is written
- `unreadable=ID`: the same where it is decoded
- `deadly=ID:HOW`: the event of that source event id ends the process at once where it is decoded;
  HOW is `kill` (as by the kernel), `exit` or `fault` (as in a C library)
- `lose=N`: the N-th chunk with records never reaches its lane
- `hold=TOPIC:FILE`: chunks of that topic wait until FILE exists
"""

from __future__ import annotations

import itertools
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from foodtrace_ledger.chunk import Chunk, Taken
from foodtrace_ledger.writer import Written, write_chunk
from foodtrace_ledger.writing import apply as written
from foodtrace_ledger.writing import bisect
from foodtrace_schemas import codec
from foodtrace_streams import __main__ as worker
from foodtrace_streams import project
from foodtrace_streams.chunk import RawChunk
from foodtrace_streams.lanes import Lanes

Faults = dict[str, str]


class InjectedError(Exception):
    """Nobody foresaw it."""


def faults_of(spec: str) -> Faults:
    """The faults that FAULTS asks for."""
    return dict(one.split("=", 1) for one in spec.split(",") if one)


def wrong_write(faults: Faults) -> Any:
    """`write_chunk` with the faults around it."""
    before, after = int(faults.get("crash-before", 0)), int(faults.get("crash-after", 0))
    held, _, until = faults.get("hold", "").partition(":")
    numbers = itertools.count(1)

    def write(engine: Engine, chunk: Chunk, **more: Any) -> Written:
        while held == chunk.topic and not Path(until).exists():
            time.sleep(0.02)
        number = next(numbers)
        if number == before:
            raise InjectedError(f"before commit {number}")
        written = write_chunk(engine, chunk, **more)
        if number == after:
            raise InjectedError(f"after commit {number}")
        return written

    return write


def wrong_apply(culprit: str) -> Any:
    """`apply` that fails at one event."""
    apply = written.apply

    def failing(conn: Any, consumer: str, entries: Sequence[Any], learnt: Any) -> Written:
        taken = [entry for entry in entries if isinstance(entry, Taken)]
        if any(entry.event.envelope.source_event_id == culprit for entry in taken):
            raise InjectedError(f"at {culprit}")
        return apply(conn, consumer, entries, learnt)

    return failing


def wrong_decode(unreadable: str) -> Any:
    """`decode` that fails at one event."""
    decode = codec.decode

    def failing(value: bytes | None, lookup: Any) -> codec.Decoded:
        decoded = decode(value, lookup)
        if decoded.event.envelope.source_event_id == unreadable:
            raise InjectedError(f"at {unreadable}")
        return decoded

    return failing


def deadly_decode(deadly: str, how: str) -> Any:
    """`decode` that is the end of its process at one event."""
    decode = codec.decode
    ends: dict[str, Callable[[], None]] = {
        "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
        "exit": lambda: os._exit(3),
        "fault": lambda: signal.raise_signal(signal.SIGSEGV),
    }

    def dying(value: bytes | None, lookup: Any) -> codec.Decoded:
        decoded = decode(value, lookup)
        if decoded.event.envelope.source_event_id == deadly:
            ends[how]()
        return decoded

    return dying


def wrong_put(lost: int) -> Any:
    """`Lanes.put` that drops a chunk."""
    put, numbers = Lanes.put, itertools.count(1)

    def losing(lanes: Lanes, chunk: RawChunk, event: Any) -> None:
        if not chunk.records or next(numbers) != lost:
            put(lanes, chunk, event)

    return losing


def main() -> int:
    """Break what is asked for, then work."""
    faults = faults_of(os.environ["FAULTS"])
    put = setattr
    put(project, "write_chunk", wrong_write(faults))
    if "culprit" in faults:
        put(bisect, "apply", wrong_apply(faults["culprit"]))
    if "unreadable" in faults:
        put(codec, "decode", wrong_decode(faults["unreadable"]))
    if "deadly" in faults:
        put(codec, "decode", deadly_decode(*faults["deadly"].split(":")))
    if "lose" in faults:
        put(Lanes, "put", wrong_put(int(faults["lose"])))
    return worker.main()


if __name__ == "__main__":
    ended = main()
    sys.stderr.flush()
    os._exit(ended)
