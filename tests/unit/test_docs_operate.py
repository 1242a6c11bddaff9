"""The book for operators names every error that ends a worker, and only commands that there are."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from foodtrace.problems import PROBLEMS
from foodtrace.problems.machinery import MACHINERY
from foodtrace_bus import exits
from foodtrace_deploy.main import app
from foodtrace_ops.metrics import METRICS
from foodtrace_ops.settings import PREFIX, table
from foodtrace_streams.app import ASKERS, WRITERS

DOCS = Path(__file__).parents[2] / "docs"
BOOKS = {
    name: (DOCS / name).read_text(encoding="utf-8") for name in ("operate.md", "operate.zh.md")
}
BOOK, BOOK_ZH = BOOKS.values()
ROW = re.compile(r"^\| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
CODE = re.compile(r"`([a-z]+\.[a-z-]+)`")
books = pytest.mark.parametrize("book", BOOKS.values(), ids=list(BOOKS))


def codes_of(text: str) -> set[str]:
    """Every error's code in a text; names of files and topics have dots as well."""
    return {code for code in CODE.findall(text) if code in PROBLEMS}


def by_exit(book: str) -> dict[int, tuple[bool, set[str]]]:
    """Whether a restart mends it, and the errors, by exit code as the book's table has them."""
    return {
        int(number): (mends in ("yes", "是"), codes_of(errors))
        for number, mends, errors in ROW.findall(book)
        if number.isdigit()
    }


@books
def test_every_error_of_the_machinery_is_in_the_book(book: str) -> None:
    assert set(MACHINERY) - codes_of(book) == set()


@books
def test_every_error_that_ends_a_worker_has_its_row_with_what_to_do(book: str) -> None:
    rows = {code.strip("`"): (means, act) for code, means, act in ROW.findall(book)}
    for code in exits.BY_PROBLEM:
        means, act = rows[code]
        assert min(len(means), len(act)) >= 5


@books
def test_exit_codes_are_those_of_the_table(book: str) -> None:
    told = by_exit(book)
    assert told.keys() == exits.RESTART | exits.OPS | set(exits.BY_PROBLEM.values())
    for code, number in exits.BY_PROBLEM.items():
        assert code in told[number][1], code
    for number, (mends, _) in told.items():
        assert mends == (number in exits.RESTART), number


def test_both_books_have_the_same_parts_rows_and_commands() -> None:
    fenced = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
    assert fenced.findall(BOOK) == fenced.findall(BOOK_ZH)
    levels = [re.findall(r"^(#+) ", fenced.sub("", book), re.MULTILINE) for book in BOOKS.values()]
    assert levels[0] == levels[1]
    first = [[row[0] for row in ROW.findall(book)] for book in BOOKS.values()]
    assert [cell for cell in first[0] if cell.isdigit() or "`" in cell] == [
        cell for cell in first[1] if cell.isdigit() or "`" in cell
    ]
    assert codes_of(BOOK) == codes_of(BOOK_ZH)


def commands(book: str) -> Iterator[list[str]]:
    """Every command of ours, in blocks and in sentences."""
    lines = re.findall(r"^foodtrace .+$", book, re.MULTILINE)
    spans = re.findall(r"`(foodtrace [^`]+)`", book)
    return (shlex.split(line)[1:] for line in (*lines, *spans))


def unknown(words: list[str]) -> list[str]:
    """What a command line names that isn't there."""
    command: Any = get_command(app)
    while hasattr(command, "commands") and words:
        found = command.commands.get(words[0])
        if found is None:
            return [words[0]]
        command, words = found, words[1:]
    options = {name for each in command.params for name in each.opts}
    return [word for word in words if word.startswith("-") and word not in options]


@books
def test_every_command_and_option_in_the_book_exists(book: str) -> None:
    found = list(commands(book))
    assert len(found) > 20
    assert [(words, wrong) for words in found if (wrong := unknown(words))] == []
    assert unknown(["topics", "shrink"]) == ["shrink"]
    assert unknown(["push", "--nothing"]) == ["--nothing"]


@books
def test_variables_metrics_and_figures_are_those_of_the_code(book: str) -> None:
    settings = {row.variable for row in table()}
    assert {each for each in re.findall(rf"{PREFIX}[A-Z_]+", book) if each not in settings} == set()
    names = {row.name for row in METRICS}
    assert set(re.findall(r"foodtrace_[a-z_]+", book)) <= names
    assert str(WRITERS + ASKERS) in re.findall(r"\d+", book)


@books
def test_links_lead_somewhere(book: str) -> None:
    headings = re.findall(r"^#+ (.+)$", book, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", each).lower().replace(" ", "-") for each in headings}
    for link in re.findall(r"\]\(([^)]+)\)", book):
        page, _, anchor = link.partition("#")
        assert (DOCS / page).exists() if page else anchor in anchors, link


@books
def test_files_that_the_book_names_are_there(book: str) -> None:
    named = set(re.findall(r"\bdeploy/[\w./-]*\w", book))
    # Its synchronous replication is what a worker's memory of lots relies on.
    assert "deploy/kubernetes/postgres.yaml" in named
    assert {path for path in named if not (DOCS.parent / path).exists()} == set()
