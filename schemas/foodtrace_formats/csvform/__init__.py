"""CSV as spreadsheets and small ERPs write it: a template of columns for each kind of document.

A row is a line of a document; the rows of a document stand together and share its
`source_event_id`. Columns are named in English or Chinese; the table is in `templates.py`, and
`foodtrace push --template KIND` prints an empty file. UTF-8 and GB18030 are told apart by the bytes.
"""

from foodtrace_formats.csvform.columns import Column, Template
from foodtrace_formats.csvform.locate import locate
from foodtrace_formats.csvform.reader import Item, read
from foodtrace_formats.csvform.templates import TEMPLATES
from foodtrace_formats.csvform.writer import described, empty, header, write

__all__ = [
    "TEMPLATES",
    "Column",
    "Item",
    "Template",
    "described",
    "empty",
    "header",
    "locate",
    "read",
    "write",
]
