"""Figures of each page beside its findings"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_VERDICTS = ("supported", "overstated", "unsupported", "contradicted")
_SEVERITIES = ("note", "warning", "error")


def upgrade() -> None:
    for name in (*_VERDICTS, *_SEVERITIES):
        op.add_column("results", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    results = sa.table("results", *(sa.column(name) for name in ("run_id", "url", *_VERDICTS, *_SEVERITIES)))
    findings = sa.table("findings", *(sa.column(name) for name in ("run_id", "url", "verdict", "severity")))
    of_page = sa.and_(findings.c.run_id == results.c.run_id, findings.c.url == results.c.url)
    flagged = findings.c.verdict != "supported"

    def number(*wanted: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
        return sa.select(sa.func.count()).select_from(findings).where(of_page, *wanted).scalar_subquery()

    by_verdict = {name: number(findings.c.verdict == name) for name in _VERDICTS}
    by_severity = {name: number(flagged, findings.c.severity == name) for name in _SEVERITIES}
    op.execute(sa.update(results).values({**by_verdict, **by_severity}))
