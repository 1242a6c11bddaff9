"""The Merkle tree over each partition's records.

Adds tables and fills nothing. A partition that was read in part goes on without evidence, since its
tree begins with its first record; a ledger rebuilt from the log has it.
"""

from importlib.resources import files

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    script = files("foodtrace_ledger.migrations.versions") / "r0004_evidence.sql"
    op.get_bind().exec_driver_sql(script.read_text("utf-8"))


def downgrade() -> None:
    """Nothing to go back to: a ledger is rebuilt from the log."""
    raise NotImplementedError("rebuild the ledger from the log instead")
