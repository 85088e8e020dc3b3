"""Reading the catalogue's JSON files; every fault becomes one line: file, line, JSON pointer, remedy."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any

from claims.catalogue.places import places, pointer

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A JSON file as read: its name for messages, its text, and its value."""

    name: str
    text: str
    data: Any

    def problem(self, path: Iterable[str | int], wrong: str, remedy: str) -> str:
        """One line: where in the file, what is wrong, what to do."""
        steps = tuple(path)
        line, column = self.place(steps)
        where = pointer(steps) or "/"
        return f"{self.name}:{line}:{column}: {where}: {wrong}; {remedy}"

    def place(self, path: Iterable[str | int]) -> tuple[int, int]:
        """Line and column of a value, or of the nearest value around it that the file holds."""
        known = places(self.text)
        steps = tuple(path)
        while steps and pointer(steps) not in known:
            steps = steps[:-1]
        return known.get(pointer(steps), (1, 1))


class _TwiceError(ValueError):
    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; a key written twice is a fault, since the standard parser would drop the first."""
    members = dict(pairs)
    if len(members) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _TwiceError(next(key for key in keys if keys.count(key) > 1))
    return members


def read_document(file: Traversable, name: str) -> Document | str:
    """The document, or the line that says why it cannot be read."""
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        return f"{name}:1:1: /: is not UTF-8 (byte {error.start}); save the file as UTF-8"
    except OSError as error:
        return f"{name}:1:1: /: cannot be read ({error.strerror}); check that it exists and may be read"
    return parse_document(text.removeprefix("\ufeff"), name)


def parse_document(text: str, name: str) -> Document | str:
    """As `read_document`, for a text at hand."""
    try:
        return Document(name, text, json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant))
    except json.JSONDecodeError as error:
        where = f"{name}:{error.lineno}:{error.colno}"
        return f"{where}: /: is not JSON ({error.msg}); {_syntax_remedy(text, error)}"
    except _TwiceError as error:
        line = _second_line(text, error.key)
        return f'{name}:{line}:1: /: the key "{error.key}" stands twice in one object; keep one of them'
    except _ConstantError as error:
        line = text[: text.find(str(error))].count("\n") + 1
        return f"{name}:{line}:1: /: is not JSON ({error} is no number); write a figure, or put it in quotes"
    except RecursionError:
        return f"{name}:1:1: /: is nested too deeply; a catalogue needs no more than ten levels"


class _ConstantError(ValueError):
    """NaN and the infinities, which JSON does not know and the standard parser lets through."""


def _no_constant(value: str) -> None:
    raise _ConstantError(value)


def _syntax_remedy(text: str, error: json.JSONDecodeError) -> str:
    """What most often causes this error, judged by what stands just before it."""
    before = text[: error.pos].rstrip()
    if not text.strip():
        return "the file is empty: begin with an object, or delete it"
    if error.pos >= len(text.rstrip()):
        return "the file ends too early: close what is open, or fetch the whole file again"
    if before.endswith(",") and text[error.pos : error.pos + 1] in ("]", "}"):
        return "take away the comma after the last element"
    if "property name" in error.msg:
        return "take away the comma after the last member, and write keys in double quotes"
    if "delimiter" in error.msg:
        return "put a comma or a colon there, or close the string before it"
    if "Invalid control character" in error.msg or "Unterminated" in error.msg:
        return "close the string on its own line and write line breaks as \\n"
    return "mend the syntax there"


def _second_line(text: str, key: str) -> int:
    """Line of the second writing of a key; good enough where the key stands in several objects."""
    quoted = json.dumps(key, ensure_ascii=False)
    seen: dict[int, int] = {}
    depth = 0
    for number, line in enumerate(text.splitlines(), 1):
        if quoted in line:
            if seen.get(depth):
                return number
            seen[depth] = number
        depth += line.count("{") - line.count("}")
        seen = {level: at for level, at in seen.items() if level <= depth}
    return 1
