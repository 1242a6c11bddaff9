"""Returns of what was never sold: nothing went that way before, or more came back than went."""

from __future__ import annotations

from collections.abc import Mapping

from foodtrace.quantity import amount_of, unit_of

Amounts = Mapping[str, int]


def never_sold(returned: Amounts, sold: Amounts) -> str | None:
    """What is wrong with all that one party returned to another of the same goods; None if nothing.

    Both are millionths by dimension, summed over all documents between the two. Dimensions in which
    only one of both was measured aren't compared.
    """
    if not any(sold.values()):
        return "0 → " + _told(returned) if any(returned.values()) else None
    over = {name: size for name, size in returned.items() if 0 < sold.get(name, 0) < size}
    if not over:
        return None
    return f"{_told({name: sold[name] for name in over})} → {_told(over)}"


def _told(amounts: Amounts) -> str:
    each = sorted((name, size) for name, size in amounts.items() if size)
    return ", ".join(f"{amount_of(size)} {unit_of(name)}" for name, size in each)
