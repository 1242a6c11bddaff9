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


class SourcesChanged(OurFault):
    """A source got a topic of its own, or lost it: a restart makes the worker read the right ones."""

    def __init__(self, detail: str) -> None:
        """Tell how many there are now and were before."""
        super().__init__("worker.sources-changed", detail)


class FolderDenied(OurFault):
    """The worker has no folder to work in."""

    def __init__(self, detail: str) -> None:
        """Tell the folder and what the system says."""
        super().__init__("worker.folder-denied", detail)


class ChildWaits(OurFault):
    """What a child process met passes by itself, such as a database that is away."""

    def __init__(self, detail: str) -> None:
        """Tell what the child was told."""
        super().__init__("ledger.away", f"in a child process: {detail}")


class ChildFailed(Exception):
    """A child process met an error nobody foresaw, which is none of the record's."""
