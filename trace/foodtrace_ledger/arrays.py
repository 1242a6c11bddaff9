"""PostgreSQL array literals for `unnest`: one text per column.

A list handed to psycopg2 becomes `ARRAY['a', 'b', ...]`, one node per element for the server's
parser; a literal is one constant. (bench_ledger.py compares the two.)
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

_NULL = "NULL"


def numbers(values: Iterable[int | None]) -> str:
    """For bigint[] and integer[]."""
    return "{" + ",".join([_NULL if v is None else str(v) for v in values]) + "}"


def flags(values: Iterable[bool]) -> str:
    """For boolean[]."""
    return "{" + ",".join(["t" if v else "f" for v in values]) + "}"


def texts(values: Iterable[str | None]) -> str:
    """For text[] (and anything whose input may hold commas, quotes or braces)."""
    listed = list(values)
    if None not in listed:
        # The usual case at the speed of join: nothing in it that would need an escape.
        joined = '","'.join(listed)  # type: ignore[arg-type]
        if "\\" not in joined and joined.count('"') == 2 * (len(listed) - 1):
            return '{"' + joined + '"}'
    return "{" + ",".join([_NULL if v is None else _quoted(v) for v in listed]) + "}"


def ids(values: Iterable[UUID]) -> str:
    """For uuid[]."""
    return "{" + ",".join([v.hex for v in values]) + "}"


def days(values: Iterable[date | None]) -> str:
    """For date[]."""
    return "{" + ",".join([_NULL if v is None else v.isoformat() for v in values]) + "}"


def moments(values: Iterable[datetime]) -> str:
    """For timestamptz[]; isoformat holds no comma, quote or space."""
    return "{" + ",".join([v.isoformat() for v in values]) + "}"


def blobs(values: Iterable[bytes | None]) -> str:
    """For bytea[]."""
    return "{" + ",".join([_NULL if v is None else f'"\\\\x{v.hex()}"' for v in values]) + "}"


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
