"""Where in a CSV file a field of a document stands that a door refused."""

from __future__ import annotations

import re

from foodtrace_formats.csvform.columns import Path, Template
from foodtrace_formats.csvform.reader import Item
from foodtrace_formats.csvform.rows import place
from foodtrace_formats.csvform.templates import TEMPLATES

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def locate(item: Item, path: str) -> str:
    """The row and column of a field path such as `lines[0].count.amount`, as near as can be told."""
    steps: Path = tuple(name or int(index) for name, index in _STEP.findall(path))
    document = item.document or {}
    template = TEMPLATES.get(str(document.get("kind")))
    if template is None or not steps:
        return place(item.rows[0])
    in_line = steps[0] in template.lists
    row = item.rows[0]
    if in_line and len(steps) > 1:
        row = item.lines.get((str(steps[0]), int(steps[1])), row)
        steps = steps[2:]
    return place(row, _column(template, in_line, steps))


def _column(template: Template, in_line: bool, steps: Path) -> str:
    """The first column at that place, or inside it, or around it."""
    columns = [column for column in template.columns if column.in_line == in_line]
    for column in columns:
        shared = min(len(steps), len(column.path))
        if shared and steps[:shared] == column.path[:shared]:
            return column.name
    return ""
