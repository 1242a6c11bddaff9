"""CSV: what a spreadsheet writes becomes documents, and what it broke is named with its place."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO, StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foodtrace.problems import TheirFault
from foodtrace_formats import csvform
from foodtrace_formats.csvform import cells
from foodtrace_formats.csvform.templates import TEMPLATES

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


@given(st.lists(st.text(min_size=1).filter(lambda t: t.strip() == t and t.strip()), max_size=5))
def test_entries_of_a_cell_survive(entries: list[str]) -> None:
    assert cells.TEXTS.read(cells.TEXTS.write(entries)) == entries


@given(st.binary(max_size=300), st.sampled_from([None, *TEMPLATES]))
def test_any_bytes_are_read_or_refused_by_name(raw: bytes, kind: str | None) -> None:
    with suppress(TheirFault):
        list(csvform.read(BytesIO(raw), kind=kind))


def test_writing_something_no_column_is_for_is_refused() -> None:
    [document] = documents(f"{HEAD}\n{ROW}\n")
    document["lines"][0]["colour"] = "red"
    with pytest.raises(TheirFault) as caught:
        csvform.write([document], "trade", StringIO())
    assert caught.value.code == "csv.unknown-column"
