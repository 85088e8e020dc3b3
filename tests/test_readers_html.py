"""Reading HTML: cases as data, a whole page, and properties that hold for any markup."""

from __future__ import annotations

import html as html_library
import json
import re
from pathlib import Path

import pytest
from endless import comes_to_an_end
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.model import Block, Page, Snapshot, SourceMap
from pipeline.readers import html, read_page
from pipeline.readers.folding import INVISIBLE
from pipeline.readers.markup import Text, parse

PAGES = Path(__file__).parent / "pages"
CASES = json.loads((PAGES / "html_cases.json").read_text(encoding="utf-8"))
CLINIC = (PAGES / "clinic.html").read_text(encoding="utf-8")


def view(block: Block, keys: tuple[str, ...]) -> dict[str, object]:
    """A block as plain values, cut down to some fields."""
    values: dict[str, object] = {}
    for key in keys:
        value = len(block.places) if key == "places" else getattr(block, key)
        values[key] = list(value) if isinstance(value, tuple) else value
    return values


def shown(source: str, block: Block, start: int = 0, end: int | None = None) -> str:
    """What a person reads at the place that a stretch of a block is said to stand at."""
    span = block.source.span(start, len(block.text) if end is None else end)
    assert span is not None
    raw = re.sub(
        r"<!--.*?-->|<(?:script|style)\b.*?</(?:script|style)>",
        "",
        source[span[0] : span[1]],
        flags=re.DOTALL,
    )
    raw = re.sub(r"</?(?:br|p|div|li|td|h\d)\b[^>]*>", " ", raw)
    text = html_library.unescape(re.sub(r"<[^>]*>", "", raw))
    return fold(text)


def fold(text: str) -> str:
    return " ".join("".join(char for char in text if char not in INVISIBLE).split())


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict[str, object]) -> None:
    blocks = html.read(str(case["html"])).blocks
    expected = case["blocks"]
    assert isinstance(expected, list)
    assert [block.text for block in blocks] == [block["text"] for block in expected]
    for block, wanted in zip(blocks, expected, strict=True):
        assert view(block, tuple(wanted)) == wanted


def test_clinic_page_is_read_whole() -> None:
    page = read_page(Snapshot("https://clinic.example/", CLINIC.encode(), status=200, media_type="text/html"))
    assert isinstance(page, Page)
    assert page.title == "Harbor Lane Infusions – care that listens"
    assert page.language == "en-US"
    golden = json.loads((PAGES / "clinic.json").read_text(encoding="utf-8"))
    fields = (
        "text",
        "kind",
        "region",
        "headings",
        "lead_in",
        "question",
        "answers_directly",
        "label",
        "framing_label",
    )
    assert [view(block, fields) for block in page.blocks] == golden


def test_clinic_page_places_every_block() -> None:
    for block in html.read(CLINIC).blocks:
        if block.kind not in ("structured_data", "question"):
            assert shown(CLINIC, block) == fold(block.text)
        assert block.locator.line is not None
        assert block.locator.column is not None
        line = CLINIC.split("\n")[block.locator.line - 1][block.locator.column - 1 :]
        assert html_library.unescape(line).startswith(block.text.split()[0][:3])


def test_selectors_find_their_block_and_nothing_else() -> None:
    soup = parse(CLINIC).linked()
    for block in html.read(CLINIC).blocks:
        if block.locator.selector is None:
            assert block.region == "head"
            continue
        found = soup.select(block.locator.selector)
        assert len(found) == 1, block.locator.selector
        text = "".join(node for node in found[0].descendants if isinstance(node, Text))
        told = f"{text} {found[0].get('alt')} {found[0].get('value')} {found[0].get('content')}"
        assert block.text.split("\n")[0].split()[0] in told


