"""Batches as others write them: one that aiokafka can't read whole must not stop its partition.

The name of a header is UTF-8 by Kafka's word, and the broker takes any bytes. aiokafka raises at the
first that aren't, each time anew, so that nobody ever gets past such a record. Here it is read with
these bytes spelt out (`\\xff`), and is judged like every other.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any, SupportsIndex

from aiokafka.consumer import fetcher
from aiokafka.errors import CorruptRecordException
from aiokafka.record.default_records import _DefaultRecordBatchPy
from aiokafka.record.memory_records import MemoryRecords

# Of a batch: its base offset (8 bytes), then the length of what follows (4).
_LENGTH = struct.Struct(">8xi")


class _Spelt(bytearray):
    """Bytes whose parts can always be decoded."""

    def __getitem__(self, at: SupportsIndex | slice) -> Any:
        found = super().__getitem__(at)
        return _Spelt(found) if isinstance(at, slice) else found

    def decode(self, encoding: str = "utf-8", errors: str = "backslashreplace") -> str:
        return super().decode(encoding, errors)


class _Careful(_DefaultRecordBatchPy):  # type: ignore[misc]
    """aiokafka's batch in Python, over such bytes."""

    _buffer: bytearray

    def _maybe_uncompress(self) -> None:
        super()._maybe_uncompress()
        self._buffer = _Spelt(self._buffer)


class Batch:
    """aiokafka's fast batch, and the careful one where that gives up."""

    def __init__(self, fast: Any, data: bytes, at: int, end: int) -> None:
        """The bytes of the batch are `data[at:end]`."""
        self._fast = fast
        self._data = data
        self._place = (at, end)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._fast, name)

    def __iter__(self) -> Iterator[Any]:
        try:
            return iter(list(self._fast))
        except (UnicodeDecodeError, CorruptRecordException):
            return iter(list(_Careful(self._data[slice(*self._place)])))

    def __next__(self) -> Any:
        return next(self._fast)


class Batches:
    """What aiokafka makes of a broker's answer: its batches, one after another."""

    def __init__(self, data: bytes) -> None:
        """`data` may end in the middle of a batch, which isn't given."""
        self._fast = MemoryRecords(data)
        self._data = data
        self._at = 0

    def size_in_bytes(self) -> int:
        """Bytes of the answer."""
        return int(self._fast.size_in_bytes())

    def has_next(self) -> bool:
        """Whether there is one more."""
        return bool(self._fast.has_next())

    def next_batch(self) -> Batch | None:
        """The next one."""
        fast = self._fast.next_batch()
        if fast is None:
            return None
        at = self._at
        (length,) = _LENGTH.unpack_from(self._data, at)
        self._at = at + _LENGTH.size + length
        return Batch(fast, self._data, at, self._at)


def read_with_care() -> None:
    """Let every consumer of aiokafka in this process read so; it takes no such setting."""
    fetcher.MemoryRecords = Batches
