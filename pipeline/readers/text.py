"""Plain text: each line is a block, nothing is joined across blank lines, offsets are those of the file.

Without markup, headings, list items and figures with their captions are told by their form.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from claims.model import Block, BlockKind, Locator, SourceMap
from pipeline.readers import structure
from pipeline.readers.folding import Folder, fold

_BULLET = re.compile(r"^\s*(?:[•●▪◦‣∙·*»>\-–—]|\(?\d{1,2}[.)]|[a-z][.)])\s+")
_FIGURE = re.compile(
    r"^(?:[~≈<>]?\s*[$£€]?\d[\d,.]*\s*(?:[-–—]\s*[$£€]?\d[\d,.]*\s*)?(?:%|\+|x|×|k|hrs?|hours?|h|days?|min(?:ute)?s?)?\s*\+?"
    r"|\d+\s+(?:in|out of|of)\s+\d+|FDA)$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]*]*$")
_INNER_SENTENCE = re.compile(r"[.!?]\s+[A-Z]")
_MAX_HEADING_WORDS = 14
_MAX_ITEM_WORDS = 30
_MAX_CAPTION_WORDS = 14


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    source: SourceMap
    number: int
    column: int
    after_blank: bool
    bulleted: bool

    @property
    def words(self) -> int:
        return len(self.text.split())

    @property
    def is_sentence(self) -> bool:
        return bool(_SENTENCE_END.search(self.text)) and self.words > 3


def read_blocks(text: str) -> tuple[Block, ...]:
    """Blocks of a plain text, linked."""
    return structure.link(_blocks(_joined(list(_lines(text)), text)))


def _lines(text: str) -> Iterator[_Line]:
    offset, blank = 0, True
    for number, raw in enumerate(text.splitlines(keepends=True), 1):
        start = _content_start(raw)
        folded, source = fold(raw[start:], offset + start)
        if folded:
            yield _Line(
                folded, source, number, start + 1, blank, bool(_BULLET.match(raw)) or _has_symbol(raw)
            )
        blank = not folded
        offset += len(raw)


def _content_start(raw: str) -> int:
    """Where the words of a line begin, behind bullets and symbols."""
    bullet = _BULLET.match(raw)
    start = bullet.end() if bullet else 0
    while start < len(raw) - 1 and _is_symbol(raw[start]):
        start += 1
    return start if raw[start:].strip() else 0


def _is_symbol(char: str) -> bool:
    return char.isspace() or char in "\ufe0f\u200d\ufeff" or unicodedata.category(char) in ("So", "Sk")


def _has_symbol(raw: str) -> bool:
    first = raw.strip()[:1]
    return bool(first) and unicodedata.category(first) in ("So", "Sk")


def _joined(lines: list[_Line], text: str) -> list[_Line]:
    """A bare figure and the caption on the next line are one statement."""
    out: list[_Line] = []
    i = 0
    while i < len(lines):
        line = lines[i]
        following = lines[i + 1] if i + 1 < len(lines) else None
        if following and _FIGURE.match(line.text) and _is_caption(following):
            out.append(_pair(line, following, text))
            i += 2
        else:
            out.append(line)
            i += 1
    return out


def _is_caption(line: _Line) -> bool:
    return not line.after_blank and not _FIGURE.match(line.text) and line.words <= _MAX_CAPTION_WORDS


def _pair(figure: _Line, caption: _Line, text: str) -> _Line:
    folder = Folder()
    for line in (figure, caption):
        span = line.source.span(0, len(line.text))
        if span:
            folder.add(text[slice(*span)], span[0])
        folder.join()
    joined, source = folder.result()
    return _Line(joined, source, figure.number, figure.column, figure.after_blank, False)


def _blocks(lines: list[_Line]) -> Iterator[Block]:
    """Each line with its kind: list items run on from a lead-in or a bullet."""
    in_list = False
    item_sentences: bool | None = None
    for i, line in enumerate(lines):
        following = lines[i + 1] if i + 1 < len(lines) else None
        kind, in_list, item_sentences = _kind(line, following, in_list, item_sentences)
        yield Block(line.text, kind, locator=Locator(line.number, line.column), source=line.source)
        if structure.is_lead_in(line.text):
            in_list, item_sentences = True, None


def _kind(
    line: _Line, following: _Line | None, in_list: bool, item_sentences: bool | None
) -> tuple[BlockKind, bool, bool | None]:
    if line.bulleted:
        return BlockKind.LIST_ITEM, True, None
    if structure.is_question(line.text):
        return BlockKind.QUESTION, False, None
    if in_list and _continues_list(line, following, item_sentences):
        return BlockKind.LIST_ITEM, True, line.is_sentence if item_sentences is None else item_sentences
    return (BlockKind.HEADING if _is_heading(line) else BlockKind.PARAGRAPH), False, None


def _continues_list(line: _Line, following: _Line | None, item_sentences: bool | None) -> bool:
    if structure.is_lead_in(line.text) or line.words > _MAX_ITEM_WORDS:
        return False
    if item_sentences is None:
        return True
    if line.is_sentence != item_sentences or (line.is_sentence and _INNER_SENTENCE.search(line.text)):
        return False
    # After a gap, a line in title case that something follows closely is the next section's heading.
    return not (line.after_blank and following and not following.after_blank and _is_heading(line))


def _is_heading(line: _Line) -> bool:
    text = line.text
    return (
        line.words <= _MAX_HEADING_WORDS
        and not _SENTENCE_END.search(text)
        and not text.endswith((",", ";", ":"))
    )
