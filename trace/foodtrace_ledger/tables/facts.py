"""What events say of lots, one row a fact; `content` and `line` tell where it was said.

No row here has a key of its own: facts are written in the transaction that makes their
`event_content` row, so a second copy meets that primary key.
"""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Table, Text
from sqlalchemy import text as expression
from sqlalchemy.dialects.postgresql import JSONB

from foodtrace.effects import Basis, Direction, Role
from foodtrace_ledger.tables.base import int4, int8, metadata, one_of, text

# `stock` is set where goods come in that may be drawn from without a code, with the same number as
# the pools they may be drawn by (`hashing.number` of holder, location and product).
claim = Table(
    "claim",
    metadata,
    int8("event"),
    int4("content"),
    int4("line"),
    int8("lot"),
    text("role"),
    int8("batch", null=True),
    text("product_name", null=True),
    Column("production_date", Date, nullable=True),
    Column("expiry_date", Date, nullable=True),
    text("basis"),
    text("state", null=True),
    Column("day", Date, nullable=False),
    text("product"),
    text("category", null=True),
    text("owner", null=True),
    int8("stock", null=True),
    one_of("role", Role),
    one_of("basis", Basis),
    Index("claim_event_idx", "event"),
    Index("claim_lot_idx", "lot"),
    Index("claim_batch_idx", "batch", "lot", postgresql_where=expression("batch IS NOT NULL")),
    Index("claim_stock_idx", "stock", "day", postgresql_where=expression("stock IS NOT NULL")),
    Index("claim_packed_idx", "lot", postgresql_where=expression("role = 'packed'")),
    Index("claim_owner_idx", "owner", "lot", postgresql_where=expression("owner IS NOT NULL")),
)

# Reachability alone, read by two covering indexes.
link = Table(
    "link",
    metadata,
    int8("parent"),
    int8("child"),
    int8("event"),
    int4("line"),
    text("basis"),
    one_of("basis", Basis),
    Index("link_parent_idx", "parent", "child", "event", "line", "basis"),
    Index("link_child_idx", "child", "parent", "event", "line", "basis"),
)

# Amounts in millionths of the base unit. `meeting` is the trade that others may report too, and
# `told` who says it: the voice (see `foodtrace.meeting.Voice`), "|" and the source, sorted as in the
# domain. `product` and `batch` are the line's, kept only where reports may meet.
movement = Table(
    "movement",
    metadata,
    int8("event"),
    int4("content"),
    int4("line"),
    int8("lot"),
    Column("day", Date, nullable=False),
    text("direction"),
    text("dimension"),
    int8("amount"),
    int8("meeting", null=True),
    Column("told", Text(collation="C"), nullable=True),
    text("product", null=True),
    text("batch", null=True),
    one_of("direction", Direction),
    Index(
        "movement_lot_idx",
        "lot",
        postgresql_include=["day", "direction", "dimension", "amount", "event", "line"],
    ),
    Index(
        "movement_meeting_idx",
        "meeting",
        "told",
        postgresql_where=expression("meeting IS NOT NULL"),
    ),
)

# `covered_amount` is what the paper is good for, in millionths of the base unit.
paper = Table(
    "paper",
    metadata,
    int8("event"),
    int4("content"),
    int4("line"),
    int8("lot"),
    text("kind"),
    text("number"),
    text("issuer", null=True),
    Column("valid_until", Date, nullable=True),
    text("verification"),
    Column("day", Date, nullable=False),
    Column("issued_on", Date, nullable=True),
    text("scope", null=True),
    text("destination", null=True),
    text("covered_dimension", null=True),
    int8("covered_amount", null=True),
    Index("paper_lot_idx", "lot"),
    Index("paper_number_idx", "number"),
)

alias = Table(
    "alias",
    metadata,
    int8("event"),
    int4("content"),
    int4("line"),
    text("subject_kind"),
    text("subject"),
    text("scheme"),
    text("code"),
    Column("valid_from", Date, nullable=True),
    Column("valid_to", Date, nullable=True),
    Index("alias_code_idx", "code"),
    Index("alias_subject_idx", "subject_kind", "subject"),
    Index("alias_event_idx", "event"),
)

master = Table(
    "master",
    metadata,
    int8("event"),
    int4("content"),
    int4("line"),
    text("subject_kind"),
    text("subject"),
    text("name"),
    Column("attributes", JSONB, nullable=False),
    Column("day", Date, nullable=False),
    Index("master_subject_idx", "subject_kind", "subject"),
    Index(
        "master_parent_idx",
        expression("(attributes ->> 'parent')"),
        postgresql_where=expression("subject_kind = 'location'"),
    ),
    Index(
        "master_region_idx",
        expression("(attributes ->> 'region')"),
        postgresql_where=expression("subject_kind = 'location'"),
    ),
)

citation = Table(
    "citation",
    metadata,
    int8("event"),
    int4("content"),
    int4("line"),
    text("number"),
    Index("citation_number_idx", "number"),
    Index("citation_event_idx", "event"),
)
