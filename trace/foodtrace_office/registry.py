"""Schema registry rows: what is registered never changes, and an id is never given twice.

The rules (compatibility, what is a valid schema) are `foodtrace_schemas.registry`'s; this only
keeps rows, each method in a transaction of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, func, select, text
from sqlalchemy.dialects.postgresql import Insert, insert

from foodtrace_office.tables import schema, schema_rule, schema_version

_LOCK = 0x6F66666963650003  # "office" and a number: one registration at a time.
_GLOBAL = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """One version of one subject; the schema's text is in normal form."""

    subject: str
    version: int
    schema_id: int
    text: str


class RegistryRows:
    """The registry's rows in PostgreSQL; safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        """`engine` stays the caller's to dispose of."""
        self._engine = engine

    def subjects(self) -> list[str]:
        """All subjects, sorted."""
        with self._engine.connect() as connection:
            query = select(schema_version.c.subject).distinct().order_by(schema_version.c.subject)
            return list(connection.scalars(query))

    def versions(self, subject: str) -> list[Registered]:
        """The versions of a subject, oldest first."""
        with self._engine.connect() as connection:
            return _versions(connection, schema_version.c.subject == subject)

    def all(self) -> list[Registered]:
        """Every version of every subject, by subject and version."""
        with self._engine.connect() as connection:
            return _versions(connection)

    def with_id(self, schema_id: int) -> list[Registered]:
        """Where the schema of an id is registered."""
        with self._engine.connect() as connection:
            return _versions(connection, schema_version.c.schema_id == schema_id)

    def text(self, schema_id: int) -> str | None:
        """The text of an id, None for one that was never given."""
        with self._engine.connect() as connection:
            query = select(schema.c.text).where(schema.c.id == schema_id)
            return connection.scalars(query).one_or_none()

    def add(self, subject: str, text: str) -> Registered:
        """The version of a subject with that text, made now if it isn't there."""
        with self._alone() as connection:
            known = _versions(connection, schema_version.c.subject == subject)
            for each in known:
                if each.text == text:
                    return each
            schema_id = _schema_id(connection, text)
            version = known[-1].version + 1 if known else 1
            made = Registered(subject=subject, version=version, schema_id=schema_id, text=text)
            connection.execute(_version_row(made))
            return made

    def restore(self, rows: Iterable[Registered]) -> int:
        """Put back rows as they were, ids and all; gives how many were missing.

        Raises ValueError for a row that contradicts one that is here.
        """
        with self._alone() as connection:
            missing = sum(_put_back(connection, row) for row in rows)
            connection.execute(
                select(
                    func.setval(
                        func.pg_get_serial_sequence("office.schema", "id"),
                        select(
                            func.greatest(func.coalesce(func.max(schema.c.id), 0), 1)
                        ).scalar_subquery(),
                        select(func.count() > 0).select_from(schema).scalar_subquery(),
                    )
                )
            )
            return missing

    def level(self, subject: str | None = None) -> str | None:
        """The compatibility level set for a subject, or for all (None); None where none is set."""
        with self._engine.connect() as connection:
            query = select(schema_rule.c.compatibility).where(
                schema_rule.c.subject == (subject or _GLOBAL)
            )
            return connection.scalars(query).one_or_none()

    def set_level(self, level: str | None, subject: str | None = None) -> None:
        """Set or, with None, take back a level."""
        where = subject or _GLOBAL
        with self._engine.begin() as connection:
            if level is None:
                connection.execute(delete(schema_rule).where(schema_rule.c.subject == where))
                return
            row = insert(schema_rule).values(subject=where, compatibility=level)
            connection.execute(
                row.on_conflict_do_update(index_elements=["subject"], set_={"compatibility": level})
            )

    @contextmanager
    def _alone(self) -> Iterator[Connection]:
        with self._engine.begin() as connection:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            yield connection


def _versions(connection: Connection, *where: Any) -> list[Registered]:
    query = (
        select(schema_version, schema.c.text)
        .join(schema, schema.c.id == schema_version.c.schema_id)
        .where(*where)
        .order_by(schema_version.c.subject, schema_version.c.version)
    )
    return [_registered(row) for row in connection.execute(query)]


def _registered(row: Row[Any]) -> Registered:
    return Registered(
        subject=row.subject, version=row.version, schema_id=row.schema_id, text=row.text
    )


def _schema_id(connection: Connection, text: str) -> int:
    digest = sha256(text.encode()).digest()
    found = connection.scalars(select(schema.c.id).where(schema.c.digest == digest)).one_or_none()
    if found is not None:
        return int(found)
    made = insert(schema).values(digest=digest, text=text).returning(schema.c.id)
    return int(connection.execute(made).scalar_one())


def _version_row(row: Registered) -> Insert:
    return insert(schema_version).values(
        subject=row.subject, version=row.version, schema_id=row.schema_id
    )


def _put_back(connection: Connection, row: Registered) -> int:
    digest = sha256(row.text.encode()).digest()
    schema_row = insert(schema).values(id=row.schema_id, digest=digest, text=row.text)
    connection.execute(schema_row.on_conflict_do_nothing())
    added: Sequence[Any] = connection.execute(
        _version_row(row).on_conflict_do_nothing().returning(schema_version.c.version)
    ).all()
    here = _versions(
        connection,
        schema_version.c.subject == row.subject,
        schema_version.c.version == row.version,
    )
    if here != [row]:
        raise ValueError(f"{row.subject} version {row.version} is another schema here")
    return len(added)
