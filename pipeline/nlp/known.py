"""Texts that have been read: menus, footers and paragraphs that stand on many pages are read once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable

from pipeline.nlp.analysis import Parsed

ROOM = 400_000
"""Characters that are kept, all texts together: those of some dozens of pages."""


class Known:
    """The texts used last, within bounds. What is kept says nothing of the page that it came from."""

    def __init__(self, room: int = ROOM) -> None:
        self._room, self._held = room, 0
        self._texts: OrderedDict[str, Parsed] = OrderedDict()
        """The one used longest ago comes first."""

    def parsed(
        self, texts: Collection[str], read: Callable[[Iterable[str]], Iterable[Parsed]]
    ) -> list[Parsed]:
        """Different texts as they read, in order; `read` is asked for those that are not known."""
        fresh = [text for text in texts if text not in self._texts]
        for text, parsed in zip(fresh, read(fresh), strict=True):
            self._texts[text] = parsed
            self._held += len(text)
        found = []
        for text in texts:
            self._texts.move_to_end(text)
            found.append(self._texts[text])
        self._shrink()
        return found

    def _shrink(self) -> None:
        while self._held > self._room:
            oldest, _ = self._texts.popitem(last=False)
            self._held -= len(oldest)
