"""Flags of lots: dates, balances, sales after expiry, unknown sources and units.

A handful of statements for any number of lots; what costs more is read for the odd ones alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection

from foodtrace.conversions import Ratios
from foodtrace.effects import Role
from foodtrace.flag_rules.sales import Sale, expiry_of, first_sale_after
from foodtrace.flag_rules.stock import Shelf, stock_flags
from foodtrace.flags import Flag, Printed, younger_dates
from foodtrace.lots import LotKind
from foodtrace.quantity import UNITS
from foodtrace_ledger import amounts, arrays, describe
from foodtrace_ledger.amounts import Sums
from foodtrace_ledger.answers import LotView
from foodtrace_ledger.flagging.declared import ratios_of
from foodtrace_ledger.flagging.kept import kept_for
from foodtrace_ledger.origins import with_origin
from foodtrace_ledger.same_party import same_party
from foodtrace_ledger.sqlfile import sql

KNOWN_DIMENSIONS = sorted({unit.dimension for unit in UNITS.values()})


def lot_flag(code: str, view: LotView, at: Any, *, product: str = "", detail: str = "") -> Flag:
    """A flag of a lot, anchored at a row with `event_id` and `day`, or at none."""
    return Flag(
        code=code,
        lot_id=view.lot_id,
        holder=view.holder,
        location=view.location,
        event_id=None if at is None else at.event_id,
        day=None if at is None else at.day,
        product=product or view.product or None,
        detail=detail,
    )


def of_dates(conn: Connection, lots: Sequence[int]) -> Iterator[Flag]:
    """Lots that went out with younger dates than they came in with."""
    asked = {"lot": arrays.numbers(lots)}
    for _, rows in groupby(conn.execute(sql("younger_prints"), asked), key=attrgetter("lot")):
        prints = list(rows)
        days = {row.event_id: row.day for row in prints}
        printed = (
            Printed(
                event_id=row.event_id,
                role=Role(row.role),
                production_date=row.production_date,
                expiry_date=row.expiry_date,
            )
            for row in prints
        )
        for event_id, field, came, went in younger_dates(printed):
            yield Flag(
                code="date.younger",
                lot_id=prints[0].lot_id,
                holder=prints[0].holder,
                location=prints[0].location,
                event_id=event_id,
                day=days[event_id],
                product=prints[0].product,
                detail=f"{field}: {came} → {went}",
            )


@dataclass(frozen=True, slots=True)
class _Odd:
    """Lots whose sums may not add up, and what else the rule asks about them."""

    views: dict[int, LotView]
    sourced: Collection[int]
    unissued: Collection[int]
    waiting: dict[int, dict[str, int]]
    products: dict[int, list[str]]
    ratios: Mapping[Collection[str], Ratios]

    def shelf(self, lot: int, sums: Sums) -> Shelf:
        """The lot as the rule sees it, with these sums."""
        view = self.views[lot]
        return Shelf(
            kind=LotKind(view.kind),
            holder=view.holder,
            balances=sums.balances,
            sourced=lot in self.sourced,
            issued=lot not in self.unissued,
            waiting=self.waiting.get(lot),
            ratios=self.ratios_of(lot),
        )

    def ratios_of(self, lot: int) -> Ratios:
        """The conversions of the lot's product, where it has just one."""
        products = self.products.get(lot, [])
        return self.ratios[(products[0],)] if len(products) == 1 else Ratios()


def of_balances(conn: Connection, lots: Sequence[int]) -> Iterator[Flag]:
    """Lots from which more left than came in, that nobody received, or in units that don't fit."""
    overdrawn = amounts.overdrawn(conn, lots)
    if not overdrawn:
        return
    sums, odd = amounts.by_lot(conn, overdrawn), _odd(conn, overdrawn)
    alone = {lot for lot in overdrawn if any(stock_flags(odd.shelf(lot, sums[lot])))}
    sums |= _with_others(conn, alone)
    found = [
        (lot, code, detail)
        for lot in sorted(alone)
        for code, detail in stock_flags(odd.shelf(lot, sums[lot]))
    ]
    takings = last_takings(conn, {lot for lot, _, _ in found})
    for lot, code, detail in found:
        product = ", ".join(odd.products.get(lot, ()))
        yield lot_flag(code, odd.views[lot], takings.get(lot), product=product, detail=detail)


