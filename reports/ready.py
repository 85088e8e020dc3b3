"""Results of which parts stand ready: what is asked of every page is answered without a look at its findings.

A store keeps results so. Whatever is laid over one (waivers, a baseline) makes a common result of it, of which
nothing is ready any more.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace

from claims.model import Note, PageResult, Summary


@dataclass(frozen=True, slots=True)
class Ready:
    """What is known of a result beforehand."""

    figures: Summary
    """Of this page alone."""
    entries: tuple[str, ...]
    """Ids of the catalogue entries that decided its findings, sorted."""
    marked: bool
    """Whether its source holds the words that a waiver begins with."""


class ReadyResult(PageResult):
    """A result that need not be looked through for what is ready; else like any other."""

    __slots__ = ()

    @property
    @abstractmethod
    def ready(self) -> Ready: ...

    @property
    @abstractmethod
    def lines(self) -> str:
        """Its claims and omissions as `reports.jsonl` draws them."""

    @abstractmethod
    def with_notes(self, notes: tuple[Note, ...]) -> ReadyResult:
        """The same with other notes, and as ready."""


def with_notes(result: PageResult, notes: tuple[Note, ...]) -> PageResult:
    """The result with other notes; one that is ready stays so."""
    if isinstance(result, ReadyResult):
        return result.with_notes(notes)
    return replace(result, notes=notes)


def entries_of(result: PageResult) -> tuple[str, ...]:
    """Ids of the entries that decided, sorted."""
    if isinstance(result, ReadyResult):
        return result.ready.entries
    return tuple(sorted({finding.entry for finding in result.findings if finding.entry}))
