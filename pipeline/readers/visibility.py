"""Which elements a visitor never sees, and which are only closed until they are opened."""

from __future__ import annotations

from bs4.element import PageElement

from pipeline.readers import tags
from pipeline.readers.class_names import told
from pipeline.readers.markup import Element, Text

_ICON_NODES = 8
"""Nodes that a sign is drawn with at most; more are not looked at."""
_MODALS = ("dialog", "alertdialog")


def is_unshown(tag: Element, controlled: set[str], beside_toggle: bool) -> bool:
    """True for an element that is hidden and that nothing on the page opens.

    `controlled` holds the ids that some control opens; `beside_toggle` says that a control with an open and a
    closed state stands in the same element.
    """
    attrs = tag.attrs
    hidden = "hidden" in attrs and attrs["hidden"] != "until-found"
    if not hidden and "style" in attrs and tags.UNSHOWN_STYLE.search(attrs["style"]):
        hidden = not tags.ANIMATED_CLASS.search(attrs.get("class", ""))
    if hidden:
        return not _can_be_opened(tag, attrs.get("class", ""), controlled, beside_toggle)
    return "class" in attrs and told(attrs["class"]).clone


def _can_be_opened(tag: Element, name: str, controlled: set[str], beside_toggle: bool) -> bool:
    attrs = tag.attrs
    if attrs.get("role") in _MODALS:
        return False
    if beside_toggle or attrs.get("id") in controlled or attrs.get("role") == "tabpanel":
        return True
    return bool(tags.ACCORDION.search(f"{name} {attrs.get('id', '')}"))


def is_icon(tag: Element) -> bool:
    """True for an inline element that draws a sign: its text, if any, is the sign's name."""
    attrs = tag.attrs
    aria_hidden = attrs.get("aria-hidden") == "true"
    if tag.name == "svg":
        return aria_hidden
    if not aria_hidden and not ("class" in attrs and told(attrs["class"]).icon):
        return False
    words: list[str] = []
    nodes: list[PageElement] = list(tag.contents)
    for node in nodes:
        if len(nodes) > _ICON_NODES or len(words) > 1:
            return False
        if isinstance(node, Text):
            words.extend(node.split(maxsplit=1))
        elif isinstance(node, Element):
            nodes.extend(node.contents)
    return len(words) <= 1 and not any(char.isdigit() for char in "".join(words))
