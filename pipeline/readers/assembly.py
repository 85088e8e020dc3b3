"""Puts text nodes together to drafts: what runs on, what a line break divides, what stands below what."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from claims.model import BlockKind, Region, SourceMap
from pipeline.readers import charrefs, figures, structure, tags
from pipeline.readers.draft import Draft, Node, ends_sentence
from pipeline.readers.markup import Text
from pipeline.readers.placed import TextBuffer, buffered, part
from pipeline.readers.tables import Table

_WORD = re.compile(r"\w")
_BULLET = re.compile(r"(?:[•●▪◦‣∙·➤►✓✔☑✅]|[-–—*](?=\s))\s*")
_MARKS = re.compile(r"[•●▪◦‣➤►✓✔☑✅]\s*")
_RUNS_ON = re.compile(
    r"(?:,|\b(?:a|an|and|as|at|by|for|from|in|of|on|or|our|the|to|with|your))$", re.IGNORECASE
)
_AFTER_FIGURE = re.compile(r"[\d%.!?:;]$")
_MAX_LABEL_WORDS = 14
_MAX_HEADING_WORDS = 40
_TAIL = 150
"""Characters that are looked at to tell how a text ends, or that it is a short one."""


@dataclass(slots=True)
class Terms:
    """Terms of a definition list that wait for their definition."""

    texts: list[str] = field(default_factory=list)
    defined: bool = False
    unanswered: list[bool] = field(default_factory=list)


@dataclass(slots=True)
class State:
    """What holds for the text in an element and is handed down to the elements in it."""

    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    """Of a heading."""
    region: Region = Region.MAIN
    in_main: bool = False
    """Within an article or the main part, whose headers and footers are its own."""
    lead_in: str | None = None
    label: str | None = None
    framing: str | None = None
    question: str | None = None
    """The question answered here."""
    unanswered: list[bool] = field(default_factory=list)
    """Shared by all elements of an answer; emptied once its first block is read."""
    terms: Terms | None = None
    table: Table | None = None
    quoted: bool = False
    titled: bool = False
    """The element's class says that it is a title."""
    silent: bool = False
    """Within noscript: pictures only."""
    toggling: bool = False
    """Within the head of something that opens."""

    def handed_down(self) -> State:
        """A copy for an element inside."""
        return State(
            self.kind,
            self.level,
            self.region,
            self.in_main,
            self.lead_in,
            self.label,
            self.framing,
            self.question,
            self.unanswered,
            self.terms,
            self.table,
            self.quoted,
            False,
            self.silent,
            self.toggling,
        )


@dataclass(frozen=True, slots=True)
class _Heading:
    level: int
    text: str
    index: int
    """Of its draft."""


