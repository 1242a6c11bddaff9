"""How far each consumer has read, and which ledger this is."""

from __future__ import annotations

from sqlalchemy import Column, Integer, PrimaryKeyConstraint, Table, Uuid

from foodtrace_ledger.tables.base import int4, int8, metadata, text

position = Table(
    "position",
    metadata,
    text("consumer"),
    text("topic"),
    int4("partition"),
    text("log"),
    int8("next_offset"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    PrimaryKeyConstraint("consumer", "topic", "partition"),
)

# One row, minted with the schema: what a process remembers of one ledger holds for no other.
instance = Table("instance", metadata, Column("ledger_id", Uuid, primary_key=True))
