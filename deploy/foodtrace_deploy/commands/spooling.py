"""Pushing by way of a spool: what is taken in is safe on this disk, whether or not a server is there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from time import monotonic
from typing import Any

from foodtrace.problems import InvalidValue
from foodtrace_client import Problem
from foodtrace_client.batches import BATCH_EVENTS
from foodtrace_client.doors import Told
from foodtrace_client.kit import Pending, Producer
from foodtrace_client.retry import RetryPolicy
from foodtrace_client.spool_errors import SpoolFull
from foodtrace_deploy.commands.pushing import Keeper, Refusal, unread
from foodtrace_formats.files import Entry

#: Somebody waits at the screen, so the pauses grow less than an ERP's.
PAUSES = RetryPolicy(longest_pause_s=2.0)
#: Seconds between two looks at what waits.
_LOOK_S = 0.1
#: A key that isn't known or may not do this won't do by itself.
_HOPELESS = frozenset({401, 403})


@dataclass(slots=True, kw_only=True)
class Taken:
    """What a file brought: its events, those now in the spool; refused ones are with the keeper."""

    events: int = 0
    taken: int = 0


class NoDoor:
    """Stands for a server whose address nobody knows: everything stays where it is."""

    def __init__(self, problem: Problem) -> None:
        """`problem` is why there is none."""
        self._problem = problem

    def hand_over(self, documents: Sequence[bytes]) -> Told:
        """Takes nothing."""
        return Told(problem=self._problem)

    def close(self) -> None:
        """Nothing is open."""


def spool_entries(
    producer: Producer,
    entries: Iterable[Entry],
    keeper: Keeper,
    *,
    batch: int,
    patience_s: float,
    on_progress: Callable[[Taken], None],
) -> Taken:
    """Take entries into the spool in their order; `keeper` hears of those wrong by themselves.

    Raises SpoolFull when the spool has no room and nothing of it gets away for `patience_s`; what
    was taken before stays taken.
    """
    done, coming = Taken(), iter(entries)
    while portion := list(islice(coming, min(batch, BATCH_EVENTS))):
        done.events += len(portion)
        readable = []
        for entry in portion:
            if entry.document is None:
                keeper.keep(entry, unread(entry))
            else:
                readable.append(entry)
        done.taken += _take(producer, readable, keeper, patience_s)
        on_progress(done)
    return done


def _take(producer: Producer, portion: Sequence[Entry], keeper: Keeper, patience_s: float) -> int:
    """Take a portion, or its halves where something in it is wrong; gives how many were taken."""
    if not portion:
        return 0
    try:
        _append(producer, portion, patience_s)
    except InvalidValue as wrong:
        if len(portion) == 1:
            keeper.keep(portion[0], _wrong(portion[0], wrong))
            return 0
        half = len(portion) // 2
        first = _take(producer, portion[:half], keeper, patience_s)
        return first + _take(producer, portion[half:], keeper, patience_s)
    return len(portion)


def _append(producer: Producer, portion: Sequence[Entry], patience_s: float) -> None:
    documents = [entry.document for entry in portion if entry.document is not None]
    while True:
        try:
            producer.send_all(documents)
            return
        except SpoolFull:
            # What gets away meanwhile makes room; a spool from which nothing goes stays full.
            if drained(producer, patience_s).events:
                raise


def drained(
    producer: Producer, patience_s: float, on_progress: Callable[[int], None] = lambda _: None
) -> Pending:
    """Wait until nothing waits, or nothing has got away for `patience_s`; gives what still waits.

    `on_progress` hears how many wait.
    """
    before, moved = -1, monotonic()
    while not producer.flush(_LOOK_S):
        waiting = producer.pending()
        on_progress(waiting.events)
        if waiting.events != before:
            before, moved = waiting.events, monotonic()
        problem = waiting.problem
        if problem is None:
            continue
        if problem.status in _HOPELESS or monotonic() - moved >= patience_s:
            return waiting
    return producer.pending()


def taken_json(name: str, taken: Taken, keeper: Keeper) -> dict[str, Any]:
    """What `--json` prints of one file."""
    kept: dict[str, Any] = {}
    if keeper.refused:
        kept = {
            "refused_file": str(keeper.file),
            "refusals": [asdict(each) for each in keeper.shown],
        }
    return {"file": name, **asdict(taken), "refused": keeper.refused, **kept}


def _wrong(entry: Entry, wrong: InvalidValue) -> Refusal:
    return Refusal(
        number=entry.number,
        event_id=None,
        code=wrong.code,
        path=entry.locate(wrong.path),
        detail=wrong.detail,
        zh=wrong.text.zh,
        en=wrong.text.en,
    )
