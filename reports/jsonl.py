"""One object a line: claims, omissions, skipped pages and notes as they come, the summary last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from claims.model import Finding, Note, Omission, PageResult, Skipped, Summary
from reports.context import ReportContext, Stream
from reports.plain import SCHEMA_VERSION, dumps, plain
from reports.ready import ReadyResult
from reports.summary import notes_of
from reports.wording import TOOL, caveat


def render(stream: Stream, context: ReportContext) -> Iterator[str]:
    """Lines as described in the README; `start` and `end` are offsets in the page's decoded source."""
    for note in context.run.notes:
        yield _line("note", _note(None, note))
    for item in stream:
        if isinstance(item, Summary):
            yield _line("summary", _summary(item, context))
        else:
            yield from _page(item, context)


def _page(result: PageResult, context: ReportContext) -> Iterator[str]:
    if result.skipped:
        yield _line("skipped", _skipped(result.skipped))
    yield result.lines if isinstance(result, ReadyResult) else lines_of(result)
    for note in notes_of(result):
        yield _line("note", _note(result.url, note))
    if context.show_unread:
        for block in result.unread:
            seen = ", ".join(block.seen)
            yield _line(
                "note",
                {
                    "source": result.url,
                    "code": "unread",
                    "text": block.text,
                    "seen": seen,
                    "line": block.line,
                },
            )


def lines_of(result: PageResult) -> str:
    """Claims and omissions of a page, which look the same in every run."""
    claims = (_line("claim", claim(result.url, finding)) for finding in result.findings)
    omissions = (_line("omission", _omission(result.url, one)) for one in result.omissions)
    return "".join((*claims, *omissions))


def _line(kind: str, fields: Mapping[str, Any]) -> str:
    return dumps({"kind": kind, "schema_version": SCHEMA_VERSION, **fields}) + "\n"


def claim(source: str, finding: Finding) -> dict[str, Any]:
    """One statement × family as a flat object."""
    said = finding.claim
    conditions = dict.fromkeys((*said.conditions, *(c for other in finding.others for c in other.conditions)))
    return {
        "source": source,
        "quote": said.quote,
        "start": finding.source_start,
        "end": finding.source_end,
        "line": finding.line,
        "column": finding.column,
        "family": said.family,
        "verdict": finding.verdict,
        "severity": finding.severity,
        "strength": said.strength,
        "allowed": finding.allowed,
        "proposition": said.proposition,
        "propositions": finding.propositions,
        "conditions": tuple(conditions),
        "subject": said.subject,
        "route": said.route,
        "polarity": said.polarity,
        "attribution": said.attribution,
        "quantity": said.quantity,
        "qualifiers": said.qualifiers,
        "entry": finding.entry,
        "reason": finding.reason,
        "evidence": finding.evidence,
        "suggestions": finding.suggestions,
        "rewrite": finding.rewrite,
        "fingerprint": finding.fingerprint,
        "state": finding.state,
        "suppression": finding.suppression,
        "link": finding.link,
    }


def _omission(source: str, omission: Omission) -> dict[str, Any]:
    fields: dict[str, Any] = plain(omission)
    return {"source": source, "omission": fields.pop("kind"), **fields}


def _skipped(skipped: Skipped) -> dict[str, Any]:
    return {"source": skipped.url, "code": skipped.code, "reason": skipped.reason}


def _note(source: str | None, note: Note) -> dict[str, Any]:
    return {"source": source, "code": note.code, "text": note.text}


def _summary(summary: Summary, context: ReportContext) -> dict[str, Any]:
    run = context.run
    return {
        **plain(summary),
        "tool": TOOL,
        "run_id": run.run_id,
        "started_at": run.started_at,
        "versions": run.versions,
        "profile": run.profile,
        "status": run.status,
        "caveat": caveat(run),
    }
