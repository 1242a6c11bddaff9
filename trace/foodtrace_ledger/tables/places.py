"""Who sat where, and which parties became one."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Table

from foodtrace_ledger.tables.base import int4, int8, metadata, text

# From `since` to `until`, both included; NULL where the end isn't stated.
occupancy = Table(
    "occupancy",
    metadata,
    int8("event"),
    int4("content"),
    int4("line"),
    text("location"),
    text("occupant"),
    Column("since", Date, nullable=True),
    Column("until", Date, nullable=True),
    Index("occupancy_location_idx", "location"),
    Index("occupancy_occupant_idx", "occupant"),
)

party_merge = Table(
    "party_merge",
    metadata,
    int8("event"),
    int4("content"),
    int4("line"),
    text("party"),
    text("into_party"),
    Column("since", Date, nullable=False),
    Index("party_merge_party_idx", "party"),
    Index("party_merge_into_party_idx", "into_party"),
)
