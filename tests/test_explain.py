"""The explained verdict: lines and carets stand where the words stand, at any width."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from claims.model import (
    Attribution,
    Audit,
    Block,
    BlockKind,
    Claim,
    Cue,
    Family,
    Finding,
    Framing,
    Page,
    PageResult,
    Polarity,
    Quantity,
    Route,
    Severity,
    Strength,
    Subject,
    Verdict,
    Versions,
)
from reports.context import ReportContext
from reports.explain import marker, render, wrapped
from reports.summary import closing

TEXT = (
    "Our IV ketamine infusions can relieve treatment-resistant depression within 2 to 4 hours, and we watch "
    "over you \u2013 \u65e5\u672c\u8a9e too \u2013 for the whole of your visit."
)
RUN = Audit("run", "2026-03-02T09:30:00+00:00", Versions("1", "c", "l"), "standard")
CUES = {
    "ketamine infusions": ("subject", "ketamine"),
    "IV": ("route", "iv"),
    "can": ("strength", "S2"),
    "treatment-resistant depression": ("condition", "trd"),
    "within 2 to 4 hours": ("quantity", "2 to 4 h"),
}


def result(text: str = TEXT) -> PageResult:
    cues = tuple(
        Cue(slot, value, words, text.index(words), text.index(words) + len(words), f"rules/{slot}")
        for words, (slot, value) in CUES.items()
        if words in text
    )
    claim = Claim(
        family=Family.ONSET,
        proposition="within_hours",
        subject=Subject.KETAMINE,
        route=Route.IV,
        conditions=("trd",),
        strength=Strength.S2,
        polarity=Polarity.AFFIRMED,
        attribution=Attribution.NONE,
        framing=Framing.ASSERTED,
        quantity=Quantity("time", 2, 4, "within 2 to 4 hours", 0, 1),
        qualifiers=(),
        quote=text,
        start=0,
        end=len(text),
        block=0,
        cues=(*cues, Cue("framing", "question", "How soon?", None, None, "framing/question", "question")),
    )
    finding = Finding("f", claim, Verdict.SUPPORTED, Severity.NOTE, "ketamine/onset", "It holds.", (), ())
    return PageResult("text", Page("text", "", "en", (Block(text, BlockKind.PARAGRAPH),)), (finding,))


def drawn(one: PageResult, width: int = 80, colour: bool = False) -> list[str]:
    context = ReportContext(RUN, width=width, colour=colour)
    return "".join(render(closing([one]), context)).splitlines()


@given(
    st.text(alphabet="ab \u65e5\u672c", max_size=200).map(lambda t: " ".join(t.split())), st.integers(4, 60)
)
def test_lines_hold_the_whole_text_and_fit(text: str, columns: int) -> None:
    spans = list(wrapped(text, columns))
    assert "".join(text[start:end] for start, end in spans) == "".join(
        char for at, char in enumerate(text) if char != " " or any(start <= at < end for start, end in spans)
    )
    assert [text[start:end] for start, end in spans if cell_len(text[start:end]) > columns] == []
    assert all(text[end:start] == " " * (start - end) for (_, end), (start, _) in pairwise(spans))


@given(st.integers(0, 40), st.integers(1, 40), st.text(alphabet="ab c", min_size=1, max_size=120))
def test_carets_stand_under_their_words_whatever_the_label(start: int, cells: int, label: str) -> None:
    rows = list(marker(start, cells, label.strip() or "x", 80))
    at = [(row.index("^"), row.rindex("^") + 1) for row in rows if "^" in row]
    assert at == [(start, start + cells)]
    assert all(len(row) <= 80 for row in rows)
    assert "".join((label.strip() or "x").split()) == "".join("".join(rows).replace("^", "").split())


@pytest.mark.parametrize("width", [40, 60, 80, 100])
def test_every_deciding_word_has_its_carets(width: int) -> None:
    rows = drawn(result(), width)
    assert [row for row in rows if cell_len(row) > width] == []
    under: dict[str, str] = {}
    line = ""
    for row in rows[2:]:
        if not row:
            break
        if "^" not in row:
            if any(word in row for word in TEXT.split()) and "(rules/" not in row:
                line = row
            continue
        start, end = row.index("^"), row.rindex("^") + 1
        for words in CUES:
            piece = line[start:end]
            if piece and piece in words:
                under[words] = under.get(words, "") + piece
    assert {words: "".join(piece.split()) for words, piece in under.items()} == {
        words: "".join(words.split()) for words in CUES
    }


def test_words_that_stand_elsewhere_are_quoted_with_their_place() -> None:
    assert any(
        row.split() == ["question", '"How', 'soon?"', "framing", "question", "(framing/question)"]
        for row in drawn(result())
    )


def test_hostile_text_moves_no_cursor() -> None:
    text = TEXT.replace("visit", "vi\x1b[2Jsit\u202e")
    shown = "\n".join(drawn(result(text)))
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_colour_only_adds_colour() -> None:
    plain, coloured = drawn(result()), drawn(result(), colour=True)
    assert coloured != plain
    strip = [row.replace("\x1b[0m", "").rstrip() for row in coloured]
    for code in ("1", "2", "32"):
        strip = [row.replace(f"\x1b[{code}m", "") for row in strip]
    assert [row.rstrip() for row in strip] == plain


def test_nothing_found_is_said() -> None:
    assert drawn(replace(result(), findings=()))[0] == "No claims."
