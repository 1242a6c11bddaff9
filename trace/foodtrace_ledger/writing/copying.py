"""Rows into a table by COPY, for a ledger that nobody else writes to yet.

In the live ledger a client that stalls in COPY would hold its locks beyond every time-out; and only
where nothing can conflict is there nothing to answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

import psycopg2
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

#: The option of an engine whose fact rows are copied; its value is the schema.
OPTION = "copies"

# What COPY takes for NULL; a text that is exactly this goes the slow way.
_NULL = "\x02"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\x02": "\\x02"})


def copies_to(conn: Connection) -> str | None:
    """The schema that rows are copied to; None where they are inserted."""
    schema: str | None = conn.get_execution_options().get(OPTION)
    return schema


def copy(
    conn: Connection, schema: str, table: str, columns: Iterable[str], rows: Sequence[Any]
) -> None:
    """Append the rows; raises what the database says as SQLAlchemy's own errors do."""
    listed = ", ".join(f'"{column}"' for column in columns)
    statement = f"COPY {schema}.{table} ({listed}) FROM STDIN WITH (NULL '{_NULL}')"
    cursor = conn.connection.cursor()
    try:
        cursor.copy_expert(statement, StringIO(as_copied(rows)))
    except psycopg2.Error as error:
        lost = conn.connection.dbapi_connection.closed  # type: ignore[union-attr]
        raise DBAPIError.instance(
            statement, None, error, psycopg2.Error, connection_invalidated=bool(lost)
        ) from error
    finally:
        cursor.close()


def as_copied(rows: Sequence[Sequence[Any]]) -> str:
    """The rows in COPY's text form."""
    nulls = 0
    lines = []
    for row in rows:
        nulls += sum(value is None for value in row)
        lines.append("\t".join([_NULL if value is None else str(value) for value in row]))
    text = "\n".join(lines)
    # The usual case at the speed of join: nothing in it that would need an escape.
    if (
        "\\" not in text
        and "\r" not in text
        and text.count("\n") == len(rows) - 1
        and text.count("\t") == sum(len(row) - 1 for row in rows)
        and text.count(_NULL) == nulls
    ):
        return text + "\n"
    return "".join("\t".join([_escaped(value) for value in row]) + "\n" for row in rows)


def _escaped(value: Any) -> str:
    return _NULL if value is None else str(value).translate(_ESCAPES)
