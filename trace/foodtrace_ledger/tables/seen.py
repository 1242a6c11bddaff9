"""When each source was last heard, by partition, so that two writers never wait for each other."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, PrimaryKeyConstraint, Table

from foodtrace_ledger.tables.base import int4, metadata, text

heard = Table(
    "heard",
    metadata,
    text("source"),
    text("topic"),
    int4("partition"),
    Column("received_at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("source", "topic", "partition"),
)
