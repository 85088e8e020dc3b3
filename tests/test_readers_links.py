"""Where a page leads, and links to a statement in it."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.readers.links import PageLinks, is_document, page_links, same_host, text_fragment
from pipeline.readers.markup import parse


def links_of(source: str, url: str = "https://www.clinic.example/care/page.html") -> PageLinks:
    return page_links(parse(source), url)


def test_links_are_absolute_once_and_in_order() -> None:
    links = links_of(
        """<a href="../fees">Fees</a> <a href='/team?a=1&amp;b=2#top'>Team</a> <a href=next.html>Next</a>
        <a href="../fees#x">again</a> <a href="#here">here</a> <a>none</a> <a href="mailto:a@b.example">mail</a>
        <a href="tel:1">call</a>
        <a href="javascript:void(0)">js</a> <a href="//other.example/x">other</a> <a href=" /spa ce\n">space</a>
        <a href="http://[bad/">bad</a> <a href="http://x.example:port/">bad</a><map><area href="/area"></map>"""
    )
    assert links.links == (
        "https://www.clinic.example/fees",
        "https://www.clinic.example/team?a=1&b=2",
        "https://www.clinic.example/care/next.html",
        "https://other.example/x",
        "https://www.clinic.example/spa ce",
        "https://www.clinic.example/area",
    )


def test_links_in_closed_menus_are_found() -> None:
    links = links_of('<nav hidden><ul style="display:none"><li><a href="/fees">Fees</a></ul></nav>')
    assert links.links == ("https://www.clinic.example/fees",)


def test_base() -> None:
    links = links_of('<base href="/v2/"><base href="/v3/"><a href="fees">Fees</a>')
    assert links.base == "https://www.clinic.example/v2/"
    assert links.links == ("https://www.clinic.example/v2/fees",)


def test_frames_of_the_same_host() -> None:
    links = links_of(
        '<iframe src="/inner"></iframe><iframe src="https://clinic.example/two"></iframe><iframe src="https://maps.example/">'
        '</iframe><frameset><frame src="menu.html"></frameset><iframe srcdoc="x"></iframe>'
    )
    assert links.frames == (
        "https://www.clinic.example/inner",
        "https://clinic.example/two",
        "https://www.clinic.example/care/menu.html",
    )


@pytest.mark.parametrize(
    ("content", "target"),
    [
        ("0; url=/new", "https://www.clinic.example/new"),
        ("5;URL='new.html'", "https://www.clinic.example/care/new.html"),
        ('0;"https://x.example/"', "https://x.example/"),
        ("0, /new", "https://www.clinic.example/new"),
        ("30", None),
        ("", None),
        ("0; url=javascript:alert(1)", None),
    ],
)
def test_refresh(content: str, target: str | None) -> None:
    escaped = content.replace('"', "&quot;")
    assert links_of(f'<meta http-equiv="Refresh" content="{escaped}">').refresh == target


def test_what_the_head_says() -> None:
    links = links_of(
        """<html lang="en-GB"><link rel="canonical" href="/care/"><link rel="alternate" hreflang="ES" href="/es/">
        <link rel="alternate" type="application/rss+xml" href="/feed"><meta name="robots" content="NoIndex, follow">"""
    )
    assert links.canonical == "https://www.clinic.example/care/"
    assert links.language == "en-GB"
    assert links.alternates == (("es", "https://www.clinic.example/es/"),)
    assert links.robots == ("noindex", "follow")


def test_documents_are_listed_apart() -> None:
    links = links_of('<a href="/a.PDF?x=1">Brochure</a><a href="b.docx">Form</a><a href="/pdf">No</a>')
    assert links.documents == (
        "https://www.clinic.example/a.PDF?x=1",
        "https://www.clinic.example/care/b.docx",
    )
    assert links.links == ("https://www.clinic.example/pdf",)


@pytest.mark.parametrize(("url", "expected"), [("a/b.pdf", True), ("https://x.example/b.pdf.html", False)])
def test_is_document(url: str, expected: bool) -> None:
    assert is_document(url) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("https://www.a.example/x", "http://A.example/y", True),
        ("https://a.example:8080/", "https://a.example/", False),
        ("https://b.a.example/", "https://a.example/", False),
        ("https://u:p@a.example/", "https://a.example/", True),
    ],
)
def test_same_host(one: str, other: str, expected: bool) -> None:
    assert same_host(one, other) is expected


@pytest.mark.parametrize(
    ("text", "directive"),
    [
        ("calm rooms", "calm%20rooms"),
        ("24-48 hours, a & b", "24%2D48%20hours%2C%20a%20%26%20b"),
        ("50% of “guests”", "50%25%20of%20%E2%80%9Cguests%E2%80%9D"),
        ("a#b?c=d+e", "a%23b%3Fc%3Dd%2Be"),
        ("7 in 10\nfelt lighter", "7%20in%2010,felt%20lighter"),
        (
            " ".join(f"word{i}" for i in range(40)),
            "word0%20word1%20word2%20word3%20word4,word35%20word36%20word37%20word38%20word39",
        ),
    ],
)
def test_text_fragment(text: str, directive: str) -> None:
    assert text_fragment("https://x.example/a", text) == f"https://x.example/a#:~:text={directive}"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://x.example/a#top", "https://x.example/a#top:~:text=calm"),
        ("https://x.example/a#top:~:text=old", "https://x.example/a#top:~:text=calm"),
    ],
)
def test_text_fragment_keeps_the_fragment(url: str, expected: str) -> None:
    assert text_fragment(url, "calm") == expected


def test_no_text_no_directive() -> None:
    assert text_fragment("https://x.example/a", " \n ") == "https://x.example/a"


@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=100).filter(
        str.strip
    )
)
def test_the_directive_says_the_text_and_nothing_of_its_own(text: str) -> None:
    directive = text_fragment("https://x.example/a", text).partition(":~:text=")[2]
    assert not set("-&, ") & set(directive)
    assert unquote(directive) == " ".join(text.split())
