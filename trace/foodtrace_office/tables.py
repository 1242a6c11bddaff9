"""The tables of the schema `office`; a test holds them equal to the migrations."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    false,
    func,
)

SCHEMA = "office"

metadata = MetaData(
    schema=SCHEMA,
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "ck": "%(table_name)s_%(constraint_name)s_check",
    },
)


def _now() -> Column[object]:
    return Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now())


# The key itself is never kept, only its SHA-256 (why that is enough: `keys`).
api_key = Table(
    "api_key",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid()),
    Column("prefix", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False, unique=True),
    Column("role", Text, nullable=False),
    Column("party", Text),
    Column("source", Text),
    Column("reporter", Text),
    Column("label", Text, nullable=False, server_default=""),
    _now(),
    Column("expires_at", DateTime(timezone=True)),
    Column("revoked_at", DateTime(timezone=True)),
    CheckConstraint("role IN ('party', 'reporter', 'inspector', 'ops', 'admin')", name="role"),
    CheckConstraint(
        "CASE role WHEN 'party' THEN party IS NOT NULL AND source IS NOT NULL"
        " WHEN 'reporter' THEN reporter IS NOT NULL AND source IS NOT NULL ELSE true END",
        name="stands_for",
    ),
)

# Who may report in whose name: for one party, or for every stall of one market (a location).
mandate = Table(
    "mandate",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid()),
    Column("reporter", Text, nullable=False),
    Column("party", Text),
    Column("market", Text),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("note", Text, nullable=False, server_default=""),
    _now(),
    Column("revoked_at", DateTime(timezone=True)),
    CheckConstraint("num_nonnulls(party, market) = 1", name="one_subject"),
    CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="days"),
    Index("mandate_reporter_idx", "reporter", "party", "market"),
)

# A schema has one id wherever it is registered; a subject lists its versions.
schema = Table(
    "schema",
    metadata,
    Column("id", Integer, Identity(always=False), primary_key=True),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("text", Text, nullable=False),
    _now(),
)

schema_version = Table(
    "schema_version",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("schema_id", Integer, ForeignKey(schema.c.id), nullable=False),
    _now(),
    CheckConstraint("version > 0", name="version"),
    Index("schema_version_schema_id_idx", "schema_id"),
)

# Compatibility by subject; the empty subject holds the global level.
schema_rule = Table(
    "schema_rule",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("compatibility", Text, nullable=False),
)

# One row, minted with the schema: whose evidence it is, whichever ledger and key it goes on with.
installation = Table("installation", metadata, Column("id", Uuid, primary_key=True), _now())

# The public halves (32 bytes) of the keys that sign checkpoints; those that don't any more stay,
# since what they signed is still to be checked, with who retired them and why.
signing_key = Table(
    "signing_key",
    metadata,
    Column("public_key", LargeBinary, primary_key=True),
    _now(),
    Column("retired_at", DateTime(timezone=True)),
    Column("created_by", Text),
    Column("retired_by", Text),
    Column("reason", Text),
    CheckConstraint("octet_length(public_key) = 32", name="length"),
)

# What was signed, word by word: a signature isn't in the log, so no replay brings it back.
checkpoint = Table(
    "checkpoint",
    metadata,
    Column("log", Text, primary_key=True),
    Column("topic", Text, primary_key=True),
    Column("partition", Integer, primary_key=True),
    Column("size", BigInteger, primary_key=True),
    Column("note", Text, nullable=False),
    Column("signed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("handed_out", Boolean, nullable=False, server_default=false()),
    CheckConstraint("size > 0", name="size"),
)
