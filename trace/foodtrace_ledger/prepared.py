"""Named statements of readers, parsed and planned once per connection rather than at every call.

Planning costs an answer of some hundred lots more than running does. A plan made once doesn't know
how many lots are asked about and is made for few; a question about many is planned for itself.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, event

# How long (in characters) the arrays of a question may be for the plan made once: some 1,000 lots.
SHORT = 8_000

_ASKED = re.compile(r"%\((\w+)\)s")


def prepare_named(engine: Engine) -> None:
    """Let connections with the option `prepared` prepare statements that have a name."""
    event.listen(engine, "before_cursor_execute", _execute_prepared, retval=True)


def _execute_prepared(
    conn: Connection,
    _cursor: object,
    statement: str,
    asked: Any,
    context: Any,
    _many: bool,
) -> tuple[str, Any]:
    name = context.execution_options.get("named")
    if name is None or not context.execution_options.get("prepared") or _length(asked) > SHORT:
        return statement, asked
    prepare, execute = _texts(name, statement)
    known: set[str] = conn.info.setdefault("prepared", set())
    if name not in known:
        conn.exec_driver_sql(prepare)
        known.add(name)
    return execute, asked


def _length(asked: dict[str, object]) -> int:
    return sum(len(value) for value in asked.values() if isinstance(value, str))


@cache
def _texts(name: str, statement: str) -> tuple[str, str]:
    """The text that prepares a statement, and the one that runs it with the driver's parameters."""
    order = list(dict.fromkeys(_ASKED.findall(statement)))
    numbered = _ASKED.sub(lambda found: f"${order.index(found[1]) + 1}", statement)
    given = ", ".join(f"%({each})s" for each in order)
    return (
        f"PREPARE {name} AS {numbered}",
        f"EXECUTE {name}({given})" if order else f"EXECUTE {name}",
    )
