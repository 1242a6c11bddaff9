"""The reference page says what the tables in the code say, and each table is whole."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from foodtrace.flags import FLAGS
from foodtrace.problems import PROBLEMS
from foodtrace.problems.bundles import BUNDLES
from foodtrace.problems.contents import CONTENTS
from foodtrace.problems.doors import DOORS
from foodtrace.problems.evidence import EVIDENCE
from foodtrace.problems.machinery import MACHINERY
from foodtrace.problems.rebuilding import REBUILDING
from foodtrace_deploy import reference
from foodtrace_ops.settings import table

ROOT = Path(__file__).parents[2]


def test_the_reference_page_is_current() -> None:
    """`make docs` writes it anew."""
    page = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    assert page == reference.page()


def test_no_problem_code_stands_twice() -> None:
    tables = (BUNDLES, CONTENTS, DOORS, EVIDENCE, MACHINERY, REBUILDING)
    assert len(PROBLEMS) == sum(map(len, tables))


@pytest.mark.parametrize("code", [*PROBLEMS, *FLAGS])
def test_every_code_speaks_both_languages(code: str) -> None:
    text = PROBLEMS[code] if code in PROBLEMS else FLAGS[code]
    assert _chinese(text.zh)
    assert text.en
    assert not _chinese(text.en)


def test_every_setting_speaks_both_languages() -> None:
    for row in table():
        assert row.en, row.variable
        assert _chinese(row.zh), row.variable


def test_every_problem_code_in_the_code_is_in_the_table() -> None:
    """A code that isn't in the table raises KeyError just when it is needed."""
    raised = {"TheirFault", "InvalidValue", "NotFound", "Conflict", "OurFault"}
    unknown = {
        (path.name, code)
        for source in ("trace", "schemas", "streams", "api", "deploy")
        for path in (ROOT / source).rglob("*.py")
        for code in _codes(path, raised)
        if code not in PROBLEMS
    }
    assert unknown == set()


def _chinese(text: str) -> bool:
    return any("一" <= character <= "鿿" for character in text)


def _codes(path: Path, raised: set[str]) -> set[str]:
    return {
        node.args[0].value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in raised
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }
