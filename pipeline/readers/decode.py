"""Bytes to text: byte order mark, transport header, the page's own declaration, then a guess, in that order.

A wrong declaration is common and must not turn "≥ 50 %" into rubbish: what the bytes themselves show wins,
and a note says so.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from claims.model import Note

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEAD = 4096
"""Bytes in which a page may declare its encoding; browsers look at 1024."""
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_XML = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)""", re.IGNORECASE)
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_ALIASES = {
    # What browsers take these labels to mean (WHATWG Encoding Standard).
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
_UNTRUSTED = frozenset(
    {"utf-7", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "hz"}
)
_CONTROLS = bytes([*range(9), *range(14, 27), *range(28, 32), *range(0x7F, 0xA0)])
_HIGH = re.compile(rb"[\x80-\xff]+")
_ADJACENT = 0.2
"""Share of runs of bytes above ASCII that are longer than one, up to which a text is in the Latin alphabet."""
_MAX_CONTROLS = 0.02
_STRAY = 0.1
"""Share of broken sequences up to which a text is still UTF-8 with a few strays."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text without its byte order mark, the encoding it was read by, and what was wrong about it."""

    text: str
    encoding: str
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class _Declared:
    name: str
    """Python's name of the encoding."""
    label: str
    """As declared."""
    who: str


def charset_of(content_type: str) -> str | None:
    """The charset parameter of a Content-Type header."""
    match = _CHARSET.search(content_type)
    return match[1] if match else None


def decode(body: bytes, charset: str | None = None) -> Decoded | None:
    """Decode a document; None where no encoding makes text of it. The transport declared `charset`."""
    decoded = _by_mark(body) or _by_bytes(body, list(_declarations(body, charset)))
    return decoded if decoded is not None and _is_text(decoded.text) else None


def _by_mark(body: bytes) -> Decoded | None:
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            text = body[len(mark) :].decode(encoding, "replace")
            return Decoded(text, encoding, _replaced(text, encoding))
    return None


def _replaced(text: str, encoding: str) -> tuple[Note, ...]:
    count = text.count("\ufffd")
    if not count:
        return ()
    return (Note("encoding", f"{count} byte sequences are no {encoding}; they were read as U+FFFD"),)


def _declarations(body: bytes, charset: str | None) -> Iterator[tuple[str, str]]:
    """Declared encodings in order of precedence, each with who declared it."""
    if charset:
        yield charset, "the transport"
    head = body[:_HEAD]
    for pattern in (_XML, _META):
        match = pattern.search(head)
        if match:
            yield match[1].decode("ascii"), "the page"


def _by_bytes(body: bytes, declared: list[tuple[str, str]]) -> Decoded | None:
    known = [_Declared(name, label, who) for label, who in declared if (name := _codec(label))]
    wide = _wide(body)
    if wide:
        text = body[: len(body) - len(body) % 2].decode(wide, "replace")
        return Decoded(text, wide, _noted(wide, known, "the bytes show it"))
    notes = tuple(
        Note("encoding", f"{who} declares the encoding {label!r}, which is not known; it was ignored")
        for label, who in declared
        if not _codec(label)
    )
    decoded = _as_utf8(body, known) or _as_declared(body, known) or _sniffed(body, known)
    return None if decoded is None else Decoded(decoded.text, decoded.encoding, (*notes, *decoded.notes))


def _wide(body: bytes) -> str | None:
    """UTF-16 without a byte order mark: English text has a zero in every other byte."""
    head = body[:2000]
    if len(head) < 4 or head.count(0) < len(head) * 0.3:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > 9 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 9 * odd else None


def _codec(label: str) -> str | None:
    """Python's name for an encoding label, as browsers understand it; None for one they do not know."""
    try:
        name = codecs.lookup(label.strip().lower()).name
    except (LookupError, ValueError):
        return None
    if name in _UNTRUSTED or name.startswith(("utf-16", "utf-32")):
        # Declared in ASCII within the page, so it is not so; browsers read UTF-8.
        return "utf-8" if name.startswith("utf-") and name != "utf-7" else None
    try:
        b"a".decode(name)
    except (LookupError, UnicodeError):
        return None
    return _ALIASES.get(name, name)


def _as_utf8(body: bytes, declared: list[_Declared]) -> Decoded | None:
    """UTF-8 where the bytes are valid UTF-8: text in another encoding hardly ever is."""
    if any(known.name.startswith("iso2022") for known in declared[:1]) and b"\x1b" in body:
        return None
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(body) - 3 or not declared or declared[0].name != "utf-8":
            return None
        return Decoded(body[: error.start].decode("utf-8"), "utf-8", (_CUT,))
    return Decoded(
        text, "utf-8", () if text.isascii() else _noted("utf-8", declared, "the bytes are valid UTF-8")
    )


_CUT = Note("encoding", "the document ends in the middle of a character")


def _noted(encoding: str, declared: list[_Declared], why: str) -> tuple[Note, ...]:
    if not declared or declared[0].name == encoding:
        return ()
    label, who = declared[0].label, declared[0].who
    return (
        Note("encoding", f"{who} declares {label}, but the document is {encoding} ({why}); it was read so"),
    )


def _as_declared(body: bytes, declared: list[_Declared]) -> Decoded | None:
    for i, known in enumerate(declared):
        name, who = known.name, known.who
        text, strays = _strict(body, name)
        if text is None:
            continue
        notes = () if i == 0 else _noted(name, declared, f"{who} says so and the bytes agree")
        if strays:
            notes = (
                *notes,
                Note("encoding", f"{strays} bytes are no {name}; they were read as Windows-1252"),
            )
        return Decoded(text, name, notes)
    return None


def _strict(body: bytes, name: str) -> tuple[str | None, int]:
    """The text, where the bytes are in this encoding but for a few strays, and how many strays there are."""
    if name == "utf-8":
        text = body.decode("utf-8", "surrogateescape")
        strays = sum(1 for char in text if "\udc80" <= char <= "\udcff")
        whole = sum(1 for char in text if char > "\x7f") - strays
        return (_mended(text), strays) if strays <= whole * _STRAY else (None, 0)
    try:
        return body.decode(name), 0
    except UnicodeDecodeError:
        # Five bytes have no meaning in Windows-1252; browsers pass them through.
        return (_as_1252(body), 0) if name == "cp1252" else (None, 0)


def _mended(text: str) -> str:
    return re.sub("[\udc80-\udcff]", lambda m: _as_1252(bytes([ord(m[0]) - 0xDC00])), text)


def _as_1252(body: bytes) -> str:
    return body.decode("cp1252", "surrogateescape").translate(
        {0xDC00 + byte: byte for byte in range(0x80, 0xA0)}
    )


def _sniffed(body: bytes, declared: list[_Declared]) -> Decoded | None:
    """A guess: letters and marks above ASCII that stand alone are Windows-1252, all else is left to statistics."""
    sample = body[:200_000]
    runs = _HIGH.findall(sample)
    encoding = "cp1252"
    if sum(len(run) > 1 for run in runs) > len(runs) * _ADJACENT:
        from charset_normalizer import from_bytes

        best = from_bytes(sample).best()
        if best is None:
            return None
        encoding = best.encoding
    text, _ = _strict(body, encoding)
    if text is None:
        return None
    why = "told from the bytes"
    notes = _noted(encoding, declared, why) or (
        Note("encoding", f"no encoding declared; read as {encoding}"),
    )
    return Decoded(text, encoding, notes)


def _is_text(text: str) -> bool:
    """False for what is mostly control characters: no encoding made sense of it."""
    sample = text[:100_000]
    plain = sample.encode("latin-1", "replace")
    controls = len(plain) - len(plain.translate(None, _CONTROLS)) + sample.count("\ufffd")
    return controls <= max(len(sample) * _MAX_CONTROLS, 2)
