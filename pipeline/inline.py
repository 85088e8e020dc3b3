"""Waivers in a page's own source.

HTML, inherited by the element and all it holds:

    <p data-claims-audit-waive="entry=ketamine/x; verdict=overstated; reason=…; owner=…; expires=2027-01-31">
    <!-- claims-audit-waive: entry=…; … -->     for the element that follows

Markdown: the same comment on a line of its own, for the block that follows. `|` parts several waivers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser

from claims.model import PageResult, Verdict
from pipeline.waivers import Problem, Waiver
from reports.ready import ReadyResult

ATTRIBUTE = "data-claims-audit-waive"
COMMENT = "claims-audit-waive:"
_MARK = "claims-audit-waive"

_FIELDS = ("entry", "verdict", "reason", "owner", "expires")
_VERDICTS = (*(v.value for v in Verdict if v.flagged), "omission")
_EXAMPLE = "entry=ID; verdict=overstated; reason=WHY; owner=WHO; expires=2027-01-31"

_VOID = frozenset(
    (
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    )
)
# A start tag of the first closes an open one of the second, as far as the nearest list, table or cell.
_CLOSES = {
    "li": {"li"},
    "dt": {"dt", "dd"},
    "dd": {"dt", "dd"},
    "tr": {"tr", "td", "th"},
    "td": {"td", "th"},
    "th": {"td", "th"},
    "option": {"option"},
}
_BLOCKS = """
address article aside blockquote details div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header
hr main nav ol p pre section table ul
"""
_ENDS_PARAGRAPH = frozenset(_BLOCKS.split())
_WALLS = frozenset({"ul", "ol", "dl", "table", "select", "body", "html"})


@dataclass(frozen=True, slots=True)
class Covered:
    """The words of a waiver, and the stretch of the source that it covers."""

    words: str
    start: int
    end: int
    line: int


def inline_waivers(result: PageResult) -> tuple[list[Waiver], list[Problem]]:
    """Waivers written in the page, in order, and what is wrong with others."""
    if not marked(result) or result.page is None:
        return [], []
    source = result.page.source_text
    waivers: list[Waiver] = []
    problems: list[Problem] = []
    for covered in _covered(source, _is_markdown(result)):
        for words in covered.words.split("|"):
            made = _waiver(words, covered, result.url)
            if isinstance(made, Waiver):
                waivers.append(made)
            else:
                problems.append(made)
    return waivers, problems


def marked(result: PageResult) -> bool:
    """Whether the page's source speaks of waivers at all."""
    if isinstance(result, ReadyResult):
        return result.ready.marked
    return result.page is not None and _MARK in result.page.source_text


def _is_markdown(result: PageResult) -> bool:
    declared = result.snapshot.media_type if result.snapshot else ""
    return "markdown" in declared or result.url.lower().endswith((".md", ".markdown", ".mdx"))


def _waiver(words: str, covered: Covered, page: str) -> Waiver | Problem:
    fields = dict(part.strip().partition("=")[::2] for part in words.split(";") if part.strip())
    given = {key.strip(): value.strip() for key, value in fields.items()}
    fault = _fault(given)
    if fault:
        place = f"The waiver in line {covered.line}"
        return Problem("waiver_invalid", f"{place} {fault}; write {_EXAMPLE}")
    return Waiver(
        fingerprint=None,
        page=page,
        entry=given["entry"],
        verdict=given["verdict"],
        reason=given["reason"],
        owner=given["owner"],
        expires=date.fromisoformat(given["expires"]),
        entry_version=given.get("version"),
        start=covered.start,
        end=covered.end,
        line=covered.line,
    )


def _fault(given: dict[str, str]) -> str | None:
    missing = [name for name in _FIELDS if not given.get(name)]
    if missing:
        return f"lacks {', '.join(missing)}"
    unknown = sorted(set(given) - {*_FIELDS, "version"})
    if unknown:
        return f"has an unknown field {unknown[0]!r}"
    if given["verdict"] not in _VERDICTS:
        return f"has the verdict {given['verdict']!r}, which is none of {', '.join(_VERDICTS)}"
    try:
        date.fromisoformat(given["expires"])
    except ValueError:
        return f"has the date {given['expires']!r}, which is not like 2027-01-31"
    return None


def _covered(source: str, markdown: bool) -> list[Covered]:
    reader = _Reader(source, markdown)
    reader.feed(source)
    reader.close()
    reader.finish()
    return sorted(reader.found, key=lambda one: (one.start, one.line))


@dataclass
class _Open:
    """An element not closed yet."""

    tag: str
    start: int
    pending: list[tuple[str, int]]
    """Words of waivers on this element, each with its line."""


class _Reader(HTMLParser):
    """Finds the stretch of each element that carries a waiver."""

    def __init__(self, source: str, markdown: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Covered] = []
        self._source = source
        self._markdown = markdown
        self._lines = [0, *(i + 1 for i, c in enumerate(source) if c == "\n")]
        self._open: list[_Open] = []
        self._waiting: list[tuple[str, int]] = []

    def _here(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_comment(self, data: str) -> None:
        words = data.strip()
        if not words.startswith(COMMENT):
            return
        words, line = words.removeprefix(COMMENT), self.getpos()[0]
        if self._markdown:
            start, end = self._block_after(self._here())
            self.found.append(Covered(words, start, end, line))
        else:
            self._waiting.append((words, line))

    def _block_after(self, at: int) -> tuple[int, int]:
        """The lines after the comment's, up to an empty one: a paragraph, a heading, a list, a table."""
        start = self._source.find("-->", at) + len("-->")
        while start < len(self._source) and self._source[start].isspace():
            start += 1
        end = self._source.find("\n\n", start)
        return start, len(self._source) if end < 0 else end

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._close_implied(tag)
        start = self._here()
        pending = [*self._waiting]
        self._waiting = []
        pending += [(value or "", self.getpos()[0]) for name, value in attrs if name == ATTRIBUTE]
        if tag in _VOID:
            self._cover(pending, start, start + len(self.get_starttag_text() or ""))
        else:
            self._open.append(_Open(tag, start, pending))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if all(one.tag != tag for one in self._open):
            return
        while self._open:
            closed = self._open.pop()
            self._cover(closed.pending, closed.start, self._here())
            if closed.tag == tag:
                return

    def finish(self) -> None:
        """What was never closed reaches to the end; what no element followed covers nothing."""
        for one in self._open:
            self._cover(one.pending, one.start, len(self._source))
        for words, line in self._waiting:
            self.found.append(Covered(words, len(self._source), len(self._source), line))

    def _close_implied(self, tag: str) -> None:
        closes = set(_CLOSES.get(tag, ()))
        if tag in _ENDS_PARAGRAPH:
            closes.add("p")
        for index in self._reachable():
            if self._open[index].tag in closes:
                for one in self._open[index:]:
                    self._cover(one.pending, one.start, self._here())
                del self._open[index:]
                return

    def _reachable(self) -> Iterator[int]:
        """Open elements from the innermost out, up to one that keeps its contents to itself."""
        for index in range(len(self._open) - 1, -1, -1):
            yield index
            if self._open[index].tag in _WALLS:
                return

    def _cover(self, pending: list[tuple[str, int]], start: int, end: int) -> None:
        self.found += [Covered(words, start, end, line) for words, line in pending]
