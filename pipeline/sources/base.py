"""What every source shares: the protocol, the options of a run, and the world handed in."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from claims.model import Skipped, Snapshot
from pipeline.sources.addresses import Resolver, resolve

MIB = 1024 * 1024

WARC_EXTENSIONS = (".warc", ".warc.gz", ".wet", ".wet.gz")

PAGE_TYPES = frozenset(
    {"", "text/html", "application/xhtml+xml", "text/plain", "text/markdown", "text/x-markdown"}
)
"""Media types that a reader turns into a page; the empty one is told from the bytes."""


class Source(Protocol):
    """Where bytes come from. What cannot be had is a `Skipped` in its place; nothing is raised."""

    def snapshots(self) -> Iterator[Snapshot | Skipped]: ...


@dataclass(frozen=True, slots=True)
class World:
    """Clock, waiting, chance and names, handed in so that tests rule them."""

    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    monotonic: Callable[[], float] = time.monotonic
    """Seconds; only differences count."""
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random
    """A number in [0, 1): spreads retries."""
    resolve: Resolver = resolve
    """Host names to numeric addresses."""

    def stamp(self) -> str:
        """The time now as ISO 8601 in UTC, to the second."""
        return self.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """How far a crawl goes from each address it is given."""

    max_pages: int = 200
    """Pages fetched from one site, those that failed included."""
    max_depth: int = 5
    """Links followed from the start address; pages of the sitemap stand at depth 1."""
    include: tuple[str, ...] = ()
    """Patterns (`*`, `?`) over path and query; where there are any, a page must match one."""
    exclude: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    """Further hosts that are this same site ("www.clinic.example")."""
    languages: tuple[str, ...] = ()
    """Pages and links marked as being in another language are left alone ("en"); empty leaves none alone."""
    sitemaps: bool = True
    delay: float = 1.0
    """Seconds between the starts of two requests to one host; robots.txt may ask for more."""
    max_crawl_delay: float = 30.0
    """A site whose robots.txt asks for longer waits than this is not crawled, and reported."""
    connections: int = 2
    """Requests under way at once."""


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """Choices of one run, for all its sources."""

    allow_private: bool = False
    """Fetch from loopback, private and link-local addresses too (intranets, tests)."""
    contact: str | None = None
    """E-mail or web address that stands in the User-Agent; needed to crawl."""
    user_agent: str = "claims-audit"
    connect_timeout: float = 10.0
    read_timeout: float = 20.0
    """Longest silence, in seconds."""
    total_timeout: float = 60.0
    """Longest one response may take from request to last byte, however it trickles."""
    max_bytes: int = 10 * MIB
    """Bytes of one document as sent or as stored."""
    max_decoded: int = 40 * MIB
    """Bytes of one document once decompressed."""
    max_redirects: int = 8
    max_attempts: int = 4
    """Tries of one address on 429, 5xx and lost connections."""
    backoff: float = 1.0
    """Seconds before the second try; doubled each time, spread by chance."""
    max_wait: float = 120.0
    """Longest wait before a further try; a `Retry-After` beyond it ends the tries."""
    ca_bundle: str | None = None
    """File of certificate authorities to trust in place of the shipped ones."""
    crawl: CrawlOptions | None = None
    """None: only the addresses named are read."""
    store: Path | None = None
    """Folder of the store; None keeps nothing."""
    resume: bool = True
    """Take up an interrupted run of the same targets where it stopped."""
    browser: bool = False
    """Draw web pages with a local Chromium before they are read."""
    chromium: str | None = None
    """Its executable; None for the usual places."""
    world: World = World()


DEFAULTS = SourceOptions()


def media_type(content_type: str) -> str:
    """`text/html; charset=utf-8` → `text/html`."""
    return content_type.partition(";")[0].strip().lower()


def header(headers: tuple[tuple[str, str], ...], name: str) -> str:
    """First value of a header, whatever its case; empty where there is none."""
    folded = name.lower()
    return next((value for key, value in headers if key.lower() == folded), "")


def one_line(text: str) -> str:
    """A stranger's text without line breaks and control characters, fit for a message."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
