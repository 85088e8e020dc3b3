"""Text put together from pieces of source, with the way back kept."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from claims.model import SourceMap
from pipeline.readers.folding import INVISIBLE

_UNSEEN = "".join(sorted(INVISIBLE))
_IRREGULAR = re.compile(rf"[{_UNSEEN}]|\s\s")
_TOKEN = re.compile(
    rf"(?P<space>\s[\s{_UNSEEN}]*)|(?P<unseen>[{_UNSEEN}]+)|[^\s{_UNSEEN}]+(?: [^\s{_UNSEEN}]+)*"
)
_OTHER_SPACE = re.compile(r"[^\S ]")


class TextBuffer:
    """Collects pieces in reading order; white space folds to one space as they come, ends are bare.

    Works by runs, not by characters: reading a page must not cost more than parsing it.
    """

    __slots__ = ("_expected", "_parts", "_sources", "_texts", "_widths", "length", "open")

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._texts: list[int] = []
        self._sources: list[int] = []
        self._widths: list[int] = []
        self._expected = -1
        self.length = 0
        """Characters so far, with at most one trailing space."""
        self.open = False
        """True where the next white space counts: the text does not end in a space."""

    def add(self, text: str, source: int, width: int = 0) -> None:
        """Add a piece; with a width, each of its characters stands for that many source characters."""
        if width:
            for char in text:
                self._add_wide(char, source, width)
        elif _IRREGULAR.search(text) is None:
            self._add_plain(text, source)
        else:
            for token in _TOKEN.finditer(text):
                if token["unseen"] is None:
                    at = token.start()
                    self._add_plain(" " if token["space"] else token.group(), source + at)

    def _add_plain(self, text: str, source: int) -> None:
        if not self.open and text[:1].isspace():
            text = text[1:]
            source += 1
        if not text:
            return
        if _OTHER_SPACE.search(text):
            text = _OTHER_SPACE.sub(" ", text)
        if source != self._expected:
            self._texts.append(self.length)
            self._sources.append(source)
            self._widths.append(0)
        self._parts.append(text)
        self.length += len(text)
        self._expected = source + len(text)
        self.open = text[-1] != " "

    def _add_wide(self, char: str, source: int, width: int) -> None:
        if char in INVISIBLE:
            return
        if char.isspace():
            if not self.open:
                return
            char = " "
        self._put(char, source, width)
        self.open = char != " "

    def _put(self, char: str, source: int, width: int) -> None:
        self._texts.append(self.length)
        self._sources.append(source)
        self._widths.append(width)
        self._parts.append(char)
        self.length += 1
        self._expected = -1

    def line_break(self, source: int, width: int) -> None:
        """Put the newline that stands between a figure and its caption, a label and its body."""
        self._trim()
        if self.length:
            self._put("\n", source, max(width, 1))
            self.open = False

    def space(self, source: int) -> None:
        """Put a space that the source shows as a boundary only."""
        if self.open:
            self._put(" ", source, 1)
            self.open = False

    @property
    def end(self) -> int:
        """Where the source goes on behind the last piece."""
        if self._expected >= 0 or not self._sources:
            return max(self._expected, 0)
        return self._sources[-1] + max(self._widths[-1], 1)

    def _trim(self) -> None:
        while self._parts and self._parts[-1][-1:] in ("", " ", "\n"):
            last = self._parts.pop()
            kept = last[:-1]
            self.length -= len(last) - len(kept)
            if kept:
                self._parts.append(kept)
            self._expected = -1
        while self._texts and self._texts[-1] >= self.length:
            self._texts.pop()
            self._sources.pop()
            self._widths.pop()

    def tail(self, length: int) -> str:
        """At least the last `length` characters so far, or all there are; without trailing space."""
        last: list[str] = []
        found = 0
        for part in reversed(self._parts):
            last.append(part)
            found += len(part)
            if found > length:
                break
        return "".join(reversed(last)).rstrip()

    def result(self) -> tuple[str, SourceMap]:
        self._trim()
        return "".join(self._parts), SourceMap(tuple(self._texts), tuple(self._sources), tuple(self._widths))


def buffered(pieces: Iterable[tuple[str, int, int]]) -> tuple[str, SourceMap]:
    """Fold pieces to one text."""
    buffer = TextBuffer()
    for text, source, width in pieces:
        buffer.add(text, source, width)
    return buffer.result()


def shifted(source: SourceMap, by: int) -> SourceMap:
    """The map of a text whose source stands `by` characters further on in a larger one."""
    return (
        replace(source, source_starts=tuple(start + by for start in source.source_starts)) if by else source
    )


def composed(length: int, inner: SourceMap, outer: SourceMap) -> SourceMap:
    """The map of a text of `length` characters through the text between: inner leads to it, outer from it."""
    origins: list[tuple[int, int]] = []
    for i in range(length):
        middle = inner.span(i, i + 1)
        span = outer.span(*middle) if middle else None
        if span is None:
            return SourceMap()
        origins.append((span[0], max(span[1] - span[0], 1)))
    return from_origins(origins)


def from_origins(origins: Sequence[tuple[int, int]]) -> SourceMap:
    """The map of a text from the source offset and width of each of its characters."""
    texts: list[int] = []
    sources: list[int] = []
    widths: list[int] = []
    expected = -1
    for i, (start, width) in enumerate(origins):
        if width != 1 or start != expected or widths[-1]:
            texts.append(i)
            sources.append(start)
            widths.append(0 if width == 1 else width)
        expected = start + width
    return SourceMap(tuple(texts), tuple(sources), tuple(widths))


def joined(first: SourceMap, first_length: int, second: SourceMap) -> SourceMap:
    """The map of two texts with one newline between them."""
    if not first.text_starts or not second.text_starts:
        return SourceMap()
    end = (first.span(first_length - 1, first_length) or (0, 0))[1]
    gap = second.source_starts[0] - end
    return SourceMap(
        (*first.text_starts, first_length, *(start + first_length + 1 for start in second.text_starts)),
        (*first.source_starts, end, *second.source_starts),
        (*first.widths, max(gap, 1), *second.widths),
    )


def part(text: str, source: SourceMap, start: int, end: int) -> tuple[str, SourceMap]:
    """The text from `start` to `end`, without space at its end, with its map."""
    kept = text[start:end].rstrip()
    if not source.text_starts or not kept:
        return kept, SourceMap()
    first = bisect_right(source.text_starts, start) - 1
    last = bisect_right(source.text_starts, start + len(kept) - 1)
    at = (source.span(start, start + 1) or (0, 0))[0]
    return kept, SourceMap(
        (0, *(begin - start for begin in source.text_starts[first + 1 : last])),
        (at, *source.source_starts[first + 1 : last]),
        source.widths[first:last],
    )


class Lines:
    """Line and column of an offset, both 1-based; lines end at LF, CR LF or CR."""

    def __init__(self, source: str) -> None:
        ends = re.compile(r"\r\n?|\n" if "\r" in source else "\n")
        self._starts = [0, *(match.end() for match in ends.finditer(source))]

    def at(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1
