"""Which language a page is in. Only English is read; everything else is reported, never passed as clean."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from itertools import islice

from claims.model import Block, BlockKind, Region

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_PLAIN_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
"""The same in ASCII of lower case."""
_ENGLISH = frozenset(
    [
        "the",
        "and",
        "to",
        "is",
        "that",
        "with",
        "for",
        "are",
        "this",
        "you",
        "your",
        "our",
        "from",
        "have",
        "can",
        "may",
        "it",
        "be",
        "by",
        "not",
        "will",
        "who",
        "what",
        "how",
        "which",
        "their",
        "they",
        "or",
        "but",
        "has",
        "been",
        "these",
        "more",
        "when",
        "of",
        "we",
        "does",
        "if",
        "at",
        "about",
        "after",
        "than",
        "other",
        "also",
        "most",
        "many",
        "some",
        "helps",
        "help",
        "treatment",
        "patients",
    ]
)
"""Words that running English is full of and other languages are not."""
_SAMPLE = 3000
_FEW_WORDS = 40
_ENGLISH_SHARE = 0.14
_FOREIGN_SHARE = 0.07


def other_language(blocks: Iterable[Block], declared: str | None) -> str | None:
    """The language's code where the page is not in English; None where it is, or where nothing can be told.

    The words decide. Where there are too few of them the declaration counts: themes come with a wrong one.
    A link or a box in another language does not make the page one of that language.
    """
    words = list(islice(_words(blocks), _SAMPLE))
    code = (declared or "").strip().lower().replace("_", "-").split("-")[0]
    foreign = code not in ("", "en", "und", "zxx", "mul", "x")
    share = sum(map(_ENGLISH.__contains__, words)) / len(words) if words else 0.0
    if share >= _ENGLISH_SHARE and len(words) >= 8:
        return None
    if len(words) < _FEW_WORDS:
        return code if foreign else _script(words)
    if not foreign and code and share >= _FOREIGN_SHARE:
        return None
    detected = _detected(" ".join(words))
    if detected == "en":
        return None
    return detected if foreign or share < _FOREIGN_SHARE else None


def _words(blocks: Iterable[Block]) -> Iterable[str]:
    """Words of the page's own text first: menus and footers are often translated alone."""
    rest: list[Block] = []
    for block in blocks:
        if block.region is Region.MAIN and block.kind not in (BlockKind.ALT, BlockKind.BUTTON):
            yield from _of_block(block)
        else:
            rest.append(block)
    for block in rest:
        if block.region in (Region.HEAD, Region.HEADER, Region.ASIDE):
            yield from _of_block(block)


def _of_block(block: Block) -> Iterable[str]:
    text = block.text
    return _PLAIN_WORD.findall(text.lower()) if text.isascii() else map(str.lower, _WORD.findall(text))


_SCRIPTS = {
    "CYRILLIC": "ru",
    "CJK": "zh",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
    "ARABIC": "ar",
    "HEBREW": "he",
    "GREEK": "el",
    "DEVANAGARI": "hi",
    "THAI": "th",
}


def _script(words: list[str]) -> str | None:
    """The language that another script than the Latin one points to, where most letters are in it."""
    letters = [char for word in words for char in word if not char.isascii()]
    total = sum(len(word) for word in words)
    if not letters or len(letters) <= total / 2:
        return None
    names = [unicodedata.name(char, "").split(" ")[0] for char in letters]
    found = [_SCRIPTS[name] for name in names if name in _SCRIPTS]
    return max(set(found), key=found.count) if len(found) > total / 2 else None


def _detected(text: str) -> str:
    language, _ = _identifier()(text)  # type: ignore[operator]
    return str(language)


@cache
def _identifier() -> object:
    import py3langid

    return py3langid.classify
