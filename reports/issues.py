"""One view of findings and omissions for the formats that machines read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath, PurePosixPath

from claims.model import Finding, Omission, PageResult, Severity, Suppression
from reports.clean import one_line
from reports.context import ReportContext
from reports.summary import is_active, is_suppressed
from reports.wording import REWRITES, VERDICTS, advice, omission_title


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of a file: lines and columns from 1, in code points, the end exclusive in its column."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Issue:
    """What counts against a page, or would if it were not suppressed. Texts are on one line and harmless."""

    fingerprint: str
    rule: str
    """Id of the catalogue entry, or `unreviewed/<family>`, or `omission/<kind>`."""
    title: str
    severity: Severity
    verdict: str
    """The verdict, or `omission`."""
    reason: str
    quote: str
    """Empty for omissions."""
    better: str
    url: str
    link: str | None
    path: str | None
    """Relative to the repository's root, with slashes; None for pages that stand in no file."""
    region: Region | None
    evidence: tuple[str, ...]
    suppression: Suppression | None

    @property
    def message(self) -> str:
        """Statement, reason and remedy in one line."""
        said = f"“{self.quote}” " if self.quote else ""
        return f"{said}{self.title}. {self.reason} {self.better}".strip()

    @property
    def address(self) -> str:
        """Where the page is to be seen, for words beside its place; empty where the path says so already."""
        return self.link or ("" if self.path else self.url)


def issues_of(result: PageResult, context: ReportContext) -> Iterator[Issue]:
    """Active and suppressed issues of a page, findings first, each in the page's order."""
    for finding in result.findings:
        if is_active(finding) or is_suppressed(finding):
            yield _finding(result, finding, context)
    for omission in result.omissions:
        if is_active(omission) or is_suppressed(omission):
            yield _omission(result, omission, context)


def rule_of(item: Finding | Omission) -> str:
    if item.entry:
        return item.entry
    if isinstance(item, Finding):
        return f"unreviewed/{item.claim.family.value}"
    return f"omission/{item.kind}"


def _finding(result: PageResult, finding: Finding, context: ReportContext) -> Issue:
    verdict = finding.verdict.value
    return Issue(
        fingerprint=finding.fingerprint,
        rule=rule_of(finding),
        title=f"{finding.claim.family.value.capitalize()} claim {verdict}: {VERDICTS[finding.verdict]}",
        severity=finding.severity,
        verdict=verdict,
        reason=one_line(finding.reason),
        quote=one_line(finding.claim.quote),
        better=better(finding),
        url=one_line(result.url),
        link=web_link(finding.link) or web_link(result.url),
        path=file_of(result.url, context),
        region=None if result.url in context.captures else _region(result, finding),
        evidence=finding.evidence,
        suppression=finding.suppression,
    )


def _omission(result: PageResult, omission: Omission, context: ReportContext) -> Issue:
    add = one_line(next(iter(omission.suggestions), ""))
    return Issue(
        fingerprint=omission.fingerprint,
        rule=rule_of(omission),
        title=omission_title(omission.kind),
        severity=omission.severity,
        verdict="omission",
        reason=one_line(omission.reason),
        quote="",
        better=f"Add: {add}" if add else "",
        url=one_line(result.url),
        link=web_link(result.url),
        path=file_of(result.url, context),
        region=None,
        evidence=omission.evidence,
        suppression=omission.suppression,
    )


def better(finding: Finding) -> str:
    """What to write instead, as one sentence of advice."""
    kind, text = advice(finding)
    return f"Better: {one_line(text)}" if kind in REWRITES else text


def web_link(url: str | None) -> str | None:
    """`url` where it is a web address, made harmless; else None."""
    if url and url.lower().startswith(("http://", "https://")):
        return "".join(one_line(url).split())
    return None


def file_of(url: str, context: ReportContext) -> str | None:
    """Path of the page's file, or of its saved capture, relative to the root; None where there is neither."""
    place = context.captures.get(url)
    if place is None and "://" in url:
        return None
    path = PurePosixPath(PurePath(place or url).as_posix())
    if path.is_absolute() or (context.root and path.as_posix().startswith(context.root)):
        try:
            path = path.relative_to(PurePosixPath(PurePath(context.root).as_posix()))
        except ValueError:
            return None
    if ".." in path.parts or str(path) in ("-", "."):
        return None
    return one_line(str(path))


def _region(result: PageResult, finding: Finding) -> Region | None:
    """From the source where the result carries it, else the line that the finding names."""
    source = result.page.source_text if result.page else ""
    start, end = finding.source_start, finding.source_end
    if source and start is not None and end is not None and start < end <= len(source):
        line, column = _position(source, start)
        end_line, end_column = _position(source, end)
        return Region(line, column, end_line, end_column)
    if finding.line is None:
        return None
    column = finding.column or 1
    return Region(finding.line, column, finding.line, column + max(len(finding.claim.quote), 1))


def _position(source: str, offset: int) -> tuple[int, int]:
    return source.count("\n", 0, offset) + 1, offset - source.rfind("\n", 0, offset)
