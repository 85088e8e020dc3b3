"""Where each value of a JSON text stands: JSON pointer → line and column.

The standard parser forgets places. This reader walks a text that the standard parser has already accepted, so
it needs to know the shape of JSON and none of its errors.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from functools import lru_cache

_SPACE = re.compile(r"[ \t\r\n]*")
_SCALAR = re.compile(r"[^,\]}\s]+")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')

Place = tuple[int, int]


def escape(token: str) -> str:
    """One step of a JSON pointer (RFC 6901)."""
    return token.replace("~", "~0").replace("/", "~1")


def pointer(path: list[str | int] | tuple[str | int, ...]) -> str:
    """A JSON pointer; the whole document is the empty one."""
    return "".join(f"/{escape(str(p))}" for p in path)


@lru_cache(maxsize=16)
def places(text: str) -> dict[str, Place]:
    """Line and column (1-based) of every value in `text`, which must be well-formed JSON, by pointer.

    A member that is written twice keeps the place of its second writing.
    """
    found: dict[str, int] = {}
    _value(text, _skip(text, 0), "", found)
    starts = [0, *(m.end() for m in re.finditer("\n", text))]
    return {name: _line_column(starts, at) for name, at in found.items()}


def _line_column(starts: list[int], offset: int) -> Place:
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _value(text: str, at: int, name: str, found: dict[str, int]) -> int:
    """Notes the value at `at`; gives the offset after it."""
    found[name] = at
    opener = text[at]
    if opener == "{":
        return _object(text, at + 1, name, found)
    if opener == "[":
        return _array(text, at + 1, name, found)
    match = (_STRING if opener == '"' else _SCALAR).match(text, at)
    return match.end() if match else len(text)


def _object(text: str, at: int, name: str, found: dict[str, int]) -> int:
    at = _skip(text, at)
    while text[at] != "}":
        key = _STRING.match(text, at)
        if key is None:
            return len(text)
        colon = _skip(text, key.end())
        at = _value(text, _skip(text, colon + 1), f"{name}/{escape(json.loads(key.group()))}", found)
        at = _after(text, at)
    return at + 1


def _array(text: str, at: int, name: str, found: dict[str, int]) -> int:
    at, position = _skip(text, at), 0
    while text[at] != "]":
        at = _after(text, _value(text, at, f"{name}/{position}", found))
        position += 1
    return at + 1


def _after(text: str, at: int) -> int:
    """Past the comma behind a value, if there is one."""
    at = _skip(text, at)
    return _skip(text, at + 1) if text[at] == "," else at
