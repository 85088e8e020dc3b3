"""WARC files as a stream, ours and foreign ones: what is damaged is counted and passed over, never fatal.

Three layers: members (the pieces of a gzip file; a plain file is one), records in a member, pages in records.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import BinaryIO

CHUNK = 64 * 1024
MAX_LINE = 64 * 1024
MAX_HEAD = 256 * 1024
GZIP = b"\x1f\x8b\x08"


class DamagedError(Exception):
    """Bytes that make no gzip member."""


@dataclass(frozen=True, slots=True)
class Record:
    """One WARC record. `block` is None where it is larger than what is read."""

    offset: int
    """Where its member begins in the file (for a plain file, the record itself)."""
    first: bool
    """True where it is its member's first record, and so can be read again by its offset."""
    head: bytes
    block: bytes | None


class _Feed:
    """Raw bytes of a file, with what was read ahead."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.buffer = b""
        self.position = stream.tell()
        """Of the first byte of `buffer`."""

    def fill(self, least: int = 1) -> bool:
        """True when at least so many bytes stand in the buffer."""
        while len(self.buffer) < least:
            more = self._stream.read(CHUNK)
            if not more:
                return False
            self.buffer += more
        return True

    def keep(self, rest: bytes) -> None:
        """`rest` is what is left of the buffer."""
        self.position += len(self.buffer) - len(rest)
        self.buffer = rest

    def skip_to(self, mark: bytes) -> bool:
        """Go to the next `mark` after the first byte; False where there is none."""
        self.keep(self.buffer[1:])
        while True:
            at = self.buffer.find(mark)
            if at >= 0:
                self.keep(self.buffer[at:])
                return True
            self.keep(self.buffer[-(len(mark) - 1) :] if len(self.buffer) >= len(mark) else self.buffer)
            if not self.fill(len(self.buffer) + 1):
                return False


class _Plain:
    def __init__(self, feed: _Feed) -> None:
        self._feed = feed
        self.offset = feed.position

    def read(self, size: int) -> bytes:
        if not self._feed.fill():
            return b""
        out = self._feed.buffer[:size]
        self._feed.keep(self._feed.buffer[size:])
        return out


class _Member:
    """One gzip member; ends where it ends, so that a wrong length cannot swallow the next record."""

    def __init__(self, feed: _Feed) -> None:
        self._feed = feed
        self._machine = zlib.decompressobj(16 + zlib.MAX_WBITS)
        self.offset = feed.position

    def read(self, size: int) -> bytes:
        machine, feed = self._machine, self._feed
        while not self._ended():
            try:
                out = machine.decompress(feed.buffer, size)
            except zlib.error as error:
                raise DamagedError(str(error)) from error
            feed.keep(machine.unused_data if self._ended() else machine.unconsumed_tail)
            if out:
                return out
            if not self._ended() and not feed.fill():
                raise DamagedError("ends too early")
        return b""

    def _ended(self) -> bool:
        return self._machine.eof


class _Lines:
    """Lines and counted stretches of a member."""

    def __init__(self, member: _Plain | _Member) -> None:
        self.member = member
        self._buffer = b""
        self.taken = 0

    def line(self) -> bytes:
        """Up to and with the next line feed; b"" at the end. Overlong lines come in pieces."""
        while b"\n" not in self._buffer and len(self._buffer) < MAX_LINE:
            more = self.member.read(CHUNK)
            if not more:
                break
            self._buffer += more
        at = self._buffer.find(b"\n", 0, MAX_LINE) + 1 or min(len(self._buffer), MAX_LINE)
        return self._take(at)

    def block(self, size: int, limit: int) -> tuple[int, bytes | None]:
        """How many of `size` bytes there were, and the bytes where they are no more than `limit`."""
        parts: list[bytes] = []
        got = 0
        while got < size:
            if not self._buffer:
                self._buffer = self.member.read(CHUNK)
            if not self._buffer:
                break
            part = self._take(min(size - got, len(self._buffer)))
            got += len(part)
            if size <= limit:
                parts.append(part)
        return got, b"".join(parts) if size <= limit else None

    def _take(self, size: int) -> bytes:
        out, self._buffer = self._buffer[:size], self._buffer[size:]
        self.taken += len(out)
        return out


@dataclass(slots=True)
class WarcStream:
    """The records of a file, in order, in bounded memory. `bad` counts what could not be read."""

    stream: BinaryIO
    limit: int
    """Bytes of a record's block beyond which it is passed over."""
    bad: int = 0
    _lost: bool = field(default=False)

    def records(self) -> Iterator[Record]:
        feed = _Feed(self.stream)
        if not feed.fill():
            return
        feed.fill(len(GZIP))
        if feed.buffer[: len(GZIP)] != GZIP:
            yield from self._in_member(_Plain(feed), plain=True)
            return
        while feed.fill(len(GZIP)) or feed.buffer:
            if feed.buffer[: len(GZIP)] == GZIP:
                try:
                    yield from self._in_member(_Member(feed), plain=False)
                    continue
                except DamagedError:
                    self._count()
            elif not feed.buffer.strip(b"\0\r\n") and not feed.fill(len(feed.buffer) + 1):
                return  # padding at the end
            else:
                self._count()
            if not feed.skip_to(GZIP):
                return

    def _in_member(self, member: _Plain | _Member, *, plain: bool) -> Iterator[Record]:
        lines = _Lines(member)
        first = True
        while True:
            at = lines.taken
            line = lines.line()
            if not line:
                return
            if not line.strip():
                continue
            if not line.startswith(b"WARC/"):
                self._count()
                start = line.find(b"WARC/1.")
                if start < 0:
                    continue
                line, at = line[start:], at + start
            record = self._record(line, lines, member.offset + (at if plain else 0), first or plain)
            first = False
            if record is not None:
                self._lost = False
                yield record

    def _record(self, line: bytes, lines: _Lines, offset: int, first: bool) -> Record | None:
        head = [line]
        size = len(line)
        length: int | None = None
        while size < MAX_HEAD:
            line = lines.line()
            head.append(line)
            size += len(line)
            if not line.strip():
                break
            name, _, value = line.partition(b":")
            if name.strip().lower() == b"content-length" and value.strip().isdigit():
                length = int(value)
        if length is None or line.strip():
            self._lost = False
            self._count()
            return None
        try:
            got, block = lines.block(length, self.limit)
        except DamagedError:
            self._lost = False
            raise
        if got < length:
            self._lost = False
            self._count()
            return None
        return Record(offset, first, b"".join(head), block)

    def _count(self) -> None:
        """One for each stretch of damage, however long."""
        if not self._lost:
            self.bad += 1
        self._lost = True


def record_at(stream: BinaryIO, offset: int, limit: int) -> Record | None:
    """The record whose member begins at an offset; None where none does."""
    stream.seek(offset)
    try:
        return next(WarcStream(stream, limit).records(), None)
    except DamagedError:
        return None


def as_stream(record: Record) -> BinaryIO:
    """Head and block as the library's parser takes them."""
    return BytesIO(record.head + (record.block or b""))
