"""Records that went aside, with everything that came with them, until a relay has published them."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
)
from sqlalchemy import (
    text as expression,
)
from sqlalchemy.dialects.postgresql import JSONB

from foodtrace_ledger.tables.base import int4, int8, metadata, text

dead_letter = Table(
    "dead_letter",
    metadata,
    text("log"),
    text("topic"),
    int4("partition"),
    int8("offset"),
    Column("received_at", DateTime(timezone=True), nullable=False),
    text("consumer"),
    text("code"),
    text("detail"),
    text("path", null=True),
    int8("schema_id", null=True),
    Column("key", LargeBinary, nullable=True),
    Column("value", LargeBinary, nullable=True),
    Column("headers", JSONB, nullable=False),
    Column("published", Boolean, nullable=False, server_default="false"),
    PrimaryKeyConstraint("log", "topic", "partition", "offset"),
    Index(
        "dead_letter_unpublished_idx",
        "received_at",
        "topic",
        "partition",
        "offset",
        postgresql_where=expression("NOT published"),
    ),
    Index("dead_letter_received_at_idx", "received_at"),
)
