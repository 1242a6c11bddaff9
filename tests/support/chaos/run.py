"""One run from an empty folder to its verdict."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from uuid import UUID

from confluent_kafka import KafkaException

from foodtrace.problems import FoodtraceError
from foodtrace_deploy.stack.spawn import Watchdog
from foodtrace_ledger.engine import make_engine
from support.chaos import recalls
from support.chaos.conduct import Conductor, Stuck
from support.chaos.feed import Bulk, Erp, Feeder, Gate
from support.chaos.outside import OUTSIDER, Outsider
from support.chaos.plan import Action, plan
from support.chaos.play import KAFKA_SOURCE, KIT_SOURCES, Door, Played, play
from support.chaos.verdict import Verdict, hold_against, relayed, truth_of
from support.chaos.watch import Watch
from support.chaos.world import PREFIX, World

#: Seconds until the ledger has all that was accepted, and the topic of letters all letters.
_CATCH_UP_S = 300.0
_LOOK_S = 0.2


@dataclass(kw_only=True)
class State:
    """What a run is at; read by whoever shows it."""

    phase: str = "city"
    action: Action | None = None
    done: int = 0
    total: int = 0
    ledger: int = 0
    log_end: int = 0
    notes: list[str] = field(default_factory=list)


#: Called when something changed, in any thread.
Show = Callable[[State], None]


def run(events: int, kills: int, seed: int, show: Show, folder: Path | None = None) -> Verdict:
    """Play, kill, judge. What was started ends and the folder goes, however this ends.

    `folder` keeps everything there instead of in a folder that is removed.
    """
    state = State()
    actions = plan(seed, kills)
    played = play(seed, events)
    state.total = played.documents
    with ExitStack() as stack:
        where = stack.enter_context(_folder(folder))
        _phase(state, show, "start")
        world = stack.enter_context(World(where, sources=(OUTSIDER, KAFKA_SOURCE)))
        return _played_out(stack, world, played, actions, state, show)


def _played_out(
    stack: ExitStack,
    world: World,
    played: Played,
    actions: tuple[Action, ...],
    state: State,
    show: Show,
) -> Verdict:
    feeder = _feeder(world, played, stack)
    outsider = Outsider(world.settings.brokers, PREFIX, world.folder / "outside")
    stack.callback(outsider.close)
    watch = Watch(world.direct_url, world.settings.brokers, PREFIX)

    def tell(action: Action) -> None:
        state.action = action
        show(state)

    conductor = Conductor(world, feeder, outsider, watch, tell)
    stack.callback(feeder.close)
    stack.callback(conductor.close)
    stack.enter_context(_shown(state, show, feeder, watch))
    watch.start()
    stack.callback(watch.stop)
    feeder.start()
    _phase(state, show, "chaos")
    verdict = Verdict()
    try:
        conductor.run(actions)
        state.action = None
        _phase(state, show, "catching up")
        conductor.finish()
        _until(lambda: feeder.is_done, "the producer kits don't deliver", world)
        _until(lambda: watch.has_all, "the ledger doesn't reach the ends of the logs", world)
    except (Stuck, TimeoutError, KafkaException, FoodtraceError, AssertionError) as error:
        verdict.wrong.append(f"stuck: {error!r}")
        verdict.lineage = "unknown"
    verdict.kills = conductor.kills
    verdict.stall_max_s, verdict.recovery_s = watch.stall_max_s, watch.recovery_s
    if verdict.ok:
        _judge(verdict, world, played, feeder, outsider, partial(_phase, state, show))
    verdict.expect_none("documents were refused", feeder.bulk.refused)
    state.notes += verdict.wrong
    return verdict


def _judge(
    verdict: Verdict,
    world: World,
    played: Played,
    feeder: Feeder,
    outsider: Outsider,
    phase: Callable[[str], None],
) -> None:
    intended = outsider.intended
    brokers = world.settings.brokers
    phase("logs")
    truth = truth_of(brokers, PREFIX, intended)
    accepted = {UUID(each) for each in feeder.accepted_ids()}
    engine = make_engine(world.direct_url, application="chaos")
    phase("lineage")
    try:
        hold_against(verdict, truth, engine, intended, accepted)
    finally:
        engine.dispose()
    phase("recalls")
    differing = list(recalls.differences(world.api_url, world.keys["inspector"], played))
    if verdict.expect_none("answers differ from the oracle's", differing):
        verdict.lineage = "differs"
    deadline = time.monotonic() + _CATCH_UP_S
    while (wrong := list(relayed(brokers, PREFIX, truth))) and time.monotonic() < deadline:
        time.sleep(_LOOK_S)
    verdict.expect_none("dead letters in their topic", wrong)
    verdict.expect_none("parts were given up", [f"{r.name}: {r.why}" for r in world.failed()])


def _feeder(world: World, played: Played, stack: ExitStack) -> Feeder:
    gate = Gate()
    key = world.keys["ops"]
    watchdog = Watchdog()
    stack.callback(watchdog.close)
    ways = {
        Door.KIT_HTTP: (sorted(KIT_SOURCES)[0], ("http", world.api_url, key)),
        Door.KIT_KAFKA: (KAFKA_SOURCE, ("kafka", world.settings.brokers, PREFIX, KAFKA_SOURCE)),
    }
    erps = {
        door: Erp(door.value, world.folder / door.value, source, way, watchdog)
        for door, (source, way) in ways.items()
    }
    bulk = Bulk(world.api_url, key, played.lines[Door.BULK], gate)
    return Feeder(played, bulk, erps, gate)


def _until(is_so: Callable[[], bool], otherwise: str, world: World) -> None:
    deadline = time.monotonic() + _CATCH_UP_S
    while not is_so():
        failed = world.failed()
        if failed:
            raise Stuck(f"{failed[0].name} was given up: {failed[0].why}")
        if time.monotonic() > deadline:
            raise Stuck(otherwise)
        time.sleep(_LOOK_S)


def _phase(state: State, show: Show, phase: str) -> None:
    state.phase = phase
    show(state)


@contextmanager
def _shown(state: State, show: Show, feeder: Feeder, watch: Watch) -> Iterator[None]:
    """Tell twice a second how far it is."""
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.5):
            state.done, state.ledger, state.log_end = feeder.accepted(), watch.position, watch.end
            show(state)

    thread = threading.Thread(target=look, name="shown", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True)
        yield kept.resolve()
        return
    made = Path(tempfile.mkdtemp(prefix="foodtrace-chaos-"))
    try:
        yield made
    finally:
        shutil.rmtree(made)
