"""The composition root of a worker: settings → engine, bus, schemas → lanes → Faust."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import structlog

from foodtrace.problems import PROBLEMS
from foodtrace_bus.cluster import Cluster
from foodtrace_bus.limits import FETCH_BYTES, MAX_FETCH_BYTES
from foodtrace_bus.producer import Bus
from foodtrace_bus.room import Reserved, Room
from foodtrace_bus.schemas_topic import SchemasTopic
from foodtrace_ledger.blockers import free_position
from foodtrace_ledger.engine import make_engine
from foodtrace_ledger.positions import count_death, raise_attempts
from foodtrace_office.signing import load_key
from foodtrace_ops.settings import Settings
from foodtrace_schemas.topics import deadletter_topic, ledger_topics, schemas_topic, source_of
from foodtrace_streams.attempts import attempts_of, intake_consumer
from foodtrace_streams.careful import Careful
from foodtrace_streams.chunk import RawChunk
from foodtrace_streams.crash import waits_for_lock
from foodtrace_streams.faust_app import Group, faust_app
from foodtrace_streams.lanes import Lanes
from foodtrace_streams.marks import Marks
from foodtrace_streams.observe import Watcher, passing, show_queues
from foodtrace_streams.positions import LedgerPositions
from foodtrace_streams.relay import Relay
from foodtrace_streams.signer import Signer
from foodtrace_streams.start import ready_folder, shape_of, when_there
from foodtrace_streams.threads import in_thread
from foodtrace_streams.troubles import Troubles, in_words
from foodtrace_streams.watch import Watch
from foodtrace_streams.work import Ways, Work

_LOG = structlog.get_logger("foodtrace.worker")

#: Chunks judged and written at once. More gain nothing beside Python's one interpreter lock.
PLACES = 4
#: Threads for them, with those that are stuck; each has a connection while it writes.
WRITERS = 40
#: Threads for everything that must not wait behind chunks: positions, relay, watch, blockers.
ASKERS = 4
#: How long a clean stop may take, in seconds, before the process ends all the same.
STOP_WITHIN_S = 5.0


class Worker:
    """One process that reads partitions into the ledger until it is told to stop or has to end."""

    def __init__(self, settings: Settings) -> None:
        """Put the parts together; nothing is connected yet."""
        self._settings = settings
        self._consumer = settings.consumer
        self._intake_consumer = intake_consumer(settings)
        self._folder = settings.data_folder / f"worker-{settings.worker_index}"
        ready_folder(self._folder)
        self._marks = Marks.open(self._folder)
        # First, since nothing else is of use with a key that can't be.
        self._key = load_key(Path(settings.evidence_key)) if settings.evidence_key else None
        self._engine = make_engine(
            settings.database_url.get_secret_value(),
            application=f"foodtrace-worker-{settings.worker_index}",
            pool_size=WRITERS + ASKERS,
        )
        self._writers = ThreadPoolExecutor(WRITERS, thread_name_prefix="write")
        self._askers = ThreadPoolExecutor(ASKERS, thread_name_prefix="ask")
        self._cluster = Cluster(settings.access())
        self._schemas = SchemasTopic(settings.access(), schemas_topic(settings.topic_prefix))
        self._bus = Bus(
            settings.access(),
            client_id=f"foodtrace-{settings.instance_id}",
            idempotent=settings.broker_kind != "memory",
        )
        self._positions = LedgerPositions(
            self._engine,
            self._cluster,
            self._askers,
            consumer_of=self._consumer_of,
            log=settings.broker_log,
        )
        self._troubles = Troubles()
        self._lanes = Lanes(
            self._work(),
            limit=settings.queue_bytes,
            limit_of_all=settings.queues_bytes,
            told=show_queues,
        )
        self._app: Any = None
        self._started = False

    def is_ready(self) -> bool:
        """Whether it reads its partitions from the ledger's position, or others have them all."""
        # Asked from another thread: Faust makes its parts when they are first looked at, so nothing
        # of it may be looked at before it has started.
        app = self._app
        if not self._started or app.rebalancing or not app.consumer.flow_active:
            return False
        return self._lanes.term > 0 or bool(app.unassigned)

    def troubles(self) -> list[str]:
        """What holds up its partitions just now, in words."""
        return in_words(self._troubles.now(self._lanes.term))

    async def run(self) -> None:
        """Work until SIGTERM or SIGINT; raises what the process can't go on from."""
        loop = asyncio.get_running_loop()
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        ended: asyncio.Future[None] = loop.create_future()
        work = asyncio.ensure_future(self._parts(partial(_fail, ended)))
        stopping = asyncio.ensure_future(stop.wait())
        waited: set[asyncio.Future[Any]] = {ended, work, stopping}
        await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
        self._marks.end()
        for one in (ended, work):
            if one.done():
                one.result()
        stopping.cancel()
        await self._stop(work)
        self._marks.end()

    async def _parts(self, fate: Callable[[BaseException], None]) -> None:
        outside = await self._start(fate)
        await asyncio.gather(
            self._lanes.run(),
            self._relay().run(),
            self._sign(),
            self._watch(outside).run(),
            self._crashed(),
        )

    async def _start(self, fate: Callable[[BaseException], None]) -> tuple[str, ...]:
        settings = self._settings
        outside = await in_thread(
            self._askers,
            lambda: when_there(
                self._engine, self._cluster, settings.topic_prefix, settings.partitions
            ),
        )
        await in_thread(self._askers, self._count_deaths)
        ledger = ledger_topics(settings.topic_prefix)
        shape = await in_thread(self._askers, lambda: shape_of(self._cluster, [*ledger, *outside]))
        await self._bus.start()
        group = Group(
            access=settings.access(),
            group=settings.group,
            instance=f"{settings.instance_id}-{shape}",
            ledger_topics=ledger,
            outside_topics=outside,
            folder=self._folder,
            chunk_records=settings.chunk_records,
            # The memory broker cuts a batch that is larger.
            fetch_bytes=MAX_FETCH_BYTES if settings.broker_kind == "memory" else FETCH_BYTES,
        )
        self._app = faust_app(group, self._positions, self._lanes, fate)
        await self._app.start()
        self._started = True
        _LOG.info("worker started", outside=len(outside), group=group.group)
        return outside

    async def _stop(self, work: asyncio.Future[None]) -> None:
        _LOG.info("worker stops")
        work.cancel()
        self._lanes.close()
        # What isn't in the ledger by then is read again; nothing is waited for beyond that.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOP_WITHIN_S):
                if self._app is not None:
                    await self._app.stop()
                await self._bus.stop()

    async def _crashed(self) -> None:
        """Faust's own services end it by an error that no lane has seen."""
        await self._app._crashed.wait()
        raise self._app.crash_reason or RuntimeError("Faust crashed without a reason")

    def _consumer_of(self, topic: str) -> str:
        outside = source_of(topic, self._settings.topic_prefix) is not None
        return self._intake_consumer if outside else self._consumer

    def _work(self) -> Callable[[RawChunk], Coroutine[Any, Any, bool]]:
        settings = self._settings
        # What came in from outside is stored once more: not on a disk that is nearly full.
        room = Room(self._cluster, settings.broker_reserve_bytes)
        attempts = attempts_of(
            settings, self._engine, self._writers, self._schemas.read, Reserved(self._bus, room)
        )
        project = Careful(attempts.project, self._mark)
        intake = Careful(attempts.intake, self._mark)
        watcher = Watcher(self._troubles)
        places = asyncio.Semaphore(PLACES)
        into_ledger = Work(project, self._ways(), watcher, places)
        from_outside = Work(intake, self._ways(), watcher, places)

        def work(raw: RawChunk) -> Coroutine[Any, Any, bool]:
            outside = source_of(raw.topic, settings.topic_prefix) is not None
            return (from_outside if outside else into_ledger)(raw)

        return work

    def _ways(self) -> Ways:
        return Ways(
            attempts=lambda raw: self._positions.attempts(raw.topic, raw.partition, raw.start),
            count=self._count,
            free=self._free,
            current=lambda: self._lanes.term,
            mark=self._mark,
        )

    def _mark(self, raw: RawChunk) -> AbstractContextManager[None]:
        return self._marks.under_way(self._consumer_of(raw.topic), raw)

    def _count_deaths(self) -> None:
        """What a process before this one was killed at counts as a failure there."""
        for place in self._marks.left():
            # Whoever has the partition by now may be writing at this very place: its own attempt
            # counts, and this worker is needed for the others.
            with passing("a kill could not be counted"):
                times = count_death(self._engine, **asdict(place))
                self._marks.forget(place)
                if times:
                    _LOG.warning("killed at work", times=times, **asdict(place))

    async def _count(self, raw: RawChunk) -> None:
        consumer = self._consumer_of(raw.topic)
        where = (self._engine, consumer, raw.log, raw.topic, raw.partition)
        with passing("a failure could not be counted"):
            await in_thread(self._askers, partial(raise_attempts, *where))

    async def _free(self, raw: RawChunk, error: Exception) -> None:
        if not waits_for_lock(error):
            return
        where = (self._engine, self._consumer_of(raw.topic), raw.topic, raw.partition)
        with passing("nobody could be asked who holds a position"):
            for ended in await in_thread(self._askers, partial(free_position, *where)):
                _LOG.warning("ended a session that held a position", ended=str(ended))

    def _relay(self) -> Relay:
        topic = deadletter_topic(self._settings.topic_prefix)
        return Relay(self._engine, self._askers, self._bus, topic)

    async def _sign(self) -> None:
        if self._key is None:
            code = "evidence.no-key"
            text = PROBLEMS[code]
            _LOG.warning("signs nothing", problem=code, advice=text.en, advice_zh=text.zh)
            return
        every = self._settings.evidence_seconds
        await Signer(self._engine, self._askers, self._key, every_s=every).run()

    def _watch(self, outside: tuple[str, ...]) -> Watch:
        return Watch(
            self._cluster,
            self._askers,
            self._positions,
            lambda: set(self._app.consumer.assignment()),
            prefix=self._settings.topic_prefix,
            outside=outside,
        )


def _fail(ended: asyncio.Future[None], error: BaseException) -> None:
    if not ended.done():
        ended.set_exception(error)
