"""Runs as they were reported"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reported",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("site", sa.String(length=255), nullable=False),
        sa.Column("result", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.add_column("results", sa.Column("reported", sa.String(length=64), nullable=True))
    op.add_column("runs", sa.Column("head", sa.LargeBinary(), nullable=True))
    op.create_index("ix_results_reported", "results", ["reported"])
    op.create_index("ix_runs_targets", "runs", ["targets"])
