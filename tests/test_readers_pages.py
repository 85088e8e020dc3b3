"""From a snapshot to a page: which reader, and pages that cannot be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from claims.model import Page, Skipped, Snapshot
from pipeline.readers import read_page, read_page_and_links, sniffing

REFUSALS = json.loads((Path(__file__).parent / "pages" / "refusals.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", REFUSALS, ids=[case["name"] for case in REFUSALS])
def test_pages_that_cannot_be_read(case: dict[str, str]) -> None:
    snapshot = Snapshot(
        "https://clinic.example/x",
        case["body"].encode(),
        status=int(case.get("status", 200)),
        media_type=case.get("media_type", "text/html"),
    )
    result = read_page(snapshot)
    if case["code"] is None:
        assert isinstance(result, Page), result
        assert result.blocks
    else:
        assert isinstance(result, Skipped)
        assert result.code == case["code"]
        assert result.url == snapshot.url
        assert ";" in result.reason, "the reason goes on to say what to do"
        assert "\n" not in result.reason


def test_a_paragraph_beyond_what_the_language_pipeline_takes_is_no_fault() -> None:
    result = read_page(Snapshot("one.txt", b"a" * 1_000_001))
    assert isinstance(result, Skipped)
    assert (result.code, "break the text into lines" in result.reason) == ("too_large", True)
    assert isinstance(read_page(Snapshot("two.txt", b"a" * 600_000 + b"\n\n" + b"a" * 600_000)), Page)


@pytest.mark.parametrize(
    ("url", "media_type", "body", "kind"),
    [
        ("https://x.example/", "text/html; charset=utf-8", b"plain", "html"),
        ("https://x.example/a.md", "text/plain", b"# Calm", "markdown"),
        ("https://x.example/a.txt", "text/plain", b"<p>calm", "text"),
        ("https://x.example/a", "application/xhtml+xml", b"<html/>", "html"),
        ("https://x.example/a", "application/xml", b'<?xml version="1.0"?><html xmlns="x"/>', "html"),
        ("https://x.example/a", "application/xml", b'<?xml version="1.0"?><urlset/>', None),
        ("https://x.example/a", "image/png", b"calm", None),
        ("copy/page.HTML", "", b"calm", "html"),
        ("copy/notes.markdown", "", b"calm", "markdown"),
        ("copy/notes.txt", "", b"calm", "text"),
        ("copy/notes", "", b"  <!-- saved -->\n<!DOCTYPE html><p>calm", "html"),
        ("copy/notes", "", b"\xef\xbb\xbf<html><p>calm", "html"),
        ("copy/notes", "", "<html><p>calm".encode("utf-16"), "html"),
        ("copy/notes", "", b"<?xml version='1.0'?>\n<!DOCTYPE html><html/>", "html"),
        ("-", "", b"calm < slow", "text"),
        ("https://x.example/a.html?b=c.md", "application/octet-stream", b"calm", "html"),
    ],
)
def test_kind_of_document(url: str, media_type: str, body: bytes, kind: str | None) -> None:
    assert sniffing.kind(url, media_type, body) == kind


@pytest.mark.parametrize(
    ("body", "is_binary"),
    [
        (b"%PDF-1.4\n1 0 obj", True),
        (b"PK\x03\x04word/document.xml", True),
        (b"\x89PNG\r\n\x1a\n", True),
        (b"calm\x00\x01\x02\x03rooms" * 50, True),
        (bytes(range(256)) * 8, True),
        ("calm rooms".encode("utf-16"), False),
        ("calm rooms ".encode("utf-16-le") * 9, False),
        (b"MZ is how the note begins, and it is a text", False),
        (b"BZh, said the bee", False),
        (b"calm", False),
    ],
)
def test_binary(body: bytes, is_binary: bool) -> None:
    assert (sniffing.binary(body) is not None) is is_binary
    if is_binary:
        result = read_page(Snapshot("a.txt", body))
        assert isinstance(result, Skipped)
        assert result.code == "binary"


def test_a_document_too_large_is_not_read() -> None:
    result = read_page(Snapshot("a.html", b"<p>calm</p>" * 3_200_000))
    assert isinstance(result, Skipped)
    assert result.code == "too_large"


def test_xhtml_with_sections_of_plain_characters() -> None:
    source = (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml" '
        'xml:lang="en"><head><title/><script src="a.js"/></head><body><p>Calm &#38; slow<br/>rooms.</p>'
        "<p><![CDATA[1 < 2 & more]]></p></body></html>"
    )
    page = read_page(Snapshot("https://x.example/", source.encode(), media_type="application/xhtml+xml"))
    assert isinstance(page, Page)
    assert [block.text for block in page.blocks] == ["Calm & slow rooms.", "1 < 2 & more"]
    assert page.language == "en"
    span = page.blocks[1].source.span(0, 12)
    assert span is not None
    assert source[slice(*span)] == "1 < 2 & more"


def test_cdata_is_no_text_in_html() -> None:
    page = read_page(Snapshot("a.html", b"<p>calm <![CDATA[not shown]]> rooms</p>"))
    assert isinstance(page, Page)
    assert page.blocks[0].text == "calm rooms"


def test_plain_text_is_read_by_lines() -> None:
    page = read_page(Snapshot("a.txt", b"Relief\n\nIt may help some people.\n"))
    assert isinstance(page, Page)
    assert [block.text for block in page.blocks] == ["Relief", "It may help some people."]
    assert page.blocks[1].locator.line == 3
    assert page.sha256


def test_an_unclosed_comment_is_noted() -> None:
    page = read_page(Snapshot("a.html", b"<html lang=en><p>It may help some people.</p><!-- <p>Rest</p>"))
    assert isinstance(page, Page)
    assert [note.code for note in page.notes] == ["unclosed_comment"]


def test_links_come_with_pages_that_are_not_read() -> None:
    body = b"<html lang=es><body><a href=/en>English</a><p>La ketamina puede ayudar.</p></body></html>"
    page, links = read_page_and_links(Snapshot("https://x.example/es", body, media_type="text/html"))
    assert isinstance(page, Skipped)
    assert links is not None
    assert links.links == ("https://x.example/en",)
