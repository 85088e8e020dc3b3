"""The closing figures of a run, counted in one place so that every format reports the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from claims.model import Finding, Note, Omission, PageResult, Severity, State, Summary, Verdict
from reports.ready import ReadyResult


def is_document(result: PageResult) -> bool:
    """False for pages that could not be read, and for results that only speak of a waiver file."""
    return result.skipped is None and bool(result.page or result.snapshot or result.findings)


def issues(result: PageResult) -> tuple[Finding | Omission, ...]:
    """Findings, then omissions."""
    return (*result.findings, *result.omissions)


def is_active(item: Finding | Omission) -> bool:
    """True for what counts against the page: flagged, not suppressed, not already fixed."""
    flagged = item.verdict.flagged if isinstance(item, Finding) else True
    return flagged and item.suppression is None and item.state is not State.FIXED


def is_suppressed(item: Finding | Omission) -> bool:
    flagged = item.verdict.flagged if isinstance(item, Finding) else True
    return flagged and item.suppression is not None


def summarise(results: Iterable[PageResult]) -> Summary:
    """Figures of a finished run.

    `claims` and `by_verdict` count every statement × family, suppressed ones too; `by_severity` counts what
    is flagged or left out and not suppressed, and decides the exit code; `suppressed` is the rest.
    """
    tally = _Tally()
    for result in results:
        tally.add(result)
    return tally.close()


def closing(results: Iterable[PageResult]) -> Iterator[PageResult | Summary]:
    """The results as they come, then their Summary: the stream that a report reads."""
    tally = _Tally()
    for result in results:
        tally.add(result)
        yield result
    yield tally.close()


def notes_of(result: PageResult) -> tuple[Note, ...]:
    """Notes on a page: of the audit, then of what was mended in reading it."""
    return tuple(dict.fromkeys((*result.notes, *(result.page.notes if result.page else ()))))


def told(result: PageResult) -> tuple[str, ...]:
    """The notes of a page in words; one on the document itself begins with its address."""
    own = set(result.page.notes) if result.page else set()
    return tuple(f"{result.url}: {one.text}" if one in own else one.text for one in notes_of(result))


class _Tally:
    def __init__(self) -> None:
        self.pages = self.skipped = self.claims = self.omissions = self.unread = self.suppressed = 0
        self.by_verdict = {verdict.value: 0 for verdict in Verdict}
        self.by_severity = {severity.value: 0 for severity in reversed(Severity)}

    def add(self, result: PageResult) -> None:
        self.pages += is_document(result)
        self.skipped += result.skipped is not None
        if isinstance(result, ReadyResult):
            self._add_figures(result.ready.figures)
        else:
            self._add_findings(result)

    def _add_figures(self, page: Summary) -> None:
        self.unread += page.unread
        self.omissions += page.omissions
        self.claims += page.claims
        self.suppressed += page.suppressed
        for sums, figures in (
            (self.by_verdict, page.by_verdict),
            (self.by_severity, page.by_severity),
        ):
            for name, number in figures.items():
                sums[name] += number

    def _add_findings(self, result: PageResult) -> None:
        self.unread += len(result.unread)
        self.omissions += len(result.omissions)
        for finding in result.findings:
            if finding.state is State.FIXED:
                continue
            self.claims += 1
            self.by_verdict[finding.verdict.value] += 1
        for item in issues(result):
            self.suppressed += is_suppressed(item)
            if is_active(item):
                self.by_severity[item.severity.value] += 1

    def close(self) -> Summary:
        return Summary(
            pages=self.pages,
            skipped=self.skipped,
            claims=self.claims,
            by_verdict=dict(self.by_verdict),
            by_severity=dict(self.by_severity),
            omissions=self.omissions,
            unread=self.unread,
            suppressed=self.suppressed,
        )
