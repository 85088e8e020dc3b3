"""For editors: page by page in reading order, what to change and how. Reads well in a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from claims.model import Finding, Omission, PageResult, Summary, Verdict
from reports.clean import one_line, visible
from reports.context import ReportContext, Stream
from reports.issues import web_link
from reports.marks import deciding, pieces
from reports.summary import is_active, told
from reports.wording import (
    REWRITES,
    advice,
    caveat,
    omission_title,
    plural,
    severities,
    suppression,
    why_unread,
)

_SPECIAL = re.compile(r"[\\`*_\[\]#|~$]|:(?=//)|(?<=\bwww)\.")
_AT_START = re.compile(r"^(\d+(?=[.)])|(?=[-+>=]))")
_ENTITY = {"&": "&amp;", "<": "&lt;", "@": "@\u200b"}


def escaped(text: str) -> str:
    """`text` on one line, none of it Markdown, HTML, a link or a mention."""
    flat = _AT_START.sub(r"\1\\", _SPECIAL.sub(r"\\\g<0>", one_line(text)))
    return re.sub(r"[&<@]", lambda found: _ENTITY[found.group()], flat)


def render(stream: Stream, context: ReportContext) -> Iterator[str]:
    """A heading, pages with something to do, then notes on the catalogue and the run, then the counts."""
    yield f"# Claims audit\n\n_{escaped(caveat(context.run))}_\n"
    notes = dict.fromkeys(note.text for note in context.run.notes)
    for item in stream:
        if isinstance(item, Summary):
            yield from _notes(notes)
            yield _summary(item)
            return
        notes.update(dict.fromkeys(told(item)))
        yield from _page(item, context)


def _notes(notes: Iterable[str]) -> Iterator[str]:
    lines = "".join(f"- {escaped(text)}\n" for text in notes)
    if lines:
        yield f"\n## Notes\n\n{lines}"


def _page(result: PageResult, context: ReportContext) -> Iterator[str]:
    findings = [one for one in result.findings if _shown(one, context)]
    omissions = [one for one in result.omissions if _shown(one, context)]
    if not (findings or omissions or result.skipped):
        return
    title = result.page.title if result.page and result.page.title else result.url
    yield f"\n## {escaped(title)}\n\n{escaped(result.url)}\n"
    if result.skipped:
        yield f"\n**Not read.** {escaped(why_unread(result.skipped))}\n"
    for finding in sorted(findings, key=lambda one: (one.claim.block, one.claim.start)):
        yield from _finding(finding)
    if omissions:
        yield "\n### To add to this page\n\n"
    for omission in omissions:
        add = f" For example: “{escaped(omission.suggestions[0])}”" if omission.suggestions else ""
        yield f"- **{escaped(omission_title(omission.kind))}.** {escaped(omission.reason)}{add}\n"


def _shown(item: Finding | Omission, context: ReportContext) -> bool:
    if not is_active(item):
        return context.show_supported
    return item.severity.rank >= context.show_from.rank


def _finding(finding: Finding) -> Iterator[str]:
    line = f"Line {finding.line}: " if finding.line else ""
    yield f"\n### {line}{finding.verdict.value} ({finding.claim.family.value})\n\n> {_quote(finding)}\n\n"
    yield f"- **Why:** {escaped(finding.reason)}\n"
    if finding.verdict.flagged:
        yield f"- **Instead:** {_instead(finding)}\n"
    if finding.suppression:
        yield f"- **Suppressed:** {escaped(suppression(finding.suppression))}\n"
    entry = f"`{finding.entry}`" if finding.entry else "none carries this claim"
    link = web_link(finding.link)
    live = f" · [on the page](<{link.replace('<', '%3C').replace('>', '%3E')}>)" if link else ""
    yield f"- Entry: {entry} · evidence: {', '.join(map(escaped, finding.evidence)) or 'none'}{live}\n"


def _quote(finding: Finding) -> str:
    quote = visible(finding.claim.quote).replace("\n", " ")
    out = ""
    for piece, marked in pieces(quote, deciding(finding)):
        body = (
            f"{' ' * piece.startswith(' ')}{escaped(piece)}{' ' * (len(piece) > 1 and piece.endswith(' '))}"
        )
        out += f"<strong>{body}</strong>" if marked else body
    return out


def _instead(finding: Finding) -> str:
    kind, text = advice(finding)
    return f"“{escaped(text)}” ({REWRITES[kind]})" if kind in REWRITES else text


def _summary(summary: Summary) -> str:
    rows = "".join(f"| {v.value} | {summary.by_verdict.get(v.value, 0):,} |\n" for v in reversed(Verdict))
    read = f"{plural(summary.pages, 'page')} read, {summary.skipped:,} not read; "
    read += f"{plural(summary.claims, 'claim')}, {plural(summary.omissions, 'omission')}; "
    read += f"{severities(summary.by_severity)}; {summary.suppressed:,} suppressed."
    return f"\n## Counts\n\n| Verdict | Claims |\n| --- | ---: |\n{rows}\n{read}\n"
