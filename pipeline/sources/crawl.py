"""One site, from its address: its sitemaps and links, politely, each page once, within bounds.

The order is that of discovery (start, sitemap, then links page by page) and does not depend on how many
requests are under way at once.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit, urlunsplit

from claims.model import Skipped, Snapshot
from pipeline.readers import read_page_and_links
from pipeline.readers.links import PageLinks, is_document
from pipeline.sources import urls
from pipeline.sources.base import CrawlOptions, SourceOptions
from pipeline.sources.browser import Browser
from pipeline.sources.coverage import SiteCoverage, asked, coverage
from pipeline.sources.frontier import READ, Entry, Fate, Frontier
from pipeline.sources.keeper import Forgetful, Keeper, Prior
from pipeline.sources.politeness import Robots, RobotsReader
from pipeline.sources.sitemaps import Sitemaps
from pipeline.sources.transport import TransportError
from pipeline.sources.web import (
    Fetched,
    Fetcher,
    FetchError,
    page,
    strip_credentials,
    with_credentials,
)

MAX_FRAMES = 20
"""Frames of one page that are read with it."""
SINGLE = CrawlOptions(max_pages=1 + MAX_FRAMES, max_depth=0, sitemaps=False, delay=0.0, connections=1)
"""Only the page named, and the frames it is made of."""


DRAWN = ("", "text/html", "application/xhtml+xml")
"""Media types that a browser draws."""
SHOWN = READ | {Fate.FAILED, Fate.EMPTY}
"""Fates whose page, where there is one, goes on to be read: what cannot be read in it is told from there."""

_FATES = {
    "duplicate": Fate.DUPLICATE,
    "offsite": Fate.OFFSITE,
    "robots": Fate.ROBOTS,
    "empty": Fate.EMPTY,
    "frames": Fate.EMPTY,
    "scripts_only": Fate.EMPTY,
    "document": Fate.DOCUMENT,
}


@dataclass(frozen=True, slots=True)
class Visit:
    """What asking for one address gave: settled by the crawl, in order."""

    fate: Fate
    snapshot: Snapshot | None = None
    skipped: Skipped | None = None
    """Why there is no page; beside a snapshot, why nothing can be read in it."""
    fetched: Fetched | None = None
    links: PageLinks | None = None


class SiteCrawl:
    """A `Source`: one site.

    With no `crawl` options only the page at `start` is read, without asking robots.txt: a person named it.
    """

    def __init__(
        self,
        start: str,
        options: SourceOptions,
        fetcher: Fetcher,
        robots: RobotsReader | None = None,
        keeper: Keeper | None = None,
    ) -> None:
        self.follow = options.crawl is not None
        self.limits = options.crawl or SINGLE
        self.start = start
        self._fetcher = fetcher
        self._robots = robots or RobotsReader(fetcher)
        self._keeper = keeper or Forgetful()
        self._frontier = Frontier()
        self._host = urls.host_of(start)
        self._aliases = frozenset(urls.bare_host(alias) for alias in self.limits.aliases)
        self._world = options.world
        self._browser: Browser | None = None
        if options.browser:
            self._browser = Browser(options, fetcher.transport, fetcher.agent)

    @property
    def site(self) -> str:
        return self._host or self.start

    @property
    def coverage(self) -> SiteCoverage:
        return coverage(self.site, self._frontier.entries(), crawled=self.follow)

    def snapshots(self) -> Iterator[Snapshot | Skipped]:
        named = strip_credentials(self.start)
        start = urls.clean(named) if self.follow else named
        if start is None or not self._host:
            reason = f"{self.start}: not a web address; write https://host/path"
            yield Skipped(self.start, "bad_address", reason)
            return
        kept = self._keeper.entries()
        self._frontier = Frontier(kept)
        yield from self._recalled(kept)
        if self.follow and (refusal := self._refusal(start)):
            yield refusal
            return
        if not kept:
            yield from self._seed(start)
        yield from self._visits()
        left = self._frontier.counts()[Fate.QUEUED]
        if left:
            reason = f"{self.site}: {left} pages not read, the budget of {self.limits.max_pages} was spent"
            yield Skipped(self.start, "budget", f"{reason}; raise max-pages")

    # --- before the first page

    def _recalled(self, kept: list[Entry]) -> Iterator[Snapshot | Skipped]:
        """What an interrupted run had settled, from its captures."""
        for entry in kept:
            if entry.fate in SHOWN and entry.capture is not None:
                snapshot = self._keeper.recall(entry)
                if snapshot is not None:
                    yield snapshot
                else:  # its capture has been purged or damaged
                    self._frontier.requeue(entry)
            elif entry.code:
                yield Skipped(entry.url, entry.code, entry.reason)

    def _refusal(self, start: str) -> Skipped | None:
        """Why the site is not crawled at all."""
        robots = self._robots.of(start)
        if robots.unreachable:
            self._robots.forget(start)
            reason = f"{start}: robots.txt cannot be read, so no page may be: {robots.unreachable}; try later"
            return Skipped(start, "robots_unreachable", reason)
        if robots.delay > self.limits.max_crawl_delay:
            reason = (
                f"{start}: robots.txt asks for {robots.delay:g} s between requests; raise max-crawl-delay"
            )
            return Skipped(start, "crawl_delay", reason)
        return None

    def _seed(self, start: str) -> Iterator[Skipped]:
        self._frontier.add(self._key(start), start, 0)
        if self.limits.sitemaps and self.follow:
            robots = self._robots.of(start)
            sitemaps = Sitemaps(self._fetcher, self._sitemap_permitted)
            guess = urlunsplit((*urlsplit(start)[:2], "/sitemap.xml", "", ""))
            named = tuple(urljoin(start, one) for one in robots.sitemaps)  # some sites leave the host out
            for address in sitemaps.addresses(named or (guess,), guessed=not named):
                self._found(address, 1)
            for problem in sitemaps.problems:
                self._frontier.note(
                    f"sitemap {problem.url}", problem.url, Fate.SITEMAP, problem.code, problem.reason
                )
            yield from sitemaps.problems
        self._keeper.plan(self._frontier.fresh())

    def _sitemap_permitted(self, url: str) -> bool:
        robots = self._robots.of(url)
        return not robots.unreachable and robots.permits(url)

    # --- pages

    def _visits(self) -> Iterator[Snapshot | Skipped]:
        """Asks for the addresses in order, a few at once, and settles them in the same order."""
        budget = self.limits.max_pages - asked(self._frontier.entries())
        under_way: deque[tuple[Entry, Future[Visit]]] = deque()
        # A browser belongs to the thread that started it.
        at_once = 1 if self._browser else max(self.limits.connections, 1)
        with ThreadPoolExecutor(at_once) as pool:
            try:
                while True:
                    while budget > 0 and len(under_way) < at_once:
                        entry = self._frontier.next()
                        if entry is None:
                            break
                        budget -= 1
                        under_way.append((entry, pool.submit(self._visit, entry)))
                    if not under_way:
                        return
                    entry, future = under_way.popleft()
                    visit = future.result()
                    budget += visit.fate is Fate.ROBOTS  # it cost no request
                    yield from self._settle(entry, visit)
            finally:
                for _, future in under_way:
                    future.cancel()
                if self._browser:
                    pool.submit(self._browser.close).result()

    def _visit(self, entry: Entry) -> Visit:
        """Asks for one address. Runs in a thread of its own, and changes nothing of the crawl."""
        refused = self._forbidden(entry.url)
        if refused:
            return Visit(Fate.ROBOTS, skipped=refused)
        prior = self._keeper.prior(entry.key)
        try:
            return self._asked(entry, prior)
        except FetchError as error:
            return _failed(error.skipped)

    def _asked(self, entry: Entry, prior: Prior | None) -> Visit:
        fetched = self._fetch(entry, prior)
        if fetched.unchanged and prior is not None:
            snapshot = prior.load()
            if snapshot is not None:
                snapshot = replace(snapshot, url=entry.url)
                return self._read(snapshot, fetched, Fate.UNCHANGED)
            fetched = self._fetch(entry, None)
        got = page(fetched, self._world, entry.url)
        if isinstance(got, Skipped):
            return _failed(got, fetched)
        if self._browser is not None and got.media_type in DRAWN:
            try:
                fetched = replace(fetched, rendered=self._browser.render(fetched.exchange))
            except TransportError as error:
                return _failed(Skipped(entry.url, error.code, f"{entry.url}: {error}"), fetched)
            got = drawn(got, fetched)
        same = prior is not None and prior.sha256 == got.sha256
        return self._read(got, fetched, Fate.UNCHANGED if same else Fate.FETCHED)

    def _fetch(self, entry: Entry, prior: Prior | None) -> Fetched:
        validators = {prior.url: prior.validators} if prior else {}
        return self._fetcher.fetch(
            with_credentials(entry.url, self.start), validators, permit=lambda hop: self._hop(entry, hop)
        )

    def _read(self, snapshot: Snapshot, fetched: Fetched, fate: Fate) -> Visit:
        """The page as the reader sees it: its links, or why it cannot be read (a wall, no text)."""
        read, links = read_page_and_links(snapshot)
        if isinstance(read, Skipped):
            return Visit(_FATES.get(read.code, Fate.FAILED), snapshot, read, fetched, links)
        return Visit(fate, snapshot, None, fetched, links)

    def _hop(self, entry: Entry, url: str) -> Skipped | None:
        """Why a redirect is not followed: off the site, forbidden, or to what is read anyway."""
        if not self.follow:
            return None
        if not self._own(url):
            return Skipped(
                url, "offsite", f"{entry.url}: leads to another site, {url}; name that one to read it"
            )
        if self._key(url) != entry.key and self._key(url) in self._frontier:
            return Skipped(url, "duplicate", f"{entry.url}: leads to {url}")
        return self._forbidden(url)

    def _forbidden(self, url: str) -> Skipped | None:
        if not self.follow:
            return None
        robots: Robots = self._robots.of(url)
        if robots.unreachable:
            return Skipped(
                url, "robots_unreachable", f"{url}: robots.txt cannot be read: {robots.unreachable}"
            )
        if robots.permits(url):
            return None
        return Skipped(url, "robots", f"{url}: forbidden by robots.txt; ask the site's owner to permit it")

    # --- what a visit means for the crawl

    def _settle(self, entry: Entry, visit: Visit) -> Iterator[Snapshot | Skipped]:
        visit = self._folded(entry, visit)
        if visit.links and visit.fate in SHOWN:
            self._discover(entry, visit.links)
        skipped = visit.skipped
        if visit.fate not in SHOWN and visit.fate is not Fate.ROBOTS and entry.seq:
            skipped = None  # counted, and nothing is missing
        code, reason = (skipped.code, skipped.reason) if skipped else ("", "")
        settled = self._frontier.settle(entry, visit.fate, code, reason)
        shown = visit.snapshot if visit.fate in SHOWN else None
        snapshot = self._keeper.settle(settled, self._frontier.fresh(), visit.fetched, shown)
        if snapshot is not None:
            yield snapshot  # whoever reads it finds what `skipped` says
        elif skipped:
            yield replace(skipped, url=entry.url)

    def _folded(self, entry: Entry, visit: Visit) -> Visit:
        """The visit, or the duplicate it turns out to be: by redirect, refresh or canonical link."""
        links = visit.links
        if visit.snapshot is None or links is None:
            return visit
        if links.refresh and visit.fate is Fate.EMPTY and (not self.follow or self._own(links.refresh)):
            self._frontier.add(self._key(links.refresh), links.refresh, entry.depth)
            return replace(visit, fate=Fate.DUPLICATE, skipped=None)
        if not self.follow:
            return visit
        languages = self.limits.languages
        if languages and links.language and not _speaks(links.language, languages):
            return replace(visit, fate=Fate.LANGUAGE)
        final = visit.snapshot.final_url or visit.snapshot.url
        names = [final]
        if links.canonical and urls.same_path(links.canonical, final):
            names.append(links.canonical)
        for name in names:
            key = self._key(name)
            if key != entry.key and key in self._frontier and self._own(name):
                return replace(visit, fate=Fate.DUPLICATE)
        for name in names:
            self._frontier.add(self._key(name), name, entry.depth, Fate.ALIAS)
        return visit

    def _discover(self, entry: Entry, links: PageLinks) -> None:
        if links.refresh:
            self._found(links.refresh, entry.depth)
        for frame in links.frames[:MAX_FRAMES]:
            self._found(frame, entry.depth)
        for document in links.documents:
            if document.startswith(("http://", "https://")):
                self._frontier.add(self._key(document), document, entry.depth + 1, Fate.DOCUMENT)
        if not self.follow:
            return
        languages = self.limits.languages
        for language, address in links.alternates:
            if languages and not _speaks(language, languages):
                self._found(address, entry.depth + 1, Fate.LANGUAGE)
        for address in links.links:
            self._found(address, entry.depth + 1)

    def _found(self, url: str, depth: int, fate: Fate = Fate.QUEUED) -> None:
        """Note an address of the site, with its fate where that is known at once."""
        cleaned = urls.clean(url)
        if cleaned is None or not self._own(cleaned):
            return
        if is_document(cleaned):
            fate = Fate.DOCUMENT
        elif not self._wanted(cleaned):
            fate = Fate.EXCLUDED
        elif depth > self.limits.max_depth and fate is Fate.QUEUED:
            fate = Fate.DEPTH
        self._frontier.add(self._key(cleaned), cleaned, depth, fate)

    def _wanted(self, url: str) -> bool:
        limits = self.limits
        if limits.exclude and urls.matches(url, limits.exclude):
            return False
        return not limits.include or urls.matches(url, limits.include)

    def _own(self, url: str) -> bool:
        host = urls.host_of(url)
        return host == self._host or host in self._aliases

    def _key(self, url: str) -> str:
        return urls.key(url, self._aliases, self._host)


def drawn(snapshot: Snapshot, fetched: Fetched) -> Snapshot:
    """A page as the browser drew it, in place of what the server sent."""
    if fetched.rendered is None:
        return snapshot
    body = fetched.rendered.html
    digest = hashlib.sha256(body).hexdigest()
    return replace(snapshot, body=body, sha256=digest, media_type="text/html", headers=(), status=None)


def _failed(skipped: Skipped, fetched: Fetched | None = None) -> Visit:
    return Visit(_FATES.get(skipped.code, Fate.FAILED), skipped=skipped, fetched=fetched)


def _speaks(language: str, wanted: tuple[str, ...]) -> bool:
    """True where a language tag is one of those wanted, or narrower ("en-us" for "en")."""
    if language == "x-default":
        return True
    return any(language == each.lower() or language.startswith(f"{each.lower()}-") for each in wanted)
