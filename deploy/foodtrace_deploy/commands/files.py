"""Files of events that a command is given: which form they have, and how they are opened."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO

from foodtrace.problems import TheirFault
from foodtrace_formats import csvform
from foodtrace_formats.files import Form, form_of
from foodtrace_formats.zipped import is_zip

STDIN = "-"
#: What an entry's number counts, by the form of its file.
PLACES = {Form.NDJSON: "line", Form.JSON: "item", Form.CSV: "row", Form.ZIP: "entry"}
KINDS = list(csvform.TEMPLATES)
_IN_MEMORY = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How files are to be read; None where they tell by themselves."""

    form: Form | None
    kind: str | None
    source: str | None

    def form_of(self, name: str, file: IO[bytes]) -> Form:
        """The form chosen; a kind is only ever given for CSV, alone or in a ZIP."""
        if self.form is not None:
            return self.form
        return Form.CSV if self.kind and not is_zip(file) else form_of(name, file)


def size_of(file: IO[bytes]) -> int:
    """Bytes of an open file, which stands at its beginning afterwards."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    return size


@contextmanager
def opened(name: str) -> Iterator[IO[bytes]]:
    """A file, or standard input, that can be rewound; raises TheirFault `file.unreadable`."""
    if name == STDIN:
        with SpooledTemporaryFile(_IN_MEMORY) as kept:
            shutil.copyfileobj(sys.stdin.buffer, kept)
            kept.seek(0)
            yield kept
        return
    with _found(name) as file:
        yield file


def check_readable(name: str) -> None:
    """Raise TheirFault `file.unreadable` unless there is such a file."""
    if name != STDIN:
        _found(name).close()


def _found(name: str) -> IO[bytes]:
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise TheirFault("file.unreadable", f"{name}: {error.strerror}") from error
