"""Run the ledger's revisions on the connection that `foodtrace_ledger.migrate` hands over."""

from alembic import context

from foodtrace_ledger.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table_schema=context.config.attributes["schema"],
    include_schemas=True,
)
with context.begin_transaction():
    context.run_migrations()
