"""HTML as a tree of BeautifulSoup's elements whose tags and texts know where they stand in the source.

BeautifulSoup keeps the line and column of tags under `html.parser`, of text under no parser. Here the parser
notes the position of each run of text as it is fed: one pass, no search afterwards. The tree is also put
nearer to what a browser builds: list items, table cells and paragraphs end where the next one begins, a stray
end tag does not close what surrounds it, rows stand in a `tbody`.

Reading goes down the tree once and never up or sideways, so elements are made with their contents only, which
costs a third; `Markup.linked` makes them what BeautifulSoup would have built, for those who search.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

from bs4 import BeautifulSoup, Tag
from bs4.element import Comment, Doctype, NavigableString, PageElement, ProcessingInstruction

from pipeline.readers import charrefs, tags

Run = tuple[int, str, bool]
"""Offset in the source, text as the parser gave it, True where it was taken as it stands (no references)."""

Attributes = dict[str, str]

_SCAN_LIMIT = 200
"""How many open elements are looked at for one to close: hostile nesting must not cost its square."""


_NOTED = tags.CONTROLS | {"id", "href"}


class Text(NavigableString):
    """A text node with the runs it was put together from."""

    runs: list[Run]

    def __new__(cls, value: str, runs: list[Run] | None = None) -> Text:
        made = str.__new__(cls, value)
        made.runs = runs or []
        return made


class Element(Tag):
    """A tag with its contents and its place; what is the same for all stands on the class."""

    attrs: Attributes  # type: ignore[assignment]
    """Each value is one string."""
    at: int
    """Offset of its `<` in the source."""

    parser_class = BeautifulSoup
    namespace = prefix = sourceline = sourcepos = None
    known_xml = can_be_empty_element = False
    interesting_string_types = Tag.MAIN_CONTENT_STRING_TYPES
    parent = next_element = previous_element = next_sibling = previous_sibling = None

    def __init__(self, name: str, attrs: Attributes, at: int) -> None:
        self.name = name
        self.attrs = attrs
        self.contents: list[PageElement] = []
        self.at = at


@dataclass(slots=True)
class Markup:
    """A parsed page: the tree, and what was noted about it on the way."""

    source: str
    root: Element = field(default_factory=lambda: Element(BeautifulSoup.ROOT_TAG_NAME, {}, 0))
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

    def linked(self) -> BeautifulSoup:
        """The tree with all its links, to search in. Asked for once: the elements move into it."""
        soup = BeautifulSoup("", "html.parser")
        last: Tag = soup
        open_tags: list[tuple[Tag, Iterator[PageElement]]] = [(soup, iter(self.root.contents))]
        while open_tags:
            parent, children = open_tags[-1]
            for child in children:
                child.setup(parent, last)
                parent.contents.append(child)
                last = child  # type: ignore[assignment]
                if isinstance(child, Element):
                    inner, child.contents = child.contents, []
                    open_tags.append((child, iter(inner)))
                    break
            else:
                open_tags.pop()
        return soup

    def pieces(self, text: Text) -> list[charrefs.Piece]:
        """The text of a node with its places."""
        out: list[charrefs.Piece] = []
        for at, data, raw in text.runs:
            if raw:
                out.append((data, at, 0))
            else:
                out.extend(charrefs.align(self.source, at, data))
        return out

    def attribute(self, tag: Element, name: str) -> list[charrefs.Piece]:
        """The value of a tag's attribute with its places; empty where it has none."""
        for match in _ATTRIBUTE.finditer(self.source, tag.at + len(tag.name) + 1):
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


