"""Signs checkpoints of the partitions whose trees have grown.

One worker at a time signs, under an advisory lock. A pass is a function of the database alone: what
is grown, due and consistent with what was signed before is signed, whoever does it. So a worker that
dies at any point leaves nothing behind but work for the next.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor
from dataclasses import dataclass
from time import monotonic

import structlog
from sqlalchemy import Connection, Engine

from foodtrace.evidence import origin_of, read_checkpoint, read_note
from foodtrace.problems import OurFault
from foodtrace_ledger import evidence as ledger
from foodtrace_ledger.engine import snapshot
from foodtrace_office import evidence as office
from foodtrace_office.evidence import Signed, Spot
from foodtrace_office.evidence_keys import hold_key
from foodtrace_office.signing import SigningKey
from foodtrace_office.thinning import thin
from foodtrace_ops.metrics import counter
from foodtrace_streams.crash import Sort, sort_of
from foodtrace_streams.threads import in_thread
from foodtrace_streams.turn import Turn

_LOG = structlog.get_logger("foodtrace.worker")

#: The lock that says who signs ("sign" in ASCII).
ADVISORY_LOCK = 0x7369676E
#: How often to look for grown trees, and for the lock, in seconds.
LOOK_EVERY_S = 1.0
#: How often to drop checkpoints that nobody needs any more, in seconds.
THIN_EVERY_S = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A checkpoint that is to be kept."""

    spot: Spot
    size: int
    note: str


class Signer:
    """Looks for trees to sign, as long as it holds the lock."""

    def __init__(
        self, engine: Engine, threads: Executor, key: SigningKey, *, every_s: float
    ) -> None:
        """`every_s`: no partition is signed more often, in seconds."""
        self._engine = engine
        self._threads = threads
        self._key = key
        self._every_s = every_s
        self._turn = Turn(engine, ADVISORY_LOCK)
        self._adopted = False
        self._thin_at = 0.0

    async def run(self) -> None:
        """Sign until cancelled; raises what neither passes nor is foreseen.

        OurFault `evidence.wrong-key` when the installation signs with another key,
        `evidence.retired-key` when this one was retired, `evidence.forked` when a tree contradicts
        what was signed of it.
        """
        while True:
            try:
                await in_thread(self._threads, self.sign)
            except Exception as error:
                if sort_of(error) is not Sort.PASSES:
                    raise
                await in_thread(self._threads, self._turn.forget)
            await asyncio.sleep(LOOK_EVERY_S)

    def sign(self) -> int:
        """Blocking: one pass; how many checkpoints it signed."""
        # Whether or not it is this worker's turn: a key that is wrong, or was retired meanwhile, is
        # found before it is needed.
        with self._engine.begin() as conn:
            if self._adopted:
                hold_key(conn, self._key.public)
            else:
                office.adopt_key(conn, self._key.public)
        self._adopted = True
        if self._turn.session() is None:
            return 0
        with snapshot(self._engine) as conn:
            made = grown(conn, self._key, self._every_s)
        if made:
            with self._engine.begin() as conn:
                # Whoever retires it waits for this; then nothing signed with it is kept any more.
                hold_key(conn, self._key.public)
                for one in made:
                    office.save(conn, one.spot, one.size, one.note)
            counter("foodtrace_checkpoints_signed_total").inc(len(made))
            _LOG.debug("checkpoints signed", number=len(made))
        if monotonic() >= self._thin_at:
            self._thin_at = monotonic() + THIN_EVERY_S
            self.thin()
        return len(made)

    def thin(self) -> int:
        """Blocking: drop checkpoints that nobody needs any more; how many."""
        with self._engine.connect() as conn:
            spots = list(ledger.sizes(conn))
        dropped = 0
        for spot in spots:
            with self._engine.begin() as conn:
                dropped += thin(conn, spot)
        if dropped:
            _LOG.debug("checkpoints dropped", number=dropped)
        return dropped

    def close(self) -> None:
        """Give the lock back."""
        self._turn.forget()


def grown(conn: Connection, key: SigningKey, every_s: float) -> list[Made]:
    """The checkpoints that are due in this snapshot, signed.

    Raises OurFault `evidence.forked` when a tree isn't a continuation of what was signed of it.
    """
    sizes = ledger.sizes(conn)
    signed = office.latest(conn, sizes)
    due = [spot for spot, size in sizes.items() if _is_due(size, signed.get(spot), every_s)]
    if not due:
        return []
    installation = office.installation_id(conn)
    return [_made(conn, key, installation, spot, signed.get(spot)) for spot in due]


def _is_due(size: int, last: Signed | None, every_s: float) -> bool:
    # Signed in the future: the database's clock was set back since.
    return last is None or (size > last.size and not 0 <= last.age_s < every_s)


def _made(
    conn: Connection, key: SigningKey, installation: str, spot: Spot, last: Signed | None
) -> Made:
    log, topic, partition = spot
    if last is not None:
        _check(conn, last)
    head = ledger.head(conn, topic, partition)
    assert head is not None, "its size was read in the same snapshot"
    checkpoint = head.checkpoint(origin_of(installation, topic, partition, log))
    return Made(spot=spot, size=head.size, note=key.sign_checkpoint(checkpoint))


def _check(conn: Connection, last: Signed) -> None:
    said = read_checkpoint(read_note(last.note)[0])
    try:
        found = ledger.root_of(conn, last.topic, last.partition, last.size).hex()
    except KeyError:
        found = "incomplete"
    if found != said.root.hex():
        place = f"{last.topic}/{last.partition} at {last.size} records"
        raise OurFault("evidence.forked", f"{place}: signed {said.root.hex()}, now {found}")
