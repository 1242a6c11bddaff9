"""The rows of a file with their row numbers, cells by column."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from typing import IO

from foodtrace.problems import TheirFault
from foodtrace_formats.csvform.columns import EXTRA, Column
from foodtrace_formats.csvform.encoding import encoding_of
from foodtrace_formats.csvform.templates import TEMPLATES

_SEPARATORS = ",;\t"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row: its number as a spreadsheet shows it (the header is 1), and its cells by column."""

    number: int
    cells: Mapping[str, str]


def place(number: int, column: str = "") -> str:
    """The path of a problem in a file."""
    return f"row {number}, {column}" if column else f"row {number}"


def rows(file: IO[bytes], kind: str | None) -> Iterator[Row]:
    """The rows that hold something; raises TheirFault for a header or file that can't be read."""
    text = TextIOWrapper(file, encoding=encoding_of(file), newline="")
    try:
        yield from _rows(text, kind)
    finally:
        text.detach()


def _rows(text: TextIOWrapper, kind: str | None) -> Iterator[Row]:
    reader = csv.reader(text, delimiter=_separator(text), strict=True)
    names: list[str] = []
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if not any(cell.strip() for cell in cells):
                continue
            if not names:
                names = _header(cells, kind)
                continue
            yield Row(number=number, cells=_cells(names, cells, number))
    except csv.Error as error:
        raise TheirFault("csv.broken-quotes", str(error), place(number + 1)) from error
    if not names:
        raise TheirFault("csv.no-rows")


def _separator(text: TextIOWrapper) -> str:
    """Of comma, semicolon and tab the one that stands most in the header."""
    head = text.readline()
    text.seek(0)
    return max(_SEPARATORS, key=head.count)


def _header(cells: Sequence[str], kind: str | None) -> list[str]:
    kinds = [kind] if kind else list(TEMPLATES)
    known: dict[str, Column] = {}
    for each in kinds:
        known |= TEMPLATES[each].named()
    names: list[str] = []
    for number, cell in enumerate(cells, start=1):
        written = cell.strip()
        column = known.get(written) or known.get(written.lower())
        name = column.name if column else written
        if column is None and not (written.startswith(EXTRA) and len(written) > len(EXTRA)):
            raise TheirFault("csv.unknown-column", repr(written[:60]), f"row 1, column {number}")
        if name in names:
            raise TheirFault("csv.duplicate-column", written, f"row 1, column {number}")
        names.append(name)
    return names


def _cells(names: Sequence[str], cells: Sequence[str], number: int) -> Mapping[str, str]:
    if any(cell.strip() for cell in cells[len(names) :]):
        detail = f"{len(cells)} cells under {len(names)} columns"
        raise TheirFault("csv.too-many-cells", detail, place(number))
    filled = {name: cell.strip() for name, cell in zip(names, cells, strict=False)}
    return {name: cell for name, cell in filled.items() if cell}