@pytest.mark.parametrize(
    ("source", "selector"),
    [
        ("<body><div id=a><p>x</p></div></body>", "#a > p"),
        ("<body><div id='1 \"x'><p>x</p></div></body>", '[id="1 \\"x"] > p'),
        (
            "<body><div id=a></div><div id=a><p>y</p><p>x</p></div></body>",
            "body > div:nth-of-type(2) > p:nth-of-type(1)",
        ),
        ("<html><body><table><tr><td>x</table>", "body > table > tbody > tr > td"),
    ],
)
def test_selector(source: str, selector: str) -> None:
    assert html.read(source).blocks[0].locator.selector == selector


DEEP = {
    "divs": "<div>" * 20_000 + "calm",
    "closed divs": "<div>" * 20_000 + "calm" + "</div>" * 20_000,
    "bold": "<b>" * 20_000 + "calm",
    "tables": "<table><tr><td>" * 5_000 + "calm",
    "quotes": "<blockquote>" * 10_000 + "calm",
    "details": "<details><summary></summary>" * 5_000 + "calm",
    "hidden flags": "<span aria-hidden=true>" * 10_000 + "calm and slow",
    "toggles": "<div aria-expanded=false>" * 10_000 + "calm",
    "brackets of structured data": '<script type="application/ld+json">' + "[" * 50_000 + "</script>calm",
}


@pytest.mark.parametrize("source", DEEP.values(), ids=DEEP)
def test_deep_nesting(source: str) -> None:
    with comes_to_an_end():
        assert [block.text.startswith("calm") for block in html.read(source).blocks] == [True]


FLOODS = {
    "angle brackets": ("<" * 300_000, 0),
    "comments that never end": ("<!--" * 300_000 + ">", 0),
    "tags that never end": ("<a b='" * 100_001 + ">", 600_007),
    "ampersands": ("&amp" * 300_000, 0),
    "breaks": ("a<br>" * 100_000, 199_999),
    "spans": ("<span>a</span>" * 100_000, 100_000),
    "end tags": ("</p></td></li>" * 100_000, 0),
    "quotes in structured data": ('<script type="application/ld+json">' + '["\\"' * 100_000 + "</script>", 0),
    "declarations": ("<!x" * 100_000 + "<![CDATA[" * 100_000, 0),
}
"""With the length of the text that is read."""


@pytest.mark.parametrize(("source", "length"), FLOODS.values(), ids=FLOODS)
def test_floods_of_markup_come_to_an_end(source: str, length: int) -> None:
    with comes_to_an_end():
        assert sum(len(block.text) for block in html.read(source).blocks) == length


WORDS = st.sampled_from(
    [
        "calm",
        "ketamine",
        "24–48",
        "“slow”",
        "a&b",
        "x<y",
        "50%",
        "don’t",
        "relief.",
        "naïve",
        "\u200bnow",
        "p\u00adq",
        "&amp;",
    ]
)
SPACES = st.sampled_from(
    [" ", "\n", "  \t", "\u00a0", "&nbsp;", " &#32; ", "\r\n  ", " <!-- note --> ", "&ensp;"]
)
INLINE = st.sampled_from(["b", "i", "kbd class='x'", "q cite='/p?a=1&amp;b=2'", "em", "mark title='>'"])


@st.composite
def escaped(draw: st.DrawFn) -> str:
    """A word as it may stand in a page: each character plain or as one of its references."""
    out = []
    for char in draw(WORDS):
        numeric = [f"&#{ord(char)};", f"&#x{ord(char):x};"]
        out.append(draw(st.sampled_from([html_library.escape(char), html_library.escape(char), *numeric])))
    return "".join(out)


@st.composite
def sentence(draw: st.DrawFn, depth: int = 2) -> str:
    """Inline markup: words, white space, tags around some of them or within one."""
    parts = [draw(escaped())]
    for _ in range(draw(st.integers(0, 4))):
        parts.append(draw(st.one_of(SPACES, st.just(""))))
        if depth and draw(st.booleans()):
            tag = draw(INLINE)
            parts.append(f"<{tag}>{draw(sentence(depth=depth - 1))}</{tag.split()[0]}>")
        else:
            parts.append(draw(escaped()))
    return "".join(parts)


