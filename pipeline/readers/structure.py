"""What blocks are read with: headings above, list lead-ins, questions, myth and fact labels, the paragraph before.

A reader that knows a relation from its markup fills it in; `link` finds the rest from the order and the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from claims.model import Block, BlockKind, Region

_FRAMING = re.compile(
    r"^\W*(?:common\s+)?(?P<label>myths?|misconceptions?|misunderstandings?|fiction|facts?|reality|truth|the truth)\b"
    r"(?:\s*(?:&|and|or)\s*(?:myths?|misconceptions?|misunderstandings?|facts?|truth))?"
    r"\s*(?:no\.?|number)?\s*#?\s*\d*\s*(?:[:\-–—|.]|$)",
    re.IGNORECASE,
)
_MYTHS = ("myth", "misconception", "misunderstanding", "fiction")
_DENIED_LIST = re.compile(r"\b(?:myths|misconceptions|fictions)\b", re.IGNORECASE)
"""A heading or lead-in whose items are told in order to be denied."""
_ON_MYTHS = re.compile(
    r"\b(?:myths?|misconceptions?|misunderstandings?|misinformation|debunk\w*)\b", re.IGNORECASE
)
_SAYS = re.compile(
    r"^(?!how|what|why|when|who|where|the truth|the facts?|fact|truth|our|we|you|learn)"
    r".*\b(?:is|are|was|isn't|aren't|will|can|can't|does|doesn't|causes?|works?|makes?|has|have|only)\b",
    re.IGNORECASE,
)
_QUOTES = "\"'“”‘’«»"
_SPEECH = re.compile(r"^\s*(?:Q|A|Question|Answer)\s*\d*\s*[:.)]\s*", re.IGNORECASE)
_GRADES = r"(?:common|frequent|rare|serious|severe|mild)(?:ly)?"
_FREQUENCY = re.compile(
    rf"^(?:very |more |less |most |un)?{_GRADES}\b.{{0,40}}$"
    r"|^(?:incidence|frequency) not known\b",
    re.IGNORECASE,
)
"""Sub-headings that only grade a list of effects: what stood above goes on."""
_GRADE = re.compile(
    rf"^(?:(?:very|more|less|most) )?(?:un)?{_GRADES}"
    r"(?: (?:side effects|adverse effects|reactions))?$|^(?:incidence|frequency) not known$",
    re.IGNORECASE,
)
"""The same, and no more: in a list it is never an item."""
_LEADS_IN = re.compile(
    r"[:：]\s*$|\b(?:if you|if you have|if you are|include|includes|including|such as|suffering from"
    r"|with the following|for people with|may|the following|you have|treat|helps? with|patients with"
    r"|those with|people with)\s*$",
    re.IGNORECASE,
)
"""Words that end a text which introduces what follows."""
_LEADING_ENDS = frozenset("uesgmhyt:：ſ")
"""The last letters of those words, in lower case."""
_ASKING_HEADING = re.compile(
    r"^(?:does|do|did|is|are|can|could|will|would|should)\s+(?:an?|any|anyone|esketamine|i|insurance|it|iv|ketamine"
    r"|medicaid|medicare|my|patients|people|spravato|the|there|these|this|treatment|we|you|your)\b(?!.*[.!:]\s*$)",
    re.IGNORECASE,
)
"""A heading that asks, though its question mark is left out."""
_MAX_QUESTION_WORDS = 30
_MAX_LEAD_IN_WORDS = 45
_LEAD_IN_LENGTH = 280
_LEADING_WORDS = 60
"""Characters at a text's end that hold any of the words that lead in."""
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_OWN_TEXT = {BlockKind.TITLE, BlockKind.META, BlockKind.ALT, BlockKind.STRUCTURED_DATA, BlockKind.BUTTON}
_ITEMS = {BlockKind.LIST_ITEM, BlockKind.TABLE_CELL}


def framing_label(text: str) -> str | None:
    """`myth` or `fact` where the text opens with such a label."""
    match = _FRAMING.match(text)
    if not match:
        return None
    return "myth" if match["label"].lower().startswith(_MYTHS) else "fact"


def is_question(text: str) -> bool:
    """True for a short text that asks."""
    return text.rstrip(" \"'”’)").endswith("?") and len(text.split()) <= _MAX_QUESTION_WORDS


def is_grade(text: str) -> bool:
    """True for a line that only grades the effects listed under it: "Less common"."""
    return bool(_GRADE.match(text))


def is_lead_in(text: str) -> bool:
    """True for a text that introduces what follows it."""
    # What opens a list stands at the end, so most texts need not be taken apart.
    ending = text.rstrip()[-_LEADING_WORDS:]
    if ending[-1:].lower() not in _LEADING_ENDS or not _LEADS_IN.search(ending):
        return False
    last = _last_sentence(text)
    return bool(_LEADS_IN.search(last)) and len(last.split()) <= _MAX_LEAD_IN_WORDS


def _last_sentence(text: str) -> str:
    return _SENTENCE_END.split(text.strip())[-1]


_HANGS = re.compile(
    r"\b(?:with|for|of|from|as|by|in|to|and|or|the|include|includes|including|like|treat|treating|address"
    r"|relieve|relieving|reduce|reducing|ease|easing|can|may|might|could|helps?|are|have|following|such)$",
    re.IGNORECASE,
)
"""Ends a line that the items below it finish."""


