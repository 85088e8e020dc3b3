"""What the store's tests share: options, a run with results, and an audit that costs next to nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from servers import FakeTime

from claims.model import PageResult, Skipped, Snapshot, Versions
from claims.rules import Rules
from pipeline.readers import read_page
from pipeline.sources import Collection, CrawlOptions, SourceOptions, World, open_sources

RULES = Rules(today=date(2026, 3, 1))
VERSIONS = Versions("1", "catalogue", "language")


def options(folder: Path, at: datetime | None = None, **crawl: object) -> SourceOptions:
    time = FakeTime()
    world = World(sleep=time.sleep, monotonic=time.monotonic, chance=lambda: 0.5)
    if at is not None:
        world = replace(world, now=lambda: at)
    return SourceOptions(
        allow_private=True,
        connect_timeout=2.0,
        read_timeout=5.0,
        total_timeout=10.0,
        max_attempts=2,
        world=world,
        store=folder,
        crawl=CrawlOptions(**{"delay": 0.0, "connections": 1, "max_pages": 5000, **crawl}),  # type: ignore[arg-type]
    )


def day(number: int) -> datetime:
    return datetime(2026, 3, number, 12, tzinfo=UTC)


class Auditor:
    """Audits what a collection gives, by a stand-in that counts how often it was needed."""

    def __init__(self, rules: Rules = RULES, versions: Versions = VERSIONS) -> None:
        self.rules, self.versions = rules, versions
        self.extracted: list[str] = []
        self.results: list[PageResult] = []

    def audit(self, snapshot: Snapshot) -> PageResult:
        self.extracted.append(snapshot.url)
        page = read_page(snapshot)
        plain = replace(snapshot, body=b"")
        if isinstance(page, Skipped):
            return PageResult(snapshot.url, None, skipped=page, snapshot=plain)
        return PageResult(snapshot.url, page, snapshot=plain)

    def step(self, collection: Collection, item: Snapshot | Skipped) -> PageResult:
        if isinstance(item, Skipped):
            result = PageResult(item.url, None, skipped=item)
        else:
            known = collection.recall(item, self.rules, self.versions)
            result = known or self.audit(item)
            if known is None:
                collection.keep(item, self.rules, self.versions, result)
        collection.record(result)
        self.results.append(result)
        return result

    def run(self, targets: list[str], with_options: SourceOptions) -> Collection:
        with open_sources(targets, with_options) as collection:
            for item in collection:
                self.step(collection, item)
            collection.finish()
        return collection
