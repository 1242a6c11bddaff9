"""Named errors of building a ledger anew; after each of them the live one stands as it stood."""

from __future__ import annotations

from foodtrace.problems import Conflict, OurFault


class ReplayRunning(Conflict):
    """Another replay holds the turn."""

    def __init__(self) -> None:
        """Nothing more to tell."""
        super().__init__("replay.running")


class OldKept(Conflict):
    """A ledger of before the last switch is still there."""

    def __init__(self) -> None:
        """Nothing more to tell."""
        super().__init__("replay.old-kept")


class NothingKept(Conflict):
    """There is no older ledger."""

    def __init__(self) -> None:
        """Nothing more to tell."""
        super().__init__("replay.nothing-kept")


class Differs(OurFault):
    """The rebuilt ledger isn't equal to the live one at the same positions."""

    def __init__(self, detail: str) -> None:
        """Tell the parts and rows."""
        super().__init__("replay.differs", detail)


class EvidenceDiffers(OurFault):
    """A signed checkpoint isn't one of the rebuilt tree."""

    def __init__(self, detail: str) -> None:
        """Tell partition, size and both roots."""
        super().__init__("replay.evidence-differs", detail)


class EvidenceMissing(OurFault):
    """A checkpoint was signed of records that the rebuilt tree hasn't."""

    def __init__(self, detail: str) -> None:
        """Tell partition, what was signed, and how far log and tree reach."""
        super().__init__("replay.evidence-missing", detail)


class ReadersBusy(OurFault):
    """No moment was found in which no answer was under way."""

    def __init__(self, detail: str) -> None:
        """Tell for how long."""
        super().__init__("replay.readers-busy", detail)


class LoaderDied(OurFault):
    """A process that loads was killed again and again, before it could write anything."""

    def __init__(self, detail: str) -> None:
        """Tell partition and offsets, and how it ended."""
        super().__init__("replay.loader-died", detail)


class OtherRevision(Conflict):
    """The kept ledger is of another revision than this program."""

    def __init__(self, detail: str) -> None:
        """Tell both."""
        super().__init__("replay.other-revision", detail)
