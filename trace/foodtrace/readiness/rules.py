"""What makes a recall vague, one rule a row: what is counted, among what, and what it costs.

Version 1 of the table. A limit is the share up to which nobody would notice [?]; None marks what is
worth knowing and no fault: 食品安全法 65 doesn't ask sellers of farm produce for a batch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from foodtrace.pools import UNSTATED
from foodtrace.readiness import look
from foodtrace.readiness.sample import Sample, Spot

#: Whether it lacks something; None where the rule has nothing to say of it.
Look = Callable[[Sample, Spot], bool | None]


class Effect(StrEnum):
    """What it costs: possible (sellers can't be confirmed), broken (the chain ends, or goods count
    twice), loose (amounts are only bounds), unchecked (dates or papers can't be judged)."""

    POSSIBLE = "possible"
    BROKEN = "broken"
    LOOSE = "loose"
    UNCHECKED = "unchecked"


class Population(StrEnum):
    """Among what is counted."""

    LINES = "lines"
    SIDES = "sides"
    DOCUMENTS = "documents"
    PAPERS = "papers"
    SHOPS = "shops"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """`zh` and `en` say what is counted; the advice what to send instead, and why."""

    code: str
    population: Population
    effect: Effect
    limit: Decimal | None
    look: Look
    zh: str
    en: str
    advice_zh: str
    advice_en: str


_L, _S, _D = Population.LINES, Population.SIDES, Population.DOCUMENTS
_FEW, _HARDLY = Decimal("0.05"), Decimal("0.01")


def _rule(
    code: str,
    population: Population,
    effect: Effect,
    limit: Decimal | None,
    look: Look,
    said: tuple[str, str],
    advice: tuple[str, str],
) -> Rule:
    return Rule(
        code=code,
        population=population,
        effect=effect,
        limit=limit,
        look=look,
        zh=said[0],
        en=said[1],
        advice_zh=advice[0],
        advice_en=advice[1],
    )


_CODES = (
    _rule(
        "line.no-code",
        _L,
        Effect.POSSIBLE,
        _FEW,
        look.no_code,
        ("明细既无追溯码又无生产批号", "lines with neither trace code nor batch code"),
        (
            "此类货物按库存池追溯，只能得出“可能涉及”；请填 lot_codes 或 batch_code",
            "such stock is a pool, so its buyers are only possible: send lot_codes or batch_code",
        ),
    ),
    _rule(
        "line.no-trace-code",
        _L,
        Effect.POSSIBLE,
        None,
        look.no_trace_code,
        ("明细无追溯码", "lines without trace code"),
        (
            "有生产批号即可确认到批次；有追溯码可确认到在手批次",
            "a batch code confirms the batch, a trace code the very lot",
        ),
    ),
    _rule(
        "line.no-batch-code",
        _L,
        Effect.POSSIBLE,
        None,
        look.no_batch_code,
        ("明细无生产批号", "lines without batch code"),
        (
            "按批次召回时，无批号的货物只能沿谱系找到",
            "a recall by batch finds such goods along the chain alone",
        ),
    ),
    _rule(
        "batch.no-manufacturer",
        _L,
        Effect.POSSIBLE,
        _FEW,
        look.no_manufacturer,
        ("有批号而无生产者", "lines with a batch code but no manufacturer"),
        (
            "不同生产者常用同一批号（如 20260521），请填 manufacturer",
            "two makers often use one code (20260521): send the manufacturer",
        ),
    ),
    _rule(
        "pool.days-unstated",
        _L,
        Effect.POSSIBLE,
        _FEW,
        look.days_unstated,
        (
            f"无码明细的品类未知，按 {UNSTATED} 天留存计",
            f"lines without codes or known category: {UNSTATED} days apply",
        ),
        (
            "填写 category（如 猪肉、蔬菜、水果），可能范围可缩至数天",
            "send a category (猪肉, 蔬菜, 水果 ...): the days in question shrink to a few",
        ),
    ),
    _rule(
        "line.codes-unsplit",
        _L,
        Effect.LOOSE,
        _FEW,
        look.codes_unsplit,
        ("一行多个追溯码而未分列数量", "lines with several trace codes and no quantity for each"),
        (
            "请为每个追溯码填数量，否则数量只是上限",
            "give each code its quantity; until then amounts are upper bounds",
        ),
    ),
)
_GOODS = (
    _rule(
        "unit.unknown",
        _L,
        Effect.LOOSE,
        _HARDLY,
        look.unit_unknown,
        (
            "计量单位不在单位表中且未声明换算",
            "lines in a unit that isn't in the table nor declared",
        ),
        (
            "请用单位表中的单位，或在 product 事件中声明换算",
            "use a unit of the table, or declare its conversion in a product event",
        ),
    ),
    _rule(
        "product.no-id",
        _L,
        Effect.BROKEN,
        None,
        look.no_product_id,
        ("产品无编号亦无商品条码", "lines whose product has neither id nor GTIN"),
        (
            "他方不认识店内码；请填 product_id 或 gtin",
            "nobody else knows a shop's own code: send product_id or gtin",
        ),
    ),
    _rule(
        "product.name-only",
        _L,
        Effect.BROKEN,
        _FEW,
        look.name_only,
        ("产品仅有名称", "lines whose product is only a name"),
        (
            "同一产品换个写法就成了另一产品；请填 product_id、gtin 或 local_code",
            "spelt otherwise it is another product: send product_id, gtin or local_code",
        ),
    ),
    _rule(
        "category.unknown",
        _L,
        Effect.UNCHECKED,
        _FEW,
        look.category_unknown,
        ("品类未填或不在表中", "lines whose category is missing or unknown"),
        (
            "无品类则无从判断应有哪些证明",
            "without it nobody can say which papers are due",
        ),
    ),
    _rule(
        "date.no-production",
        _L,
        Effect.UNCHECKED,
        None,
        look.no_production_date,
        ("明细无生产日期", "lines without production date"),
        (
            "改日期的货物靠逐次转手的日期比对发现",
            "tampered dates are found by comparing them from hand to hand",
        ),
    ),
    _rule(
        "date.no-expiry",
        _L,
        Effect.UNCHECKED,
        None,
        look.no_expiry_date,
        ("明细无到期日", "lines without expiry date"),
        ("过期销售无从发现", "selling after expiry can't be seen"),
    ),
)
_PAPERS = (
    _rule(
        "paper.missing",
        _L,
        Effect.UNCHECKED,
        _FEW,
        look.paper_missing,
        (
            "进货或入市明细缺应有证明，亦未引凭证",
            "lines that need papers, show none and cite no voucher",
        ),
        (
            "猪肉须两证一报告，蔬菜须合格证、产地证明或检测合格证之一；或引用上市凭证号",
            "pork: 两证一报告; produce: one of promise, origin proof, test; or cite the voucher",
        ),
    ),
    _rule(
        "paper.unknown-kind",
        Population.PAPERS,
        Effect.UNCHECKED,
        _FEW,
        look.paper_unknown,
        ("证明种类不在表中", "papers of a kind that isn't in the table"),
        ("请用证明种类表中的名称或代码", "use a name or code of the table of papers"),
    ),
)
_DEALS = (
    _rule(
        "side.unidentified",
        _S,
        Effect.BROKEN,
        _HARDLY,
        look.unidentified,
        ("交易方无主体编号", "sides without a party's id"),
        (
            "链条在此中断；请填统一社会信用代码或市场内编号",
            "the chain ends there: send the 统一社会信用代码 or the market's own id",
        ),
    ),
    _rule(
        "side.no-location",
        _S,
        Effect.POSSIBLE,
        _FEW,
        look.no_location,
        ("交易方无经营场所", "sides without a location"),
        (
            "货物可能在该主体任一场所；请填档口或门店编号",
            "the goods may be at any place of the party: send the stall or store",
        ),
    ),
    _rule(
        "trade.no-number",
        _D,
        Effect.BROKEN,
        _FEW,
        look.no_trade_number,
        ("双方交易无交易号", "deals between two parties without trade_no"),
        (
            "买卖双方各报一次时无法合一，货物会计两次；请填双方共有的 trade_no",
            "when the other side reports it too, the goods count twice: send the shared trade_no",
        ),
    ),
    _rule(
        "event.two-contents",
        _D,
        Effect.BROKEN,
        Decimal(0),
        look.two_contents,
        ("同一事件号两种内容", "events sent under one id with two contents"),
        ("内容有改动时请提高 revision", "raise the revision when the content changes"),
    ),
    _rule(
        "shop.no-incoming",
        Population.SHOPS,
        Effect.BROKEN,
        None,
        look.no_incoming,
        ("有零售而样本中无进货的经营者", "shops that sell here while nothing came in"),
        (
            "若进货由他日或其他系统报送则无妨；否则请一并报送进货",
            "fine if another day or system reports what came in; else send that too",
        ),
    ),
)

#: By code, in the order in which they are shown.
RULES: Mapping[str, Rule] = MappingProxyType(
    {rule.code: rule for rule in (*_CODES, *_GOODS, *_PAPERS, *_DEALS)}
)

#: The spots of a sample by population.
SPOTS: Mapping[Population, Callable[[Sample], Iterator[Spot]]] = MappingProxyType(
    {
        Population.LINES: Sample.lines,
        Population.SIDES: Sample.sides,
        Population.DOCUMENTS: Sample.documents,
        Population.PAPERS: Sample.papers,
        Population.SHOPS: Sample.shops,
    }
)
