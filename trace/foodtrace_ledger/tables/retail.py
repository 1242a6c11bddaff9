"""Receipt lines, which stay out of the walk, and their sums per lot and day."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Numeric, PrimaryKeyConstraint, Table

from foodtrace.effects import Basis
from foodtrace_ledger.tables.base import int4, int8, metadata, one_of, text

retail_line = Table(
    "retail_line",
    metadata,
    int8("event"),
    int4("content"),
    int4("line"),
    int8("lot"),
    Column("day", Date, nullable=False),
    text("dimension"),
    int8("amount"),
    text("basis"),
    one_of("basis", Basis),
    Index("retail_line_event_idx", "event"),
    Index("retail_line_lot_idx", "lot", "day"),
)

# Sums of the lines that hold. A sum has no bound, so no record is ever refused for those before it.
retail_total = Table(
    "retail_total",
    metadata,
    int8("lot"),
    Column("day", Date, nullable=False),
    text("dimension"),
    Column("possible", Boolean, nullable=False),
    Column("amount", Numeric, nullable=False),
    PrimaryKeyConstraint("lot", "day", "dimension", "possible"),
)

# Receipts with at least one line of the lot that holds; `possible` when all of those are.
retail_count = Table(
    "retail_count",
    metadata,
    int8("lot"),
    Column("day", Date, nullable=False),
    Column("possible", Boolean, nullable=False),
    int8("receipts"),
    PrimaryKeyConstraint("lot", "day", "possible"),
)
