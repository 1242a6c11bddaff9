"""Where the ledger stops for too many dead letters, whatever the chunks that brought them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from foodtrace_ledger.chunk import Aside, Chunk
from foodtrace_ledger.engine import make_engine
from foodtrace_ledger.errors import TooManyAsides
from foodtrace_ledger.positions import read_positions
from foodtrace_ledger.share import Share
from foodtrace_ledger.sqlfile import sql
from foodtrace_ledger.writer import write_chunk
from support.ledger import chunk, empty, goods, origin, trade

SHARE = Share(window=8, most=3)
#: Events, and records that can't be read; of any eight up to the last but one three at most.
PLAN = "..?..?....?.?..?.?."
STOP = 17


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = make_engine(database)
    yield made
    made.dispose()


def whole() -> Chunk:
    return chunk(
        [
            trade(number, "A", "B", goods("X"))
            if sign == "."
            else Aside(origin=origin("trade", 0, number), code="avro.too-short", detail="")
            for number, sign in enumerate(PLAN)
        ]
    )


def part(start: int, end: int) -> Chunk:
    every = whole()
    entries = tuple(one for one in every.entries if start <= one.origin.offset < end)
    return replace(every, start=start, end=end, entries=entries)


def write(engine: Engine, parts: Sequence[Chunk], share: Share) -> str | None:
    """Write chunks until the ledger stops; gives what it says, None where it takes them all."""
    try:
        for one in parts:
            write_chunk(engine, one, share=share)
    except TooManyAsides as error:
        return error.detail
    return None


def at(engine: Engine) -> int:
    (position,) = read_positions(engine)
    return position.next_offset


def halts(engine: Engine) -> list[int]:
    with engine.connect() as conn:
        return [row.offset for row in conn.execute(sql("read_halts"))]


@pytest.mark.parametrize("size", [1, 3, 7, 100])
def test_it_stops_at_the_same_record_however_they_are_cut(engine: Engine, size: int) -> None:
    end = len(PLAN)
    parts = [part(start, min(end, start + size)) for start in range(0, end, size)]
    said = write(engine, parts, SHARE)
    assert said is not None
    assert said.startswith("trade/0/17: more than 3 of the latest 8")
    assert (at(engine), halts(engine)) == (STOP, [STOP])
    # Begun anew, it stops there again, and nothing moves.
    assert write(engine, [part(STOP, end)], SHARE) == said
    assert (at(engine), halts(engine)) == (STOP, [STOP])
    # Until somebody has looked: then it passes, and the halt is over.
    assert write(engine, [part(STOP, end)], replace(SHARE, seen={("trade", 0): STOP})) is None
    assert (at(engine), halts(engine)) == (end, [])
    empty(engine)


def test_what_only_the_database_refuses_counts_as_well(engine: Engine) -> None:
    refused = [trade(number, "A", "B", goods("X")) for number in range(3)]
    for one in refused:
        # As if a rule of the domain had a hole.
        object.__setattr__(one.envelope, "trade_no", "nul\x00")
    good = trade(9, "A", "B", goods("X"))
    said = write(engine, [chunk([good, *refused])], Share(window=8, most=2))
    assert said is not None
    assert said.startswith("trade/0/3:")
    assert at(engine) == 3