def _with_others(conn: Connection, lots: Collection[int]) -> dict[int, Sums]:
    """The sums of lots together with what is the same goods: under another key of the holder, or
    with whoever keeps them for him. Lots that stand alone are left out."""
    listed = sorted(lots)
    pairs = {(one, other) for one, other, *_ in same_party(conn, listed)}
    pairs |= kept_for(conn, listed)
    parts = sorted(pairs | {(one, one) for one, _ in pairs})
    return amounts.by_group(conn, [lot for _, lot in parts], [part for part, _ in parts])


def _odd(conn: Connection, lots: Sequence[int]) -> _Odd:
    asked = {"lot": arrays.numbers(lots)}
    products: dict[int, list[str]] = defaultdict(list)
    for row in conn.execute(sql("flag_products_of"), asked):
        products[row.lot].append(row.product)
    return _Odd(
        views=describe.lots(conn, lots),
        sourced=with_origin(conn, lots),
        unissued={row.lot for row in conn.execute(sql("flag_unissued"), asked)},
        waiting=waiting_for(conn, lots),
        products=products,
        ratios=ratios_of(conn, {(each,) for many in products.values() for each in many}),
    )


def waiting_for(conn: Connection, lots: Sequence[int]) -> dict[int, dict[str, int]]:
    """What waits after returns to each lot, by dimension; lots for which nothing waits are left
    out."""
    pairs = conn.execute(sql("flag_waiting_for"), {"lot": arrays.numbers(lots)}).all()
    sums = amounts.by_lot(conn, sorted({row.waiting for row in pairs}))
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in pairs:
        for balance in sums[row.waiting].balances if row.waiting in sums else ():
            found[row.shelf][balance.dimension] += max(0, balance.book_stock)
    return found


def last_takings(conn: Connection, lots: Iterable[int]) -> dict[int, Any]:
    """The latest document that takes from each lot, as rows with `event_id` and `day`."""
    asked = {"lot": arrays.numbers(sorted(lots))}
    return {row.lot: row for row in conn.execute(sql("flag_last_takings"), asked)}


def of_named(conn: Connection, lots: Sequence[int]) -> Iterator[Flag]:
    """Lots that documents only speak of, under trace codes that nobody issued."""
    asked = {"lot": arrays.numbers(lots)}
    named = {row.lot: row for row in conn.execute(sql("flag_named_only"), asked)}
    if not named:
        return
    unissued = conn.execute(sql("flag_unissued"), {"lot": arrays.numbers(sorted(named))})
    odd = sorted(row.lot for row in unissued)
    views = describe.lots(conn, odd)
    for lot in odd:
        yield lot_flag("code.never-issued", views[lot], named[lot], detail=views[lot].code)


def of_expiry(conn: Connection, lots: Sequence[int]) -> Iterator[Flag]:
    """Lots that were sold after they had expired, with the first such sale."""
    rows = conn.execute(sql("flag_sold_late"), {"lot": arrays.numbers(lots)}).all()
    views = describe.lots(conn, (row.lot for row in rows))
    for row in rows:
        last = expiry_of(
            Printed(event_id=row.event_id, role=Role(role), production_date=None, expiry_date=day)
            for role, day in zip(row.roles, row.dates, strict=True)
        )
        if first_sale_after(last, [Sale(row.day, row.event_id)]) is not None:
            yield lot_flag(
                "lot.sold-after-expiry", views[row.lot], row, detail=f"{last} → {row.day}"
            )


def of_orphans(conn: Connection, lots: Sequence[int]) -> Iterator[Flag]:
    """Processes from which goods came although nothing is known to have gone in."""
    rows = conn.execute(sql("flag_orphans"), {"lot": arrays.numbers(lots)}).all()
    views = describe.lots(conn, (row.lot for row in rows))
    for row in rows:
        yield lot_flag("parent.unknown", views[row.lot], row)


def of_units(conn: Connection, lots: Sequence[int]) -> Iterator[Flag]:
    """Units outside the table, with the first document that uses one for a lot."""
    asked = {"lot": arrays.numbers(lots), "known": arrays.texts(KNOWN_DIMENSIONS)}
    rows = conn.execute(sql("flag_units_of"), asked).all()
    views = describe.lots(conn, (row.lot for row in rows))
    for row in rows:
        yield lot_flag("unit.unknown", views[row.lot], row, detail=row.dimension)
