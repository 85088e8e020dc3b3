"""Manners: what robots.txt permits, and how long to wait between two requests to one host."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit, urlunsplit

from pipeline.sources.base import World

if TYPE_CHECKING:
    from pipeline.sources.web import Fetcher

ROBOTS_LIFE = timedelta(hours=24)
"""How long a robots.txt that was read may be relied on (RFC 9309, 2.4)."""
ROBOTS_BYTES = 500 * 1024
"""How much of one is read (RFC 9309, 2.5 asks for at least this)."""


@dataclass(slots=True)
class Gate:
    """Spaces the requests to each host; safe to use from several threads."""

    world: World
    delay: float = 0.0
    _next: dict[str, float] = field(default_factory=dict)
    _delays: dict[str, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def slow_down(self, host: str, delay: float) -> None:
        """Wait at least `delay` seconds between two requests to this host from now on."""
        with self._lock:
            self._delays[host] = max(delay, self._delays.get(host, 0.0))

    def hold(self, host: str, seconds: float) -> None:
        """Ask this host nothing for so long, whoever wants to: it is busy."""
        with self._lock:
            self._next[host] = max(self._next.get(host, 0.0), self.world.monotonic() + seconds)

    def wait(self, host: str) -> None:
        """Returns when the host may be asked again. Each caller takes a turn of its own."""
        with self._lock:
            now = self.world.monotonic()
            turn = max(self._next.get(host, now), now)
            self._next[host] = turn + max(self.delay, self._delays.get(host, 0.0))
        if turn > now:
            self.world.sleep(turn - now)


class Parsed(Protocol):
    """The part of a robots.txt parser that is used."""

    @property
    def sitemaps(self) -> Iterator[str]: ...

    def can_fetch(self, url: str, user_agent: str) -> bool: ...

    def crawl_delay(self, user_agent: str) -> float | None: ...


@dataclass(frozen=True, slots=True)
class Robots:
    """What one host's robots.txt says to us."""

    permits_all: bool = True
    unreachable: str = ""
    """Why it could not be read, where that forbids everything for now."""
    parsed: Parsed | None = None
    agent: str = ""

    def permits(self, url: str) -> bool:
        if self.parsed is not None:
            return self.parsed.can_fetch(url, self.agent)
        return self.permits_all

    @property
    def delay(self) -> float:
        """Seconds it asks to leave between requests."""
        return (self.parsed.crawl_delay(self.agent) if self.parsed else None) or 0.0

    @property
    def sitemaps(self) -> tuple[str, ...]:
        return tuple(self.parsed.sitemaps) if self.parsed else ()


class RobotsMemory(Protocol):
    """Where a robots.txt is kept between runs."""

    def robots(self, origin: str) -> tuple[str, str | None] | None:
        """When it was read (ISO 8601) and its text (None: there is none), or None where it was never read."""

    def keep_robots(self, origin: str, fetched_at: str, text: str | None) -> None: ...


class RobotsReader:
    """Reads each host's robots.txt once a run, or takes it from memory while it is fresh."""

    def __init__(self, fetcher: Fetcher, memory: RobotsMemory | None = None) -> None:
        self._fetcher, self._memory = fetcher, memory
        self._world = fetcher.options.world
        self._agent = fetcher.options.user_agent
        self._known: dict[str, Robots] = {}
        self._lock = threading.Lock()

    def of(self, url: str) -> Robots:
        origin = urlunsplit((*urlsplit(url)[:2], "", "", ""))
        with self._lock:
            if origin not in self._known:
                self._known[origin] = self._remembered(origin) or self._read(origin)
                self._fetcher.gate.slow_down(urlsplit(url).netloc, self._known[origin].delay)
            return self._known[origin]

    def forget(self, url: str) -> None:
        """Read it anew the next time it is asked for."""
        self._known.pop(urlunsplit((*urlsplit(url)[:2], "", "", "")), None)

    def _remembered(self, origin: str) -> Robots | None:
        kept = self._memory.robots(origin) if self._memory else None
        if kept is None:
            return None
        read_at = datetime.fromisoformat(kept[0])
        if read_at.tzinfo is None:
            read_at = read_at.replace(tzinfo=UTC)
        age = self._world.now() - read_at
        return self._parse(kept[1]) if timedelta() <= age < ROBOTS_LIFE else None

    def _read(self, origin: str) -> Robots:
        """RFC 9309, 2.3.1: no such file permits everything; a server in trouble, nothing for now."""
        from pipeline.sources.web import FetchError

        try:
            exchange = self._fetcher.fetch(f"{origin}/robots.txt", any_type=True).exchange
        except FetchError as error:
            return Robots(permits_all=False, unreachable=error.skipped.reason)
        if exchange.status >= 500 or exchange.status == 429:
            return Robots(permits_all=False, unreachable=f"{origin}/robots.txt: status {exchange.status}")
        text = None
        if 200 <= exchange.status < 300:
            text = exchange.body[:ROBOTS_BYTES].decode("utf-8-sig", errors="replace")
        if self._memory:
            self._memory.keep_robots(origin, self._world.stamp(), text)
        return self._parse(text)

    def _parse(self, text: str | None) -> Robots:
        if text is None:
            return Robots()
        from protego import Protego

        return Robots(parsed=Protego.parse(text), agent=self._agent)
