"""Numbers in place of texts that are long or have several parts, where a ledger joins rows by them."""

from __future__ import annotations

import json
from functools import lru_cache
from hashlib import sha256


@lru_cache(maxsize=16_384)
def number(*texts: str) -> int:
    """The first eight bytes of SHA-256 of the texts' JSON list, as a signed integer.

    `movement.meeting` is that of (giver, trade number), `claim.stock` and `lot.stock` of (holder,
    location, product). That two of n texts share a number has a chance of n² / 2^65. The latest are
    remembered: the lines of a chunk speak of the same places over and over.
    """
    digest = sha256(json.dumps(texts).encode("ascii")).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
