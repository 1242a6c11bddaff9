"""Stock without lot codes (库存池): which deliveries a sale without codes may have been drawn from.

食品安全法 65 doesn't ask sellers of farm produce for a batch, so lines without codes are normal. Such
stock is one pool per holder, location, product and business day; deliveries lead into the pool of
their day, sales lead out of the pool of theirs. The rule joins the two, and assumes no more than:

1. What was delivered on day d may be drawn on d and later, never earlier (the cross-contamination
   rule of FoodChain-Lab). Within one day nothing is known of the order.
2. Goods are kept no longer than the longest time the table below has for a category stated of them,
   by a line or by the product's master data; where none is stated, than `UNSTATED`.
3. When somebody counted the stock and found nothing at the end of a day, what came before that day
   is gone. A stock that is nothing by the books alone proves nothing: a missing delivery does that.
4. Lots with codes are drawn from without codes too, as long as their holder, location and product
   are the same; a product is the same under any code that its master data list. So are returned
   goods that wait, although nobody may sell them before their release.
5. Where a document states no location, the goods may be at any location of the holder, with codes
   as without: the market names the buyer, the buyer's own till names the shop.
6. A party is the same under its aliases on the days they hold, and after a merge.
7. A code that a line states is one under which the goods came to its holder; where they get a new
   one, the line names the old ones beside it, or is said to come of a process. Whoever sells under a
   code that never came to him is flagged, and nothing is concluded from stock without codes.

Nothing is split: neither first-in-first-out nor shares are assumed, so whatever crosses a pool is
possible, and the amounts are bounds. m deliveries and n sales need m + n links; carrying over adds
one link a day that has a pool, found by the walk and stored nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from foodtrace.codes import canonical


@dataclass(frozen=True, slots=True)
class KeptDays:
    """From which day the table holds, and the days that goods of a category are kept for sale."""

    since: date
    days: Mapping[str, int]


def _table(**days: tuple[int, str]) -> Mapping[str, int]:
    return MappingProxyType(
        {canonical(name): count for count, names in days.values() for name in names.split()}
    )


#: Days for goods whose category nobody states: better many possible sellers than one missed.
UNSTATED = 90

#: Versions of the table, oldest first. Practice of markets, not law [?]: change it by a new version.
KEPT_DAYS: tuple[KeptDays, ...] = (
    KeptDays(
        date(1990, 1, 1),
        _table(
            live=(3, "活畜 生猪 猪 肉牛 牛 羊 活禽 pig cattle sheep poultry"),
            fresh=(
                5,
                "猪肉 牛肉 羊肉 禽肉 鸡肉 鸭肉 猪副产品 牛副产品 羊副产品 pork beef mutton chicken",
            ),
            aquatic=(3, "水产 水产品 鱼 虾 贝类 aquatic fish shrimp"),
            vegetable=(7, "蔬菜 豆制品 vegetable tofu"),
            fruit=(21, "水果 fruit"),
            bread=(7, "面包 糕点 餐饮食品 bread meal"),
            chilled=(30, "肉制品 乳制品 蛋 鸡蛋 dairy eggs sausage"),
            frozen=(365, "冷冻 冻品 速冻食品 frozen"),
            dry=(
                540,
                "粮油 粮食加工品 食用油 饼干 糖果制品 水产制品 调味品 饮料 酒 干货 罐头"
                " grain oil condiment drink dry",
            ),
        ),
    ),
)

#: No goods are kept for more days than this, whenever they came and whatever they are.
LONGEST = max(UNSTATED, *(days for table in KEPT_DAYS for days in table.days.values()))


def stated_days(category: str, day: date) -> int | None:
    """How many days the table of `day` has for a category; None for one that it doesn't know."""
    table = next(each.days for each in reversed(KEPT_DAYS) if each.since <= day)
    return table.get(canonical(category))


def kept_days(categories: Iterable[str], day: date) -> int:
    """How many days goods of these categories, delivered on `day`, may be kept: the longest."""
    known = [days for name in categories if (days := stated_days(name, day)) is not None]
    return max(known, default=UNSTATED)


def last_day(delivered: date, categories: Iterable[str], emptied: Iterable[date]) -> date:
    """The last business day on which a delivery may be drawn from.

    `emptied` are the days at whose end the stock was counted and nothing found. A count on the day
    of the delivery itself may have come before it, so it proves nothing.
    """
    kept = delivered + timedelta(days=kept_days(categories, delivered))
    return min((kept, *(day for day in emptied if day > delivered)))
