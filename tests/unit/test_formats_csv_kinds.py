"""Every kind of document through a spreadsheet and back, and the columns of each."""

from __future__ import annotations

from datetime import date
from io import BytesIO, StringIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foodtrace_formats import csvform
from foodtrace_formats.csvform import cells
from foodtrace_formats.csvform.columns import LINE_ROLE, Column
from foodtrace_formats.csvform.templates import TEMPLATES
from foodtrace_schemas import json_form
from support.any_events import events


def items(text: str, kind: str) -> list[csvform.Item]:
    return list(csvform.read(BytesIO(text.encode()), kind=kind))


def documents(text: str, kind: str) -> list[dict[str, Any]]:
    found = items(text, kind)
    assert [item.problem for item in found] == [None] * len(found)
    return [item.document for item in found if item.document is not None]


TEXT = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12).filter(
    lambda text: not cells._ROUNDED.fullmatch(text)
)
NUMBER = st.decimals(0, 10**6, places=3).map(lambda number: format(number, "f"))
VALUES = {
    cells.TEXT: TEXT,
    cells.CODE: TEXT,
    cells.GTIN: st.just("06901234567892"),
    cells.NUMBER: NUMBER,
    cells.WHOLE: st.integers(0, 10**6),
    cells.DAY: st.dates().map(str),
    cells.MOMENT: st.just("2026-05-21T00:30:00Z"),
    cells.TEXTS: st.lists(TEXT, min_size=1, max_size=3),
    cells.CODES: st.lists(
        st.one_of(
            st.builds(lambda code: {"code": code}, TEXT),
            st.builds(
                lambda code, amount, unit: {
                    "code": code,
                    "quantity": {"amount": amount, "unit": unit},
                },
                TEXT,
                NUMBER,
                TEXT,
            ),
        ),
        min_size=1,
        max_size=3,
    ),
}


