"""Captures as WARC: requests and responses as they went over the wire, with time and digest.

One gzip member a record, so that each can be read by itself. The body stands as it was sent (its transfer
encoding undone, which is noted in the headers).
"""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.utils import Digester
from warcio.warcwriter import WARCWriter

from claims.model import Snapshot
from pipeline.sources.transport import Exchange, Headers

if TYPE_CHECKING:
    from pipeline.sources.web import Fetched

REQUESTED = "Claims-Audit-Requested-URI"
"""The address asked for, where redirects led from it to the record's own."""
REDIRECTS = "Claims-Audit-Redirects"
DRAWN = "Claims-Audit-Drawn"
"""Stands where the page was audited as a browser drew it: that is a record of its own."""
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
_SECRET = frozenset({"authorization", "proxy-authorization", "cookie"})


@dataclass(frozen=True, slots=True)
class Capture:
    """Where a page's records stand in the file, in bytes."""

    file: str
    first: int
    """Of the first record written for it (redirects, requests)."""
    offset: int
    """Of its own record."""
    end: int
    record_id: str


class _Headers(StatusAndHeaders):  # type: ignore[misc]
    """HTTP headers byte for byte; the library would encode what is not ASCII."""

    def compute_headers_buffer(self, header_filter: object = None) -> None:
        self.headers_buff = self.to_str(header_filter).encode("latin-1", errors="replace") + b"\r\n"


class _Writer(WARCWriter):  # type: ignore[misc]
    @staticmethod
    def _create_digester() -> Digester:
        return Digester("sha256")


