"""Which entry speaks of a claim: the most specific one, by slots alone."""

from __future__ import annotations

from collections.abc import Iterable

from claims.catalogue.entry import (
    ANY_CONDITION,
    GRADE_PREFIX,
    NO_CONDITION,
    OPEN_CONDITION,
    Catalogue,
    Entry,
    Slots,
)
from claims.model import Family, Route, Subject

OPEN_PREFIX = "open:"

Specificity = tuple[int, int, int, int]


def condition_tokens(catalogue: Catalogue, condition: str | None) -> dict[str, int]:
    """What an entry may write to match a condition (None: none named), each with how specific that is."""
    tokens = {ANY_CONDITION: 0, GRADE_PREFIX + catalogue.grade(condition): 1}
    if condition is None:
        tokens[NO_CONDITION] = 2
    elif condition in catalogue.conditions:
        tokens[condition] = 2
    else:
        tokens[OPEN_CONDITION] = 2
    return tokens


def _condition_rank(entry: Entry, tokens: dict[str, int]) -> int | None:
    return max([tokens[c] for c in entry.conditions if c in tokens], default=None)


def specificity(
    entry: Entry, subject: Subject, route: Route, tokens: dict[str, int], aims: frozenset[str]
) -> Specificity | None:
    """How closely an entry fits (larger is closer), or None where it does not fit.

    A jurisdiction counts most, then the condition, then the subject, then the route.
    """
    fits = (
        (not entry.subjects or subject in entry.subjects)
        and (not entry.routes or route in entry.routes)
        and (not entry.jurisdictions or not aims.isdisjoint(entry.jurisdictions))
    )
    rank = _condition_rank(entry, tokens) if fits else None
    if rank is None:
        return None
    return (int(bool(entry.jurisdictions)), rank, int(bool(entry.subjects)), int(bool(entry.routes)))


def closest(
    catalogue: Catalogue,
    family: Family,
    proposition: str,
    subject: Subject,
    route: Route,
    condition: str | None,
    jurisdictions: Iterable[str],
) -> tuple[Entry, ...]:
    """The entries that fit most closely: none, one, or one for each of several jurisdictions."""
    known = condition is None or condition in catalogue.conditions
    slots = (
        family,
        proposition,
        subject,
        route,
        condition if known else OPEN_CONDITION,
        frozenset(jurisdictions),
    )
    found = catalogue.closest.get(slots)
    if found is None:
        found = catalogue.closest[slots] = _closest(catalogue, slots)
    return found


def _closest(catalogue: Catalogue, slots: Slots) -> tuple[Entry, ...]:
    family, proposition, subject, route, condition, aims = slots
    tokens = condition_tokens(catalogue, condition)
    ranked = [
        (found, entry)
        for entry in catalogue.index.get((family, proposition), ())
        if (found := specificity(entry, subject, route, tokens, aims)) is not None
    ]
    best = max((found for found, _ in ranked), default=None)
    return tuple(entry for found, entry in ranked if found == best)
