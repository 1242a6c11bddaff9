"""Units of one product that its master data make comparable (1 箱 = 24 袋).

What a 箱 holds differs from product to product, so nothing converts that the product doesn't declare.
Where its declarations contradict each other, none of those that hang together is believed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from foodtrace.problems import InvalidValue
from foodtrace.quantity import Quantity, measure

#: Attributes of a product's master data: `conversion.箱` = `24 袋`.
PREFIX = "conversion."


class Ratios:
    """What one base unit of each dimension is worth beside the others of the product."""

    def __init__(self, declared: Iterable[tuple[str, str]] = ()) -> None:
        """`declared` are attributes of the product's master data; others than conversions and
        those that can't be read are passed over."""
        joined: dict[str, dict[str, set[Fraction]]] = defaultdict(lambda: defaultdict(set))
        for one, other, ratio in _read(declared):
            joined[one][other].add(ratio)
            joined[other][one].add(1 / ratio)
        self._worth: dict[str, tuple[str, Fraction]] = {}
        for dimension in sorted(joined):
            if dimension not in self._worth:
                self._worth |= _component(dimension, joined)

    def group(self, dimension: str) -> str:
        """Dimensions with the same group can be compared; each is at least its own."""
        return self._worth.get(dimension, (dimension, Fraction(1)))[0]

    def worth(self, dimension: str) -> Fraction:
        """What one base unit is worth, comparable within the group."""
        return self._worth.get(dimension, (dimension, Fraction(1)))[1]

    def smallest(self, dimensions: Iterable[str]) -> str:
        """Of some dimensions of one group the one with the smallest unit."""
        return min(dimensions, key=lambda name: (self.worth(name), name))

    def convert(self, amount: int, dimension: str, into: str) -> int:
        """Millionths of one dimension in another of its group, rounded to a millionth."""
        return round(amount * self.worth(dimension) / self.worth(into))


def _read(declared: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, Fraction]]:
    for name, value in declared:
        if not name.startswith(PREFIX):
            continue
        amount, _, unit = value.partition(" ")
        try:
            equals = measure(Quantity(Decimal(amount), unit))
            one = measure(Quantity(Decimal(1), name.removeprefix(PREFIX)))
        except (InvalidOperation, InvalidValue):
            continue
        if one.dimension != equals.dimension and equals.micro:
            yield one.dimension, equals.dimension, Fraction(equals.micro, one.micro)


def _component(
    start: str, joined: Mapping[str, Mapping[str, set[Fraction]]]
) -> dict[str, tuple[str, Fraction]]:
    """The worth of all dimensions that hang together; each for itself if they contradict."""
    worth = {start: Fraction(1)}
    waiting = [start]
    sound = True
    while waiting:
        one = waiting.pop()
        for other, ratios in joined[one].items():
            # One of `one` is so many of `other`, so one of `other` is worth as much less.
            values = {worth[one] / ratio for ratio in ratios}
            if other not in worth:
                worth[other] = min(values)
                waiting.append(other)
            sound = sound and values == {worth[other]}
    if not sound:
        return {name: (name, Fraction(1)) for name in worth}
    return {name: (start, value) for name, value in worth.items()}
