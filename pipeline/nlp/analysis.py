"""What the components leave behind on a Doc: mentions, statements and their fragments, as plain values."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from claims.model import Quantity, Strength

GENERIC_CONDITIONS = frozenset(
    ("symptoms", "mood", "wellbeing", "mental_health", "stress", "treatment_resistant")
)
"""Conditions that name no illness; every illness named beside them goes before."""


class Mention(NamedTuple):
    """A listed phrase in a text. Token indices and character offsets are half-open and those of the Doc."""

    start: int
    end: int
    first: int
    """Character offset of the first letter."""
    last: int
    """Character offset behind the last letter."""
    kinds: dict[str, str]
    """Mention type → value (a condition's id, else the phrase)."""


def by_place(mention: Mention) -> tuple[int, int]:
    """Sorts mentions in reading order."""
    return mention.start, mention.end


@dataclass(slots=True)
class Fragment:
    """A stretch of a statement that a cue reaches: a clause, a participle phrase, a label."""

    start: int
    end: int
    """Character offsets."""
    kind: str
    """How it hangs on what stands before it.

    `main`, `shared` (a main clause that goes on with the subject before it), `dependent`, `resumed` (behind a
    parenthesis), `by` ("by calming the brain": taken for granted, so no hedge before it reaches it), `leading` (a
    subordinate clause before its main one) or `label`.
    """


@dataclass(slots=True)
class Statement:
    """One sentence, item, heading or cell. Without a mention it says nothing but what a list makes of it."""

    start: int
    end: int
    cut: Callable[[], list[Fragment]]
    """Gives the fragments: they are looked for once somebody asks."""
    mentions: list[Mention] = field(default_factory=list)
    quantities: list[Quantity] = field(default_factory=list)
    by_kind: dict[str, list[Mention]] = field(default_factory=dict)
    cues: list[StrengthCue] | None = None
    """Cues of strength, once somebody has asked for them."""
    tagged: dict[str, list[Mention]] | None = None
    """Qualifier tags, once somebody has asked for them."""
    parties: list[Mention] | None = None
    """Mentions of who or what may be spoken of, once somebody has asked for them."""
    weighed: tuple[int, int] | None = None
    """Where its own words begin, and what they add to each family's score, once somebody has asked for that."""
    _fragments: list[Fragment] | None = None
    _starts: list[int] | None = None

    @property
    def fragments(self) -> list[Fragment]:
        if self._fragments is None:
            self._fragments = self.cut()
        return self._fragments

    @property
    def says_something(self) -> bool:
        return bool(self.mentions or self.quantities)

    def of(self, *kinds: str) -> Iterator[Mention]:
        """Mentions of any of these types."""
        for kind in kinds:
            yield from self.by_kind.get(kind, ())

    def has(self, *kinds: str) -> bool:
        return not self.by_kind.keys().isdisjoint(kinds)

    def fragment_at(self, offset: int) -> int:
        """Index of the fragment that holds a character; what stands before the first belongs to it."""
        starts = self._starts
        if starts is None:
            starts = self._starts = [fragment.start for fragment in self.fragments]
        return bisect_right(starts, offset, 1) - 1


@dataclass(slots=True)
class Parsed:
    """A text as the components have read it: all that is kept of its Doc."""

    text: str
    mentions: list[Mention]
    statements: list[Statement]
    lower: str = ""
    """The text in lower case, as patterns read it."""

    def words(self, statement: Statement) -> str:
        return self.text[statement.start : statement.end]

    def names(self, kinds: Sequence[str]) -> bool:
        """Whether something of one of these types stands in a statement."""
        return any(not statement.by_kind.keys().isdisjoint(kinds) for statement in self.statements)


class StrengthCue(NamedTuple):
    """A mention that speaks about how strongly something is said."""

    mention: Mention
    level: Strength
    reach: str
    """`clause`: its whole fragment and dependent ones behind it; `right`: only what follows it there."""
    kind: str
