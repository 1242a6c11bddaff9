"""进销存 of a lot: what came in is somewhere, in each dimension by itself.

opened = sold + used + disposed + moved + returned + adjusted + retail + book stock. Book stock is
computed, never counted; less than nothing means more left than came in, which is a flag.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from foodtrace.effects import Direction

RETAIL = "retail"
LEAVING = (
    Direction.SOLD,
    Direction.USED,
    Direction.DISPOSED,
    Direction.MOVED,
    Direction.RETURNED,
    Direction.ADJUSTED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """The equation of one lot in one dimension, in millionths of its base unit."""

    dimension: str
    opened: int = 0
    sold: int = 0
    used: int = 0
    disposed: int = 0
    moved: int = 0
    returned: int = 0
    adjusted: int = 0
    retail: int = 0

    @property
    def book_stock(self) -> int:
        """账面结存: what is still there by the books; negative when more left than came in."""
        left = sum(getattr(self, direction) for direction in LEAVING)
        return self.opened - int(left) - self.retail


def balances(amounts: Iterable[tuple[str, str, int]]) -> tuple[Balance, ...]:
    """Sum (direction, dimension, amount) to one balance a dimension, in the order of dimensions."""
    sums: dict[str, dict[str, int]] = {}
    for direction, dimension, amount in amounts:
        entry = sums.setdefault(dimension, {})
        entry[direction] = entry.get(direction, 0) + amount
    return tuple(Balance(dimension=name, **sums[name]) for name in sorted(sums))
