"""SARIF 2.1.0, fit for upload to code scanning: worst first, within its limits, suppressed results left out.

A result points into a file only where the page is one, or has a saved capture; otherwise it names the page's
address. Fingerprints are our own, so that a result keeps its identity when lines move.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from claims.model import EntryCard, Note, Severity, Skipped, Strength, Summary
from reports.clean import one_line
from reports.context import ReportContext, Stream
from reports.issues import Issue, issues_of
from reports.plain import dumps, plain
from reports.summary import notes_of
from reports.wording import TOOL, caveat, omission_title, plural, why_unread

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MOST_RESULTS = 5000
"""What GitHub shows of a run."""

_LEVEL = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_PROBLEM = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "recommendation"}


def render(stream: Stream, context: ReportContext) -> Iterator[str]:
    """One SARIF log with one run."""
    issues: list[Issue] = []
    notices: list[dict[str, Any]] = [_note(note) for note in context.run.notes]
    for item in stream:
        if isinstance(item, Summary):
            yield dumps(_log(issues, notices, item, context), indent=1) + "\n"
            return
        issues += [one for one in issues_of(item, context) if one.suppression is None]
        notices += [_note(note) for note in notes_of(item)]
        if item.skipped:
            notices.append(_skipped(item.skipped))


def _log(
    issues: list[Issue], notices: list[dict[str, Any]], summary: Summary, context: ReportContext
) -> dict[str, Any]:
    worst_first = sorted(issues, key=lambda one: -one.severity.rank)
    kept = worst_first[:MOST_RESULTS]
    if len(kept) < len(issues):
        left = plural(len(issues) - len(kept), "result")
        notices = [*notices, _notice("warning", "limit", f"{left} left out: the limit is {MOST_RESULTS:,}.")]
    rules = {one.rule: one for one in reversed(kept)}
    order = sorted(rules)
    run = {
        "tool": {
            "driver": {
                "name": TOOL,
                "version": context.run.versions.program,
                "semanticVersion": context.run.versions.program,
                "rules": [_rule(rules[name], context) for name in order],
            }
        },
        "automationDetails": {"id": f"{TOOL}/{context.run.profile}/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": summary.skipped == 0, "toolExecutionNotifications": notices}],
        "results": [_result(one, order.index(one.rule)) for one in kept],
        "properties": {
            "summary": plain(summary),
            "caveat": caveat(context.run),
            "catalogue": context.run.versions.catalogue,
            "language": context.run.versions.language,
            "profile": context.run.profile,
        },
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(issue: Issue, context: ReportContext) -> dict[str, Any]:
    card = context.entries.get(issue.rule)
    title, about = _titles(issue, card)
    help_text, help_markdown = _help(issue, about, card, context)
    rule: dict[str, Any] = {
        "id": issue.rule,
        "name": "".join(
            word.capitalize() for word in issue.rule.replace("/", "-").replace("_", "-").split("-")
        ),
        "shortDescription": {"text": title},
        "fullDescription": {"text": about},
        "help": {"text": help_text, "markdown": help_markdown},
        "defaultConfiguration": {"level": _LEVEL[issue.severity]},
        "properties": {
            "tags": ["advertising", issue.rule.split("/", 1)[0], *([card.family.value] if card else [])],
            "precision": "high" if card else "medium",
            "problem.severity": _PROBLEM[issue.severity],
        },
    }
    url = next((e.url for i in issue.evidence if (e := context.evidence.get(i)) and e.url), None)
    if url and url.startswith("https://"):
        rule["helpUri"] = url
    return rule


def _titles(issue: Issue, card: EntryCard | None) -> tuple[str, str]:
    if card:
        return card.title, card.message
    if issue.rule.startswith("omission/"):
        return omission_title(issue.rule.removeprefix("omission/")), issue.reason
    family = issue.rule.rsplit("/", 1)[-1]
    return f"Unreviewed {family} claim", f"No catalogue entry carries this {family} claim."


def _help(issue: Issue, about: str, card: EntryCard | None, context: ReportContext) -> tuple[str, str]:
    """The rule explained, as text and as Markdown."""
    lines = [about]
    if card and card.max_strength is not None:
        lines.append(f"Strongest wording allowed: {_strength(card.max_strength)}.")
    wordings = card.approved_wording if card else ()
    cited = [
        context.evidence[i] for i in (card.evidence if card else issue.evidence) if i in context.evidence
    ]
    text = [
        *lines,
        *(f"Passes: {one}" for one in wordings),
        *(f"{e.id}: {e.finding} {e.citation}" for e in cited),
    ]
    marked = [*lines, *(f"> {one}" for one in wordings)]
    marked += [f"- **{e.id}** {e.finding} {e.citation}" + (f" <{e.url}>" if e.url else "") for e in cited]
    note = caveat(context.run)
    return "\n".join([*text, note]), "\n\n".join([*marked, f"_{note}_"])


def _strength(strength: Strength) -> str:
    return f"{strength.name} ({strength.label})"


def _result(issue: Issue, index: int) -> dict[str, Any]:
    at = f" Page: {issue.link}" if issue.link else ""
    return {
        "ruleId": issue.rule,
        "ruleIndex": index,
        "level": _LEVEL[issue.severity],
        "message": {"text": issue.message + at},
        "locations": [_location(issue)],
        "partialFingerprints": {"claimsAudit/v1": issue.fingerprint},
        "properties": {"verdict": issue.verdict, "page": issue.url},
    }


def _location(issue: Issue) -> dict[str, Any]:
    if issue.path is None:
        return {"logicalLocations": [{"fullyQualifiedName": issue.url, "kind": "resource"}]}
    physical: dict[str, Any] = {"artifactLocation": {"uri": quote(issue.path), "uriBaseId": "%SRCROOT%"}}
    region = issue.region
    if region:
        physical["region"] = {
            "startLine": region.line,
            "startColumn": region.column,
            "endLine": region.end_line,
            "endColumn": region.end_column,
        }
    else:
        physical["region"] = {"startLine": 1}
    return {"physicalLocation": physical}


def _notice(level: str, code: str, text: str) -> dict[str, Any]:
    return {"level": level, "descriptor": {"id": code}, "message": {"text": one_line(text)}}


def _note(note: Note) -> dict[str, Any]:
    return _notice("note", note.code, note.text)


def _skipped(skipped: Skipped) -> dict[str, Any]:
    return _notice("error", f"skipped/{skipped.code}", f"{skipped.url}: {why_unread(skipped)}")
