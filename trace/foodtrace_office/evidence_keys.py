"""The keys that sign checkpoints: one at a time, each retired on record, none ever forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, text, update

from foodtrace.problems import Conflict, OurFault
from foodtrace.text import NAME_LIMIT, NOTE_LIMIT, checked
from foodtrace_office.tables import signing_key

_LOCK = 0x6F66666963650004  # "office" and a number: two workers with two keys: one is first.


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyOnRecord:
    """A public key (32 bytes) and what was done with it: since when it signs, who ended it and why.

    Moments are the database's; `retired_at` is None for the one that signs now. `created_by` is None
    for an installation's first key, which its first worker brought along.
    """

    public_key: bytes
    created_at: datetime
    created_by: str | None
    retired_at: datetime | None
    retired_by: str | None
    reason: str | None


def keys_on_record(connection: Connection) -> tuple[KeyOnRecord, ...]:
    """All keys whose signatures count, the present one first, then the last retired."""
    query = select(signing_key).order_by(
        signing_key.c.retired_at.is_not(None),
        signing_key.c.retired_at.desc(),
        signing_key.c.created_at.desc(),
    )
    return tuple(map(_key, connection.execute(query)))


def public_keys(connection: Connection) -> tuple[bytes, ...]:
    """The keys whose signatures count, the present one first; none before the first checkpoint."""
    return tuple(one.public_key for one in keys_on_record(connection))


def adopt_key(connection: Connection, public_key: bytes) -> None:
    """Make sure that this is the key that the installation signs with; the first one becomes it.

    Raises OurFault `evidence.retired-key` for one that was retired, `evidence.wrong-key` when it
    signs with another.
    """
    connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    keys = keys_on_record(connection)
    refuse_other(keys, public_key)
    if not any(one.retired_at is None for one in keys):
        connection.execute(insert(signing_key).values(public_key=public_key))


def refuse_other(keys: Sequence[KeyOnRecord], public_key: bytes) -> None:
    """Raise as `adopt_key` unless this is the key that signs, or none does yet."""
    for one in keys:
        if one.public_key == public_key and one.retired_at is not None:
            raise _retired(one)
    present = next((one.public_key for one in keys if one.retired_at is None), None)
    if present not in (None, public_key):
        detail = f"key {_short(public_key)}, signed so far with {_short(present or b'')}"
        raise OurFault("evidence.wrong-key", detail)


def hold_key(connection: Connection, public_key: bytes) -> None:
    """Make sure that an adopted key still signs, and that it does until this transaction ends.

    Raises OurFault `evidence.retired-key` when somebody retired it meanwhile.
    """
    query = select(signing_key).where(signing_key.c.public_key == public_key)
    row = connection.execute(query.with_for_update(read=True)).one_or_none()
    if row is None:
        # The office is another one than before: an older backup of it was put in place.
        raise OurFault("evidence.wrong-key", f"key {_short(public_key)} isn't on record")
    if row.retired_at is not None:
        raise _retired(_key(row))


def retire_key(connection: Connection, *, new: bytes, by: str, reason: str) -> KeyOnRecord:
    """End the present key and sign with another from now on; gives the one that was ended.

    `by` and `reason` stay on record. What the old key signed still counts; whoever holds it while
    this commits waits, and nobody signs with it afterwards. Raises InvalidValue for a reason or name
    that can't be, Conflict: `evidence.nothing-to-retire` before anything was signed,
    `evidence.key-in-use` for a new key that isn't another, OurFault `evidence.retired-key` for one
    that was retired before.
    """
    checked(reason, "reason", NOTE_LIMIT)
    checked(by, "by", NAME_LIMIT)
    connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    known = {one.public_key: one for one in keys_on_record(connection)}
    present = next((one for one in known.values() if one.retired_at is None), None)
    if present is None:
        raise Conflict("evidence.nothing-to-retire")
    if new == present.public_key:
        raise Conflict("evidence.key-in-use", f"key {_short(new)}")
    if new in known:
        raise _retired(known[new])
    ended = {"retired_at": func.clock_timestamp(), "retired_by": by, "reason": reason}
    where = signing_key.c.public_key == present.public_key
    row = connection.execute(
        update(signing_key).where(where).values(ended).returning(signing_key)
    ).one()
    connection.execute(insert(signing_key).values(public_key=new, created_by=by))
    return _key(row)


def _retired(key: KeyOnRecord) -> OurFault:
    assert key.retired_at is not None, "or it is the present one"
    moment = f"{key.retired_at:%Y-%m-%d %H:%M:%SZ}"
    detail = f"key {_short(key.public_key)}, retired {moment}: {key.reason or '-'}"
    return OurFault("evidence.retired-key", detail)


def _short(public_key: bytes) -> str:
    """As `foodtrace evidence key` tells keys apart."""
    return sha256(public_key).hexdigest()[:16]


def _key(row: Row[Any]) -> KeyOnRecord:
    # In one zone, so that the same key reads alike in every bundle, whatever the session's zone.
    return KeyOnRecord(
        public_key=bytes(row.public_key),
        created_at=row.created_at.astimezone(UTC),
        created_by=row.created_by,
        retired_at=None if row.retired_at is None else row.retired_at.astimezone(UTC),
        retired_by=row.retired_by,
        reason=row.reason,
    )
