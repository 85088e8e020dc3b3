"""HTML as a BeautifulSoup tree whose text nodes know where they stand in the source.

BeautifulSoup keeps the line and column of tags under `html.parser`, of text under no parser. Here the parser
notes the position of each run of text as it is fed: one pass, no search afterwards. The tree is also put
nearer to what a browser builds: list items, table cells and paragraphs end where the next one begins, a stray
end tag does not close what surrounds it, rows stand in a `tbody`.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, cast

from bs4 import BeautifulSoup, Tag
from bs4.builder._htmlparser import BeautifulSoupHTMLParser, HTMLParserTreeBuilder
from bs4.element import NavigableString, PageElement

from pipeline.readers import charrefs, tags

Run = tuple[int, str, bool]
"""Offset in the source, text as the parser gave it, True where it was taken as it stands (no references)."""

Attributes = dict[str, str]

_SCAN_LIMIT = 200
"""How many open elements are looked at for one to close: hostile nesting must not cost its square."""


def attributes(tag: Tag) -> Attributes:
    """A tag's attributes; with this module's parser each value is one string."""
    return cast("Attributes", tag.attrs)


_NOTED = tags.CONTROLS | {"id", "href"}


class Text(NavigableString):
    """A text node with the runs it was put together from."""

    runs: list[Run]


@dataclass(slots=True)
class Markup:
    """A parsed page: the tree, and what was noted about it on the way."""

    source: str
    soup: BeautifulSoup | None = None
    line_starts: list[int] = field(default_factory=lambda: [0])
    ids: Counter[str] = field(default_factory=Counter)
    controlled: set[str] = field(default_factory=set)
    """Ids of elements that some control on the page opens."""
    panels: set[str] = field(default_factory=set)
    """Ids of those that a control says to open and close."""
    references: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """Elements that point elsewhere (`a`, `link`, `iframe`, `meta` …) with their attributes."""
    language: str | None = None
    scripts: int = 0
    unclosed_comment: bool = False

    def start(self, tag: Tag) -> int:
        """Offset of a tag's `<` in the source."""
        return self.line_starts[(tag.sourceline or 1) - 1] + (tag.sourcepos or 0)

    def pieces(self, text: Text) -> list[charrefs.Piece]:
        """The text of a node with its places."""
        out: list[charrefs.Piece] = []
        for at, data, raw in text.runs:
            if raw:
                out.append((data, at, 0))
            else:
                out.extend(charrefs.align(self.source, at, data))
        return out

    def attribute(self, tag: Tag, name: str) -> list[charrefs.Piece]:
        """The value of a tag's attribute with its places; empty where it has none."""
        for match in _ATTRIBUTE.finditer(self.source, self.start(tag) + len(tag.name) + 1):
            if match["end"]:
                break
            if match["name"].lower() == name and match["value"] is not None:
                value, at = match["value"], match.start("value")
                if value[:1] in "\"'" and value[:1]:
                    value, at = value[1:-1], at + 1
                return charrefs.pieces(value, at)
        return []


_ATTRIBUTE = re.compile(
    r"""[\s/]*(?:(?P<end>>|\Z)|(?P<name>[^\s/>=][^\s/>=]*)(?:\s*=\s*(?P<value>"[^"]*"|'[^']*'|[^\s>]*))?|=)"""
)


class _Soup(BeautifulSoup):
    """Hands each text node the runs that were noted since the last one.

    Nodes only ever come in document order here, so text needs none of the re-linking that the base class does
    for parsers that put nodes elsewhere: that pays for noting the places.
    """

    def __init__(self, builder: _Builder) -> None:
        self.pending: list[Run] = []
        super().__init__(builder.markup.source, builder=builder, element_classes={NavigableString: Text})

    def endData(self, containerClass: type[NavigableString] | None = None) -> None:  # noqa: N802, N803
        if not self.current_data:
            return
        data = "".join(self.current_data)
        self.current_data = []
        node = (containerClass or Text)(data)
        if isinstance(node, Text):
            node.runs = self.pending
            self.pending = []
        self.object_was_parsed(node)

    def object_was_parsed(
        self, o: PageElement, parent: Tag | None = None, most_recent_element: PageElement | None = None
    ) -> None:
        parent = parent or self.currentTag or self
        o.setup(parent, most_recent_element or self._most_recent_element)
        self._most_recent_element = o
        parent.contents.append(o)


