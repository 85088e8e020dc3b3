"""Qualifier tags: what stands with a claim, or beside it, that a catalogue entry may require."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from pipeline.nlp import assertion
from pipeline.nlp.analysis import Mention, Statement
from pipeline.nlp.matching import Fit

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
    for tag, kinds, beside in _cues():
        here = statement.has(*kinds)
        own = here and [
            m for m in statement.of(*kinds) if m is not fit.trigger and not _negated(statement, tag, m)
        ]
        if own:
            tags.add(tag)
            words.append((tag, own[0]))
        elif beside and any(s.has(*kinds) for s in neighbours if s is not statement):
            tags.add(tag)
    if _hedged_time(statement) or any(_hedged_time(s) for s in neighbours):
        tags.add("hedged_time")
    if any(q.kind == "time" for q in statement.quantities):
        tags.add("time_bounded")
    return tags, words


def _negated(statement: Statement, tag: str, mention: Mention) -> bool:
    return tag in ("misuse_named", "dependence_named") and assertion.negation(statement, mention) is not None


def _hedged_time(statement: Statement) -> bool:
    """A time with a hedge in its reach ("often within hours")."""
    if not statement.quantities:
        return False
    cues = assertion.strength_cues(statement)
    for quantity in statement.quantities:
        if quantity.kind != "time":
            continue
        home = statement.fragment_at(quantity.start)
        if any(c.kind in _HEDGES and statement.fragment_at(c.mention.first) == home for c in cues):
            return True
    return False
