"""Fits frames to statements: which claims a statement makes, before slots are filled from its surroundings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from claims.frames import Frame, QuantityBound
from claims.model import Family, Quantity
from pipeline.nlp import assertion
from pipeline.nlp.analysis import GENERIC_CONDITIONS, Mention, Statement, by_place

_LABELLED = (Family.EFFICACY, Family.REGULATORY, Family.COST)
"""Families whose labels name what their bodies list; the label of an effect only grades it."""
_FAR = 8
"""Words from which "near" means no more than the same clause."""
_SUBJECTS = frozenset(
    ("drug_ketamine", "drug_esketamine", "offer", "effect_noun", "fade_object", "lasting_what", "fade_gain")
)
"""Mention types of what a clause may go on to speak of."""
_HANGING = ("dependent", "resumed", "by")
"""Kinds of fragment that belong to the clause before them."""
_FOLLOWING = ("dependent", "resumed")

Made = TypeVar("Made")
"""What is made of a fit that stands."""


class Fit(NamedTuple):
    """A frame that fits, with the mentions it stands on."""

    frame: Frame
    trigger: Mention
    support: tuple[Mention, ...]
    quantity: Quantity | None
    negated: Mention | None


class Context(NamedTuple):
    """Mention types seen in what the block is read with."""

    lead_in: frozenset[str]
    question: frozenset[str]
    heading: frozenset[str]
    """Of the last two headings above."""
    last_heading: frozenset[str]

    def has(self, places: Sequence[str], kinds: Sequence[str]) -> bool:
        """True where one of the kinds stands in one of the places."""
        return any(not getattr(self, place).isdisjoint(kinds) for place in places)


def fits(
    frames: Sequence[Frame],
    statement: Statement,
    context: Context,
    own: int,
    accept: Callable[[Fit], Made | None],
    force_negated: bool = False,
) -> Iterator[tuple[Fit, Made]]:
    """Frames of one family in order; each trigger mention serves the first frame it fits and `accept` takes."""
    used: set[tuple[int, int]] = set()
    negatable = force_negated or "neg" in statement.by_kind
    for frame in frames:
        if frame.polarity == "negated" and not negatable:
            continue
        if not _admits(frame, statement, context, own):
            continue
        for trigger in _triggers(frame, statement, own):
            if by_place(trigger) in used:
                continue
            fit = _fit(frame, trigger, statement, own, force_negated)
            if fit is None:
                continue
            made = accept(fit) if frame.holds else None
            if made is not None:
                yield fit, made
            if made is not None or not frame.holds:
                used.add(by_place(trigger))


def _admits(frame: Frame, statement: Statement, context: Context, own: int) -> bool:
    longest = frame.max_words
    if longest is not None and statement.mentions and _length(statement, own) > longest:
        return False
    if frame.quantity and not _counts(statement, frame.quantity.kind):
        return False
    return not frame.context or context.has(frame.context_place, frame.context)


def _counts(statement: Statement, kind: str) -> bool:
    """Whether a quantity of a kind stands in a statement."""
    return bool(statement.quantities) and any(quantity.kind == kind for quantity in statement.quantities)


def _length(statement: Statement, own: int) -> int:
    """Rough number of words of one's own, by characters."""
    return (statement.end - max(statement.start, own)) // 6


def _triggers(frame: Frame, statement: Statement, own: int) -> list[Mention]:
    by_kind = statement.by_kind
    if len(frame.trigger) == 1 and frame.trigger[0] in by_kind:
        return by_kind[frame.trigger[0]]  # in order of place already
    if frame.trigger == ("*",):
        return [Mention(0, 1, max(statement.start, own), statement.end, {"*": "statement"})]
    lists = [by_kind[kind] for kind in frame.trigger if kind in by_kind]
    if len(lists) == 1:
        return lists[0]
    found = {by_place(m): m for mentions in lists for m in mentions}
    return [found[place] for place in sorted(found)]


def _fit(frame: Frame, trigger: Mention, statement: Statement, own: int, force_negated: bool) -> Fit | None:
    negated = None if "*" in trigger.kinds else assertion.negation(statement, trigger)
    is_negated = bool(negated) or force_negated
    if frame.polarity != "any" and is_negated != (frame.polarity == "negated"):
        return None
    if frame.named and trigger.kinds.get("condition") in GENERIC_CONDITIONS:
        return None
    scope = _scope(frame, statement, trigger)
    if not statement.by_kind.keys().isdisjoint(frame.forbids) and _forbidden(
        frame, trigger, statement, scope
    ):
        return None
    support = []
    for group in frame.needs:
        found = (
            _find(frame, group, trigger, statement, scope)
            or _goes_on(frame, group, trigger, statement)
            or _in_body(frame, group, trigger, statement)
        )
        if found is None:
            return None
        support.append(found)
    quantity = None
    if frame.quantity:
        quantity = _quantity(frame.quantity, statement, trigger, scope)
        if quantity is None:
            return None
    if own and not _stands_in_own(frame, trigger, support, quantity, statement, own):
        return None
    return Fit(frame, trigger, tuple(support), quantity, negated)


