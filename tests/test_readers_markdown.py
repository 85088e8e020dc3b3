"""Reading Markdown: structure as in HTML, exact places."""

from __future__ import annotations

import html as html_library
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.model import Block
from pipeline.readers import markdown

DOCUMENT = """---
layout: care
title: "Drips & calm"
description: >-
  It may help
  some people.
lang: en
---

# Calm\\*ly &amp; slow #

Ketamine **may** help, in our [slow rooms](/r "t (x)"), with `one drip`
  or *two*.\\
Then <em>rest</em><br>a day. ![A nurse *and* a drip](n.jpg) <https://x.example/a>

It may ease:

- low mood
- old
  pain
    1. in nerves

> - I slept
>   again.

| Myth | Fact |
|------|:----:|
| It mends \\| heals all. | It may help *some*. |

What lasts
----------

<details><summary>Does it last?</summary>

For **days**.

</details>

<div hidden>Draft</div>
<!-- not shown -->

```
code that *stays*
```

[ref link][r] and [r] end.

[r]: https://x.example/r
"""


def blocks() -> dict[str, Block]:
    return {block.text: block for block in markdown.read(DOCUMENT).blocks}


def at_place(source: str, block: Block) -> str:
    span = block.source.span(0, len(block.text))
    assert span is not None
    return source[slice(*span)]


def test_texts_in_order() -> None:
    assert list(blocks()) == [
        "Drips & calm",
        "It may help some people.",
        "Calm*ly & slow",
        "Ketamine may help, in our slow rooms, with one drip or two.",
        "Then rest a day. https://x.example/a",
        "A nurse and a drip",
        "It may ease:",
        "low mood",
        "old pain",
        "in nerves",
        "I slept again.",
        "Myth",
        "Fact",
        "It mends | heals all.",
        "It may help some.",
        "What lasts",
        "Does it last?",
        "For days.",
        "code that *stays*",
        "ref link and r end.",
    ]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Drips & calm", "Drips & calm"),
        ("It may help some people.", "It may help\n  some people."),
        ("Calm*ly & slow", "Calm\\*ly &amp; slow"),
        ("A nurse and a drip", "A nurse *and* a drip"),
        ("old pain", "old\n  pain"),
        ("I slept again.", "I slept\n>   again."),
        ("It mends | heals all.", "It mends \\| heals all."),
        ("It may help some.", "It may help *some*."),
        ("Does it last?", "Does it last?"),
        ("For days.", "For **days**."),
        ("code that *stays*", "code that *stays*"),
        ("ref link and r end.", "ref link][r] and [r] end."),
    ],
)
def test_place(text: str, source: str) -> None:
    assert at_place(DOCUMENT, blocks()[text]) == source


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("Drips & calm", "kind", "title"),
        ("It may help some people.", "kind", "meta"),
        ("Calm*ly & slow", "kind", "heading"),
        ("A nurse and a drip", "kind", "alt"),
        ("low mood", "lead_in", "It may ease:"),
        ("in nerves", "lead_in", "It may ease: old pain"),
        ("I slept again.", "kind", "list_item"),
        ("It mends | heals all.", "framing_label", "myth"),
        ("It may help some.", "framing_label", "fact"),
        ("It may help some.", "previous", "It mends | heals all."),
        ("For days.", "question", "Does it last?"),
        ("For days.", "answers_directly", True),
        ("ref link and r end.", "question", None),
        ("For days.", "headings", ("Calm*ly & slow", "What lasts", "Does it last?")),
    ],
)
def test_structure(text: str, field: str, value: object) -> None:
    assert getattr(blocks()[text], field) == value


def test_title_language_and_lines() -> None:
    reading = markdown.read(DOCUMENT)
    assert reading.title == "Drips & calm"
    assert reading.language == "en"
    found = blocks()["For days."].locator
    assert found.line is not None
    assert DOCUMENT.split("\n")[found.line - 1].startswith("For **days")
    assert (found.column, found.selector) == (1, None)


def test_title_from_the_first_heading() -> None:
    assert markdown.read("Intro.\n\n## Calm *rooms*\n").title == "Calm rooms"


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ("+++\ntitle = 'Calm'\n+++\nText.", ["Calm", "Text."]),
        ("---\ntitle: Calm # note\n---\n", ["Calm"]),
        ("---\ntitle: |\n  Calm\n\n  rooms\n---\nText.", ["Calm rooms", "Text."]),
        ("---\n\nText between rules.\n\n---\n", ["Text between rules."]),
        ("--- \ntitle: never closed\n", ["title: never closed"]),
        ("a\r\nb\r\n\r\n- c\r\n", ["a b", "c"]),
        ("\tindented *code*", ["indented *code*"]),
        ("a [x](<b c> 'd)') e [y] (z) [](q) ![](r) f", ["a x e [y] (z) f"]),
        ("`` a`b `` c ` d ` e", ["a`b c d e"]),
        ("[x](not a link) **bold*", ["[x](not a link) *bold"]),
        ("> quote\nlazy\n\n* * *\n\n1. one\n\n   two", ["quote lazy", "one", "two"]),
        ("Text<br>\n<br>more <span>of</span> it", ["Text", "more of it"]),
    ],
)
def test_texts(source: str, texts: list[str]) -> None:
    read = markdown.read(source).blocks
    assert [block.text for block in read] == texts
    for block in read:
        assert letters(at_place(source, block)) >= letters(block.text)[:1]


def letters(text: str) -> str:
    return "".join(re.findall(r"[^\W_]", text))


WORD = st.sampled_from(
    ["calm", "relief", "24–48", "it’s", "naïve", "50%", "a\\*b", "&#38;", "\\[x\\]", "q\\|r"]
)
MARKS = st.sampled_from(["**", "*", "`", "~~", "_", "[", "![", "<b>", ""])
END = {"[": "](1)", "![": "](2 '3')", "<b>": "</b>"}


@st.composite
def line(draw: st.DrawFn) -> str:
    parts = []
    for _ in range(draw(st.integers(1, 5))):
        mark = draw(MARKS)
        words = " ".join(draw(st.lists(WORD, min_size=1, max_size=3)))
        parts.append(f"{mark}{words}{END.get(mark, mark)}")
    return " ".join(parts)


PREFIX = st.sampled_from(["", "# ", "- ", "> ", "1. ", "> - ", "  ", "- > ", "## "])


@given(st.lists(st.tuples(PREFIX, st.lists(line(), min_size=1, max_size=2)), min_size=1, max_size=4))
@settings(max_examples=150, deadline=None)
def test_the_characters_at_the_place_are_the_statement(parts: list[tuple[str, list[str]]]) -> None:
    source = "\n\n".join(prefix + "\n".join(lines) for prefix, lines in parts)
    for block in markdown.read(source).blocks:
        for word in re.finditer(r"[^\W\d_]{3,}", block.text):
            span = block.source.span(*word.span())
            assert span is not None
            assert source[slice(*span)] == word.group()
        first = at_place(source, block)
        assert block.text[0] in (first[0], html_library.unescape(first.lstrip("\\"))[0])


@given(st.text(alphabet="ab*_`[]()!<>#-|\\ \n&;:\t~", max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_without_an_error(source: str) -> None:
    for block in markdown.read(source).blocks:
        span = block.source.span(0, len(block.text))
        assert span is not None
        assert 0 <= span[0] < len(source)
