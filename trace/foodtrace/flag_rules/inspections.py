"""Sales of goods that an inspection had condemned or suspended.

Sales are known by the day, so only a state that held all day long is held against one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from foodtrace.flag_rules.sales import Sale
from foodtrace.inspections import State

_BAD = (State.SUSPENDED, State.CONDEMNED)


def sold_against(
    states: Sequence[tuple[date, State]], sales: Iterable[Sale]
) -> Iterator[tuple[str, Sale]]:
    """(code, first sale) against the states of a lot: the day from which each holds, in order."""
    first: dict[str, Sale] = {}
    for sale in sorted(set(sales)):
        before = [state for day, state in states if day < sale.day]
        held = {before[-1] if before else State.OPEN}
        held |= {state for day, state in states if day == sale.day}
        if held == {State.CONDEMNED}:
            first.setdefault("lot.sold-after-failure", sale)
        elif held <= {*_BAD}:
            first.setdefault("lot.sold-while-suspended", sale)
    yield from sorted(first.items())
