"""What the second reader sees of a statement: its words, their classes and mentions, and the words it stands under."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise

from claims import weights
from claims.casing import lowered
from claims.model import Block
from pipeline.nlp.analysis import Mention, Statement
from pipeline.nlp.normalise import normalise

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|%|\?|!")
_MOST_WORDS = 60
"""Words that are looked at: hardly a sentence has more."""
_CONTEXT_WORDS = 30
_BEFORE = 300
"""Characters of a lead-in or question that are looked at, from its end."""
_LENGTH_STEP = 5
_LENGTHS = 8
_LENGTH_NAMES = tuple(map(str, range(_LENGTHS + 1)))

Features = Mapping[str, Collection[str]]
"""Kind of feature → those that are there."""


def words(lower: str) -> list[str]:
    """The words of a text in lower case as the weights know them: every number is "0"."""
    found = _WORD.findall(lower)[:_MOST_WORDS]
    return ["0" if word[0].isdigit() else word for word in found]


def fenced(lower: str) -> list[str]:
    """The same between a mark of the beginning and one of the end."""
    return ["^", *words(lower), "$"]


def length(found: Sequence[str]) -> str:
    return _LENGTH_NAMES[min(len(found) // _LENGTH_STEP, _LENGTHS)]


def kinds(statement: Statement) -> Collection[str]:
    """Every kind of mention, those too that only stand in the background."""
    if "condition" in statement.by_kind or "behind" not in statement.by_kind:
        return statement.by_kind.keys()
    return {kind for mention in statement.mentions for kind in mention.kinds}


def neighbours(mentions: Iterable[Mention]) -> set[str]:
    """What kinds of mention follow each other."""
    firsts = [next(iter(mention.kinds)) for mention in mentions]
    return {f"{a} {b}" for a, b in pairwise(firsts)}


def of_statement(statement: Statement, lower: str) -> Features:
    """Of the statement itself; `lower` holds its own words in lower case, without what it borrows."""
    found = fenced(lower)
    known = weights.word_classes()
    classes = {known.classes[word] for word in found if word in known.classes}
    return {
        "word": set(found),
        "pair": {f"{a} {b}" for a, b in pairwise(found)},
        "class": classes,
        "group": {known.groups[name] for name in classes},
        "mention": kinds(statement),
        "mentions": neighbours(statement.mentions),
        "quantity": {quantity.kind for quantity in statement.quantities},
        "length": (length(found),),
    }


def of_subject(subject: str) -> Features:
    """Of whom a statement is about if it does not say; empty where nothing tells."""
    return {"subject": (subject,) if subject else ()}


Place = tuple[str, str, str]
"""Kind of a block, what introduces it, the heading above it: what each of its statements is read with."""


def place_of(block: Block) -> Place:
    before = block.lead_in or block.question or block.label or ""
    heading = block.headings[-1] if block.headings else ""
    return block.kind, before[-_BEFORE:], heading


def of_block(block: Block) -> Features:
    """Of what every statement of a block is read with."""
    return of_place(place_of(block))


def of_place(place: Place) -> Features:
    kind, before, heading = place
    return {
        "kind": (kind,),
        "before": set(words(_folded(before))[-_CONTEXT_WORDS:]),
        "heading": set(words(_folded(heading))[:_CONTEXT_WORDS]),
    }


def _folded(text: str) -> str:
    return lowered(normalise(text))
