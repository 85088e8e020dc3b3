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
    """Most names are on many elements, though hardly two of these have all of them in common."""
    telling = [one for one in map(_one, names.split()) if one is not NOTHING]
    clone = bool(tags.CLONE_CLASS.search(names))  # the only pattern that two names make together
    if not telling:
        return Told(clone=True) if clone else NOTHING
    regions = [one.region for one in telling if one.region]
    framings = [one.framing for one in telling if one.framing]
    both = "myth" in names and "fact" in names
    found = Told(
        regions[-1] if regions else None,
        any(one.testimonial for one in telling),
        framings[0] if framings and not both else None,
        any(one.title for one in telling),
        any(one.question_head for one in telling),
        any(one.button for one in telling),
        any(one.icon for one in telling),
        clone,
    )
    return NOTHING if found == NOTHING else found


_remembered = lru_cache(maxsize=4096)(_told)


def _one(name: str) -> Told:
    """What a single name tells."""
    return _one_remembered(name) if len(name) < _LONG else _one_told(name)


def _one_told(name: str) -> Told:
    found = Told(
        tags.NAMED_REGIONS.get(name.lower()),
        bool(tags.TESTIMONIAL_CLASS.search(name)),
        _framing(name),
        bool(tags.TITLE_CLASS.search(name)),
        bool(tags.QUESTION_HEAD.search(name)),
        bool(tags.BUTTON_CLASS.search(name)),
        bool(tags.ICON_CLASS.search(name)),
    )
    return NOTHING if found == NOTHING else found


_one_remembered = lru_cache(maxsize=4096)(_one_told)


def _framing(name: str) -> str | None:
    match = tags.FRAMING_CLASS.search(name)
    if match is None:
        return None
    return "myth" if match["myth"] else "fact"
