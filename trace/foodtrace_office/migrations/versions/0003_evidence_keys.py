"""Who retired a signing key and why, and which checkpoints somebody outside holds."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_STATEMENTS = (
    "ALTER TABLE office.signing_key"
    " ADD COLUMN created_by text, ADD COLUMN retired_by text, ADD COLUMN reason text",
    # Nobody noted which of the earlier ones went out, so all of them may have.
    "ALTER TABLE office.checkpoint ADD COLUMN handed_out boolean NOT NULL DEFAULT true",
    "ALTER TABLE office.checkpoint ALTER COLUMN handed_out SET DEFAULT false",
)


def upgrade() -> None:
    """Add the columns."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Signed checkpoints can't be had again: nothing drops them."""
    raise NotImplementedError("the office is never taken down by a migration")
