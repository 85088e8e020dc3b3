"""The tables, as SQLAlchemy Core. Times are ISO 8601 in UTC, as text: they sort.

Whoever changes them adds a migration (`migrations/versions/`) and moves `HEAD`.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from claims.model import Severity, Verdict

HEAD = "0003"
"""Revision that these tables are."""

metadata = MetaData()

VERDICTS = tuple(verdict.value for verdict in Verdict)
SEVERITIES = tuple(severity.value for severity in Severity)

runs = Table(
    "runs",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("purpose", String(64), nullable=False),  # hash of targets and limits: what may be taken up again
    Column("targets", Text, nullable=False),  # JSON
    Column("software", String(80), nullable=False),
    Column("started_at", String(32), nullable=False),
    Column("finished_at", String(32)),
    Column("state", String(16), nullable=False),  # running, finished, abandoned
    Column("head", LargeBinary),  # compressed JSON: who audited by what; null before it is told
    Index("ix_runs_purpose", "purpose", "state"),
    Index("ix_runs_targets", "targets"),
)

captures = Table(
    "captures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", String(40), ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("site", String(255), nullable=False),
    Column("key", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("kind", String(16), nullable=False),  # response, revisit, resource
    Column("fetched_at", String(32), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("record_id", String(80), nullable=False),
    Column("file", Text, nullable=False),  # below the store's folder
    Column("first_byte", Integer, nullable=False),  # of the first record written for it
    Column("record_byte", Integer, nullable=False),  # of its own record
    Column("end_byte", Integer, nullable=False),
    Index("ix_captures_record", "record_id"),
    Index("ix_captures_file", "file"),
    Index("ix_captures_site", "site", "fetched_at"),
)

pages = Table(
    "pages",
    metadata,
    Column("site", String(255), nullable=False),
    Column("key", Text, nullable=False),
    Column("url", Text, nullable=False),  # that the validators speak of
    Column("etag", Text, nullable=False),
    Column("last_modified", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("checked_at", String(32), nullable=False),
    Column("capture_id", Integer, ForeignKey("captures.id", ondelete="CASCADE"), nullable=False),
    PrimaryKeyConstraint("site", "key"),
    Index("ix_pages_capture", "capture_id"),
)

entries = Table(
    "entries",
    metadata,
    Column("run_id", String(40), ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("scope", Text, nullable=False),  # the target that the crawl began from
    Column("site", String(255), nullable=False),
    Column("key", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("url", Text, nullable=False),
    Column("depth", Integer, nullable=False),
    Column("fate", String(16), nullable=False),
    Column("code", String(40), nullable=False),
    Column("reason", Text, nullable=False),
    Column("capture_id", Integer, ForeignKey("captures.id", ondelete="SET NULL")),
    PrimaryKeyConstraint("run_id", "scope", "key"),
    Index("ix_entries_capture", "capture_id"),
    Index("ix_entries_site", "site"),
)

robots = Table(
    "robots",
    metadata,
    Column("origin", String(300), primary_key=True),
    Column("fetched_at", String(32), nullable=False),
    Column("text", Text),  # null: there is none
)

extractions = Table(
    "extractions",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("site", String(255), nullable=False),
    Column("url", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("made_at", String(32), nullable=False),
    Column("used_at", String(32), nullable=False),
    Column("result", LargeBinary, nullable=False),
    Index("ix_extractions_site", "site", "used_at"),
)

results = Table(
    "results",
    metadata,
    Column("run_id", String(40), ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("site", String(255), nullable=False),
    Column("url", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("record_id", String(80)),
    Column("claims", Integer, nullable=False),
    Column("omissions", Integer, nullable=False),
    # Claims by verdict; what is flagged or left out by severity.
    *(Column(name, Integer, nullable=False, server_default="0") for name in (*VERDICTS, *SEVERITIES)),
    Column("skipped", String(40)),  # code
    Column("reported", String(64)),  # key of the page as it was reported
    PrimaryKeyConstraint("run_id", "url"),
    Index("ix_results_site", "site", "run_id"),
    Index("ix_results_reported", "reported"),
)

reported = Table(
    "reported",
    metadata,
    Column("key", String(64), primary_key=True),  # hash of the result
    Column("site", String(255), nullable=False),
    Column("result", LargeBinary, nullable=False),  # compressed JSON, as in the JSON report
)

# Of pages that a run has read; those of a page that has not changed stand with the run that read it.
findings = Table(
    "findings",
    metadata,
    Column("run_id", String(40), ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("site", String(255), nullable=False),
    Column("url", Text, nullable=False),
    Column("fingerprint", String(80), nullable=False),
    Column("family", String(32), nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("severity", String(16), nullable=False),
    Column("entry", String(200)),
    Column("quote", Text, nullable=False),
    PrimaryKeyConstraint("run_id", "url", "fingerprint"),
    Index("ix_findings_site", "site"),
)
