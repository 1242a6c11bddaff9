"""The crash rule: what is tried again, what is counted, what ends the process by which code."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from dataclasses import dataclass, field, replace

import psycopg2
import pytest
from sqlalchemy.exc import DBAPIError

from foodtrace.problems import OurFault
from foodtrace_bus import exits
from foodtrace_bus.errors import BusAway, LogBehind, LogCut, LogReplaced, TopicDiffers, TopicMissing
from foodtrace_ledger.chunk import Aside, Chunk
from foodtrace_ledger.errors import ChunkLost, LedgerNewer
from foodtrace_ledger.writer import Written
from foodtrace_streams.chunk import RawChunk
from foodtrace_streams.crash import LAST_ATTEMPT, Sort, exit_code, sort_of, waits_for_lock
from foodtrace_streams.failures import FetcherBroken, HandOverBroken, SourcesChanged
from foodtrace_streams.outcome import BY_LEDGER, Outcome, outcome_of
from foodtrace_streams.work import Ways, Work
from support.ledger import origin

RAW = RawChunk(topic="t", partition=0, log="l", start=7, end=9, records=(), size=0, term=1)
DONE = Outcome(written=Written(events=1))


class Coded(psycopg2.Error):
    """A driver's error with a code of one's choice."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def pgcode(self) -> str:  # type: ignore[override]
        return self.code


def database(code: str) -> Exception:
    return DBAPIError("SELECT", {}, Coded(code))


@dataclass
class Told:
    """An observer that remembers."""

    retried_: list[Exception] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    def written(self, raw: RawChunk, outcome: Outcome, seconds: float) -> None:
        self.outcomes.append(outcome)

    def retried(self, raw: RawChunk, error: Exception) -> None:
        self.retried_.append(error)


@dataclass
class Story:
    """What the attempts at one chunk raise, one after another, and what became of it."""

    raises: list[Exception]
    failed_before: int = 0
    terms: list[int] = field(default_factory=lambda: [1])
    told: Told = field(default_factory=Told)
    lasts: list[bool] = field(default_factory=list)
    counted: int = 0

    async def attempt(self, raw: RawChunk, *, last: bool) -> Outcome:
        self.lasts.append(last)
        if self.raises:
            raise self.raises.pop(0)
        return DONE

    async def count(self, raw: RawChunk) -> None:
        self.counted += 1

    async def free(self, raw: RawChunk, error: Exception) -> None:
        """Nothing holds the chunk here."""

    def tell(self) -> bool:
        ways = Ways(
            mark=lambda raw: nullcontext(),
            attempts=lambda raw: self.failed_before,
            count=self.count,
            free=self.free,
            current=lambda: self.terms[-1],
        )

        async def run() -> bool:
            return await Work(self.attempt, ways, self.told, asyncio.Semaphore(1))(RAW)

        return asyncio.run(run())


def test_what_passes_is_tried_again_with_the_same_chunk() -> None:
    story = Story([database("40001"), database("55P03"), BusAway("nobody")])
    assert story.tell()
    assert len(story.lasts) == 4
    assert len(story.told.retried_) == 3
    assert story.told.outcomes == [DONE]
    assert story.counted == 0


def test_a_retry_ends_with_its_term() -> None:
    story = Story([database("40P01")], terms=[2])
    assert not story.tell()
    assert story.told.outcomes == []


def test_a_stuck_attempt_gives_its_place_to_others() -> None:
    async def story() -> None:
        let_go = asyncio.Event()
        told = Told()

        async def attempt(raw: RawChunk, *, last: bool) -> Outcome:
            if raw.topic == "stuck":
                await let_go.wait()
            return DONE

        async def nothing(raw: RawChunk, error: Exception | None = None) -> None:
            """Nothing holds it, nothing is counted."""

        ways = Ways(
            attempts=lambda raw: 0,
            count=nothing,
            free=nothing,
            current=lambda: 1,
            mark=lambda raw: nullcontext(),
        )
        work = Work(attempt, ways, told, asyncio.Semaphore(1))
        stuck = asyncio.ensure_future(work(replace(RAW, topic="stuck")))
        assert await asyncio.wait_for(work(RAW), 30)
        assert not stuck.done()
        let_go.set()
        assert await stuck
        assert len(told.outcomes) == 2

    asyncio.run(story())


