"""Lots and batches, their keys, and the names under which one looks for them."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, PrimaryKeyConstraint, Table, Uuid
from sqlalchemy import text as expression

from foodtrace.lots import LotKind
from foodtrace_ledger.tables.base import identity, int8, metadata, one_of, text

# `stock` is what the pools of all days have in common (`hashing.number` of holder, location and
# product), NULL in other lots; the day is the pool's `code`.
lot = Table(
    "lot",
    metadata,
    identity(),
    Column("lot_id", Uuid, nullable=False, unique=True),
    text("holder"),
    text("location"),
    text("kind"),
    text("product"),
    text("code"),
    int8("stock", null=True),
    one_of("kind", LotKind),
    Index("lot_code_idx", "code"),
    # A holder that isn't identified may be longer than an index entry.
    Index("lot_holder_idx", expression("left(holder, 64)"), "location"),
    Index("lot_location_idx", "location", postgresql_where=expression("location <> ''")),
    Index("lot_stock_idx", "stock", "code", postgresql_where=expression("kind = 'pool'")),
    # Whether a holder has stock without codes at all: most walks end with that question.
    Index(
        "lot_pool_holder_idx",
        expression("left(holder, 64)"),
        postgresql_where=expression("kind = 'pool'"),
    ),
)

batch = Table(
    "batch",
    metadata,
    identity(),
    Column("batch_id", Uuid, nullable=False, unique=True),
    text("manufacturer"),
    text("product"),
    text("code"),
    Index("batch_code_idx", "code"),
    Index("batch_product_idx", expression("left(product, 64)"), "id"),
    Index("batch_manufacturer_idx", "manufacturer", "id"),
)

# What batches were ever printed with, for the search alone: small, and never taken back, since the
# claims are asked before a batch is shown.
batch_day = Table(
    "batch_day",
    metadata,
    Column("production_date", Date, nullable=False),
    int8("batch"),
    PrimaryKeyConstraint("production_date", "batch"),
)

product_name = Table(
    "product_name",
    metadata,
    text("product"),
    text("name"),
    PrimaryKeyConstraint("product", "name"),
    Index("product_name_name_idx", "name", postgresql_ops={"name": "text_pattern_ops"}),
)
