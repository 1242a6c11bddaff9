"""The first keys of a new stack, shown once, as Jupyter shows its token."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, func, select, text, update

from foodtrace.access import Role
from foodtrace_office.keys import KeyRequest, issue_key
from foodtrace_office.tables import api_key

_LABEL = "first"
_LOCK = 0x6F66666963650002  # "office" and a number: two stacks on one database make one set.

#: Who the demo's reporter key speaks for; mandates name this reporter.
DEMO_REPORTER = "demo-market"
#: The source under which the demo's reporter key pushes.
DEMO_SOURCE = "demo"


def first_keys(engine: Engine, *, again: bool = False) -> dict[str, str]:
    """The initial keys in clear, by role: admin, ops, inspector, reporter.

    Made on the first start; on later ones the answer is empty, since only hashes are kept.
    `again` revokes the earlier set and makes a new one.
    """
    with engine.begin() as connection:
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        if again:
            _revoke(connection)
        elif _made(connection):
            return {}
        return {request.role.value: issue_key(connection, request)[1] for request in _requests()}


def _requests() -> tuple[KeyRequest, ...]:
    return (
        KeyRequest(role=Role.ADMIN, label=_LABEL),
        KeyRequest(role=Role.OPS, label=_LABEL),
        KeyRequest(role=Role.INSPECTOR, label=_LABEL),
        KeyRequest(role=Role.REPORTER, reporter=DEMO_REPORTER, source=DEMO_SOURCE, label=_LABEL),
    )


def _made(connection: Connection) -> bool:
    # Revoked ones count too: an operator who ended the first keys doesn't want them back.
    found = connection.execute(select(func.count()).where(api_key.c.label == _LABEL))
    return bool(found.scalar_one())


def _revoke(connection: Connection) -> None:
    connection.execute(
        update(api_key)
        .where(api_key.c.label == _LABEL, api_key.c.revoked_at.is_(None))
        .values(revoked_at=func.now())
    )
