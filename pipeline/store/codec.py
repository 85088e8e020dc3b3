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
from operator import attrgetter
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def dump(value: Any) -> bytes:
    """A dataclass of plain values, compressed."""
    kind: Any = type(value)
    flat = (_flattener(kind) or _as_it_is)(value)
    return zlib.compress(json.dumps(flat, ensure_ascii=False, separators=(",", ":")).encode(), 6)


def load(kind: type[T], data: bytes) -> T:
    """Raises ValueError for what was not written by `dump` from the same type."""
    try:
        maker = _maker(kind) or _as_it_is  # type: ignore[arg-type]
        made = maker(json.loads(zlib.decompress(data)))
    except (zlib.error, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
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


Maker = Callable[[Any], Any]


@lru_cache(maxsize=256)
def _flattener(kind: Any) -> Maker | None:
    """What makes a value of a type plain; None where JSON takes it as it is: tuples, texts, enums of either."""
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _optional(args, _flattener)
    if origin is tuple:
        return _flat_tuple(args)
    if origin is dict:
        inner = _flattener(args[1])
        return None if inner is None else lambda value: {key: inner(one) for key, one in value.items()}
    if isinstance(kind, type):
        if is_dataclass(kind):
            return _flat_dataclass(kind)
        if issubclass(kind, Enum) and not issubclass(kind, str | int):
            return attrgetter("value")
        if issubclass(kind, date):
            return kind.isoformat
        if kind is bytes:
            return bytes.hex
    return None


def _flat_tuple(args: tuple[Any, ...]) -> Maker | None:
    if len(args) == 2 and args[1] is Ellipsis:
        inner = _flattener(args[0])
        return None if inner is None else lambda value: list(map(inner, value))
    makers = [_flattener(arg) for arg in args]
    if not any(makers):
        return None
    return lambda value: [one if make is None else make(one) for make, one in zip(makers, value, strict=True)]


def _flat_dataclass(kind: Any) -> Maker:
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind)]
    makers = [(i, make) for i, name in enumerate(names) if (make := _flattener(hints[name])) is not None]
    values = attrgetter(*names) if len(names) > 1 else None

    def flat(value: Any) -> list[Any]:
        parts = [getattr(value, names[0])] if values is None else list(values(value))
        for i, make in makers:
            parts[i] = make(parts[i])
        return parts

    return flat


@lru_cache(maxsize=256)
def _maker(kind: Any) -> Maker | None:
    """What makes a value of a type from its plain form; None where that is the value."""
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _optional(args, _maker)
    if origin is tuple:
        return _tuple(args)
    if origin is dict:
        inner = _maker(args[1])
        return None if inner is None else lambda value: {key: inner(one) for key, one in value.items()}
    if isinstance(kind, type):
        if is_dataclass(kind):
            return _dataclass(kind)
        if issubclass(kind, Enum):
            members = {member.value: member for member in kind}
            return members.__getitem__
        if issubclass(kind, date):
            return kind.fromisoformat
        if kind is bytes:
            return bytes.fromhex
    return None


def _optional(args: tuple[Any, ...], maker_of: Callable[[Any], Maker | None]) -> Maker | None:
    rest = [arg for arg in args if arg is not type(None)]
    inner = maker_of(rest[0]) if len(rest) == 1 else None
    return None if inner is None else lambda value: None if value is None else inner(value)


def _tuple(args: tuple[Any, ...]) -> Maker:
    if len(args) == 2 and args[1] is Ellipsis:
        inner = _maker(args[0])
        return tuple if inner is None else lambda value: tuple(map(inner, value))
    makers = [_maker(arg) or _as_it_is for arg in args]
    return lambda value: tuple(make(one) for make, one in zip(makers, value, strict=True))


def _as_it_is(value: Any) -> Any:
    return value


def _dataclass(kind: Any) -> Maker:
    """The fields in their order are what it is made with."""
    hints = get_type_hints(kind)
    makers = [_maker(hints[field.name]) for field in fields(kind)]
    count, made = len(makers), [(i, make) for i, make in enumerate(makers) if make is not None]

    def make(value: Any) -> Any:
        if len(value) != count:
            raise TypeError(f"{kind.__name__}: {len(value)} fields")
        for i, maker in made:
            value[i] = maker(value[i])
        return kind(*value)

    return make
