"""A process that tries records for its worker, so that what dies with one isn't the worker.

Both sides of the pipe stand here. The child says that it is ready; the worker writes a chunk of one
record as a length and a pickle, the child answers with one line of JSON, or ends without a word: then
that record was its end. Whatever ends it before it was ready was no record's doing.
"""

from __future__ import annotations

import asyncio
import json
import pickle
import struct
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO, Self

from foodtrace.problems import OurFault
from foodtrace_ledger.writer import Written
from foodtrace_streams.chunk import RawChunk
from foodtrace_streams.crash import Sort, sort_of
from foodtrace_streams.failures import ChildFailed, ChildWaits
from foodtrace_streams.outcome import Outcome

#: What the worker's own command gets as its only argument to become the child.
ARGUMENT = "one-by-one"
#: What the child says once it can be given records.
READY = b"ready\n"
#: Bytes of one line of an answer at most: an error's text may be long.
LINE_BYTES = 1024 * 1024
_LENGTH = struct.Struct(">Q")


@dataclass(frozen=True, slots=True)
class Fetched:
    """A record as it was fetched, without the library's own type."""

    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]


class Child:
    """The worker's hand on the child."""

    def __init__(self, process: Process) -> None:
        """Made by `start`."""
        self._process = process

    @classmethod
    async def start(cls) -> Self:
        """Start this program once more, with its environment, as the child.

        Raises ChildFailed when it ends before it could be given anything.
        """
        process = await asyncio.create_subprocess_exec(
            sys.executable, *sys.orig_argv[1:], ARGUMENT, stdin=PIPE, stdout=PIPE, limit=LINE_BYTES
        )
        child = cls(process)
        assert process.stdout is not None
        if await process.stdout.readline() != READY:
            child.kill()
            raise ChildFailed(f"it ended before it was ready: {await child.how_it_ended()}")
        return child

    async def attempt(self, raw: RawChunk) -> Outcome | None:
        """Let it bring a chunk of one record in; None when the child died of it.

        Raises ChildWaits for what passes, and what ended the attempt otherwise.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(packed(raw))
            await self._process.stdin.drain()
            line = await self._process.stdout.readline()
        except ConnectionError:
            return None
        return _heard(json.loads(line)) if line.endswith(b"\n") else None

    async def how_it_ended(self) -> str:
        """Its exit code or signal, in words."""
        code = await self._process.wait()
        return f"signal {-code}" if code < 0 else f"exit code {code}"

    def kill(self) -> None:
        """End it at once; what it had begun is rolled back."""
        if self._process.returncode is None:
            self._process.kill()


def _heard(told: dict[str, Any]) -> Outcome:
    match told:
        case {"written": written, "asides": asides}:
            return Outcome(written=Written(**written), asides=Counter(asides))
        case {"passes": detail}:
            raise ChildWaits(detail)
        case {"problem": code, "detail": detail}:
            raise OurFault(code, detail)
    raise ChildFailed(str(told["failed"]))


def told(outcome: Outcome) -> dict[str, Any]:
    """The answer of the child for what it brought in."""
    return {"written": asdict(outcome.written), "asides": dict(outcome.asides)}


def told_error(error: Exception) -> dict[str, Any]:
    """The answer of the child for what it couldn't bring in."""
    if sort_of(error) is Sort.PASSES:
        return {"passes": str(error)}
    if isinstance(error, OurFault):
        return {"problem": error.code, "detail": error.detail}
    return {"failed": repr(error)}


def packed(raw: RawChunk) -> bytes:
    """A chunk for the pipe."""
    records = [
        (one.offset, one.timestamp, one.key, one.value, tuple(one.headers)) for one in raw.records
    ]
    place = (raw.topic, raw.partition, raw.log, raw.start, raw.end, raw.size, raw.more)
    body = pickle.dumps((place, records))
    return _LENGTH.pack(len(body)) + body


def unpacked(pipe: BinaryIO) -> Iterator[RawChunk]:
    """The chunks from the pipe until the worker closes it or is gone."""
    while len(head := pipe.read(_LENGTH.size)) == _LENGTH.size:
        (length,) = _LENGTH.unpack(head)
        body = pipe.read(length)
        if len(body) < length:
            return
        (topic, partition, log, start, end, size, more), records = pickle.loads(body)
        yield RawChunk(
            topic=topic,
            partition=partition,
            log=log,
            start=start,
            end=end,
            records=tuple(Fetched(*one) for one in records),
            size=size,
            term=0,
            more=more,
        )
