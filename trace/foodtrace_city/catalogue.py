"""What the city eats. Products are made from their number when asked for, so 399,000 cost nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from foodtrace_city.chance import popular_rank
from foodtrace_city.codes import gtin13
from foodtrace_city.model import Product, Site
from foodtrace_city.names import brand

PIG = Product("SP-PIG", "生猪", "活畜", "商品猪", "头", 0, 30, 180_000)
HALF = Product("SP-HALF", "白条肉", "猪肉", "带皮二分体", "片", 0, 3, 2_400)
OFFAL = Product("SP-OFFAL", "猪副产品", "猪肉", None, None, 0, 2, 1_200)
CUTS = tuple(
    Product(f"SP-CUT{number:02d}", name, "猪肉", "鲜", None, 0, 3, cents)
    for number, name, cents in (
        (1, "五花肉", 3_600),
        (2, "后腿肉", 2_800),
        (3, "前腿肉", 2_700),
        (4, "里脊肉", 3_800),
        (5, "排骨", 5_200),
        (6, "梅花肉", 4_200),
        (7, "猪蹄", 4_600),
        (8, "筒骨", 2_200),
    )
)
CAKES = tuple(
    Product(f"SP-CAKE{number:02d}", name, "糕点", "现制", "盒", 0, 3, cents)
    for number, (name, cents) in enumerate(
        [("芝士蛋糕", 6_800), ("奶酪包", 2_600), ("轻乳酪卷", 3_800)], start=1
    )
)
_PRODUCE = (
    "上海青", "空心菜", "大白菜", "番茄", "黄瓜", "茄子", "豇豆", "菠菜", "芹菜", "胡萝卜",
    "白萝卜", "土豆", "花菜", "西兰花", "生菜", "韭菜", "丝瓜", "苦瓜", "冬瓜", "南瓜",
    "青椒", "香菇", "金针菇", "莲藕", "芋头", "洋葱", "大葱", "生姜", "大蒜", "荷兰豆",
    "蜜柚", "芦柑", "龙眼", "荔枝", "香蕉", "枇杷", "西瓜", "苹果", "雪梨", "葡萄",
)  # fmt: skip
_LEAFY = 30  # so many of the names above are vegetables, the others fruit
_PACKAGED: tuple[tuple[str, str, str, str, int, int, int], ...] = (
    ("纯牛奶", "乳制品", "250ml", "盒", 258, 180, 350),
    ("酸奶", "乳制品", "180g", "盒", 190, 21, 450),
    ("挂面", "粮食加工品", "500g", "袋", 500, 365, 690),
    ("大米", "粮食加工品", "5kg", "袋", 5_000, 365, 3_900),
    ("花生油", "食用油", "1.8L", "瓶", 1_660, 540, 5_800),
    ("酱油", "调味品", "500ml", "瓶", 560, 540, 980),
    ("速冻水饺", "速冻食品", "1kg", "袋", 1_000, 365, 1_980),
    ("豆腐干", "豆制品", "200g", "袋", 200, 90, 560),
    ("紫菜", "水产制品", "50g", "袋", 50, 365, 880),
    ("鱼丸", "速冻食品", "400g", "袋", 400, 270, 1_680),
    ("饼干", "饼干", "300g", "盒", 300, 365, 990),
    ("茶饮料", "饮料", "500ml", "瓶", 520, 365, 400),
    ("果冻", "糖果制品", "360g", "袋", 360, 270, 750),
    ("火腿肠", "肉制品", "270g", "袋", 270, 180, 1_090),
)
_SAUSAGES = (("原味香肠", 2_400), ("麻辣腊肠", 2_600), ("贡丸", 2_200))


class Catalogue:
    """All products of a city; `products` of them, most of them packaged food."""

    def __init__(self, products: int, makers: Sequence[Site], plants: Sequence[Site]) -> None:
        """Spread the packaged products over the makers; the first products are the popular ones."""
        self._makers = makers
        self.produce = tuple(_produce(number) for number in range(len(_PRODUCE)))
        self.sausages = tuple(
            _sausage(number, name, cents, plant)
            for number, plant in enumerate(plants)
            for name, cents in _SAUSAGES
        )
        self.extra: list[Product] = []
        self._fresh = (PIG, HALF, OFFAL, *CUTS, *CAKES, *self.produce, *self.sausages)
        self._packaged = max(products - len(self._fresh), len(makers))

    def packaged(self, number: int) -> Product:
        """Packaged product `number`, counted from the most popular."""
        name, category, specification, unit, grams, days, cents = _PACKAGED[number % len(_PACKAGED)]
        maker = self._makers[number % len(self._makers)]
        return Product(
            f"SP{number:07d}",
            f"{brand(number)}牌{name}",
            category,
            specification,
            unit,
            grams,
            days,
            cents,
            gtin13(number),
            maker.party,
            maker,
        )

    def popular_packaged(self, chance: Random) -> Product:
        """A packaged product after Zipf's law."""
        return self.packaged(popular_rank(chance, self._packaged))

    def everything(self) -> Iterator[Product]:
        """Every product once."""
        yield from self._fresh
        yield from self.extra
        yield from map(self.packaged, range(self._packaged))


def _produce(number: int) -> Product:
    category = "蔬菜" if number < _LEAFY else "水果"
    return Product(
        f"SP-VEG{number:03d}", _PRODUCE[number], category, None, None, 0, 5, 400 + number * 35
    )


def _sausage(number: int, name: str, cents: int, plant: Site) -> Product:
    serial = 900_000_000 - number * 10 - cents % 7
    return Product(
        f"SP-SAU{number:04d}{cents % 7}",
        f"{brand(plant.number)}牌{name}",
        "肉制品",
        "500g",
        "袋",
        500,
        90,
        cents,
        gtin13(serial),
        plant.party,
        plant,
    )
