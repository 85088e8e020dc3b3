"""How documents are spread over processes: results in order, memory bounded, no page takes others along."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

from claims.model import PageResult, Skipped, Snapshot
from claims.rules import Rules
from pipeline.parcels import packed, unpacked

if TYPE_CHECKING:
    from pebble import ProcessFuture, ProcessPool

Item = Snapshot | Skipped | PageResult
"""A page to audit, one that could not be fetched, or one that is known already: the last two pass through."""
Work = Callable[[Snapshot, Rules], PageResult]

PAGE_SECONDS = 120.0
"""Time limit for one page in a worker; past it the page is unreadable and its worker is replaced."""
_FEW = 8
"""Documents up to which starting workers costs more than it saves."""
_AHEAD = 3
"""Documents in flight for each worker: enough to keep them busy, few enough to bound the memory."""
_AT_HAND = 32
"""Items that are held back at most while it is not clear whether workers are worth it."""


def audit_one(snapshot: Snapshot, rules: Rules) -> PageResult:
    """What a worker does."""
    from pipeline.audit import audit_snapshot

    return audit_snapshot(snapshot, rules)


def audit_all(
    source: Iterable[Item],
    rules: Rules,
    jobs: int = 1,
    *,
    seconds: float = PAGE_SECONDS,
    work: Work = audit_one,
) -> Iterator[PageResult]:
    """Results in the order of `source`; what could not be fetched, or is known, passes through as it is.

    `jobs` is the number of worker processes: 0 takes one for each core, 1 works in this process, without a time
    limit. A page that crashes its worker or outlasts `seconds` comes back as unreadable.
    """
    workers = jobs or os.cpu_count() or 1
    items = iter(source)
    if workers == 1:
        return _here(items, rules, work)
    return _here_or_spread(items, rules, workers, seconds, work)


def _here_or_spread(
    items: Iterator[Item], rules: Rules, workers: int, seconds: float, work: Work
) -> Iterator[PageResult]:
    """Workers are started once some pages close together are to be audited."""
    held: list[Item] = []
    for item in items:
        held.append(item)
        fresh = sum(isinstance(one, Snapshot) for one in held)
        if fresh > _FEW:
            yield from _spread(chain(held, items), rules, workers, seconds, work)
            return
        if not fresh or len(held) > _AT_HAND:
            yield from _here(iter(held), rules, work)
            held = []
    yield from _here(iter(held), rules, work)


def _here(items: Iterator[Item], rules: Rules, work: Work) -> Iterator[PageResult]:
    for item in items:
        yield work(item, rules) if isinstance(item, Snapshot) else _passed_on(item)


def _passed_on(item: Skipped | PageResult) -> PageResult:
    return item if isinstance(item, PageResult) else PageResult(item.url, None, skipped=item)


def _spread(
    items: Iterator[Item], rules: Rules, workers: int, seconds: float, work: Work
) -> Iterator[PageResult]:
    from pebble import ProcessPool

    pool = ProcessPool(max_workers=workers, initializer=_ignore_interrupt, context=_context())
    try:
        yield from _in_order(pool, items, rules, workers * _AHEAD, seconds, work)
        pool.close()  # type: ignore[no-untyped-call]
    except BaseException:
        # Ctrl-C, or a reader that went away: nobody waits for pages in flight.
        pool.stop()  # type: ignore[no-untyped-call]
        raise
    finally:
        pool.join()


def _in_order(
    pool: ProcessPool, items: Iterator[Item], rules: Rules, window: int, seconds: float, work: Work
) -> Iterator[PageResult]:
    waiting: deque[tuple[Item, ProcessFuture[bytes] | None]] = deque()
    for item in items:
        future = None
        if isinstance(item, Snapshot):
            future = pool.schedule(_parcel, args=[work, item, rules], timeout=seconds)
        waiting.append((item, future))
        if len(waiting) >= window:
            yield _finished(*waiting.popleft(), seconds)
    while waiting:
        yield _finished(*waiting.popleft(), seconds)


def _parcel(work: Work, snapshot: Snapshot, rules: Rules) -> bytes:
    return packed(work(snapshot, rules))


def _finished(item: Item, future: ProcessFuture[bytes] | None, seconds: float) -> PageResult:
    from pebble import ProcessExpired

    if not isinstance(item, Snapshot):
        return _passed_on(item)
    if future is None:
        return _unreadable(item, "lost", "no worker took it")
    try:
        result: PageResult = unpacked(future.result())
    except TimeoutError:
        return _unreadable(
            item, "too_slow", f"took longer than {seconds:g} seconds to read; look at the page by hand"
        )
    except ProcessExpired as error:
        return _unreadable(item, "crashed", f"ended its worker process ({error}); look at the page by hand")
    return result


def _unreadable(item: Snapshot, code: str, reason: str) -> PageResult:
    return PageResult(item.url, None, skipped=Skipped(item.url, code, reason))


def _ignore_interrupt() -> None:
    """Ctrl-C is for the parent, which ends the workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _context() -> Any:
    """Workers are forked from a server without threads that has loaded the language, where the system has one."""
    import multiprocessing

    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    if context.get_start_method() == "forkserver":
        multiprocessing.set_forkserver_preload(["pipeline.preloaded"])
    return context