def _forbidden(frame: Frame, trigger: Mention, statement: Statement, scope: tuple[int, int]) -> bool:
    """True where something that rules the frame out stands in scope.

    What a clause put in between says does not count: "ketamine, which may cause nausea, relieves depression".
    """
    if not frame.holds and not trigger.kinds.keys().isdisjoint(frame.forbids):
        return True  # what rules a claim out must itself be free of what saves it
    aside = _asides(statement, trigger)
    return any(
        scope[0] <= m.first < scope[1] and m != trigger and statement.fragment_at(m.first) not in aside
        for k in frame.forbids
        for m in statement.by_kind.get(k, ())
    )


def _asides(statement: Statement, trigger: Mention) -> set[int]:
    """Fragments that interrupt the clause of the trigger: between its subject and what is resumed behind them."""
    home = statement.fragment_at(trigger.first)
    fragments = statement.fragments
    if fragments[home].kind != "resumed":
        return set()
    return {i for i in range(home) if fragments[i].kind == "dependent"}


def _stands_in_own(
    frame: Frame,
    trigger: Mention,
    support: list[Mention],
    quantity: Quantity | None,
    statement: Statement,
    own: int,
) -> bool:
    """Something of the claim must stand in the block's own words, not only in its lead-in.

    Of efficacy an item claims something by naming an illness; other families need words of their own.
    """
    if trigger.first >= own or any(m.first >= own for m in support):
        return True
    if quantity is not None and quantity.start >= own:
        return True
    return frame.family is Family.EFFICACY and any(
        m.first >= own for m in statement.by_kind.get("condition", ())
    )


def _scope(frame: Frame, statement: Statement, trigger: Mention) -> tuple[int, int]:
    """Character span in which the frame looks."""
    if frame.scope == "statement":
        return statement.start, statement.end
    index = statement.fragment_at(trigger.first)
    fragments = statement.fragments
    first = last = index
    if frame.scope == "clause":
        while first > 0 and (fragments[first].kind in _HANGING or fragments[first - 1].kind == "label"):
            first -= 1
        while last + 1 < len(fragments) and fragments[last + 1].kind in _FOLLOWING:
            last += 1
    return fragments[first].start, fragments[last].end


def _find(
    frame: Frame, group: tuple[str, ...], trigger: Mention, statement: Statement, scope: tuple[int, int]
) -> Mention | None:
    """The nearest mention of a group in scope."""
    best: Mention | None = None
    best_gap = 10**6
    for kind in group:
        if kind in trigger.kinds and not frame.near and not frame.after:
            return trigger
        for mention in statement.by_kind.get(kind, ()):
            if not scope[0] <= mention.first < scope[1] or mention is trigger:
                continue
            if (frame.after and mention.first < trigger.first) or (
                frame.before and mention.first > trigger.first
            ):
                continue
            gap = _gap(mention, trigger)
            if gap < best_gap and (frame.near is None or gap <= frame.near):
                best, best_gap = mention, gap
    return best


def _goes_on(frame: Frame, group: tuple[str, ...], trigger: Mention, statement: Statement) -> Mention | None:
    """The treatment that a clause without a subject of its own goes on to speak of: "It … and is effective"."""
    beside = frame.scope == "statement" or frame.after or (frame.near or _FAR) < _FAR
    if beside or not _SUBJECTS.intersection(group):
        return None
    index = statement.fragment_at(trigger.first)
    if statement.fragments[index].kind != "shared":
        return None
    while index > 0 and statement.fragments[index].kind != "main":
        index -= 1
    opening = statement.fragments[index]
    return next(
        (
            mention
            for kind in group
            if kind in _SUBJECTS
            for mention in statement.by_kind.get(kind, ())
            if opening.start <= mention.first < opening.end
        ),
        None,
    )


def _in_body(frame: Frame, group: tuple[str, ...], trigger: Mention, statement: Statement) -> Mention | None:
    """What a label asks for and its body names: "What it treats: depression"."""
    if frame.scope != "clause" or frame.before or frame.family not in _LABELLED:
        return None
    index = statement.fragment_at(trigger.first)
    fragments = statement.fragments
    if fragments[index].kind != "label" or index + 1 == len(fragments):
        return None
    body = fragments[index + 1]
    return _find(frame, group, trigger, statement, (body.start, body.end))


def _gap(a: Mention, b: Mention) -> int:
    return max(a.start - b.end, b.start - a.end, 0)


def _quantity(
    bound: QuantityBound, statement: Statement, trigger: Mention, scope: tuple[int, int]
) -> Quantity | None:
    """The quantity of the kind nearest to the trigger, if it lies within the bounds."""
    inside = [q for q in statement.quantities if q.kind == bound.kind and scope[0] <= q.start < scope[1]]
    inside.sort(key=lambda q: max(q.start - trigger.last, trigger.first - q.end, 0))
    for quantity in inside:
        reach = quantity.high if quantity.high is not None else quantity.low
        if reach is None:
            return quantity
        if (bound.above is None or reach > bound.above) and (bound.up_to is None or reach <= bound.up_to):
            return quantity
    return None
