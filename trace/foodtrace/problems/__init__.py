"""What can be wrong, whose fault it is, and what to tell them.

Every code stands once in `PROBLEMS` with its Chinese and English text. A door (HTTP, Kafka, command
line) maps the blame to its own dialect and never invents a code.
"""

from __future__ import annotations

from foodtrace.problems.bundles import BUNDLES
from foodtrace.problems.contents import CONTENTS
from foodtrace.problems.doors import DOORS
from foodtrace.problems.evidence import EVIDENCE
from foodtrace.problems.machinery import MACHINERY
from foodtrace.problems.rebuilding import REBUILDING
from foodtrace.problems.text import Blame, ProblemText

# A new code is one line in the file of its kind; no code stands twice (a test looks).
PROBLEMS: dict[str, ProblemText] = {
    **BUNDLES,
    **CONTENTS,
    **DOORS,
    **EVIDENCE,
    **MACHINERY,
    **REBUILDING,
}


class FoodtraceError(Exception):
    """Base of every named error: a code of `PROBLEMS`, the field's path and the fact at hand."""

    def __init__(self, code: str, detail: str = "", path: str = "") -> None:
        """Name the problem; raises KeyError when the code isn't in the table."""
        self.text = PROBLEMS[code]
        self.code = code
        self.detail = detail
        self.path = path
        super().__init__(f"{path + ': ' if path else ''}{code}: {detail or self.text.en}")


class TheirFault(FoodtraceError):
    """Refused at the door or put aside: the sender has to change something."""


class InvalidValue(TheirFault, ValueError):
    """A value that can't be what it claims; raised where values are made."""


class NotFound(FoodtraceError):
    """The thing asked for isn't known here."""


class Conflict(FoodtraceError):
    """It contradicts what already stands."""


class OurFault(FoodtraceError):
    """Ours: stop rather than go on with a broken promise."""


__all__ = [
    "PROBLEMS",
    "Blame",
    "Conflict",
    "FoodtraceError",
    "InvalidValue",
    "NotFound",
    "OurFault",
    "ProblemText",
    "TheirFault",
]
