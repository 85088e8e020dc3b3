"""Where a statement stands: offsets, line and column in the source, and a link into the live page."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urldefrag

from claims.model import Claim, Page

_WHOLE = 8
"""Statements of at most so many words are linked whole; longer ones by their first and last words."""
_ENDS = 4


@dataclass(frozen=True, slots=True)
class Place:
    """Offsets in the decoded source, line and column (1-based), and the link; None where there is none."""

    start: int | None = None
    end: int | None = None
    line: int | None = None
    column: int | None = None
    link: str | None = None


@lru_cache(maxsize=8)
def _line_starts(text: str) -> tuple[int, ...]:
    """Offset of the first character of every line, as editors count lines."""
    ends = re.compile(r"\r\n?|\n" if "\r" in text else "\n")
    return (0, *[match.end() for match in ends.finditer(text)])


def place_of(page: Page, claim: Claim) -> Place:
    """The place of a claim's statement."""
    block = page.blocks[claim.block]
    link = text_fragment(page.url, claim.quote)
    span = block.source.span(claim.start, claim.end)
    if span is None or not page.source_text:
        return Place(line=block.locator.line, column=block.locator.column, link=link)
    starts = _line_starts(page.source_text)
    line = bisect_right(starts, span[0])
    return Place(span[0], span[1], line, span[0] - starts[line - 1] + 1, link)


def text_fragment(url: str, statement: str) -> str | None:
    """A link that scrolls to the statement in the live page (`#:~:text=`); None for what is no web page."""
    if not url.startswith(("http://", "https://")):
        return None
    words = statement.split()
    if not words:
        return None
    parts = [words] if len(words) <= _WHOLE else [words[:_ENDS], words[-_ENDS:]]
    directive = ",".join(["%20".join(map(_quoted, part)) for part in parts])
    return f"{_without_fragment(url)}#:~:text={directive}"


@lru_cache(maxsize=8)
def _without_fragment(url: str) -> str:
    return urldefrag(url).url


@lru_cache(maxsize=4096)
def _quoted(word: str) -> str:
    return quote(word, safe="").replace("-", "%2D")
