"""Validation by JSON Schema (draft 2020-12, formats asserted), with messages that a reviewer can act on."""

from __future__ import annotations

import json
from collections.abc import Callable
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from claims.catalogue.documents import Document

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

SCHEMAS = ("entry", "evidence", "conditions", "omissions", "propositions", "qualifiers", "signatures")


@cache
def schema(name: str) -> dict[str, Any]:
    """A published schema by its short name."""
    text = files("claims").joinpath("schemas", f"{name}.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


@cache
def _validator(name: str) -> Draft202012Validator:
    from jsonschema import Draft202012Validator, FormatChecker

    return Draft202012Validator(schema(name), format_checker=FormatChecker())


def schema_problems(document: Document, name: str) -> list[str]:
    """One line for each place where the document breaks the schema, in the order of the file."""
    errors = sorted(
        _validator(name).iter_errors(document.data), key=lambda e: [str(p) for p in e.absolute_path]
    )
    found = [line for error in errors for line in _lines(document, error)]
    return list(dict.fromkeys(found))


def _lines(document: Document, error: ValidationError) -> list[str]:
    path = tuple(error.absolute_path)
    instance: Any = error.instance
    limit: Any = error.validator_value
    if error.validator == "additionalProperties" and isinstance(instance, dict):
        return [_unknown_key(document, error, path, key) for key in _extra_keys(error)]
    if error.validator == "required":
        missing = [k for k in limit if k not in instance]
        return [
            document.problem(path, f'the key "{key}" is missing', f"add it: {_meaning(error, key)}")
            for key in missing
        ]
    wrong, remedy = _explain(error)
    return [document.problem(path, wrong, remedy)]


def _extra_keys(error: ValidationError) -> list[str]:
    known = error.schema.get("properties", {}) if isinstance(error.schema, dict) else {}
    instance: Any = error.instance
    return [key for key in instance if key not in known]


def _unknown_key(document: Document, error: ValidationError, path: tuple[str | int, ...], key: str) -> str:
    known = list(error.schema.get("properties", {})) if isinstance(error.schema, dict) else []
    close = get_close_matches(key, known, n=1)
    remedy = f'did you mean "{close[0]}"?' if close else f"remove it; known keys: {', '.join(known)}"
    return document.problem((*path, key), f'unknown key "{key}"', remedy)


def _meaning(error: ValidationError, key: str) -> str:
    """First sentence of the description of a key, from the schema itself."""
    described = error.schema.get("properties", {}).get(key, {}) if isinstance(error.schema, dict) else {}
    text = described.get("description", "") if isinstance(described, dict) else ""
    return text.split(". ")[0].rstrip(".") or f'see the schema for "{key}"'


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "…"


def _explain(error: ValidationError) -> tuple[str, str]:
    """What is wrong and the remedy, by the kind of rule that was broken."""
    instance: Any = error.instance
    limit: Any = error.validator_value
    value = _short(instance)
    kinds: dict[str, Callable[[], tuple[str, str]]] = {
        "enum": lambda: (f"{value} is not allowed here", _choose(instance, limit)),
        "type": lambda: (f"{value} is of the wrong type", f"write {_types(limit)}"),
        "pattern": lambda: (f"{value} has not the form required", f"it must match {limit}"),
        "format": lambda: (f"{value} is no {limit}", _format_remedy(str(limit))),
        "minItems": lambda: (f"has {len(instance)} elements", f"give at least {limit}"),
        "maxItems": lambda: (f"has {len(instance)} elements", f"give at most {limit}"),
        "minLength": lambda: (f"{value} is too short", f"write at least {limit} characters"),
        "maxLength": lambda: ("is too long", f"write at most {limit} characters ({len(instance)} now)"),
        "uniqueItems": lambda: (f"{value} holds something twice", "keep one of them"),
        "minimum": lambda: (f"{value} is too small", f"the least is {limit}"),
        "maximum": lambda: (f"{value} is too large", f"the most is {limit}"),
        "anyOf": lambda: (f"{value} fits none of the forms allowed", _any_of(error)),
    }
    kind = kinds.get(str(error.validator))
    return kind() if kind else (error.message, "see the schema's description")


def _choose(value: object, allowed: list[object]) -> str:
    names = [str(a) for a in allowed]
    close = get_close_matches(str(value), names, n=1)
    choice = f"choose one of {', '.join(names)}"
    return f'did you mean "{close[0]}"? {choice}' if close else choice


def _types(limit: object) -> str:
    names = {
        "object": "an object {…}",
        "array": "a list […]",
        "string": "a text in quotes",
        "integer": "a whole number",
    }
    names |= {"number": "a number", "boolean": "true or false", "null": "null"}
    kinds = limit if isinstance(limit, list) else [limit]
    return " or ".join(names.get(str(k), str(k)) for k in kinds)


def _format_remedy(name: str) -> str:
    return {
        "date": "write a day that exists, as 2027-05-21",
        "uri": "write a whole address, with https://",
    }.get(name, f"write a valid {name}")


def _any_of(error: ValidationError) -> str:
    """The alternatives, named: a missing key, a set of values, or a type."""
    options = []
    allowed: Any = error.validator_value
    for option in allowed:
        if "required" in option:
            options.append(f'give "{option["required"][0]}"')
        elif "type" in option:
            options.append(_types(option["type"]))
        else:
            options.append(f"a value of {option.get('$ref', 'the schema').rsplit('/', 1)[-1]}")
    return " or ".join(options)
