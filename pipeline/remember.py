"""Auditing what a collection gives, without doing again what a store remembers; all of it noted in the run."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from claims.model import PageResult, Snapshot, Versions
from claims.rules import Rules
from pipeline.engines import Item

if TYPE_CHECKING:
    from pipeline.sources import Collection

Engine = Callable[[Iterable[Item]], Iterator[PageResult]]
"""Audits snapshots and passes all else through, in order (`partial(audit_all, rules=…, jobs=…)`)."""
Refresh = Callable[[PageResult], PageResult]
"""Renews what depends on the day in a result that was remembered."""


def audit_collection(
    collection: Collection, rules: Rules, versions: Versions, engine: Engine, refresh: Refresh
) -> Iterator[PageResult]:
    """Results in the order of the collection; last one without a page that carries the figures of coverage.

    The run is finished, and the collection closed, when the last has been taken.
    """
    under_way: deque[Snapshot | None] = deque()
    """One a result that the engine has not given yet; a snapshot where the result is to be kept."""

    def items() -> Iterator[Item]:
        for item in collection:
            known = collection.recall(item, rules, versions) if isinstance(item, Snapshot) else None
            fresh = isinstance(item, Snapshot) and known is None
            under_way.append(replace(item, body=b"") if isinstance(item, Snapshot) and fresh else None)
            yield item if known is None else refresh(known)

    with collection:
        for result in engine(items()):
            snapshot = under_way.popleft()
            if snapshot is not None and _worth_keeping(result):
                collection.keep(snapshot, rules, versions, result)
            collection.record(result)
            yield result
        notes = collection.finish()
    if notes:
        yield PageResult("", None, notes=notes)


def _worth_keeping(result: PageResult) -> bool:
    """What failed for reasons of the moment is tried again the next time."""
    return result.skipped is None or result.skipped.code not in ("too_slow", "crashed", "lost", "fault")
