"""Which encoding a file is in: what spreadsheets write in China is UTF-8 or GB18030."""

from __future__ import annotations

import codecs
from typing import IO

from foodtrace.problems import TheirFault

_CHUNK = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def encoding_of(file: IO[bytes]) -> str:
    """The encoding of a file that can be rewound; raises TheirFault when it is neither.

    By its mark if it has one, else UTF-8 if every byte fits, else GB18030 if every byte fits. GB18030
    takes many a byte string, so a text in another encoding may pass: then the names of the columns
    won't be found.
    """
    head = file.read(4)
    file.seek(0)
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    reasons = []
    for name in ("utf-8", "gb18030"):
        reason = _misfit(file, name)
        file.seek(0)
        if reason is None:
            return name
        reasons.append(reason)
    raise TheirFault("csv.encoding", "; ".join(reasons))


def _misfit(file: IO[bytes], name: str) -> str | None:
    decoder = codecs.getincrementaldecoder(name)()
    done = 0
    try:
        while chunk := file.read(_CHUNK):
            decoder.decode(chunk)
            done += len(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return f"not {name} near byte {done + error.start}"
    return None
