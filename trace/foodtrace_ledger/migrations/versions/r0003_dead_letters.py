"""What is done about dead letters, who sent them, and where a worker stopped for too many of them.

Adds and fills nothing: letters that went aside before keep an unknown source.
"""

from importlib.resources import files

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and columns."""
    script = files("foodtrace_ledger.migrations.versions") / "r0003_dead_letters.sql"
    op.get_bind().exec_driver_sql(script.read_text("utf-8"))


def downgrade() -> None:
    """Nothing to go back to: a ledger is rebuilt from the log."""
    raise NotImplementedError("rebuild the ledger from the log instead")
