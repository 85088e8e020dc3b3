"""What changed between two catalogues: entries added and removed, and limits tightened or loosened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from claims.catalogue.entry import PROFILES, Bounds, Entry, Limits


class Change(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    TIGHTENED = "tightened"
    LOOSENED = "loosened"
    CHANGED = "changed"
    """Tightened in one way and loosened in another, or spoken of other claims than before."""
    REWORDED = "reworded"
    """The same limits; message, wording, evidence, examples or review differ."""


@dataclass(frozen=True, slots=True)
class Difference:
    entry: str
    change: Change
    details: tuple[str, ...] = ()


def differences(old: dict[str, Entry], new: dict[str, Entry]) -> Iterator[Difference]:
    """One for each entry that is not the same in both, in the order of their ids."""
    for name in sorted({*old, *new}):
        if name not in old:
            yield Difference(name, Change.ADDED, (new[name].title,))
        elif name not in new:
            yield Difference(name, Change.REMOVED, (old[name].title,))
        elif old[name].content_hash != new[name].content_hash:
            yield _compare(old[name], new[name])


def _compare(old: Entry, new: Entry) -> Difference:
    steps = [step for profile in PROFILES for step in _limit_steps(profile, old, new)]
    reach = list(_reach(old, new))
    details = tuple(text for _, text in steps) + tuple(reach)
    directions = {direction for direction, _ in steps if direction}
    if reach or len(directions) == 2:
        change = Change.CHANGED
    elif directions:
        change = Change.TIGHTENED if directions == {-1} else Change.LOOSENED
    else:
        change = Change.REWORDED
        details = tuple(_reworded(old, new))
    return Difference(old.id, change, details)


def _reach(old: Entry, new: Entry) -> Iterator[str]:
    """Which claims the entry speaks of."""
    for name in ("propositions", "subjects", "routes", "conditions", "jurisdictions"):
        before, after = getattr(old, name), getattr(new, name)
        if set(before) != set(after):
            yield f"{name}: {', '.join(before) or 'any'} → {', '.join(after) or 'any'}"


def _reworded(old: Entry, new: Entry) -> Iterator[str]:
    for name in (
        "title",
        "message",
        "approved_wording",
        "evidence",
        "authorities",
        "severity",
        "examples",
        "review",
    ):
        if getattr(old, name) != getattr(new, name):
            yield name.replace("_", " ")


Step = tuple[int, str]
"""-1 tightened, 1 loosened; and how, in words."""


def _limit_steps(profile: str, old: Entry, new: Entry) -> Iterator[Step]:
    before, after = old.limits[profile], new.limits[profile]
    yield from _ceiling(profile, before, after)
    worse = after.stance.beyond.badness - before.stance.beyond.badness
    if worse:
        yield (-1 if worse > 0 else 1), f"{profile}: stance {before.stance} → {after.stance}"
    yield from _figures(profile, before.bounds, after.bounds)
    yield from _sets(
        profile, "requires", {r.any_of for r in before.requires}, {r.any_of for r in after.requires}, -1
    )
    yield from _sets(profile, "raised", set(before.raised), set(after.raised), 1)
    yield from _sets(profile, "escalates", set(before.escalates), set(after.escalates), -1)


def _ceiling(profile: str, before: Limits, after: Limits) -> Iterator[Step]:
    low = -1 if before.max_strength is None else int(before.max_strength)
    high = -1 if after.max_strength is None else int(after.max_strength)
    if low != high:
        yield (1 if high > low else -1), f"{profile}: ceiling {_rung(before)} → {_rung(after)}"


def _rung(limits: Limits) -> str:
    return "none" if limits.max_strength is None else limits.max_strength.name


def _figures(profile: str, before: Bounds | None, after: Bounds | None) -> Iterator[Step]:
    infinite = float("inf")
    for name, default, sign in (("at_most", infinite, 1), ("at_least", 0.0, -1)):
        one = default if before is None or getattr(before, name) is None else getattr(before, name)
        two = default if after is None or getattr(after, name) is None else getattr(after, name)
        if one != two:
            yield (sign if two > one else -sign), f"{profile}: {name.replace('_', ' ')} {one:g} → {two:g}"


def _sets(profile: str, name: str, before: set[object], after: set[object], sign: int) -> Iterator[Step]:
    """What was added loosens (`sign` 1) or tightens (-1); what was taken away does the opposite."""
    if after - before:
        yield sign, f"{profile}: {name}: {len(after - before)} more"
    if before - after:
        yield -sign, f"{profile}: {name}: {len(before - after)} fewer"
