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
_NUMBER = re.compile(r"^\s*\(?\d{1,2}[.)]\s+")
_FIGURE = re.compile(
    r"^(?:[~≈<>]?\s*[$£€]?\d[\d,.]*\s*(?:[-–—]\s*[$£€]?\d[\d,.]*\s*)?"
    r"(?:%|\+|x|×|k|hrs?|hours?|h|days?|min(?:ute)?s?)?\s*\+?"
    r"|\d+\s+(?:in|out of|of)\s+\d+|FDA)$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]*]*$")
_INNER_SENTENCE = re.compile(r"[.!?]\s+[A-Z]")
_SECTION = re.compile(
    r"^(?:how|what|why|who|when|where|our|about|before|after|during|more|frequently|contact|book|schedule"
    r"|get started|ready|warnings?|storage|insurance|pricing|prices?|costs?|fees|safety|side effects"
    r"|adverse|unwanted|undesirable|possible side|exclusions?|contraindications?|benefits|indications?"
    r"|abuse|dependence|overview|introduction|summary|conclusion|faqs?|references|dosage|mechanism"
    r"|administration|evidence|pharmacology|history|legal|regulation|research|testimonials|reviews"
    r"|next steps|eligibility|results|conditions|services|resources|availability|interactions|precautions"
    r"|monitoring|meet|learn|the (?:science|process|benefits|treatment))\b",
    re.IGNORECASE,
)
"""Words that open a section's heading rather than an item of a list."""
_MIN_RUN = 3
_MIN_SPACED_RUN = 4
_MAX_SPACED_WORDS = 7
_MAX_HEADING_WORDS = 14
_MAX_ITEM_WORDS = 30
_MAX_RUN_ON_WORDS = 60
"""Words up to which a line in lower case goes on with a list."""
_MAX_CAPTION_WORDS = 14


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    source: SourceMap
    number: int
    column: int
    after_blank: bool
    bulleted: bool
    numbered: bool = False

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
            bulleted = bool(_BULLET.match(raw)) or _has_symbol(raw)
            numbered = bool(_NUMBER.match(raw))
            yield _Line(folded, source, number, start + 1, blank, bulleted, numbered)
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
    own = line.after_blank or line.bulleted or bool(_FIGURE.match(line.text))
    return not own and line.words <= _MAX_CAPTION_WORDS


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
    """Each line with its kind."""
    for line, kind in zip(lines, _kinds(lines), strict=True):
        yield Block(line.text, kind, locator=Locator(line.number, line.column), source=line.source)


def _kinds(lines: list[_Line]) -> list[BlockKind]:
    """Kinds by form: a run of short lines is a heading with its items, behind a lead-in or question all items."""
    kinds = [_own_kind(line) for line in lines]
    for i in range(1, len(lines)):
        if lines[i].numbered and lines[i - 1].numbered and kinds[i] is BlockKind.HEADING:
            kinds[i] = kinds[i - 1] = BlockKind.LIST_ITEM
    for i in range(1, len(lines)):
        if kinds[i] is BlockKind.PARAGRAPH and _ends_list(lines[i - 1], kinds[i - 1], lines[i]):
            kinds[i] = BlockKind.LIST_ITEM
    i = 0
    while i < len(lines):
        if kinds[i] is not BlockKind.HEADING:
            i += 1
            continue
        end = i + 1
        while end < len(lines) and kinds[end] is BlockKind.HEADING and not lines[end].after_blank:
            end += 1
        if end == i + 1:
            end = _spaced_run(lines, kinds, i)
        _settle_run(lines, kinds, i, end)
        i = end
    _settle_sentences(lines, kinds)
    return kinds


def _spaced_run(lines: list[_Line], kinds: list[BlockKind], start: int) -> int:
    """End of a run of short lines with a blank line between each two, if it is long enough to be a list."""
    end = start + 1
    while end < len(lines) and kinds[end] is BlockKind.HEADING and lines[end].after_blank:
        closely = end + 1 < len(lines) and not lines[end + 1].after_blank
        if closely or lines[end].words > _MAX_SPACED_WORDS:
            break
        end += 1
    return end if end - start >= _MIN_SPACED_RUN else start + 1


