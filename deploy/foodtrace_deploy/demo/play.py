"""Playing a city: every source pushes its own documents with its own key, all at the same time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import Full, Queue
from time import monotonic

from foodtrace_city import City, Document
from foodtrace_client import Client, EventAnswer, Pushed, Verdict
from foodtrace_deploy.demo.rights import register
from foodtrace_deploy.texts import current

#: Documents that may wait for a source before the city has to wait.
_WAITING = 2_000
#: Documents in one request: several sources push at once, so none holds the door for long.
_BATCH = 500
#: Refusals that are kept to be shown.
_SHOWN = 5
_LINES = ("lines", "inputs", "outputs")
_CODES = ("lot_codes", "source_lot_codes", "batch_code")

#: Told how many more documents were answered for.
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where the city pushes, and the key of the staff who let its sources in."""

    url: str
    staff_key: str


@dataclass(slots=True)
class Played:
    """What became of a day. `seconds` last from the first push until all of it was in the ledger,
    of which `pushing` until the last answer of the door; `lines` are those of the documents,
    of which `uncoded` bear no code of a lot or batch."""

    events: int = 0
    lines: int = 0
    uncoded: int = 0
    accepted: int = 0
    duplicates: int = 0
    refused: int = 0
    seconds: float = 0.0
    pushing: float = 0.0
    sources: int = 0
    refusals: list[EventAnswer] = field(default_factory=list)

    @property
    def events_per_second(self) -> float:
        """Documents through HTTP into the ledger, a second."""
        return self.events / self.seconds if self.seconds else 0.0

    @property
    def lines_per_second(self) -> float:
        """Document lines through HTTP into the ledger, a second."""
        return self.lines / self.seconds if self.seconds else 0.0

    @property
    def uncoded_share(self) -> float:
        """The share of the lines that bear no code."""
        return self.uncoded / self.lines if self.lines else 0.0

    def add(self, pushed: Pushed) -> None:
        """Count one source's push in."""
        self.events += pushed.events
        self.accepted += pushed.accepted
        self.duplicates += pushed.duplicates
        self.refused += pushed.refused


def play(city: City, door: Door, progress: Progress, days: int = 1) -> Played:
    """Push a city's opening and first days and wait until all of it is in the ledger.

    Of several days those documents are pushed too that come a day late.

    Raises an ApiError of the client when the door can't be reached or doesn't let a source in.
    """
    played = Played(sources=len(city.sources))
    with Client(door.url, door.staff_key, language=current()) as staff:
        keys = register(staff, door.staff_key, city)
        began = monotonic()
        # The register first: a market's mandate covers the stalls that the ledger knows of.
        _push_all(door, keys, city.masters(), played, progress)
        _push_all(door, keys, city.days(days), played, progress)
        if days > 1:
            _push_all(door, keys, city.stragglers(), played, progress)
        played.seconds = monotonic() - began
    return played


def _push_all(
    door: Door,
    keys: Mapping[str, str],
    documents: Iterable[Document],
    played: Played,
    progress: Progress,
) -> None:
    began = monotonic()
    tokens: list[str] = []
    with _Sources(door, keys, played, progress) as sources:
        for document in documents:
            lines = [line for name in _LINES for line in document.body.get(name, ())]
            played.lines += len(lines)
            played.uncoded += sum(not any(code in line for code in _CODES) for line in lines)
            sources.give(document)
        for pushed in sources.finish():
            played.add(pushed)
            tokens += [pushed.after] if pushed.after else []
    played.pushing += monotonic() - began
    with Client(door.url, door.staff_key, language=current()) as staff:
        for token in tokens:
            staff.wait(token)


class _Sources:
    """A queue and a pushing thread for each source that has something to say."""

    def __init__(
        self, door: Door, keys: Mapping[str, str], played: Played, progress: Progress
    ) -> None:
        self._door = door
        self._keys = keys
        self._played = played
        self._progress = progress
        self._pool = ThreadPoolExecutor(len(keys), thread_name_prefix="source")
        self._queues: dict[str, Queue[bytes | None]] = {}
        self._pushing: dict[str, Future[Pushed]] = {}

    def __enter__(self) -> _Sources:
        return self

    def __exit__(self, *_reason: object) -> None:
        for name in self._queues:
            self._offer(name, None)
        self._pool.shutdown(wait=True)

    def give(self, document: Document) -> None:
        """Hand a document to its source; waits while that has enough to do.

        Raises what the source's push raised, where it has failed.
        """
        name = document.source
        if name not in self._queues:
            queue: Queue[bytes | None] = Queue(_WAITING)
            self._queues[name] = queue
            self._pushing[name] = self._pool.submit(self._push, name, queue)
        if not self._offer(name, document.line().encode()):
            self._pushing[name].result()

    def finish(self) -> list[Pushed]:
        """What became of each source's documents, once all are answered for."""
        for name in self._queues:
            self._offer(name, None)
        self._queues.clear()
        return [pushing.result() for pushing in self._pushing.values()]

    def _offer(self, name: str, line: bytes | None) -> bool:
        """Wait for room in the queue of a source that still pushes; False where it has ended."""
        while not self._pushing[name].done():
            try:
                self._queues[name].put(line, timeout=0.2)
            except Full:
                continue
            return True
        return False

    def _push(self, name: str, queue: Queue[bytes | None]) -> Pushed:
        seen = 0

        def on_progress(total: Pushed) -> None:
            nonlocal seen
            self._progress(total.events - seen)
            seen = total.events

        with Client(self._door.url, self._keys[name], language=current()) as client:
            return client.push(
                _until_end(queue),
                batch=_BATCH,
                on_answer=self._hear,
                on_progress=on_progress,
            )

    def _hear(self, answer: EventAnswer) -> None:
        if answer.verdict is Verdict.REFUSED and len(self._played.refusals) < _SHOWN:
            self._played.refusals.append(answer)


def _until_end(queue: Queue[bytes | None]) -> Iterator[bytes]:
    while (line := queue.get()) is not None:
        yield line
