"""Results as the store keeps them: in parts, so that what nobody asks for is not taken apart.

A remembered page is mostly reported by its findings. Its blocks and its source wait, compressed, until somebody
looks at them.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, fields, replace
from typing import Any

from claims.model import Block, Page, PageResult
from pipeline.store import codec

_HEADER = struct.Struct("<4I")
"""Check sum of all that follows, and the lengths of its parts: the result, the blocks, the source."""


@dataclass(frozen=True, slots=True)
class _Blocks:
    blocks: tuple[Block, ...]


class LaterPage(Page):
    """A page whose blocks and source are unpacked when they are asked for; equal to the page it was."""

    __slots__ = ("_packed_blocks", "_packed_source")

    _packed_blocks: bytes
    _packed_source: bytes

    @classmethod
    def of(cls, light: Page, blocks: bytes, source: bytes) -> LaterPage:
        made = object.__new__(cls)
        for field in fields(Page):
            if field.name not in ("blocks", "source_text"):
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

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Page) and _values(self) == _values(other))

    def __hash__(self) -> int:
        return hash(_values(self))

    def __repr__(self) -> str:
        return repr(Page(*_values(self)))

    def __reduce__(self) -> tuple[type[Page], tuple[Any, ...]]:
        return Page, _values(self)


def _values(page: Page) -> tuple[Any, ...]:
    """What a page is made with; the parts that wait are unpacked."""
    return tuple(getattr(page, field.name) for field in fields(Page))


def dump(result: PageResult) -> bytes:
    """A result in parts."""
    page = result.page
    parts = [b"", b"", b""]
    if page is not None:
        parts[1] = codec.dump(_Blocks(page.blocks))
        parts[2] = zlib.compress(page.source_text.encode("utf-8", "surrogatepass"), 6)
        result = replace(result, page=replace(page, blocks=(), source_text=""))
    parts[0] = codec.dump(result)
    kept = b"".join(parts)
    return _HEADER.pack(zlib.crc32(kept), *map(len, parts)) + kept


def load(data: bytes) -> PageResult:
    """Raises ValueError for what was not written by `dump`, or not whole."""
    if len(data) < _HEADER.size:
        raise ValueError("not a stored result")
    sum_of, first, second, third = _HEADER.unpack_from(data)
    kept = memoryview(data)[_HEADER.size :]
    if len(kept) != first + second + third or zlib.crc32(kept) != sum_of:
        raise ValueError("a stored result is damaged")
    result = codec.load(PageResult, bytes(kept[:first]))
    if result.page is None:
        return result
    blocks, source = bytes(kept[first : first + second]), bytes(kept[first + second :])
    return replace(result, page=LaterPage.of(result.page, blocks, source))
