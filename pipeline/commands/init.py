"""`claims-audit init`: a commented claims-audit.toml, written from the schema that the loader holds to."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from claims.errors import UsageError
from pipeline import config

_HEAD = """\
# Settings of claims-audit. Everything here is optional; what is commented out shows the default or an
# example. The same table may stand in pyproject.toml as [tool.claims-audit]. Options on the command line
# outrank this file.
"""


def init(
    path: Annotated[Path, typer.Argument(help="Where to write it.")] = Path(config.FILE_NAME),
) -> None:
    """Write a commented claims-audit.toml to start from.

    Every setting stands in it, commented out, with what it means and what it defaults to. An existing file is
    left alone.

    \b
      claims-audit init
      claims-audit init site/claims-audit.toml
    """
    try:
        with path.open("x", encoding="utf-8") as out:
            out.write(template(config.schema()))
    except FileExistsError as error:
        raise UsageError(f"{path}: exists already; edit it, or name another file") from error
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror}); name another place") from error
    typer.echo(f"Wrote {path}. Set 'targets' in it, then run: claims-audit audit", err=True)


def template(schema: Mapping[str, Any]) -> str:
    """The whole commented file."""
    return _HEAD + "".join(_settings(schema)) + "".join(_tables(schema))


def _settings(schema: Mapping[str, Any]) -> Iterator[str]:
    for key, rule in schema["properties"].items():
        if not _is_table(rule):
            yield f"\n{_comment(rule['description'])}# {key} = {_toml(_shown(rule))}\n"


def _tables(schema: Mapping[str, Any]) -> Iterator[str]:
    for name, table in schema["properties"].items():
        if "properties" in table:
            yield f"\n\n{_comment(table['description'])}[{name}]\n"
            yield from _settings(table)
        elif _is_table(table):
            yield f"\n\n{_comment(table['description'])}# [[{name}]]\n"
            yield from _settings(_followed(schema, table["items"]))


def _is_table(rule: Mapping[str, Any]) -> bool:
    return "properties" in rule or "properties" in rule.get("items", {})


def _followed(schema: Mapping[str, Any], table: Mapping[str, Any]) -> dict[str, Any]:
    """A table with the rules that its keys refer to written out."""
    rules = {}
    for key, rule in table["properties"].items():
        there: Any = schema
        for step in rule.get("$ref", "#").split("/")[1:]:
            there = there[step]
        rules[key] = {**(there if "$ref" in rule else {}), **rule}
    return {"properties": rules}


def _shown(rule: Mapping[str, Any]) -> Any:
    """An example says more than an empty default."""
    examples, default = rule.get("examples", [None]), rule.get("default")
    return examples[0] if examples[0] is not None else default


def _comment(text: str) -> str:
    return textwrap.indent("\n".join(textwrap.wrap(text, 98)), "# ") + "\n"


def _toml(value: Any) -> str:
    """A TOML value on one line: strings, numbers and lists are written as in JSON, tables inline."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_toml(of)}" for key, of in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
