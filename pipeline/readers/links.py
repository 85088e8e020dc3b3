"""Where a page leads: links, frames, documents; and the link that leads to a statement in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote, urldefrag, urljoin, urlsplit

if TYPE_CHECKING:
    from pipeline.readers.markup import Markup

DOCUMENTS = frozenset(
    [
        ".pdf",
        ".doc",
        ".docx",
        ".odt",
        ".rtf",
        ".ppt",
        ".pptx",
        ".odp",
        ".pps",
        ".ppsx",
        ".xls",
        ".xlsx",
        ".ods",
        ".epub",
        ".pages",
        ".key",
    ]
)
"""Names of files that may hold claims and that no reader takes."""

_WEB = frozenset({"http", "https", "file", ""})
_REFRESH = re.compile(
    r"^\s*(\d*)(?:\.\d*)?\s*[;,]?\s*(?:url\s*=\s*)?(?P<quote>[\"']?)(?P<url>.*?)(?P=quote)\s*$",
    re.IGNORECASE | re.DOTALL,
)
_LONG_TEXT = 120
"""Characters beyond which a text is named by its first and last words."""
_END_WORDS = 5


@dataclass(frozen=True, slots=True)
class PageLinks:
    """What a page points to: absolute addresses (where its own is), without fragment, each once."""

    url: str
    base: str
    """What relative addresses are relative to."""
    canonical: str | None = None
    language: str | None = None
    links: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()
    """Frames and iframes of the same host."""
    refresh: str | None = None
    """Where the page sends its visitors by itself."""
    documents: tuple[str, ...] = ()
    """Brochures and the like: PDF, Word …"""
    alternates: tuple[tuple[str, str], ...] = ()
    """Translations: language code and address."""
    robots: tuple[str, ...] = ()
    """Directives of the robots meta element, lower case."""


def page_links(markup: Markup, url: str) -> PageLinks:
    """The links of a page that has been parsed."""
    base = _base(markup, url)
    links: dict[str, None] = {}
    frames: dict[str, None] = {}
    documents: dict[str, None] = {}
    for tag, attrs in markup.references:
        if tag in ("a", "area"):
            target = _resolved(base, attrs.get("href"))
            if target is not None:
                (documents if is_document(target) else links)[target] = None
        elif tag in ("frame", "iframe"):
            target = _resolved(base, attrs.get("src"))
            if target is not None and same_host(target, url):
                frames[target] = None
    return PageLinks(
        url,
        base,
        _canonical(markup, base),
        markup.language,
        tuple(links),
        tuple(frames),
        _refresh(markup, base),
        tuple(documents),
        tuple(_alternates(markup, base)),
        tuple(_robots(markup)),
    )


def _base(markup: Markup, url: str) -> str:
    for tag, attrs in markup.references:
        if tag == "base" and attrs.get("href"):
            return _joined(url, attrs["href"]) or url
    return url


def _joined(base: str, href: str) -> str | None:
    try:
        joined = urljoin(base, re.sub(r"[\t\n\r]", "", href.strip()))
        parts = urlsplit(joined)
        _ = parts.port
    except ValueError:  # a bad port or a bad IPv6 address
        return None
    return joined if parts.scheme.lower() in _WEB else None


def _resolved(base: str, href: str | None) -> str | None:
    """The address a link leads to, without fragment; None for one within the page or not of the web."""
    if not href or href.lstrip().startswith("#"):
        return None
    joined = _joined(base, href)
    return urldefrag(joined).url if joined else None


def is_document(url: str) -> bool:
    """True for an address whose name says brochure rather than page."""
    return PurePosixPath(urlsplit(url).path).suffix.lower() in DOCUMENTS


def same_host(one: str, other: str) -> bool:
    """True for two addresses of one host; `www.` counts for nothing."""
    first, second = (
        urlsplit(url).netloc.lower().rpartition("@")[2].removeprefix("www.") for url in (one, other)
    )
    return first == second


def _rels(attrs: dict[str, str]) -> list[str]:
    return attrs.get("rel", "").lower().split()


def _canonical(markup: Markup, base: str) -> str | None:
    for tag, attrs in markup.references:
        if tag == "link" and "canonical" in _rels(attrs):
            return _resolved(base, attrs.get("href"))
    return None


def _alternates(markup: Markup, base: str) -> Iterator[tuple[str, str]]:
    for tag, attrs in markup.references:
        if tag == "link" and "alternate" in _rels(attrs) and attrs.get("hreflang"):
            target = _resolved(base, attrs.get("href"))
            if target:
                yield attrs["hreflang"].lower(), target


def _robots(markup: Markup) -> Iterator[str]:
    for tag, attrs in markup.references:
        if tag == "meta" and attrs.get("name", "").lower() == "robots":
            yield from (part.strip().lower() for part in attrs.get("content", "").split(",") if part.strip())


def _refresh(markup: Markup, base: str) -> str | None:
    for tag, attrs in markup.references:
        if tag == "meta" and attrs.get("http-equiv", "").lower() == "refresh":
            match = _REFRESH.match(attrs.get("content", ""))
            if match and match["url"]:
                return _resolved(base, match["url"])
    return None


def text_fragment(url: str, text: str) -> str:
    """The link that opens a page at a text and marks it.

    A long text, or one that runs over several elements, is named by its first and last words.
    """
    lines = [" ".join(line.split()) for line in text.split("\n") if line.strip()]
    if not lines:
        return url
    if len(lines) > 1:
        start, end = lines[0], lines[-1]
    else:
        start, end = lines[0], ""
    if len(start) > _LONG_TEXT or len(end) > _LONG_TEXT:
        words = " ".join(lines).split(" ")
        if len(words) > 2 * _END_WORDS:
            start, end = " ".join(words[:_END_WORDS]), " ".join(words[-_END_WORDS:])
    address, mark, fragment = url.partition("#")
    fragment = fragment.partition(":~:")[0]
    directive = _escaped(start) + (f",{_escaped(end)}" if end else "")
    return f"{address}{mark or '#'}{fragment}:~:text={directive}"


def _escaped(text: str) -> str:
    """Percent-encoded, the three characters too that have a meaning of their own in the directive."""
    return quote(text, safe="!*'()").replace("-", "%2D")
