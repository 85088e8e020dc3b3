"""GitLab Code Quality: a list of issues, each with a unique fingerprint."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from claims.model import Severity, Skipped, Summary
from reports.clean import one_line
from reports.context import ReportContext, Stream
from reports.issues import Issue, issues_of
from reports.plain import dumps
from reports.wording import why_unread

_SEVERITY = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.NOTE: "info"}


def render(stream: Stream, context: ReportContext) -> Iterator[str]:
    """Issues that count, in the order of the run, and a blocker for each page that could not be read."""
    seen: set[str] = set()
    separator = "[\n"
    for item in stream:
        if isinstance(item, Summary):
            break
        rows = [_issue(one) for one in issues_of(item, context) if one.suppression is None]
        if item.skipped:
            rows.append(_skipped(item.skipped))
        for row in rows:
            row["fingerprint"] = _unique(row["fingerprint"], seen)
            yield separator + dumps(row)
            separator = ",\n"
    yield "\n]\n" if separator == ",\n" else "[]\n"


def _unique(fingerprint: str, seen: set[str]) -> str:
    """A fingerprint not given before in this report."""
    candidate, ordinal = fingerprint, 1
    while candidate in seen:
        ordinal += 1
        candidate = sha256(f"{fingerprint}#{ordinal}".encode()).hexdigest()
    seen.add(candidate)
    return candidate


def _issue(issue: Issue) -> dict[str, Any]:
    at = f" Page: {issue.address}" if issue.address else ""
    return {
        "type": "issue",
        "check_name": issue.rule,
        "description": issue.message + at,
        "fingerprint": issue.fingerprint,
        "severity": _SEVERITY[issue.severity],
        "categories": ["Compatibility"],
        "location": {
            "path": issue.path or issue.url,
            "lines": {"begin": issue.region.line if issue.region else 1},
        },
    }


def _skipped(skipped: Skipped) -> dict[str, Any]:
    url = one_line(skipped.url)
    return {
        "type": "issue",
        "check_name": "not-read",
        "description": f"{url}: {one_line(why_unread(skipped))}",
        "fingerprint": sha256(f"not-read {skipped.url} {skipped.code}".encode(errors="replace")).hexdigest(),
        "severity": "blocker",
        "categories": ["Bug Risk"],
        "location": {"path": url, "lines": {"begin": 1}},
    }
