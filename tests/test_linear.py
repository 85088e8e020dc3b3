"""Long blocks, and words made to slow patterns down: reading comes to an end, and finds what is there."""

from __future__ import annotations

import pytest
from endless import comes_to_an_end
from reading import claims_in, said, text_page

from claims.model import Claim

SENTENCE = (
    "Ketamine may help some patients with depression, and it works within 24 hours, "
    "but results vary (often by 40%) while others wait for weeks. "
)
HOSTILE = (
    *(
        "a",
        "A. ",
        "(",
        '"',
        "'s",
        ".",
        "…",
        "?",
        "- ",
        "–",
        ", ",
        ": ",
        "; ",
        "24 ",
        "24 hours ",
        "40% of ",
        "$1-",
    ),
    *(
        "and it works ",
        "not ",
        "may ",
        "ketamine ",
        "disorder ",
        "very very ",
        ", which ",
        "by ",
        "Myth: ",
        "F.D.",
    ),
    *(
        "one in ",
        "a few ",
        "up to ",
        "\u00a0",
        "\u2022 ",
        "\n",
        "a\n",
        "1. a\n",
        "Why? ",
        "of patients\n70%\n",
    ),
)
MANY = 20_000


def block(words: int, sentence: str = SENTENCE) -> str:
    return sentence * (words // len(sentence.split()))


def read(text: str) -> tuple[Claim, ...]:
    with comes_to_an_end():
        return claims_in(text_page(text, title="Ketamine"))


@pytest.mark.slow
@pytest.mark.parametrize("stop", [". ", ", "], ids=["sentences", "one sentence"])
def test_a_hundred_thousand_words_in_one_block(stop: str) -> None:
    sentence = SENTENCE.replace(". ", stop)
    assert said(read(block(100_000, sentence))) == said(read(block(1_000, sentence)))


_READ = {"?": [], "and it works ": ["efficacy", "mechanism"]}
"""Families read where it is not efficacy alone."""


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_words(unit: str) -> None:
    found = read(f"Ketamine relieves depression. {unit * MANY}")
    assert [claim.family for claim in found] == _READ.get(unit, ["efficacy"])
