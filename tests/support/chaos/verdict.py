"""The verdict on a run: what the logs say there has to be, held against the ledger and the oracle."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from foodtrace.events import Event
from foodtrace.evidence.leaf import leaf_hash
from foodtrace.evidence.tree import Frontier
from foodtrace.identity import content_digest
from foodtrace.judge import judge
from foodtrace.problems import InvalidValue
from foodtrace_bus.schemas_topic import SchemasTopic
from foodtrace_ledger import dump
from foodtrace_ledger.engine import snapshot
from foodtrace_ledger.evidence import heads
from foodtrace_office import evidence as signed
from foodtrace_office.signing import open_checkpoint
from foodtrace_schemas import codec
from foodtrace_schemas.topics import deadletter_topic, ledger_topics, schemas_topic
from support.chaos.logs import Found, Logs, Partition, is_outside
from support.chaos.outside import POISON_KEY, Intended

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SHOWN = 5
#: What a letter says of a record that goes aside after the third death of a child.
_ENDED = "ended its process 3 times in a row"
Content = tuple[UUID, bytes]
#: Where a record was put aside: topic, partition, offset.
Place = tuple[str, int, int]


@dataclass(kw_only=True)
class Truth:
    """What the logs say: every valid event by its content, and where something has to be aside."""

    events: dict[Content, Event] = field(default_factory=dict)
    letters: set[Place] = field(default_factory=set)
    poison: set[bytes] = field(default_factory=set)
    #: Those of the letters whose records end the process that reads them.
    deadly: set[Place] = field(default_factory=set)
    #: Valid events of outside topics: they have to stand in one of ours too.
    outside: set[UUID] = field(default_factory=set)
    ends: dict[Partition, int] = field(default_factory=dict)
    #: The leaf of every record of each partition of ours, the poisoned ones included.
    leaves: defaultdict[Partition, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    strange: list[str] = field(default_factory=list)

    @property
    def ids(self) -> set[UUID]:
        """Ids of all valid events."""
        return {event_id for event_id, _ in self.events}


@dataclass(kw_only=True)
class Verdict:
    """What is wrong, in words; the figures of the last line."""

    events: int = 0
    kills: int = 0
    lost: int = 0
    doubled: int = 0
    lineage: str = "equal"
    stall_max_s: float = 0.0
    recovery_s: float = 0.0
    wrong: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.wrong

    def line(self) -> str:
        """The last line of a run."""
        return (
            f"verdict {'ok' if self.ok else 'failed'} events={self.events} kills={self.kills}"
            f" lost={self.lost} doubled={self.doubled} lineage={self.lineage}"
            f" stall_max_s={self.stall_max_s:.1f} recovery_s={self.recovery_s:.1f}"
        )

    def expect_none(self, what: str, found: Iterable[Any]) -> int:
        """Nothing may be found; says what it was, and gives how many there were."""
        every = list(found)
        if every:
            shown = ", ".join(str(each) for each in every[:_SHOWN])
            self.wrong.append(f"{len(every)} {what}: {shown}")
        return len(every)


def truth_of(brokers: str, prefix: str, intended: Intended) -> Truth:
    """Read all logs and judge every record by the domain's own rules, outside any worker."""
    truth = Truth()
    with SchemasTopic(brokers, schemas_topic(prefix)) as topic:
        schemas = {row.schema_id: row.schema for row in topic.read()}
    logs = Logs(brokers)
    try:
        outside = [name for name in logs.topics(prefix) if is_outside(name, prefix)]
        for found in logs.read([*ledger_topics(prefix), *outside]):
            _take(truth, found, schemas.get, is_outside(found.topic, prefix), intended)
        truth.ends = dict(logs.ends)
    finally:
        logs.close()
    return truth


def _take(
    truth: Truth,
    found: Found,
    lookup: Callable[[int], str | None],
    is_from_outside: bool,
    intended: Intended,
) -> None:
    if not is_from_outside:
        leaf = leaf_hash(
            found.topic,
            found.partition,
            found.offset,
            found.timestamp,
            found.key,
            found.value,
            found.headers,
        )
        truth.leaves[found.topic, found.partition].append(leaf)
    if (found.key or b"").startswith(POISON_KEY):
        truth.letters.add(found.where)
        truth.poison.add(found.key or b"")
        return
    try:
        event = codec.decode(found.value, lookup).event
        judge(event, _EPOCH + timedelta(milliseconds=found.timestamp))
    except InvalidValue as error:
        truth.strange.append(f"{found.where}: {error}")
        return
    event_id = event.envelope.event_id
    if event_id in intended.ours:
        truth.letters.add(found.where)
        if event_id in intended.deadly:
            truth.deadly.add(found.where)
    elif is_from_outside:
        truth.outside.add(event_id)
    else:
        truth.events[event_id, content_digest(event)] = event


