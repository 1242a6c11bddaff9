"""How large a city is. Every figure is a wish for one day or for the register, not a promise."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Size of the simulated city.

    `sites` are places of business (a party at a location; a chain has several), `products` the
    entries of its catalogue, `trades` and `receipts` the documents of one day. `mistakes` is the
    share of documents that a clerk gets wrong in one way or another.
    """

    sites: int
    products: int
    trades: int
    receipts: int
    mistakes: float = 0.03

    def __post_init__(self) -> None:
        """Raise ValueError for a city too small to hold the planted incidents."""
        if self.sites < SMALLEST_SITES or self.products < SMALLEST_PRODUCTS:
            raise ValueError(
                f"a city needs at least {SMALLEST_SITES} sites and {SMALLEST_PRODUCTS} products"
            )
        if self.trades < 0 or self.receipts < 0 or not 0 <= self.mistakes <= 0.5:
            raise ValueError("trades and receipts can't be negative, mistakes lie in 0..0.5")


SMALLEST_SITES = 260
SMALLEST_PRODUCTS = 120

# A day of about 5,000 documents with the planted incidents: quick to push, large enough to look at.
DEMO = Scale(sites=420, products=160, trades=900, receipts=1_500)
# Xiamen's register and trades of a day (2020), with receipts in a like measure.
CITY = Scale(sites=81_000, products=399_000, trades=150_000, receipts=600_000)


# What the demo's city sends: its register, the history of the incidents, and a day's documents.
_REGISTER, _SMALLEST_REGISTER, _HISTORY, _DAY = 1_050, 680, 715, 3_540


def scale_for_events(events: int) -> Scale:
    """A city whose first day, with all before it, has about so many documents.

    The register grows more slowly than the trade. The planted incidents alone are some 1,400.
    """
    growth = max(events / (_REGISTER + _HISTORY + _DAY), 0.1) ** 0.7
    register = max(_REGISTER * growth, _SMALLEST_REGISTER)
    factor = max(events - register - _HISTORY, 0) / _DAY
    return Scale(
        sites=max(SMALLEST_SITES, min(CITY.sites, round(DEMO.sites * growth))),
        products=max(SMALLEST_PRODUCTS, min(CITY.products, round(DEMO.products * growth))),
        trades=round(DEMO.trades * factor),
        receipts=round(DEMO.receipts * factor),
    )
