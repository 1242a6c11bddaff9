"""Chance by seed: the same seed and purpose give the same city on every machine."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from random import Random
from typing import TypeVar

Item = TypeVar("Item")


def chance_for(seed: int, *purpose: str | int) -> Random:
    """A generator of its own for one purpose, so that one part's draws never shift another's."""
    return Random("/".join(map(str, (seed, *purpose))))


def popular_rank(chance: Random, count: int) -> int:
    """A rank in 0..count-1 after Zipf's law (rank k about as likely as 1/(k+1)), without a table."""
    return min(int((count + 1) ** chance.random()), count) - 1


def popular(chance: Random, items: Sequence[Item]) -> Item:
    """One of the items, the first ones far more often than the last."""
    return items[popular_rank(chance, len(items))]


def shares(chance: Random, total: int, parts: int, least: int) -> list[int]:
    """Split `total` at random into `parts` whole numbers, each at least `least`.

    The largest gets about three times what the smallest does above that. Raises ValueError when
    `total` is too small.
    """
    free = total - parts * least
    if free < 0:
        raise ValueError(f"{total} can't be split into {parts} parts of at least {least}")
    weights = [chance.uniform(1, 3) for _ in range(parts)]
    cuts = [round(free * upto / sum(weights)) for upto in accumulate(weights)]
    cuts[-1] = free
    return [right - left + least for left, right in zip([0, *cuts], cuts, strict=False)]
