"""One row a claim, omission or unread page, for spreadsheets. What would run as a formula is disarmed."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

from claims.model import Finding, Omission, PageResult, Summary
from reports.clean import one_line
from reports.context import ReportContext, Stream
from reports.issues import better, web_link
from reports.wording import omission_title, suppression

COLUMNS = (
    "kind",
    "page",
    "line",
    "verdict",
    "severity",
    "family",
    "proposition",
    "strength",
    "allowed",
    "statement",
    "reason",
    "better",
    "entry",
    "evidence",
    "state",
    "suppressed",
    "fingerprint",
    "link",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def render(stream: Stream, _context: ReportContext) -> Iterator[str]:
    """Rows as the pages come; a byte order mark first, so that spreadsheets read UTF-8."""
    yield "\ufeff" + _row(dict(zip(COLUMNS, COLUMNS, strict=True)))
    for item in stream:
        if isinstance(item, Summary):
            return
        yield from _page(item)


def _page(result: PageResult) -> Iterator[str]:
    if result.skipped:
        reason = f"{result.skipped.code}: {result.skipped.reason}"
        yield _row({"kind": "skipped", "page": result.skipped.url, "reason": reason})
    for finding in result.findings:
        yield _row({"kind": "claim", "page": result.url, **_finding(finding)})
    for omission in result.omissions:
        yield _row({"kind": "omission", "page": result.url, **_omission(omission)})


def _finding(finding: Finding) -> dict[str, str]:
    claim = finding.claim
    return {
        "line": str(finding.line or ""),
        "verdict": finding.verdict.value,
        "severity": finding.severity.value if finding.verdict.flagged else "",
        "family": claim.family.value,
        "proposition": " ".join(finding.propositions),
        "strength": claim.strength.name,
        "allowed": finding.allowed.name if finding.allowed is not None else "",
        "statement": claim.quote,
        "reason": finding.reason,
        "better": better(finding) if finding.verdict.flagged else "",
        "link": web_link(finding.link) or "",
        **_shared(finding),
    }


def _omission(omission: Omission) -> dict[str, str]:
    return {
        "severity": omission.severity.value,
        "proposition": omission.kind,
        "statement": omission_title(omission.kind),
        "reason": omission.reason,
        "better": next(iter(omission.suggestions), ""),
        **_shared(omission),
    }


def _shared(item: Finding | Omission) -> dict[str, str]:
    return {
        "entry": item.entry or "",
        "evidence": " ".join(item.evidence),
        "state": item.state.value,
        "suppressed": suppression(item.suppression) if item.suppression else "",
        "fingerprint": item.fingerprint,
    }


def _row(fields: dict[str, str]) -> str:
    line = StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([_cell(fields.get(name, "")) for name in COLUMNS])
    return line.getvalue()


def _cell(text: str) -> str:
    """`text` on one line; what a spreadsheet would take for a formula begins with an apostrophe."""
    flat = one_line(text)
    return f"'{flat}" if flat.startswith(_FORMULA) else flat
