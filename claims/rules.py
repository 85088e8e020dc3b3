"""What a document is audited by: plain values that travel to a worker process."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlsplit

from claims.model import Family


@dataclass(frozen=True, slots=True)
class SiteRules:
    """What differs on the pages below one address; None leaves the run's choice."""

    url: str
    families: tuple[Family, ...] | None = None
    jurisdictions: tuple[str, ...] | None = None

    def holds(self, url: str) -> bool:
        """Whether `url` stands on this site, at or below its path."""
        own, other = urlsplit(self.url), urlsplit(url)
        return _host(own.hostname) == _host(other.hostname) and (other.path or "/").startswith(
            own.path or "/"
        )


def _host(name: str | None) -> str:
    return (name or "").removeprefix("www.")


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
    sites: tuple[SiteRules, ...] = ()
    """Where there are any, the first that holds a page's address changes the rules for it."""

    def at(self, url: str) -> Rules:
        """The rules for one page; those of the run themselves where no site says otherwise."""
        site = next((site for site in self.sites if site.holds(url)), None)
        if site is None:
            return self
        return replace(
            self,
            families=self.families if site.families is None else site.families,
            jurisdictions=self.jurisdictions if site.jurisdictions is None else site.jurisdictions,
        )


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
