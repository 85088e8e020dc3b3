"""Adds up what the weights make of a statement: the rows of all its features, of which `features` says what they are.

What a statement has of words, classes and groups is looked up by its words: each different word is taken apart once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import pairwise, repeat

from claims.weights import NO_ROW, Row, word_classes
from pipeline.nlp import features
from pipeline.nlp.analysis import Statement
from pipeline.nlp.features import Features, Place

_ABSENT = repeat(NO_ROW)
_PLACES = 256
"""Places whose sums are remembered: a block's statements, and the blocks under a heading, follow each other."""
_MAX_KNOWN = 20_000
"""Different words that are remembered; past it all are forgotten, so that memory stays bounded."""
_NOTHING: Mapping[str, Row] = {}


class Tables:
    """Tables of rows with their bias: what is there adds up to a score a family."""

    def __init__(self, bias: Row, rows: Mapping[str, Mapping[str, Row]]) -> None:
        self._bias = bias
        self._rows = rows
        self._lengths = rows.get("length", _NOTHING)
        self._words: dict[str, tuple[Row, str | None]] = {}
        """Word → its row and its class."""
        self._classes: dict[str, tuple[Row, str]] = {}
        """Class → its row and its group."""
        self.around = lru_cache(maxsize=_PLACES)(self._around)
        """What a statement's place and subject add, and the bias."""

    def _around(self, place: Place, subject: str) -> Row:
        return self._bias + self.summed(features.of_place(place)) + self.summed(features.of_subject(subject))

    def summed(self, seen: Features) -> Row:
        """What any features add."""
        return sum(self._sum(kind, keys) for kind, keys in seen.items())

    def weighed(self, statement: Statement, lower: str) -> Row:
        """What `features.of_statement` add, without making them all."""
        fenced = features.fenced(lower)
        total = self._of_words(set(fenced))
        total += self._sum("pair", {f"{a} {b}" for a, b in pairwise(fenced)})
        total += self._lengths.get(features.length(fenced), NO_ROW)
        if statement.quantities:
            total += self._sum("quantity", {quantity.kind for quantity in statement.quantities})
        mentions = statement.mentions
        if mentions:
            total += self._sum("mention", features.kinds(statement))
            total += self._sum("mentions", features.neighbours(mentions))
        return total

    def _sum(self, kind: str, keys: Iterable[str]) -> Row:
        return sum(map(self._rows.get(kind, _NOTHING).get, keys, _ABSENT))

    def _of_words(self, words: set[str]) -> Row:
        total, known = NO_ROW, self._words
        names: set[str | None] = set()
        for word in words:
            entry = known.get(word) or self._word(word)
            total += entry[0]
            names.add(entry[1])
        groups = set()
        for name in names:
            if name is not None:
                row, group = self._classes.get(name) or self._class(name)
                total += row
                groups.add(group)
        return total + self._sum("group", groups)

    def _word(self, word: str) -> tuple[Row, str | None]:
        if len(self._words) >= _MAX_KNOWN:
            self._words.clear()
        entry = self._rows.get("word", _NOTHING).get(word, NO_ROW), word_classes().classes.get(word)
        self._words[word] = entry
        return entry

    def _class(self, name: str) -> tuple[Row, str]:
        entry = self._rows.get("class", _NOTHING).get(name, NO_ROW), word_classes().groups[name]
        self._classes[name] = entry
        return entry
