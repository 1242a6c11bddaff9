"""`foodtrace check-source` over files: what is lacking, refused and vague, in both languages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from foodtrace.events import Event
from foodtrace_deploy.main import app
from foodtrace_deploy.texts import current, speak
from foodtrace_formats.examined import examined
from foodtrace_formats.files import Entry, Form, entries
from foodtrace_schemas import json_form
from support.any_events import events

NOW = datetime(2026, 5, 22, tzinfo=UTC)
EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "first-day.ndjson"
CSV = """来源事件号,业务时间,卖方,卖方场所,买方,买方场所,交易号,产品名称,产品类别,数量,数量单位
T1,2026-05-21,A,A1,B,B1,N1,韭菜,蔬菜,12.5,斤
T2,2026-05-21,A,A1,B,B1,,韭菜,,-3,斤
T3,2026-05-21,A,A1,B,,N3,韭菜,蔬菜,4,篮
"""


def ran(*arguments: str, code: int = 0, **more: Any) -> str:
    found = CliRunner().invoke(app, ["check-source", *arguments, "--lang", "en"], **more)
    assert found.exit_code == code, found.output
    return str(found.stdout)


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """The language of this process is as it was."""
    before = current()
    yield
    speak(before)


@pytest.fixture
def day(tmp_path: Path) -> str:
    file = tmp_path / "trade.csv"
    file.write_text(CSV, encoding="gb18030")
    return str(file)


def test_a_sample_day_is_told_with_places_and_ends_with_its_code(day: str) -> None:
    said = ran(day, "--kind", "trade", code=1)
    assert "would be refused: 1 documents" in said
    assert "quantity.not-positive" in said
    assert "row 3, count" in said
    assert "lines with neither trace code nor batch code" in said
    assert "such as T3 row 4" in said
    assert "verdict: a recall would be vague" in said


def test_json_gives_every_share_with_numerator_and_denominator(day: str) -> None:
    told = json.loads(ran(day, "--kind", "trade", "--json", code=1))
    assert (told["verdict"], told["events"], told["refused"]) == ("vague", 2, 1)
    [refusal] = told["refusals"]
    assert (refusal["code"], refusal["field"]) == (
        "quantity.not-positive",
        "lines[].count.amount",
    )
    shares = {each["code"]: (each["count"], each["of"]) for each in told["checks"]}
    assert shares["line.no-code"] == (2, 2)
    assert shares["unit.unknown"] == (1, 2)
    assert shares["paper.missing"] == (2, 2)
    assert shares["side.no-location"] == (1, 4)
    assert shares["trade.no-number"] == (0, 2)


def test_a_zip_holds_a_day_of_several_kinds(day: str, tmp_path: Path) -> None:
    archive = tmp_path / "day.zip"
    with ZipFile(archive, "w") as made:
        made.write(day, "trade.csv")
        made.write(EXAMPLE, "masters.ndjson")
    zipped = json.loads(ran(str(archive), "--json", code=1))
    assert zipped["events"] == 11
    assert zipped["refusals"][0]["places"][0]["path"] == "trade.csv: row 3, count"


def test_what_is_vague_ends_with_1_only_when_that_is_asked_for() -> None:
    assert "would be vague" in ran(str(EXAMPLE))
    ran(str(EXAMPLE), "--strict", code=1)
    told = CliRunner().invoke(app, ["check-source", str(EXAMPLE), "--lang", "zh"])
    assert "结论：召回会含糊" in told.stdout


def test_no_event_and_no_file_end_with_the_codes_of_the_table(tmp_path: Path) -> None:
    empty = tmp_path / "empty.ndjson"
    empty.write_text("\n")
    assert "no event to check" in ran(str(empty), code=8)
    ran(str(tmp_path / "missing.csv"), code=8)
    ran(str(empty), "--from", "2026-05-01", code=2)


@settings(max_examples=15)
@given(st.lists(events("trade"), min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_the_same_is_said_in_any_order(sample: list[Event], random: Any) -> None:
    made = [Entry(number=n, document=json_form.write(each)) for n, each in enumerate(sample)]
    made.append(Entry(number=99, document={"kind": "trade", "envelope": {}}))
    shuffled = random.sample(made, len(made))
    one, other = (examined(each, "erp", NOW) for each in (made, shuffled))
    assert one.refusals == other.refusals
    assert one.refused == other.refused >= 1
    assert set(one.entries) == set(other.entries)


def test_a_cell_that_can_not_be_read_is_named_by_its_column() -> None:
    text = CSV.replace("12.5", "a lot")
    found = examined(entries(BytesIO(text.encode()), Form.CSV, kind="trade"), "erp", NOW)
    fields = {(each.code, each.field): each.places[0].path for each in found.refusals}
    assert fields[("csv.wrong-value", "count")] == "row 2, count"
