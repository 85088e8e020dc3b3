"""Addresses: what is folded and what is not."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.sources.urls import clean, host_of, key, matches, same_path

CLEAN = [
    ("HTTPS://Clinic.Example", "https://clinic.example/"),
    ("https://clinic.example:443/a", "https://clinic.example/a"),
    ("http://clinic.example:8080/a", "http://clinic.example:8080/a"),
    ("https://clinic.example./a", "https://clinic.example/a"),
    ("https://clinic.example/a#part", "https://clinic.example/a"),
    ("https://clinic.example/a/../b/./c", "https://clinic.example/b/c"),
    ("https://clinic.example/../../b", "https://clinic.example/b"),
    ("https://clinic.example/a/..", "https://clinic.example/"),
    ("https://clinic.example/%7euser/%c3%a9", "https://clinic.example/~user/%C3%A9"),
    ("https://clinic.example/é?q=ü", "https://clinic.example/%C3%A9?q=%C3%BC"),
    ("https://clinic.example/100%", "https://clinic.example/100%25"),
    ("https://bücher.example/", "https://xn--bcher-kva.example/"),
    ("https://clinic.example/?utm_source=x&id=7&fbclid=abc", "https://clinic.example/?id=7"),
    ("https://clinic.example/?gclid=1", "https://clinic.example/"),
    ("https://clinic.example/?b=2&a=1", "https://clinic.example/?b=2&a=1"),
    ("https://clinic.example/?&a=&&b", "https://clinic.example/?a=&b"),
    ("https://clinic.example/a;jsessionid=0A1B?x=1", "https://clinic.example/a?x=1"),
    ("https://clinic.example/?PHPSESSID=abc&p=1", "https://clinic.example/?p=1"),
    ("https://clinic.example/?sid=0123456789abcdef01&p=1", "https://clinic.example/?p=1"),
    ("https://clinic.example/?sid=12", "https://clinic.example/?sid=12"),
    ("https://clinic.example/?s=ketamine", "https://clinic.example/?s=ketamine"),
    ("https://clinic.example/?name=50%25+off%26more", "https://clinic.example/?name=50%25+off%26more"),
    ("https://user:pass@clinic.example/", "https://clinic.example/"),
    ("https://[2001:DB8::1]:8080/", "https://[2001:db8::1]:8080/"),
    ("ftp://clinic.example/", None),
    ("mailto:x@clinic.example", None),
    ("javascript:void(0)", None),
    ("https://", None),
    ("https://clinic.example:port/", None),
    ("https://[::1", None),
    ("https://clinic.example/logo.PNG", None),
    ("https://clinic.example/style.css?v=3", None),
    ("https://clinic.example/brochure.pdf", "https://clinic.example/brochure.pdf"),
    ("https://clinic.example/" + "a" * 2000, None),
]


@pytest.mark.parametrize(("url", "expected"), CLEAN)
def test_cleaning(url: str, expected: str | None) -> None:
    assert clean(url) == expected


SAME = [
    ("https://clinic.example/a", "https://clinic.example/a/"),
    ("https://clinic.example", "https://www.clinic.example/index.html"),
    ("http://clinic.example/a", "https://clinic.example/a"),
    ("https://clinic.example/a?x=1&y=2", "https://clinic.example/a/?y=2&x=1&utm_medium=mail#top"),
    ("https://clinic.example/a/index.php", "https://clinic.example/a"),
]
DIFFERENT = [
    ("https://clinic.example/a", "https://clinic.example/A"),
    ("https://clinic.example/a", "https://clinic.example/a/b"),
    ("https://clinic.example/?p=1", "https://clinic.example/?p=2"),
    ("https://clinic.example/a", "https://other.example/a"),
    ("https://clinic.example/a", "https://clinic.example:8443/a"),
    ("https://clinic.example/a?x=1", "https://clinic.example/a?x=%31%26y=1"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_page(one: str, other: str) -> None:
    assert key(one) == key(other)
    assert same_path(one, other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_pages(one: str, other: str) -> None:
    assert key(one) != key(other)


def test_aliases_are_the_same_site() -> None:
    aliases = frozenset({"clinic-old.example"})
    assert key("https://www.clinic-old.example/a", aliases, "clinic.example") == key(
        "https://clinic.example/a"
    )
    assert host_of("https://WWW.Clinic.example/a") == "clinic.example"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [("/blog/*", True), ("*draft*", True), ("/blog", False), ("/BLOG/?-*", True), ("*/x", False)],
)
def test_patterns(pattern: str, expected: bool) -> None:
    assert matches("https://clinic.example/blog/a-b?draft=1", (pattern,)) is expected


segments = st.text(string.ascii_letters + string.digits + "-_.~%é +!*'()@:$", max_size=12)
names = st.text(string.ascii_lowercase, min_size=1, max_size=6)
queries = st.lists(st.tuples(names, st.text(string.ascii_letters + "%é +&=;", max_size=8)), max_size=4)


@st.composite
def addresses(draw: st.DrawFn) -> str:
    path = "/".join(draw(st.lists(segments, max_size=5)))
    query = "&".join(f"{n}={v}" for n, v in draw(queries))
    return f"{draw(st.sampled_from(['http', 'https']))}://clinic.example/{path}?{query}".strip()


@given(addresses())
def test_cleaning_twice_is_cleaning_once(url: str) -> None:
    once = clean(url)
    if once is not None:
        assert clean(once) == once
        assert key(once) == key(url)


@given(addresses(), st.sampled_from(["utm_source=x", "gclid=a%20b", "fbclid=", "PHPSESSID=1", "_ga=2.1"]))
def test_tracking_makes_no_difference(url: str, tracking: str) -> None:
    if clean(url) is not None:
        assert key(f"{url}&{tracking}") == key(url)
        assert clean(f"{url}&{tracking}#part") == clean(url)


@given(addresses(), st.randoms(use_true_random=False))
def test_the_order_of_the_query_makes_no_difference(url: str, random) -> None:  # type: ignore[no-untyped-def]
    head, _, query = url.replace(" ", "%20").partition("?")
    pieces = query.split("&")
    random.shuffle(pieces)
    assert key(f"{head}?{'&'.join(pieces)}") == key(f"{head}?{query}")


@given(st.text(max_size=80))
def test_nothing_raises(text: str) -> None:
    cleaned = clean(text)
    assert cleaned is None or cleaned.startswith(("http://", "https://"))
    assert isinstance(key(text), str)
    assert isinstance(host_of(text), str)
