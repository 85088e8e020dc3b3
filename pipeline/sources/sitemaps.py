"""Sitemaps: plain, XML, index files, gzip; read within bounds, since a stranger wrote them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from claims.model import Skipped
from pipeline.sources.base import one_line
from pipeline.sources.bodies import BodyError, gunzip

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.sources.web import Fetcher

MAX_FILES = 50
MAX_ADDRESSES = 50_000
MAX_DEPTH = 3
"""An index may name an index, but not for ever."""

_PLACES = frozenset({("loc", "url"), ("loc", "sitemap"), ("link", "item"), ("link", "entry")})
"""Where an address stands: the element and what it is in. Pictures and videos have addresses elsewhere."""


@dataclass(slots=True)
class Sitemaps:
    """Reads sitemaps and what they name. `problems` lists those that could not be read."""

    fetcher: Fetcher
    permits: Callable[[str], bool]
    problems: list[Skipped] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)

    def addresses(self, starts: tuple[str, ...], *, guessed: bool = False) -> Iterator[str]:
        """Page addresses in the order of the files. A `guessed` sitemap that is not there is no problem."""
        todo = [(url, 0) for url in starts]
        given = 0
        while todo and len(self._seen) < MAX_FILES:
            url, depth = todo.pop(0)
            if url in self._seen:
                continue
            self._seen.add(url)
            for is_index, address in self._read(url, quiet=guessed and depth == 0):
                if is_index and depth < MAX_DEPTH:
                    todo.append((urljoin(url, address), depth + 1))
                elif not is_index and given < MAX_ADDRESSES:
                    given += 1
                    yield urljoin(url, address)

    def _read(self, url: str, *, quiet: bool) -> list[tuple[bool, str]]:
        """What one sitemap names; nothing, and a problem unless `quiet`, where it cannot be read."""
        if not self.permits(url):
            self._problem(url, f"{url}: forbidden by its host's robots.txt", quiet=quiet)
            return []
        body = self._fetch(url, quiet=quiet)
        try:
            return list(read_sitemap(body)) if body is not None else []
        except ValueError as error:
            told = f"{url}: not a sitemap that can be read: {one_line(str(error))}"
            self._problem(url, told, quiet=quiet)
            return []

    def _problem(self, url: str, reason: str, *, quiet: bool) -> None:
        if not quiet:
            self.problems.append(Skipped(url, "sitemap", reason))

    def _fetch(self, url: str, *, quiet: bool) -> bytes | None:
        from pipeline.sources.web import FetchError, status_failure

        try:
            exchange = self.fetcher.fetch(url, any_type=True).exchange
        except FetchError as error:
            problem: Skipped | None = error.skipped
        else:
            problem = status_failure(url, exchange)
            if problem is None:
                return self._unpack(url, exchange.body)
        if problem and not quiet:
            self.problems.append(Skipped(url, "sitemap", problem.reason))
        return None

    def _unpack(self, url: str, body: bytes) -> bytes | None:
        if body[:2] != b"\x1f\x8b":
            return body
        try:
            return gunzip(body, self.fetcher.options.max_decoded)
        except BodyError as error:
            self.problems.append(Skipped(url, "sitemap", f"{url}: {error}"))
            return None


def read_sitemap(body: bytes) -> Iterator[tuple[bool, str]]:
    """(whether it names a further sitemap, address) for each entry. ValueError: no sitemap."""
    text = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not text.startswith(b"<"):
        yield from _plain(text)
        return
    from lxml import etree

    # No entities, no network, no huge trees: a sitemap needs none of them. What comes before a fault is used.
    events = etree.iterparse(
        BytesIO(text), events=("end",), resolve_entities=False, no_network=True, load_dtd=False, recover=True
    )
    known = False
    try:
        for _, element in events:
            name = etree.QName(element).localname.lower() if isinstance(element.tag, str) else ""
            known = known or name in ("urlset", "sitemapindex", "url", "sitemap", "rss", "feed")
            parent = element.getparent()
            inside = etree.QName(parent).localname.lower() if parent is not None else ""
            address = (element.text or "").strip()
            if address and (name, inside) in _PLACES:
                yield inside == "sitemap", address
            if name in ("url", "sitemap", "item", "entry"):
                element.clear()
    except etree.XMLSyntaxError as error:
        if not known:
            raise ValueError(str(error)) from error
    if not known:
        raise ValueError("no <urlset> and no <sitemapindex> in it")


def _plain(text: bytes) -> Iterator[tuple[bool, str]]:
    lines = [line.strip() for line in text.decode("utf-8", errors="replace").splitlines()]
    addresses = [line for line in lines if line.startswith(("http://", "https://"))]
    if not addresses:
        raise ValueError("neither XML nor a list of addresses")
    yield from ((False, address) for address in addresses)
