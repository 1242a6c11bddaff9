"""The columns of each kind: one table from which reading, writing, templates and docs follow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from foodtrace_formats.csvform import cells
from foodtrace_formats.csvform.cells import Form

#: A place in the JSON form; a number is a position in a list.
Path = tuple[str | int, ...]

#: Numbered groups (paper1_kind, paper2_kind ...) go up to this.
GROUP_LIMIT = 6
#: Own data: `extra.NAME` becomes an entry of the envelope's `extra`.
EXTRA = "extra."
#: Where a line's columns belong: `lines`, or `inputs` and `outputs` of a transformation.
LINE_ROLE = "line_role"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its names, its place in a document (or in a line of it) and what its cells hold."""

    name: str
    zh: str
    path: Path
    form: Form = cells.TEXT
    in_line: bool = False
    needed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """The columns of one kind, those of the document first; `lists` are where its lines go."""

    kind: str
    columns: tuple[Column, ...]
    lists: tuple[str, ...]

    def usual(self) -> tuple[Column, ...]:
        """The columns an empty file has: of numbered groups the first, the others may be added."""
        return tuple(
            column
            for column in self.columns
            if not any(isinstance(step, int) and step > 0 for step in column.path)
        )

    def named(self) -> dict[str, Column]:
        """The columns by their names in both languages."""
        return {name: column for column in self.columns for name in (column.name, column.zh)}


def _of(zh: str, name: str, form: Form = cells.TEXT, *path: str, needed: bool = False) -> Column:
    return Column(name=name, zh=zh, path=path or (name,), form=form, needed=needed)


def _envelope() -> Iterator[Column]:
    for zh, name, form, needed in (
        ("单据类型", "kind", cells.TEXT, False),
        ("数据来源", "source", cells.CODE, False),
        ("来源事件号", "source_event_id", cells.CODE, True),
        ("修订号", "revision", cells.WHOLE, False),
        ("报送方", "reporter", cells.CODE, False),
        ("委托号", "mandate", cells.CODE, False),
        ("业务时间", "occurred_at", cells.WHEN, True),
        ("时间精度", "occurred_precision", cells.TEXT, False),
        ("业务日期", "business_date", cells.DAY, False),
        ("报送时间", "reported_at", cells.MOMENT, False),
        ("单据种类", "document_type", cells.TEXT, False),
        ("单据编号", "document_number", cells.CODE, False),
        ("交易号", "trade_no", cells.CODE, False),
        ("环节", "aspect", cells.TEXT, False),
        ("凭证编号", "voucher_numbers", cells.TEXTS, False),
        ("订单号", "order_reference", cells.CODE, False),
        ("支付摘要", "payment_digest", cells.CODE, False),
        ("发票号", "invoice_reference", cells.CODE, False),
        ("地区", "region", cells.CODE, False),
    ):
        path = (name,) if name == "kind" else ("envelope", name)
        yield Column(name=name, zh=zh, path=path, form=form, needed=needed)


_SIDES = {
    "seller": "卖方",
    "buyer": "买方",
    "issuer": "开具方",
    "receiver": "接收方",
    "holder": "持有方",
}


def _side(side: str) -> Iterator[Column]:
    who = _SIDES[side]
    yield _of(who, side, cells.CODE, side, "party")
    for field, zh, form in (
        ("claimed_name", "自称名称", cells.TEXT),
        ("phone_digest", "电话摘要", cells.CODE),
        ("vehicle_plate", "车牌", cells.TEXT),
        ("document_digest", "证件摘要", cells.CODE),
        ("owner", "货主", cells.CODE),
        ("location", "场所", cells.CODE),
        ("role", "角色", cells.TEXT),
    ):
        yield _of(f"{who}{zh}", f"{side}_{field}", form, side, field)


def _in_line(zh: str, name: str, form: Form = cells.TEXT, *path: str | int) -> Column:
    return Column(name=name, zh=zh, path=path or (name,), form=form, in_line=True)


def _line() -> Iterator[Column]:
    yield _in_line("行号", "line_no", cells.WHOLE)
    for field, zh, form in (
        ("product_id", "产品编号", cells.CODE),
        ("gtin", "商品条码", cells.GTIN),
        ("local_code", "店内码", cells.CODE),
        ("name", "产品名称", cells.TEXT),
        ("category", "产品类别", cells.TEXT),
        ("specification", "规格", cells.TEXT),
    ):
        name = field if field != "name" else "product_name"
        yield _in_line(zh, name, form, "product", field)
    for name, zh, form in (
        ("origin_code", "产地编码", cells.CODE),
        ("origin_text", "产地", cells.TEXT),
        ("manufacturer", "生产者", cells.CODE),
        ("batch_code", "生产批号", cells.CODE),
        ("lot_codes", "追溯码", cells.CODES),
        ("source_lot_codes", "来源追溯码", cells.CODES),
        ("lot_code_source", "追溯码来源", cells.TEXT),
        ("production_date", "生产日期", cells.DAY),
        ("expiry_date", "到期日", cells.DAY),
        ("basis", "依据", cells.TEXT),
    ):
        yield _in_line(zh, name, form)
    for name, zh in (
        ("count", "数量"),
        ("net_mass", "净重"),
        ("gross_mass", "毛重"),
        ("tare_mass", "皮重"),
        ("deduction", "扣重"),
    ):
        yield _in_line(zh, name, cells.NUMBER, name, "amount")
        yield _in_line(f"{zh}单位", f"{name}_unit", cells.TEXT, name, "unit")
    yield _in_line("金额", "price_amount", cells.NUMBER)
    yield _in_line("币种", "currency")
    yield _in_line("状态", "state")
    yield _in_line("引用事件", "refers_to_event", cells.CODE, "refers_to", "event_id")
    yield _in_line("引用行号", "refers_to_line", cells.WHOLE, "refers_to", "line_no")
    yield from _papers()


