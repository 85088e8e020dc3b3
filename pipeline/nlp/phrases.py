"""Finds listed phrases in the symbols of a text, and settles which of those that overlap are read.

The phrases are a tree of symbols: at each token it is walked as far as the text follows. Most phrases found touch no
other; those that do are settled together, once for each sequence of symbols that they can be found in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

Kinds = dict[str, str]
"""Mention type → value. Shared between mentions, and never changed."""
Place = tuple[int, int, Kinds]
"""Half-open token indices, and what stands there."""
_END = ""
"""Where a node of the tree keeps what ends at it."""
_MAX_KNOWN = 20_000
"""Sequences whose phrases are remembered; past it all are forgotten, so that memory stays bounded."""


class Listed(NamedTuple):
    """What a phrase can be."""

    layers: tuple[tuple[str, Kinds], ...]
    """Kinds by the file that lists them: within a file the longest phrase wins, files do not compete."""
    whole: Kinds
    """All kinds: what a phrase is that overlaps no other."""
    opaque: bool
    """Whether what stands inside is not read."""


_Found = tuple[int, int, Listed]


class PhraseTree:
    """Every listed phrase, by its symbols."""

    def __init__(self, phrases: Mapping[str, Listed]) -> None:
        self._root: dict[str, Any] = {}
        self._settled: dict[str, list[Place]] = {}
        for symbols, listed in phrases.items():
            node = self._root
            for symbol in symbols:
                node = node.setdefault(symbol, {})
            node[_END] = listed

    def places(self, symbols: str) -> Iterable[Place]:
        """The phrases that are read, in reading order, with the kinds that hold."""
        found = self._found(symbols)
        places: list[Place] = []
        at, count = 0, len(found)
        while at < count:
            start, end, listed = found[at]
            behind = at + 1
            while behind < count and found[behind][0] < end:
                if found[behind][1] > end:
                    end = found[behind][1]
                behind += 1
            if behind == at + 1:
                places.append((start, end, listed.whole))
            else:
                for first, last, kinds in self._together(symbols[start:end], found[at:behind]):
                    places.append((start + first, start + last, kinds))
            at = behind
        return places

    def _found(self, symbols: str) -> list[_Found]:
        """Every phrase that stands somewhere, by start and end."""
        found: list[_Found] = []
        root, count = self._root, len(symbols)
        for start, symbol in enumerate(symbols):
            node = root.get(symbol)
            end = start + 1
            while node is not None:
                if _END in node:
                    found.append((start, end, node[_END]))
                if end == count:
                    break
                node = node.get(symbols[end])
                end += 1
        return found

    def _together(self, symbols: str, found: list[_Found]) -> list[Place]:
        """Phrases of which each overlaps another: which of them are read follows from the symbols alone."""
        settled = self._settled.get(symbols)
        if settled is None:
            if len(self._settled) >= _MAX_KNOWN:
                self._settled.clear()
            start = found[0][0]
            moved = [(first - start, last - start, listed) for first, last, listed in found]
            settled = self._settled[symbols] = list(_settle(len(symbols), moved))
        return settled


def _settle(length: int, found: list[_Found]) -> Iterator[Place]:
    """The longest phrase of each file wins; what stands inside an opaque phrase is not read."""
    places: dict[tuple[int, int], Kinds] = {}
    taken: dict[str, bytearray] = {}
    hidden = bytearray(length)
    for start, end, listed in sorted(found, key=lambda one: (one[0] - one[1], one[0])):
        if hidden.find(0, start, end) < 0:
            continue
        kept: Kinds = {}
        for layer, kinds in listed.layers:
            mask = taken.setdefault(layer, bytearray(length))
            if mask.find(1, start, end) < 0:
                mask[start:end] = b"\x01" * (end - start)
                kept.update(kinds)
        if kept:
            places[start, end] = kept
            if listed.opaque:
                hidden[start:end] = b"\x01" * (end - start)
    for (start, end), kinds in sorted(places.items()):
        yield start, end, kinds
