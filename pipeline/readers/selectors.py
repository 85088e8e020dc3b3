"""CSS selectors: an id where it is unique, else the path of elements below one."""

from __future__ import annotations

import re
from collections import Counter

from pipeline.readers.draft import Node

_PLAIN_NAME = re.compile(r"-?[A-Za-z_][\w-]*\Z", re.ASCII)
_MAX_STEPS = 40
"""Beyond this depth a selector names the lower end of the path only."""


def selector(node: Node | None, ids: Counter[str]) -> str | None:
    """The selector of an element; None outside any."""
    steps: list[str] = []
    while node is not None and node.parent is not None and len(steps) < _MAX_STEPS:
        if node.id and ids[node.id] == 1:
            steps.append(_by_id(node.id))
            break
        if node.name == "html":
            break
        if node.step is None:
            node.step = _step(node)
        steps.append(node.step)
        node = node.parent
    return " > ".join(reversed(steps)) or None


def _by_id(value: str) -> str:
    if _PLAIN_NAME.match(value):
        return f"#{value}"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\a ")
    return f'[id="{escaped}"]'


def _step(node: Node) -> str:
    name = node.name if node.name.isalnum() else re.sub(r"([^\w-])", r"\\\1", node.name)
    siblings = (node.parent.counts or {}).get(node.name, 1) if node.parent else 1
    return f"{name}:nth-of-type({node.index})" if siblings > 1 else name
