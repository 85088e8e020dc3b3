"""How documents are spread over processes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from claims.model import PageResult, Skipped, Snapshot
from claims.rules import Rules


def audit_all(source: Iterable[Snapshot | Skipped], rules: Rules, jobs: int = 1) -> Iterator[PageResult]:
    """Results in the order of the source; what could not be fetched passes through as it is."""
    from pipeline.audit import audit_snapshot

    for item in source:
        if isinstance(item, Skipped):
            yield PageResult(item.url, None, skipped=item)
        else:
            yield audit_snapshot(item, rules)
