"""The columns that kinds share: envelope, sides, lines, papers and other numbered groups."""

from __future__ import annotations

from collections.abc import Iterator

from foodtrace_formats.csvform import cells
from foodtrace_formats.csvform.cells import Form
from foodtrace_formats.csvform.columns import GROUP_LIMIT, RESULT_LIMIT, Column, Path


def own(zh: str, name: str, form: Form = cells.TEXT, *path: str, needed: bool = False) -> Column:
    """A column of the document itself."""
    return Column(name=name, zh=zh, path=path or (name,), form=form, needed=needed)


def envelope() -> Iterator[Column]:
    """The columns of every document."""
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
    "origin": "调出方",
    "destination": "调入方",
    "returner": "退货方",
}


def side(name: str) -> Iterator[Column]:
    """The columns of a side, by its field's name."""
    who = _SIDES[name]
    yield own(who, name, cells.CODE, name, "party")
    for field, zh, form in (
        ("claimed_name", "自称名称", cells.TEXT),
        ("phone_digest", "电话摘要", cells.CODE),
        ("vehicle_plate", "车牌", cells.TEXT),
        ("document_digest", "证件摘要", cells.CODE),
        ("owner", "货主", cells.CODE),
        ("location", "场所", cells.CODE),
        ("role", "角色", cells.TEXT),
    ):
        yield own(f"{who}{zh}", f"{name}_{field}", form, name, field)


def in_line(zh: str, name: str, form: Form = cells.TEXT, *path: str | int) -> Column:
    """A column of a line."""
    return Column(name=name, zh=zh, path=path or (name,), form=form, in_line=True)


def _product() -> Iterator[Column]:
    for field, zh, form in (
        ("product_id", "产品编号", cells.CODE),
        ("gtin", "商品条码", cells.GTIN),
        ("local_code", "店内码", cells.CODE),
        ("name", "产品名称", cells.TEXT),
        ("category", "产品类别", cells.TEXT),
        ("specification", "规格", cells.TEXT),
    ):
        name = field if field != "name" else "product_name"
        yield in_line(zh, name, form, "product", field)


def line() -> Iterator[Column]:
    """The columns of a line of goods."""
    yield in_line("行号", "line_no", cells.WHOLE)
    yield from _product()
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
        yield in_line(zh, name, form)
    for name, zh in (
        ("count", "数量"),
        ("net_mass", "净重"),
        ("gross_mass", "毛重"),
        ("tare_mass", "皮重"),
        ("deduction", "扣重"),
    ):
        yield in_line(zh, name, cells.NUMBER, name, "amount")
        yield in_line(f"{zh}单位", f"{name}_unit", cells.TEXT, name, "unit")
    yield in_line("金额", "price_amount", cells.NUMBER)
    yield in_line("币种", "currency")
    yield in_line("状态", "state")
    yield in_line("引用事件", "refers_to_event", cells.CODE, "refers_to", "event_id")
    yield in_line("引用行号", "refers_to_line", cells.WHOLE, "refers_to", "line_no")
    yield from _papers()


def counted() -> Iterator[Column]:
    """The columns of a line of a stocktake."""
    yield in_line("行号", "line_no", cells.WHOLE)
    yield from _product()
    yield in_line("生产批号", "batch_code", cells.CODE)
    yield in_line("所盘追溯码", "lot_code", cells.CODE)
    yield in_line("实盘数量", "found", cells.NUMBER)
    yield in_line("实盘单位", "unit")


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
            yield in_line(f"证明{number}{zh}", name, form, "papers", number - 1, *path)


def aliases() -> Iterator[Column]:
    """Codes by which a party, place or product is also known, in numbered groups."""
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


def conversions() -> Iterator[Column]:
    """What a unit of a product equals (1 箱 = 24 袋), in numbered groups."""
    for number in range(1, GROUP_LIMIT + 1):
        for name, zh, form, path in (
            ("unit", "单位", cells.TEXT, ("unit",)),
            ("equals", "等于数量", cells.NUMBER, ("equals", "amount")),
            ("equals_unit", "等于单位", cells.TEXT, ("equals", "unit")),
        ):
            yield Column(
                name=f"conversion{number}_{name}",
                zh=f"换算{number}{zh}",
                path=("conversions", number - 1, *path),
                form=form,
            )


def results() -> Iterator[Column]:
    """What an inspection looked for, analyte by analyte, in numbered groups."""
    for number in range(1, RESULT_LIMIT + 1):
        for field, zh in (
            ("analyte", "项目"),
            ("value", "结果值"),
            ("unit", "单位"),
            ("limit", "限量"),
            ("standard", "标准"),
            ("verdict", "判定"),
        ):
            yield Column(
                name=f"result{number}_{field}",
                zh=f"检验{number}{zh}",
                path=("results", number - 1, field),
            )