@st.composite
def written_documents(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    """A document with any set of the kind's columns filled, as `read` would build it."""
    template = TEMPLATES[kind]
    own = [column for column in template.columns if not column.in_line]
    document: dict[str, Any] = {"kind": kind, "envelope": {}}
    _draw_into(draw, document, [c for c in own if c.form is not cells.WHEN and c.name != "kind"])
    minutes = draw(st.integers(-14 * 60, 14 * 60))
    cell = draw(st.dates(date(1, 1, 2), date(9999, 12, 30))).isoformat() + draw(
        st.sampled_from(["", " 08:30", " 23:59:59.5"])
    )
    when = cells.read_when(
        f"{cell}{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    )
    document["envelope"] |= {
        "source": "erp",
        "occurred_at": when.at,
        "occurred_offset_minutes": when.offset_minutes,
    }
    document["envelope"].setdefault("occurred_precision", when.precision)
    document["envelope"].setdefault("business_date", when.local_day)
    in_line = [column for column in template.columns if column.in_line]
    number = 0
    for name in template.lists:
        document[name] = []
        for _ in range(draw(st.integers(1, 3))):
            number += 1
            document[name].append({"line_no": number})
            _draw_into(draw, document[name][-1], in_line)
    return document


def _draw_into(draw: st.DrawFn, target: dict[str, Any], columns: list[Column]) -> None:
    for column in columns:
        in_group = any(isinstance(step, int) for step in column.path)
        paired = len(column.path) == 2 and column.path[1] in ("amount", "unit")
        skipped = in_group or column.name in (LINE_ROLE, "line_no")
        if skipped or not (column.needed or paired or draw(st.booleans())):
            continue
        *way, last = map(str, column.path)
        step = target
        for part in way:
            step = step.setdefault(part, {})
        step[last] = draw(VALUES[column.form])


@pytest.mark.parametrize("kind", list(TEMPLATES))
@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_what_is_written_reads_back(kind: str, data: st.DataObject) -> None:
    made = data.draw(st.lists(written_documents(kind), min_size=1, max_size=2))
    for number, document in enumerate(made):
        document["envelope"]["source_event_id"] = f"E{number}"
    text = StringIO(newline="")
    csvform.write(made, kind, text)
    assert documents(text.getvalue(), kind) == made


def _as_cells_hold_it(value: Any) -> Any:
    """Cells are trimmed, and what looks like a number Excel has rounded is refused."""
    if isinstance(value, dict):
        return {_as_cells_hold_it(name): _as_cells_hold_it(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_as_cells_hold_it(each) for each in value]
    if isinstance(value, str):
        trimmed = value.strip()
        return "x" if cells._ROUNDED.fullmatch(trimmed) else trimmed
    return value


@pytest.mark.parametrize("kind", list(TEMPLATES))
@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_event_survives_a_spreadsheet(kind: str, data: st.DataObject) -> None:
    document = _as_cells_hold_it(json_form.write(data.draw(events(kind))))
    document["envelope"].pop("event_id")
    event = json_form.read(document)
    text = StringIO(newline="")
    csvform.write([document], kind, text)
    [back] = documents(text.getvalue(), kind)
    assert json_form.read(back) == event


def test_no_template_names_a_column_twice() -> None:
    for template in TEMPLATES.values():
        for names in ([c.name for c in template.columns], [c.zh for c in template.columns]):
            assert len(names) == len(set(names))


def test_a_column_has_one_name_whatever_the_kind() -> None:
    """A file with a column `kind` is read by the names of all kinds together."""
    english: dict[str, str] = {}
    for template in TEMPLATES.values():
        for column in template.columns:
            assert english.setdefault(column.zh, column.name) == column.name, template.kind


OTHER = "0b54a4cb-7c7e-8d0a-9a41-5a7f0f8f2c11"
FILES = {
    "transfer": "来源事件号,业务时间,调出方,调出方场所,调入方,调入方场所,产品名称,数量,数量单位\n"
    "D1,2026-05-21,P,S1,P,S2,草莓,3,箱\n",
    "return": "来源事件号,业务时间,退货方,接收方,退货原因,产品名称,数量,数量单位,引用事件,引用行号\n"
    f"B1,2026-05-21,P,Q,变质,草莓,1,箱,{OTHER},1\n",
    "release": "来源事件号,业务时间,持有方,放行理由,产品名称,数量,数量单位,引用事件,引用行号\n"
    f"F1,2026-05-21,Q,复检合格,草莓,1,箱,{OTHER},1\n",
    "adjustment": "来源事件号,业务时间,持有方,增减,调整原因,产品名称,数量,数量单位\n"
    "A1,2026-05-21,P,loss,损耗,草莓,1,箱\n",
    "stocktake": "来源事件号,业务时间,持有方,产品名称,所盘追溯码,实盘数量,实盘单位\n"
    "S1,2026-05-21,P,草莓,,0,箱\nS1,,,苹果,X9,2.5,kg\n",
    "consumption": "来源事件号,业务时间,持有方,用途,产品名称,净重,净重单位\n"
    "C1,2026-05-21,P,供餐,草莓,12.5,kg\n",
    "packing": "来源事件号,业务时间,持有方,装拆,物流单元编码,产品名称,数量,数量单位\n"
    "K1,2026-05-21,P,pack,00069012345678900015,草莓,3,箱\n",
    "merge": "来源事件号,业务时间,被合并主体,合并后主体,合并日期\nM1,2026-05-21,P,Q,2026-05-01\n",
    "void": "来源事件号,业务时间,作废事件,作废原因,更正事件\n"
    f"V1,2026-05-21,{OTHER},incorrect_data,{OTHER};{OTHER[:-1]}2\n",
    "resolution": "来源事件号,业务时间,死信位置,处置方式,处置理由\n"
    "R1,2026-05-21,log-1/foodtrace.in.erp/0/7,dismissed,测试数据\n",
    "inspection": "来源事件号,业务时间,持有方,检验方法,检验阶段,检验结论,检验对象,样品编号,产品名称,"
    "净重,净重单位,检验1项目,检验1判定,检验3项目,检验3结果值,检验3判定\n"
    "I1,2026-05-21,P,rapid,screening,failed,sample,Y-7,韭菜,1,斤,腐霉利,failed,毒死蜱,0.1,passed\n",
    "product": "来源事件号,业务时间,产品,名称,换算1单位,换算1等于数量,换算1等于单位,别名2体系,别名2代码\n"
    "P1,2026-05-21,P-1,牛奶,箱,24,袋,gtin,06901234567892\n",
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
def test_a_file_of_each_kind_becomes_its_events(kind: str) -> None:
    [document] = documents(FILES[kind], kind)
    event = json_form.read(document, source="erp")
    assert event.kind == kind
    assert event.effects() is not None


def test_groups_and_counts_land_where_they_belong() -> None:
    [found] = items(FILES["stocktake"], "stocktake")
    assert found.document is not None
    assert [(each["line_no"], each["found"]) for each in found.document["counts"]] == [
        (1, "0"),
        (2, "2.5"),
    ]
    assert csvform.locate(found, "counts[1].found") == "row 3, found"
    [inspected] = documents(FILES["inspection"], "inspection")
    assert [each["analyte"] for each in inspected["results"]] == ["腐霉利", "毒死蜱"]
    [product] = documents(FILES["product"], "product")
    assert product["conversions"] == [{"unit": "箱", "equals": {"amount": "24", "unit": "袋"}}]


@pytest.mark.parametrize("kind", list(TEMPLATES))
def test_an_empty_template_has_no_rows_and_no_unknown_column(kind: str) -> None:
    for chinese in (False, True):
        assert documents(csvform.empty(kind, chinese=chinese) + "\n", kind) == []
    for column in csvform.described(kind):
        assert column["name"].isascii()
        assert all(column[name] for name in ("zh", "holds"))
