"""A receipt traced back to its farms, as anybody who holds it may: by its code, without a key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from foodtrace_city import City
from foodtrace_client import Client

Answer = Mapping[str, Any]


@dataclass(slots=True)
class Hand:
    """One of the hands that goods went through, with those it had them from."""

    name: str
    before: dict[str, Hand] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """What the public look-up says of a receipt; `farms` of `expected` origins were found."""

    answer: Answer
    code: str
    shop: Hand
    farms: int
    expected: int

    @property
    def exact(self) -> bool:
        """Whether the food comes from just where the oracle says."""
        ends = set(_ends(self.shop))
        return self.farms == self.expected == len(ends)


def trace(public: Client, city: City) -> Traced:
    """Look the oracle's receipt up by its code; raises an ApiError of the client."""
    receipt = city.traced_receipt()
    code = receipt.code or ""
    answer = public.receipt(code)
    shop = Hand(str(answer["shop"]["name"]))
    for line in answer["lines"]:
        for origin in line["origins"]:
            _grow(shop, origin["way"])
    truth = {node.holder_name for node in receipt.first_nodes()}
    return Traced(
        answer=answer,
        code=code,
        shop=shop,
        farms=len(truth & set(_ends(shop))),
        expected=len(truth),
    )


def _grow(shop: Hand, way: list[str | None]) -> None:
    """Add a way, told from the first hand to the shop, to the tree below the shop."""
    hand = shop
    for name in reversed(way[:-1]):
        known = name or "?"
        hand = hand.before.setdefault(known, Hand(known))


def _ends(hand: Hand) -> list[str]:
    if not hand.before:
        return [hand.name]
    return [name for each in hand.before.values() for name in _ends(each)]
