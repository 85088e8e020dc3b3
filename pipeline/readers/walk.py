"""One walk over a parsed page, in reading order: which elements are read, what holds for the text in them.

Works without recursion (markup may be nested a hundred thousand deep) and looks at no element twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bs4.element import PageElement

from claims.model import BlockKind, Region
from pipeline.readers import structure, tables, tags, visibility
from pipeline.readers.assembly import Assembly, State, Terms
from pipeline.readers.class_names import NOTHING, Told, told
from pipeline.readers.draft import Draft, Node, ends_sentence
from pipeline.readers.markup import Attributes, Element, Markup, Text
from pipeline.readers.placed import buffered

_META_TEXTS = frozenset(
    {
        "description",
        "og:title",
        "og:description",
        "og:image:alt",
        "twitter:title",
        "twitter:description",
        "twitter:image:alt",
    }
)
_INPUT_BUTTONS = frozenset({"submit", "button", "reset"})
_GLUED = frozenset({"a", "label", "span"})
"""Inline elements that stand side by side without a space, and yet are two things."""
_SCRIPT_ROOTS = frozenset(
    {"root", "app", "__next", "__nuxt", "___gatsby", "svelte", "main-app", "react-root"}
)
_APART = frozenset({"body", "main", "html", "[document]"})
"""Elements too large to say of two things in them that they belong together."""
_NAMED = frozenset({"div", "section", "ul", "ol"})
_NEUTRAL = frozenset({"div", "hgroup", "button", "center", "legend"})
"""Elements in a heading or a button that make nothing else of it."""
_MIN_LEAD_IN_WORDS = 3
_TOGGLE_REACH = 3


@dataclass(slots=True)
class Frame:
    """An element being walked."""

    children: Iterator[PageElement]
    tag: Element
    name: str
    """What it works as: its own name, or that of the element whose role it plays."""
    node: Node
    holder: Node
    """The nearest element that begins a block."""
    state: State
    block: bool
    toggles: bool = False
    """Holds a control that opens and closes something."""
    ends_scope: bool = False
    first: int = 0
    """Number of drafts when it began."""
    cell: tables.Cell | None = None


class Walk:
    """Turns a tree into drafts."""

    def __init__(self, markup: Markup) -> None:
        self.markup = markup
        self.assembly = Assembly(markup.source)
        self.title: Draft | None = None
        self.head: list[Draft] = []
        self.scripts: list[Text] = []
        self.script_root = False
        self._stack: list[Frame] = []

    @property
    def drafts(self) -> list[Draft]:
        return self.assembly.drafts

    def run(self) -> None:
        """Walk the whole tree."""
        tree, stack, add = self.markup.root, self._stack, self.assembly.add
        root = Node(tree.name, None, 1)
        stack.append(Frame(iter(tree.contents), tree, tree.name, root, root, State(), True))
        while stack:
            frame = stack[-1]
            for child in frame.children:
                if type(child) is Text:
                    add(child, frame.state, frame.holder)
                elif isinstance(child, Element):
                    entered = self._enter(child, frame)
                    if entered is not None:
                        stack.append(entered)
                        break
            else:
                stack.pop()
                self._leave(frame)

    def _enter(self, tag: Element, frame: Frame) -> Frame | None:
        """The frame to walk next; None where the element holds no text to read."""
        name = tag.name
        counts = frame.node.counts
        if counts is None:
            counts = frame.node.counts = {}
        index = counts[name] = counts.get(name, 0) + 1
        attrs = tag.attrs
        node = Node(name, frame.node, index, attrs.get("id") if attrs else None)
        special = _SPECIAL.get(name)
        if special is not None and special(self, tag, node, frame):
            return None
        works_as = tags.ROLE_NAMES.get(attrs["role"], name) if attrs and "role" in attrs else name
        block = works_as in tags.BLOCK or "-" in name
        if name in tags.SILENT or (attrs and self._is_unread(tag, frame)):
            if block:
                self.assembly.flush()
            return None
        if not block and not (attrs and self._acts_as_block(tag, attrs, frame)):
            return self._enter_inline(tag, node, frame)
        self.assembly.flush()
        state = frame.state.handed_down()
        entered = Frame(iter(tag.contents), tag, works_as, node, node, state, True, first=len(self.drafts))
        self._describe(entered, frame, attrs)
        return entered

    def _enter_inline(self, tag: Element, node: Node, frame: Frame) -> Frame | None:
        """An element within a line of text; most hold nothing but text, and are done with at once."""
        name, assembly = tag.name, self.assembly
        if name in tags.BOLD:
            assembly.bold += 1
        if name in _GLUED:
            assembly.gap = f"{name}{name}" if assembly.gap == name else ""
        for child in tag.contents:
            if isinstance(child, Element):
                return Frame(iter(tag.contents), tag, name, node, frame.holder, frame.state, False)
        for child in tag.contents:
            if type(child) is Text:
                assembly.add(child, frame.state, frame.holder)
        self._leave_inline(name)
        return None

    def _leave_inline(self, name: str) -> None:
        if name in tags.BOLD:
            self.assembly.bold -= 1
        self.assembly.gap = name if name in _GLUED else ""

    def _leave(self, frame: Frame) -> None:
        name = frame.name
        if not frame.block:
            self._leave_inline(name)
            return
        self.assembly.flush()
        if frame.cell is not None:
            frame.cell.last = len(self.drafts)
        if name == "dt":
            self._note_terms(frame)
        elif name == "table" and frame.state.table is not None:
            tables.finish(frame.state.table, self.drafts)
        if frame.ends_scope:
            self.assembly.end_scope(frame.first)

    def _is_unread(self, tag: Element, frame: Frame) -> bool:
        if visibility.is_unshown(tag, self.markup.controlled, frame.toggles and frame.tag.name not in _APART):
            return True
        return tag.name not in tags.BLOCK and visibility.is_icon(tag)

    def _acts_as_block(self, tag: Element, attrs: Attributes, frame: Frame) -> bool:
        """True for an inline element that is shown, or works, as a block of its own."""
        style = attrs.get("style")
        if "aria-expanded" in attrs or (style and tags.BLOCK_STYLE.search(style)):
            return True
        if tag.name != "a":
            return False
        if frame.state.region is Region.NAV:
            return True
        named = attrs.get("role") == "button" or ("class" in attrs and told(attrs["class"]).button)
        return named and self.assembly.at_boundary

    # What holds for the text in an element

    def _describe(self, frame: Frame, parent: Frame, attrs: Attributes) -> None:
        name, state = frame.name, frame.state
        _set_kind(name, state)
        if attrs:
            self._read_attributes(frame, attrs)
        else:
            _set_region(name, attrs, state)
        structural = _STRUCTURAL.get(name)
        if structural is not None:
            structural(self, frame, parent)

    def _read_attributes(self, frame: Frame, attrs: Attributes) -> None:
        name, state = frame.tag.name, frame.state
        role, names = attrs.get("role"), told(attrs["class"]) if "class" in attrs else NOTHING
        _set_region(name, attrs, state)
        if "id" in attrs:
            self.script_root = self.script_root or attrs["id"] in _SCRIPT_ROOTS
            frame.ends_scope = attrs["id"] in self.markup.panels and self._stack[-1].toggles
        if role == "heading":
            level = attrs.get("aria-level", "")
            state.kind, state.level = BlockKind.HEADING, int(level) if level in tuple("123456") else 2
        elif (name == "a" or role == "button") and state.kind is not BlockKind.HEADING:
            state.kind = state.kind if state.region is Region.NAV else BlockKind.BUTTON
        if names is not NOTHING:
            _read_class(names, state)
        if name == "summary" or "aria-expanded" in attrs or names.question_head:
            self._open_toggle(state)

    def _open_toggle(self, state: State) -> None:
        """The head of something that opens: it governs what it opens and no more."""
        if state.toggling or state.region in (Region.NAV, Region.HEADER):
            return
        state.toggling = True
        if state.kind not in (BlockKind.HEADING, BlockKind.TABLE_CELL):
            state.kind, state.level = BlockKind.HEADING, tags.LABEL_LEVEL
        for frame in self._stack[-_TOGGLE_REACH:]:
            frame.toggles = True
        at = len(self._stack) - 1
        while at > len(self._stack) - _TOGGLE_REACH and at > 0 and _holds_one(self._stack[at].tag):
            at -= 1
        if self._stack[at].tag.name not in _APART:
            self._stack[at].ends_scope = True

    # Structures

    def _list(self, frame: Frame, parent: Frame) -> None:
        """What introduces a list: the paragraph just before it, or the item that holds it."""
        state = frame.state
        outer, state.lead_in = state.lead_in, None
        last = self.drafts[-1] if self.drafts else None
        if last is None or last.node is None or state.region is Region.NAV or last.region is not state.region:
            return
        holds = last.node is parent.holder and len(self.drafts) > parent.first
        if last.kind not in _INTRODUCING or not (holds or last.node.parent is parent.holder):
            return
        ends_open = structure.is_lead_in(last.text)
        enough = 1 if holds else _MIN_LEAD_IN_WORDS
        if ends_open or (not ends_sentence(last.text) and len(last.text.split()) >= enough):
            words = re.split(r"(?<=[.!?])\s+", last.text)[-1]
            state.lead_in = f"{outer} {words}" if outer and holds and not ends_open else words
        elif holds:
            state.lead_in = outer

    def _definitions(self, frame: Frame, _parent: Frame) -> None:
        frame.state.terms = Terms(unanswered=[True])
        frame.ends_scope = True

    def _note_terms(self, frame: Frame) -> None:
        terms = frame.state.terms
        if terms is None:
            return
        if terms.defined:
            terms.texts, terms.defined, terms.unanswered = [], False, [True]
        for draft in self.drafts[frame.first :]:
            if draft.kind is not BlockKind.ALT:
                terms.texts.append(draft.text)
            if structure.is_question(draft.text):
                draft.kind = BlockKind.QUESTION

    def _definition(self, frame: Frame, _parent: Frame) -> None:
        state = frame.state
        if state.terms is None or not state.terms.texts:
            return
        state.terms.defined = True
        asked = [text for text in state.terms.texts if structure.is_question(text)]
        if asked:
            state.question, state.unanswered = asked[-1], state.terms.unanswered
        else:
            state.label = " / ".join(state.terms.texts)

    def _table(self, frame: Frame, _parent: Frame) -> None:
        frame.state.table = tables.Table(frame.tag.attrs.get("role") in ("presentation", "none"))
        frame.state.lead_in = frame.state.label = None
        frame.ends_scope = True
        if self.drafts and self.drafts[-1].kind is BlockKind.LIST_ITEM:
            self.assembly.starts_afresh = True  # what introduced the list does not introduce the table

    def _caption(self, frame: Frame, _parent: Frame) -> None:
        frame.state.kind, frame.state.level = BlockKind.HEADING, tags.LABEL_LEVEL

    def _row(self, frame: Frame, _parent: Frame) -> None:
        if frame.state.table is not None:
            frame.state.table.begin_row()

    def _cell(self, frame: Frame, _parent: Frame) -> None:
        frame.state.label = None
        table, attrs = frame.state.table, frame.tag.attrs
        if table is not None:
            columns, rows = _number(attrs.get("colspan")), _number(attrs.get("rowspan"))
            frame.cell = table.begin_cell(frame.name == "th", len(self.drafts), columns, rows)

    def _details(self, frame: Frame, _parent: Frame) -> None:
        frame.ends_scope = True

    def _without_scripts(self, frame: Frame, _parent: Frame) -> None:
        frame.state.silent = True

    # Elements that are done with at once

    def _break(self, tag: Element, _node: Node, _frame: Frame) -> bool:
        self.assembly.add_break(tag.at, len(tag.name) + 2)
        return not tag.contents

    def _picture(self, tag: Element, node: Node, frame: Frame) -> bool:
        if tag.attrs.get("alt") and not self._is_unread(tag, frame):
            self.assembly.add_picture(self.markup.attribute(tag, "alt"), node, frame.state.region)
        return True

    def _field(self, tag: Element, node: Node, frame: Frame) -> bool:
        attrs = tag.attrs
        kind = attrs.get("type", "").lower()
        if kind == "image":
            return self._picture(tag, node, frame)
        if kind in _INPUT_BUTTONS and attrs.get("value") and not self._is_unread(tag, frame):
            self.assembly.add_button(self.markup.attribute(tag, "value"), node, frame.state.region)
        return True

    def _meta(self, tag: Element, node: Node, _frame: Frame) -> bool:
        attrs = tag.attrs
        name = (attrs.get("name") or attrs.get("property") or "").lower()
        if name in _META_TEXTS and attrs.get("content"):
            text, source = buffered(self.markup.attribute(tag, "content"))
            if text:
                self.head.append(Draft(text, source, BlockKind.META, Region.HEAD, node=node))
        return True

    def _script(self, tag: Element, _node: Node, _frame: Frame) -> bool:
        if "ld+json" in tag.attrs.get("type", "").lower():
            self.scripts.extend(child for child in tag.contents if isinstance(child, Text))
        return True

    def _template(self, tag: Element, _node: Node, _frame: Frame) -> bool:
        # A declarative shadow root is shown in place; any other template is not.
        return not (tag.attrs.get("shadowrootmode") or tag.attrs.get("shadowroot"))

    def _page_title(self, tag: Element, node: Node, frame: Frame) -> bool:
        children = (child for child in tag.contents if isinstance(child, Text))
        pieces = [piece for child in children for piece in self.markup.pieces(child)]
        if frame.tag.name in ("svg", "g", "symbol"):
            self.assembly.add_picture(pieces, node, frame.state.region)
            return True
        text, source = buffered(pieces)
        if text:
            draft = Draft(text, source, BlockKind.TITLE, Region.HEAD, node=node)
            self.title = self.title or draft
            self.head.append(draft)
        return True


_INTRODUCING = (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.QUOTE)

_SPECIAL = {
    "br": Walk._break,
    "img": Walk._picture,
    "input": Walk._field,
    "meta": Walk._meta,
    "script": Walk._script,
    "template": Walk._template,
    "title": Walk._page_title,
}
"""Elements with a way of their own; each tells whether it is done with."""

_STRUCTURAL = {
    "ul": Walk._list,
    "ol": Walk._list,
    "dl": Walk._definitions,
    "dd": Walk._definition,
    "table": Walk._table,
    "caption": Walk._caption,
    "tr": Walk._row,
    "td": Walk._cell,
    "th": Walk._cell,
    "details": Walk._details,
    "noscript": Walk._without_scripts,
}


def _set_kind(name: str, state: State) -> None:
    """The kind of text in an element, given the kind around it (which `state` still holds)."""
    kind, above = tags.KINDS.get(name), state.kind
    if kind is BlockKind.BUTTON and above is BlockKind.HEADING:
        return
    if kind is not None:
        state.kind = BlockKind.QUOTE if state.quoted and kind is BlockKind.PARAGRAPH else kind
        state.level = tags.HEADINGS.get(name, tags.LABEL_LEVEL if kind is BlockKind.HEADING else 0)
        state.quoted = state.quoted or kind is BlockKind.QUOTE
    elif (name in _NEUTRAL or state.toggling) and above in (BlockKind.HEADING, BlockKind.BUTTON):
        return
    elif above not in tags.LASTING:
        state.kind, state.level = BlockKind.QUOTE if state.quoted else BlockKind.PARAGRAPH, 0


def _set_region(name: str, attrs: Attributes, state: State) -> None:
    region = tags.ROLES.get(attrs.get("role", "")) or tags.REGIONS.get(name)
    if name == "main" or region is Region.MAIN:
        state.in_main, state.region = True, Region.MAIN
    elif name == "article":
        state.in_main = True
    elif region is not None:
        own = state.in_main and region in (Region.HEADER, Region.FOOTER)
        if not own and not state.quoted:
            state.region = region
    elif attrs and state.region is Region.MAIN and name in _NAMED:
        own_name = tags.NAMED_REGIONS.get(attrs["id"].lower()) if "id" in attrs else None
        state.region = own_name or (told(attrs["class"]).region if "class" in attrs else None) or state.region


def _read_class(names: Told, state: State) -> None:
    if names.testimonial:
        state.quoted = True
        if state.kind is BlockKind.PARAGRAPH:
            state.kind = BlockKind.QUOTE
    if names.framing:
        state.framing = names.framing
    state.titled = names.title


def _holds_one(tag: Element) -> bool:
    """True for an element around a single other one."""
    count = 0
    for child in tag.contents:
        if isinstance(child, Element):
            count += 1
            if count > 1:
                return False
    return count == 1


def _number(value: str | None) -> int:
    text = (value or "1").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