def test_what_nobody_foresaw_is_counted_and_raised() -> None:
    story = Story([ZeroDivisionError()])
    with pytest.raises(ZeroDivisionError):
        story.tell()
    assert story.counted == 1


@pytest.mark.parametrize("error", [ChunkLost("x"), LogReplaced("x")])
def test_a_named_error_is_raised_and_not_counted(error: Exception) -> None:
    story = Story([error])
    with pytest.raises(type(error)):
        story.tell()
    assert story.counted == 0


@pytest.mark.parametrize(("failed_before", "last"), [(0, False), (1, False), (2, True), (5, True)])
def test_the_third_attempt_at_an_offset_blames_a_record(failed_before: int, last: bool) -> None:
    story = Story([], failed_before=failed_before)
    assert story.tell()
    assert story.lasts == [last]
    assert LAST_ATTEMPT == 3


@pytest.mark.parametrize(
    "code", ["40001", "40P01", "55P03", "57P01", "57P03", "08006", "08001", "53300"]
)
def test_states_of_the_database_that_pass(code: str) -> None:
    assert sort_of(database(code)) is Sort.PASSES
    assert exit_code(database(code)) == exits.AWAY


@pytest.mark.parametrize("error", [database("42P01"), KeyError("x"), MemoryError()])
def test_errors_that_nobody_foresaw(error: Exception) -> None:
    assert sort_of(error) is Sort.CRASH
    assert exit_code(error) == exits.CRASHED


def test_only_a_lock_makes_us_look_for_its_holder() -> None:
    assert waits_for_lock(database("55P03"))
    assert not waits_for_lock(database("40001"))
    assert not waits_for_lock(BusAway("x"))


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BusAway("x"), exits.AWAY),
        (ChunkLost("x"), exits.CHUNK_LOST),
        (FetcherBroken("x"), exits.CHUNK_LOST),
        (HandOverBroken("x"), exits.CHUNK_LOST),
        (SourcesChanged("x"), exits.SOURCES_CHANGED),
        (LogReplaced("x"), exits.LOG_REPLACED),
        (LogCut("x"), exits.LOG_CUT),
        (LogBehind("x"), exits.LOG_BEHIND),
        (TopicMissing("x"), exits.TOPIC_MISSING),
        (TopicDiffers("x"), exits.TOPIC_DIFFERS),
        (LedgerNewer("x"), exits.LEDGER_SCHEMA),
        (OurFault("ledger.crashed"), exits.CRASHED),
    ],
)
def test_every_named_error_has_its_exit_code(error: Exception, code: int) -> None:
    assert exit_code(error) == code


def test_every_exit_code_is_either_for_a_restart_or_for_ops() -> None:
    codes = {
        value
        for name, value in vars(exits).items()
        if name.isupper() and isinstance(value, int) and name != "STOPPED"
    }
    assert codes == exits.RESTART | exits.OPS
    assert not exits.RESTART & exits.OPS
    assert set(exits.BY_PROBLEM.values()) <= codes


def test_asides_are_counted_by_code() -> None:
    def aside(code: str, offset: int) -> Aside:
        return Aside(origin=origin("t", 0, offset), code=code, detail="")

    chunk = Chunk(
        consumer="c",
        log="l",
        topic="t",
        partition=0,
        start=0,
        end=3,
        entries=(aside("avro.broken", 0), aside("avro.broken", 1)),
    )
    assert outcome_of(chunk, Written(asides=3)).asides == {"avro.broken": 2, BY_LEDGER: 1}
    assert outcome_of(chunk, Written(skipped=2)).asides == {}
