"""The files in a ZIP, one after another, each so that it can be rewound."""

from __future__ import annotations

import shutil
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo

from foodtrace.problems import TheirFault

#: Bytes of one file, unpacked; a sample day is far below, and a bomb far above.
MEMBER_LIMIT = 2 * 1024**3
_IN_MEMORY = 16 * 1024 * 1024
_HEAD = b"PK\x03\x04"
# What zipfile raises for something that isn't one, is cut off, encrypted or packed in an odd way.
_BROKEN = (BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError)


def is_zip(file: IO[bytes]) -> bool:
    """Whether a file that can be rewound begins like a ZIP."""
    head = file.read(len(_HEAD))
    file.seek(0)
    return head == _HEAD


def members(file: IO[bytes]) -> Iterator[tuple[str, IO[bytes]]]:
    """Name and content of each file, in the order of names; folders and hidden files are left out.

    Raises TheirFault `file.unreadable` for what is no ZIP that can be read.
    """
    try:
        with ZipFile(file) as archive:
            for info in sorted(archive.infolist(), key=lambda each: each.filename):
                if _is_document(info):
                    with SpooledTemporaryFile(_IN_MEMORY) as kept:
                        _unpack(archive, info, kept)
                        yield info.filename, kept
    except _BROKEN as error:
        raise TheirFault("file.unreadable", str(error)) from error


def _is_document(info: ZipInfo) -> bool:
    parts = PurePosixPath(info.filename).parts
    return not info.is_dir() and not any(part.startswith((".", "__MACOSX")) for part in parts)


def _unpack(archive: ZipFile, info: ZipInfo, into: IO[bytes]) -> None:
    if info.file_size > MEMBER_LIMIT:
        raise TheirFault("file.unreadable", f"{info.filename}: {info.file_size} bytes")
    with archive.open(info) as packed:
        shutil.copyfileobj(packed, into)
    into.seek(0)
