"""Structured data (JSON-LD): questions with their answers, descriptions and reviews, each with its place.

Pages carry JSON that no strict parser takes: raw newlines in strings, trailing commas, comments around it. So
it is scanned leniently here, without recursion, and every string keeps the way back to its characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from claims.model import BlockKind, Region, SourceMap
from pipeline.readers.draft import Draft
from pipeline.readers.markup import Text
from pipeline.readers.placed import TextBuffer, composed, from_origins

_TOKEN = re.compile(
    r"""(?P<string>"(?:[^"\\]+|\\.)*+")|(?P<mark>[{}\[\],:])|(?P<bare>[^\s{}\[\],:"]+)|(?P<open>")""",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{4}(?:\\u[0-9a-fA-F]{4})?|.)", re.DOTALL)
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_PARAGRAPH = re.compile(r"\n\s*\n|(?<=[.!?:])[^\S\n]*\n")
_TEXT_FIELDS = (
    "headline",
    "alternativeHeadline",
    "slogan",
    "description",
    "disambiguatingDescription",
    "abstract",
    "text",
    "articleBody",
    "reviewBody",
)
_ANSWERS = ("acceptedAnswer", "suggestedAnswer")

Value = "Quoted | list[Value] | dict[str, Value]"


@dataclass(slots=True)
class Quoted:
    """A string value: its text and, for each character, where it stands and how wide."""

    text: str
    origins: list[tuple[int, int]]


def scan(source: str, offset: int = 0) -> list[object]:
    """The values of a script's JSON, as far as it can be made out; objects are dicts, strings `Quoted`."""
    root: list[object] = []
    stack: list[list[object] | dict[str, object]] = [root]
    keys: list[str | None] = [None]
    for token in _TOKEN.finditer(source):
        if token["open"]:
            break  # a string that never ends: nothing behind it can be told apart
        if token["mark"]:
            _structure(token["mark"], stack, keys)
        elif token["string"]:
            value = _quoted(token["string"], token.start() + offset)
            if isinstance(stack[-1], dict) and keys[-1] is None:
                keys[-1] = value.text
            else:
                _put(value, stack, keys)
    return root


def _structure(mark: str, stack: list[list[object] | dict[str, object]], keys: list[str | None]) -> None:
    if mark in "{[":
        value: list[object] | dict[str, object] = {} if mark == "{" else []
        _put(value, stack, keys)
        stack.append(value)
        keys.append(None)
    elif mark in "}]":
        wanted = dict if mark == "}" else list
        if len(stack) > 1 and isinstance(stack[-1], wanted):
            stack.pop()
            keys.pop()
    elif mark == ",":
        keys[-1] = None


def _put(value: object, stack: list[list[object] | dict[str, object]], keys: list[str | None]) -> None:
    holder = stack[-1]
    if isinstance(holder, list):
        holder.append(value)
    elif keys[-1] is not None:
        holder.setdefault(keys[-1], value)
        keys[-1] = None


def _quoted(literal: str, start: int) -> Quoted:
    """A string literal, quotes included, that begins at `start` in the source."""
    chars: list[str] = []
    origins: list[tuple[int, int]] = []
    at = 1
    end = len(literal) - 1
    while at < end:
        match = _ESCAPE.match(literal, at, end) if literal[at] == "\\" else None
        text, width = (literal[at], 1) if match is None else _unescaped(match.group())
        for char in text:
            chars.append(char)
            origins.append((start + at, width))
        at += width
    return Quoted("".join(chars), origins)


def _unescaped(escape: str) -> tuple[str, int]:
    """What an escape stands for, and how many of its characters do so."""
    if escape[1] != "u" or len(escape) < 6:
        return _SIMPLE.get(escape[1], escape[1]), 2
    first = int(escape[2:6], 16)
    if 0xD800 <= first < 0xDC00 and len(escape) == 12:
        second = int(escape[8:12], 16)
        if 0xDC00 <= second < 0xE000:
            return chr(0x10000 + ((first - 0xD800) << 10) + second - 0xDC00), 12
    return chr(first) if not 0xD800 <= first < 0xE000 else "\ufffd", 6


def drafts(scripts: list[Text], fragment: Callable[[str], list[Draft]]) -> list[Draft]:
    """What the page's structured data says; `fragment` reads HTML inside a string."""
    out: list[Draft] = []
    for script in scripts:
        text = "".join(data for _, data, _ in script.runs)
        for item in _objects(scan(text, script.runs[0][0])):
            out.extend(_of_object(item, fragment))
    return out


def _objects(root: list[object]) -> Iterator[dict[str, object]]:
    """Every object, in the order it stands in; answers are left to their question."""
    waiting: list[object] = list(reversed(root))
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(reversed(value))
        elif isinstance(value, dict):
            yield value
            waiting.extend(child for key, child in reversed(value.items()) if key not in _ANSWERS)


def _of_object(item: dict[str, object], fragment: Callable[[str], list[Draft]]) -> Iterator[Draft]:
    answers = [answer for key in _ANSWERS for answer in _as_list(item.get(key)) if isinstance(answer, dict)]
    question = item.get("name") or item.get("text")
    if answers and isinstance(question, Quoted):
        yield from _question(question, answers, fragment)
        return
    review = "Review" in _types(item)
    for field in _TEXT_FIELDS:
        for value in _as_list(item.get(field)):
            if isinstance(value, Quoted):
                quoted = review or field == "reviewBody"
                yield from _texts(value, BlockKind.QUOTE if quoted else BlockKind.STRUCTURED_DATA, fragment)


def _question(
    question: Quoted, answers: list[dict[str, object]], fragment: Callable[[str], list[Draft]]
) -> Iterator[Draft]:
    asked = None
    for draft in _texts(question, BlockKind.QUESTION, fragment):
        draft.starts_afresh = True
        asked = asked or draft.text
        yield draft
    for answer in answers:
        text = answer.get("text")
        if isinstance(text, Quoted):
            for i, draft in enumerate(_texts(text, BlockKind.STRUCTURED_DATA, fragment)):
                draft.question, draft.answers_directly = asked, i == 0
                yield draft


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _types(item: dict[str, object]) -> set[str]:
    return {value.text for value in _as_list(item.get("@type")) if isinstance(value, Quoted)}


def _texts(value: Quoted, kind: BlockKind, fragment: Callable[[str], list[Draft]]) -> Iterator[Draft]:
    """Drafts of a string that is plain text, or HTML."""
    outer = from_origins(value.origins)
    if "<" in value.text or "&" in value.text:
        for draft in fragment(value.text):
            source = composed(len(draft.text), draft.source, outer)
            yield Draft(draft.text, source, kind, Region.HEAD, lead_in=draft.lead_in)
        return
    start = 0
    for end, following in [
        *((m.start(), m.end()) for m in _PARAGRAPH.finditer(value.text)),
        (len(value.text), 0),
    ]:
        draft = _plain(value, start, end, kind)
        if draft.text:
            yield draft
        start = following


def _plain(value: Quoted, start: int, end: int, kind: BlockKind) -> Draft:
    buffer = TextBuffer()
    for i in range(start, end):
        at, width = value.origins[i]
        buffer.add(value.text[i], at, width if width > 1 else 0)
    text, source = buffer.result()
    return Draft(text, source if text else SourceMap(), kind, Region.HEAD)
