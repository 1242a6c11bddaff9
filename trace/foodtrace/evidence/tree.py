"""The Merkle tree of RFC 6962 (2.1) over leaf hashes, whole or grown leaf by leaf."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

from foodtrace.problems import InvalidValue

HASH_BYTES = 32
#: The root of a tree without leaves.
EMPTY_ROOT = sha256(b"").digest()
_SIZE_BYTES = 8


def node(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: SHA-256 of 01 and both children."""
    return sha256(b"\x01" + left + right).digest()


def root(hashes: Sequence[bytes]) -> bytes:
    """The root over these leaf hashes, by the definition of RFC 6962."""
    if not hashes:
        return EMPTY_ROOT
    if len(hashes) == 1:
        return hashes[0]
    split = largest_power(len(hashes))
    return node(root(hashes[:split]), root(hashes[split:]))


def largest_power(size: int) -> int:
    """The largest power of two smaller than `size`, which is at least 2."""
    return 1 << (size - 1).bit_length() - 1


def folded(peaks: Iterable[bytes]) -> bytes:
    """The root above perfect subtrees that stand side by side, the largest first; none: empty."""
    whole: bytes | None = None
    for peak in reversed(list(peaks)):
        whole = peak if whole is None else node(peak, whole)
    return EMPTY_ROOT if whole is None else whole


class Frontier:
    """What is needed of a tree to let it grow: its size and the roots of its perfect subtrees."""

    __slots__ = ("_peaks", "size")

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        """`peaks` are the roots of the perfect subtrees, the largest first, one per bit of `size`.

        Raises InvalidValue `evidence.malformed` when they can't be those of a tree of that size.
        """
        self.size = size
        self._peaks = list(peaks)
        sound = all(len(peak) == HASH_BYTES for peak in self._peaks)
        if size < 0 or len(self._peaks) != size.bit_count() or not sound:
            raise InvalidValue("evidence.malformed", f"{len(self._peaks)} peaks", "frontier")

    @property
    def peaks(self) -> tuple[bytes, ...]:
        """The roots of the perfect subtrees, the largest first."""
        return tuple(self._peaks)

    def append(self, leaf_hash: bytes) -> list[bytes]:
        """Take in one leaf; gives the roots of the subtrees it completed, of height 1, 2, ..."""
        completed: list[bytes] = []
        peaks, hashed, size = self._peaks, leaf_hash, self.size
        while size & 1:
            hashed = node(peaks.pop(), hashed)
            completed.append(hashed)
            size >>= 1
        peaks.append(hashed)
        self.size += 1
        return completed

    def root(self) -> bytes:
        """The root of the tree as it is now."""
        return folded(self._peaks)

    def to_bytes(self) -> bytes:
        """The size (8 bytes, big-endian) and the peaks, the largest first."""
        return self.size.to_bytes(_SIZE_BYTES, "big") + b"".join(self._peaks)

    @classmethod
    def from_bytes(cls, data: bytes) -> Frontier:
        """What `to_bytes` gave; raises InvalidValue `evidence.malformed` for anything else."""
        size, rest = int.from_bytes(data[:_SIZE_BYTES], "big"), data[_SIZE_BYTES:]
        if len(data) < _SIZE_BYTES or len(rest) % HASH_BYTES:
            raise InvalidValue("evidence.malformed", f"{len(data)} bytes", "frontier")
        return cls(size, (rest[at : at + HASH_BYTES] for at in range(0, len(rest), HASH_BYTES)))
