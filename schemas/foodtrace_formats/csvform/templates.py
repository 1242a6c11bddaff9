"""The template of each kind: one table from which reading, writing, empty files and docs follow."""

from __future__ import annotations

from collections.abc import Mapping

from foodtrace.events import KINDS
from foodtrace_formats.csvform import cells
from foodtrace_formats.csvform.columns import LINE_ROLE, Column, Template
from foodtrace_formats.csvform.shared import (
    aliases,
    conversions,
    counted,
    envelope,
    in_line,
    line,
    own,
    results,
    side,
)

_GOODS: Mapping[str, tuple[Column, ...]] = {
    "voucher": (*side("issuer"), *side("receiver")),
    "trade": (*side("seller"), *side("buyer")),
    "receipt": (
        *side("seller"),
        own("小票码", "receipt_code", cells.CODE),
        own("总金额", "total_amount", cells.NUMBER),
        own("总金额币种", "total_currency", cells.TEXT, "currency"),
    ),
    "transformation": (
        *side("holder"),
        own("工序", "process", needed=True),
        own("最低出成率", "minimum_yield", cells.NUMBER),
        own("最高出成率", "maximum_yield", cells.NUMBER),
    ),
    "commissioning": (*side("holder"), own("登记原因", "cause", needed=True)),
    "disposal": (*side("holder"), own("处置原因", "reason", needed=True)),
    "transfer": (*side("origin"), *side("destination")),
    "return": (*side("returner"), *side("receiver"), own("退货原因", "reason", needed=True)),
    "release": (*side("holder"), own("放行理由", "reason", needed=True)),
    "adjustment": (
        *side("holder"),
        own("增减", "change", needed=True),
        own("调整原因", "reason", needed=True),
    ),
    "consumption": (*side("holder"), own("用途", "purpose", needed=True)),
    "packing": (
        *side("holder"),
        own("装拆", "action", needed=True),
        own("物流单元编码", "unit_code", cells.CODE, needed=True),
    ),
    "inspection": (
        *side("holder"),
        own("检验方法", "method", needed=True),
        own("检验阶段", "stage", needed=True),
        own("检验结论", "verdict", needed=True),
        own("检验机构", "laboratory"),
        own("检验对象", "subject"),
        own("所检小票", "receipt_reference", cells.CODE),
        own("样品编号", "sample_number", cells.CODE),
        own("复检所对事件", "retest_of", cells.CODE),
        *results(),
    ),
}
_COUNTS: Mapping[str, tuple[Column, ...]] = {"stocktake": (*side("holder"),)}
_WITHOUT_LINES: Mapping[str, tuple[Column, ...]] = {
    "party": (
        own("经营主体", "party", cells.CODE, needed=True),
        own("名称", "name", needed=True),
        own("主体类型", "party_kind", needed=True),
        own("节点类型", "node_kind"),
        own("主体所在地区", "party_region", cells.CODE, "region"),
        *aliases(),
    ),
    "product": (
        own("产品", "product", cells.CODE, needed=True),
        own("名称", "name", needed=True),
        own("产品类别", "category"),
        own("规格", "specification"),
        own("商品条码", "gtin", cells.GTIN),
        own("生产者", "manufacturer", cells.CODE),
        *conversions(),
        *aliases(),
    ),
    "location": (
        own("经营场所", "location", cells.CODE, needed=True),
        own("名称", "name", needed=True),
        own("场所类型", "location_kind", needed=True),
        own("上级场所", "parent", cells.CODE),
        own("占用方", "occupant", cells.CODE),
        own("占用起始日", "occupied_from", cells.DAY),
        own("占用截止日", "occupied_to", cells.DAY),
        own("场所所在地区", "location_region", cells.CODE, "region"),
        *aliases(),
    ),
    "merge": (
        own("被合并主体", "party", cells.CODE, needed=True),
        own("合并后主体", "into", cells.CODE, needed=True),
        own("合并日期", "merged_on", cells.DAY, needed=True),
    ),
    "void": (
        own("作废事件", "target_event_id", cells.CODE, needed=True),
        own("作废行号", "target_line", cells.WHOLE),
        own("作废原因", "reason", needed=True),
        own("更正事件", "corrective_event_ids", cells.TEXTS),
    ),
    "resolution": (
        own("死信位置", "letter", needed=True),
        own("处置方式", "action", needed=True),
        own("处置理由", "reason"),
        own("更正后事件", "corrected_event_id", cells.CODE),
        own("处置人", "actor"),
    ),
}


def _template(kind: str) -> Template:
    if kind in _WITHOUT_LINES:
        columns = (*envelope(), *_WITHOUT_LINES[kind])
        return Template(kind=kind, columns=columns, lists=())
    if kind in _COUNTS:
        columns = (*envelope(), *_COUNTS[kind], *counted())
        return Template(kind=kind, columns=columns, lists=("counts",))
    lists = ("inputs", "outputs") if kind == "transformation" else ("lines",)
    role = (in_line("投入产出", LINE_ROLE),) if len(lists) > 1 else ()
    columns = (*envelope(), *_GOODS[kind], *role, *line())
    return Template(kind=kind, columns=columns, lists=lists)


#: The template of every kind.
TEMPLATES: Mapping[str, Template] = {kind: _template(kind) for kind in KINDS}
#: What `line_role` may hold, and where such a line goes.
LINE_LISTS: Mapping[str, str] = {
    "input": "inputs",
    "output": "outputs",
    "投入": "inputs",
    "产出": "outputs",
}
