"""Goods as they really move, piece by piece, beside the documents that are written of them.

Nothing here knows of pools: each piece remembers the lots it was in, as its documents name them. A
walk from any of these lots must find all later ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from hypothesis import strategies as st

from foodtrace.codes import canonical
from foodtrace.events import Event
from foodtrace.events.commissioning import Commissioning
from foodtrace.events.line import Line, LotCode, ProductRef
from foodtrace.events.receipt import Receipt
from foodtrace.events.side import Side
from foodtrace.events.stocktake import Counted, Stocktake
from foodtrace.events.trade import Trade
from foodtrace.lots import LotKey, LotKind
from foodtrace.quantity import Quantity
from support.pool_worlds import envelope_on
from support.small import DAY

#: Product, its category and how long the shops of this world keep it (the table's own days).
PRODUCTS = {"菜": ("蔬菜", 7), "鱼": ("水产", 3), "杂": (None, 90)}
PARTIES, PLACES = "ABCD", ("S1", "S2")

# Who holds, where, which product.
Shelf = tuple[str, str, str]


@dataclass(slots=True)
class Piece:
    """One piece of goods: the code it bears, since when it lies there, the lots it was in."""

    code: str | None
    since: int
    lots: list[LotKey]


@dataclass(slots=True)
class Market:
    """Shelves with pieces, and what was written."""

    events: list[Event] = field(default_factory=list)
    shelves: dict[Shelf, list[Piece]] = field(default_factory=lambda: defaultdict(list))
    sold: list[Piece] = field(default_factory=list)

    def pieces(self) -> list[Piece]:
        """Every piece, wherever it is."""
        return [*self.sold, *(piece for shelf in self.shelves.values() for piece in shelf)]


def _lot(side: Side, product: str, code: str | None, day: int) -> LotKey:
    if code is not None:
        return LotKey(side.holder, side.place, LotKind.TRACE, "", canonical(code))
    on = (DAY + timedelta(days=day)).isoformat()
    return LotKey(side.holder, side.place, LotKind.POOL, canonical(product), on)


def _line(product: str, code: str | None, amount: int, category: str | None) -> Line:
    return Line(
        line_no=1,
        product=ProductRef(product_id=product, category=category),
        lot_codes=() if code is None else (LotCode(code=code),),
        count=Quantity(Decimal(amount), "袋"),
    )


@dataclass(slots=True)
class _Clerk:
    """Moves pieces as drawn, and writes what an honest but sparing clerk would."""

    draw: st.DrawFn
    market: Market
    day: int = 0

    def side(self, party: str, place: str) -> Side:
        """A clerk doesn't always say at which shop."""
        stated = self.draw(st.sampled_from([place, place, None]))
        return Side(party=party, location=stated)

    def enter(self, number: int) -> None:
        """Goods come from outside."""
        party, place = self.draw(st.sampled_from(PARTIES)), self.draw(st.sampled_from(PLACES))
        product = self.draw(st.sampled_from(sorted(PRODUCTS)))
        code = self.draw(st.sampled_from([None, None, f"T{number}"]))
        amount, side = self.draw(st.integers(1, 3)), self.side(party, place)
        line = _line(product, code, amount, PRODUCTS[product][0])
        self._write("commissioning", number, Commissioning, holder=side, cause="harvest", line=line)
        lot = _lot(side, product, code, self.day)
        pieces = [Piece(code, self.day, [lot]) for _ in range(amount)]
        self.market.shelves[party, place, product] += pieces

    def sell(self, number: int) -> None:
        """Some pieces of a shelf go to another party or to consumers, in one line."""
        stocked = sorted(shelf for shelf, pieces in self.market.shelves.items() if pieces)
        if not stocked:
            return
        shelf = self.draw(st.sampled_from(stocked))
        party, place, product = shelf
        taken, code = self._take(shelf)
        if not taken:
            return
        giver = self.side(party, place)
        line = _line(
            product, code, len(taken), self.draw(st.sampled_from([None, PRODUCTS[product][0]]))
        )
        out = _lot(giver, product, code, self.day)
        for piece in taken:
            piece.lots.append(out)
        buyer = self.draw(st.sampled_from([None, *(p for p in PARTIES if p != party)]))
        if buyer is None:
            self._write(
                "receipt", number, Receipt, seller=giver, receipt_code=str(number), line=line
            )
            self.market.sold += taken
            return
        to = self.draw(st.sampled_from(PLACES))
        taker = self.side(buyer, to)
        self._write("trade", number, Trade, seller=giver, buyer=taker, line=line)
        for piece in taken:
            # What was sold without its code is without one from here on.
            piece.code, piece.since = code, self.day
            piece.lots.append(_lot(taker, product, code, self.day))
        self.market.shelves[buyer, to, product] += taken

    def _take(self, shelf: Shelf) -> tuple[list[Piece], str | None]:
        """Any pieces that are still good; under their code only if it is one and the clerk says so."""
        limit = PRODUCTS[shelf[2]][1]
        pieces = self.market.shelves[shelf]
        good = [n for n, piece in enumerate(pieces) if self.day - piece.since <= limit]
        if not good:
            return [], None
        wanted = self.draw(st.sets(st.sampled_from(good), min_size=1, max_size=3))
        taken = [pieces[n] for n in sorted(wanted)]
        self.market.shelves[shelf] = [p for n, p in enumerate(pieces) if n not in wanted]
        codes = {piece.code for piece in taken}
        code = codes.pop() if len(codes) == 1 else None
        return taken, code if self.draw(st.booleans()) else None

    def count(self, number: int) -> None:
        """Somebody finds that there is nothing left on an empty shelf."""
        party, place = self.draw(st.sampled_from(PARTIES)), self.draw(st.sampled_from(PLACES))
        product = self.draw(st.sampled_from(sorted(PRODUCTS)))
        if self.market.shelves[party, place, product]:
            return
        self.market.events.append(
            Stocktake(
                envelope=envelope_on(DAY + timedelta(days=self.day), "stocktake", str(number)),
                holder=Side(party=party, location=place),
                counts=(
                    Counted(
                        line_no=1,
                        product=ProductRef(product_id=product),
                        found=Decimal(0),
                        unit="袋",
                    ),
                ),
            )
        )

    def _write(
        self, kind: str, number: int, make: Callable[..., Event], *, line: Line, **more: object
    ) -> None:
        on = DAY + timedelta(days=self.day)
        self.market.events.append(
            make(envelope=envelope_on(on, kind, str(number)), lines=(line,), **more)
        )


@st.composite
def markets(draw: st.DrawFn, most: int = 25) -> Market:
    """Some weeks of a market: what was written, and where each piece really was."""
    clerk = _Clerk(draw, Market())
    for number in range(draw(st.integers(1, most))):
        clerk.day += draw(st.sampled_from([0, 0, 1, 1, 3, 7]))
        step = draw(st.sampled_from([clerk.enter, clerk.sell, clerk.sell, clerk.sell, clerk.count]))
        step(number)
    return clerk.market
