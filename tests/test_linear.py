"""Time grows with the text, not with its square: long blocks, and words made to slow patterns down."""

from __future__ import annotations

import time

import pytest
from reading import extractor, text_page

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
SMALL, LARGE = 400, 4000


def seconds(text: str) -> float:
    """Of this process alone: what else the machine does is not counted."""
    begun = time.process_time()
    extractor().extract(text_page(text, title="Ketamine"))
    return time.process_time() - begun


def block(words: int, sentence: str = SENTENCE) -> str:
    return sentence * (words // len(sentence.split()))


@pytest.mark.slow
@pytest.mark.parametrize("stop", [". ", ", "], ids=["sentences", "one sentence"])
def test_a_hundred_thousand_words_in_one_block(stop: str) -> None:
    sentence = SENTENCE.replace(". ", stop)
    seconds(block(1_000, sentence))
    few = seconds(block(10_000, sentence))
    many = seconds(block(100_000, sentence))
    assert many < 15 * max(few, 0.2)


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_words(unit: str) -> None:
    """Ten times the text takes ten times as long; a square would take a hundred times, and seconds."""
    words = f"Ketamine relieves depression. {unit * SMALL}"
    many = f"Ketamine relieves depression. {unit * LARGE}"
    assert seconds(many) < 30 * max(seconds(words), 0.1)
