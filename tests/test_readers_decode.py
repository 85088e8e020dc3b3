"""Bytes to text: order of precedence, wrong declarations, and bytes that are no text."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.model import Page, Skipped, Snapshot
from pipeline.readers import read_page
from pipeline.readers.decode import charset_of, decode

TEXT = "Relief in 24–48 hours — it’s “calm”, ≥ 50 %"
META = '<meta charset="{}"><p>'
RUSSIAN = "Кетамин может помочь некоторым людям с депрессией, но не всем и не всегда. " * 5
JAPANESE = "ケタミンは一部の人のうつ病に役立つことがあります。" * 5

CASES: dict[str, tuple[bytes, str | None, str, str, int]] = {
    # name: bytes, transport's charset, text it must hold, encoding, number of notes
    "utf-8": (TEXT.encode(), "utf-8", TEXT, "utf-8", 0),
    "utf-8 undeclared": (TEXT.encode(), None, TEXT, "utf-8", 0),
    "utf-8 with mark, declared otherwise": (codecs.BOM_UTF8 + TEXT.encode(), "iso-8859-1", TEXT, "utf-8", 0),
    "utf-16 little-endian with mark": (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), None, TEXT, "utf-16-le", 0),
    "utf-16 big-endian with mark": (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-8", TEXT, "utf-16-be", 0),
    "utf-32 with mark": (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), None, TEXT, "utf-32-le", 0),
    "utf-16 without mark": (TEXT.encode("utf-16-le"), None, TEXT, "utf-16-le", 0),
    "latin-1 means windows-1252": ("it’s “calm”".encode("cp1252"), "ISO-8859-1", "it’s “calm”", "cp1252", 0),
    "windows-1252 by the page": (META.format("windows-1252").encode() + b"it\x92s", None, "it’s", "cp1252", 0),
    "transport before page": (META.format("utf-8").encode() + b"it\x92s", "windows-1252", "it’s", "cp1252", 0),
    "page where the transport is wrong": (
        META.format("shift_jis").encode() + JAPANESE.encode("cp932"), "utf-8", JAPANESE, "cp932", 1,
    ),
    "old declaration over utf-8": (META.format("iso-8859-1").encode() + TEXT.encode(), None, TEXT, "utf-8", 1),
    "transport lies over utf-8": (TEXT.encode(), "windows-1252", TEXT, "utf-8", 1),
    "utf-8 declared, windows-1252 sent": (b"it\x92s calm, 24\x9648 h", "utf-8", "it’s calm, 24–48 h", "cp1252", 1),
    "a stray byte in utf-8": ((TEXT * 9).encode() + b" it\x92s", "utf-8", "it’s", "utf-8", 1),
    "cut in the middle of a character": ("calm — rooms —".encode()[:-1], "utf-8", "calm — rooms ", "utf-8", 1),
    "unknown label": (TEXT.encode(), "utf-8mb4", TEXT, "utf-8", 1),
    "utf-7 is never taken": (b"+ADw-script+AD4-", "utf-7", "+ADw-script+AD4-", "utf-8", 1),
    "utf-16 declared within ascii": (META.format("utf-16").encode() + b"calm", None, "calm", "utf-8", 0),
    "xml declaration": (
        b'<?xml version="1.0" encoding="koi8-r"?><p>' + RUSSIAN.encode("koi8-r"), None, RUSSIAN, "koi8-r", 0,
    ),
    "japanese by its bytes": (JAPANESE.encode("euc_jp"), None, JAPANESE, "euc_jis_2004", 1),
    "undefined bytes of windows-1252": (b"calm \x81 rooms", "latin-1", "calm \x81 rooms", "cp1252", 0),
    "plain ascii": (b"calm rooms", None, "calm rooms", "utf-8", 0),
}  # fmt: skip


@pytest.mark.parametrize(("body", "charset", "text", "encoding", "notes"), CASES.values(), ids=CASES)
def test_decode(body: bytes, charset: str | None, text: str, encoding: str, notes: int) -> None:
    decoded = decode(body, charset)
    assert decoded is not None
    assert text in decoded.text
    assert not decoded.text.startswith("\ufeff")
    assert decoded.encoding == encoding
    assert len(decoded.notes) == notes, decoded.notes


@pytest.mark.parametrize(
    "body", [bytes(range(1, 32)) * 40, b"\x81\x8d\x8f\x90" * 100], ids=["controls", "high controls"]
)
def test_bytes_that_are_no_text(body: bytes) -> None:
    assert decode(body, "windows-1252") is None


def test_a_wrong_declaration_is_noted_on_the_page() -> None:
    body = b"<html lang=en><p>It\xe2\x80\x99s calm in our rooms, and the care is slow.</p>"
    snapshot = Snapshot(
        "https://x.example/", body, headers=(("Content-Type", "text/html; charset=iso-8859-1"),)
    )
    page = read_page(snapshot)
    assert isinstance(page, Page)
    assert page.blocks[0].text.startswith("It’s")
    assert [note.code for note in page.notes] == ["encoding"]
    assert "iso-8859-1" in page.notes[0].text


def test_offsets_count_characters_of_the_decoded_source() -> None:
    source = "<p>“Größe” – 24 hours</p>\n<p>calm “rooms”</p>"
    page = read_page(Snapshot("a.html", codecs.BOM_UTF16_LE + source.encode("utf-16-le")))
    assert isinstance(page, Page)
    assert page.source_text == source
    span = page.blocks[1].source.span(0, 4)
    assert span is not None
    assert source[slice(*span)] == "calm"
    assert (page.blocks[1].locator.line, page.blocks[1].locator.column) == (2, 4)


@pytest.mark.parametrize(
    ("header", "charset"),
    [("text/html; charset=UTF-8", "UTF-8"), ('text/html;charset="koi8-r"', "koi8-r"), ("text/html", None)],
)
def test_charset_of_a_header(header: str, charset: str | None) -> None:
    assert charset_of(header) == charset


@given(
    st.binary(max_size=300),
    st.sampled_from([None, "utf-8", "windows-1252", "shift_jis", "bogus", "utf-16", "zlib"]),
)
@settings(max_examples=150, deadline=None)
def test_any_bytes_give_a_page_or_a_reason(body: bytes, charset: str | None) -> None:
    result = read_page(Snapshot("https://x.example/", body, media_type="text/html"), charset)
    assert isinstance(result, Page | Skipped)
    if isinstance(result, Skipped):
        assert re_sentence(result.reason)


def re_sentence(reason: str) -> bool:
    return bool(reason) and "\n" not in reason and not reason.endswith(".")
