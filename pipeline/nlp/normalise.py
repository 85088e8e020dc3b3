"""Folds the surface of a text without moving a character, so that offsets hold."""

from __future__ import annotations

import re
from functools import lru_cache

_SAME_LENGTH = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u0060": "'", "\u00b4": "'",
        "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"',
        "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2212": "-",
        "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ",
        "\u2022": " ", "\u00ae": " ", "\u2122": " ", "\u2020": " ", "*": " ",
    }
)  # fmt: skip
JOINER = "\u2060"
"""Stands where full stops stood inside a word; the tagger takes it off."""
_WORD_HYPHEN = re.compile(r"(?<=[^\W_])[-\u2013](?=[^\W\d_])|(?<=[^\W\d_])-(?=\d)")
_LONGEST_WORD = 80
_ENDLESS = re.compile(rf"\S{{{_LONGEST_WORD}}}(?=\S)")
"""No word is that long, and a tokenizer takes marks off one at a time: its time would grow with the square."""
_RANGE_DASH = re.compile(r"(?<=\d)\s?[\u2013\u2014]\s?(?=\d)")
_SPACES = re.compile(r"[^\S\n]")
_DOTTED = re.compile(r"\b(?:[A-Za-z]\.){2,}")
_INITIALS = re.compile(r"\.[A-Za-z]\.")
"""Stands in everything that `_DOTTED` matches."""


@lru_cache(maxsize=8192)
def normalise(text: str) -> str:
    """Same length as `text`: straight quotes, plain spaces, hyphens inside words as spaces, ranges with `-`.

    Each step is only taken where something stands for it: most texts need one or two of them.
    """
    if not text.isascii() or "*" in text or "`" in text:
        text = text.translate(_SAME_LENGTH)
    if not text.isprintable():  # true of every text that has no white space but spaces
        text = _SPACES.sub(" ", text)
    if _INITIALS.search(text):
        text = _DOTTED.sub(_undot, text)
    if "\u2013" in text or "\u2014" in text:
        text = _RANGE_DASH.sub(lambda m: "-".center(len(m.group())), text)
    if "-" in text or "\u2013" in text:
        text = _WORD_HYPHEN.sub(" ", text)
    if len(max(text.split(), key=len, default="")) > _LONGEST_WORD:
        text = _ENDLESS.sub(lambda m: m.group()[:-1] + " ", text)
    return text


def _undot(match: re.Match[str]) -> str:
    """ "F.D.A.-approved" reads as "FDA-approved" behind joiners that are part of the word, "e.g." as "eg"."""
    letters = match.group().replace(".", "")
    return letters.rjust(len(match.group()), JOINER)
