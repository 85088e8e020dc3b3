"""How much of each site a run has seen: figures that are reported whether or not anything was found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from claims.model import Note
from pipeline.sources.frontier import ASKED, Entry, Fate

LISTED = 5
"""Documents named in a note; the others are counted."""


@dataclass(frozen=True, slots=True)
class SiteCoverage:
    """The figures of one site; they add up: `found` is the sum of all below but the documents."""

    site: str
    found: int = 0
    fetched: int = 0
    unchanged: int = 0
    blocked: int = 0
    """By robots.txt."""
    failed: int = 0
    budget: int = 0
    """Left unread because the budget of pages was spent."""
    empty: int = 0
    duplicates: int = 0
    excluded: int = 0
    """By pattern, language or depth, as the run was told."""
    offsite: int = 0
    documents: tuple[str, ...] = ()
    """Brochures and the like that pages lead to: not read."""
    crawled: bool = True
    """False where only the page named was asked for."""

    @property
    def read(self) -> int:
        return self.fetched + self.unchanged

    @property
    def complete(self) -> bool:
        return not (self.blocked or self.failed or self.budget or self.empty)


FIGURES = (
    ("found", "found"),
    ("fetched", "fetched"),
    ("unchanged", "unchanged"),
    ("blocked", "blocked by robots.txt"),
    ("failed", "failed"),
    ("budget", "left out by the page budget"),
    ("empty", "empty"),
    ("duplicates", "the same as another"),
    ("excluded", "excluded by settings"),
    ("offsite", "leading to other sites"),
)
"""Field and words for a person, in the order reported."""


def coverage(site: str, entries: Iterable[Entry], *, crawled: bool = True) -> SiteCoverage:
    """Figures of a site from what became of its addresses."""
    listed = [entry for entry in entries if entry.fate not in (Fate.ALIAS, Fate.SITEMAP)]
    pages = [entry.fate for entry in listed if entry.fate is not Fate.DOCUMENT]
    return SiteCoverage(
        site=site,
        found=len(pages),
        fetched=pages.count(Fate.FETCHED),
        unchanged=pages.count(Fate.UNCHANGED),
        blocked=pages.count(Fate.ROBOTS),
        failed=pages.count(Fate.FAILED),
        budget=pages.count(Fate.QUEUED),
        empty=pages.count(Fate.EMPTY),
        duplicates=pages.count(Fate.DUPLICATE),
        excluded=sum(pages.count(fate) for fate in (Fate.EXCLUDED, Fate.LANGUAGE, Fate.DEPTH)),
        offsite=pages.count(Fate.OFFSITE),
        documents=tuple(entry.url for entry in listed if entry.fate is Fate.DOCUMENT),
        crawled=crawled,
    )


def asked(entries: Iterable[Entry]) -> int:
    """Pages that have cost requests."""
    return sum(entry.fate in ASKED for entry in entries)


@dataclass(slots=True)
class Coverage:
    """A run's figures, site by site, filled as the run goes on."""

    sites: dict[str, SiteCoverage] = field(default_factory=dict)
    documents: list[str] = field(default_factory=list)
    """Brochures and the like in the folders read."""
    fallen_silent: list[tuple[str, int]] = field(default_factory=list)
    """Sites without a claim where the run before had some, and how many."""

    def notes(self) -> tuple[Note, ...]:
        """The figures as notes for the report."""
        notes = [Note("coverage", line(site)) for site in self.sites.values() if site.crawled]
        notes += [Note("documents", text) for site in self.sites.values() if (text := _documents(site))]
        if self.documents:
            notes.append(Note("documents", _listing("folders", self.documents)))
        notes += [
            Note(
                "fallen_silent",
                f"{site}: no claim found, where the last run found {before}; look at the pages",
            )
            for site, before in self.fallen_silent
        ]
        return tuple(notes)


def line(site: SiteCoverage) -> str:
    """ "clinic.example: 12 found, 10 fetched, 2 failed"."""
    figures = [(getattr(site, name), words) for name, words in FIGURES]
    told = [f"{number} {words}" for number, words in figures if number or words in ("found", "fetched")]
    return f"{site.site}: {', '.join(told)}"


def _documents(site: SiteCoverage) -> str:
    return _listing(site.site, list(site.documents)) if site.documents else ""


def _listing(place: str, documents: list[str]) -> str:
    named = ", ".join(documents[:LISTED])
    more = f" and {len(documents) - LISTED} more" if len(documents) > LISTED else ""
    noun = "document" if len(documents) == 1 else "documents"
    return f"{place}: {len(documents)} {noun} linked and not read: {named}{more}"
