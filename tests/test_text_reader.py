"""Plain text: kinds of block by their form, what each is read with, and places that hold the words reported."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import cases, claims_in, text_page

from pipeline.readers.text import read_blocks

RELATIONS = ("lead_in", "question", "framing_label", "headings", "answers_directly", "previous")


@pytest.mark.parametrize("case", cases("text_reader"), ids=lambda case: case["name"])
def test_blocks(case: dict[str, Any]) -> None:
    blocks = read_blocks(case["text"])
    assert [[b.kind.value, b.text] for b in blocks] == [row[:2] for row in case["blocks"]]
    for block, row in zip(blocks, case["blocks"], strict=True):
        for relation, value in (row[2] if len(row) > 2 else {}).items():
            assert relation in RELATIONS
            found = getattr(block, relation)
            assert (list(found) if isinstance(found, tuple) else found) == value, (relation, block.text)


LINES = st.sampled_from(
    (
        *(
            "",
            "  ",
            "\t",
            "Ketamine for depression",
            "Ketamine may ease depression within hours. It can fade.",
        ),
        *(
            "• Relieves depression\u00a0fast",
            "1. Ketamine is safe",
            "Benefits include:",
            "Is it addictive?",
            "No.",
        ),
        *(
            "70%",
            "of patients respond",
            "Myth: ketamine cures depression.",
            "Fact: It  can be\tabused.",
            "🌿 Natural",
        ),
        *(
            "“It saved my life.” – J. B.",
            "FDA-approved for de\u00adpression",
            "nausea",
            "dizziness",
            "\ufeffOur clinic",
        ),
        *("It’s off‑label. The F.D.A. has not approved it.", "–", "Ketamine   works\u2009in hours"),
    )
)
TEXTS = st.lists(LINES | st.text(max_size=20), max_size=14).map("\n".join)


def squeezed(text: str) -> str:
    """Without white space, marks that are not read, and bullets between joined lines."""
    return "".join(c for c in text if not c.isspace() and c not in "\u200b\u200c\u200d\ufeff\u00ad\u2060")


@settings(deadline=None, max_examples=200)
@given(TEXTS)
def test_a_block_stands_at_its_place(text: str) -> None:
    lines = text.splitlines()
    for block in read_blocks(text):
        span = block.source.span(0, len(block.text))
        assert span is not None
        assert squeezed(text[slice(*span)]) == squeezed(block.text)
        assert block.locator.line is not None
        assert block.locator.column is not None
        rest = lines[block.locator.line - 1][block.locator.column - 1 :]
        assert squeezed(rest).startswith(squeezed(block.text.partition("\n")[0])[:3])


@settings(deadline=None, max_examples=80)
@given(TEXTS)
def test_the_characters_at_the_place_are_the_statement(text: str) -> None:
    page = text_page(text)
    for claim in claims_in(page):
        block = page.blocks[claim.block]
        assert block.text[claim.start : claim.end] == claim.quote
        span = block.source.span(claim.start, claim.end)
        assert span is not None
        assert squeezed(text[slice(*span)]) == squeezed(claim.quote)
        for cue in claim.cues:
            if cue.start is not None:
                assert block.text[cue.start : cue.end] == cue.text


@settings(deadline=None)
@given(TEXTS)
def test_nothing_visible_is_lost(text: str) -> None:
    letters = [c for c in squeezed(text) if c.isalpha()]
    kept = [c for block in read_blocks(text) for c in block.text if c.isalpha()]
    # A lettered bullet ("a)") is no word.
    assert len(letters) - len(kept) <= len(text.splitlines())


@given(st.text(max_size=120))
def test_any_text_can_be_read(text: str) -> None:
    for block in read_blocks(text):
        assert block.text == block.text.strip()
        assert block.text
