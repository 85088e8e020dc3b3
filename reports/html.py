"""One self-contained file: each page's own text with the claims highlighted, everything escaped."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from html import escape

from claims.model import Block, Finding, PageResult, Summary, Verdict
from reports.clean import visible
from reports.context import ReportContext, Stream
from reports.summary import is_document
from reports.wording import caveat, omission_title, plural, severities

_CSS = """
:root{color-scheme:light dark;font:16px/1.55 system-ui,sans-serif}
body{max-width:60rem;margin:2rem auto;padding:0 1rem}
mark{border-radius:.2em;padding:0 .1em;color:inherit}
.contradicted{background:#d5434355}.unsupported{background:#a04bc455}
.overstated{background:#e8a73055}.supported{background:#3c9d5a33}li{margin:.5rem 0}.quiet{opacity:.75}
"""


def render(stream: Stream, context: ReportContext) -> Iterator[str]:
    """Head, pages as they come, counts at the end."""
    digest = b64encode(sha256(_CSS.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
    yield f"<title>Claims audit</title>\n<style>{_CSS}</style>\n</head>\n<body>\n<h1>Claims audit</h1>\n"
    yield f"<p>{escape(caveat(context.run))}</p>\n"
    for item in stream:
        if isinstance(item, Summary):
            verdicts = ", ".join(f"{n:,} {verdict}" for verdict, n in item.by_verdict.items())
            counts = f"{plural(item.pages, 'page')}, {item.skipped:,} not read. Claims: {verdicts}. "
            counts += f"{severities(item.by_severity)}; {item.suppressed:,} suppressed."
            yield f"<p>{escape(counts)}</p>\n</body>\n</html>\n"
        else:
            yield from _page(item)


def _text(text: str) -> str:
    return escape(visible(text))


def _page(result: PageResult) -> Iterator[str]:
    yield f"<h2>{_text(result.url)}</h2>\n"
    if result.skipped:
        yield f"<p>Not read: {_text(result.skipped.reason)}</p>\n"
    for omission in result.omissions:
        yield f"<p><strong>{_text(omission_title(omission.kind))}.</strong> {_text(omission.reason)}</p>\n"
    if not is_document(result) or result.page is None:
        return
    for index, block in enumerate(result.page.blocks):
        findings = [one for one in result.findings if one.claim.block == index]
        yield f"<p>{_marked(block, findings)}</p>\n"
        if findings:
            yield f"<ul>{''.join(map(_finding, findings))}</ul>\n"


def _marked(block: Block, findings: list[Finding]) -> str:
    out, at = "", 0
    for finding in sorted(findings, key=lambda one: (one.claim.start, -one.verdict.badness)):
        start, end = finding.claim.start, finding.claim.end
        if start < at:
            continue
        words = f'<mark class="{finding.verdict.value}">{_text(block.text[start:end])}</mark>'
        out, at = out + _text(block.text[at:start]) + words, end
    return out + _text(block.text[at:])


def _finding(finding: Finding) -> str:
    better = ""
    if finding.verdict is not Verdict.SUPPORTED:
        better = f" Better: {_text(next(iter(finding.suggestions), 'remove the statement.'))}"
    head = f"<strong>{finding.verdict.value}</strong> {finding.claim.family.value}"
    entry = f' <span class="quiet">{_text(finding.entry or "no entry")}</span>'
    return f"<li>{head}: {_text(finding.reason)}{better}{entry}</li>"
