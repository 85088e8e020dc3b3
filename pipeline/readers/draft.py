"""Blocks while a reader is still at work on them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from claims.model import Block, BlockKind, Locator, Region, SourceMap
from pipeline.readers import structure
from pipeline.readers.placed import Lines


@dataclass(slots=True)
class Draft:
    """A block to be, with what only the reader needs to know of it."""

    text: str
    source: SourceMap
    kind: BlockKind
    region: Region = Region.MAIN
    headings: tuple[str, ...] = ()
    lead_in: str | None = None
    question: str | None = None
    answers_directly: bool = False
    label: str | None = None
    framing_label: str | None = None
    previous: str | None = None
    node: Node | None = None
    """The element it stands in."""
    level: int = 0
    """Of a heading: 1 to 6, 7 for what merely serves as one."""
    bold: bool = False
    """All of it."""
    starts_afresh: bool = False
    """True where nothing before it, such as a question, governs it any more."""
    places: list[Locator] = field(default_factory=list)

    @property
    def start(self) -> int | None:
        """Offset of its first character in the source."""
        return self.source.source_starts[0] if self.source.source_starts else None


@dataclass(slots=True)
class Node:
    """An element on the way to a block: enough to write a selector, and to tell who stands beside whom."""

    name: str
    parent: Node | None
    index: int
    """Position among the siblings of its name, from 1."""
    id: str | None = None
    counts: dict[str, int] | None = None
    """Children so far, by name."""
    step: str | None = None
    """How a selector names it, once one does."""


def locator(draft: Draft, lines: Lines, selector: str | None = None) -> Locator:
    """Where a draft stands."""
    if draft.start is None:
        return Locator(selector=selector)
    line, column = lines.at(draft.start)
    return Locator(line, column, selector)


def finished(drafts: list[Draft], locators: list[Locator]) -> tuple[Block, ...]:
    """Blocks with every relation filled in; `locators` has one element a draft."""
    out: list[Block] = []
    segment: list[Block] = []
    for draft, place in zip(drafts, locators, strict=True):
        if draft.starts_afresh and segment:
            out.extend(structure.link(segment))
            segment = []
        segment.append(_block(draft, place))
    out.extend(structure.link(segment))
    return tuple(out)


def _block(draft: Draft, place: Locator) -> Block:
    return Block(
        draft.text,
        draft.kind,
        draft.region,
        draft.headings,
        draft.lead_in,
        draft.question,
        draft.answers_directly,
        draft.label,
        draft.framing_label,
        draft.previous,
        place,
        draft.source,
        tuple(draft.places),
    )


_SENTENCE_END = re.compile(r"[.!?…:;][\"'”’)\]*]*$")


def ends_sentence(text: str) -> bool:
    """True where a text ends as a sentence or a lead-in does."""
    return bool(_SENTENCE_END.search(text))
