"""WHERE bytes come from: files, folders, standard input, web pages, crawls, captures."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from claims.errors import UsageError
from claims.model import Audit, EntryCard, Note, PageResult, Skipped, Snapshot, Versions
from pipeline.sources.base import WARC_EXTENSIONS, CrawlOptions, Source, SourceOptions, World
from pipeline.sources.coverage import Coverage

if TYPE_CHECKING:
    from claims.rules import Rules
    from pipeline.sources.crawl import SiteCrawl
    from pipeline.sources.politeness import RobotsReader
    from pipeline.sources.web import Fetcher
    from pipeline.store import Run
    from reports.context import Past

__all__ = ["Collection", "CrawlOptions", "Source", "SourceOptions", "World", "is_web", "open_sources"]


def is_web(target: str) -> bool:
    """True for what is written as an address, fetchable or not (`C:\\pages` is a path)."""
    scheme, separator, _ = target.partition("://")
    named = bool(separator) and len(scheme) > 1 and scheme.replace("+", "").isalnum()
    return named and not Path(target).exists()


def open_sources(
    targets: list[str],
    options: SourceOptions | None = None,
    sites: Mapping[str, CrawlOptions] | None = None,
) -> Collection:
    """What stands at each target, in their order; a file met twice is given once.

    Nothing is raised for a target that cannot be read: it is a `Skipped` in its place. `sites` holds limits
    of single targets. Raises UsageError for a crawl that must not be begun.
    """
    return Collection(targets, options or SourceOptions(), sites or {})


class Collection(Iterator[Snapshot | Skipped]):
    """Iterates over all targets once; `coverage` fills meanwhile.

    With a store (`options.store`) the run is kept: `recall` gives the result of a page that is unchanged,
    `keep` stores one for the next time, `record` notes what was found, and `finish` ends the run. Close it,
    or use it as a context: a run that was not finished is taken up again by the next of the same targets.
    """

    def __init__(self, targets: list[str], options: SourceOptions, sites: Mapping[str, CrawlOptions]) -> None:
        self.coverage = Coverage()
        self.captures: dict[str, str] = {}
        """Page to the file of captures that it was read from; fills as the pages come."""
        self.run: Run | None = None
        self._options, self._sites = options, sites
        self._seen: set[str] = set()
        self._network: tuple[Fetcher, RobotsReader] | None = None
        self._recorded = False
        _require_contact(targets, options, sites)
        if options.ca_bundle and not Path(options.ca_bundle).is_file():
            raise UsageError(
                f"{options.ca_bundle}: no such file; set ca-bundle under [web] in claims-audit.toml"
            )
        if options.browser:
            from pipeline.sources.browser import executable

            executable(options)  # that it is not there should be known before anything is fetched
        if options.store is not None:
            from pipeline.store import Store

            self._store = Store(options.store, options)
            limits = repr((options.crawl, sorted(sites.items()), options.browser))
            self.run = self._store.begin(_named(targets), limits, resume=options.resume)
        self._stream = self._all(targets)

    def __next__(self) -> Snapshot | Skipped:
        return next(self._stream)

    def __enter__(self) -> Collection:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def recall(self, snapshot: Snapshot, rules: Rules, versions: Versions) -> PageResult | None:
        """The result of the same page under the same rules and data, from this or an earlier run."""
        self._recorded = True  # who asks will record, and finish the run
        return self.run.recall(snapshot, rules, versions) if self.run else None

    def keep(self, snapshot: Snapshot, rules: Rules, versions: Versions, result: PageResult) -> None:
        """Have a result at hand for the next time this page is met unchanged."""
        if self.run:
            self.run.keep(snapshot, rules, versions, result)

    def record(self, result: PageResult) -> None:
        """Note what was found on a page of this run."""
        self._recorded = True
        if self.run:
            self.run.record(result)

    def describe(self, head: Audit, entries: Mapping[str, EntryCard]) -> tuple[Past, ...]:
        """Note who audits by what; gives the earlier runs over the same targets."""
        if self.run is None:
            return ()
        self.run.describe(head, entries)
        return self.run.history(head)

    def tell(self, result: PageResult) -> None:
        """Note how a page that was recorded is reported: with waivers and baseline laid over it."""
        if self.run:
            self.run.tell(result)

    def finish(self) -> tuple[Note, ...]:
        """End the run: every result has been recorded. Gives the figures of coverage for the report."""
        if self.run:
            self.coverage.fallen_silent = self.run.fallen_silent()
            self.run.finish()
        return self.coverage.notes()

    def close(self) -> None:
        """Stop, and let go of connections and files."""
        self._stream.close()
        if self._network:
            self._network[0].transport.close()
        if self.run:
            self.run.close()
            self._store.close()

    def _all(self, targets: list[str]) -> Generator[Snapshot | Skipped, None, None]:
        for target in targets:
            yield from self._site(target) if is_web(target) else self._file(target)
        if self.run and not self._recorded:
            self.run.finish()  # nobody records results: the run ends with its pages

    def _file(self, target: str) -> Iterator[Snapshot | Skipped]:
        from pipeline.sources.files import FileSource, name_of

        if target.lower().endswith(WARC_EXTENSIONS) and not Path(target).is_dir():
            from pipeline.sources.warc import WarcSource

            recall = self._store.capture if self.run else None
            for found in WarcSource(Path(target), self._options, recall).snapshots():
                self.captures.setdefault(found.url, name_of(Path(target)))
                yield found
            return

        source = FileSource(target, self._options, self._seen)
        yield from source.snapshots()
        self.coverage.documents += source.documents

    def _site(self, target: str) -> Iterator[Snapshot | Skipped]:
        from pipeline.sources.web import strip_credentials

        crawl = self._crawl(target)
        try:
            yield from crawl.snapshots()
        finally:
            self.coverage.sites[strip_credentials(target)] = crawl.coverage

    def _crawl(self, target: str) -> SiteCrawl:
        # Imported here, so that reading files does not load the network libraries.
        from pipeline.sources.crawl import SiteCrawl
        from pipeline.sources.politeness import RobotsReader
        from pipeline.sources.urls import host_of
        from pipeline.sources.web import Fetcher, strip_credentials

        if self._network is None:
            fetcher = Fetcher(self._options)
            self._network = fetcher, RobotsReader(fetcher, self._store if self.run else None)
        options = replace(self._options, crawl=_limits(target, self._options, self._sites))
        keeper = self.run.keeper(host_of(target), strip_credentials(target)) if self.run else None
        return SiteCrawl(target, options, *self._network, keeper)


def _named(targets: list[str]) -> list[str]:
    """Targets as they may be kept: without passwords."""
    if not any(map(is_web, targets)):
        return targets
    from pipeline.sources.web import strip_credentials

    return [strip_credentials(target) if is_web(target) else target for target in targets]


def _limits(target: str, options: SourceOptions, sites: Mapping[str, CrawlOptions]) -> CrawlOptions | None:
    return sites.get(target, options.crawl)


def _require_contact(targets: list[str], options: SourceOptions, sites: Mapping[str, CrawlOptions]) -> None:
    """A crawl that leaves the machine's own addresses says whom to write to. Raises UsageError."""
    if options.contact:
        return
    for target in targets:
        if is_web(target) and _limits(target, options, sites) and _leaves(target, options.world):
            raise UsageError(
                f"{target}: a crawl needs an address by which the site's owner can reach you; "
                'set contact = "you@example.org" under [web] in claims-audit.toml'
            )


def _leaves(target: str, world: World) -> bool:
    """True where a target stands on an address beyond this machine and its private network."""
    from pipeline.sources.addresses import is_own

    try:
        parts = urlsplit(target)
        found = world.resolve(parts.hostname or "", parts.port or 80)
    except (OSError, ValueError):
        return False  # asking for it will tell
    return not all(is_own(address) for address in found)
