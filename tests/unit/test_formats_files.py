"""Files of events in any form become entries that know their place."""

from __future__ import annotations

import json
from contextlib import suppress
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foodtrace.problems import TheirFault
from foodtrace_formats.files import Entry, Form, entries, form_of, refused_line

CSV = (
    b"source_event_id,occurred_at,holder,cause,product_name,count,count_unit\n"
    b"A,2026-05-21,F,harvest,x,1,kg\n"
)


@pytest.mark.parametrize(
    ("name", "raw", "form"),
    [
        ("a.ndjson", b"", "ndjson"),
        ("a.JSONL", b"", "ndjson"),
        ("a.json", b"", "json"),
        ("a.csv", b"", "csv"),
        ("-", b'{"a": 1}\n{"a": 2}\n', "ndjson"),
        ("-", b'\xef\xbb\xbf {"a": 1}', "ndjson"),
        ("-", b'{\n "a": 1\n}', "json"),
        ("-", b" [1]", "json"),
        ("-", CSV, "csv"),
        ("-", "数据来源;业务时间".encode("gb18030"), "csv"),
    ],
)
def test_the_form_is_told_by_name_or_beginning(name: str, raw: bytes, form: str) -> None:
    assert form_of(name, BytesIO(raw)) == form


def test_a_form_that_can_not_be_told_is_named() -> None:
    with pytest.raises(TheirFault) as caught:
        form_of("-", BytesIO(b"hello"))
    assert caught.value.code == "file.unknown-format"


def read(raw: bytes, form: Form) -> list[tuple[int, Any]]:
    return [(each.number, each.document) for each in entries(BytesIO(raw), form)]


def test_lines_keep_their_numbers_over_blank_ones() -> None:
    raw = b'\xef\xbb\xbf{"a": 1}\r\n\n  \n{"b": 2}'
    assert read(raw, Form.NDJSON) == [(1, b'{"a": 1}'), (4, b'{"b": 2}')]


def test_items_of_a_list_and_one_alone() -> None:
    assert read(b'[{"a": 1}, {"b": 2}]', Form.JSON) == [(1, {"a": 1}), (2, {"b": 2})]
    assert read(b'{"a": 1}', Form.JSON) == [(1, {"a": 1})]
    [bad] = list(entries(BytesIO(b"[7]"), Form.JSON))
    assert bad.problem is not None
    assert bad.problem.code == "event.malformed"


def test_a_json_file_that_is_none_is_named() -> None:
    with pytest.raises(TheirFault) as caught:
        read(b"[{]", Form.JSON)
    assert caught.value.code == "event.malformed"


@pytest.mark.parametrize(
    "document", [{"kind": "trade", "amount": "1.50"}, b'{"kind":"trade","amount":"1.50"}']
)
def test_a_refused_entry_can_be_pushed_again_as_it_is(document: Any) -> None:
    line = refused_line(Entry(number=3, document=document), {"code": "x", "path": "seller"})
    assert json.loads(line)["_refused"] == {"code": "x", "path": "seller"}
    assert read(line, Form.NDJSON) == [(1, {"kind": "trade", "amount": "1.50"})]


def test_a_refused_line_that_is_no_json_is_kept_as_text() -> None:
    line = refused_line(Entry(number=3, document=b"{broken"), {"code": "event.malformed"})
    assert json.loads(line) == {"_refused": {"code": "event.malformed"}, "_raw": "{broken"}


def test_csv_entries_find_their_cells() -> None:
    [entry] = list(entries(BytesIO(CSV), Form.CSV, kind="commissioning", source="erp"))
    assert entry.number == 2
    assert isinstance(entry.document, dict)
    assert entry.document["envelope"]["source"] == "erp"
    assert entry.locate("lines[0].count") == "row 2, count"
    assert Entry(number=1, document=b"{}").locate("lines[0]") == "lines[0]"


def zipped(**files: bytes) -> BytesIO:
    made = BytesIO()
    with ZipFile(made, "w") as archive:
        archive.mkdir("sub")
        for name, raw in files.items():
            archive.writestr(name.replace("__", ".").replace("_in_", "/"), raw)
    made.seek(0)
    return made


def test_the_files_of_a_zip_come_in_the_order_of_their_names_each_with_its_kind() -> None:
    made = zipped(
        day_in_commissioning__csv=CSV, b__ndjson=b'{"a": 1}', a__json=b"[7]", __MACOSX_in_x=b"?"
    )
    assert form_of("-", made) is Form.ZIP
    found = list(entries(made, Form.ZIP))
    assert [each.member for each in found] == ["a.json", "b.ndjson", "day/commissioning.csv"]
    assert found[0].problem is not None
    assert found[0].inside("x") == "a.json: x"
    assert found[1].document == b'{"a": 1}'
    assert found[2].locate("lines[0].count.amount") == "day/commissioning.csv: row 2, count"
    [document] = [each.document for each in found if isinstance(each.document, dict)]
    assert document["kind"] == "commissioning"


@pytest.mark.parametrize("raw", [b"PK\x03\x04 and nothing more", b""])
def test_a_zip_that_is_broken_or_holds_no_events_is_named(raw: bytes) -> None:
    with pytest.raises(TheirFault) as caught:
        list(entries(BytesIO(raw), Form.ZIP))
    assert caught.value.code == "file.unreadable"
    with pytest.raises(TheirFault) as caught:
        list(entries(zipped(picture__png=b"..."), Form.ZIP))
    assert caught.value.code == "file.unknown-format"


@given(st.binary(max_size=200))
def test_any_bytes_of_a_zip_are_read_or_refused_by_name(raw: bytes) -> None:
    whole = zipped(trade__csv=CSV).getvalue()
    for broken in (b"PK\x03\x04" + raw, whole[: len(raw)] + raw + whole[len(raw) :]):
        with suppress(TheirFault):
            list(entries(BytesIO(broken), Form.ZIP))
