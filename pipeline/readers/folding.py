"""Folds a stretch of source to block text, keeping the way back."""

from __future__ import annotations

from claims.model import SourceMap

INVISIBLE = frozenset("\u200b\u200c\u200d\ufeff\u00ad\u2060")
"""Characters that stand in the source and are not read: zero-width spaces and joiners, soft hyphens, marks."""


class Folder:
    """Collects source characters into folded text: white space runs become one space, ends are bare.

    Feed runs in reading order with `add`; `result` gives the text and its `SourceMap`.
    """

    def __init__(self) -> None:
        self._chars: list[str] = []
        self._origins: list[tuple[int, int]] = []

    def add(self, raw: str, offset: int) -> None:
        """Add `raw`, whose first character stands at `offset` in the source."""
        for i, char in enumerate(raw, offset):
            if char in INVISIBLE:
                continue
            if char.isspace():
                self._space(i)
            else:
                self._put(char, i, 1)

    def join(self, char: str = "\n") -> None:
        """Put a separator that stands for the white space between two joined lines."""
        if self._chars and self._chars[-1] == " ":
            self._chars[-1] = char
        elif self._chars:
            start, width = self._origins[-1]
            self._put(char, start + width, 1)

    def _space(self, at: int) -> None:
        if not self._chars:
            return
        if self._chars[-1].isspace():
            start, _ = self._origins[-1]
            self._origins[-1] = (start, at + 1 - start)
        else:
            self._put(" ", at, 1)

    def _put(self, char: str, start: int, width: int) -> None:
        self._chars.append(char)
        self._origins.append((start, width))

    def result(self) -> tuple[str, SourceMap]:
        while self._chars and self._chars[-1].isspace():
            self._chars.pop()
            self._origins.pop()
        return "".join(self._chars), _runs(self._origins)


def _runs(origins: list[tuple[int, int]]) -> SourceMap:
    """One run for each stretch of characters that map one to one, one for each that does not."""
    texts: list[int] = []
    sources: list[int] = []
    widths: list[int] = []
    expected = -1
    for i, (start, width) in enumerate(origins):
        if width != 1 or start != expected or (widths and widths[-1]):
            texts.append(i)
            sources.append(start)
            widths.append(0 if width == 1 else width)
        expected = start + width
    return SourceMap(tuple(texts), tuple(sources), tuple(widths))


def fold(raw: str, offset: int = 0) -> tuple[str, SourceMap]:
    """Fold one stretch of source that starts at `offset`."""
    folder = Folder()
    folder.add(raw, offset)
    return folder.result()
