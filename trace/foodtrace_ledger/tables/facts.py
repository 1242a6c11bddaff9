"""What events say of lots, one row a fact; `content` and `line` tell where it was said.

No row here has a key of its own: facts are written in the transaction that makes their
`event_content` row, so a second copy meets that primary key.
"""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Table
from sqlalchemy import text as expression
from sqlalchemy.dialects.postgresql import JSONB

from foodtrace.effects import Basis, Direction, Role
from foodtrace_ledger.tables.base import int4, int8, metadata, one_of, text

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
    one_of("role", Role),
    one_of("basis", Basis),
    Index("claim_event_idx", "event"),
    Index("claim_lot_idx", "lot"),
    Index("claim_batch_idx", "batch", "lot", postgresql_where=expression("batch IS NOT NULL")),
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

# Amounts in millionths of the base unit. `meeting` is the trade that two parties may both report
# (seller and trade_no), `told` who of them says it: g(iver), t(aker) or o(ther).
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
    text("told", null=True),
    one_of("direction", Direction),
    Index(
        "movement_lot_idx",
        "lot",
        postgresql_include=["day", "direction", "dimension", "amount", "event", "line"],
    ),
)

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
    Index("master_subject_idx", "subject_kind", "subject"),
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
