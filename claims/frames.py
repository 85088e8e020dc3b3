"""Frames: which mentions, together, make a claim of a family, and which proposition it is. Data, one file a family."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from claims.errors import DataError
from claims.model import Family, Strength


@dataclass(frozen=True, slots=True)
class QuantityBound:
    """A quantity that a frame needs: its kind, and where its upper end (or lower, if open) must lie."""

    kind: str
    above: float | None = None
    up_to: float | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """One rule. It fires on a trigger mention when everything it asks for stands in its scope."""

    family: Family
    proposition: str
    name: str
    trigger: tuple[str, ...]
    """Mention types; `*` stands for the whole statement, for items whose lead-in says what they are."""
    needs: tuple[tuple[str, ...], ...] = ()
    """Groups of mention types; at least one of each group must stand in scope."""
    forbids: tuple[str, ...] = ()
    scope: str = "statement"
    """`fragment`, `clause` (its fragment and the dependent ones around it) or `statement`."""
    near: int | None = None
    """Greatest distance in tokens between the trigger and one mention of each needed group."""
    after: bool = False
    """True where what is needed must follow the trigger."""
    before: bool = False
    """True where what is needed must stand before the trigger."""
    named: bool = False
    """True where a condition that triggers must be an illness of its own, not "symptoms" or "mood"."""
    polarity: str = "affirmed"
    """`affirmed`, `negated` or `any`."""
    subject: str = "ours"
    """`ours`, `ketamine`, `esketamine`, `named` (the drug is named in the statement), `other` or `any`."""
    context: tuple[str, ...] = ()
    """Mention types of which one must stand in the context (lead-in, question, headings)."""
    context_place: tuple[str, ...] = ("lead_in", "question", "heading")
    kinds: tuple[str, ...] = ()
    """Kinds of block; empty for any."""
    not_kinds: tuple[str, ...] = ()
    """Kinds of block in which it does not fire: a heading that only names a topic claims nothing."""
    max_words: int | None = None
    """Longest statement, in tokens."""
    quantity: QuantityBound | None = None
    base: Strength | None = None
    """Strength where no cue speaks; default: that of the trigger's type, else S3."""
    fixed: Strength | None = None
    """Strength whatever the cues say."""
    conditions: str = "statement"
    """`statement`, `clause` or `none`."""
    qualifiers: tuple[str, ...] = ()
    optional_framing: bool = False
    """True where the frame also reads statements that ask or explain."""
    holds: bool = True
    """False where the frame only blocks: it consumes its trigger and makes no claim."""

    def stands_in(self, block: str) -> bool:
        """Whether it fires in this kind of block."""
        return (not self.kinds or block in self.kinds) and block not in self.not_kinds


@dataclass(frozen=True, slots=True)
class FrameSet:
    """The frames of one family, in the order they are tried."""

    frames: tuple[Frame, ...]
    subsumes: Mapping[str, tuple[str, ...]]
    """Proposition → those that say less and are dropped where it stands in the same statement."""


_MAX_KNOWN = 4096
"""Combinations of mention types whose frames are remembered."""


class _Bits(dict[str, int]):
    """A bit for each of some names; none for any other."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__((name, 1 << i) for i, name in enumerate(sorted(set(names))))

    def __missing__(self, name: str) -> int:
        self[name] = 0  # next time it is found without asking here
        return 0

    def of(self, names: Iterable[str]) -> int:
        """The bits of different names."""
        return sum(map(self.__getitem__, names))


class FrameIndex:
    """Every family's frames, found by the mention types that trigger them."""

    def __init__(self, sets: Mapping[Family, FrameSet]) -> None:
        self.sets = sets
        self._frames = [frame for rows in sets.values() for frame in rows.frames]
        self._by_trigger: dict[str, list[int]] = defaultdict(list)
        for number, frame in enumerate(self._frames):
            for kind in frame.trigger:
                self._by_trigger[kind].append(number)
        self.triggers = frozenset(self._by_trigger)
        groups = (kinds for frame in self._frames for kinds in (frame.trigger, *frame.needs))
        self._bits = _Bits(kind for kinds in groups for kind in kinds)
        self._always = self._bits["condition"]
        """A condition may count for a frame's needs without being listed: it is always taken to be there."""
        self._needs = [tuple(self._bits.of(set(group)) for group in frame.needs) for frame in self._frames]
        self._known: dict[tuple[int, str], list[list[Frame]]] = {}

    def triggered(self, kinds: Iterable[str], block: str | None = None) -> list[list[Frame]]:
        """The frames that these different mention types can fire, family by family, each in order of trial.

        Where the kind of block is given, only those that fire in such a block.
        """
        key = self._bits.of(kinds), block or ""
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _MAX_KNOWN:
                self._known.clear()
            known = self._known[key] = self._found(kinds, key[0] | self._always, block)
        return known

    def _found(self, kinds: Iterable[str], seen: int, block: str | None) -> list[list[Frame]]:
        numbers = {n for kind in ("*", *kinds) if kind in self._by_trigger for n in self._by_trigger[kind]}
        found: dict[Family, list[Frame]] = defaultdict(list)
        for number in sorted(numbers):
            frame = self._frames[number]
            if block is not None and not frame.stands_in(block):
                continue
            for group in self._needs[number]:
                if not seen & group:
                    break
            else:
                found[frame.family].append(frame)
        return list(found.values())


_GROUPS = {"trigger", "forbids", "context"}


@cache
def load() -> Mapping[Family, FrameSet]:
    """Every family's frames, in the order they are tried. Raises `DataError` for a file that cannot be used."""
    folder = files("claims") / "language" / "frames"
    return {family: _family(family, folder / f"{family}.json") for family in Family}


def _family(family: Family, path: Any) -> FrameSet:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as error:
        raise DataError([f"frames/{family}.json: cannot be read as JSON ({error}); repair it"]) from error
    subsumes = {k: tuple(v) for k, v in data.get("subsumes", {}).items()}
    return FrameSet(tuple(_frame(family, row, i) for i, row in enumerate(data["frames"])), subsumes)


def _frame(family: Family, row: Mapping[str, Any], index: int) -> Frame:
    fields = {k: v for k, v in row.items() if k not in ("examples", "why")}
    for key in _GROUPS & fields.keys():
        fields[key] = _types(fields[key])
    fields["needs"] = tuple(_types(group) for group in fields.get("needs", ()))
    for key in ("kinds", "not_kinds", "qualifiers", "context_place"):
        if key in fields:
            fields[key] = tuple(fields[key])
    for key in ("base", "fixed"):
        if key in fields:
            fields[key] = Strength[fields[key]]
    if "quantity" in fields:
        fields["quantity"] = QuantityBound(**fields["quantity"])
    try:
        return Frame(family=family, **{"name": f"{family}/{index}", **fields})
    except TypeError as error:
        raise DataError(
            [f"frames/{family}.json: /frames/{index}: {error}; see schemas/frames.schema.json"]
        ) from error


def _types(group: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in group.split("|"))
