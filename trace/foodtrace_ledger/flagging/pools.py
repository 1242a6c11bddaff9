"""Stock without codes that is less than nothing by the books.

Reads all days of the stocks in question, and what lies beside them only for those that fall short.
Other reports of a trade count once, as everywhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from foodtrace.balance import Balance
from foodtrace.flag_rules.stock import (
    PoolDay,
    Shortfall,
    comparable,
    first_shortfall,
    incomparable,
)
from foodtrace.flags import Flag
from foodtrace.quantity import amount_of, unit_of
from foodtrace_ledger import amounts, arrays
from foodtrace_ledger.describe import lots as views_of
from foodtrace_ledger.flagging.kept import kept_for
from foodtrace_ledger.flagging.kin import Kin, Stock
from foodtrace_ledger.flagging.lots import lot_flag, waiting_for
from foodtrace_ledger.origins import with_origin
from foodtrace_ledger.sqlfile import sql


@dataclass(frozen=True, slots=True)
class _Books:
    """All days of some stocks: pool lots by stock, the days they stand for, and what moved."""

    pools: Mapping[int, Mapping[int, Any]]
    days: Mapping[int, Sequence[PoolDay]]


@dataclass(frozen=True, slots=True)
class _Short:
    """A shortfall, one of the lots of its day, and what waits unreleased beside it; None where just
    the units can't be compared."""

    stock: int
    lot: int
    shortfall: Shortfall
    waits: int | None


def of_pools(conn: Connection, lots: Sequence[int]) -> Iterator[Flag]:
    """Where the stocks to which these pools belong first went below nothing.

    Where returned goods wait that would make up for it, those were sold before their release.
    """
    stocks = {
        row.stock: Stock(row.stock, row.holder, row.location, row.product)
        for row in conn.execute(sql("flag_pool_stocks"), {"lot": arrays.numbers(lots)})
    }
    if not stocks:
        return
    books = _books(conn, sorted(stocks))
    short = [stock for stock, days in books.days.items() if _may_be_odd(days)]
    if not short:
        return
    kin = Kin(conn, [stocks[stock] for stock in short])
    pools = sorted(lot for stock in short for lot in books.pools[stock])
    own = {(stock, lot) for stock in short for lot in books.pools[stock]}
    beside, ratios = _beside(conn, own, kin.lots()), kin.ratios()
    sourced, waiting = with_origin(conn, pools), waiting_for(conn, pools)
    found = []
    for stock in sorted(short):
        mine = books.pools[stock]
        waits = _sum(waiting.get(lot, {}) for lot in mine)
        known = any(lot in sourced for lot in mine)
        spare = beside.get(stock, {})
        days, spare = comparable(books.days[stock], spare, ratios[stock])
        for shortfall in first_shortfall(days, spare, sourced=known):
            lot = min(lot for lot, day in mine.items() if day == shortfall.day)
            found.append(_Short(stock, lot, shortfall, waits.get(shortfall.dimension, 0)))
        odd = incomparable(days, spare)
        if odd is not None:
            lot = min(lot for lot, day in mine.items() if day == odd.day)
            found.append(_Short(stock, lot, odd, None))
    yield from _told(conn, found)


def _may_be_odd(days: Sequence[PoolDay]) -> bool:
    return any(first_shortfall(days)) or incomparable(days, {}) is not None


def _books(conn: Connection, stocks: Sequence[int]) -> _Books:
    pools: dict[int, dict[int, Any]] = defaultdict(dict)
    rows = conn.execute(sql("flag_pools_of"), {"stock": arrays.numbers(stocks)}).all()
    for row in rows:
        pools[row.stock][row.id] = row.day
    sums = amounts.by_lot(conn, sorted(row.id for row in rows))
    days = {
        stock: [
            PoolDay(day, each.dimension, each.opened, each.opened - each.book_stock)
            for lot, day in mine.items()
            for each in (sums[lot].balances if lot in sums else ())
        ]
        for stock, mine in pools.items()
    }
    return _Books(pools, days)


def _beside(
    conn: Connection, own: set[tuple[int, int]], kin: set[tuple[int, int]]
) -> dict[int, dict[str, int]]:
    """What may have been sold from too, if more than nothing: what lies beside each stock, and what
    others keep of it or of that. `own` and `kin` are pairs of a stock and a lot."""
    keepers = defaultdict(list)
    for lot, keeper in kept_for(conn, sorted({lot for _, lot in own | kin})):
        keepers[lot].append(keeper)
    pairs = kin | {(stock, each) for stock, lot in own | kin for each in keepers[lot]}
    sums = amounts.by_lot(conn, sorted({lot for _, lot in pairs}))
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for stock, lot in pairs:
        for balance in _balances(sums, lot):
            found[stock][balance.dimension] += balance.book_stock
    # Pools of other days may be less than nothing by themselves; together they are what is left.
    return {
        stock: {name: max(0, size) for name, size in left.items()} for stock, left in found.items()
    }


def _balances(sums: Mapping[int, amounts.Sums], lot: int) -> tuple[Balance, ...]:
    return sums[lot].balances if lot in sums else ()


def _sum(parts: Iterator[Mapping[str, int]]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for part in parts:
        for name, size in part.items():
            found[name] += size
    return found


def _told(conn: Connection, found: Sequence[_Short]) -> Iterator[Flag]:
    views = views_of(conn, (each.lot for each in found))
    asked = {
        "stock": arrays.numbers(each.stock for each in found),
        "day": arrays.days(each.shortfall.day for each in found),
    }
    takings = {(row.stock, row.day): row for row in conn.execute(sql("flag_pool_takings"), asked)}
    for each in found:
        view, at = views[each.lot], takings.get((each.stock, each.shortfall.day))
        missing = each.shortfall.missing
        if each.waits is None:
            told = f"{amount_of(missing)} {unit_of(each.shortfall.dimension)}"
            yield lot_flag("unit.incomparable", view, at, detail=told)
            continue
        if each.waits > 0:
            told = f"{amount_of(min(each.waits, missing))} {unit_of(each.shortfall.dimension)}"
            yield lot_flag("lot.sold-unreleased", view, at, detail=told)
        if missing > each.waits:
            yield lot_flag("pool.negative", view, at, detail=each.shortfall.detail)
