"""Named failures of the worker itself."""

from __future__ import annotations

from foodtrace.problems import OurFault


class FetcherBroken(OurFault):
    """The fetcher's position contradicts the records it gave; the worker reads again from the ledger."""

    def __init__(self, detail: str) -> None:
        """Tell partition, start and position."""
        super().__init__("ledger.chunk-lost", f"the fetcher went astray at {detail}")


class HandOverBroken(OurFault):
    """A chunk between fetcher and queue is missing; the worker reads again from the ledger."""

    def __init__(self, detail: str) -> None:
        """Tell partition, the offset expected and the one found."""
        super().__init__("ledger.chunk-lost", f"handed over out of turn at {detail}")
