"""Undoing a response's content encoding, a bounded number of bytes at a time."""

from __future__ import annotations

import zlib

_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_RAW_DEFLATE = -zlib.MAX_WBITS


class BodyError(Exception):
    """A body that cannot be used; `code` as in Skipped."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


def decode(body: bytes, encodings: str, limit: int) -> bytes:
    """The body with its content encodings undone, last one first.

    `limit` bounds the bytes made at each step. Raises BodyError: `too_large`, `encoding`, `incomplete`.
    """
    names = [name.strip().lower() for name in encodings.split(",") if name.strip()]
    for name in reversed(names):
        if name in ("gzip", "x-gzip"):
            body = gunzip(body, limit)
        elif name == "deflate":
            body = _inflate_any(body, limit)
        elif name != "identity":
            raise BodyError("encoding", f"sent with content encoding {name!r}, which was not asked for")
    return body


def gunzip(body: bytes, limit: int) -> bytes:
    """All members of a gzip stream; anything after the last is left alone, as browsers do."""
    if not body:
        return b""
    parts: list[bytes] = []
    made = 0
    rest = body
    while rest[:2] == b"\x1f\x8b":
        part, rest = _inflate(rest, _GZIP_OR_ZLIB, limit - made)
        parts.append(part)
        made += len(part)
    if not parts:
        raise BodyError("encoding", "said to be gzip, but is not")
    return b"".join(parts)


def _inflate_any(body: bytes, limit: int) -> bytes:
    """`deflate` means zlib by the book and raw deflate by some servers."""
    try:
        return _inflate(body, _GZIP_OR_ZLIB, limit)[0]
    except BodyError as error:
        if error.code != "encoding":
            raise
    return _inflate(body, _RAW_DEFLATE, limit)[0]


def _inflate(body: bytes, wbits: int, limit: int) -> tuple[bytes, bytes]:
    """Decompressed bytes of one member and what follows it."""
    machine = zlib.decompressobj(wbits)
    try:
        made = machine.decompress(body, limit + 1)
    except zlib.error as error:
        raise BodyError("encoding", f"cannot be decompressed: {error}") from error
    if len(made) > limit:
        raise BodyError("too_large", f"larger than {limit} bytes once decompressed")
    if not machine.eof:
        raise BodyError("incomplete", "the compressed body ends too early")
    return made, machine.unused_data
