"""Sales that shouldn't have been, by the dates: sold after the goods had expired."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from foodtrace.effects import Role
from foodtrace.flags import Printed


@dataclass(frozen=True, slots=True, order=True)
class Sale:
    """A document that sells goods of a lot, and its business day."""

    day: date
    event_id: UUID


def expiry_of(printed: Iterable[Printed]) -> date | None:
    """The last day on which a lot may be sold: the latest one printed when it came in.

    Where nothing was printed then, the latest one printed at all; None without any.
    """
    known = [each for each in printed if each.expiry_date is not None]
    came_in = [each for each in known if each.role in (Role.OPENED, Role.ORIGIN)]
    return max((each.expiry_date for each in came_in or known if each.expiry_date), default=None)


def first_sale_after(last: date | None, sales: Iterable[Sale]) -> Sale | None:
    """The first sale later than that day, None where there is none."""
    if last is None:
        return None
    return min((sale for sale in sales if sale.day > last), default=None)
