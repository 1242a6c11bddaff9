"""Sides that nobody could identify: what a holder's key tells of them.

A lot's key names such a holder by "?" and what is known, in a fixed order (see `Side.holder`):
claimed name, vehicle plate, digest of a phone number, digest of a document. The key leaves out
what isn't known, so the form of a part tells what it is; the documents themselves say it exactly.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MARK = "?"
# GA 36-2018: province, authority, five or six characters; 警, 挂, 港 and the like may stand last.
_PLATE = re.compile(r"[\u4e00-\u9fff][A-Z][ ·]?[A-Z0-9]{4,6}[\u4e00-\u9fff]?")
_DIGEST = re.compile(r"(SHA-?\d{1,3}[:=])?[0-9A-F]{16,128}")
_DIGESTS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a side that isn't identified; `digests` are of a phone number or document."""

    claimed_name: str | None
    vehicle_plate: str | None
    digests: tuple[str, ...]

    @property
    def told(self) -> str:
        """The same in one text, in the order of the key."""
        stated = (self.claimed_name, self.vehicle_plate, *self.digests)
        return "|".join(part for part in stated if part)


def is_unidentified(holder: str) -> bool:
    """Whether a holder's key stands for somebody unidentified."""
    return holder.startswith(MARK)


def known_of(holder: str) -> Known | None:
    """What the key of an unidentified holder tells; None for a party's id."""
    if not is_unidentified(holder):
        return None
    parts = holder[len(MARK) :].split("|")
    digests: list[str] = []
    while parts and len(digests) < _DIGESTS and _DIGEST.fullmatch(parts[-1]):
        digests.insert(0, parts.pop())
    plate = parts.pop() if parts and _PLATE.fullmatch(parts[-1]) else None
    return Known(claimed_name="|".join(parts) or None, vehicle_plate=plate, digests=tuple(digests))