BLOCKS = st.sampled_from(["p", "div", "li", "h2", "td", "section", "blockquote", "figcaption", "my-tag"])


@given(st.lists(st.tuples(BLOCKS, sentence()), min_size=1, max_size=5), st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_characters_at_the_place_are_the_statement(
    parts: list[tuple[str, str]], data: st.DataObject
) -> None:
    source = "\n".join(f"<{tag}>{inner}</{tag}>" for tag, inner in parts)
    blocks = html.read(source).blocks
    wanted = [
        fold(html_library.unescape(re.sub(r"<!--.*?-->|<[a-z/](?:'[^']*'|[^>])*>", "", inner)))
        for _, inner in parts
    ]
    read = [block.text for block in blocks]
    assert "".join("".join(read).split()) == "".join("".join(wanted).split())
    for block in blocks:
        whole = shown_exactly(source, block.source, 0, len(block.text))
        assert whole == fold(block.text)
        start = data.draw(st.integers(0, len(block.text) - 1))
        end = data.draw(st.integers(start + 1, len(block.text)))
        assert shown_exactly(source, block.source, start, end) == fold(block.text[start:end])


def shown_exactly(source: str, places: SourceMap, start: int, end: int) -> str:
    span = places.span(start, end)
    assert span is not None
    raw = re.sub(r"<!--.*?-->|<[a-z/](?:'[^']*'|[^>])*>", "", source[span[0] : span[1]])
    return fold(html_library.unescape(raw))


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read_without_an_error(source: str) -> None:
    for block in html.read(source).blocks:
        span = block.source.span(0, len(block.text))
        assert span is None or 0 <= span[0] < span[1] <= len(source)


TAG_SOUP = st.lists(
    st.sampled_from(
        [
            "<p>",
            "</p>",
            "<div>",
            "</div>",
            "<b>",
            "</b>",
            "<ul>",
            "<li>",
            "</li>",
            "</ul>",
            "<table>",
            "<tr>",
            "<td>",
            "<th>",
            "</td>",
            "</tr>",
            "</table>",
            "<br>",
            "<h2>",
            "</h2>",
            "<details>",
            "<summary>",
            "</summary>",
            "</details>",
            "<dl>",
            "<dt>",
            "<dd>",
            "</dl>",
            "calm",
            "slow.",
            "why?",
            "70%",
            "<!--",
            "-->",
            "<img_alt=a>",
            "<svg>",
            "<title>",
            "</title>",
            "</svg>",
            "<template>",
            "</template>",
            "<noscript>",
            "</noscript>",
            "<script>",
            "</script>",
            "<!--",
            "<![CDATA[",
            "]]>",
            "<button_aria-expanded=false>",
            "</button>",
            "<div_hidden>",
            "<a_href=#x>",
            "</a>",
            "<select>",
            "<option>",
            "</select>",
            "&amp",
            "&#39a",
        ]
    ),
    max_size=40,
)


@given(TAG_SOUP)
@settings(max_examples=300, deadline=None)
def test_any_tag_soup_keeps_order_and_places(parts: list[str]) -> None:
    source = " ".join(parts).replace("_", " ")
    blocks = html.read(source).blocks
    for block in blocks:
        span = block.source.span(0, len(block.text))
        assert span is not None
        first = block.text[0]
        assert html_library.unescape(source[span[0] :])[0] == first
    assert all(block.text.strip() == block.text and block.text for block in blocks)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80))
@settings(max_examples=100, deadline=None)
def test_structured_data_is_placed_through_its_escapes(text: str) -> None:
    text = f"Calm {text} rooms".replace("<", "").replace("&", "")
    literal = json.dumps(text).replace("</", "<\\/")
    source = f'<script type="application/ld+json">{{"description": {literal}}}</script>'
    blocks = html.read(source).blocks
    assert fold(" ".join(block.text for block in blocks)) == fold(text)
    for block in blocks:
        span = block.source.span(0, len(block.text))
        assert span is not None
        assert fold(json.loads(f'"{source[span[0] : span[1]]}"')) == fold(block.text)
