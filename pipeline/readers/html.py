"""Reads HTML: one parse, one walk in reading order, every block of visible text with its exact place.

Nothing a visitor can read is lost: bare text in any element, closed accordions, alternative texts, the title
and the descriptions in the head, structured data. Navigation, header, footer and asides are marked by region.
"""

from __future__ import annotations

from dataclasses import dataclass

from claims.model import Block, Locator, SourceMap
from pipeline.readers import figures, jsonld, merging, selectors, tags
from pipeline.readers.draft import Draft, finished, locator
from pipeline.readers.markup import Markup, parse
from pipeline.readers.placed import Lines, composed
from pipeline.readers.walk import Walk

_FRAMES_DEEP = 3
"""Frames within frames that are read."""


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
    body = blocks([*figures.join_figures(walk.drafts), *_framed(markup)])
    structured = blocks(jsonld.drafts(walk.scripts, fragment))
    return Reading(
        merging.merged(head, body, structured),
        walk.title.text if walk.title else "",
        markup.language,
        markup,
        walk.script_root,
        " ".join(" ".join(walk.assembly.noscript).split()),
    )


def _framed(markup: Markup, depth: int = 0) -> list[Draft]:
    """What stands in frames whose page is written out in the element itself (`srcdoc`); it has no place of its own.

    Visitors read it as part of the page, wherever on it; a frame's heading and question end with the frame.
    """
    out: list[Draft] = []
    for tag, attrs in markup.references:
        text = attrs.get("srcdoc", "")
        if tag != "iframe" or not text or depth == _FRAMES_DEEP or _unshown(attrs):
            continue
        inner = parse(text)
        drafts = [*figures.join_figures(_walked(inner).drafts), *_framed(inner, depth + 1)]
        for draft in drafts:
            draft.source, draft.node = SourceMap(), None
        for draft in drafts[:1]:
            draft.starts_afresh = True
        out += drafts
    return out


def _unshown(attrs: dict[str, str]) -> bool:
    return "hidden" in attrs or bool(tags.UNSHOWN_STYLE.search(attrs.get("style", "")))


def fragment(text: str) -> list[Draft]:
    """Drafts of a piece of HTML that stands inside something else, such as an answer in structured data."""
    return figures.join_figures(_walked(parse(text)).drafts)


def _walked(markup: Markup) -> Walk:
    walk = Walk(markup)
    walk.run()
    return walk


def _locator(draft: Draft, lines: Lines, markup: Markup) -> Locator:
    return locator(draft, lines, selectors.selector(draft.node, markup.ids))
