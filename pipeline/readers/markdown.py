"""Reads Markdown: its tokens are written as HTML, with the way back kept, and read as a page is.

So lists, tables, questions and inline HTML mean the same in both, and a `<details>` may span paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from pipeline.readers import front_matter, html
from pipeline.readers.markdown_inline import Inline
from pipeline.readers.rendering import Rendering


@cache
def _parser() -> Callable[[str], list[Token]]:
    # Escapes and references are kept as tokens of their own, so that each has its place.
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("text_join").parse


def read(source: str) -> html.Reading:
    """Read a Markdown document, front matter included."""
    fields, start = front_matter.split(source)
    rendering = Rendering()
    _write_head(fields, rendering)
    _Writer(source, start, rendering).write(_parser()(source[start:]))
    page, origins = rendering.result()
    reading = html.read(page, html.Origin(source, origins))
    if reading.title:
        return reading
    heading = next((block for block in reading.blocks if block.kind == "heading"), None)
    reading.title = heading.text if heading else ""
    return reading


def _write_head(fields: list[front_matter.Field], rendering: Rendering) -> None:
    language = next((field.text for field in fields if field.key in front_matter.LANGUAGES), None)
    rendering.markup("<html>" if not language else f'<html lang="{re.sub("[^A-Za-z0-9_-]", "", language)}">')
    for field in fields:
        if field.key in front_matter.TITLES:
            rendering.markup("<title>")
            _write_parts(field, rendering)
            rendering.markup("</title>")
        elif field.key in front_matter.DESCRIPTIONS:
            rendering.markup('<meta name="description" content="')
            _write_parts(field, rendering)
            rendering.markup('">')


def _write_parts(field: front_matter.Field, rendering: Rendering) -> None:
    for i, (text, at) in enumerate(field.parts):
        if i:
            rendering.markup(" ", at)
        rendering.text(text, at)


class _Writer:
    """Writes block tokens as HTML."""

    def __init__(self, source: str, start: int, rendering: Rendering) -> None:
        self._rendering = rendering
        self._source = source
        ends = [match.end() for match in re.finditer(r"\r\n|\n|\r", source) if match.end() > start]
        self._starts = [start, *ends]
        self._cell_at = 0
        self._last_row = -1
        self._in_cell = False

    def write(self, tokens: list[Token]) -> None:
        for token in tokens:
            self._in_cell = token.type in ("th_open", "td_open") or (self._in_cell and token.type == "inline")
            if token.type == "inline":
                self._inline(token)
            elif token.type in ("fence", "code_block"):
                self._code(token)
            elif token.type == "html_block":
                self._html(token)
            elif token.type == "hr":
                self._rendering.markup("<hr>")
            elif not token.hidden and token.nesting:
                self._rendering.markup(f"<{token.tag}>\n" if token.nesting > 0 else f"</{token.tag}>\n")
            elif token.nesting < 0:
                self._rendering.markup("\n")

    def _line(self, number: int) -> tuple[int, str]:
        """Where a line begins, and the line without its end."""
        if number >= len(self._starts):
            return len(self._source), ""
        start = self._starts[number]
        end = self._starts[number + 1] if number + 1 < len(self._starts) else len(self._source)
        return start, self._source[start:end].rstrip("\r\n")

    def _inline(self, token: Token) -> None:
        first = token.map[0] if token.map else 0
        if self._in_cell:
            origins = self._cell_origins(token.content, first)
        else:
            origins = self._line_origins(token.content, first)
        Inline(token.content, origins, self._rendering).write(token.children or [])

    def _line_origins(self, content: str, first: int) -> list[int]:
        """Where each character of a block's content stands: its lines are the ends of source lines."""
        origins: list[int] = []
        for i, line in enumerate(content.split("\n")):
            start, source = self._line(first + i)
            if i:
                origins.append(start - 1)
            origins.extend(range(at := start + _place(line, source), at + len(line)))
        return origins

    def _cell_origins(self, content: str, row: int) -> list[int]:
        """Where each character of a table cell stands; an escaped bar is two characters there."""
        start, source = self._line(row)
        if row != self._last_row:
            self._last_row, self._cell_at = row, 0
        at = max(source.find(content.replace("|", "\\|"), self._cell_at), 0)
        origins: list[int] = []
        for char in content:
            at += char == "|" and source[at : at + 1] == "\\"
            origins.append(start + at)
            at += 1
        self._cell_at = at
        return origins

    def _code(self, token: Token) -> None:
        first = (token.map[0] if token.map else 0) + (token.type == "fence")
        self._rendering.markup("<pre>")
        for i, line in enumerate(token.content.removesuffix("\n").split("\n")):
            start, source = self._line(first + i)
            self._rendering.text(line, start + _place(line, source))
            self._rendering.markup("<br>", start)
        self._rendering.markup("</pre>\n")

    def _html(self, token: Token) -> None:
        first = token.map[0] if token.map else 0
        for i, line in enumerate(token.content.removesuffix("\n").split("\n")):
            start, source = self._line(first + i)
            self._rendering.verbatim(line, start + _place(line, source))
            self._rendering.markup("\n")


def _place(line: str, source: str) -> int:
    """Where a line of content stands in its source line: at the end, but for space and closing marks."""
    bare = line.strip()
    if not bare:
        return 0
    lead = len(line) - len(line.lstrip())
    kept = source.rstrip()
    at = len(kept) - len(bare) if kept.endswith(bare) else source.rfind(bare)
    return max(at - lead, 0)
