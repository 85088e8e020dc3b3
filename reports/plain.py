"""Domain values as plain data for JSON, and back."""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from claims.model import Block, Page, Snapshot, Strength
from reports.clean import escaped_json

SCHEMA_VERSION = "1"

# Left out of reports: the page's own markup and the maps into it (findings carry their source offsets), and what only
# an excerpt is told of its page.
_LEFT_OUT: Mapping[type, frozenset[str]] = {
    Page: frozenset({"source_text", "addresses_reader"}),
    Block: frozenset({"source"}),
    Snapshot: frozenset({"body"}),
}
_DEFAULTS: Mapping[tuple[type, str], Any] = {(Snapshot, "body"): b""}

PLAIN = frozenset({str, int, float, bool, types.NoneType})
"""Types of what is plain already, which is most of what there is: asking first costs less than a call."""

T = TypeVar("T")


def left_out(kind: type) -> frozenset[str]:
    """Names of the fields that reports do not carry."""
    return _LEFT_OUT.get(kind, frozenset())


def plain(value: Any) -> Any:
    """Dicts, lists, strings, numbers: fields as in `claims.model`, strengths as "S2", dates as ISO 8601."""
    kind: Any = type(value)
    make = _made_plain(kind)
    return value if make is None else make(value)


@cache
def _made_plain(kind: Any) -> Callable[[Any], Any] | None:
    """What makes a value of a type plain; None for what is so already."""
    lineage = kind.__mro__
    if issubclass(kind, Strength):
        return lambda value: value.name
    if issubclass(kind, Enum):
        return lambda value: value.value
    if issubclass(kind, date):
        return lambda value: value.isoformat()
    if is_dataclass(kind):
        unsaid = frozenset().union(*map(left_out, lineage))
        names = [f.name for f in fields(kind) if f.name not in unsaid]
        return lambda value: {
            name: one if type(one := getattr(value, name)) in PLAIN else plain(one) for name in names
        }
    if issubclass(kind, Mapping):
        return lambda value: {str(k): plain(v) for k, v in value.items()}
    if issubclass(kind, tuple | list):
        return lambda value: [one if type(one) in PLAIN else plain(one) for one in value]
    return None


def dumps(value: Any, indent: int | None = None) -> str:
    """`value` (plain or domain) as JSON, with characters that could harm a reader escaped."""
    return escaped_json(json.dumps(plain(value), ensure_ascii=False, indent=indent))


def revive(kind: type[T], data: Mapping[str, Any]) -> T:
    """A domain value from its plain form; KeyError or ValueError where a field is missing or wrong."""
    hints = _hints(cast("Any", kind))
    given: dict[str, Any] = {}
    for one in fields(cast("Any", kind)):
        if one.name in data:
            given[one.name] = _value(hints[one.name], data[one.name])
        elif (kind, one.name) in _DEFAULTS:
            given[one.name] = _DEFAULTS[kind, one.name]
        elif one.default is MISSING and one.default_factory is MISSING:
            raise KeyError(one.name)
    return kind(**given)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _value(hint: Any, data: Any) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        inner = [a for a in get_args(hint) if a is not type(None)]
        return None if data is None else _value(inner[0], data)
    if origin is tuple:
        inner = list(get_args(hint))
        if len(inner) == 2 and inner[1] is Ellipsis:
            return tuple(_value(inner[0], one) for one in data)
        return tuple(_value(h, one) for h, one in zip(inner, data, strict=True))
    if origin is dict:
        return {k: _value(get_args(hint)[1], v) for k, v in data.items()}
    return _scalar(hint, data)


def _scalar(hint: Any, data: Any) -> Any:
    if hint is Strength:
        return Strength[data]
    if hint is date:
        return date.fromisoformat(data)
    if is_dataclass(hint):
        return revive(cast("type[Any]", hint), data)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(data)
    return data