class CaptureFile:
    """One WARC file being written. What `write` returns has reached the disk."""

    def __init__(self, path: Path, software: str, date: str) -> None:
        """Creates the file. Raises OSError, also where it is there already."""
        self.path = path
        self._stream: BinaryIO = path.open("xb")
        self._writer = _Writer(self._stream, gzip=True, warc_version="1.1")
        self._info(software, date)

    def close(self) -> None:
        self._stream.close()

    def write(self, fetched: Fetched, date: str, revisited: Snapshot | None = None) -> Capture:
        """All exchanges that led to a page; the last record is the page's own.

        `revisited` is the earlier capture where the server said that it is still so. Raises OSError; what was
        written of these records is then taken back.
        """
        with self._whole() as first:
            for hop in fetched.redirects:
                self._exchange(hop, date, {})
            offset, record_id = self._page(fetched, date, revisited)
        return Capture(self.path.name, first, offset, self._stream.tell(), record_id.strip("<>"))

    def resource(
        self, url: str, media_type: str, body: bytes, date: str, beside: str, requested: str = ""
    ) -> Capture:
        """Something made rather than received: a page as a browser drew it, a picture of it."""
        record_id = _record_id(url, date, body, media_type)
        more = {
            "WARC-Record-ID": record_id,
            "WARC-Date": date,
            "Content-Type": media_type,
            "WARC-Concurrent-To": f"<{beside}>",
        }
        if requested:
            more[REQUESTED] = requested
        with self._whole() as first:
            record = self._writer.create_warc_record(
                url, "resource", payload=BytesIO(body), length=len(body), warc_headers_dict=more
            )
            self._writer.write_record(record)
        return Capture(self.path.name, first, first, self._stream.tell(), record_id.strip("<>"))

    def _page(self, fetched: Fetched, date: str, revisited: Snapshot | None) -> tuple[int, str]:
        more = {}
        if fetched.url != fetched.exchange.url:
            more[REQUESTED] = fetched.url
            more[REDIRECTS] = " ".join(hop.url for hop in fetched.redirects)
        if fetched.rendered is not None:
            more[DRAWN] = "yes"
        if revisited is not None:
            more |= {
                "WARC-Profile": NOT_MODIFIED,
                "WARC-Refers-To": f"<{revisited.record_id}>",
                "WARC-Refers-To-Target-URI": revisited.final_url or revisited.url,
                "WARC-Refers-To-Date": revisited.fetched_at or "",
            }
        return self._exchange(fetched.exchange, date, more)

    def _exchange(self, exchange: Exchange, date: str, more: dict[str, str]) -> tuple[int, str]:
        """The request, then the response or revisit; offset and id of the latter."""
        kind = "revisit" if "WARC-Profile" in more else "response"
        record_id = _record_id(exchange.url, date, exchange.raw, kind)
        self._request(exchange, date, record_id)
        offset = self._stream.tell()
        more = {"WARC-Record-ID": record_id, "WARC-Date": date, **more}
        if exchange.peer:
            more["WARC-IP-Address"] = exchange.peer
        headers = _Headers(
            f"{exchange.status} {exchange.reason}".strip(), _stored(exchange.headers), "HTTP/1.1"
        )
        self._record(exchange.url, kind, headers, exchange.raw if kind == "response" else b"", more)
        return offset, record_id

    def _request(self, exchange: Exchange, date: str, response_id: str) -> None:
        parts = urlsplit(exchange.url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        sent = [(k, v) for k, v in exchange.request_headers if k.lower() not in _SECRET]
        headers = _Headers(f"GET {target} HTTP/1.1", [("Host", parts.netloc), *sent], is_http_request=True)
        request_id = _record_id(exchange.url, date, exchange.raw, "request")
        more = {"WARC-Record-ID": request_id, "WARC-Date": date, "WARC-Concurrent-To": response_id}
        self._record(exchange.url, "request", headers, b"", more)

    def _record(self, url: str, kind: str, headers: _Headers, body: bytes, more: dict[str, str]) -> None:
        record = self._writer.create_warc_record(
            url, kind, payload=BytesIO(body), length=len(body), http_headers=headers, warc_headers_dict=more
        )
        self._writer.write_record(record)

    def _info(self, software: str, date: str) -> None:
        fields = f"software: {software}\r\nformat: WARC File Format 1.1\r\nrobots: obey\r\n".encode()
        more = {
            "WARC-Record-ID": _record_id(self.path.name, date, fields, "warcinfo"),
            "WARC-Date": date,
            "WARC-Filename": self.path.name,
        }
        record: Any = self._writer.create_warc_record(
            "", "warcinfo", payload=BytesIO(fields), length=len(fields), warc_headers_dict=more
        )
        self._writer.write_record(record)

    @contextmanager
    def _whole(self) -> Iterator[int]:
        """Records that reach the disk together or not at all; gives the offset of the first."""
        start = self._stream.tell()
        try:
            yield start
            self._stream.flush()
            os.fsync(self._stream.fileno())
        except OSError:
            self._take_back(start)
            raise

    def _take_back(self, start: int) -> None:
        """Leave the file as it was, as far as the disk lets us."""
        try:
            self._stream.seek(start)
            self._stream.truncate()
        except OSError:
            return


def copy_records(source: Path, offsets: Iterable[tuple[int, int]], target: Path) -> list[int]:
    """Byte ranges (start, end) of a WARC file, each whole members, as a new file; their offsets in it."""
    starts: list[int] = []
    with source.open("rb") as old, target.open("xb") as new:
        for start, end in offsets:
            starts.append(new.tell())
            old.seek(start)
            new.write(old.read(end - start))
        new.flush()
        os.fsync(new.fileno())
    return starts


def _stored(headers: Headers) -> list[tuple[str, str]]:
    """Headers as received, but that the body is no longer in pieces."""
    renamed = {"transfer-encoding": "X-Archive-Orig-Transfer-Encoding"}
    return [(renamed.get(k.lower(), k), " ".join(v.split("\r\n"))) for k, v in headers]


def _record_id(url: str, date: str, body: bytes, kind: str) -> str:
    """The same for the same capture, so that a run with the same input gives the same bytes."""
    seed = "\n".join((kind, url, date, hashlib.sha256(body).hexdigest()))
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, seed)}>"
