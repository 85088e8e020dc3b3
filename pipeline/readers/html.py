"""Reads HTML: one parse, one walk in reading order, every block of visible text with its exact place.

Nothing a visitor can read is lost: bare text in any element, closed accordions, alternative texts, the title
and the descriptions in the head, structured data. Navigation, header, footer and asides are marked by region.
"""

from __future__ import annotations

from dataclasses import dataclass

from claims.model import Block, Locator, SourceMap
from pipeline.readers import figures, jsonld, merging, selectors
from pipeline.readers.draft import Draft, finished, locator
from pipeline.readers.markup import Markup, parse
from pipeline.readers.placed import Lines, composed
from pipeline.readers.walk import Walk


@dataclass(slots=True)
class Reading:
    """What a document gave, before anyone asks whether it could be read at all."""

    blocks: tuple[Block, ...]
    title: str = ""
    language: str | None = None
    """As declared."""
    markup: Markup | None = None
    """The parsed page, for its links; None where the document is no HTML."""
    script_root: bool = False
    """True where the page has the empty element that a script would fill."""
    noscript: str = ""
    """What the page says to visitors without scripts."""

    @property
    def scripts(self) -> int:
        return self.markup.scripts if self.markup else 0

    @property
    def unclosed_comment(self) -> bool:
        return self.markup is not None and self.markup.unclosed_comment

    @property
    def has_frames(self) -> bool:
        return self.markup is not None and any(name == "frame" for name, _ in self.markup.references)


@dataclass(frozen=True, slots=True)
class Origin:
    """The document that some HTML was written for, and the way back to it."""

    source: str
    places: SourceMap


def read(source: str, origin: Origin | None = None, *, xhtml: bool = False) -> Reading:
    """Read a page; broken markup is read as far as a browser would show it.

    With an origin, blocks point into that document and have no selectors.
    """
    markup = parse(source, xhtml=xhtml)
    walk = _walked(markup)
    lines = Lines(origin.source if origin else source)

    def blocks(drafts: list[Draft]) -> tuple[Block, ...]:
        if origin is None:
            return finished(drafts, [_locator(draft, lines, markup) for draft in drafts])
        for draft in drafts:
            draft.source = composed(len(draft.text), draft.source, origin.places)
        return finished(drafts, [locator(draft, lines) for draft in drafts])

    head = blocks(walk.head)
    body = blocks(figures.join_figures(walk.drafts))
    structured = blocks(jsonld.drafts(walk.scripts, fragment))
    return Reading(
        merging.merged(head, body, structured),
        walk.title.text if walk.title else "",
        markup.language,
        markup,
        walk.script_root,
        " ".join(" ".join(walk.assembly.noscript).split()),
    )


def fragment(text: str) -> list[Draft]:
    """Drafts of a piece of HTML that stands inside something else, such as an answer in structured data."""
    return figures.join_figures(_walked(parse(text)).drafts)


def _walked(markup: Markup) -> Walk:
    walk = Walk(markup)
    walk.run()
    return walk


def _locator(draft: Draft, lines: Lines, markup: Markup) -> Locator:
    return locator(draft, lines, selectors.selector(draft.node, markup.ids))
