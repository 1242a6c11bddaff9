"""Events: one row per id, and what was said under it."""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    PrimaryKeyConstraint,
    Table,
    Uuid,
)
from sqlalchemy import (
    text as expression,
)

from foodtrace_ledger.tables.base import identity, int4, int8, metadata, text

# One row per event id, made by the event itself, by a void that names it, or by another revision of
# its document, whichever comes first; `contradicted` once it came with two contents. Whether it
# holds is materialised here under the row's lock:
# `dead` the whole event (`superseded` by a higher revision, or void), `dead_lines` single lines.
# The row of revision 0 is the document's head and knows the highest revision that came; `head` is
# its id in the rows of the other revisions.
event = Table(
    "event",
    metadata,
    identity(),
    Column("event_id", Uuid, nullable=False, unique=True),
    text("kind", null=True),
    text("source", null=True),
    text("source_event_id", null=True),
    int4("revision", null=True),
    Column("arrived", Boolean, nullable=False),
    Column("contradicted", Boolean, nullable=False),
    Column("superseded", Boolean, nullable=False),
    Column("dead", Boolean, nullable=False),
    Column("dead_lines", ARRAY(Integer), nullable=False),
    int4("top_revision", null=True),
    int8("head", null=True),
    Index("event_head_idx", "head", postgresql_where=expression("head IS NOT NULL")),
    Index("event_contradicted_idx", "id", postgresql_where=expression("contradicted")),
    # What readers look into for every row: only the few events that don't hold in full.
    Index(
        "event_touched_idx",
        "id",
        postgresql_include=["dead", "dead_lines"],
        postgresql_where=expression("dead OR dead_lines <> '{}'"),
    ),
)

# What was said: one row per id and content. Two contents of one id both count (and are flagged);
# `content` is the first four bytes of the digest. The origin is the earliest copy known. `meeting` is
# the trade that others may report too (`hashing.number` of giver and trade_no). `manner` is what the
# document says of how or why, as written: a process, cause, reason or purpose.
event_content = Table(
    "event_content",
    metadata,
    int8("event"),
    int4("content"),
    Column("digest", LargeBinary, nullable=False),
    text("log"),
    text("topic"),
    int4("partition"),
    int8("offset"),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("payload_digest", LargeBinary, nullable=False),
    int4("schema_id"),
    Column("payload", LargeBinary, nullable=False),
    Column("occurred_at", DateTime(timezone=True), nullable=False),
    Column("business_date", Date, nullable=False),
    text("document_type", null=True),
    text("document_number", null=True),
    text("trade_no", null=True),
    text("reporter", null=True),
    text("giver", null=True),
    text("giver_location", null=True),
    text("taker", null=True),
    text("taker_location", null=True),
    text("receipt_code", null=True),
    Column("total_amount", Numeric, nullable=True),
    text("currency", null=True),
    int8("meeting", null=True),
    text("order_reference", null=True),
    text("manner", null=True),
    Column("minimum_yield", Numeric, nullable=True),
    Column("maximum_yield", Numeric, nullable=True),
    PrimaryKeyConstraint("event", "content"),
    Index(
        "event_content_number_idx",
        "document_number",
        postgresql_where=expression("document_number IS NOT NULL"),
    ),
    Index(
        "event_content_receipt_code_idx",
        "receipt_code",
        postgresql_where=expression("receipt_code IS NOT NULL"),
    ),
    Index(
        "event_content_meeting_idx", "meeting", postgresql_where=expression("meeting IS NOT NULL")
    ),
    Index(
        "event_content_order_idx",
        "order_reference",
        postgresql_where=expression("order_reference IS NOT NULL"),
    ),
    Index("event_content_business_date_idx", "business_date"),
)

# Which void names which event; written under the lock of both rows.
voiding = Table(
    "voiding",
    metadata,
    int8("void"),
    int4("content"),
    int4("line"),
    int8("target"),
    int4("target_line"),
    PrimaryKeyConstraint("void", "content", "line", "target", "target_line"),
    Index("voiding_target_idx", "target"),
)
