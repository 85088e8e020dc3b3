"""Places the inline tokens of Markdown, which carry no positions: each is found in order in the content."""

from __future__ import annotations

from markdown_it.token import Token

from pipeline.readers.rendering import Rendering

_TAGS = {"strong": "strong", "em": "em", "s": "s", "link": "a"}


class Inline:
    """Writes the children of one inline token; `origins` has the place of each character of the content."""

    def __init__(self, content: str, origins: list[int], rendering: Rendering) -> None:
        self._content = content
        self._origins = origins
        self._rendering = rendering
        self._at = 0

    def write(self, children: list[Token]) -> None:
        for i, child in enumerate(children):
            following = children[i + 1] if i + 1 < len(children) else None
            self._write(child, following)

    def _write(self, child: Token, following: Token | None) -> None:
        kind = child.type
        if kind == "text":
            self._text(child.content, child.content)
        elif kind == "text_special":
            self._text(child.markup, child.content)
        elif kind == "code_inline":
            self._code(child)
        elif kind in ("softbreak", "hardbreak"):
            self._break("\n" if kind == "softbreak" else "<br>")
        elif kind == "html_inline":
            self._html(child.content)
        elif kind == "image":
            self._image(child, following)
        else:
            self._tag(child, following)

    def _place(self, at: int) -> int:
        if at < len(self._origins):
            return self._origins[at]
        return self._origins[-1] + 1 if self._origins else 0

    def _find(self, raw: str) -> int:
        """Where `raw` comes next; white space at the ends of lines has been dropped from the tokens."""
        if not self._content.startswith(raw, self._at):
            found = self._content.find(raw, self._at)
            self._at = found if found >= 0 else self._at
        return self._at

    def _text(self, raw: str, text: str) -> None:
        if not raw:
            return
        at = self._find(raw)
        if raw == text:
            for i, char in enumerate(text):
                self._rendering.text(char, self._place(at + i))
        else:
            width = self._place(at + len(raw) - 1) + 1 - self._place(at)
            self._rendering.text(text, self._place(at), width)
        self._at = at + len(raw)

    def _code(self, child: Token) -> None:
        inner = self._find(child.markup) + len(child.markup)
        flat = self._content.replace("\n", " ")
        if not flat.startswith(child.content, inner):
            inner += 1  # one space on either side belongs to the marks
        self._rendering.markup("<code>")
        for i, char in enumerate(child.content):
            self._rendering.text(char, self._place(inner + i))
        self._rendering.markup("</code>")
        self._at = inner + len(child.content)
        self._at = self._find(child.markup) + len(child.markup)

    def _break(self, html: str) -> None:
        newline = self._content.find("\n", self._at)
        if newline < 0:
            return
        self._rendering.markup(html, self._place(newline))
        self._at = newline + 1
        while self._content[self._at : self._at + 1] in (" ", "\t"):
            self._at += 1

    def _html(self, raw: str) -> None:
        at = self._find(raw)
        for line in raw.splitlines(keepends=True):
            self._rendering.verbatim(line, self._place(at))
            at += len(line)
        self._at = at

    def _image(self, child: Token, following: Token | None) -> None:
        self._at = self._find("![") + 2
        self._rendering.markup('<img alt="')
        self._alt(child.children or [])
        self._rendering.markup('">')
        self._at = max(self._content.find("]", self._at), self._at)
        self._skip_destination(following)

    def _alt(self, children: list[Token]) -> None:
        for child in children:
            if child.type in ("text", "text_special"):
                self._text(child.markup if child.type == "text_special" else child.content, child.content)
            elif child.type == "code_inline":
                self._text(child.content, child.content)
            elif child.type in ("softbreak", "hardbreak"):
                self._break(" ")
            elif child.type == "image":
                self._alt(child.children or [])

    def _tag(self, child: Token, following: Token | None) -> None:
        name = _TAGS.get(child.type.rpartition("_")[0])
        if name is None:
            return
        if name == "a":
            self._link(child, following)
            return
        self._at = self._find(child.markup) + len(child.markup)
        self._rendering.markup(f"<{name}>" if child.nesting > 0 else f"</{name}>")

    def _link(self, child: Token, following: Token | None) -> None:
        auto = child.markup == "autolink"
        if child.nesting > 0:
            self._at = self._find("<" if auto else "[") + 1
            address = str(child.attrs.get("href", "")).replace("&", "&amp;").replace('"', "&quot;")
            self._rendering.markup(f'<a href="{address}">')
            return
        self._rendering.markup("</a>")
        if auto:
            self._at = self._find(">") + 1
        else:
            self._find("]")
            self._skip_destination(following)

    def _skip_destination(self, following: Token | None) -> None:
        """Pass the bracket that ends a link's text, and the address or the reference behind it."""
        content, at = self._content, self._at + 1
        mark = content[at : at + 1]
        literal = (
            following is not None and following.type == "text" and following.content.startswith(mark or "\0")
        )
        if mark == "(" and not literal:
            at = _closing(content, at)
        elif mark == "[" and not literal:
            at = content.find("]", at) + 1 or at
        self._at = at


def _closing(content: str, at: int) -> int:
    """Where a link's address in parentheses, which begins at `at`, is over."""
    depth, quote, start = 0, "", at
    while at < len(content):
        char = content[at]
        if char == "\\":
            at += 1
        elif quote:
            quote = "" if char == quote else quote
        elif char in "\"'<" and content[at - 1] in " \t\n(":
            quote = ">" if char == "<" else char
        elif char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1
    return start
