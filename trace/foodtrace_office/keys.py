"""API keys: made here, shown once in clear, kept as a hash.

A key is 256 random bits, so a plain SHA-256 is the right hash: slow, salted ones (argon2, bcrypt)
protect passwords that can be guessed, and nobody guesses 256 bits. A plain hash can be looked up
by index, which a request under load needs.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, or_, select, update

from foodtrace.access import STAFF, Role
from foodtrace.events.void import OPS_SOURCE
from foodtrace.problems import InvalidValue, NotFound
from foodtrace.text import CODE_LIMIT, NAME_LIMIT, checked, optional
from foodtrace_office.tables import api_key

_SECRET_BYTES = 32
_PREFIX_BYTES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What is kept of a key; `prefix` is the part that may be shown in lists and logs."""

    id: UUID
    prefix: str
    role: Role
    party: str | None
    source: str | None
    reporter: str | None
    label: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRequest:
    """What a key is to stand for.

    A party key names its party and source, a reporter key its reporter and source; the others
    stand for themselves.
    """

    role: Role
    party: str | None = None
    source: str | None = None
    reporter: str | None = None
    label: str = ""
    expires_at: datetime | None = None

    def __post_init__(self) -> None:
        """Raise InvalidValue with code and path where something is missing."""
        if self.role is Role.PUBLIC:
            raise InvalidValue("list.unknown-value", "public needs no key", "role")
        needed = {Role.PARTY: ("party", "source"), Role.REPORTER: ("reporter", "source")}
        for name in needed.get(self.role, ()):
            if getattr(self, name) is None:
                raise InvalidValue("event.missing-field", f"a {self.role} key", name)
        if self.source == OPS_SOURCE and self.role not in STAFF:
            raise InvalidValue("key.reserved-source", self.source, "source")
        for name in ("party", "source", "reporter"):
            optional(getattr(self, name), name, CODE_LIMIT)
        if self.label:
            checked(self.label, "label", NAME_LIMIT)
        if self.expires_at is not None and self.expires_at.tzinfo is None:
            raise InvalidValue("date.naive", str(self.expires_at), "expires_at")


def issue_key(connection: Connection, request: KeyRequest) -> tuple[Key, str]:
    """Make a key; the clear text is returned here once and can't be had again."""
    prefix = f"ft_{request.role}_{secrets.token_hex(_PREFIX_BYTES)}"
    clear = f"{prefix}_{secrets.token_urlsafe(_SECRET_BYTES)}"
    row = connection.execute(
        insert(api_key)
        .values(
            prefix=prefix,
            hash=digest(clear),
            role=request.role.value,
            party=request.party,
            source=request.source,
            reporter=request.reporter,
            label=request.label,
            expires_at=request.expires_at,
        )
        .returning(api_key)
    ).one()
    return _key(row), clear


def find_key(connection: Connection, clear: str) -> Key | None:
    """The key, if it is known, not revoked and not expired by the database's clock."""
    row = connection.execute(
        select(api_key).where(api_key.c.hash == digest(clear), _usable())
    ).one_or_none()
    return None if row is None else _key(row)


def find_key_by_id(connection: Connection, key_id: UUID) -> Key:
    """A key, dead or alive, by its id; raises NotFound."""
    row = connection.execute(select(api_key).where(api_key.c.id == key_id)).one_or_none()
    if row is None:
        raise NotFound("key.unknown", str(key_id))
    return _key(row)


def list_keys(
    connection: Connection, *, after: UUID | None = None, limit: int = 100, live: bool = False
) -> Sequence[Key]:
    """Keys in the order of their ids, from behind `after` on; `live` leaves out dead ones."""
    query = select(api_key).order_by(api_key.c.id).limit(limit)
    if after is not None:
        query = query.where(api_key.c.id > after)
    if live:
        query = query.where(_usable())
    return [_key(row) for row in connection.execute(query)]


def revoke_key(connection: Connection, key_id: UUID) -> Key:
    """End a key at once; revoking twice keeps the first instant. Raises NotFound."""
    row = connection.execute(
        update(api_key)
        .where(api_key.c.id == key_id)
        .values(revoked_at=func.coalesce(api_key.c.revoked_at, func.now()))
        .returning(api_key)
    ).one_or_none()
    if row is None:
        raise NotFound("key.unknown", str(key_id))
    return _key(row)


def digest(clear: str) -> bytes:
    """SHA-256 of the key's text; a text that can't be encoded is simply no key of ours."""
    return sha256(clear.encode("utf-8", "surrogatepass")).digest()


def _usable() -> ColumnElement[bool]:
    expires = api_key.c.expires_at
    return and_(api_key.c.revoked_at.is_(None), or_(expires.is_(None), expires > func.now()))


def _key(row: Row[Any]) -> Key:
    return Key(
        id=row.id,
        prefix=row.prefix,
        role=Role(row.role),
        party=row.party,
        source=row.source,
        reporter=row.reporter,
        label=row.label,
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
    )
