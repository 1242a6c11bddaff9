"""The ledger's own named errors; all of them are ours and mean: stop rather than go on."""

from __future__ import annotations

from foodtrace.problems import OurFault


class ChunkLost(OurFault):
    """A chunk starts beyond the ledger's position: records between them never came here."""

    def __init__(self, detail: str) -> None:
        """Tell which partition and which offsets."""
        super().__init__("ledger.chunk-lost", detail)


class LogReplaced(OurFault):
    """The topic is another log than the one the position belongs to."""

    def __init__(self, detail: str) -> None:
        """Tell which topic and both log ids."""
        super().__init__("bus.log-replaced", detail)


class LedgerNewer(OurFault):
    """The ledger's schema was made by a newer version of the code."""

    def __init__(self, detail: str) -> None:
        """Tell the revision found."""
        super().__init__("ledger.newer", detail)


class LedgerOlder(OurFault):
    """The ledger's schema is older than the code, or isn't there yet."""

    def __init__(self, detail: str) -> None:
        """Tell the revision found and the one needed."""
        super().__init__("ledger.older", detail)
