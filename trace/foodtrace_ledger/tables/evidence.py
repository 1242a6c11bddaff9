"""The Merkle tree over each partition's records, as far as the ledger has read them.

A tile keeps 32 leaf hashes and their root; the roots of larger subtrees (2**10, 2**15, ... leaves)
stand in `evidence_node`, and what isn't a whole tile yet in the head. So nothing that was written is
changed but the head, a record costs about 37 bytes, and a proof reads some dozen rows.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, DateTime, LargeBinary, PrimaryKeyConstraint, Table
from sqlalchemy.dialects.postgresql import ARRAY

from foodtrace_ledger.tables.base import int4, int8, metadata, text

# Up to `next_offset` all records of the log are in the tree. `link` is the chain's after the last
# leaf, `frontier` its form in bytes, `tail` the hashes beyond the last tile; `last_offset` and
# `as_of` (append time) are those of the last leaf.
evidence_head = Table(
    "evidence_head",
    metadata,
    text("topic"),
    int4("partition"),
    text("log"),
    int8("size"),
    int8("next_offset"),
    int8("last_offset", null=True),
    Column("as_of", DateTime(timezone=True), nullable=True),
    Column("link", LargeBinary, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
    Column("tail", LargeBinary, nullable=False),
    Column("tail_offsets", ARRAY(BigInteger), nullable=False),
    PrimaryKeyConstraint("topic", "partition"),
    # Rewritten by every chunk: room for its next versions in the same page.
    postgresql_with={"fillfactor": 25},
)

# `offsets` are those of the leaves after the first, where they don't simply follow it.
evidence_tile = Table(
    "evidence_tile",
    metadata,
    text("topic"),
    int4("partition"),
    int8("index"),
    int8("first_offset"),
    Column("offsets", ARRAY(BigInteger), nullable=True),
    Column("root", LargeBinary, nullable=False),
    Column("hashes", LargeBinary, nullable=False),
    PrimaryKeyConstraint("topic", "partition", "index"),
)

# The root over the leaves [index * 2**height, (index + 1) * 2**height).
evidence_node = Table(
    "evidence_node",
    metadata,
    text("topic"),
    int4("partition"),
    int4("height"),
    int8("index"),
    Column("root", LargeBinary, nullable=False),
    PrimaryKeyConstraint("topic", "partition", "height", "index"),
)
