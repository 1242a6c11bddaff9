"""The file around a bundle: a ZIP that any tool opens, of which no byte is left to chance.

Members are stored unpacked, with a fixed date and always the 64-bit fields, so what is in a bundle
decides every byte of it. Read again, each byte between the members is compared with what it has to
be: ZIP says many things twice or for no reader, and there a changed byte would go unnoticed.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import IO

HEAD = b"PK\x03\x04"
_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_LOCAL_EXTRA = struct.Struct("<HHQQ")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_CENTRAL_EXTRA = struct.Struct("<HHQQQ")
_END64 = struct.Struct("<4sQHHIIQQQQ")
_LOCATOR = struct.Struct("<4sIQI")
_END = struct.Struct("<4sHHHHIIH")

_VERSION = 45
_UTF8 = 0x0800
_STORED = 0
_MIDNIGHT, _FIRST_OF_1980 = 0, 0x0021
_ELSEWHERE16, _ELSEWHERE32 = 0xFFFF, 0xFFFFFFFF
_ZIP64 = 1
#: Bytes that are read at once.
PIECE = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A file in the bundle: `crc` is ZIP's, `start` the place of its first byte in the container."""

    name: str
    size: int
    crc: int
    start: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A member's name, size in bytes and SHA-256, as a manifest states them."""

    name: str
    size: int
    sha256: str


class Broken(Exception):
    """The container can't be read on from byte `at`."""

    def __init__(self, at: int) -> None:
        """Tell where."""
        super().__init__(f"byte {at}")
        self.at = at


class Sink:
    """One member while it is written."""

    def __init__(self, file: IO[bytes]) -> None:
        """`file` stands where the member's first byte goes."""
        self._file = file
        self.size = 0
        self.crc = 0
        self._hash = sha256()

    def write(self, data: bytes) -> None:
        """Append bytes to the member."""
        self._file.write(data)
        self._hash.update(data)
        self.crc = zlib.crc32(data, self.crc)
        self.size += len(data)

    @property
    def digest(self) -> str:
        """SHA-256 of what was written, in hexadecimal digits."""
        return self._hash.hexdigest()


class Container:
    """Writes members one after another into a file that is empty and can be rewound."""

    def __init__(self, file: IO[bytes]) -> None:
        """Nothing is written before the first member."""
        self._file = file
        self._members: list[Member] = []
        self.digests: list[Digest] = []

    @contextmanager
    def member(self, name: str) -> Iterator[Sink]:
        """A member to write to; its head is put in front of it once its size is known."""
        at = self._file.tell()
        start = at + len(_local(name, 0, 0))
        self._file.seek(start)
        sink = Sink(self._file)
        yield sink
        self._file.seek(at)
        self._file.write(_local(name, sink.size, sink.crc))
        self._file.seek(start + sink.size)
        self._members.append(Member(name=name, size=sink.size, crc=sink.crc, start=start))
        self.digests.append(Digest(name=name, size=sink.size, sha256=sink.digest))

    def add(self, name: str, data: bytes) -> None:
        """A member whose content is at hand."""
        with self.member(name) as sink:
            sink.write(data)

    def finish(self) -> None:
        """Write the directory; nothing can follow it."""
        self._file.write(_tail(self._members, self._file.tell()))


class Source:
    """One member while it is read: its own position, so that several can be read side by side."""

    def __init__(self, file: IO[bytes], member: Member) -> None:
        """Begin at the member's first byte."""
        self._file = file
        self._next = member.start
        self._end = member.start + member.size
        self._kept = b""
        self._at = 0

    @property
    def left(self) -> int:
        """Bytes that were not taken yet."""
        return len(self._kept) - self._at + self._end - self._next

    def take(self, count: int) -> bytes:
        """The next `count` bytes, or fewer where the member ends."""
        kept = len(self._kept) - self._at
        if kept < count and self._next < self._end:
            wanted = min(max(count - kept, PIECE), self._end - self._next)
            self._file.seek(self._next)
            self._kept = self._kept[self._at :] + self._file.read(wanted)
            self._next, self._at = self._next + wanted, 0
        taken = self._kept[self._at : self._at + count]
        self._at += len(taken)
        return taken


