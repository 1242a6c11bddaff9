"""Named SQL: a statement stands in `sql/*.sql` under a line `-- name: it`, and nowhere else.

`{other}` in a statement stands for the text of that name, for parts that several share; parts may
have parts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import Connection, TextClause, text

_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)
_PART = re.compile(r"\{(\w+)\}")


@cache
def _statements() -> dict[str, str]:
    found: dict[str, str] = {}
    for file in sorted(files("foodtrace_ledger.sql").iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".sql"):
            continue
        parts = _NAME.split(file.read_text("utf-8"))[1:]
        for name, body in zip(parts[::2], parts[1::2], strict=True):
            if name in found:
                raise ValueError(f"two statements are named {name}")
            found[name] = body.strip()
    return found


@cache
def sql(name: str) -> TextClause:
    """The statement of that name; raises KeyError if there is none."""
    return text(_whole(name)).execution_options(named=name)


def names() -> list[str]:
    """All statements, without the parts that stand in others."""
    parts = {part for body in _statements().values() for part in _PART.findall(body)}
    return [name for name in _statements() if name not in parts]


def _whole(name: str) -> str:
    return _PART.sub(lambda part: _whole(part[1]), _statements()[name])


def plain(conn: Connection, name: str, asked: Mapping[str, object]) -> list[tuple[Any, ...]]:
    """All rows of a statement as the driver's own tuples, for answers of a million rows."""
    result = conn.execute(sql(name), asked)
    assert result.cursor is not None
    rows: list[tuple[Any, ...]] = result.cursor.fetchall()  # type: ignore[assignment]
    result.close()
    return rows
