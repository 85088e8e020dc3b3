"""WHERE bytes come from: files, folders, standard input, web pages, crawls, captures."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from claims.errors import UsageError
from claims.model import Skipped, Snapshot
from pipeline.sources.base import WARC_EXTENSIONS, CrawlOptions, Source, SourceOptions, World
from pipeline.sources.coverage import Coverage

if TYPE_CHECKING:
    from pipeline.sources.crawl import SiteCrawl
    from pipeline.sources.politeness import RobotsReader
    from pipeline.sources.web import Fetcher

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
    """Iterates over all targets once; `coverage` fills meanwhile. Close it, or use it as a context."""

    def __init__(self, targets: list[str], options: SourceOptions, sites: Mapping[str, CrawlOptions]) -> None:
        self.coverage = Coverage()
        self._options, self._sites = options, sites
        self._seen: set[str] = set()
        self._network: tuple[Fetcher, RobotsReader] | None = None
        _require_contact(targets, options, sites)
        self._stream = self._all(targets)

    def __next__(self) -> Snapshot | Skipped:
        return next(self._stream)

    def __enter__(self) -> Collection:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop, and let go of connections."""
        self._stream.close()
        if self._network:
            self._network[0].transport.close()

    def _all(self, targets: list[str]) -> Generator[Snapshot | Skipped, None, None]:
        for target in targets:
            yield from self._site(target) if is_web(target) else self._file(target)

    def _file(self, target: str) -> Iterator[Snapshot | Skipped]:
        if target.lower().endswith(WARC_EXTENSIONS) and not Path(target).is_dir():
            from pipeline.sources.warc import WarcSource

            yield from WarcSource(Path(target), self._options).snapshots()
            return
        from pipeline.sources.files import FileSource

        source = FileSource(target, self._options, self._seen)
        yield from source.snapshots()
        self.coverage.documents += source.documents

    def _site(self, target: str) -> Iterator[Snapshot | Skipped]:
        crawl = self._crawl(target)
        try:
            yield from crawl.snapshots()
        finally:
            self.coverage.sites[crawl.start] = crawl.coverage

    def _crawl(self, target: str) -> SiteCrawl:
        # Imported here, so that reading files does not load the network libraries.
        from pipeline.sources.crawl import SiteCrawl
        from pipeline.sources.politeness import RobotsReader
        from pipeline.sources.web import Fetcher

        if self._network is None:
            fetcher = Fetcher(self._options)
            self._network = fetcher, RobotsReader(fetcher)
        options = replace(self._options, crawl=_limits(target, self._options, self._sites))
        return SiteCrawl(target, options, *self._network)


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
