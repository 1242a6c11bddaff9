"""What people found in the goods: stock counts and inspections, one row a fact."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Table, Uuid
from sqlalchemy import text as expression

from foodtrace_ledger.tables.base import int4, int8, metadata, text

# Found at the end of the day; a pool stands for all stock without codes of its holder, location and
# product. A lot may have no other fact than this.
counted = Table(
    "counted",
    metadata,
    int8("event"),
    int4("content"),
    int4("line"),
    int8("lot"),
    Column("day", Date, nullable=False),
    text("dimension"),
    int8("amount"),
    Index("counted_lot_idx", "lot"),
)

# `lot` is set where the subject is a lot; else `subject` is the canonical code of a product,
# location, receipt or sample.
finding = Table(
    "finding",
    metadata,
    int8("event"),
    int4("content"),
    int4("line"),
    Column("day", Date, nullable=False),
    text("subject_kind"),
    text("subject"),
    int8("lot", null=True),
    text("holder"),
    text("location"),
    text("method"),
    text("stage"),
    text("verdict"),
    text("laboratory", null=True),
    Column("retest_of", Uuid, nullable=True),
    Index("finding_lot_idx", "lot", postgresql_where=expression("lot IS NOT NULL")),
    Index("finding_subject_idx", "subject_kind", "subject"),
    Index("finding_day_idx", "day"),
)
