"""A checkpoint: the head of one partition's tree, as the text that is signed (C2SP tlog-checkpoint).

```
foodtrace/<installation>/<topic>/<partition>/<log>
<size, decimal>
<root, base64>
link <the chain's link after the last leaf, base64>
next-offset <the last leaf's offset + 1, decimal>
as-of <the broker's append time of the last leaf, RFC 3339 with milliseconds and Z>
```

The first three lines are the specification's; the others are its extension lines, and like them a
function of the log alone. There are no checkpoints of an empty tree.
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from foodtrace.evidence.note import is_key_name, unbase64
from foodtrace.evidence.tree import HASH_BYTES
from foodtrace.problems import InvalidValue

_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")
_MOMENT = "%Y-%m-%dT%H:%M:%S.%f"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The head of a tree: how many leaves, their root, the chain's link after them.

    `next_offset` is the last leaf's offset + 1, `as_of` its append time (aware UTC, whole ms).
    Raises InvalidValue `evidence.malformed` for what can't be one.
    """

    origin: str
    size: int
    root: bytes
    link: bytes
    next_offset: int
    as_of: datetime

    def __post_init__(self) -> None:
        if not is_key_name(self.origin):
            raise InvalidValue("evidence.malformed", ascii(self.origin[:80]), "origin")
        if self.size < 1 or self.next_offset < self.size:
            raise InvalidValue("evidence.malformed", f"{self.size}, {self.next_offset}", "size")
        if len(self.root) != HASH_BYTES or len(self.link) != HASH_BYTES:
            raise InvalidValue("evidence.malformed", "32 bytes", "root")
        if self.as_of.utcoffset() != timedelta(0) or self.as_of.microsecond % 1000:
            raise InvalidValue("evidence.malformed", self.as_of.isoformat(), "as_of")

    @property
    def text(self) -> str:
        """The text that is signed, see the module."""
        moment = self.as_of.strftime(_MOMENT)[:-3]
        return (
            f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"
            f"link {b64encode(self.link).decode()}\n"
            f"next-offset {self.next_offset}\nas-of {moment}Z\n"
        )


def origin_of(installation: str, topic: str, partition: int, log: str) -> str:
    """The name of a partition's log, which no other log of any installation has.

    Raises InvalidValue `evidence.malformed` when a part holds a slash or can't name a key.
    """
    parts = (installation, topic, str(partition), log)
    if not all(is_key_name(part) and "/" not in part for part in parts):
        raise InvalidValue("evidence.malformed", ascii("/".join(parts)[:80]), "origin")
    return "/".join(("foodtrace", *parts))


def read_checkpoint(text: str) -> Checkpoint:
    """The checkpoint that `Checkpoint.text` wrote; raises InvalidValue `evidence.malformed`.

    Accepts that one spelling alone, so a text and its checkpoint stand for each other.
    """
    lines = text.split("\n")
    if len(lines) != 7:
        raise InvalidValue("evidence.malformed", f"{len(lines) - 1} lines", "checkpoint")
    found = Checkpoint(
        origin=lines[0],
        size=_number(lines[1]),
        root=unbase64(lines[2]),
        link=unbase64(_after("link ", lines[3])),
        next_offset=_number(_after("next-offset ", lines[4])),
        as_of=_moment(_after("as-of ", lines[5])),
    )
    if found.text != text:
        raise InvalidValue("evidence.malformed", "spelt otherwise", "checkpoint")
    return found


def _after(word: str, line: str) -> str:
    if not line.startswith(word):
        raise InvalidValue("evidence.malformed", ascii(line[:80]), word.strip())
    return line.removeprefix(word)


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise InvalidValue("evidence.malformed", ascii(text[:80]), "number")
    return int(text)


def _moment(text: str) -> datetime:
    try:
        return datetime.strptime(text, f"{_MOMENT}Z").replace(tzinfo=UTC)
    except ValueError as error:
        raise InvalidValue("evidence.malformed", ascii(text[:80]), "as-of") from error
