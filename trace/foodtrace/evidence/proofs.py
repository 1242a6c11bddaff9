"""Proofs that a leaf is in a tree, and that one tree is the beginning of another.

Paths are made from the roots of perfect subtrees and checked without them. A check says yes or no:
what can't be a proof (a path of the wrong length, a hash of the wrong size) proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain

from foodtrace.evidence.tree import EMPTY_ROOT, HASH_BYTES, folded, largest_power, node

#: `hash_at(height, index)`: the root over the leaves `[index * 2**height, (index + 1) * 2**height)`.
HashAt = Callable[[int, int], bytes]


def root_at(size: int, hash_at: HashAt) -> bytes:
    """The root of the tree over the first `size` leaves."""
    return _root_of(0, size, hash_at)


def inclusion_path(index: int, size: int, hash_at: HashAt) -> list[bytes]:
    """PATH of RFC 9162 (2.1.3.1), the leaf's neighbour first; needs `0 <= index < size`."""
    if not 0 <= index < size:
        raise IndexError(f"leaf {index} of a tree of {size}")
    path: list[bytes] = []
    begin, end = 0, size
    while end - begin > 1:
        split = begin + largest_power(end - begin)
        if index < split:
            path.append(_root_of(split, end, hash_at))
            end = split
        else:
            path.append(_root_of(begin, split, hash_at))
            begin = split
    return path[::-1]


def consistency_path(old: int, new: int, hash_at: HashAt) -> list[bytes]:
    """PROOF of RFC 9162 (2.1.4.1) between the trees of `old` and `new` leaves; `0 <= old <= new`.

    Empty where nothing has to be proven: from the empty tree, or between equal sizes.
    """
    if not 0 <= old <= new:
        raise IndexError(f"from {old} to {new} leaves")
    if old in (0, new):
        return []
    path: list[bytes] = []
    begin, end, whole = 0, new, True
    while old != end:
        split = begin + largest_power(end - begin)
        if old <= split:
            path.append(_root_of(split, end, hash_at))
            end = split
        else:
            path.append(_root_of(begin, split, hash_at))
            begin, whole = split, False
    if not whole:
        path.append(_root_of(begin, end, hash_at))
    return path[::-1]


def verify_inclusion(
    leaf_hash: bytes, index: int, size: int, path: Sequence[bytes], root: bytes
) -> bool:
    """Whether the leaf stands at `index` in the tree of `size` leaves (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size or not _hashes(leaf_hash, root, *path):
        return False
    here, last, hashed = index, size - 1, leaf_hash
    for other in path:
        if last == 0:
            return False
        if here & 1 or here == last:
            hashed = node(other, hashed)
            here, last = _up_to_right_child(here, last)
        else:
            hashed = node(hashed, other)
        here, last = here >> 1, last >> 1
    return last == 0 and hashed == root


def verify_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]
) -> bool:
    """Whether the first `old` of the `new` leaves give the older root (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= new or not _hashes(old_root, new_root, *path):
        return False
    if old == new:
        return not path and old_root == new_root
    if old == 0:
        return not path and old_root == EMPTY_ROOT
    if not path:
        return False
    here, last = old - 1, new - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    # An older tree that is a perfect subtree is its own first step.
    steps = chain((old_root,), path) if old & (old - 1) == 0 else iter(path)
    older = newer = next(steps)
    for other in steps:
        if last == 0:
            return False
        if here & 1 or here == last:
            older, newer = node(other, older), node(other, newer)
            here, last = _up_to_right_child(here, last)
        else:
            newer = node(newer, other)
        here, last = here >> 1, last >> 1
    return last == 0 and older == old_root and newer == new_root


def _up_to_right_child(here: int, last: int) -> tuple[int, int]:
    """Skip the heights at which a last node without a right sibling is carried up as it is."""
    while here and not here & 1:
        here, last = here >> 1, last >> 1
    return here, last


def _hashes(*values: bytes) -> bool:
    return all(len(value) == HASH_BYTES for value in values)


def _root_of(begin: int, end: int, hash_at: HashAt) -> bytes:
    """The root over `[begin, end)`, where `begin` is where a subtree of that size may begin."""
    peaks: list[bytes] = []
    while begin < end:
        height = (end - begin).bit_length() - 1
        peaks.append(hash_at(height, begin >> height))
        begin += 1 << height
    return folded(peaks)
