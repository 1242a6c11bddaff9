"""Rows become documents: one row a line, the rows of a document together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import IO, Any

from foodtrace.problems import InvalidValue, TheirFault
from foodtrace_formats.csvform.cells import When
from foodtrace_formats.csvform.columns import EXTRA, LINE_ROLE, Column, Path, Template
from foodtrace_formats.csvform.rows import Row, place, rows
from foodtrace_formats.csvform.templates import LINE_LISTS, TEMPLATES

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A document and the rows it was read from, or the problem that they have.

    `lines` gives the row of a line by its list and position in it.
    """

    rows: tuple[int, ...]
    lines: Mapping[tuple[str, int], int] = field(default_factory=dict)
    document: Json | None = None
    problem: TheirFault | None = None


def read(file: IO[bytes], *, kind: str | None = None, source: str | None = None) -> Iterator[Item]:
    """The documents of a CSV file that can be rewound, in their order.

    `kind` and `source` stand in where there is no such column (without either, the source is that of
    the key). A document with a bad cell is an item
    with a problem and doesn't stop the others; raises TheirFault where the file as a whole can't be
    read (encoding, header, quotes).
    """
    if kind is not None and kind not in TEMPLATES:
        raise TheirFault("csv.kind-needed", f"no template for {kind!r}", "--kind")
    seen: set[tuple[str, ...]] = set()
    for identity, group in groupby(rows(file, kind), key=_identity):
        together = list(group)
        numbers = tuple(row.number for row in together)
        try:
            if identity in seen:
                raise TheirFault("csv.scattered-document", identity[-1], place(numbers[0]))
            yield _item(together, kind, source)
        except TheirFault as problem:
            yield Item(rows=numbers, problem=problem)
        seen.add(identity)


def _identity(row: Row) -> tuple[str, ...]:
    names = ("kind", "source", "revision", "source_event_id")
    return tuple(row.cells.get(name, "") for name in names)


def _item(together: Sequence[Row], kind: str | None, source: str | None) -> Item:
    first = together[0]
    template = _template(first, kind)
    for column in template.columns:
        if column.needed and column.name not in first.cells:
            raise TheirFault("csv.missing-value", "", place(first.number, column.name))
    document: Json = {"kind": template.kind, "envelope": {"source": source} if source else {}}
    known = {column.name: column for column in template.columns}
    for row in together:
        _check_same(first, row, known)
    _fill(document, first, _of_document(first, known))
    _finish_envelope(document["envelope"])
    lines: dict[tuple[str, int], int] = {}
    document |= {name: [] for name in template.lists}
    for position, row in enumerate(together if template.lists else (), start=1):
        name = _list(row, template)
        lines[name, len(document[name])] = row.number
        document[name].append(_line(row, known, position))
    numbers = tuple(row.number for row in together)
    return Item(rows=numbers, lines=lines, document=document)


def _template(row: Row, kind: str | None) -> Template:
    named = row.cells.get("kind", kind)
    if named is None:
        raise TheirFault("csv.kind-needed", "", place(row.number))
    if named not in TEMPLATES or (kind is not None and named != kind):
        raise TheirFault("csv.kind-needed", repr(named[:60]), place(row.number, "kind"))
    return TEMPLATES[named]


def _check_same(first: Row, row: Row, known: Mapping[str, Column]) -> None:
    """Cells of the document are the same in all its rows, or empty after the first."""
    for name, cell in row.cells.items():
        column = known.get(name)
        if column is None and not name.startswith(EXTRA):
            raise TheirFault("csv.unknown-column", name, place(row.number, name))
        if (column is None or not column.in_line) and cell != first.cells.get(name):
            detail = f"{cell[:60]!r} after {first.cells.get(name, '')[:60]!r}"
            raise TheirFault("csv.different-document", detail, place(row.number, name))


def _of_document(row: Row, known: Mapping[str, Column]) -> Iterator[tuple[Column, str]]:
    for name, cell in row.cells.items():
        if name.startswith(EXTRA):
            yield Column(name=name, zh=name, path=("envelope", "extra", name[len(EXTRA) :])), cell
        elif not known[name].in_line:
            yield known[name], cell


def _line(row: Row, known: Mapping[str, Column], position: int) -> Json:
    line: Json = {"line_no": position}
    own = (
        (known[name], cell)
        for name, cell in row.cells.items()
        if name in known and known[name].in_line and name != LINE_ROLE
    )
    _fill(line, row, own)
    for name in ("count", "net_mass", "gross_mass", "tare_mass", "deduction"):
        given = line.get(name, {"amount": "", "unit": ""})
        if "unit" not in given:
            raise TheirFault("csv.missing-value", "", place(row.number, f"{name}_unit"))
        if "amount" not in given:
            raise TheirFault("csv.missing-value", "", place(row.number, name))
    return line


def _list(row: Row, template: Template) -> str:
    if len(template.lists) == 1:
        return template.lists[0]
    role = row.cells.get(LINE_ROLE, "")
    if role not in LINE_LISTS:
        detail = f"input or output, not {role[:20]!r}"
        raise TheirFault("csv.wrong-value", detail, place(row.number, LINE_ROLE))
    return LINE_LISTS[role]


def _fill(target: Json, row: Row, cells: Iterator[tuple[Column, str]]) -> None:
    for column, cell in cells:
        try:
            value = column.form.read(cell)
        except InvalidValue as problem:
            at = place(row.number, column.name)
            raise TheirFault(problem.code, problem.detail, at) from problem
        _put(target, column.path, value)
    _close_gaps(target)


def _put(target: Any, path: Path, value: Any) -> None:
    """Set a value deep inside, making lists and mappings on the way."""
    for step, following in pairwise(path):
        fresh: Any = [] if isinstance(following, int) else {}
        target = _child(target, step, fresh)
    if isinstance(path[-1], int):
        _child(target, path[-1], value)
    else:
        target[path[-1]] = value


def _child(target: Any, step: str | int, fresh: Any) -> Any:
    if isinstance(step, str):
        return target.setdefault(step, fresh)
    target.extend([None] * (step + 1 - len(target)))
    if target[step] is None:
        target[step] = fresh
    return target[step]


def _close_gaps(target: Json) -> None:
    for name in ("papers", "aliases", "conversions", "results"):
        if name in target:
            target[name] = [entry for entry in target[name] if entry is not None]


def _finish_envelope(envelope: Json) -> None:
    when: When = envelope["occurred_at"]
    envelope["occurred_at"] = when.at
    envelope["occurred_offset_minutes"] = when.offset_minutes
    envelope.setdefault("occurred_precision", when.precision)
    envelope.setdefault("business_date", when.local_day)
