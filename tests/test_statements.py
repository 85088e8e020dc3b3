"""Cutting: texts into sentences, sentences into the fragments that a cue reaches."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import cases, parsed

from claims.casing import lowered
from pipeline.nlp.normalise import normalise
from pipeline.nlp.statements import fragments, sentences

WORDS = st.sampled_from(
    (
        *("ketamine", "it", "may help", "works", "within hours,", "and", "but", "while", "which", "giving"),
        *("by using", "(often", ")", ":", ";", "–", "—", "|", ".", "!", "?", "…", "\n", "patients feel"),
        *("F.D.A.", "e.g.", "Dr.", "24", "•", "For many people,", "Although", "it's", "“so”", "no"),
    )
)
TEXTS = st.lists(WORDS | st.text(max_size=4), max_size=25).map(" ".join)


@pytest.mark.parametrize("case", cases("sentences"), ids=lambda case: case["name"])
def test_sentences(case: dict[str, Any]) -> None:
    text = case["text"]
    assert [text[a:b] for a, b in sentences(normalise(text))] == case["sentences"]


@pytest.mark.parametrize("case", cases("fragments"), ids=lambda case: case["name"])
def test_fragments(case: dict[str, Any]) -> None:
    text = case["text"]
    found = fragments(lowered(normalise(text)), 0, len(text))
    assert [[text[f.start : f.end], f.kind] for f in found] == case["fragments"]


@settings(deadline=None)
@given(TEXTS)
def test_sentences_leave_out_only_white_space(text: str) -> None:
    folded = normalise(text)
    spans = sentences(folded)
    edges = [0, *(edge for span in spans for edge in span), len(folded)]
    assert edges == sorted(edges)
    gaps = [folded[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)]
    assert "".join(gaps).strip() == ""
    assert all(a < b and folded[a:b] == folded[a:b].strip() for a, b in spans)


@settings(deadline=None)
@given(TEXTS)
def test_fragments_tile_their_sentence(text: str) -> None:
    folded = normalise(text)
    for start, end in sentences(folded):
        cut = fragments(lowered(folded), start, end)
        assert cut[0].start == start
        assert cut[-1].end == end
        assert all(a.end == b.start for a, b in pairwise(cut))
        assert all(f.start < f.end and f.kind for f in cut)


@settings(deadline=None, max_examples=60)
@given(TEXTS)
def test_every_mention_stands_in_one_statement(text: str) -> None:
    found = parsed(text)
    held = [m for s in found.statements for m in s.mentions]
    assert held == found.mentions
    for statement in found.statements:
        assert all(statement.start <= m.first < m.last for m in statement.mentions)
        assert all(statement.start <= q.start < statement.end for q in statement.quantities)
        for m in statement.mentions:
            fragment = statement.fragments[statement.fragment_at(m.first)]
            assert fragment.start <= m.first < fragment.end
