"""What a check found: each fault with its place, and what of each partition is shown to be true."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

#: Faults that are listed of one partition, or of the file around them; the others are counted.
LISTED = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong: `code` is one of `foodtrace.problems.PROBLEMS`.

    `place` is topic and partition, `offset` the record's, `file` the member of the bundle; each
    None where it says nothing.
    """

    code: str
    place: str | None = None
    offset: int | None = None
    file: str | None = None
    detail: str = ""


class Faults:
    """Faults in the order in which they were found, of which the first `LISTED` are kept."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        """Begin with some."""
        self.total = 0
        self._kept: list[Fault] = []
        for fault in faults:
            self.add(fault)

    def add(self, fault: Fault) -> None:
        """Take one in."""
        self.total += 1
        if len(self._kept) < LISTED:
            self._kept.append(fault)

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._kept)

    def __bool__(self) -> bool:
        return self.total > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One partition: the records of `[begin, end)`, or chosen ones, and the checkpoint over them.

    `root` is the signed one in hexadecimal digits and `as_of` the append time of the last record
    that the checkpoint covers; both are None where no signature holds. `link` says whether the hash
    chain was followed too. `total` counts all faults.
    """

    kind: Literal["range", "events"]
    topic: str
    partition: int
    log: str
    begin: int
    end: int
    records: int
    size: int
    root: str | None
    as_of: datetime | None
    link: bool
    faults: tuple[Fault, ...]
    total: int

    @property
    def place(self) -> str:
        """Topic and partition."""
        return f"{self.topic}/{self.partition}"


#: What sort of file was checked.
Form = Literal["bundle", "proof", "consistency", "checkpoint"]
#: By what an earlier checkpoint was compared.
How = Literal["same size", "recomputed", "path", "not compared"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """An earlier checkpoint that the newer log was held to; `how` says by what."""

    origin: str
    old_size: int
    new_size: int | None
    how: How
    fault: Fault | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyTold:
    """A key that signed something in the file, and how much: `signed` notes.

    `fingerprint` is SHA-256 of its 32 bytes. `trusted`: the caller named it; otherwise it lies in the
    file, or one that counts vouches for it. Only where the file's signed list has it (`listed`) is
    it known whether it was retired, when (aware, the installation's clock) and why.
    """

    fingerprint: str
    trusted: bool
    signed: int
    listed: bool
    retired_at: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything about one file. `key` is the first key's fingerprint, SHA-256 of its 32 bytes.

    Unless `trusted`, the signatures were checked with the key that lies in the file itself: that
    shows that nothing was changed since the file was made, not who made it.
    """

    form: Form
    installation: str | None
    key: str | None
    trusted: bool
    keys: tuple[KeyTold, ...] = ()
    parts: tuple[Shown, ...] = ()
    compared: tuple[Compared, ...] = ()
    uncovered: tuple[tuple[str, str], ...] = ()
    faults: tuple[Fault, ...] = ()
    more: int = field(default=0)

    @property
    def total(self) -> int:
        """How many faults there are, those that aren't listed too."""
        own = len(self.faults) + self.more
        unlike = sum(1 for one in self.compared if one.fault is not None)
        return own + unlike + sum(part.total for part in self.parts)

    @property
    def ok(self) -> bool:
        """Whether nothing at all is wrong."""
        return self.total == 0

    def every(self) -> Iterator[Fault]:
        """The faults that are listed: of partitions, of what was compared, of the file."""
        for part in self.parts:
            yield from part.faults
        yield from (one.fault for one in self.compared if one.fault is not None)
        yield from self.faults
