"""What kind of document some bytes are: by declared type, then by name, then by looking."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import urlsplit

HTML, MARKDOWN, TEXT = "html", "markdown", "text"

_TYPES = {
    "text/html": HTML,
    "application/xhtml+xml": HTML,
    "text/markdown": MARKDOWN,
    "text/x-markdown": MARKDOWN,
}
_VAGUE = frozenset({"", "text/plain", "application/octet-stream", "binary/octet-stream", "unknown/unknown"})
_XML_TYPES = frozenset({"text/xml", "application/xml"})
_SUFFIXES = {
    **dict.fromkeys((".html", ".htm", ".xhtml", ".shtml", ".php", ".asp", ".aspx", ".jsp", ".cfm"), HTML),
    **dict.fromkeys((".md", ".markdown", ".mdown", ".mkd", ".mkdn"), MARKDOWN),
    **dict.fromkeys((".txt", ".text"), TEXT),
}
_MAGIC = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a zip archive or an Office document"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"RIFF", "a RIFF file (WebP, audio or video)"),
    (b"\x1f\x8b", "compressed (gzip) data"),
    (b"BZh", "compressed (bzip2) data"),
    (b"\xfd7zXZ", "compressed (xz) data"),
    (b"\x28\xb5\x2f\xfd", "compressed (zstd) data"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
    (b"OggS", "audio or video"),
    (b"ID3", "audio"),
    (b"SQLite format 3\x00", "a database"),
)
_CONTROLS = bytes(byte for byte in range(32) if byte < 9 or 13 < byte < 27 or byte > 27)
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_HTML_START = re.compile(
    rb"\s*(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body|title|meta|div|p|h[1-6]|section|main|article)\b",
    re.IGNORECASE | re.DOTALL,
)
_XML_HTML = re.compile(
    rb"\s*<\?xml[^>]*>\s*(?:<!--.{0,2000}?-->\s*)*(?:<!doctype\s+html|<html)\b", re.IGNORECASE | re.DOTALL
)


def binary(body: bytes) -> str | None:
    """What kind of binary file this is, in words; None for text."""
    for magic, name in _MAGIC:
        if body.startswith(magic) and not (
            magic in (b"MZ", b"ID3", b"BZh", b"RIFF") and body[:400].isascii()
        ):
            return name
    head = body[:4096]
    if head.startswith(_MARKS):
        return None
    zeros = head.count(0)
    if zeros and max(head[::2].count(0), head[1::2].count(0)) <= zeros * 0.9:
        return "a binary file"
    if zeros and zeros < len(head) * 0.3:
        return "a binary file"
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return "a binary file" if controls - zeros > len(head) * 0.1 else None


def kind(url: str, media_type: str, body: bytes) -> str | None:
    """`html`, `markdown` or `text`; None for a type that no reader takes."""
    declared = media_type.split(";")[0].strip().lower()
    if declared in _TYPES:
        return _TYPES[declared]
    if declared in _XML_TYPES:
        return HTML if is_xhtml(declared, body) or _HTML_START.match(body[:4096]) else None
    if declared not in _VAGUE:
        return None
    suffix = PurePosixPath(urlsplit(url).path if "://" in url else url).suffix.lower()
    named = _SUFFIXES.get(suffix)
    if declared == "text/plain":
        return named if named == MARKDOWN else TEXT
    if named in (HTML, MARKDOWN):
        return named
    head = body[:4096].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")
    return HTML if _HTML_START.match(head) or _XML_HTML.match(head) else TEXT


def is_xhtml(media_type: str, body: bytes) -> bool:
    """True for a page written as XML."""
    return media_type.startswith("application/xhtml") or bool(_XML_HTML.match(body[:4096]))