def _papers() -> Iterator[Column]:
    for number in range(1, GROUP_LIMIT + 1):
        for field, zh, form, path in (
            ("kind", "种类", cells.TEXT, ("kind",)),
            ("number", "编号", cells.CODE, ("number",)),
            ("issuer", "出具方", cells.TEXT, ("issuer",)),
            ("issued_on", "出具日期", cells.DAY, ("issued_on",)),
            ("valid_until", "有效期至", cells.DAY, ("valid_until",)),
            ("covered", "覆盖数量", cells.NUMBER, ("covered_quantity", "amount")),
            ("covered_unit", "覆盖单位", cells.TEXT, ("covered_quantity", "unit")),
            ("scope", "范围", cells.TEXT, ("scope",)),
            ("destination", "目的地", cells.TEXT, ("destination",)),
            ("image_digest", "影像摘要", cells.CODE, ("image_digest",)),
            ("verification", "核验", cells.TEXT, ("verification",)),
        ):
            name = f"paper{number}_{field}"
            yield _in_line(f"证明{number}{zh}", name, form, "papers", number - 1, *path)


def _aliases() -> Iterator[Column]:
    for number in range(1, GROUP_LIMIT + 1):
        for field, zh, form in (
            ("scheme", "体系", cells.TEXT),
            ("code", "代码", cells.CODE),
            ("valid_from", "起始日", cells.DAY),
            ("valid_to", "截止日", cells.DAY),
        ):
            path: Path = ("aliases", number - 1, field)
            yield Column(
                name=f"alias{number}_{field}", zh=f"别名{number}{zh}", path=path, form=form
            )


_OWN: Mapping[str, tuple[Column, ...]] = {
    "voucher": (*_side("issuer"), *_side("receiver")),
    "trade": (*_side("seller"), *_side("buyer")),
    "receipt": (
        *_side("seller"),
        _of("小票码", "receipt_code", cells.CODE),
        _of("总金额", "total_amount", cells.NUMBER),
        _of("总金额币种", "total_currency", cells.TEXT, "currency"),
    ),
    "transformation": (
        *_side("holder"),
        _of("工序", "process", needed=True),
        _of("最低出成率", "minimum_yield", cells.NUMBER),
        _of("最高出成率", "maximum_yield", cells.NUMBER),
    ),
    "commissioning": (*_side("holder"), _of("登记原因", "cause", needed=True)),
    "disposal": (*_side("holder"), _of("处置原因", "reason", needed=True)),
    "party": (
        _of("经营主体", "party", cells.CODE, needed=True),
        _of("名称", "name", needed=True),
        _of("主体类型", "party_kind", needed=True),
        _of("节点类型", "node_kind"),
        _of("所在地区", "party_region", cells.CODE, "region"),
        *_aliases(),
    ),
    "location": (
        _of("经营场所", "location", cells.CODE, needed=True),
        _of("名称", "name", needed=True),
        _of("场所类型", "location_kind", needed=True),
        _of("上级场所", "parent", cells.CODE),
        _of("占用方", "occupant", cells.CODE),
        _of("占用起始日", "occupied_from", cells.DAY),
        _of("占用截止日", "occupied_to", cells.DAY),
        _of("所在地区", "location_region", cells.CODE, "region"),
        *_aliases(),
    ),
}
_WITHOUT_LINES = frozenset({"party", "location"})


def _template(kind: str, own: tuple[Column, ...]) -> Template:
    if kind in _WITHOUT_LINES:
        return Template(kind=kind, columns=(*_envelope(), *own), lists=())
    lists = ("inputs", "outputs") if kind == "transformation" else ("lines",)
    role = (_in_line("投入产出", LINE_ROLE),) if len(lists) > 1 else ()
    return Template(kind=kind, columns=(*_envelope(), *own, *role, *_line()), lists=lists)


#: The template of every kind that has one.
TEMPLATES: Mapping[str, Template] = {kind: _template(kind, own) for kind, own in _OWN.items()}
#: What `line_role` may hold, and where such a line goes.
LINE_LISTS: Mapping[str, str] = {
    "input": "inputs",
    "output": "outputs",
    "投入": "inputs",
    "产出": "outputs",
}
