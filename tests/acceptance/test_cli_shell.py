"""The command itself, without any server: help, completion, templates."""

from __future__ import annotations

from pathlib import Path

import pytest

from foodtrace_formats.csvform import TEMPLATES
from support import shop


def completed(words: str) -> set[str]:
    """What the shell would offer behind these words."""
    asked = {
        "_FOODTRACE_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split(" ")) - 1),
    }
    return set(shop.run(env=asked).out.split())


def test_the_shell_completes_commands_and_choices() -> None:
    assert completed("foodtrace af") == {"affected"}
    assert completed("foodtrace push --kind ") == set(TEMPLATES)
    assert completed("foodtrace keys issue in") == {"inspector"}


@pytest.mark.parametrize(("language", "word"), [("zh", "报送"), ("en", "Push")])
def test_help_speaks_the_language_asked_for(language: str, word: str) -> None:
    assert word in shop.run("--lang", language, "--help").out
    assert word in shop.run("push", "--help", env={"LANG": f"{language}_XX.UTF-8"}).out


def test_a_template_is_a_csv_header() -> None:
    ran = shop.run("push", "--template", "disposal")
    assert ran.code == 0
    assert "reason" in ran.out.strip().split(",")
    ran = shop.run("push", "--template", "stocktake", "--lang", "zh")
    assert "实盘数量" in ran.out.strip().split(",")
    described = shop.run("push", "--template", "stocktake", "--json").json
    assert {"name", "zh", "holds", "needed", "in_line"} == set(described["columns"][0])
    assert shop.run("push", "--template", "moon").code == 2


def test_a_stack_is_found_by_its_folder_or_not_at_all(tmp_path: Path) -> None:
    ran = shop.run("affected", "x", "--data", str(tmp_path), "--json")
    assert (ran.code, ran.json["problem"]["code"]) == (4, "api.unreachable")
    ran = shop.run("keys", "list", "--url", "http://127.0.0.1:1", "--lang", "zh")
    assert ran.code == 4
    assert "无法连接" in ran.err
