"""WHERE bytes come from: files, folders, standard input, web pages, crawls, captures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from claims.model import Skipped, Snapshot
from pipeline.sources.base import CrawlOptions, Source, SourceOptions, World

__all__ = ["CrawlOptions", "Source", "SourceOptions", "World", "is_web", "open_sources"]


def is_web(target: str) -> bool:
    """True for what is written as an address, fetchable or not (`C:\\pages` is a path)."""
    scheme, separator, _ = target.partition("://")
    return (
        bool(separator)
        and len(scheme) > 1
        and scheme.replace("+", "").isalnum()
        and not Path(target).exists()
    )


def open_sources(targets: list[str], options: SourceOptions | None = None) -> Iterator[Snapshot | Skipped]:
    """What stands at each target, in their order; a file met twice is given once.

    Nothing is raised for a target that cannot be read: it is a `Skipped` in its place.
    """
    options = options or SourceOptions()
    seen: set[str] = set()
    for target in targets:
        yield from _source(target, options, seen).snapshots()


def _source(target: str, options: SourceOptions, seen: set[str]) -> Source:
    # Imported here, so that reading files does not load the network libraries.
    if is_web(target):
        from pipeline.sources.web import WebSource

        return WebSource(target, options)
    from pipeline.sources.files import FileSource

    return FileSource(target, options, seen)
