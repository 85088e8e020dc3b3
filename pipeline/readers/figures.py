"""Figures and their captions: "7 in 10" over "patients report relief" is one statement."""

from __future__ import annotations

import re

from claims.model import BlockKind
from pipeline.readers.draft import Draft, Node, ends_sentence
from pipeline.readers.placed import joined

_NUMBER = r"(?:\d{1,3}(?:[,.]\d{3})+|\d+)(?:\.\d+)?"
_WORD = r"(?:one|two|three|four|five|six|seven|eight|nine|ten)"
_UNIT = r"(?:%|percent|x|×|\+|k\+?|hrs?|hours?|h|days?|weeks?|months?|min(?:ute)?s?)"
_FIGURE = re.compile(
    rf"""(?:up\ to|over|about|nearly|more\ than|only|[~≈<>≥≤])?\s*
    (?: {_NUMBER}\s*(?:[-–—]|\ to\ )\s*{_NUMBER}\s*{_UNIT}?
      | {_NUMBER}\s*{_UNIT}\+?
      | {_NUMBER}\s*(?:in|of|out\ of|/)\s*{_NUMBER}
      | {_WORD}\s+(?:in|of|out\ of)\s+{_WORD}
      | [$£€]\s*{_NUMBER}\+?
      | \d{{1,3}}(?:,\d{{3}})+
      | (?!(?:19|20)\d\d$|0)\d{{2,4}}
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_MAX_CAPTION_WORDS = 16
_REACH = 3
"""How many elements up a figure and its caption meet at most."""
_APART = frozenset({"body", "main", "html", "article", "[document]"})
_PLAIN = frozenset({BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.LIST_ITEM})


def is_figure(text: str) -> bool:
    """True for a text that is a number with its unit and nothing else."""
    return len(text) <= 30 and _FIGURE.fullmatch(text.strip()) is not None


def is_caption(text: str) -> bool:
    """True for a text short enough to say what a figure counts."""
    return len(text.split()) <= _MAX_CAPTION_WORDS and not is_figure(text) and not text.endswith("?")


def join_figures(drafts: list[Draft]) -> list[Draft]:
    """Make one draft of each figure and the caption beside it."""
    out: list[Draft] = []
    i = 0
    while i < len(drafts):
        pair = drafts[i : i + 2]
        if len(pair) == 2 and _belong(pair[0], pair[1]):
            out.append(_pair(pair[0], pair[1]))
            i += 2
        else:
            out.append(drafts[i])
            i += 1
    return out


def _belong(first: Draft, second: Draft) -> bool:
    if first.kind not in _PLAIN or second.kind not in _PLAIN or first.region is not second.region:
        return False
    if not is_figure(first.text):
        return _caption_above(first, second)
    if not is_caption(second.text):
        return False
    return _meeting(first.node, second.node) is not None


def _caption_above(first: Draft, second: Draft) -> bool:
    """ "Response rate" over "85 %": only where an element holds these two and nothing else."""
    if not is_figure(second.text) or not is_caption(first.text) or ends_sentence(first.text):
        return False
    node = _meeting(first.node, second.node)
    return node is not None and sum((node.counts or {}).values()) == 2


def _meeting(first: Node | None, second: Node | None) -> Node | None:
    """The nearest element that holds both, where it is a small one."""
    mine = _above(first)
    for node in _above(second):
        if any(node is other for other in mine):
            return node
    return None


def _above(node: Node | None) -> list[Node]:
    out: list[Node] = []
    if node is not None:
        node = node.parent
    while node is not None and len(out) < _REACH and node.name not in _APART:
        out.append(node)
        node = node.parent
    return out


def _pair(first: Draft, second: Draft) -> Draft:
    first.source = joined(first.source, len(first.text), second.source)
    first.text = f"{first.text}\n{second.text}"
    first.kind = BlockKind.LIST_ITEM if second.kind is BlockKind.LIST_ITEM else BlockKind.PARAGRAPH
    first.level = 0
    return first
