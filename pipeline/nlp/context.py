"""What a statement is read with: the treatment and the illness it refers back to, and what stands around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from claims.model import Block, BlockKind, Cue, Page, Subject
from pipeline.nlp import subjects
from pipeline.nlp.analysis import GENERIC_CONDITIONS, Mention, Parsed, Statement, by_place
from pipeline.nlp.matching import Context
from pipeline.nlp.normalise import normalise
from pipeline.nlp.register import addresses_reader
from pipeline.nlp.subjects import OURS, Topic

_ANAPHOR = re.compile(
    r"^\W*(?:it|its|they|their|these|this|those|such"
    r"|the (?:effects?|results?|benefits?|treatments?|therapy|improvements?|relief|response)"
    r"|(?:and|but|however|in addition|additionally|furthermore|moreover|also),? (?:it|this|these|they))\b"
)
_ITEMS = {BlockKind.LIST_ITEM, BlockKind.TABLE_CELL}
_MAX_PREFIX = 300
"""Characters of a lead-in that items are still read behind."""
_PASSING_SHARE = 0.15
"""Share of a page's blocks below which it speaks of the treatment in passing, unless it opens with it."""
_OPENING_BLOCKS = 3
_HEADINGS_READ = 2
_TREATMENTS = (*OURS, "other_treatment", "other_antidepressants")
_NOT_TREATED = ("contraindication", "contra_condition", "nonresponse", "other_treatment")
"""Where these stand, an illness named is not what the next statement says is treated."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A block as it is read: borrowed words before its own."""

    block: Block
    index: int
    text: str
    own: int
    """Where the block's own words begin in `text`."""


def unit_of(block: Block, index: int) -> Unit:
    """Items are read behind their lead-in, cells behind their header, so that its words reach them."""
    prefix = block.lead_in or block.label
    if prefix and block.kind in _ITEMS and len(prefix) <= _MAX_PREFIX:
        head = prefix.rstrip(" :.") + ": "
        return Unit(block, index, head + block.text, len(head))
    return Unit(block, index, block.text, 0)


def refers_back(words: str) -> bool:
    """True for a statement, in lower case, that opens with "it", "these effects" and the like."""
    return bool(_ANAPHOR.match(words))


def specific(values: tuple[str, ...]) -> tuple[str, ...]:
    """What is named goes before what is not: "symptoms of depression" is about depression."""
    return tuple(v for v in values if v not in GENERIC_CONDITIONS) or values


_NAMES = (*OURS, "this_medicine")


def _mentions(parsed: Parsed, kinds: tuple[str, ...]) -> Iterator[Mention]:
    """The mentions of these types."""
    for statement in parsed.statements:
        if not statement.by_kind.keys().isdisjoint(kinds):
            for mention in statement.mentions:
                if not mention.kinds.keys().isdisjoint(kinds):
                    yield mention


def _page_topic(either: int, esketamine: int) -> Topic | None:
    """What the page is about, where a statement does not say."""
    if not either:
        return None
    mostly = esketamine > 3 * (either - esketamine)
    return Topic(Subject.ESKETAMINE if mostly else Subject.KETAMINE, None, "page")


