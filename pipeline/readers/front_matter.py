"""The fields at the top of a Markdown file that a page shows or sends: title, description, language."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FENCED = re.compile(
    r"\A(?P<fence>---|\+\+\+)[ \t]*\r?\n(?P<body>.*?)(?:^|(?<=\n))(?P=fence)[ \t]*(?:\r?\n|\Z)",
    re.DOTALL | re.MULTILINE,
)
_FIELD = re.compile(r"^(?P<key>[A-Za-z_][\w-]*)[ \t]*[:=][ \t]*(?P<value>[^\r\n]*)", re.MULTILINE)
_FOLDED = re.compile(r"[>|][+-]?\d*[ \t]*\Z")
_INDENTED = re.compile(r"\r?\n(?:[ \t]+(?P<line>[^\r\n]*)|[ \t]*(?=\r?\n))")
_LINE = re.compile(r"\s|\Z|#|-\s|[\w\"'][^:=]{0,80}[:=]|\[|[\]}]")

TITLES = frozenset({"title", "seo_title", "meta_title", "og_title"})
DESCRIPTIONS = frozenset(
    {
        "description",
        "summary",
        "excerpt",
        "subtitle",
        "tagline",
        "seo_description",
        "meta_description",
        "og_description",
    }
)
LANGUAGES = frozenset({"lang", "language", "locale"})


@dataclass(frozen=True, slots=True)
class Field:
    """A field, its value in one or more stretches: text and where each begins."""

    key: str
    parts: tuple[tuple[str, int], ...]

    @property
    def text(self) -> str:
        return " ".join(part for part, _ in self.parts)


def split(source: str) -> tuple[list[Field], int]:
    """The fields, and where the document itself begins."""
    match = _FENCED.match(source)
    if match is None:
        return [], 0
    start, end = match.span("body")
    if not all(_LINE.match(line) for line in match["body"].splitlines()):
        return [], 0  # two rules with text between them
    fields = [_field(source, found, end) for found in _FIELD.finditer(source, start, end)]
    return [field for field in fields if field.text], match.end()


def _field(source: str, found: re.Match[str], end: int) -> Field:
    key = found["key"].lower().replace("-", "_")
    value, at = found["value"], found.start("value")
    if _FOLDED.match(value) or not value:
        return Field(key, tuple(_indented(source, found.end(), end)))
    return Field(key, (_unquoted(value.rstrip(), at),))


def _indented(source: str, at: int, end: int) -> list[tuple[str, int]]:
    parts: list[tuple[str, int]] = []
    while (match := _INDENTED.match(source, at, end)) is not None:
        if match["line"]:
            parts.append((match["line"].rstrip(), match.start("line")))
        at = match.end()
    return parts


def _unquoted(value: str, at: int) -> tuple[str, int]:
    quote = value[:1]
    if quote in ("'", '"'):
        end = value.find(quote, 1)
        while end > 0 and value[end - 1] == "\\":
            end = value.find(quote, end + 1)
        return (value[1:end] if end > 0 else value[1:]), at + 1
    return re.split(r"\s#", value, maxsplit=1)[0].rstrip(), at
