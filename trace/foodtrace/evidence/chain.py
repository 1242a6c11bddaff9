"""The hash chain beside the tree: each link holds the one before it.

The tree proves one record with few hashes; the chain lets anybody follow a stretch of the log in
one pass, from the link of one checkpoint to that of the next.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

#: The link before the first leaf.
FIRST_LINK = bytes(32)


def next_link(link: bytes, leaf_hash: bytes) -> bytes:
    """SHA-256 of 02, the link before and the leaf's hash."""
    return sha256(b"\x02" + link + leaf_hash).digest()


def chained(hashes: Iterable[bytes], link: bytes = FIRST_LINK) -> bytes:
    """The link after these leaves, which follow `link`."""
    for leaf_hash in hashes:
        link = next_link(link, leaf_hash)
    return link
