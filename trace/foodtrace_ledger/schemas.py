"""The PostgreSQL schemas a ledger may stand in, and statements turned from one to another.

Every statement, view and migration names the live one, `ledger`. A ledger that is built or kept
beside it has the same tables in another schema, and its engine says so.
"""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Engine, event

from foodtrace_ledger.tables import SCHEMA

#: Built beside the live one by a replay, until both are switched.
NEXT = "ledger_next"
#: What was the live one before a switch, kept until somebody drops it.
BEFORE = "ledger_before"

_NAMED = re.compile(rf"\b{SCHEMA}\.")


def turned(statement: str, schema: str) -> str:
    """The statement with `schema` in place of the live one; data are parameters and stay."""
    return _NAMED.sub(f"{schema}.", statement)


def turn_statements(engine: Engine, schema: str) -> None:
    """Let every statement of an engine, prepared ones and migrations too, go to `schema`."""

    def turn(_conn: Any, _cursor: Any, statement: str, asked: Any, *_more: Any) -> tuple[str, Any]:
        return turned(statement, schema), asked

    event.listen(engine, "before_cursor_execute", turn, retval=True)
