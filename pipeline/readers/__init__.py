"""How bytes become a page of blocks, by kind of document.

A page that cannot be read is a value, never silence.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from claims.model import Note, Page, Skipped, Snapshot
from pipeline.readers import sniffing
from pipeline.readers.decode import Decoded, charset_of, decode

if TYPE_CHECKING:
    from pipeline.readers.html import Reading
    from pipeline.readers.links import PageLinks

__all__ = ["read_page", "read_page_and_links"]

_GONE = (404, 410)
_BARRED = (401, 403, 407, 429, 503)
_MAX_BYTES = 32 * 1024 * 1024
_MAX_BLOCK = 1_000_000
"""Characters of one paragraph; the language pipeline takes no more at once."""


def read_page(snapshot: Snapshot, charset: str | None = None) -> Page | Skipped:
    """The page in a snapshot, or why it cannot be read. `charset` is what the transport declared."""
    return _opened(snapshot, charset)[0]


def read_page_and_links(
    snapshot: Snapshot, charset: str | None = None
) -> tuple[Page | Skipped, PageLinks | None]:
    """The page and what it links to, from one parse; links are None where the document is no HTML."""
    page, reading = _opened(snapshot, charset)
    return page, _links(snapshot, reading) if reading else None


def _opened(snapshot: Snapshot, charset: str | None) -> tuple[Page | Skipped, Reading | None]:
    """The page, and what it was judged by; None where the document was not read at all."""
    refused = _unreadable(snapshot)
    if refused is not None:
        return refused, None
    media_type = snapshot.media_type or _header(snapshot, "content-type")
    kind = sniffing.kind(snapshot.final_url or snapshot.url, media_type, snapshot.body)
    if kind is None:
        declared = media_type.split(";")[0].strip()
        reason = f"documents of the type {declared} are not read; audit an HTML or text version"
        return Skipped(snapshot.url, "unsupported", reason), None
    decoded = decode(snapshot.body, charset or charset_of(_header(snapshot, "content-type") or media_type))
    if decoded is None:
        reason = "the bytes make no text in any encoding declared or known; save the document as UTF-8"
        return Skipped(snapshot.url, "encoding", reason), None
    reading = _read(kind, decoded.text, sniffing.is_xhtml(media_type, snapshot.body))
    return _judged(snapshot, decoded, reading), reading


def _unreadable(snapshot: Snapshot) -> Skipped | None:
    """What can be told from status and bytes alone."""
    body, url = snapshot.body, snapshot.url
    if snapshot.status in _GONE:
        return Skipped(
            url, "not_found", f"the server answered {snapshot.status}; correct the address or remove the link"
        )
    if not body.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        return Skipped(url, "empty", "the document holds no text; check that it is the page meant")
    if len(body) > _MAX_BYTES:
        reason = f"the document is larger than {_MAX_BYTES // 2**20} MiB; audit a smaller part of it"
        return Skipped(url, "too_large", reason)
    binary = sniffing.binary(body)
    if binary is not None:
        return Skipped(
            url, "binary", f"this is {binary}, not text; audit an HTML, Markdown or text version of it"
        )
    return None


def _header(snapshot: Snapshot, name: str) -> str:
    return next((value for key, value in snapshot.headers if key.lower() == name), "")


def _read(kind: str, text: str, xhtml: bool) -> Reading:
    if kind == sniffing.HTML:
        from pipeline.readers import html

        return html.read(text, xhtml=xhtml)
    if kind == sniffing.MARKDOWN:
        from pipeline.readers import markdown

        return markdown.read(text)
    from pipeline.readers import html
    from pipeline.readers import text as plain

    blocks = plain.read_blocks(text)
    return html.Reading(blocks, blocks[0].text if blocks else "")


def _judged(snapshot: Snapshot, decoded: Decoded, reading: Reading) -> Page | Skipped:
    from pipeline.readers.refusal import refusal

    refused = refusal(snapshot.url, reading)
    if refused is not None:
        return refused
    if snapshot.status in _BARRED or (snapshot.status or 0) >= 500:
        reason = (
            f"the server answered {snapshot.status}; what it sent is no page of the site's; try again later"
        )
        return Skipped(snapshot.url, "http_status", reason)
    if any(len(block.text) > _MAX_BLOCK for block in reading.blocks):
        reason = f"a paragraph is longer than {_MAX_BLOCK:,} characters; break the text into lines"
        return Skipped(snapshot.url, "too_large", reason)
    notes = decoded.notes
    if reading.unclosed_comment:
        text = "a comment is never closed: browsers hide everything behind it, and so it was not read"
        notes = (*notes, Note("unclosed_comment", text))
    digest = snapshot.sha256 or hashlib.sha256(snapshot.body).hexdigest()
    return Page(snapshot.url, reading.title, reading.language, reading.blocks, digest, decoded.text, notes)


def _links(snapshot: Snapshot, reading: Reading) -> PageLinks | None:
    if reading.markup is None:
        return None
    from pipeline.readers.links import page_links

    return page_links(reading.markup, snapshot.final_url or snapshot.url)
