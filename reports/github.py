"""Annotations for GitHub Actions: the most severe first, within what one step may show."""

from __future__ import annotations

from collections.abc import Iterator

from claims.model import Severity, Summary
from reports.clean import one_line
from reports.context import ReportContext, Stream
from reports.issues import Issue, issues_of
from reports.wording import caveat, plural, severities, why_unread

LIMIT = 10
"""Annotations of one level that GitHub shows for a step."""

_COMMAND = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render(stream: Stream, context: ReportContext) -> Iterator[str]:
    """Workflow commands, then a line of counts for the log."""
    found: list[Issue] = []
    skipped: list[str] = []
    for item in stream:
        if isinstance(item, Summary):
            yield from _annotations(found, skipped, item, context)
            return
        found += [one for one in issues_of(item, context) if one.suppression is None]
        if item.skipped:
            skipped.append(
                _command("error", "Page not read", f"{item.skipped.url}: {why_unread(item.skipped)}", {})
            )


def _annotations(
    found: list[Issue], skipped: list[str], summary: Summary, context: ReportContext
) -> Iterator[str]:
    shown = list(skipped[:LIMIT])
    for severity in reversed(Severity):
        if severity.rank < context.show_from.rank:
            continue
        room = LIMIT - (len(shown) if severity is Severity.ERROR else 0)
        shown += [_issue(one) for one in found if one.severity is severity][: max(room, 0)]
    yield from shown
    left = len(found) + len(skipped) - len(shown)
    if left > 0:
        yield f"{plural(left, 'finding')} more than GitHub shows for one step: see another format for all.\n"
    yield f"claims-audit: {plural(summary.pages, 'page')} read, {summary.skipped:,} not read; "
    yield f"{plural(summary.claims, 'claim')}, {plural(summary.omissions, 'omission')}; "
    yield f"{severities(summary.by_severity)}; {summary.suppressed:,} suppressed.\n"
    yield f"{caveat(context.run)}\n"


def _issue(issue: Issue) -> str:
    place: dict[str, str] = {}
    if issue.path:
        place["file"] = issue.path
        if issue.region:
            place |= {"line": str(issue.region.line), "endLine": str(issue.region.end_line)}
            if issue.region.line == issue.region.end_line:
                place |= {"col": str(issue.region.column), "endColumn": str(issue.region.end_column)}
    at = f" ({issue.address})" if issue.address else ""
    return _command(_COMMAND[issue.severity], issue.title.split(":")[0], issue.message + at, place)


def _command(name: str, title: str, message: str, place: dict[str, str]) -> str:
    fields = ",".join(f"{key}={_property(value)}" for key, value in {**place, "title": title}.items())
    return f"::{name} {fields}::{_data(message)}\n"


def _data(text: str) -> str:
    return one_line(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