class Opened:
    """A container that is read; `odd` are the places of bytes that aren't what they have to be."""

    def __init__(self, file: IO[bytes]) -> None:
        """Walk over the heads of all members; raises Broken where that can't go on."""
        self._file = file
        self.members: dict[str, Member] = {}
        self.odd: list[int] = []
        at = 0
        while self._read(at, len(HEAD)) == HEAD:
            at = self._step(at)
        self._compare(at, _tail(list(self.members.values()), at))
        self._compare_end(at)

    def source(self, name: str) -> Source:
        """A member to be read from its beginning; raises KeyError when there is none of the name."""
        return Source(self._file, self.members[name])

    def digest(self, name: str, tell: Callable[[int], None]) -> tuple[Digest, bool]:
        """What a manifest would say of the member, and whether its head has the right checksum.

        `tell` is told of every piece how many bytes it has.
        """
        member = self.members[name]
        source, made, crc = self.source(name), sha256(), 0
        while piece := source.take(PIECE):
            made.update(piece)
            crc = zlib.crc32(piece, crc)
            tell(len(piece))
        stated = Digest(name=name, size=member.size, sha256=made.hexdigest())
        return stated, crc == member.crc

    def _step(self, at: int) -> int:
        fixed = self._read(at, _LOCAL.size)
        if len(fixed) < _LOCAL.size:
            raise Broken(at)
        _, _, _, _, _, _, crc, _, _, letters, _ = _LOCAL.unpack(fixed)
        rest = self._read(at + _LOCAL.size, letters + _LOCAL_EXTRA.size)
        if len(rest) < letters + _LOCAL_EXTRA.size:
            raise Broken(at)
        _, _, size, _ = _LOCAL_EXTRA.unpack(rest[letters:])
        start = at + len(fixed) + len(rest)
        if size > self._file.seek(0, 2) - start:
            raise Broken(at)
        try:
            name = rest[:letters].decode()
        except UnicodeDecodeError as error:
            raise Broken(at) from error
        if name in self.members:
            raise Broken(at)
        self.members[name] = Member(name=name, size=size, crc=crc, start=start)
        self._compare(at, _local(name, size, crc))
        return int(start + size)

    def _compare(self, at: int, wanted: bytes) -> None:
        found = self._read(at, len(wanted))
        pairs = enumerate(zip(found, wanted, strict=False))
        self.odd += [at + number for number, (is_, has_to_be) in pairs if is_ != has_to_be]
        if len(found) < len(wanted):
            self.odd.append(at + len(found))

    def _compare_end(self, at: int) -> None:
        end = at + len(_tail(list(self.members.values()), at))
        if self._file.seek(0, 2) > end:
            self.odd.append(end)

    def _read(self, at: int, count: int) -> bytes:
        self._file.seek(at)
        return self._file.read(count)


def _local(name: str, size: int, crc: int) -> bytes:
    letters = name.encode()
    fixed = _LOCAL.pack(
        HEAD,
        _VERSION,
        _UTF8,
        _STORED,
        _MIDNIGHT,
        _FIRST_OF_1980,
        crc,
        _ELSEWHERE32,
        _ELSEWHERE32,
        len(letters),
        _LOCAL_EXTRA.size,
    )
    return fixed + letters + _LOCAL_EXTRA.pack(_ZIP64, _LOCAL_EXTRA.size - 4, size, size)


def _central(member: Member) -> bytes:
    letters = member.name.encode()
    fixed = _CENTRAL.pack(
        b"PK\x01\x02",
        _VERSION,
        _VERSION,
        _UTF8,
        _STORED,
        _MIDNIGHT,
        _FIRST_OF_1980,
        member.crc,
        _ELSEWHERE32,
        _ELSEWHERE32,
        len(letters),
        _CENTRAL_EXTRA.size,
        0,
        0,
        0,
        0,
        _ELSEWHERE32,
    )
    head = member.start - len(_local(member.name, 0, 0))
    sizes = (member.size, member.size, head)
    return fixed + letters + _CENTRAL_EXTRA.pack(_ZIP64, _CENTRAL_EXTRA.size - 4, *sizes)


def _tail(members: list[Member], at: int) -> bytes:
    directory = b"".join(_central(member) for member in members)
    count, size = len(members), len(directory)
    end64 = _END64.pack(
        b"PK\x06\x06", _END64.size - 12, _VERSION, _VERSION, 0, 0, count, count, size, at
    )
    locator = _LOCATOR.pack(b"PK\x06\x07", 0, at + size, 1)
    end = _END.pack(b"PK\x05\x06", 0, 0, _ELSEWHERE16, _ELSEWHERE16, _ELSEWHERE32, _ELSEWHERE32, 0)
    return directory + end64 + locator + end
