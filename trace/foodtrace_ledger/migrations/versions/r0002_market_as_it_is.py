"""Stock without codes, meetings of reports, stock counts, findings, occupancies, merged parties.

A ledger of 0001 is emptied and its positions go back to the start: the workers then read the log
again, since what it says more now stands nowhere else. Stop workers of the older code before. Each
position keeps the log it belongs to, so that a log which isn't the same is still refused. Dead
letters stay with the mark whether they were published; the records that went aside meet their rows
again. What the intake has read of outside topics isn't read again either: it stands in the log.
"""

from importlib.resources import files

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Empty what can be read again, then change the tables."""
    script = files("foodtrace_ledger.migrations.versions") / "r0002_market_as_it_is.sql"
    op.get_bind().exec_driver_sql(script.read_text("utf-8"))


def downgrade() -> None:
    """Nothing to go back to: a ledger is rebuilt from the log."""
    raise NotImplementedError("rebuild the ledger from the log instead")
