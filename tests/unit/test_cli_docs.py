"""docs/cli.md says what the tables in the code say."""

from __future__ import annotations

from pathlib import Path

import pytest

from foodtrace_client import ApiError
from foodtrace_client.errors import Problem, error_of
from foodtrace_deploy.commands.exits import MEANINGS, Exit, exit_of
from foodtrace_formats.csvform import TEMPLATES

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")


def test_every_exit_code_is_documented_in_order() -> None:
    rows = [f"| {code.value} | {text.en} | {text.zh} |" for code, text in MEANINGS.items()]
    assert "\n".join(rows) in PAGE
    assert list(MEANINGS) == list(Exit)


def test_every_kind_of_csv_is_documented() -> None:
    assert ", ".join(TEMPLATES) in PAGE


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, Exit.REFUSED),
        (401, Exit.DENIED),
        (403, Exit.DENIED),
        (404, Exit.NOT_KNOWN),
        (409, Exit.AMBIGUOUS),
        (429, Exit.UNAVAILABLE),
        (503, Exit.UNAVAILABLE),
    ],
)
def test_a_problem_ends_with_its_code(status: int, code: Exit) -> None:
    error: ApiError = error_of(Problem(status=status, code="x", zh="", en=""))
    assert exit_of(error) is code
