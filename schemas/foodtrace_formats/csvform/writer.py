"""Documents become rows again: what `read` reads back as the same documents."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any

from foodtrace.problems import TheirFault
from foodtrace_formats.csvform.cells import HOME_OFFSET_MINUTES, read_when, write_when
from foodtrace_formats.csvform.columns import EXTRA, LINE_ROLE, Column, Path
from foodtrace_formats.csvform.templates import LINE_LISTS, TEMPLATES


def header(kind: str) -> list[str]:
    """The names of all columns of a kind, in the template's order."""
    return [column.name for column in TEMPLATES[kind].columns]


def empty(kind: str, *, chinese: bool = False) -> str:
    """The header line of an empty file of a kind, its columns named in English or Chinese."""
    return ",".join(column.zh if chinese else column.name for column in TEMPLATES[kind].usual())


def described(kind: str) -> list[dict[str, Any]]:
    """The columns of an empty file: both names, what their cells hold, whether one must be there."""
    return [
        {
            "name": column.name,
            "zh": column.zh,
            "holds": {"en": column.form.en, "zh": column.form.zh},
            "needed": column.needed,
            "in_line": column.in_line,
        }
        for column in TEMPLATES[kind].usual()
    ]


def write(documents: Iterable[Mapping[str, Any]], kind: str, file: IO[str]) -> None:
    """Write documents of one kind, all columns that some of them use.

    `file` is opened with `newline=""`, in UTF-8 (with `utf-8-sig` Excel shows Chinese text right).
    Raises TheirFault for a document of another kind or with something no column is for.
    """
    written = [dict(row) for document in documents for row in rows_of(document, kind)]
    used = {name for row in written for name in row}
    names = [name for name in header(kind) if name in used]
    names += sorted(name for name in used if name.startswith(EXTRA))
    writer = csv.DictWriter(file, names, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(written)


def rows_of(document: Mapping[str, Any], kind: str) -> Iterator[Mapping[str, str]]:
    """The rows of one document, cells by column."""
    if document.get("kind") != kind:
        raise TheirFault("csv.kind-needed", f"{document.get('kind')!r} among {kind!r}")
    template = TEMPLATES[kind]
    leaves = dict(_leaves({k: v for k, v in document.items() if k not in template.lists}, ()))
    common = _document_cells(leaves, [c for c in template.columns if not c.in_line])
    if not template.lists:
        yield common
    in_line = [column for column in template.columns if column.in_line]
    roles = {target: role for role, target in LINE_LISTS.items() if role.isascii()}
    for name in template.lists:
        for line in document[name]:
            own = _cells(dict(_leaves(line, ())), in_line)
            role = {LINE_ROLE: roles[name]} if len(template.lists) > 1 else {}
            yield {**common, **role, **own}


def _document_cells(leaves: dict[Path, Any], columns: list[Column]) -> dict[str, str]:
    extra = {path: leaves.pop(path) for path in list(leaves) if path[:2] == ("envelope", "extra")}
    _join_moment(leaves)
    return {
        **_cells(leaves, columns),
        **{EXTRA + str(path[2]): value for path, value in extra.items()},
    }


def _join_moment(leaves: dict[Path, Any]) -> None:
    """One cell for moment, offset, precision and day, where they follow from each other."""
    at, offset, precision, day = (("envelope", name) for name in _MOMENT)
    said = str(leaves.get(precision, "instant"))
    cell = write_when(leaves[at], leaves.pop(offset, HOME_OFFSET_MINUTES), said)
    implied = read_when(cell)
    leaves[at] = cell
    leaves[precision] = None if said == implied.precision else said
    leaves[day] = None if leaves.get(day) == implied.local_day else leaves.get(day)


def _cells(leaves: dict[Path, Any], columns: list[Column]) -> dict[str, str]:
    cells = {}
    for column in columns:
        value = leaves.pop(column.path, None)
        if value is not None:
            cells[column.name] = _written(column, value)
    if leaves:
        raise TheirFault("csv.unknown-column", ", ".join(map(str, leaves)))
    return cells


def _written(column: Column, value: Any) -> str:
    return value if isinstance(value, str) else column.form.write(value)


_MOMENT = ("occurred_at", "occurred_offset_minutes", "occurred_precision", "business_date")
#: Lists that fill one cell.
_WHOLE = frozenset({"voucher_numbers", "lot_codes", "source_lot_codes", "corrective_event_ids"})


def _leaves(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """The values of a document by their place, without what isn't stated."""
    if value is None or value in ([], {}):
        return
    if isinstance(value, Mapping):
        for name, entry in value.items():
            yield from _leaves(entry, (*path, name))
    elif isinstance(value, list | tuple) and path[-1] not in _WHOLE:
        for index, entry in enumerate(value):
            yield from _leaves(entry, (*path, index))
    else:
        yield path, value
