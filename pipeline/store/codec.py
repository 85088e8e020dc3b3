"""Results as compressed JSON and back, by the types' own annotations; nothing is ever executed on reading.

A dataclass becomes the list of its fields, so what was written is readable only by the same types: `shape`
says which those are, and goes into every key.
"""

from __future__ import annotations

import hashlib
import json
import types
import zlib
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import lru_cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def dump(value: Any) -> bytes:
    """A dataclass of plain values, compressed."""
    return zlib.compress(json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":")).encode(), 6)


def load(kind: type[T], data: bytes) -> T:
    """Raises ValueError for what was not written by `dump` from the same type."""
    try:
        maker: Maker = _maker(kind)  # type: ignore[arg-type]
        made = maker(json.loads(zlib.decompress(data)))
    except (zlib.error, TypeError, KeyError, IndexError, RecursionError) as error:
        raise ValueError(f"not a stored {kind.__name__}: {error}") from error
    if not isinstance(made, kind):
        raise TypeError(f"not a {kind.__name__}")
    return made


@lru_cache(maxsize=8)
def shape(kind: type) -> str:
    """Hash of a type with all it is made of: names and types of fields."""
    seen: dict[str, list[str]] = {}
    todo: list[Any] = [kind]
    while todo:
        one = todo.pop()
        todo += [arg for arg in get_args(one) if arg is not Ellipsis]
        if isinstance(one, type) and is_dataclass(one) and one.__name__ not in seen:
            hints = get_type_hints(one)
            seen[one.__name__] = [f"{f.name}: {hints[f.name]}" for f in fields(one)]
            todo += hints.values()
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()[:16]


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return [_plain(getattr(value, field.name)) for field in fields(value)]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return value


Maker = Callable[[Any], Any]


@lru_cache(maxsize=256)
def _maker(kind: Any) -> Maker:
    """What makes a value of a type from its plain form."""
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _optional(args)
    if origin is tuple:
        return _tuple(args)
    if origin is dict:
        inner = _maker(args[1])
        return lambda value: {key: inner(one) for key, one in value.items()}
    if isinstance(kind, type):
        if is_dataclass(kind):
            return _dataclass(kind)
        if issubclass(kind, Enum):
            return kind
        if issubclass(kind, date):
            return kind.fromisoformat
        if kind is bytes:
            return bytes.fromhex
    return lambda value: value


def _optional(args: tuple[Any, ...]) -> Maker:
    rest = [arg for arg in args if arg is not type(None)]
    inner: Maker = _maker(rest[0]) if len(rest) == 1 else lambda value: value
    return lambda value: None if value is None else inner(value)


def _tuple(args: tuple[Any, ...]) -> Maker:
    if len(args) == 2 and args[1] is Ellipsis:
        inner = _maker(args[0])
        return lambda value: tuple(map(inner, value))
    makers = [_maker(arg) for arg in args]
    return lambda value: tuple(make(one) for make, one in zip(makers, value, strict=True))


def _dataclass(kind: Any) -> Maker:
    hints = get_type_hints(kind)
    named = [(field.name, hints[field.name]) for field in fields(kind)]

    def make(value: Any) -> Any:
        if len(value) != len(named):
            raise TypeError(f"{kind.__name__}: {len(value)} fields")
        return kind(**{name: _maker(hint)(one) for (name, hint), one in zip(named, value, strict=True)})

    return make
