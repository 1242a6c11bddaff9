"""What has to be true before workers and API start, as numbered steps; each may run again.

1. role and database
2. tables of the ledger
3. tables of the office
4. topics, made and verified
5. the first API keys
6. the key that signs the evidence

Our contracts are registered, and told to the topic of schemas, by the API when it starts.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import psycopg2
from psycopg2 import sql

from foodtrace_bus.cluster import Cluster
from foodtrace_bus.logs import holds_some
from foodtrace_bus.topics import ensure_topics
from foodtrace_deploy.stack.brokers import DATABASES
from foodtrace_deploy.stack.folder import DataFolder
from foodtrace_deploy.stack.postgres import ROLE, Postgres
from foodtrace_deploy.stack.signing_key import carry_out
from foodtrace_ledger import migrate as ledger
from foodtrace_ledger.engine import make_engine
from foodtrace_ledger.positions import partitions_read
from foodtrace_office import migrate as office
from foodtrace_office.evidence import adopt_key, public_keys
from foodtrace_office.first import first_keys
from foodtrace_office.signing import load_key, make_key
from foodtrace_ops.settings import BrokerKind, Settings


def database(server: Postgres, kind: BrokerKind, password: str) -> str:
    """Steps 1 to 3; the URL of the database.

    The in-memory broker forgets everything when it ends, so its ledger begins anew with it.
    """
    name = DATABASES[kind]
    empty_database(server, name, password, anew=kind == "memory")
    url = server.url(name, ROLE, password)
    ledger.upgrade(url)
    office.upgrade(url)
    return url


def empty_database(server: Postgres, name: str, password: str, *, anew: bool = False) -> None:
    """Step 1; with `anew` a database of that name that is there is dropped first."""
    with closing(psycopg2.connect(server.url("postgres"))) as admin:
        admin.autocommit = True
        with admin.cursor() as cursor:
            _role(cursor, password)
            if anew:
                drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
                cursor.execute(drop.format(sql.Identifier(name)))
            _database(cursor, name)


def topics(settings: Settings) -> None:
    """Step 4; raises the named errors of the bus where a cluster can't keep evidence, or has lost
    what the ledger has read of it."""
    refuse_empty(settings)
    ensure_topics(
        settings.access(),
        settings.topic_prefix,
        settings.partitions or None,
        settings.replication or None,
    )


def refuse_empty(settings: Settings) -> None:
    """Raise BrokerEmpty when the ledger has read topics of which the brokers have none."""
    engine = make_engine(settings.database_url.get_secret_value(), application="foodtrace-up")
    try:
        read = partitions_read(engine, settings.topic_prefix)
    finally:
        engine.dispose()
    with Cluster(settings.access()) as cluster:
        holds_some(cluster, read)


def keys(settings: Settings, folder: DataFolder, *, again: bool) -> dict[str, str]:
    """Step 5; the keys by role as far as they are known on this machine.

    They are made once per database and kept in the data folder, readable by its owner alone, as
    Jupyter keeps its token.
    """
    name = DATABASES[settings.broker_kind]
    engine = make_engine(settings.database_url.get_secret_value(), application="foodtrace-up")
    try:
        made = first_keys(engine, again=again)
    finally:
        engine.dispose()
    if made:
        folder.keep_keys(name, made)
        return made
    return folder.keys(name)


def evidence_key(settings: Settings, folder: DataFolder, database_url: str) -> str:
    """Step 6; the key's file: the one that was set, or that of the data folder.

    Made where nothing was ever signed, never in place of one that is missing, unless that one's
    retirement was ordered. Raises OurFault `evidence.bad-key-file`, `evidence.wrong-key` or
    `evidence.retired-key`.
    """
    file = Path(settings.evidence_key) if settings.evidence_key else folder.evidence_key
    engine = make_engine(database_url, application="foodtrace-up")
    try:
        if not settings.evidence_key:
            carry_out(engine, folder)
        with engine.begin() as conn:
            if not settings.evidence_key and not public_keys(conn):
                make_key(file)
            adopt_key(conn, load_key(file).public)
    finally:
        engine.dispose()
    # Its workers run elsewhere.
    return str(file.absolute())


def _role(cursor: psycopg2.extensions.cursor, password: str) -> None:
    cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", (ROLE,))
    verb = "CREATE" if cursor.fetchone() is None else "ALTER"
    statement = sql.SQL(verb + " ROLE {} LOGIN PASSWORD %s")
    cursor.execute(statement.format(sql.Identifier(ROLE)), (password,))


def _database(cursor: psycopg2.extensions.cursor, name: str) -> None:
    cursor.execute("SELECT FROM pg_database WHERE datname = %s", (name,))
    if cursor.fetchone() is None:
        create = sql.SQL("CREATE DATABASE {} OWNER {}")
        cursor.execute(create.format(sql.Identifier(name), sql.Identifier(ROLE)))
