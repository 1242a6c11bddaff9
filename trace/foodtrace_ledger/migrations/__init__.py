"""Alembic's environment and revisions of the ledger's schema."""
