"""What the HTML report's script reads: compact plain data, every string made harmless to look at."""

from __future__ import annotations

from collections import Counter
from typing import Any

from claims.model import Block, Cue, EntryCard, Evidence, Finding, Omission, PageResult
from reports.clean import visible
from reports.context import ReportContext
from reports.marks import deciding
from reports.plain import plain
from reports.summary import is_active
from reports.wording import REWRITES, advice, omission_title, suppression, why_unread

Statement = tuple[str, str]


def units(text: str) -> list[int] | None:
    """Offset in UTF-16 units (a browser's) of each code point of `text`; None where they are the same."""
    if text.isascii() or max(text, default="") < "\U00010000":
        return None
    out, at = [], 0
    for character in text:
        out.append(at)
        at += 2 if character >= "\U00010000" else 1
    return [*out, at]


def statement(finding: Finding) -> Statement:
    """What makes two findings the same statement on different pages."""
    return finding.claim.family.value, " ".join(finding.claim.quote.casefold().split())


class Collector:
    """Gathers the pages of a run into the tables that the report's script reads."""

    def __init__(self, context: ReportContext) -> None:
        self._context = context
        self._pages: list[dict[str, Any]] = []
        self._findings: list[dict[str, Any]] = []
        self._statements: list[Statement] = []
        self._where: dict[Statement, set[int]] = {}

    def add(self, result: PageResult) -> None:
        number = len(self._pages)
        self._pages.append(self._page(result))
        blocks = result.page.blocks if result.page else ()
        for finding in result.findings:
            key = statement(finding)
            self._where.setdefault(key, set()).add(number)
            self._statements.append(key)
            self._findings.append(_finding(finding, number, blocks))

    def data(self) -> dict[str, Any]:
        """Everything, with counts of pages for statements that stand on several."""
        for finding, key in zip(self._findings, self._statements, strict=True):
            finding["also"] = len(self._where[key])
        entries = {f["entry"] for f in self._findings} - {None}
        known = {i: _entry(self._context.entries[i]) for i in sorted(entries) if i in self._context.entries}
        named = {e for f in self._findings for e in f["evidence"]}
        named.update(e for card in known.values() for e in card["evidence"])
        evidence = {
            i: _evidence(self._context.evidence[i]) for i in sorted(named) if i in self._context.evidence
        }
        return {"pages": self._pages, "findings": self._findings, "entries": known, "evidence": evidence}

    def _page(self, result: PageResult) -> dict[str, Any]:
        page, snapshot = result.page, result.snapshot
        return {
            "url": visible(result.url),
            "title": visible(page.title) if page else "",
            "captured": visible(snapshot.fetched_at or "") if snapshot else "",
            "sha": (page.sha256 if page else "") or (snapshot.sha256 if snapshot else ""),
            "blocks": [_block(block) for block in page.blocks] if page else [],
            "omissions": [_omission(one) for one in result.omissions],
            "unread": [
                [block.block, visible(", ".join(block.seen).replace("_", " "))] for block in result.unread
            ],
            "skipped": visible(why_unread(result.skipped)) if result.skipped else None,
        }


def _block(block: Block) -> list[Any]:
    trail = [part for part in (*block.headings[-1:], block.question, block.label or block.lead_in) if part]
    where = [block.kind.value, block.region.value, visible(block.text), block.locator.line]
    return [*where, visible(" › ".join(dict.fromkeys(trail)))]


def _finding(finding: Finding, page: int, blocks: tuple[Block, ...]) -> dict[str, Any]:
    claim = finding.claim
    text = blocks[claim.block].text if claim.block < len(blocks) else claim.quote
    start, end = (claim.start, claim.end) if claim.block < len(blocks) else (0, len(claim.quote))
    at = units(text)
    marks = [(start + s, start + e) for s, e in deciding(finding) if start + e <= len(text)]
    place = (lambda n: n) if at is None else at.__getitem__
    return {
        "id": finding.fingerprint,
        "page": page,
        "block": claim.block if claim.block < len(blocks) else None,
        "quote": visible(claim.quote),
        "start": place(start),
        "end": place(min(end, len(text))),
        "marks": [[place(s), place(e)] for s, e in marks],
        "verdict": finding.verdict.value,
        "severity": finding.severity.value if finding.verdict.flagged else "",
        "family": claim.family.value,
        "propositions": list(finding.propositions),
        "strength": int(claim.strength),
        "allowed": None if finding.allowed is None else int(finding.allowed),
        "entry": finding.entry,
        "reason": visible(finding.reason),
        "evidence": list(finding.evidence),
        "better": _better(finding),
        "wordings": [visible(one) for one in finding.suggestions],
        "line": finding.line,
        "link": visible(finding.link) if finding.link else None,
        "state": finding.state.value,
        "open": is_active(finding),
        "suppressed": visible(suppression(finding.suppression)) if finding.suppression else None,
        "slots": _slots(finding),
        "cues": [_cue(cue) for cue in claim.cues],
    }


def _better(finding: Finding) -> list[str] | None:
    """Label and text of the advice, no label where it is not wording to copy; None where the statement passes."""
    if not finding.verdict.flagged:
        return None
    kind, text = advice(finding)
    label = REWRITES.get(kind, "")
    return [label[:1].upper() + label[1:], visible(text)]


def _slots(finding: Finding) -> list[list[str]]:
    claim = finding.claim
    named = [
        ("subject", claim.subject.value),
        ("route", "" if claim.route.value == "none" else claim.route.value),
        ("conditions", ", ".join(claim.conditions)),
        ("quantity", claim.quantity.text if claim.quantity else ""),
        ("said by", "" if claim.attribution.value == "none" else claim.attribution.value),
        ("negated", "yes" if claim.polarity.value == "negated" else ""),
        ("qualifiers", ", ".join(claim.qualifiers).replace("_", " ")),
    ]
    return [[name, visible(value)] for name, value in named if value]


def _cue(cue: Cue) -> list[str]:
    return [cue.slot, visible(cue.value), visible(cue.text), cue.rule, cue.place]


def _entry(card: EntryCard) -> dict[str, Any]:
    kept = ("title", "message", "status", "reviewed_by", "reviewed_on", "due", "stance", "evidence")
    full: dict[str, Any] = plain(card)
    return {key: full[key] for key in kept}


def _evidence(evidence: Evidence) -> dict[str, Any]:
    kept = ("citation", "finding", "confirmed", "unconfirmed", "identifier", "url", "checked")
    full: dict[str, Any] = plain(evidence)
    return {key: full[key] for key in kept}


def _omission(omission: Omission) -> dict[str, Any]:
    return {
        "kind": omission.kind,
        "title": omission_title(omission.kind),
        "severity": omission.severity.value,
        "reason": visible(omission.reason),
        "add": visible(next(iter(omission.suggestions), "")),
        "suppressed": visible(suppression(omission.suppression)) if omission.suppression else None,
    }


def by_family(findings: list[dict[str, Any]]) -> dict[str, Counter[str]]:
    """Verdict counts of each family, in the order of first appearance."""
    out: dict[str, Counter[str]] = {}
    for finding in findings:
        out.setdefault(finding["family"], Counter())[finding["verdict"]] += 1
    return out
