"""Pages in WARC captures: ours, byte for byte as audited, and foreign ones (Common Crawl, wget …)."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

from claims.model import Skipped, Snapshot
from pipeline.sources.base import DEFAULTS, PAGE_TYPES, SourceOptions, header, media_type
from pipeline.sources.bodies import BodyError, decode
from pipeline.sources.warc_read import Record, WarcStream, as_stream, record_at
from pipeline.sources.warc_write import DRAWN, REDIRECTS, REQUESTED

Recall = Callable[[str], Snapshot | None]
"""A record id → that capture, from elsewhere (the store)."""


class _BadRecordError(Exception):
    """A record that is no capture of a page, though it says so."""


@dataclass(frozen=True, slots=True)
class _Parsed:
    kind: str
    record_id: str
    url: str
    date: str
    warc: Any
    http: Any
    payload: bytes
    block: bytes


@dataclass(slots=True)
class WarcSource:
    """One WARC file. What it holds beside pages is counted in `other`; what cannot be read, reported."""

    path: Path
    options: SourceOptions = DEFAULTS
    recall: Recall | None = None
    other: int = 0
    unresolved: int = 0
    """Revisits of captures that stand in no file at hand."""
    _places: dict[str, int] = field(default_factory=dict)
    """Offset of each capture, by record id, by address and date, and by digest."""
    _given: set[tuple[str, str]] = field(default_factory=set)

    def snapshots(self) -> Iterator[Snapshot | Skipped]:
        name = str(self.path)
        try:
            stream = self.path.open("rb")
        except OSError as error:
            code = "not_found" if isinstance(error, FileNotFoundError) else "unreadable"
            yield Skipped(name, code, f"{name}: cannot be read: {error.strerror or error}")
            return
        with stream:
            yield from self._pages(stream)

    def _pages(self, stream: BinaryIO) -> Iterator[Snapshot | Skipped]:
        name = str(self.path)
        limit = self.options.max_decoded
        warc = WarcStream(stream, limit)
        pages = large = 0
        try:
            for record in warc.records():
                if record.block is None:
                    large += 1
                    continue
                try:
                    for found in self._page(record):
                        pages += 1
                        yield found
                except _BadRecordError:
                    warc.bad += 1
        except OSError as error:
            yield Skipped(name, "unreadable", f"{name}: reading stopped: {error.strerror or error}")
        if warc.bad:
            noun = "record" if warc.bad == 1 else "records"
            reason = (
                f"{name}: {warc.bad} damaged {noun} passed over; fetch the file again if it should be whole"
            )
            yield Skipped(name, "bad_records", reason)
        if large:
            reason = f"{name}: {large} records larger than {limit} bytes passed over; raise max-decoded"
            yield Skipped(name, "too_large", reason)
        if self.unresolved:
            reason = f"{name}: {self.unresolved} revisits of captures in other files; name those files first"
            yield Skipped(name, "revisit", reason)
        if not (pages or warc.bad or large or self.unresolved):
            yield Skipped(name, "no_pages", f"{name}: no page in this file ({self.other} other records)")

    def _page(self, record: Record) -> Iterator[Snapshot | Skipped]:
        parsed = _parse(record)
        if parsed.kind == "revisit":
            snapshot = self._revisited(parsed)
            if snapshot is None:
                self.unresolved += 1
                return
        elif parsed.kind in ("response", "resource", "conversion"):
            snapshot = _snapshot(parsed, self.options)
            self._note(parsed, record)
        else:
            return
        if not _is_page(snapshot) or parsed.warc.get_header(DRAWN):
            self.other += 1
            return
        if (snapshot.url, snapshot.sha256) in self._given:
            return  # the same page, as it was
        self._given.add((snapshot.url, snapshot.sha256))
        yield snapshot
        if parsed.warc.get_header("WARC-Truncated"):
            reason = f"{snapshot.url}: the capture holds only the page's beginning; capture it anew"
            yield Skipped(snapshot.url, "truncated", reason)

    def _note(self, parsed: _Parsed, record: Record) -> None:
        if record.first:
            digest = parsed.warc.get_header("WARC-Payload-Digest") or ""
            for name in (parsed.record_id, f"{parsed.url} {parsed.date}", digest):
                if name:
                    self._places.setdefault(name, record.offset)

    def _revisited(self, parsed: _Parsed) -> Snapshot | None:
        """What a revisit refers to, as a capture of the address revisited."""
        get = parsed.warc.get_header
        refers = (get("WARC-Refers-To") or "").strip("<>")
        place = f"{get('WARC-Refers-To-Target-URI')} {get('WARC-Refers-To-Date')}"
        offset = next(
            (self._places[n] for n in (refers, place, get("WARC-Payload-Digest") or "") if n in self._places),
            None,
        )
        if offset is not None:
            found = snapshot_at(self.path, offset, self.options)
        else:
            found = self.recall(refers) if self.recall and refers else None
        return replace(found, url=_requested(parsed)) if found else None


def snapshot_at(path: Path, offset: int, options: SourceOptions = DEFAULTS) -> Snapshot | None:
    """The capture whose record begins at an offset; None where it is not there, or damaged."""
    try:
        with path.open("rb") as stream:
            record = record_at(stream, offset, options.max_decoded)
        return _snapshot(_parse(record), options) if record and record.block is not None else None
    except (OSError, _BadRecordError):
        return None


def _parse(record: Record) -> _Parsed:
    """Raises _BadRecordError."""
    from warcio.exceptions import ArchiveLoadFailed
    from warcio.recordloader import ArcWarcRecordLoader
    from warcio.statusandheaders import StatusAndHeadersParserException

    try:
        loaded = ArcWarcRecordLoader().parse_record_stream(as_stream(record), known_format="warc")
        payload = loaded.raw_stream.read()
    except (
        ArchiveLoadFailed,
        StatusAndHeadersParserException,
        EOFError,
        ValueError,
        AttributeError,
    ) as error:
        raise _BadRecordError(str(error)) from error
    get = loaded.rec_headers.get_header
    _verify(get("WARC-Block-Digest"), record.block or b"")
    record_id = (get("WARC-Record-ID") or "").strip("<>")
    url = get("WARC-Target-URI") or ""
    if loaded.rec_type in ("response", "resource", "conversion", "revisit") and not url:
        raise _BadRecordError("no WARC-Target-URI")
    return _Parsed(
        kind=loaded.rec_type or "",
        record_id=record_id,
        url=url,
        date=get("WARC-Date") or "",
        warc=loaded.rec_headers,
        http=loaded.http_headers,
        payload=payload,
        block=record.block or b"",
    )


def _verify(digest: str | None, block: bytes) -> None:
    """Raises _BadRecordError where a record is not what was written; unknown ways of writing digests pass."""
    name, _, value = (digest or "").partition(":")
    if not value or name.lower() not in ("sha1", "sha256", "sha512", "md5"):
        return
    found = hashlib.new(name.lower(), block, usedforsecurity=False).digest()
    known = {found.hex(), base64.b32encode(found).decode().lower().rstrip("=")}
    with_case = base64.b64encode(found).decode()
    if value.lower().rstrip("=") not in known and value != with_case and _is_digest(value, len(found)):
        raise _BadRecordError(f"digest {digest} does not fit")


def _is_digest(value: str, size: int) -> bool:
    try:
        return len(base64.b32decode(value.upper())) == size
    except (binascii.Error, ValueError):
        return len(value) == 2 * size


def _snapshot(parsed: _Parsed, options: SourceOptions) -> Snapshot:
    """Raises _BadRecordError."""
    if parsed.kind == "response" and parsed.http is None:
        if not parsed.url.startswith(("http:", "https:")):  # dns: and the like
            return Snapshot(url=parsed.url, body=b"", media_type="text/dns")
        raise _BadRecordError("no HTTP headers")
    headers: tuple[tuple[str, str], ...] = ()
    status = None
    body = parsed.payload
    kind = parsed.warc.get_header("Content-Type") or ""
    if parsed.http is not None:
        headers = tuple((str(k), _latin(str(v), parsed.block)) for k, v in parsed.http.headers)
        code = str(parsed.http.get_statuscode())
        status = int(code) if code.isdigit() else None
        body = _body(parsed.payload, headers, options.max_decoded)
        kind = header(headers, "Content-Type")
    return Snapshot(
        url=_requested(parsed),
        final_url=parsed.url,
        status=status,
        headers=headers,
        body=body,
        fetched_at=parsed.date or None,
        sha256=hashlib.sha256(body).hexdigest(),
        media_type=media_type(kind),
        record_id=parsed.record_id or None,
        redirects=tuple((parsed.warc.get_header(REDIRECTS) or "").split()),
    )


def _latin(value: str, block: bytes) -> str:
    """A header's value as it comes over the wire (ISO 8859-1), where the library read it as UTF-8."""
    raw = value.encode("utf-8")
    return value if value.isascii() or raw not in block else raw.decode("latin-1")


