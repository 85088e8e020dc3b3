"""The tokens of a text as spaCy's tokenizer makes them, each as one symbol.

The tokenizer looks at one stretch between spaces at a time, so each different stretch is shown to it once, and what it
made of it is looked up from then on: no Doc, no token object. Tokens of one norm share a symbol, which is a single
character: a text's tokens are a string then, and so is a phrase of the lists.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from spacy.tokens import Doc

UNLISTED = "\0"
"""The symbol of every token that stands in no list."""
_MAX_KNOWN = 50_000
"""Different stretches that are remembered; past it all are forgotten, so that memory stays bounded."""


class Tokens(NamedTuple):
    """A text's tokens: a symbol each, and their character offsets."""

    symbols: str
    firsts: list[int]
    lasts: list[int]
    notable: bool
    """Whether one of the words is what the table was told to look out for."""


class _Stretch(NamedTuple):
    symbols: str
    places: tuple[tuple[int, int], ...]
    """Offsets of its tokens; none where it is one token from end to end."""
    notable: bool


class TokenTable:
    """What a tokenizer makes of each stretch between spaces."""

    def __init__(self, tokenize: Callable[[str], Doc], notable: re.Pattern[str]) -> None:
        self._tokenize = tokenize
        self._notable = notable
        self._symbols: dict[int, str] = {}
        self._known: dict[str, _Stretch | None] = {}
        """None for a stretch that is not one: other white space stands in it."""

    def listed(self, phrases: Iterable[str]) -> list[str]:
        """The symbols of each phrase. What stands in no phrase has none of its own, so this comes before `of`."""
        words = dict[str, str]()
        found = []
        for phrase in phrases:
            parts = []
            for word in phrase.split(" "):
                part = words.get(word)
                if part is None:
                    part = words[word] = "".join([self._symbol(token.norm) for token in self._tokenize(word)])
                parts.append(part)
            found.append("".join(parts))
        return found

    def _symbol(self, norm: int) -> str:
        symbol = self._symbols.get(norm)
        if symbol is None:
            symbol = self._symbols[norm] = chr(len(self._symbols) + 1)
        return symbol

    def of(self, text: str) -> Tokens:
        known, parts = self._known, []
        firsts: list[int] = []
        lasts: list[int] = []
        at, noted = 0, False
        for word in text.split(" "):
            if not word:
                # A space too many: such spaces are a token of their own.
                if lasts and lasts[-1] == at < len(text):
                    lasts[-1] += 1
                elif at < len(text):
                    parts.append(UNLISTED)
                    firsts.append(at)
                    lasts.append(at + 1)
                at += 1
                continue
            stretch = known[word] if word in known else self._learnt(word)
            if stretch is None:
                return self._of_doc(text)
            symbols, places, notable = stretch
            noted = noted or notable
            parts.append(symbols)
            end = at + len(word)
            if places:
                for first, last in places:
                    firsts.append(at + first)
                    lasts.append(at + last)
            else:
                firsts.append(at)
                lasts.append(end)
            at = end + 1
        return Tokens("".join(parts), firsts, lasts, noted)

    def _learnt(self, word: str) -> _Stretch | None:
        if len(self._known) >= _MAX_KNOWN:
            self._known.clear()
        stretch = None
        if not any(letter.isspace() for letter in word):
            symbols, firsts, lasts, notable = self._of_doc(word)
            places = tuple(zip(firsts, lasts, strict=True)) if len(symbols) > 1 else ()
            stretch = _Stretch(symbols, places, notable)
        self._known[word] = stretch
        return stretch

    def _of_doc(self, text: str) -> Tokens:
        tokens = list(self._tokenize(text))
        return Tokens(
            "".join(self._symbols.get(token.norm, UNLISTED) for token in tokens),
            [token.idx for token in tokens],
            [token.idx + len(token) for token in tokens],
            self._notable.search(text) is not None,
        )
