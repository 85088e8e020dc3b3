"""Qualifier tags: what stands with a claim, or beside it, that a catalogue entry may require."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from pipeline.nlp import assertion
from pipeline.nlp.analysis import Mention, Statement
from pipeline.nlp.matching import Fit

_LONG = 14 * 24
"""Hours from which a time is that of other drugs: "which can take weeks"."""
_HEDGES = ("modal_hedge", "quantity_hedge", "frequency", "can")


@cache
def _cues() -> tuple[tuple[str, tuple[str, ...], bool], ...]:
    """(tag, mention types, whether the neighbours count)."""
    path = files("claims") / "language" / "qualifier_cues.json"
    rows = json.loads(path.read_text(encoding="utf-8"))["cues"]
    return tuple((tag, tuple(row["any"]), row["reach"] == "beside") for tag, row in rows.items())


@cache
def _rows() -> dict[str, list[int]]:
    """Mention type → indices of the cues that it can give."""
    rows: dict[str, list[int]] = {}
    for number, (_, kinds, _) in enumerate(_cues()):
        for kind in kinds:
            rows.setdefault(kind, []).append(number)
    return rows


@cache
def _beside() -> frozenset[str]:
    """Tags for which the neighbours count."""
    return frozenset(tag for tag, _, beside in _cues() if beside)


def around(statement: Statement, neighbours: list[Statement]) -> frozenset[str]:
    """The tags that a statement has whatever is claimed in it: from its neighbours, and from times."""
    tags = {tag for other in neighbours if other is not statement for tag in _tagged(other)} & _beside()
    if _hedged_time(statement) or any(_hedged_time(s) for s in neighbours):
        tags.add("hedged_time")
    if any(q.kind == "time" for q in statement.quantities):
        tags.add("time_bounded")
    return frozenset(tags)


def of_statement(statement: Statement, fit: Fit) -> list[tuple[str, Mention]]:
    """The tags that stand in the statement itself, beside what triggers a claim, and the words that gave them."""
    words: list[tuple[str, Mention]] = []
    for tag, mentions in _tagged(statement).items():
        own = next((m for m in mentions if m is not fit.trigger), None)
        if own is not None:
            words.append((tag, own))
    return words


def _tagged(statement: Statement) -> dict[str, list[Mention]]:
    """Each tag that some mention of a statement can give, and the mentions that do: none where all are negated."""
    if statement.tagged is None:
        rows = _rows()
        numbers = {number for kind in statement.by_kind if kind in rows for number in rows[kind]}
        tagged = {}
        for number in sorted(numbers):
            tag, kinds, _ = _cues()[number]
            tagged[tag] = [m for m in statement.of(*kinds) if not _negated(statement, tag, m)]
        statement.tagged = tagged
    return statement.tagged


def _negated(statement: Statement, tag: str, mention: Mention) -> bool:
    return tag in ("misuse_named", "dependence_named") and assertion.negation(statement, mention) is not None


def _hedged_time(statement: Statement) -> bool:
    """A time with a hedge in its reach ("often within hours"), no longer than an onset of ours may take."""
    if not statement.quantities:
        return False
    cues = assertion.strength_cues(statement)
    for quantity in statement.quantities:
        if quantity.kind != "time" or (quantity.low or quantity.high or 0) >= _LONG:
            continue
        home = statement.fragment_at(quantity.start)
        if any(c.kind in _HEDGES and statement.fragment_at(c.mention.first) == home for c in cues):
            return True
    return False