def _requested(parsed: _Parsed) -> str:
    return str(parsed.warc.get_header(REQUESTED) or parsed.url)


def _body(payload: bytes, headers: tuple[tuple[str, str], ...], limit: int) -> bytes:
    """The body with transfer and content encodings undone, where they were not when it was stored."""
    if header(headers, "Transfer-Encoding").lower() == "chunked":
        payload = _dechunked(payload)
    encoding = ",".join(v for k, v in headers if k.lower() == "content-encoding")
    try:
        return decode(payload, encoding, limit)
    except BodyError as error:
        if error.code == "encoding":
            return payload
        raise _BadRecordError(str(error)) from error


def _dechunked(payload: bytes) -> bytes:
    """Chunks put together; the payload as it is where it holds none."""
    parts: list[bytes] = []
    rest = payload
    while rest:
        line, found, after = rest.partition(b"\r\n")
        try:
            size = int(line.partition(b";")[0].strip(), 16)
        except ValueError:
            return payload if not parts else b"".join(parts)
        if not found or size < 0:
            return payload if not parts else b"".join(parts)
        if size == 0:
            break
        parts.append(after[:size])
        rest = after[size + 2 :]
    return b"".join(parts)


def _is_page(snapshot: Snapshot) -> bool:
    wanted = snapshot.media_type in PAGE_TYPES or snapshot.media_type == "application/octet-stream"
    return wanted and bool(snapshot.body) and (snapshot.status is None or 200 <= snapshot.status < 300)