def hold_against(
    verdict: Verdict, truth: Truth, engine: Engine, intended: Intended, accepted: set[UUID]
) -> None:
    """Everything but the oracle's sellers: events, dead letters, positions, lineage."""
    verdict.events = len(truth.ids)
    verdict.expect_none("records that nobody should have written", truth.strange)
    must = accepted | intended.inside | truth.outside
    verdict.lost += verdict.expect_none("accepted events aren't in the log", must - truth.ids)
    never = truth.ids & (intended.never - intended.inside)
    verdict.expect_none("events of aborted transactions are in the log", never)
    missing = intended.poison - truth.poison
    verdict.expect_none("poisoned records aren't in the log", missing)
    unsent = range(len(intended.deadly) - len(truth.deadly))
    verdict.expect_none("deadly records aren't in the log", unsent)
    sizes = Counter(topic for topic, _ in truth.ends)
    small = [each for each in intended.grown.items() if sizes[each[0]] != each[1]]
    verdict.expect_none("topics don't have so many partitions", small)
    with snapshot(engine) as conn:
        _events(verdict, truth, conn)
        _letters(verdict, truth, conn)
        _positions(verdict, truth, conn)
        _evidence(verdict, truth, conn)
        _lineage(verdict, truth, conn)


def relayed(brokers: str, prefix: str, truth: Truth) -> Iterator[str]:
    """What the topic of dead letters lacks, or has beside what it should have."""
    logs = Logs(brokers)
    try:
        keys = {found.key for found in logs.read([deadletter_topic(prefix)])}
    finally:
        logs.close()
    told = {_place(key) for key in keys}
    yield from (f"not relayed: {place}" for place in sorted(truth.letters - told))
    yield from (f"relayed: {place}" for place in sorted(told - truth.letters))


def _place(key: bytes | None) -> Place:
    _, topic, partition, offset = (key or b"").decode().rsplit("/", 3)
    return topic, int(partition), int(offset)


def _events(verdict: Verdict, truth: Truth, conn: Connection) -> None:
    rows = conn.execute(
        text(
            "SELECT e.event_id, count(*) FROM ledger.event e"
            " JOIN ledger.event_content c ON c.event = e.id GROUP BY 1"
        )
    )
    inside = Counter({UUID(str(event_id)): number for event_id, number in rows})
    contents = Counter(event_id for event_id, _ in truth.events)
    lost, more = contents - inside, inside - contents
    verdict.lost += verdict.expect_none("events aren't in the ledger", lost.elements())
    verdict.doubled += verdict.expect_none("contents too many in the ledger", more.elements())


def _letters(verdict: Verdict, truth: Truth, conn: Connection) -> None:
    rows = conn.execute(
        text(
            """SELECT topic, partition, "offset", code || ': ' || detail FROM ledger.dead_letter"""
        )
    )
    found = {(topic, partition, offset): why for topic, partition, offset, why in rows}
    verdict.lost += verdict.expect_none("dead letters are missing", truth.letters - found.keys())
    aside = [(place, found[place]) for place in found.keys() - truth.letters]
    verdict.expect_none("records went aside that needn't", aside)
    alive = [place for place in truth.deadly if _ENDED not in found.get(place, "")]
    verdict.expect_none("deadly records aren't aside as such", alive)


def _positions(verdict: Verdict, truth: Truth, conn: Connection) -> None:
    rows = conn.execute(text("SELECT topic, partition, next_offset FROM ledger.position")).all()
    at = {(topic, partition): offset for topic, partition, offset in rows}
    verdict.expect_none("partitions have two positions", range(len(rows) - len(at)))
    behind = [
        (part, at.get(part), end) for part, end in truth.ends.items() if at.get(part, 0) != end
    ]
    verdict.expect_none("positions aren't at the end (partition, position, end)", behind)


def _evidence(verdict: Verdict, truth: Truth, conn: Connection) -> None:
    """Trees over what is in the logs have the roots that the ledger has, and that were signed."""
    keys = signed.public_keys(conn)
    found = {(head.topic, head.partition): head for head in heads(conn)}
    unseen = [part for part in truth.leaves if part not in found]
    verdict.expect_none("partitions have no tree in the ledger", unseen)
    wrong: list[str] = []
    for part, head in found.items():
        tree, leaves = Frontier(), iter(truth.leaves[part])
        for one in signed.all_of(conn, (head.log, *part)):
            checkpoint = open_checkpoint(one.note, keys)
            if _grown(tree, leaves, checkpoint.size) != checkpoint.root:
                wrong.append(f"{part}: the signed root of {checkpoint.size} leaves")
        if _grown(tree, leaves, len(truth.leaves[part])) != head.root:
            wrong.append(f"{part}: {head.size} leaves, in the log {tree.size}")
        if head.next_offset != truth.ends[part]:
            wrong.append(f"{part}: ends at {head.next_offset}, the log at {truth.ends[part]}")
    verdict.expect_none("trees differ from the logs'", wrong)


def _grown(tree: Frontier, leaves: Iterator[bytes], size: int) -> bytes:
    for leaf in islice(leaves, size - tree.size):
        tree.append(leaf)
    return tree.root()


def _lineage(verdict: Verdict, truth: Truth, conn: Connection) -> None:
    """Row by row, so that only one of the two sides is in memory."""
    missing = set(dump.of_events(truth.events.values()))
    more = [row for row in dump.rows_of_ledger(conn) if not _discard(missing, row)]
    verdict.expect_none("rows of the reference aren't in the ledger", islice(missing, 1000))
    extra = verdict.expect_none("rows of the ledger aren't in the reference, or twice", more)
    if missing or extra:
        verdict.lineage = "differs"


def _discard(rows: set[Any], row: Any) -> bool:
    """Take a row out; False when it wasn't there, or not any more."""
    if row not in rows:
        return False
    rows.remove(row)
    return True
