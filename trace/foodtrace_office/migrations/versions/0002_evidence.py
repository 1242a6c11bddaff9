"""Which installation this is, what it signs with, and the checkpoints that it signed."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """
    CREATE TABLE office.installation (
        id uuid CONSTRAINT installation_pkey PRIMARY KEY,
        created_at timestamptz NOT NULL DEFAULT now()
    )
    """,
    "INSERT INTO office.installation (id) VALUES (gen_random_uuid())",
    """
    CREATE TABLE office.signing_key (
        public_key bytea CONSTRAINT signing_key_pkey PRIMARY KEY,
        created_at timestamptz NOT NULL DEFAULT now(),
        retired_at timestamptz,
        CONSTRAINT signing_key_length_check CHECK (octet_length(public_key) = 32)
    )
    """,
    """
    CREATE TABLE office.checkpoint (
        log text NOT NULL,
        topic text NOT NULL,
        partition integer NOT NULL,
        size bigint NOT NULL CONSTRAINT checkpoint_size_check CHECK (size > 0),
        note text NOT NULL,
        signed_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT checkpoint_pkey PRIMARY KEY (log, topic, partition, size)
    )
    """,
)


def upgrade() -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Signed checkpoints can't be had again: nothing drops them."""
    raise NotImplementedError("the office is never taken down by a migration")
