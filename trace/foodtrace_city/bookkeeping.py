"""How the firms of the city keep their books: a third of them without lots, some telling twice.

Dealt out by the firm's number, so that every craft of every city has each sort.
"""

from __future__ import annotations

from foodtrace_city.codes import party_code
from foodtrace_city.model import Books, Craft
from foodtrace_city.names import CITY_REGION

# Whoever makes or imports food or slaughters numbers what he makes.
_ORDERLY = frozenset(
    {
        Craft.PIG_FARM,
        Craft.PRODUCE_FARM,
        Craft.SLAUGHTERHOUSE,
        Craft.IMPORTER,
        Craft.MAKER,
        Craft.SAUSAGE_PLANT,
    }
)
# Crafts in which two firms go under two ids: one was merged, one has an old code for a while.
_TWO_IDS = frozenset({Craft.DISTRIBUTOR, Craft.SHOP, Craft.PRODUCE_RETAIL})
_MERGED, _RENAMED = 3, 5
_SECOND_SERIAL = 8_000_000


def books_of(seed: int, craft: Craft, firm: int) -> Books:
    """The books of firm number `firm` of a craft."""
    if craft in _ORDERLY:
        return Books()
    turn = firm + seed
    lots = turn % 3 != 0
    return Books(
        lots=lots,
        codes_in=lots or turn % 2 == 0,
        twice=turn % 7 == 1,
        late=turn % 11 == 5,
        market_units=turn % 5 == 2,
        own_code=turn % 9 == 0,
    )


def second_id(craft: Craft, number: int) -> str | None:
    """Another id of the party that some suppliers use, None for nearly everybody."""
    if craft not in _TWO_IDS or number not in (_MERGED, _RENAMED):
        return None
    order = sorted(_TWO_IDS).index(craft)
    return party_code(CITY_REGION, _SECOND_SERIAL + order * 10 + number)


def was_merged(second: str) -> bool:
    """Whether two ids were merged by an event; else the register lists the one as an alias."""
    return second.endswith(str(_MERGED))
