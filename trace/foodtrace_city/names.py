"""Names of an invented coastal city: districts, streets, firms, stalls and brands.

Nothing here is meant to be a real place or firm; the region codes are unassigned ones.
"""

from __future__ import annotations

from random import Random

CITY_NAME = "鹭湾市"
CITY_REGION = "359800"
DISTRICTS: tuple[tuple[str, str], ...] = (
    ("359801", "思北区"),
    ("359802", "湖东区"),
    ("359803", "集沙区"),
    ("359804", "同泉区"),
    ("359805", "翔浦区"),
    ("359806", "沧岭区"),
)
# Where food comes from outside the city; invented counties and foreign origins.
COUNTIES = ("云溪县", "漳亭县", "龙岭县", "长坪县", "安屿县", "永榕县", "南峰县", "仙渡县")
STREETS = (
    "榕树路", "渡口街", "灯塔路", "凤凰路", "盐埕街", "海堤路",
    "水车巷", "三角梅路", "观潮路", "茶亭街", "石埠路", "听浪街",
)  # fmt: skip
_FIRST = "清云禾百海榕金白碧青丰瑞和顺福永鑫兴泰嘉"
_SECOND = "潭岭丰穗若荫屿鹿湾禾源泽润景隆和悦田味园"
_STALL_NAMES = (
    "阿福", "阿妹", "老街", "渔歌", "大灶", "小满", "春分", "石桥",
    "三姐", "顺路", "早市", "晓风", "满仓", "青瓦", "红砖", "南音",
)  # fmt: skip

# What a site of each role calls itself, after its brand or stall name.
ENDINGS: dict[str, tuple[str, ...]] = {
    "pig_farm": ("生态养殖场", "牧业合作社"),
    "produce_farm": ("蔬菜专业合作社", "果蔬种植基地", "家庭农场"),
    "slaughterhouse": ("肉类屠宰加工厂",),
    "pork_wholesale": ("白条批发档", "猪肉批发部"),
    "produce_wholesale": ("蔬果批发行", "果蔬商行"),
    "importer": ("进出口贸易有限公司",),
    "maker": ("食品制造有限公司", "粮油有限公司", "乳业有限公司"),
    "distributor": ("食品商贸有限公司", "供应链有限公司", "副食批发行"),
    "sausage_plant": ("肉制品加工厂",),
    "bakery": ("烘焙坊", "西饼屋", "面包店"),
    "pork_retail": ("鲜肉摊", "猪肉铺"),
    "produce_retail": ("蔬菜摊", "鲜蔬铺"),
    "shop": ("便利店", "食杂店", "副食店"),
    "supermarket": ("生鲜超市", "社区超市"),
    "food_bank": ("食物银行",),
    "canteen": ("中学食堂", "医院食堂", "职工食堂", "小吃店"),
    "operator": ("市场管理有限公司",),
    "service": ("信息技术服务有限公司",),
}
_OUTSIDE = frozenset({"pig_farm", "produce_farm"})
_SMALL = frozenset({"pork_wholesale", "produce_wholesale", "pork_retail", "produce_retail", "shop"})


def brand(number: int) -> str:
    """The two characters under which firm `number` trades; they repeat after 400."""
    return (
        _FIRST[number % len(_FIRST)] + _SECOND[(number // len(_FIRST) + number * 7) % len(_SECOND)]
    )


def site_name(chance: Random, role: str, number: int) -> str:
    """A name for a site, with a number where chance could give it twice."""
    ending = chance.choice(ENDINGS[role])
    if role in _OUTSIDE:
        return f"{chance.choice(COUNTIES)}{brand(number)}{_round(number)}{ending}"
    if role in _SMALL:
        return f"{chance.choice(_STALL_NAMES)}{brand(number)}{ending}"
    return f"{CITY_NAME}{brand(number)}{_round(number)}{ending}"


def _round(number: int) -> str:
    turn = number // (len(_FIRST) * len(_SECOND))
    return f"第{turn + 1}" if turn else ""


def address(chance: Random) -> tuple[str, str]:
    """(region code, address) of somewhere in the city."""
    region, district = chance.choice(DISTRICTS)
    return region, f"{CITY_NAME}{district}{chance.choice(STREETS)}{chance.randint(1, 399)}号"
