"""What each field of an entry means, from the schema: the reference in docs/catalogue.md is this text.

`python -m claims.catalogue.fields` prints it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from claims.catalogue.schemas import schema

Json = dict[str, Any]


def field_reference(name: str = "entry") -> str:
    """Markdown: a table of fields for each kind of object in a schema."""
    root = schema(name)
    parts = [_table("A file", root)]
    for title, node in _objects(root):
        parts.append(_table(title, node))
    return "\n".join(parts)


_TITLES = {
    "entry": "An entry",
    "raise": "A raised ceiling",
    "bounds": "Bounds",
    "requirement": "A required qualifier",
    "escalation": "A worse stance",
    "example": "An example",
    "review": "The review",
}


def _objects(root: Json) -> Iterator[tuple[str, Json]]:
    definitions = root.get("$defs", {})
    for key, title in _TITLES.items():
        if key in definitions:
            yield title, definitions[key]
        if key == "entry" and key in definitions:
            yield (
                "The limits of a profile",
                definitions[key]["properties"]["limits"]["properties"]["standard"],
            )


def _table(title: str, node: Json) -> str:
    required = set(node.get("required", ()))
    rows = [f"### {title}\n", "| field | needed | meaning |", "| --- | --- | --- |"]
    for key, value in node["properties"].items():
        needed = "yes" if key in required else ""
        meaning = value.get("description", "").replace("|", "\\|")
        rows.append(f"| `{key}` | {needed} | {meaning} |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    print(field_reference(), end="")
