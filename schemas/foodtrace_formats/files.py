"""Files of events in any form, as entries with their place in the file.

Refused entries are kept as NDJSON, each with a member `_refused` that says why; pushing such a file
again, corrected, leaves that member out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from pathlib import PurePosixPath
from typing import IO, Any

from foodtrace.problems import TheirFault
from foodtrace_formats import csvform
from foodtrace_formats.zipped import is_zip, members

#: The member of a refused document that says why.
REFUSED = "_refused"
#: A line that is no JSON object, as text.
RAW = "_raw"
_MARK = f'"{REFUSED}"'.encode()
_HEAD = 4096
_SUFFIXES = {
    ".zip": "zip",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
}


class Form(StrEnum):
    """How events stand in a file."""

    NDJSON = "ndjson"
    JSON = "json"
    CSV = "csv"
    ZIP = "zip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One document of a file: `number` is its line (NDJSON), item (JSON) or first row (CSV).

    `document` is a mapping, or the bytes of a line; where there is none, `problem` says why.
    `member` is the file inside a ZIP.
    """

    number: int
    document: Mapping[str, Any] | bytes | None = None
    problem: TheirFault | None = None
    item: csvform.Item | None = None
    member: str = ""

    def locate(self, path: str) -> str:
        """A field path as it is found in the file: row and column in CSV, itself elsewhere."""
        return self.inside(path if self.item is None else csvform.locate(self.item, path))

    def inside(self, place: str) -> str:
        """A place in the file, with the name of the file where that lies in a ZIP."""
        return f"{self.member}: {place}" if self.member else place


def form_of(name: str, file: IO[bytes]) -> Form:
    """The form by the file's name, else by how it begins; raises TheirFault when neither tells."""
    for suffix, form in _SUFFIXES.items():
        if name.lower().endswith(suffix):
            return Form(form)
    head = file.read(_HEAD)
    file.seek(0)
    if is_zip(file):
        return Form.ZIP
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"["):
        return Form.JSON
    if start.startswith(b"{"):
        return Form.NDJSON if _is_object(start.split(b"\n")[0]) else Form.JSON
    if any(mark in head for mark in (b",", b";", b"\t")):
        return Form.CSV
    raise TheirFault("file.unknown-format", name)


def entries(
    file: IO[bytes], form: Form, *, kind: str | None = None, source: str | None = None
) -> Iterator[Entry]:
    """The entries of a file that can be rewound; `kind` and `source` are for CSV.

    The files in a ZIP come in the order of their names, and a CSV named after a kind (`trade.csv`)
    is of that kind.

    Raises TheirFault where the file as a whole can't be read.
    """
    if form is Form.CSV:
        for item in csvform.read(file, kind=kind, source=source):
            yield Entry(
                number=item.rows[0], document=item.document, problem=item.problem, item=item
            )
    elif form is Form.JSON:
        yield from _items(file)
    elif form is Form.ZIP:
        yield from _members(file, kind, source)
    else:
        yield from _lines(file)


def refused_line(entry: Entry, why: Mapping[str, Any]) -> bytes:
    """An entry as a line of a file of refused events, with the reason in it."""
    document = entry.document
    if isinstance(document, bytes):
        found = _object(document)
        document = found if found is not None else {RAW: document.decode("utf-8", "replace")}
    whole = {REFUSED: dict(why), **(document or {})}
    # For people to correct, so Chinese stays legible; a lone surrogate only travels escaped.
    text = json.dumps(whole, ensure_ascii=False, default=_plain)
    try:
        return text.encode() + b"\n"
    except UnicodeEncodeError:
        return json.dumps(whole, default=_plain).encode("ascii") + b"\n"


def _members(file: IO[bytes], kind: str | None, source: str | None) -> Iterator[Entry]:
    for name, member in members(file):
        form = form_of(name, member)
        if form is Form.ZIP:
            raise TheirFault("file.unknown-format", name)
        stem = PurePosixPath(name).stem
        own = stem if stem in csvform.TEMPLATES else kind
        for entry in entries(member, form, kind=own, source=source):
            yield replace(entry, member=name)


def _lines(file: IO[bytes]) -> Iterator[Entry]:
    for number, line in enumerate(file, start=1):
        text = line.strip().removeprefix(b"\xef\xbb\xbf")
        if text:
            yield Entry(number=number, document=_without_mark(text))


def _without_mark(line: bytes) -> Mapping[str, Any] | bytes:
    found = _object(line) if _MARK in line else None
    if found is None or REFUSED not in found:
        return line
    return {name: value for name, value in found.items() if name != REFUSED}


def _items(file: IO[bytes]) -> Iterator[Entry]:
    try:
        found = json.loads(file.read(), parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise TheirFault("event.malformed", str(error)) from error
    for number, item in enumerate(found if isinstance(found, list) else [found], start=1):
        if isinstance(item, dict):
            yield Entry(number=number, document=item)
        else:
            problem = TheirFault("event.malformed", "an event is a JSON object")
            yield Entry(number=number, problem=problem)


def _is_object(line: bytes) -> bool:
    return _object(line) is not None


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(line, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(f"{type(value).__name__} has no JSON form")
