"""A child that can't even begin says nothing about the record that it was made for."""

from __future__ import annotations

import asyncio
import sys
from contextlib import nullcontext

import pytest

from foodtrace_ledger.writer import Written
from foodtrace_streams.careful import Careful
from foodtrace_streams.child import Fetched
from foodtrace_streams.chunk import RawChunk
from foodtrace_streams.failures import ChildFailed
from foodtrace_streams.outcome import Outcome

RECORD = Fetched(offset=5, timestamp=0, key=None, value=b"sound", headers=())
CHUNK = RawChunk(
    topic="trade", partition=0, log="log", start=5, end=6, records=(RECORD,), size=100, term=1
)


@pytest.mark.parametrize("program", ["raise SystemExit(7)", "print('hello')"])
def test_a_child_that_never_began_dooms_no_record(
    program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    doomed: list[RawChunk] = []

    async def attempt(raw: RawChunk, *, last: bool) -> Outcome:
        doomed.append(raw)
        return Outcome(written=Written())

    monkeypatch.setattr(sys, "orig_argv", [sys.executable, "-c", program])
    careful = Careful(attempt, lambda _raw: nullcontext())
    with pytest.raises(ChildFailed, match="before it was ready"):
        asyncio.run(careful(CHUNK, last=True))
    assert doomed == []
