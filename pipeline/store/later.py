"""Results as the store keeps them: in parts, so that what nobody asks for is not taken apart.

Most of what is told of a remembered page is told in every run alike, and stands ready (`reports.ready`). Its
findings, its blocks and its source wait, compressed, until somebody looks at them.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, fields, replace
from typing import Any

from claims.model import Block, Finding, Note, Omission, Page, PageResult, Snapshot, Unread
from pipeline.inline import marked
from pipeline.store import codec
from reports.jsonl import lines_of
from reports.ready import Ready, ReadyResult, entries_of
from reports.summary import summarise

_HEADER = struct.Struct("<6I")
"""Check sum of all that follows, and the lengths of its parts: brief, told, lines, blocks, source."""
_TOLD = ("findings", "omissions", "unread")


@dataclass(frozen=True, slots=True)
class Brief:
    """What is looked at in any case; the result is without what the other parts hold."""

    result: PageResult
    ready: Ready


@dataclass(frozen=True, slots=True)
class _Told:
    findings: tuple[Finding, ...]
    omissions: tuple[Omission, ...]
    unread: tuple[Unread, ...]


@dataclass(frozen=True, slots=True)
class _Blocks:
    blocks: tuple[Block, ...]


class _Later:
    """What a value shares whose parts are unpacked when they are asked for: it is equal to the value it was."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return isinstance(other, _plain_type(self)) and _values(self) == _values(other)

    def __hash__(self) -> int:
        return hash(_values(self))

    def __repr__(self) -> str:
        return repr(_plain_type(self)(*_values(self)))

    def __reduce__(self) -> tuple[type[Any], tuple[Any, ...]]:
        return _plain_type(self), _values(self)


def _plain_type(value: object) -> type[Any]:
    return Page if isinstance(value, Page) else PageResult


def _values(value: Any) -> tuple[Any, ...]:
    """What a value is made with; the parts that wait are unpacked."""
    return tuple(getattr(value, field.name) for field in fields(value))


_WAITING = ("blocks", "source_text")


class LaterPage(_Later, Page):
    """A page whose blocks and source wait."""

    __slots__ = ("_packed_blocks", "_packed_source")

    _packed_blocks: bytes
    _packed_source: bytes

    @classmethod
    def of(cls, light: Page, blocks: bytes, source: bytes) -> LaterPage:
        made = object.__new__(cls)
        for field in fields(Page):
            if field.name not in _WAITING:
                object.__setattr__(made, field.name, getattr(light, field.name))
        object.__setattr__(made, "_packed_blocks", blocks)
        object.__setattr__(made, "_packed_source", source)
        return made

    def __getattr__(self, name: str) -> Any:
        """Called for what is not there yet."""
        if name == "blocks":
            found: Any = codec.load(_Blocks, self._packed_blocks).blocks
        elif name == "source_text":
            found = zlib.decompress(self._packed_source).decode("utf-8", "surrogatepass")
        else:
            raise AttributeError(name)
        object.__setattr__(self, name, found)
        return found


class LaterResult(_Later, ReadyResult):
    """A result whose findings, omissions and unread blocks wait; made anew with other ones it is a common result."""

    __slots__ = ("_packed_lines", "_packed_told", "_ready")

    _ready: Ready
    _packed_told: bytes
    _packed_lines: bytes

    def __new__(cls, *args: Any, **named: Any) -> PageResult:  # type: ignore[misc]
        """What is made field by field, as `replace` does, is not what was kept: nothing of it is ready."""
        return PageResult(*args, **named)

    @classmethod
    def of(cls, brief: Brief, told: bytes, lines: bytes, page: Page | None) -> LaterResult:
        light = brief.result
        return cls._made(
            (light.url, page, light.skipped, light.notes, light.snapshot), (brief.ready, told, lines)
        )

    @classmethod
    def _made(cls, plain: tuple[Any, ...], kept: tuple[Ready, bytes, bytes]) -> LaterResult:
        made = object.__new__(cls)
        for name, value in zip(("url", "page", "skipped", "notes", "snapshot"), plain, strict=True):
            object.__setattr__(made, name, value)
        for name, value in zip(("_ready", "_packed_told", "_packed_lines"), kept, strict=True):
            object.__setattr__(made, name, value)
        return made

    @property
    def ready(self) -> Ready:
        return self._ready

    @property
    def lines(self) -> str:
        return zlib.decompress(self._packed_lines).decode()

    def with_notes(self, notes: tuple[Note, ...]) -> LaterResult:
        return self._made((self.url, self.page, self.skipped, notes, self.snapshot), self._kept())

    def at(self, snapshot: Snapshot) -> LaterResult:
        """The same as a result of this snapshot."""
        plain = replace(snapshot, body=b"")
        return self._made((self.url, self.page, self.skipped, self.notes, plain), self._kept())

    def _kept(self) -> tuple[Ready, bytes, bytes]:
        return self._ready, self._packed_told, self._packed_lines

    def __getattr__(self, name: str) -> Any:
        """Called for what is not there yet."""
        if name not in _TOLD:
            raise AttributeError(name)
        told = codec.load(_Told, self._packed_told)
        for part in _TOLD:
            object.__setattr__(self, part, getattr(told, part))
        return getattr(told, name)


def dump(result: PageResult) -> bytes:
    """A result in parts."""
    ready = Ready(summarise((result,)), entries_of(result), marked(result))
    light = replace(result, findings=(), omissions=(), unread=())
    blocks, source = b"", b""
    if result.page is not None:
        light = replace(light, page=replace(result.page, blocks=(), source_text=""))
        blocks = codec.dump(_Blocks(result.page.blocks))
        source = zlib.compress(result.page.source_text.encode("utf-8", "surrogatepass"), 6)
    parts = (
        codec.dump(Brief(light, ready)),
        codec.dump(_Told(result.findings, result.omissions, result.unread)),
        zlib.compress(lines_of(result).encode(), 6),
        blocks,
        source,
    )
    kept = b"".join(parts)
    return _HEADER.pack(zlib.crc32(kept), *map(len, parts)) + kept


def load(data: bytes) -> LaterResult:
    """Raises ValueError for what was not written by `dump`, or not whole."""
    if len(data) < _HEADER.size:
        raise ValueError("not a stored result")
    sum_of, *lengths = _HEADER.unpack_from(data)
    kept = memoryview(data)[_HEADER.size :]
    if len(kept) != sum(lengths) or zlib.crc32(kept) != sum_of:
        raise ValueError("a stored result is damaged")
    parts, start = [], 0
    for length in lengths:
        parts.append(bytes(kept[start : start + length]))
        start += length
    brief, told, lines, blocks, source = parts
    found = codec.load(Brief, brief)
    page = found.result.page
    return LaterResult.of(found, told, lines, None if page is None else LaterPage.of(page, blocks, source))
