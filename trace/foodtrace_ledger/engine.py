"""Connections to the ledger: time-outs that free what a frozen client holds, and one snapshot.

A frozen worker must not stop its successor: waiting for a lock ends after 2 s, an idle transaction
after 10 s, and a dead peer is noticed by TCP keepalives within about half a minute.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, create_engine, make_url, text

from foodtrace_ledger import memory
from foodtrace_ledger.prepared import prepare_named
from foodtrace_ledger.schemas import turn_statements
from foodtrace_ledger.tables import SCHEMA

APPLICATION = "foodtrace"
LOCK_TIMEOUT_MS = 2_000
IDLE_IN_TRANSACTION_MS = 10_000
IDLE_IN_SNAPSHOT_MS = 300_000
RECYCLE_S = 300

# A switch to another ledger waits for this lock, and an answer that has to wait for a switch takes
# its snapshot after it: no answer mixes two ledgers. (LOCK is the one statement that takes none.)
_OF_ONE_LEDGER = "LOCK TABLE ledger.instance IN ACCESS SHARE MODE;"

# One round trip: a large answer may keep the client busy for longer, since a reader holds no row's
# lock; and whether the planner's statistics still fit the ledger. A young one grows a thousandfold
# within a minute: plans made for it then would be wrong until the next ANALYZE throws them away.
_BEGIN = text(f"""
    {_OF_ONE_LEDGER}
    SELECT set_config('idle_in_transaction_session_timeout', '{IDLE_IN_SNAPSHOT_MS}', true),
           coalesce(bool_and(reltuples >= 0 AND pg_relation_size(oid)
               <= 2 * greatest(relpages, 8) * current_setting('block_size')::bigint), false)
    FROM pg_class WHERE oid = to_regclass('ledger.event')
""")

_KEEPALIVES = {
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "connect_timeout": 5,
}


def make_engine(
    url: str,
    *,
    application: str = APPLICATION,
    pool_size: int = 5,
    schema: str = SCHEMA,
    settings: Mapping[str, str] | None = None,
) -> Engine:
    """An engine for `url` (any postgresql URL) with the ledger's time-outs.

    `application` is the session's application_name: `blockers.free_position` ends only holders
    whose name starts with `foodtrace`. `schema` is where the ledger stands (see `schemas`), and
    `settings` are more of PostgreSQL's for each session.
    """
    wanted = {
        "lock_timeout": LOCK_TIMEOUT_MS,
        "idle_in_transaction_session_timeout": IDLE_IN_TRANSACTION_MS,
        "timezone": "UTC",
        # Compiling a plan costs more than any of our statements.
        "jit": "off",
        # See `prepared`: what is prepared is planned once.
        "plan_cache_mode": "force_generic_plan",
        **(settings or {}),
    }
    options = " ".join(f"-c {name}={value}" for name, value in wanted.items())
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg2"),
        pool_size=pool_size,
        pool_pre_ping=True,
        # The connection used last has its statements prepared; plans follow a ledger that grows.
        pool_use_lifo=True,
        pool_recycle=RECYCLE_S,
        connect_args={"options": options, "application_name": application, **_KEEPALIVES},
    )
    prepare_named(engine)
    if schema != SCHEMA:
        turn_statements(engine, schema)
    return engine


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """One REPEATABLE READ READ ONLY transaction: everything read in it is of one moment."""
    with engine.connect() as plain:
        conn = plain.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with conn.begin():
            _, settled = conn.execute(_BEGIN).one()
            yield conn.execution_options(prepared=settled, **{memory.OPTION: {}})
