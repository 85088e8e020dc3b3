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


def of_statement(
    statement: Statement, neighbours: list[Statement], fit: Fit
) -> tuple[set[str], list[tuple[str, Mention]]]:
    """The tags, and for those that stand in the statement itself the words that gave them."""
    tags: set[str] = set()
    words: list[tuple[str, Mention]] = []
    here = _tagged(statement)
    around = {tag for other in neighbours if other is not statement for tag in _tagged(other)}
    for tag, _, beside in _cues():
        own = [m for m in here[tag] if m is not fit.trigger] if tag in here else None
        if own:
            tags.add(tag)
            words.append((tag, own[0]))
        elif beside and tag in around:
            tags.add(tag)
    if _hedged_time(statement) or any(_hedged_time(s) for s in neighbours):
        tags.add("hedged_time")
    if any(q.kind == "time" for q in statement.quantities):
        tags.add("time_bounded")
    return tags, words


def _tagged(statement: Statement) -> dict[str, list[Mention]]:
    """Each tag that some mention of a statement can give, and the mentions that do: none where all are negated."""
    if statement.tagged is None:
        statement.tagged = {
            tag: [m for m in statement.of(*kinds) if not _negated(statement, tag, m)]
            for tag, kinds, _ in _cues()
            if statement.has(*kinds)
        }
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
