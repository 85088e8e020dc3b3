"""Character references ("&rsquo;", "&#8217;") with the place each of them stands at."""

from __future__ import annotations

import re
from html import unescape
from html.entities import html5

Piece = tuple[str, int, int]
"""Text, where it begins in the source, and the width there: 0 where characters map one to one."""

_REFERENCE = re.compile(r"&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[A-Za-z][A-Za-z0-9]{0,31};?)")


def pieces(raw: str, offset: int = 0) -> list[Piece]:
    """Decode `raw`, which begins at `offset` in the source."""
    return _decode(raw, 0, len(raw), offset)


def align(source: str, at: int, data: str) -> list[Piece]:
    """Pieces for `data`, which a parser decoded from the source at `at`.

    A parser hands on most text as it stands and some of it decoded, and does not say which: both are tried.
    """
    if "&" not in data and source.startswith(data, at):
        return [(data, at, 0)]
    decoded = _decode(source, at, None, 0, len(data))
    if "".join(text for text, _, _ in decoded) == data:
        return decoded
    if source.startswith(data, at):
        return [(data, at, 0)]
    # Not seen in practice: every character then points at the place where the run begins.
    return [(char, at, 1) for char in data]


def _decode(source: str, at: int, end: int | None, offset: int, wanted: int | None = None) -> list[Piece]:
    """Pieces of ``source[at:end]``, or of as much from `at` on as yields `wanted` characters."""
    out: list[Piece] = []
    made = 0
    while (end is None or at < end) and (wanted is None or made < wanted):
        limit = end if end is not None else at + (wanted or 0) - made
        ampersand = source.find("&", at, limit)
        plain = source[at : limit if ampersand < 0 else ampersand]
        if plain:
            out.append((plain, at + offset, 0))
            made += len(plain)
            at += len(plain)
        if ampersand < 0:
            break
        text, width = _resolve(source, at)
        out.append((text, at + offset, width))
        made += len(text)
        at += width or 1
    return out


def _resolve(source: str, at: int) -> tuple[str, int]:
    """The characters that the reference at `at` stands for and its width; width 0 for a bare ampersand."""
    match = _REFERENCE.match(source, at)
    if match is None:
        return "&", 0
    name = match.group()[1:]
    if name.startswith("#"):
        return unescape(match.group()), len(name) + 1
    if name in html5:
        return html5[name], len(name) + 1
    for length in range(len(name) - 1, 1, -1):
        if name[:length] in html5:
            return html5[name[:length]], length + 1
    return "&", 0
