"""The run queue, its workers and the schedules."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_KEY = sa.String(255)
_TIME = sa.String(32)
_WORD = sa.String(32)


def upgrade() -> None:
    """Create the three tables."""
    _request()
    _worker()
    _schedule()


def _request() -> None:
    op.create_table(
        "run_request",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("company", _KEY, nullable=False),
        sa.Column("transfer", _KEY, nullable=False),
        sa.Column("kind", _WORD, nullable=False),
        sa.Column("origin", _WORD, nullable=False),
        sa.Column("selection", sa.Text, nullable=False),
        sa.Column("preview", _KEY, nullable=False),
        sa.Column("state", _WORD, nullable=False),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("ticket", _KEY, nullable=False),
        sa.Column("version", _KEY, nullable=False),
        sa.Column("worker", _KEY, nullable=False),
        sa.Column("slot", sa.Integer),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("run_id", sa.Integer),
        sa.Column("total", sa.Integer),
        sa.Column("current", sa.Text, nullable=False),
        sa.Column("requested", _TIME, nullable=False),
        sa.Column("started", _TIME),
        sa.Column("planned", _TIME),
        sa.Column("beat", _TIME),
        sa.Column("finished", _TIME),
        sa.Column("cancel_asked", _TIME),
        sa.Column("approved", _TIME),
        sa.PrimaryKeyConstraint("id", name="pk_run_request"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_run_request_run_id_run"),
    )
    op.create_index("ix_run_request_company_state", "run_request", ["company", "state"])
    op.create_index("ix_run_request_state", "run_request", ["state"])


def _worker() -> None:
    op.create_table(
        "run_worker",
        sa.Column("slot", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("worker", _KEY, nullable=False),
        sa.Column("place", _KEY, nullable=False),
        sa.Column("version", _KEY, nullable=False),
        sa.Column("started", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("slot", name="pk_run_worker"),
    )


def _schedule() -> None:
    op.create_table(
        "schedule",
        sa.Column("company", _KEY, nullable=False),
        sa.Column("transfer", _KEY, nullable=False),
        sa.Column("pattern", _KEY, nullable=False),
        sa.Column("zone", _KEY, nullable=False),
        sa.Column("paused", sa.Boolean, nullable=False),
        sa.Column("due", _TIME),
        sa.Column("fired", _TIME),
        sa.Column("request_id", sa.Integer),
        sa.PrimaryKeyConstraint("company", "transfer", name="pk_schedule"),
        sa.ForeignKeyConstraint(["request_id"], ["run_request.id"], name="fk_schedule_request_id_run_request"),
    )