class Surroundings:
    """One page's context, and what carries over from statement to statement."""

    def __init__(self, page: Page, texts: Mapping[str, Parsed], read: Callable[[str], Parsed]) -> None:
        self.page = page
        self._texts = texts
        self._read = read
        self.addresses_reader = addresses_reader(page)
        either, esketamine = self._namings()
        self.names_spray = esketamine > 0
        """True for a page that names esketamine anywhere."""
        self.page_topic = _page_topic(either, esketamine)
        self._in_passing = self._speaks_in_passing()
        self._topic: Topic | None = None
        self._conditions: tuple[str, ...] = ()
        self._seen: dict[str, frozenset[str]] = {}
        """Text of a heading or the like → mention types in it."""
        self._contexts: dict[tuple[str | None, str | None, str | None, tuple[str, ...]], Context] = {}
        self._topics: dict[tuple[str, str], Topic | None] = {}
        """Text of a heading or the like, and its place → the treatment it names."""
        self._above: tuple[Block, Topic | None] | None = None
        """The block last asked about, and what it is read with says of the treatment."""

    def parsed(self, text: str) -> Parsed:
        """A text of this page, or one put together while reading it, as the components read it."""
        folded = normalise(text)
        found = self._texts.get(folded)
        return found if found is not None else self._read(folded)

    def _namings(self) -> tuple[int, int]:
        """How often the page names either drug, and how often esketamine."""
        either = esketamine = 0
        for text in self._texts.values():
            for mention in _mentions(text, OURS):
                either += 1
                esketamine += "drug_esketamine" in mention.kinds
        return either, esketamine

    def _speaks_in_passing(self) -> bool:
        """True for a page on something else: there a section must name the treatment."""
        if self.parsed(self.page.title).names(_NAMES):
            return False
        blocks = self.page.blocks
        speaking = [i for i, block in enumerate(blocks) if self._names_drug(block)]
        if not speaking:
            return True
        return len(speaking) < _PASSING_SHARE * len(blocks) and speaking[0] > _OPENING_BLOCKS

    def _names_drug(self, block: Block) -> bool:
        return self.parsed(unit_of(block, 0).text).names(_NAMES)

    def enter(self, block: Block) -> None:
        """A heading of a page in passing closes what went before it."""
        if self._in_passing and block.kind is BlockKind.HEADING:
            self._topic = None

    def forget(self) -> None:
        """Nothing refers back over a question or a myth."""
        self._topic, self._conditions = None, ()

    def context(self, block: Block) -> Context:
        """Mention types in what the block is read with."""
        key = block.lead_in, block.label, block.question, block.headings[-_HEADINGS_READ:]
        context = self._contexts.get(key)
        if context is None:
            headings = [self._kinds(heading) for heading in key[3]]
            borrowed = self._kinds(block.lead_in) | self._kinds(block.label)
            nothing = frozenset[str]()
            last = headings[-1] if headings else nothing
            context = Context(borrowed, self._kinds(block.question), nothing.union(*headings), last)
            self._contexts[key] = context
        return context

    def _kinds(self, text: str | None) -> frozenset[str]:
        if not text:
            return frozenset()
        kinds = self._seen.get(text)
        if kinds is None:
            kinds = self._seen[text] = frozenset(k for m in self.parsed(text).mentions for k in m.kinds)
        return kinds

    def topic(self, block: Block, words: str) -> Topic | None:
        """Lead-in, question, the statement before, heading, page: the first that names a treatment."""
        if self._topic and refers_back(words):
            return self._topic._replace(place="previous")
        if self._above is None or self._above[0] is not block:
            self._above = block, self._topic_above(block)
        found = self._above[1]
        if found:
            return found
        if self._in_passing:
            return self._topic._replace(place="previous") if self._topic and self._topic.ours else None
        return self.page_topic

    def _topic_above(self, block: Block) -> Topic | None:
        sources = [("lead_in", block.lead_in), ("label", block.label), ("question", block.question)]
        sources += [("heading", h) for h in reversed(block.headings)]
        topics = (self._topic_of(text, place) for place, text in sources if text)
        return next((topic for topic in topics if topic), None)

    def _topic_of(self, text: str, place: str) -> Topic | None:
        key = text, place
        if key not in self._topics:
            self._topics[key] = self._topic_in(self.parsed(text), place)
        return self._topics[key]

    @staticmethod
    def _topic_in(parsed: Parsed, place: str) -> Topic | None:
        ours = next(_mentions(parsed, OURS), None)
        if ours:
            return Topic(subjects.of_kinds(ours) or Subject.KETAMINE, ours, place)
        other = next(_mentions(parsed, ("other_treatment",)), None)
        return Topic(Subject.OTHER, other, place) if other and place != "question" else None

    def conditions(self, block: Block, words: str) -> tuple[tuple[str, ...], list[Cue]]:
        """Illnesses for a statement that names none of its own (ruling 13)."""
        if self._conditions and refers_back(words):
            return self._conditions, [_borrowed(c, "", "previous") for c in self._conditions]
        sources = [("question", block.question), *(("heading", h) for h in reversed(block.headings))]
        for place, text in sources:
            values = self._conditions_of(text)
            if values:
                return values, [_borrowed(c, text or "", place) for c in values]
        return (), []

    def _conditions_of(self, text: str | None) -> tuple[str, ...]:
        if not text or "condition" not in self._kinds(text):
            return ()
        found = (m.kinds["condition"] for m in self.parsed(text).mentions if "condition" in m.kinds)
        return specific(tuple(dict.fromkeys(found)))

    def carry(self, statement: Statement, inherited: Topic | None, words: str) -> None:
        """Keep what the next statement may refer back to."""
        by_kind = statement.by_kind
        if by_kind.keys().isdisjoint(_TREATMENTS):
            named = other = None
        else:
            named = min(statement.of(*OURS), key=by_place, default=None)
            others = statement.of("other_treatment", "other_antidepressants")
            other = next((m for m in others if not subjects.background(statement, m)), None)
        if named:
            self._topic = Topic(subjects.of_kinds(named) or Subject.KETAMINE, named)
        elif other:
            self._topic = Topic(Subject.OTHER, other)
        elif inherited:
            self._topic = inherited
        found: tuple[str, ...] = ()
        if "condition" in by_kind and by_kind.keys().isdisjoint(_NOT_TREATED):
            found = tuple(dict.fromkeys(m.kinds["condition"] for m in by_kind["condition"]))
        if found or not refers_back(words):
            self._conditions = found


def _borrowed(condition: str, words: str, place: str) -> Cue:
    return Cue("condition", condition, words, None, None, "conditions", place)
