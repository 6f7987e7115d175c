"""Run by Alembic: carries the revisions out on the connection that ``database.open_store`` hands over."""

from __future__ import annotations

from alembic import context

from brygga.store.schema.base import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite changes a table by copying it; the same revisions run unchanged on PostgreSQL (design/libraries.md §4).
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