def _own_kind(line: _Line) -> BlockKind:
    if structure.is_question(line.text):
        return BlockKind.QUESTION
    if line.bulleted and not (line.numbered and _is_heading(line) and line.text[:1].isupper()):
        return BlockKind.LIST_ITEM
    if structure.is_lead_in(line.text):
        return BlockKind.PARAGRAPH
    if line.text[:1].islower() and not line.is_sentence and line.words <= _MAX_RUN_ON_WORDS:
        return BlockKind.LIST_ITEM
    return BlockKind.HEADING if _is_heading(line) else BlockKind.PARAGRAPH


def _ends_list(before: _Line, kind: BlockKind, line: _Line) -> bool:
    """The last item of a list in lower case often has the full stop of the whole."""
    lower = before.text[:1].islower() and line.text[:1].islower()
    return lower and kind is BlockKind.LIST_ITEM and not _INNER_SENTENCE.search(line.text)


def _settle_run(lines: list[_Line], kinds: list[BlockKind], start: int, end: int) -> None:
    """Decide which lines of a run of short lines (`kinds[start:end]`, all headings so far) are items."""
    before = start - 1
    listed = before >= 0 and (
        structure.is_lead_in(lines[before].text)
        or (kinds[before] is BlockKind.LIST_ITEM and not lines[start].after_blank)
    )
    asked = before >= 0 and kinds[before] is BlockKind.QUESTION and not lines[start].after_blank
    followed = end < len(lines) and not lines[end].after_blank and kinds[end] is BlockKind.PARAGRAPH
    opens_list = followed and structure.is_lead_in(lines[end].text)
    first = start if listed or (asked and not (end - start == 1 and followed)) else start + 1
    if first > start and end - start < _MIN_RUN:
        return
    for i in range(first, end):
        labelled = _is_labelled(lines[i], listed) and not (opens_list and lines[i].text.istitle())
        closes = (
            i == end - 1
            and followed
            and ((i > start and not labelled) or _stands_out(lines[i - 1], kinds[i - 1], lines[i]))
        )
        if closes or structure.is_grade(lines[i].text):
            continue
        if not lines[i].numbered and (listed or not _opens_section(lines[i])):
            kinds[i] = BlockKind.LIST_ITEM


def _stands_out(before: _Line, kind: BlockKind, line: _Line) -> bool:
    """A line with a capital behind items in lower case, over a paragraph: the next heading."""
    return kind is BlockKind.LIST_ITEM and before.text[:1].islower() and line.text[:1].isupper()


def _opens_section(line: _Line) -> bool:
    return line.text[:1].isupper() and bool(_SECTION.match(line.text))


def _is_labelled(line: _Line, listed: bool) -> bool:
    """The last short line before a paragraph heads it, unless it plainly goes on with a list."""
    return listed and not _opens_section(line)


def _settle_sentences(lines: list[_Line], kinds: list[BlockKind]) -> None:
    """Sentences behind a lead-in are items while they look alike."""
    for i in range(1, len(lines)):
        if kinds[i] is not BlockKind.PARAGRAPH or structure.is_lead_in(lines[i].text):
            continue
        previous = lines[i - 1]
        opens = structure.is_lead_in(previous.text) and not _INNER_SENTENCE.search(lines[i].text)
        if (opens and lines[i].words <= _MAX_ITEM_WORDS and _goes_on(lines, kinds, i)) or (
            kinds[i - 1] is BlockKind.LIST_ITEM and previous.is_sentence and _alike(previous, lines[i])
        ):
            kinds[i] = BlockKind.LIST_ITEM


def _goes_on(lines: list[_Line], kinds: list[BlockKind], i: int) -> bool:
    """A list has more than one item, unless the one is no sentence."""
    if not lines[i].is_sentence:
        return True
    following = i + 1
    return (
        following < len(lines)
        and kinds[following] is BlockKind.PARAGRAPH
        and _alike(lines[i], lines[following])
    )


def _alike(a: _Line, b: _Line) -> bool:
    if b.after_blank or b.words > _MAX_ITEM_WORDS or _INNER_SENTENCE.search(b.text):
        return False
    return a.is_sentence == b.is_sentence


def _is_heading(line: _Line) -> bool:
    text = line.text
    return (
        line.words <= _MAX_HEADING_WORDS
        and not _SENTENCE_END.search(text)
        and not text.endswith((",", ";", ":"))
    )
