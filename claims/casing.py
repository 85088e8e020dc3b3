"""Lower case for patterns: to compare letters whatever their case costs them several times the time."""

from __future__ import annotations


def lowered(text: str) -> str:
    """`text` in lower case, each letter where it stood."""
    lower = text.lower()
    if len(lower) != len(text):  # "İ" becomes two
        lower = "".join([letter.lower()[0] for letter in text])
    return lower
