"""What a crawl knows of a site: every address found, once, with what became of it."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, replace
from enum import StrEnum


class Fate(StrEnum):
    """What became of an address."""

    QUEUED = "queued"
    FETCHED = "fetched"
    UNCHANGED = "unchanged"
    """The server said so, or sent the same bytes."""
    DUPLICATE = "duplicate"
    """Led to, or is by its canonical link, a page that is read under another address."""
    ROBOTS = "robots"
    """Forbidden by robots.txt."""
    FAILED = "failed"
    EMPTY = "empty"
    EXCLUDED = "excluded"
    """By the patterns of the run."""
    DEPTH = "depth"
    """Further from the start than the run goes."""
    LANGUAGE = "language"
    OFFSITE = "offsite"
    """Led to another site."""
    DOCUMENT = "document"
    """A brochure or the like: listed, not read."""
    ALIAS = "alias"
    """Another name of a page that was read; no page of its own."""
    SITEMAP = "sitemap"
    """A sitemap that could not be read; no page."""


ASKED = frozenset(
    {Fate.FETCHED, Fate.UNCHANGED, Fate.FAILED, Fate.EMPTY, Fate.DUPLICATE, Fate.OFFSITE, Fate.LANGUAGE}
)
"""Fates that cost requests and count against the budget of pages."""
READ = frozenset({Fate.FETCHED, Fate.UNCHANGED})


@dataclass(frozen=True, slots=True)
class Entry:
    """One address of a site. `seq` is the order in which it was found, from 0."""

    seq: int
    key: str
    url: str
    depth: int
    fate: Fate = Fate.QUEUED
    code: str = ""
    reason: str = ""
    """Code and reason of the `Skipped` it became, where it did."""
    capture: int | None = None
    """Number of its capture in the store."""


class Frontier:
    """The addresses of one site in the order found; rebuilt from its entries to go on."""

    def __init__(self, entries: list[Entry] | None = None) -> None:
        self._entries: dict[str, Entry] = {entry.key: entry for entry in entries or []}
        self._queue = deque(e for e in self._entries.values() if e.fate is Fate.QUEUED)
        self._fresh: list[Entry] = []
        self._next = 1 + max((e.seq for e in self._entries.values()), default=-1)

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def __len__(self) -> int:
        return len(self._entries)

    def entries(self) -> list[Entry]:
        return list(self._entries.values())

    def add(self, key: str, url: str, depth: int, fate: Fate = Fate.QUEUED) -> None:
        """Note an address, unless it is known."""
        if key in self._entries:
            return
        entry = Entry(self._next, key, url, depth, fate)
        self._next += 1
        self._entries[key] = entry
        self._fresh.append(entry)
        if fate is Fate.QUEUED:
            self._queue.append(entry)

    def note(self, key: str, url: str, fate: Fate, code: str, reason: str) -> None:
        """Note what is no page and yet to be told, also after an interruption."""
        if key not in self._entries:
            self.add(key, url, 0, fate)
            self._fresh[-1] = self.settle(self._fresh[-1], fate, code, reason)

    def next(self) -> Entry | None:
        return self._queue.popleft() if self._queue else None

    def settle(self, entry: Entry, fate: Fate, code: str = "", reason: str = "") -> Entry:
        settled = replace(entry, fate=fate, code=code, reason=reason)
        self._entries[entry.key] = settled
        return settled

    def requeue(self, entry: Entry) -> None:
        """Have an entry done again, after those that wait already."""
        waiting = replace(entry, fate=Fate.QUEUED, capture=None)
        self._entries[entry.key] = waiting
        self._queue.append(waiting)

    def fresh(self) -> list[Entry]:
        """Addresses noted since this was last asked."""
        fresh, self._fresh = self._fresh, []
        return fresh

    def counts(self) -> Counter[Fate]:
        return Counter(entry.fate for entry in self._entries.values())
