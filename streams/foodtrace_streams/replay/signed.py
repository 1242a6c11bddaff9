"""The rebuilt tree of evidence held against every checkpoint that was signed."""

from __future__ import annotations

from sqlalchemy import Connection, text

from foodtrace.evidence import read_checkpoint, read_note
from foodtrace_bus.cluster import UNKNOWN
from foodtrace_ledger.evidence import Head, heads, root_of
from foodtrace_ledger.rebuild.errors import EvidenceDiffers, EvidenceMissing
from foodtrace_office import evidence as office
from foodtrace_office.evidence import Signed, Spot
from foodtrace_schemas.topics import ledger_topics
from foodtrace_streams.replay.follow import Bus


class Signatures:
    """What was signed of the logs as they are now; each checkpoint is looked at once.

    Those of a log that a topic had before it was made anew say nothing about this one.
    """

    def __init__(self, bus: Bus) -> None:
        """Nothing is asked before the first `check`."""
        self._bus = bus
        self._spots: set[Spot] = set()
        self._agreed: dict[Spot, int] = {}
        #: How many checkpoints the rebuilt tree agrees with.
        self.agreed = 0

    def check(self, live: Connection, rebuilt: Connection) -> None:
        """Hold the tree against the checkpoints that it wasn't held against yet.

        `live` is asked for the office. One signed beyond what was read so far is left for the next
        time, if the log holds its records. Raises EvidenceDiffers for one that the tree contradicts,
        EvidenceMissing for one of records that the tree should have, or the log, and hasn't.
        """
        if live.execute(text("SELECT to_regclass('office.checkpoint')")).scalar_one() is None:
            return
        found = {(head.log, head.topic, head.partition): head for head in heads(rebuilt)}
        self._spots |= found.keys() if self._spots else self._partitions() | found.keys()
        # One look at an index each: in the end, workers are held for this.
        for spot, last in office.latest(live, self._spots).items():
            begun = self._agreed.get(spot, 0)
            if last.size > begun:
                self._partition(found.get(spot), office.all_of(live, spot, beyond=begun), rebuilt)

    def _partitions(self) -> set[Spot]:
        logs = self._bus.cluster.logs(ledger_topics(self._bus.reads.prefix)).values()
        return {
            (self._bus.log or log.log, log.topic, number)
            for log in logs
            for number in range(log.partitions)
        }

    def _partition(self, head: Head | None, unseen: list[Signed], rebuilt: Connection) -> None:
        for signed in unseen:
            if head is None:
                raise EvidenceMissing(f"{_place(signed)}, rebuilt none")
            if signed.size > head.size:
                self._beyond(head, unseen[-1])
                return
            said = read_checkpoint(read_note(signed.note)[0])
            found = root_of(rebuilt, head.topic, head.partition, signed.size)
            if found != said.root or said.size != signed.size:
                raise EvidenceDiffers(
                    f"{_place(signed)}: signed {said.root.hex()}, rebuilt {found.hex()}"
                )
            self._agreed[signed.log, signed.topic, signed.partition] = signed.size
            self.agreed += 1

    def _beyond(self, head: Head, last: Signed) -> None:
        """Whether the last one is only not reached yet; the others lie before it."""
        said = read_checkpoint(read_note(last.note)[0])
        if said.next_offset <= head.next_offset:
            raise EvidenceMissing(
                f"{_place(last)}, rebuilt {head.size} up to the same offset {said.next_offset}"
            )
        part = (head.topic, head.partition)
        ends = self._bus.cluster.ends([part])
        if ends != UNKNOWN and ends[part] < said.next_offset:
            raise EvidenceMissing(
                f"{_place(last)} up to offset {said.next_offset}, the log ends at {ends[part]}"
            )


def _place(signed: Signed) -> str:
    return f"{signed.topic}/{signed.partition} at {signed.size} records"
