"""Auditing what a collection gives, without doing again what a store remembers; all of it noted in the run."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from claims.model import PageResult, Skipped, Snapshot, Versions
from claims.rules import Rules

if TYPE_CHECKING:
    from pipeline.sources import Collection

Engine = Callable[[Iterable[Snapshot | Skipped]], Iterator[PageResult]]
"""Audits items, in their order (`partial(audit_all, rules=…, jobs=…)`)."""
Refresh = Callable[[PageResult], PageResult]
"""Renews what depends on the day in a result that was remembered."""

AT_HAND = 64
"""Remembered results that wait for their turn in memory; further ones are looked up again."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """One item's place in the order: remembered, or with the engine."""

    snapshot: Snapshot | None
    remembered: bool = False
    result: PageResult | None = None


def audit_collection(
    collection: Collection, rules: Rules, versions: Versions, engine: Engine, refresh: Refresh
) -> Iterator[PageResult]:
    """Results in the order of the collection; last one without a page that carries the figures of coverage.

    The run is finished, and the collection closed, when the last has been taken.
    """
    queue = _Queue(collection, rules, versions, refresh)
    with collection:
        for result in engine(queue.unknown()):
            yield from queue.remembered()
            yield queue.audited(result)
        yield from queue.remembered()
        notes = collection.finish()
    if notes:
        yield PageResult("", None, notes=notes)


class _Queue:
    """The order of the items: those remembered wait here while the others are with the engine."""

    def __init__(self, collection: Collection, rules: Rules, versions: Versions, refresh: Refresh) -> None:
        self._collection, self._refresh = collection, refresh
        self._rules, self._versions = rules, versions
        self._turns: deque[_Turn] = deque()

    def unknown(self) -> Iterator[Snapshot | Skipped]:
        """What the engine is to audit."""
        for item in self._collection:
            turn = self._turn(item)
            self._turns.append(turn)
            if not turn.remembered:
                yield item

    def remembered(self) -> Iterator[PageResult]:
        """Results that are next in the order and known already."""
        while self._turns and self._turns[0].remembered:
            result = self._refresh(self._looked_up(self._turns.popleft()))
            self._collection.record(result)
            yield result

    def audited(self, result: PageResult) -> PageResult:
        """Note a result of the engine: the next in the order."""
        turn = self._turns.popleft()
        if turn.snapshot is not None and _worth_keeping(result):
            self._collection.keep(turn.snapshot, self._rules, self._versions, result)
        self._collection.record(result)
        return result

    def _turn(self, item: Snapshot | Skipped) -> _Turn:
        if isinstance(item, Skipped):
            return _Turn(None)
        known = self._collection.recall(item, self._rules, self._versions)
        at_hand = known if len(self._turns) < AT_HAND else None
        return _Turn(replace(item, body=b""), known is not None, at_hand)

    def _looked_up(self, turn: _Turn) -> PageResult:
        if turn.result is not None or turn.snapshot is None:
            return turn.result or PageResult("", None)
        found = self._collection.recall(turn.snapshot, self._rules, self._versions)
        if found is not None:
            return found
        url = turn.snapshot.url  # purged in between
        reason = f"{url}: its result has gone from the store meanwhile; run again"
        return PageResult(url, None, skipped=Skipped(url, "lost", reason))


def _worth_keeping(result: PageResult) -> bool:
    """What failed for reasons of the moment is tried again the next time."""
    return result.skipped is None or result.skipped.code not in ("too_slow", "crashed", "lost", "fault")
