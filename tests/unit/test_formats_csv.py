"""CSV: what a spreadsheet writes becomes documents, and what it broke is named with its place."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from io import BytesIO, StringIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foodtrace.problems import TheirFault
from foodtrace_formats import csvform
from foodtrace_formats.csvform import cells
from foodtrace_formats.csvform.columns import LINE_ROLE, Column
from foodtrace_formats.csvform.templates import TEMPLATES
from foodtrace_schemas import json_form
from support.any_events import events

HEAD = (
    "source,source_event_id,occurred_at,seller,buyer,product_name,lot_codes,net_mass,net_mass_unit"
)
ROW = "erp,T1,2026-05-21 08:30,S1,B1,五花肉,A1,12.5,kg"


def items(text: str | bytes, kind: str | None = "trade") -> list[csvform.Item]:
    raw = text if isinstance(text, bytes) else text.encode()
    return list(csvform.read(BytesIO(raw), kind=kind))


def documents(text: str | bytes, kind: str | None = "trade") -> list[dict[str, Any]]:
    found = items(text, kind)
    assert [item.problem for item in found] == [None] * len(found)
    return [item.document for item in found if item.document is not None]


def problem(text: str | bytes, kind: str | None = "trade") -> tuple[str, str]:
    """Code and place of the problem of the file or of its only bad document."""
    try:
        bad = [item.problem for item in items(text, kind) if item.problem is not None]
    except TheirFault as error:
        bad = [error]
    assert len(bad) == 1
    return bad[0].code, bad[0].path


def test_a_row_becomes_a_document() -> None:
    [document] = documents(f"{HEAD}\n{ROW}\n")
    assert document == {
        "kind": "trade",
        "envelope": {
            "source": "erp",
            "source_event_id": "T1",
            "occurred_at": "2026-05-21T00:30:00Z",
            "occurred_offset_minutes": 480,
            "occurred_precision": "instant",
            "business_date": "2026-05-21",
        },
        "seller": {"party": "S1"},
        "buyer": {"party": "B1"},
        "lines": [
            {
                "line_no": 1,
                "product": {"name": "五花肉"},
                "lot_codes": [{"code": "A1"}],
                "net_mass": {"amount": "12.5", "unit": "kg"},
            }
        ],
    }


def test_rows_of_one_event_are_lines_of_one_document() -> None:
    more = "erp,T1,,,,排骨,A2;A3=2 kg,3,斤"
    other = ROW.replace("T1", "T2")
    first, second = documents(f"{HEAD}\n{ROW}\n{more}\n{other}\n")
    assert [line["line_no"] for line in first["lines"]] == [1, 2]
    assert first["lines"][1]["lot_codes"] == [
        {"code": "A2"},
        {"code": "A3", "quantity": {"amount": "2", "unit": "kg"}},
    ]
    assert second["envelope"]["source_event_id"] == "T2"


def test_chinese_headers_semicolons_and_gb18030_as_excel_writes_them() -> None:
    text = "数据来源;来源事件号;业务时间;卖方;买方;产品名称;生产批号;数量;数量单位\r\n"
    text += "erp;T1;2026/5/21;S1;B1;镕记奶酪;00123;45;袋\r\n"
    [document] = documents(text.encode("gb18030"))
    assert document["envelope"]["occurred_precision"] == "day"
    assert document["lines"][0]["batch_code"] == "00123"
    assert document["lines"][0]["product"]["name"] == "镕记奶酪"
    assert document["lines"][0]["count"] == {"amount": "45", "unit": "袋"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_are_told_apart(encoding: str) -> None:
    [document] = documents(f"{HEAD}\n{ROW}\n".encode(encoding))
    assert document["lines"][0]["product"]["name"] == "五花肉"


def test_inputs_and_outputs_share_a_file() -> None:
    head = (
        "source,source_event_id,occurred_at,holder,process,line_role,product_name,count,count_unit"
    )
    rows = [
        "erp,X,2026-05-21,P,cutting,input,白条,2,片",
        "erp,X,,,,产出,五花肉,3,箱",
        "erp,X,,,,input,白条,1,片",
    ]
    [item] = items("\n".join([head, *rows]), "transformation")
    assert item.document is not None
    assert [line["line_no"] for line in item.document["inputs"]] == [1, 3]
    assert [line["line_no"] for line in item.document["outputs"]] == [2]
    assert csvform.locate(item, "inputs[1].count.amount") == "row 4, count"
    assert csvform.locate(item, "outputs[0].product") == "row 3, product_id"
    assert csvform.locate(item, "holder.party") == "row 2, holder"
    assert csvform.locate(item, "envelope.occurred_at") == "row 2, occurred_at"
    assert csvform.locate(item, "") == "row 2"


def test_the_kind_may_stand_in_a_column() -> None:
    head = (
        "kind,source,source_event_id,occurred_at,holder,cause,reason,product_name,count,count_unit"
    )
    rows = [
        "commissioning,erp,1,2026-05-21,F,harvest,,草莓,1,箱",
        "disposal,erp,1,2026-05-21,F,,spoilt,草莓,1,箱",
    ]
    found = documents("\n".join([head, *rows]), None)
    assert [document["kind"] for document in found] == ["commissioning", "disposal"]


def test_extra_columns_and_papers_with_gaps() -> None:
    text = f"{HEAD},extra.车次,paper1_kind,paper1_number,paper3_kind,paper3_number\n"
    [document] = documents(text + f"{ROW},K7,肉检,Q1,ASF,R9\n")
    assert document["envelope"]["extra"] == {"车次": "K7"}
    assert [paper["number"] for paper in document["lines"][0]["papers"]] == ["Q1", "R9"]


@pytest.mark.parametrize(
    ("head", "row", "code", "place"),
    [
        ("", "x", "csv.missing-value", "row 2, source_event_id"),
        (",gtin", ",6.92123E+12", "csv.mangled-code", "row 2, gtin"),
        (",batch_code", ",2.02605E+15", "csv.mangled-code", "row 2, batch_code"),
        # Padded with zeros it is no GTIN either: kept as it is, for the door to judge.
        (",gtin", ",12345678904", None, ""),
        (",gtin", ",36000291452", "csv.lost-zeros", "row 2, gtin"),
        (",colour", ",red", "csv.unknown-column", "row 1, column 10"),
        (",seller", ",S2", "csv.duplicate-column", "row 1, column 10"),
        (",卖方", ",S2", "csv.duplicate-column", "row 1, column 10"),
        ("", ",,", None, ""),
        ("", ",left over", "csv.too-many-cells", "row 2"),
        (",count", ",3", "csv.missing-value", "row 2, count_unit"),
        (",count,count_unit", ",,箱", "csv.missing-value", "row 2, count"),
        (",count,count_unit", ',"1,200",箱', "csv.wrong-value", "row 2, count"),
        (",line_no", ",1.5", "csv.wrong-value", "row 2, line_no"),
        (",expiry_date", ",5/21/2026", "csv.wrong-value", "row 2, expiry_date"),
        (",expiry_date", ",46163", "csv.wrong-value", "row 2, expiry_date"),
        (",expiry_date", ",2026-02-30", "csv.wrong-value", "row 2, expiry_date"),
        (",source_lot_codes", ",A=B", "csv.wrong-value", "row 2, source_lot_codes"),
        (",extra.note", ',"open', "csv.broken-quotes", "row 2"),
    ],
)
def test_what_is_broken_is_named_with_its_place(
    head: str, row: str, code: str | None, place: str
) -> None:
    text = f"{HEAD}{head}\n" + (row if row == "x" else f"{ROW}{row}") + "\n"
    if row == "x":
        text = text.replace("x\n", ROW.replace("T1", "") + "\n")
    if code is None:
        documents(text)
    else:
        assert problem(text) == (code, place)


def test_documents_that_do_not_hang_together_are_named() -> None:
    other = ROW.replace("T1", "T2")
    assert problem(f"{HEAD}\n{ROW}\n{other}\n{ROW}\n") == ("csv.scattered-document", "row 4")
    differs = ROW.replace("B1", "B2")
    assert problem(f"{HEAD}\n{ROW}\n{differs}\n") == ("csv.different-document", "row 3, buyer")


def test_a_bad_document_does_not_stop_the_others() -> None:
    bad = ROW.replace("T1", "T2").replace("12.5", "a lot")
    good = ROW.replace("T1", "T3")
    found = items(f"{HEAD}\n{ROW}\n{bad}\n{good}\n")
    assert [item.problem.path if item.problem else None for item in found] == [
        None,
        "row 3, net_mass",
        None,
    ]


def test_files_that_are_none_are_named() -> None:
    assert problem(b"") == ("csv.no-rows", "")
    assert problem(b"\xff\x00\xff") == ("csv.encoding", "")
    assert problem(f"{HEAD}\n{ROW}", None)[0] == "csv.kind-needed"
    assert problem(f"{HEAD}\n{ROW}", "gossip")[0] == "csv.kind-needed"
    assert problem(f"{HEAD},kind\n{ROW},receipt")[0] == "csv.kind-needed"


@pytest.mark.parametrize(
    ("cell", "at", "offset", "precision"),
    [
        ("2026-05-21", "2026-05-20T16:00:00Z", 480, "day"),
        ("20260521", "2026-05-20T16:00:00Z", 480, "day"),
        ("2026年5月21日 8:30", "2026-05-21T00:30:00Z", 480, "instant"),
        ("2026-05-21T08:30:05.25Z", "2026-05-21T08:30:05.250000Z", 0, "instant"),
        ("2026-05-21+00:00", "2026-05-21T00:00:00Z", 0, "day"),
        ("2026/5/21 23:00-0330", "2026-05-22T02:30:00Z", -210, "instant"),
    ],
)
def test_moments(cell: str, at: str, offset: int, precision: str) -> None:
    when = cells.read_when(cell)
    assert (when.at, when.offset_minutes, when.precision) == (at, offset, precision)


@pytest.mark.parametrize(
    "cell", ["", "soon", "2026-05-21 25:00", "2026-13-01", "2026-05-21+99:00", "0001-01-01"]
)
def test_moments_that_are_none(cell: str) -> None:
    with pytest.raises(TheirFault) as caught:
        cells.read_when(cell)
    assert caught.value.code == "csv.wrong-value"


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


@given(st.lists(st.text(min_size=1).filter(lambda t: t.strip() == t and t.strip()), max_size=5))
def test_entries_of_a_cell_survive(entries: list[str]) -> None:
    assert cells.TEXTS.read(cells.TEXTS.write(entries)) == entries


@given(st.binary(max_size=300), st.sampled_from([None, *TEMPLATES]))
def test_any_bytes_are_read_or_refused_by_name(raw: bytes, kind: str | None) -> None:
    with suppress(TheirFault):
        list(csvform.read(BytesIO(raw), kind=kind))


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


def test_writing_something_no_column_is_for_is_refused() -> None:
    [document] = documents(f"{HEAD}\n{ROW}\n")
    document["lines"][0]["colour"] = "red"
    with pytest.raises(TheirFault) as caught:
        csvform.write([document], "trade", StringIO())
    assert caught.value.code == "csv.unknown-column"
