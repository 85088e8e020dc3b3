"""What a report is handed beside the results: who ran what, and what explains an entry or its evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from claims.model import Audit, EntryCard, Evidence, PageResult, Severity, Summary


@dataclass(frozen=True, slots=True)
class Past:
    """Closing figures of an earlier run over the same targets, for the trend."""

    run_id: str
    started_at: str
    summary: Summary


@dataclass(frozen=True, slots=True)
class ReportContext:
    """What a report may use to explain results. Plain values: a report opens no file and asks no clock."""

    run: Audit
    """Head of the run: id, start, versions, profile, status, notes. Its `results` are not read."""
    entries: Mapping[str, EntryCard] = field(default_factory=dict)
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    propositions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Family to proposition to one plain sentence."""
    targets: tuple[str, ...] = ()
    """What was asked for, as given."""
    history: tuple[Past, ...] = ()
    """Earlier runs, oldest first."""
    width: int = 80
    """Columns of the text report."""
    colour: bool = False
    show_supported: bool = False
    """Text: list supported claims too."""
    show_unread: bool = False
    show_from: Severity = Severity.NOTE
    """Text, Markdown and GitHub list findings from this severity up; counts and exit codes never change."""
    root: str = ""
    """Absolute path of the repository: SARIF, GitHub and GitLab name files relative to it."""
    captures: Mapping[str, str] = field(default_factory=dict)
    """Page URL to the file of captures that holds it, for formats that can only point into files.

    Filled while the pages come: what has passed is there.
    """


Stream = Iterable[PageResult | Summary]
"""Page results in the order of the run, then one closing Summary."""

Render = Callable[[Stream, ReportContext], Iterator[str]]
"""A report: pieces of text that, joined, are the whole output. Adding one never changes the exit code."""
