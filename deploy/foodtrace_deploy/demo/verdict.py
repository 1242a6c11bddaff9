"""The oracle's verdict on a recall: exactly the same sellers, sources, amounts and dates, or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from foodtrace_city import Incident, Seller
from foodtrace_deploy.demo.recall import Recall, SellerKey

MICRO = 1_000_000
_FLOWS = ("opened", "sold", "retail", "used", "disposed")

#: Millionths by (unit, what happened).
Sums = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a recall got right. `found` of `sellers` were confirmed, `extra` shouldn't have been;
    `possible` ones are named beside them, since they have stock without lots in common.

    `wrong` are sellers whose amounts or receipts differ; `units_found` of `units` are at a last
    known place, in the incident's unit; `dates` says whether dates grow younger just where somebody
    tampered with them, `source` whether the goods come from where they should.
    """

    sellers: int
    found: int
    extra: int
    possible: int
    wrong: tuple[str, ...]
    units: Decimal
    units_found: Decimal
    dates: bool
    source: bool

    @property
    def exact(self) -> bool:
        """Whether nothing at all differs."""
        sellers = self.found == self.sellers and self.extra == 0 and not self.wrong
        return sellers and self.units == self.units_found and self.dates and self.source


def judge(told: Recall, incident: Incident) -> Verdict:
    """Compare what the API told with the oracle's books."""
    named = {(seller["party"], seller["location"]): seller for seller in told.confirmed}
    truth = incident.sellers
    both = truth.keys() & named.keys()
    wrong = [truth[key].name for key in sorted(both) if _differs(named[key], truth[key], incident)]
    tampering = incident.tampering
    expected: frozenset[SellerKey] = frozenset({tampering.site} if tampering else ())
    return Verdict(
        sellers=len(truth),
        found=len(both),
        extra=len(told.confirmed) - len(both),
        possible=len(told.sellers) - len(told.confirmed),
        wrong=tuple(wrong),
        units=Decimal(incident.opened) / MICRO,
        units_found=units_found(told, incident.unit),
        dates=told.younger == expected,
        source=told.sources == incident.sources,
    )


def units_found(told: Recall, unit: str) -> Decimal:
    """Units of the recalled goods at a last known place, at the source and at sellers."""
    totals = [total for total in told.first["totals"]["all"] if total["unit"] == unit]
    return sum((Decimal(total["now"]["units"]) for total in totals), Decimal(0))


def _differs(named: Mapping[str, Any], truth: Seller, incident: Incident) -> bool:
    return (
        _told(named["figures"]) != _true(truth, incident, itself=True)
        or _told(named["made_with"]) != _true(truth, incident, itself=False)
        or named["receipts"] != truth.receipts
    )


def _told(figures: Iterable[Mapping[str, Any]]) -> Sums:
    sums: Counter[tuple[str, str]] = Counter()
    for each in figures:
        for flow in _FLOWS:
            sums[each["unit"], flow] += int(Decimal(each[flow]) * MICRO)
    return +sums


def _true(seller: Seller, incident: Incident, *, itself: bool) -> Sums:
    sums: Counter[tuple[str, str]] = Counter()
    for (product, unit), amounts in seller.amounts.items():
        if (product == incident.product) is itself:
            for flow in _FLOWS:
                sums[unit, flow] += getattr(amounts, flow)
    return +sums
