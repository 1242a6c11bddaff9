"""Each recalled unit once, at its last known place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from foodtrace.balance import Balance
from foodtrace.quantity import amount_of, unit_of
from foodtrace_ledger.amounts import Amounts, Sums, total

__all__ = ["Amounts", "Began", "Total", "Whereabouts", "began", "totals", "whereabouts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """Where the units of one dimension are now: `units` is the sum of the others."""

    dimension: str
    unit: str
    units: Decimal
    book_stock: Decimal
    retail: Decimal
    used: Decimal
    disposed: Decimal
    adjusted: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """All units of one dimension, each counted once.

    opened + appeared = units + into_mixed + unexplained, where `units` of `now` are at a last known
    place. opened: what came into being where the recall begins, or must have, since it left there;
    what came back there is no second beginning. What counts found too much is adjusted by less than
    nothing, and what was released after a return is moved by less than nothing.
    appeared: what left the hands of somebody who has no record of getting it. into_mixed: what went
    into pools or was relabelled together with other lots. unexplained: what one side says it gave
    and the other doesn't say it took; less than nothing when more came in on the way than left, as
    from a source that isn't recalled.
    """

    dimension: str
    unit: str
    opened: Decimal
    appeared: Decimal
    now: Whereabouts
    into_mixed: Decimal
    unexplained: Decimal


def whereabouts(every: Iterable[Sums], implied: Amounts) -> tuple[Whereabouts, ...]:
    """Where the units of some lots are, one answer a dimension."""
    return tuple(_now(balance, implied) for balance in total(every))


def _now(balance: Balance, implied: Amounts) -> Whereabouts:
    stock = balance.book_stock + implied.get(balance.dimension, 0)
    gone = balance.retail + balance.used + balance.disposed + balance.adjusted
    return Whereabouts(
        dimension=balance.dimension,
        unit=unit_of(balance.dimension),
        units=amount_of(stock + gone),
        book_stock=amount_of(stock),
        retail=amount_of(balance.retail),
        used=amount_of(balance.used),
        disposed=amount_of(balance.disposed),
        adjusted=amount_of(balance.adjusted),
    )


def totals(
    every: Iterable[Sums],
    starts: Iterable[Sums],
    unlinked: Iterable[Sums],
    into_mixed: Amounts,
) -> tuple[Total, ...]:
    """The totals of the recalled goods themselves, one a dimension.

    `every` sums up all lots, `starts` and `unlinked` those where the recall begins, by lot;
    `into_mixed` is what left all of them for lots that hold other goods too.
    """
    opened, appeared = began(starts), began(unlinked)
    answer = []
    for balance in total(every):
        name = balance.dimension
        stated = opened.stated[name] + appeared.stated[name]
        implied = opened.implied[name] + appeared.implied[name]
        gone = balance.sold + balance.moved + balance.returned
        mixed = into_mixed.get(name, 0)
        answer.append(
            Total(
                dimension=name,
                unit=unit_of(name),
                opened=amount_of(opened.stated[name] + opened.implied[name]),
                appeared=amount_of(appeared.stated[name] + appeared.implied[name]),
                now=_now(balance, {name: implied}),
                into_mixed=amount_of(mixed),
                unexplained=amount_of(gone - (balance.opened - stated) - mixed),
            )
        )
    return tuple(answer)


@dataclass(frozen=True, slots=True)
class Began:
    """What lots began with, in millionths by dimension: as a document states it, or implied."""

    stated: Counter[str]
    implied: Counter[str]


def began(lots: Iterable[Sums]) -> Began:
    """What some lots, given one by one, began with.

    What had left before and came in again is no beginning. Where documents only say what left a
    lot, it must have had at least that, before any of it came back.
    """
    answer = Began(Counter(), Counter())
    for sums in lots:
        for balance in sums.balances:
            name = balance.dimension
            entered = sums.entered.get(name, 0)
            answer.stated[name] += balance.opened - entered
            left = entered + sums.came_back.get(name, 0) - balance.book_stock
            if balance.opened == entered and left > 0:
                answer.implied[name] += left
    return answer