class Assembly:
    """Collects the text of one block at a time and the drafts made of it."""

    def __init__(self, source: str) -> None:
        self.drafts: list[Draft] = []
        self.starts_afresh = False
        """The next draft is not governed by what came before."""
        self.gap = ""
        """Names of the inline elements that ended, and began, since the last text."""
        self.bold = 0
        """How many bold elements are open."""
        self.noscript: list[str] = []
        self._source = source
        self._buffer = TextBuffer()
        self._state = State()
        self._holder: Node | None = None
        self._all_bold = True
        self._breaks = 0
        self._break_at = (0, 0)
        self._pictures: list[Draft] = []
        self._headings: dict[Region, list[_Heading]] = {}

    @property
    def at_boundary(self) -> bool:
        """True where no sentence is open."""
        return not self._buffer.length or ends_sentence(self._buffer.tail(_TAIL))

    def add(self, text: Text, state: State, holder: Node) -> None:
        """Add a text node; `holder` is the block element it stands in."""
        blank = text.isspace()
        if blank and not self._buffer.open:
            return
        if state.silent:
            self.noscript.append(text)
            return
        if not blank:
            self._resolve(text)
            if not self.bold:
                self._all_bold = False
            if not self._buffer.length:
                self._state, self._holder = state, holder
        buffer, source = self._buffer, self._source
        for at, data, raw in text.runs:
            if raw or ("&" not in data and source.startswith(data, at)):
                buffer.add(data, at)
            else:
                for piece in charrefs.align(source, at, data):
                    buffer.add(*piece)

    def add_break(self, at: int, width: int) -> None:
        """Note a line break; what it divides shows when the next text comes."""
        if self._buffer.length:
            self._breaks += 1
            self._break_at = (at, width)

    def add_picture(self, pieces: list[charrefs.Piece], node: Node, region: Region) -> None:
        """Add an alternative text; it does not divide the sentence that the picture stands in."""
        text, source = buffered(pieces)
        if _WORD.search(text):
            self._pictures.append(Draft(text, source, BlockKind.ALT, region, self._above(region), node=node))
            if not self._buffer.length:
                self.flush()

    def add_button(self, pieces: list[charrefs.Piece], node: Node, region: Region) -> None:
        """Add a button whose text is an attribute."""
        text, source = buffered(pieces)
        if _WORD.search(text):
            self.flush()
            self.drafts.append(Draft(text, source, BlockKind.BUTTON, region, self._above(region), node=node))

    def end_scope(self, first: int) -> None:
        """Headings and questions since the draft numbered `first` hold no longer."""
        self.starts_afresh = True
        for headings in self._headings.values():
            while headings and headings[-1].index >= first:
                headings.pop()

    def _resolve(self, following: str) -> None:
        if self._breaks:
            self._resolve_break(following.lstrip())
        gap, self.gap = self.gap, ""
        if gap in ("aa", "labellabel"):
            self._buffer.space(self._buffer.end)
        elif gap == "spanspan" and following[:1].isalpha() and _AFTER_FIGURE.search(self._buffer.tail(1)):
            # Things set side by side, not parts of a word.
            self._buffer.space(self._buffer.end)

    def _resolve_break(self, following: str) -> None:
        """What a line break divides: sentences and items; or a figure and its caption; or nothing."""
        breaks, self._breaks = self._breaks, 0
        before = self._buffer.tail(_TAIL)
        if not before:
            return
        if self._state.kind in (BlockKind.HEADING, BlockKind.BUTTON):
            self._buffer.space(self._break_at[0])
        elif "\n" not in before and figures.is_figure(before):
            self._buffer.line_break(*self._break_at)
        elif breaks > 1 or ends_sentence(before) or _BULLET.match(following):
            self.flush()
        elif following[0].islower() or _RUNS_ON.search(before):
            self._buffer.space(self._break_at[0])
        elif self._is_lead_label(before):
            self._buffer.line_break(*self._break_at)
        else:
            self.flush()

    def _is_lead_label(self, before: str) -> bool:
        """A bold line that the text after it explains."""
        if not self._all_bold or self.bold:
            return False
        return "\n" not in before and len(before.split()) <= _MAX_LABEL_WORDS

    def flush(self) -> None:
        """End the block at hand."""
        buffer = self._buffer
        if buffer.length:
            text, source = buffer.result()
            if _WORD.search(text):
                self._emit(text, source)
            self._buffer = TextBuffer()
        self._all_bold = True
        self._breaks = 0
        self.gap = ""
        if self._pictures:
            self.drafts.extend(self._pictures)
            self._pictures = []

    def _emit(self, text: str, source: SourceMap) -> None:
        state = self._state
        if state.kind is BlockKind.PARAGRAPH and _BULLET.match(text):
            marks = [*_MARKS.finditer(text)] or [*_BULLET.finditer(text, 0, 3)]
            ends = [*(mark.start() for mark in marks[1:]), len(text)]
            for mark, end in zip(marks, ends, strict=True):
                item = part(text, source, mark.end(), end)
                if item[0]:
                    self._draft(*item, BlockKind.LIST_ITEM, 0)
        else:
            self._draft(text, source, *self._kind(text, state))

    def _draft(self, text: str, source: SourceMap, kind: BlockKind, level: int) -> None:
        state = self._state
        draft = Draft(
            text,
            source,
            kind,
            state.region,
            self._place_under_headings(text, level, state.region),
            state.lead_in if kind is BlockKind.LIST_ITEM else None,
            label=state.label,
            framing_label=state.framing,
            node=self._holder,
            level=level,
            bold=self._all_bold,
            starts_afresh=self.starts_afresh,
        )
        self.starts_afresh = False
        if state.question and kind is not BlockKind.QUESTION:
            draft.question, draft.answers_directly = state.question, bool(state.unanswered)
            state.unanswered.clear()
        self.drafts.append(draft)

    def _kind(self, text: str, state: State) -> tuple[BlockKind, int]:
        """What a text is, by its element and its form, and its level among headings."""
        kind = state.kind
        if kind is BlockKind.PARAGRAPH and self._is_title(text, state):
            return BlockKind.HEADING, tags.LABEL_LEVEL
        if kind is BlockKind.HEADING:
            long = len(text.split()) > _MAX_HEADING_WORDS
            return (BlockKind.PARAGRAPH, 0) if long else (kind, state.level)
        if kind is BlockKind.LIST_ITEM and self._all_bold and structure.is_question(text):
            return BlockKind.QUESTION, 0
        return kind, 0

    def _is_title(self, text: str, state: State) -> bool:
        """A short line, bold or called a title, that ends no sentence."""
        if not (self._all_bold or state.titled) or "\n" in text:
            return False
        short = len(text.split()) <= _MAX_LABEL_WORDS
        return short and not ends_sentence(text) and not figures.is_figure(text)

    def _place_under_headings(self, text: str, level: int, region: Region) -> tuple[str, ...]:
        """Headings above; a heading takes its own place among them."""
        headings = self._headings.setdefault(region, [])
        if level:
            while headings and headings[-1].level >= level:
                headings.pop()
        above = self._above(region)
        if level:
            heading = _Heading(level, text, len(self.drafts))
            headings.append(heading)
            if level == 1 and region is Region.HEADER and not self._headings.get(Region.MAIN):
                self._headings[Region.MAIN] = [heading]  # a banner's main heading is the page's
        return above

    def _above(self, region: Region) -> tuple[str, ...]:
        return tuple([heading.text for heading in self._headings.get(region, ())])
