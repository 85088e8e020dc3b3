"""What a document is audited by: plain values that travel to a worker process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from claims.model import Family


@dataclass(frozen=True, slots=True)
class Rules:
    """Choices of one run. Data files are loaded (once a process) by whoever needs them, from these values.

    `today` is handed in, so that the same input gives the same result on any day.
    """

    today: date
    profile: str = "standard"
    """`standard` or `strict` (claims guide, section 9)."""
    families: tuple[Family, ...] = tuple(Family)
    treatment: str = "ketamine"
    catalogue_dirs: tuple[str, ...] = ()
    """Folders of the user's own entries, each extending or overriding what comes before it."""
    jurisdictions: tuple[str, ...] = ("US",)
    rewrites: bool = False
    """Whether flagged statements get a suggested rewrite; each is tried out by auditing again, which costs time."""
    nlp_base: str | None = None
    """Name or path of an installed spaCy pipeline to build on; None for the blank English one."""


@dataclass(frozen=True, slots=True)
class DocumentMeta:
    """What is known of a document beside its bytes."""

    url: str
    """Address or path, as reported."""
    media_type: str = ""
    """As declared; empty to tell from the name and the bytes."""
    charset: str | None = None
    """As declared by the transport."""
    final_url: str | None = None
    fetched_at: str | None = None
    record_id: str | None = None
    jurisdictions: tuple[str, ...] | None = None
    """Overrides the run's, where the site's configuration says so."""