class _Parser(BeautifulSoupHTMLParser):
    """`html.parser` with positions noted, and the ends of elements found where a browser finds them."""

    def __init__(self, soup: _Soup, markup: Markup, xhtml: bool) -> None:
        # References are decoded by the parser in whole runs: piecewise it loses text behind malformed ones.
        super().__init__(soup, convert_charrefs=True)
        self._placed = soup
        self._markup = markup
        self._xhtml = xhtml
        self._last_comment_end = markup.source.rfind("-->")

    def _at(self) -> int:
        line, column = self.getpos()
        return self._markup.line_starts[line - 1] + column

    def handle_data(self, data: str) -> None:
        soup = self._placed
        soup.pending.append((self._at(), data, self.cdata_elem in ("script", "style")))
        soup.current_data.append(data)

    def handle_starttag(
        self, tag: str, attrs: list[tuple[str, str | None]], handle_empty_element: bool = True
    ) -> None:
        closes = tags.IMPLIED_END.get(tag)
        if closes is not None:
            self._end_implied(*closes)
        if tag == "tr" and self._current() == "table":
            self._begin("tbody", {})
        values: Attributes = {}
        for name, value in attrs:
            if name not in values:  # the first of two counts, as in browsers
                values[name] = value or ""
                if value and name in _NOTED:
                    self._note(name, value)
        if tag in tags.POINTERS:
            self._markup.references.append((tag, values))
        elif tag == "html":
            self._markup.language = self._markup.language or values.get("lang") or values.get("xml:lang")
        elif tag == "script":
            self._markup.scripts += 1
        self._begin(tag, values)
        if handle_empty_element and tag in tags.VOID:
            self._placed.handle_endtag(tag)

    def _begin(self, tag: str, attrs: Attributes) -> None:
        line, column = self.getpos()
        self._placed.handle_starttag(tag, None, None, attrs, line, column)

    def handle_endtag(self, tag: str, check_already_closed: bool = True) -> None:
        if check_already_closed and (tag in tags.VOID or not self._reaches(tag)):
            if tag in ("p", "br"):  # browsers put an empty one here, and so it divides what it stands between
                self._begin(tag, {})
                self._placed.handle_endtag(tag)
            return
        self._placed.handle_endtag(tag)

    def _current(self) -> str:
        current = self._placed.currentTag
        return current.name if current is not None else ""

    def _end_implied(self, closes: frozenset[str], barrier: frozenset[str]) -> None:
        """End the open element that the one about to begin cannot stand in."""
        counter = self._placed.open_tag_counter
        if not any(counter.get(name) for name in closes):
            return
        found = None
        for open_tag in self._placed.tagStack[: -_SCAN_LIMIT - 1 : -1]:
            if open_tag.name in closes:
                found = open_tag.name
            elif open_tag.name in barrier:
                break
        if found is not None:
            self._placed.handle_endtag(found)

    def _reaches(self, tag: str) -> bool:
        """False where an end tag would close something it must not: a cell, or (inline tags) a block."""
        if not self._placed.open_tag_counter.get(tag):
            return False
        inline = tag in tags.FORMATTING
        for open_tag in self._placed.tagStack[: -_SCAN_LIMIT - 1 : -1]:
            if open_tag.name == tag:
                return True
            if (inline and open_tag.name in tags.BLOCK) or (
                open_tag.name in tags.SCOPE and tag not in tags.SCOPE and tag not in tags.TABLE_PARTS
            ):
                return False
        return not inline

    def _note(self, name: str, value: str) -> None:
        """An attribute that says something of other elements."""
        markup = self._markup
        if name == "id":
            markup.ids[value] += 1
        elif name == "href":
            if value[0] == "#":
                markup.controlled.add(value[1:])
        else:
            opened = [part.lstrip("#") for part in value.split()]
            markup.controlled.update(opened)
            markup.panels.update(opened)

    def parse_comment(self, i: int, report: bool = True) -> int:
        """As a browser does: a comment that is never closed swallows the rest, at once, without a search."""
        behind = len(self._markup.source) - len(self.rawdata)
        if self._last_comment_end < behind + i:
            if self.rawdata[i + 4 :].strip():
                self._markup.unclosed_comment = True
            return len(self.rawdata)
        return super().parse_comment(i, report)

    def parse_html_declaration(self, i: int) -> int:
        if self.rawdata.startswith("<![CDATA[", i):
            end = self.rawdata.find("]]>", i)
            if end >= 0:
                self._cdata(self._at() + 9, self.rawdata[i + 9 : end])
                return end + 3
        if self.rawdata.startswith("<![", i):  # conditional comments; the library refuses some of them
            return self.parse_bogus_comment(i, False)
        return super().parse_html_declaration(i)

    def _cdata(self, at: int, data: str) -> None:
        """A CDATA section is text in XHTML and in drawings, and nothing in HTML."""
        if data and (self._xhtml or self._placed.open_tag_counter.get("svg")):
            self._placed.pending.append((at, data, True))
            self._placed.handle_data(data)


class _Builder(HTMLParserTreeBuilder):
    def __init__(self, markup: Markup, xhtml: bool) -> None:
        # No multi-valued attributes and no special strings: less work, and no comparing of trees by value.
        super().__init__(
            multi_valued_attributes={},
            preserve_whitespace_tags=set(),
            string_containers={},
        )
        self.markup = markup
        self._xhtml = xhtml

    def feed(
        self, markup: Any, _parser_class: type[BeautifulSoupHTMLParser] = BeautifulSoupHTMLParser
    ) -> None:
        soup = self.soup
        if not isinstance(markup, str) or not isinstance(soup, _Soup):
            raise TypeError("this builder reads decoded text into its own soup")
        parser = _Parser(soup, self.markup, self._xhtml)
        parser.feed(_without_unfinished_tag(markup))
        parser.close()


def _without_unfinished_tag(source: str) -> str:
    """The source without a tag that is cut off: no browser shows it, and looking for its end costs dear."""
    last = source.rfind(">")
    tail = re.compile(r"<[a-zA-Z/!?]").search(source, last + 1)
    return source[: tail.start()] if tail else source


def parse(source: str, *, xhtml: bool = False) -> Markup:
    """Parse a page; never fails on broken markup."""
    markup = Markup(source)
    markup.line_starts.extend(match.end() for match in re.finditer("\n", source))
    markup.soup = _Soup(_Builder(markup, xhtml))
    return markup
