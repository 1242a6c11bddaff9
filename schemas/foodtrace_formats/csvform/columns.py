"""What a column and a template are: reading, writing, templates and docs all follow from them."""

from __future__ import annotations

from dataclasses import dataclass

from foodtrace_formats.csvform import cells
from foodtrace_formats.csvform.cells import Form

#: A place in the JSON form; a number is a position in a list.
Path = tuple[str | int, ...]

#: Numbered groups (paper1_kind, paper2_kind ...) go up to this.
GROUP_LIMIT = 6
#: So many analytes a row of CSV has at most (result1_analyte ...); a longer report comes as JSON.
RESULT_LIMIT = 30
#: Own data: `extra.NAME` becomes an entry of the envelope's `extra`.
EXTRA = "extra."
#: Where a line's columns belong: `lines`, or `inputs` and `outputs` of a transformation.
LINE_ROLE = "line_role"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its names, its place in a document (or in a line of it) and what its cells hold."""

    name: str
    zh: str
    path: Path
    form: Form = cells.TEXT
    in_line: bool = False
    needed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """The columns of one kind, those of the document first; `lists` are where its lines go."""

    kind: str
    columns: tuple[Column, ...]
    lists: tuple[str, ...]

    def usual(self) -> tuple[Column, ...]:
        """The columns an empty file has: of numbered groups the first, the others may be added."""
        return tuple(
            column
            for column in self.columns
            if not any(isinstance(step, int) and step > 0 for step in column.path)
        )

    def named(self) -> dict[str, Column]:
        """The columns by their names in both languages."""
        return {name: column for column in self.columns for name in (column.name, column.zh)}