def _runs_on(block: Block, state: _State) -> bool:
    """True for an item in lower case behind a paragraph that has no full stop: a list without a colon.

    An item that begins with a capital runs on from words that cannot end a sentence.
    """
    if state.lead_in is not None or state.last_kind is not BlockKind.PARAGRAPH:
        return False
    above = (state.previous or ".").rstrip("\"'”’)")
    if block.text[:1].islower():
        return not above.endswith((".", "!", "?"))
    return bool(_HANGS.search(above))


def _closing_sentences(text: str) -> str:
    """The last sentences of a paragraph, as many as make a lead-in."""
    kept = ""
    for sentence in reversed(_SENTENCE_END.split(text.strip())):
        if len(kept) + len(sentence) > _LEAD_IN_LENGTH:
            break
        kept = f"{sentence} {kept}".strip()
    return kept


@dataclass(slots=True)
class _State:
    """What has been read so far and still governs."""

    headings: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    """Headings up to the last that does not ask: they govern each of the questions under them."""
    question: str | None = None
    unanswered: bool = False
    lead_in: str | None = None
    label: str | None = None
    previous: str | None = None
    region: Region = Region.MAIN
    last_kind: BlockKind | None = field(default=None)
    myths: bool = False
    """Whether the page has said that it speaks of myths."""

    def enter_region(self, region: Region) -> None:
        if region is not self.region:
            self.region = region
            self.headings, self.question, self.lead_in, self.previous, self.label = (), None, None, None, None
            self.section = ()
            self.unanswered = False


def link(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The same blocks, in order, with every relation filled in that the reader left open."""
    state = _State()
    return tuple(_linked(block, state) for block in blocks)


def _linked(block: Block, state: _State) -> Block:
    if block.kind in _OWN_TEXT:
        label = block.framing_label or framing_label(block.text)
        return block if label == block.framing_label else replace(block, framing_label=label)
    state.enter_region(block.region)
    asks = _asks(block)
    if block.kind is BlockKind.HEADING or asks:
        return _open_section(block, state, asks)
    return _body(block, state)


def _asks(block: Block) -> bool:
    if block.kind is BlockKind.HEADING and _ASKING_HEADING.match(block.text):
        return True
    return block.kind is BlockKind.QUESTION or (is_question(block.text) and block.kind not in _ITEMS)


def _open_section(block: Block, state: _State, asks: bool) -> Block:
    """A heading or a question: it governs what follows."""
    if not asks and (state.lead_in or state.headings) and _FREQUENCY.match(block.text):
        return replace(block, headings=block.headings or state.headings)
    above = block.headings
    if not above:
        follows = state.last_kind in (BlockKind.HEADING, None)
        above = state.headings if follows else state.section if asks else ()
    label = block.framing_label or framing_label(block.text)
    if label is None and state.myths and not asks and _is_myth_heading(block.text):
        label = "myth"
    state.myths = state.myths or bool(_ON_MYTHS.search(block.text))
    linked = replace(
        block, kind=BlockKind.QUESTION if asks else block.kind, headings=above[-3:], framing_label=label
    )
    state.headings = (*above, block.text)[-3:]
    if not asks:
        state.section = state.headings
    state.question = _SPEECH.sub("", block.text) if asks else None
    state.unanswered = asks
    state.lead_in = block.text if is_lead_in(block.text) else None
    # "Myth" alone speaks for the block under it; "Myth: it cures all" is the myth, and what follows answers it.
    state.label = label if is_label_only(block.text) else None
    state.previous = None
    state.last_kind = BlockKind.HEADING
    return linked


def _body(block: Block, state: _State) -> Block:
    """Anything that a section holds."""
    is_item = block.kind in _ITEMS
    if not is_item:
        state.lead_in = None
    elif _runs_on(block, state):
        # "…notice any of these side effects" with no colon, then items in lower case.
        state.lead_in = _closing_sentences(state.previous or "") or None
    own_label = framing_label(block.text)
    question = block.question or state.question
    linked = Block(
        block.text,
        block.kind,
        block.region,
        headings=block.headings or state.headings,
        lead_in=block.lead_in or (state.lead_in if is_item else None),
        question=question,
        answers_directly=block.answers_directly or (question is not None and state.unanswered),
        label=block.label,
        framing_label=block.framing_label or own_label or state.label or _denied_item(block, state),
        previous=block.previous or state.previous,
        locator=block.locator,
        source=block.source,
        places=block.places,
    )
    state.unanswered = False
    if own_label and is_label_only(block.text):
        state.label = own_label
    elif state.label and not own_label:
        # A heading "Myth" speaks for the block under it; what comes after needs a label of its own.
        state.label = None if state.label == "myth" else state.label
    if is_lead_in(block.text):
        state.lead_in = _last_sentence(block.text)
    state.previous = block.text
    state.last_kind = block.kind
    return linked


def _denied_item(block: Block, state: _State) -> str | None:
    """An item of a list of myths is one, unless the list is read as pairs."""
    if block.kind is not BlockKind.LIST_ITEM:
        return None
    above = state.lead_in or (state.headings[-1] if state.headings else "")
    return (
        "myth" if _DENIED_LIST.search(above) and not re.search(r"\bfacts?\b", above, re.IGNORECASE) else None
    )


def _is_myth_heading(text: str) -> bool:
    """On a page about myths: a heading in quotes, or one that says something, is one of them."""
    quoted = text[:1] in _QUOTES and text.rstrip(".!?")[-1:] in _QUOTES
    return quoted or (bool(_SAYS.search(text)) and not _ON_MYTHS.search(text))


def is_label_only(text: str) -> bool:
    """True for "Myth", "Fact #2" and the like, with no statement behind the label."""
    match = _FRAMING.match(text)
    return bool(match) and not text[match.end() :].strip() if match else False
