"""A new content on its way into the tables, and the ids that stand there for what it speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from foodtrace.effects import Effects
from foodtrace.events import Event
from foodtrace.lots import BatchKey, LotKey


@dataclass(frozen=True, slots=True)
class Spoken:
    """A new content with its place in the ledger and what follows from it."""

    event: Event
    at: tuple[int, int]
    effects: Effects

    def lots(self) -> Iterator[LotKey]:
        """Every lot it speaks of."""
        effects = self.effects
        for link in effects.links:
            yield link.parent
            yield link.child
        yield from (claim.lot for claim in effects.claims)
        yield from (movement.lot for movement in effects.movements)
        yield from (retail.lot for retail in effects.retail)
        yield from (paper.lot for paper in effects.papers)
        yield from (count.lot for count in effects.counts)
        yield from (finding.lot for finding in effects.findings if finding.lot is not None)

    def batches(self) -> Iterator[BatchKey]:
        """Every batch it speaks of."""
        return (claim.batch for claim in self.effects.claims if claim.batch is not None)


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids of the lots and batches that the new contents speak of."""

    lots: dict[LotKey, int]
    batches: dict[BatchKey, int]
