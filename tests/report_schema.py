"""The report schema as the domain types have it; the shipped file must say the same."""

from __future__ import annotations

import ast
import inspect
import textwrap
import types
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

from claims.model import EntryCard, Evidence, Note, PageResult, Strength, Summary, Versions
from reports.plain import SCHEMA_VERSION, left_out

_SIMPLE = {str: "string", int: "integer", float: "number", bool: "boolean"}


def report_schema() -> dict[str, Any]:
    defs: dict[str, Any] = {}
    for kind in (PageResult, EntryCard, Evidence, Summary, Versions, Note):
        _object(kind, defs)
    table = {"type": "object"}
    run = {
        "run_id": {"type": "string"},
        "started_at": {"type": "string", "description": "ISO 8601, UTC."},
        "versions": {"$ref": "#/$defs/Versions"},
        "profile": {"type": "string"},
        "notes": {"type": "array", "items": {"$ref": "#/$defs/Note"}},
        "status": {"type": "string", "description": "Review status of the catalogue as a whole."},
        "signed": {"type": "integer", "description": "Entries that a person has signed as they stand."},
    }
    top = {
        "schema_version": {"const": SCHEMA_VERSION},
        "tool": {"const": "claims-audit"},
        "caveat": {"type": "string"},
        "run": _closed(run),
        "targets": {"type": "array", "items": {"type": "string"}},
        "pages": {"type": "array", "items": {"$ref": "#/$defs/PageResult"}},
        "entries": {
            **table,
            "description": "The entries that findings name, by id.",
            "additionalProperties": {"$ref": "#/$defs/EntryCard"},
        },
        "evidence": {
            **table,
            "description": "The evidence that findings and their entries name, by id.",
            "additionalProperties": {"$ref": "#/$defs/Evidence"},
        },
        "summary": {"$ref": "#/$defs/Summary"},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "claims-audit/report.schema.json",
        "title": "A report of claims-audit in JSON",
        **_closed(top),
        "$defs": dict(sorted(defs.items())),
    }


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _object(kind: type, defs: dict[str, Any]) -> None:
    if kind.__name__ in defs:
        return
    defs[kind.__name__] = {}
    hints, said = get_type_hints(kind), _field_docs(kind)
    properties = {}
    for one in fields(kind):  # type: ignore[arg-type]
        if one.name not in left_out(kind):
            about = {"description": said[one.name]} if one.name in said else {}
            properties[one.name] = {**_type(hints[one.name], defs), **about}
    doc = " ".join((kind.__doc__ or "").split())
    about = {} if doc.startswith(f"{kind.__name__}(") else {"description": doc}
    defs[kind.__name__] = {**about, **_closed(properties)}


def _field_docs(kind: type) -> dict[str, str]:
    """Strings that stand below a field in the class body."""
    [body] = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    assert isinstance(body, ast.ClassDef)
    out, name = {}, None
    for node in body.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            name = node.target.id
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and name:
            out[name] = " ".join(str(node.value.value).split())
            name = None
    return out


def _type(hint: Any, defs: dict[str, Any]) -> dict[str, Any]:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        [inner] = [a for a in get_args(hint) if a is not type(None)]
        schema = _type(inner, defs)
        if isinstance(schema.get("type"), str):
            return {**schema, "type": [schema["type"], "null"]}
        return {"anyOf": [schema, {"type": "null"}]}
    if origin is tuple:
        return _tuple(get_args(hint), defs)
    if origin is dict:
        return {"type": "object", "additionalProperties": _type(get_args(hint)[1], defs)}
    if hint in _SIMPLE:
        return {"type": _SIMPLE[hint]}
    if hint is date:
        return {"type": "string", "format": "date"}
    if is_dataclass(hint):
        assert isinstance(hint, type)
        _object(hint, defs)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    assert issubclass(hint, Enum), hint
    doc = " ".join((hint.__doc__ or "").split())
    values = [one.name if hint is Strength else one.value for one in hint]
    defs[hint.__name__] = {**({"description": doc} if doc else {}), "enum": values}
    return {"$ref": f"#/$defs/{hint.__name__}"}


def _tuple(inner: tuple[Any, ...], defs: dict[str, Any]) -> dict[str, Any]:
    if len(inner) == 2 and inner[1] is Ellipsis:
        return {"type": "array", "items": _type(inner[0], defs)}
    each = [_type(one, defs) for one in inner]
    return {"type": "array", "prefixItems": each, "items": False, "minItems": len(each)}
