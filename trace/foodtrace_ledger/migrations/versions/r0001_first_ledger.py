"""The first ledger: events, lots, facts, retail sums, positions, dead letters."""

from importlib.resources import files

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; the schema itself is there already, since it holds the version table."""
    script = files("foodtrace_ledger.migrations.versions") / "r0001_first_ledger.sql"
    op.get_bind().exec_driver_sql(script.read_text("utf-8"))


def downgrade() -> None:
    """Nothing to go back to: a ledger is rebuilt from the log."""
    raise NotImplementedError("rebuild the ledger from the log instead")
