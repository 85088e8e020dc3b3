"""Folding the surface: no character moves, doing it twice is doing it once, the words stay the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.nlp.normalise import JOINER, normalise

TEXTS = st.text(
    st.sampled_from("aZé9 .-–—−\u2011'’‘`“”\"\n\t\u00a0\u202f•®™†*%,;:!?F.D.A" + JOINER) | st.characters(),
    max_size=60,
)


@given(TEXTS)
def test_no_character_moves(text: str) -> None:
    folded = normalise(text)
    assert len(folded) == len(text)
    moved = [
        (i, a, b)
        for i, (a, b) in enumerate(zip(text, folded, strict=True))
        if a.isalnum() and b.isalnum() and a != b and "." not in text
    ]
    assert moved == []


@given(TEXTS)
def test_offsets_hold(text: str) -> None:
    """Plain words stand where they stood."""
    marked = f"{text} ketamine {text}"
    at = len(text) + 1
    assert normalise(marked)[at : at + 8] == "ketamine"


@given(TEXTS)
def test_twice_is_once(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(st.text(st.sampled_from("abc XYZ,;!?0123456789\n"), max_size=40))
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert normalise(text) == text


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("doesn’t", "doesn't"),
        ("“safe”", '"safe"'),
        ("fast‑acting", "fast acting"),
        ("fast–acting", "fast acting"),
        ("24-hour", "24 hour"),
        ("2–3 weeks", "2-3 weeks"),
        ("2 – 3 weeks", "2 - 3 weeks"),
        ("COVID-19", "COVID 19"),
        ("relief – fast", "relief – fast"),
        ("Spravato® (esketamine)", "Spravato  (esketamine)"),
        ("• Ketamine", "  Ketamine"),
        ("in\u00a0hours", "in hours"),
        ("F.D.A. approved", f"{JOINER * 3}FDA approved"),
        ("e.g. nausea", f"{JOINER * 2}eg nausea"),
        ("Dr. Smith", "Dr. Smith"),
    ],
)
def test_cases(text: str, folded: str) -> None:
    assert normalise(text) == folded
