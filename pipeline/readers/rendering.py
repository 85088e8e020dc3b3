"""HTML written for a document in another notation, each character of its text with the way back."""

from __future__ import annotations

from claims.model import SourceMap

_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}


class Rendering:
    """Collects HTML and, beside it, the map from HTML to the document."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._texts: list[int] = []
        self._sources: list[int] = []
        self._widths: list[int] = []

    def markup(self, html: str, at: int | None = None) -> None:
        """Add a tag. With `at`, each of its characters stands for the one there (a line break)."""
        if at is not None:
            for i in range(len(html)):
                self._run(self._length + i, at, 1)
        self._append(html)

    def verbatim(self, html: str, at: int) -> None:
        """Add HTML that stands in the document at `at` as it is."""
        if html:
            self._run(self._length, at, 0)
            self._append(html)

    def text(self, text: str, at: int, width: int = 0) -> None:
        """Add text that stands at `at`; with a width, each character stands for that many there."""
        for i, char in enumerate(text):
            place = at if width else at + i
            escaped = _ESCAPES.get(char)
            if escaped is not None or width:
                for k in range(len(escaped or char)):
                    self._run(self._length + k, place, width or 1)
            elif not self._continues(place):
                self._run(self._length, place, 0)
            self._append(escaped or char)

    def _continues(self, place: int) -> bool:
        if not self._texts or self._widths[-1]:
            return False
        return self._sources[-1] + self._length - self._texts[-1] == place

    def _run(self, start: int, source: int, width: int) -> None:
        self._texts.append(start)
        self._sources.append(source)
        self._widths.append(width)

    def _append(self, html: str) -> None:
        self._parts.append(html)
        self._length += len(html)

    def result(self) -> tuple[str, SourceMap]:
        """The HTML and the map from it to the document."""
        return "".join(self._parts), SourceMap(tuple(self._texts), tuple(self._sources), tuple(self._widths))