_PLAIN_TAG = re.compile(
    r'<([a-zA-Z][a-zA-Z0-9-]*+)((?:\s++[a-zA-Z_][\w:.-]*+(?:="[^"]*+")?+)*+)\s*+(/?)>', re.ASCII
)
"""A start tag as nearly all are written: it means the same to every parser."""
_PLAIN_ATTRIBUTE = re.compile(r'\s([a-zA-Z_][\w:.-]*+)(?:="([^"]*)")?', re.ASCII)
_PLAIN_END = re.compile(r"</([a-zA-Z][a-zA-Z0-9-]*+)>")
_RAW = frozenset(
    {"script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "noscript", "plaintext"}
)
"""Elements whose content the library may read in a way of its own."""


class _Parser(HTMLParser):
    """`html.parser` with positions noted, and the ends of elements found where a browser finds them."""

    def __init__(self, markup: Markup, xhtml: bool) -> None:
        # References are decoded by the parser in whole runs: piecewise it loses text behind malformed ones.
        super().__init__(convert_charrefs=True)
        self._markup = markup
        self._xhtml = xhtml
        self._stack = [markup.root]
        self._open_names: dict[str, int] = {}
        """How many elements of a name are open."""
        self._runs: list[Run] = []
        """Of the text node at hand."""
        self._base = self._here = 0
        self._length = 0
        self._last_comment_end = markup.source.rfind("-->")

    def read(self, source: str) -> None:
        """Parse all of it."""
        self._length = len(source)
        self.feed(source)
        self._base, self._here = self._length - len(self.rawdata), 0
        self.close()
        self._end_text()

    def updatepos(self, i: int, j: int) -> int:  # noqa: ARG002 - the library's signature
        """The library counts lines here; offsets are all that is needed."""
        self._here = j
        return j

    def handle_data(self, data: str) -> None:
        raw = self.cdata_elem in ("script", "style")
        self._runs.append((self._base + self._here, data, raw))

    def _end_text(self) -> None:
        """Put what was said since the last tag into the tree."""
        runs = self._runs
        if runs:
            text = runs[0][1] if len(runs) == 1 else "".join([data for _, data, _ in runs])
            self._stack[-1].contents.append(Text(text, runs))
            self._runs = []

    def handle_comment(self, data: str) -> None:
        self._put(Comment(data))

    def handle_decl(self, decl: str) -> None:
        self._put(Doctype(decl[len("DOCTYPE ") :]))

    def handle_pi(self, data: str) -> None:
        self._put(ProcessingInstruction(data))

    def _put(self, node: NavigableString) -> None:
        self._end_text()
        self._stack[-1].contents.append(node)

    def parse_starttag(self, i: int) -> int:
        match = _PLAIN_TAG.match(self.rawdata, i)
        if match is None or match[1].lower() in _RAW:
            return super().parse_starttag(i)
        self._plain_start(match)
        return self._plain_run(match.end())

    def parse_endtag(self, i: int) -> int:
        match = _PLAIN_END.match(self.rawdata, i) if self.cdata_elem is None else None
        if match is None:
            return super().parse_endtag(i)
        self.handle_endtag(match[1].lower())
        return self._plain_run(match.end())

    def _plain_run(self, at: int) -> int:
        """Plain tags and the text between them, read here as the library would; where what only it can read begins."""
        source = self.rawdata
        while True:
            here = source.find("<", at)
            if here < 0:
                return at
            ends = source.startswith("</", here)
            match = (_PLAIN_END if ends else _PLAIN_TAG).match(source, here)
            if match is None or (not ends and match[1].lower() in _RAW):
                return at
            if here > at:
                self._here = at
                self.handle_data(unescape(source[at:here]))
            self._here = here
            if ends:
                self.handle_endtag(match[1].lower())
            else:
                self._plain_start(match)
            at = match.end()

    def _plain_start(self, match: re.Match[str]) -> None:
        name, listed, slash = match.groups()
        self.lasttag = name = name.lower()
        attrs: Attributes = {}
        if listed:
            for key, value in _PLAIN_ATTRIBUTE.findall(listed):
                key = key.lower()
                if key not in attrs:  # the first of two counts, as in browsers
                    attrs[key] = unescape(value) if "&" in value else value
        self._begin(name, attrs, slash or name in tags.VOID)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._begin(tag, _first_of_each(attrs), tag in tags.VOID)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._begin(tag, _first_of_each(attrs), True)

    def _begin(self, tag: str, attrs: Attributes, ends: object) -> None:
        """An element begins, after what it puts an end to; one that `ends` has no contents."""
        closes = tags.IMPLIED_END.get(tag)
        if closes is not None:
            self._end_implied(*closes)
        if tag == "tr" and self._stack[-1].name == "table":
            self._push("tbody", {})
        if attrs and not _NOTED.isdisjoint(attrs):
            for name, value in attrs.items():
                if value and name in _NOTED:
                    self._note(name, value)
        if tag in tags.POINTERS:
            self._markup.references.append((tag, attrs))
        elif tag == "html":
            self._markup.language = self._markup.language or attrs.get("lang") or attrs.get("xml:lang")
        elif tag == "script":
            self._markup.scripts += 1
        self._push(tag, attrs)
        if ends:
            self._pop()

    def _push(self, tag: str, attrs: Attributes) -> None:
        if self._runs:
            self._end_text()
        element = Element(tag, attrs, self._base + self._here)
        self._stack[-1].contents.append(element)
        self._stack.append(element)
        self._open_names[tag] = self._open_names.get(tag, 0) + 1

    def _pop(self) -> str:
        name = self._stack.pop().name
        self._open_names[name] -= 1
        return name

    def handle_endtag(self, tag: str) -> None:
        if tag not in tags.VOID and self._reaches(tag):
            self._end(tag)
        elif tag in ("p", "br"):  # browsers put an empty one here, and so it divides what it stands between
            self._push(tag, {})
            self._pop()

    def _end(self, tag: str) -> None:
        """The nearest open element of this name ends, with all that is open in it."""
        if self._runs:
            self._end_text()
        while self._pop() != tag:
            pass

    def _end_implied(self, closes: frozenset[str], barrier: frozenset[str]) -> None:
        """End the open element that the one about to begin cannot stand in."""
        opened = self._open_names
        for name in closes:
            if opened.get(name):
                break
        else:
            return
        found = None
        for open_tag in self._stack[: -_SCAN_LIMIT - 1 : -1]:
            if open_tag.name in closes:
                found = open_tag.name
            elif open_tag.name in barrier:
                break
        if found is not None:
            self._end(found)

    def _reaches(self, tag: str) -> bool:
        """False where an end tag would close something it must not: a cell, or (inline tags) a block."""
        if not self._open_names.get(tag):
            return False
        if self._stack[-1].name == tag:
            return True
        inline = tag in tags.FORMATTING
        for open_tag in self._stack[: -_SCAN_LIMIT - 1 : -1]:
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
        if self._last_comment_end < self._base + i:
            if self.rawdata[i + 4 :].strip():
                self._markup.unclosed_comment = True
            return len(self.rawdata)
        return super().parse_comment(i, report)

    def parse_html_declaration(self, i: int) -> int:
        if self.rawdata.startswith("<![CDATA[", i):
            end = self.rawdata.find("]]>", i)
            if end >= 0:
                self._cdata(self._base + self._here + 9, self.rawdata[i + 9 : end])
                return end + 3
        if self.rawdata.startswith("<![", i):  # conditional comments; the library refuses some of them
            return self.parse_bogus_comment(i, False)
        return super().parse_html_declaration(i)

    def _cdata(self, at: int, data: str) -> None:
        """A CDATA section is text in XHTML and in drawings, and nothing in HTML."""
        if data and (self._xhtml or self._open_names.get("svg")):
            self._runs.append((at, data, True))


def _first_of_each(attrs: list[tuple[str, str | None]]) -> Attributes:
    """Attributes by name; the first of two counts, as in browsers."""
    values: Attributes = {}
    for name, value in attrs:
        values.setdefault(name, value or "")
    return values


def _without_unfinished_tag(source: str) -> str:
    """The source without a tag that is cut off: no browser shows it, and looking for its end costs dear."""
    last = source.rfind(">")
    tail = re.compile(r"<[a-zA-Z/!?]").search(source, last + 1)
    return source[: tail.start()] if tail else source


def parse(source: str, *, xhtml: bool = False) -> Markup:
    """Parse a page; never fails on broken markup."""
    markup = Markup(source)
    _Parser(markup, xhtml).read(_without_unfinished_tag(source))
    return markup
