"""What the classes of an element tell a reader. The same ones stand on many elements, so they are looked at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from claims.model import Region
from pipeline.readers import tags

_LONG = 300
"""Characters beyond which an attribute is not remembered: hostile pages must not fill the memory."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the classes say; a plain element says none of it."""

    region: Region | None = None
    testimonial: bool = False
    framing: str | None = None
    title: bool = False
    question_head: bool = False
    button: bool = False
    icon: bool = False
    clone: bool = False


NOTHING = Told()


def told(names: str) -> Told:
    """What is told by a class attribute."""
    return _remembered(names) if len(names) < _LONG else _told(names)


def _told(names: str) -> Told:
    found = Told(
        _region(names),
        bool(tags.TESTIMONIAL_CLASS.search(names)),
        _framing(names),
        bool(tags.TITLE_CLASS.search(names)),
        bool(tags.QUESTION_HEAD.search(names)),
        bool(tags.BUTTON_CLASS.search(names)),
        bool(tags.ICON_CLASS.search(names)),
        bool(tags.CLONE_CLASS.search(names)),
    )
    return NOTHING if found == NOTHING else found


_remembered = lru_cache(maxsize=4096)(_told)


def _region(names: str) -> Region | None:
    found = [region for name in names.split() if (region := tags.NAMED_REGIONS.get(name.lower()))]
    return found[-1] if found else None


def _framing(names: str) -> str | None:
    match = tags.FRAMING_CLASS.search(names)
    if match is None or ("myth" in names and "fact" in names):
        return None
    return "myth" if match["myth"] else "fact"
