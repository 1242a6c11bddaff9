"""Records that went aside, with everything that came with them, and what was done about each."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Uuid,
)
from sqlalchemy import (
    text as expression,
)
from sqlalchemy.dialects.postgresql import JSONB

from foodtrace.events.resolution import ResolutionAction
from foodtrace_ledger.tables.base import int4, int8, metadata, one_of, text

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
    # Who sent it, and the letter (LOG/TOPIC/PARTITION/OFFSET) it was before it was pushed again.
    text("source", null=True),
    text("requeued_from", null=True),
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
    Index(
        "dead_letter_requeued_from_idx",
        "requeued_from",
        postgresql_where=expression("requeued_from IS NOT NULL"),
    ),
)

# What was done about letters; an action on one that isn't known yet waits for it here.
resolution = Table(
    "resolution",
    metadata,
    int8("event"),
    int4("content"),
    int4("line"),
    text("log"),
    text("topic"),
    int4("partition"),
    int8("offset"),
    text("action"),
    text("reason", null=True),
    Column("corrected", Uuid, nullable=True),
    text("actor", null=True),
    one_of("action", ResolutionAction),
    Index("resolution_letter_idx", "log", "topic", "partition", "offset"),
)

# Where a consumer stopped because too many of a partition's latest records went aside; it holds
# until the position passes it.
halt = Table(
    "halt",
    metadata,
    text("consumer"),
    text("topic"),
    int4("partition"),
    text("log"),
    int8("offset"),
    text("code"),
    text("detail"),
    PrimaryKeyConstraint("consumer", "topic", "partition"),
)
