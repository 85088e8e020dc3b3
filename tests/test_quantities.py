"""Quantities: a table of wordings with what they mean, and what must hold for any text."""

from __future__ import annotations

import pytest
from endless import comes_to_an_end
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.quantities import parse

MINUTE = 1 / 60
DAY, WEEK, MONTH, YEAR = 24.0, 168.0, 730.0, 8760.0

# Text → (kind, low, high) of every quantity in it, in order.
CASES: list[tuple[str, list[tuple[str, float | None, float | None]]]] = [
    # How soon
    ("within minutes", [("time", MINUTE, 59 * MINUTE)]),
    ("in mins", [("time", MINUTE, 59 * MINUTE)]),
    ("in 2 to 4 minutes", [("time", 2 * MINUTE, 4 * MINUTE)]),
    ("within 40 minutes", [("time", None, 40 * MINUTE)]),
    ("within 30 seconds", [("time", None, 30 / 3600)]),
    ("in a matter of hours", [("time", 1, 24)]),
    ("within hours", [("time", 1, 24)]),
    ("24-48 hrs", [("time", 24, 48)]),
    ("24–48 hours", [("time", 24, 48)]),
    ("24 to 48 hours", [("time", 24, 48)]),
    ("24h", [("time", 24, 24)]),
    ("72hrs", [("time", 72, 72)]),
    ("within an hour", [("time", None, 1)]),
    ("less than an hour", [("time", None, 1)]),
    ("in as little as two hours", [("time", None, 2)]),
    ("as early as four hours", [("time", None, 4)]),
    ("1 hour to 2 days", [("time", 1, 48)]),
    ("a few hours", [("time", 2, 6)]),
    ("half an hour", [("time", 0.5, 0.5)]),
    ("an hour and a half", [("time", 1.5, 1.5)]),
    ("in three quarters of an hour", [("time", 0.75, 0.75)]),
    ("the same day", [("time", 1, DAY)]),
    ("same-day relief", [("time", 1, DAY)]),
    ("overnight", [("time", 1, DAY)]),
    ("by the next morning", [("time", 8, DAY)]),
    ("the very next day", [("time", 12, 36)]),
    ("within a day", [("time", None, DAY)]),
    ("within a day or two", [("time", DAY, 2 * DAY)]),
    ("within a couple of days", [("time", None, 2 * DAY)]),
    ("within the first week", [("time", None, WEEK)]),
    ("over a weekend", [("time", 1, 3 * DAY)]),
    ("at day 7", [("time", WEEK, WEEK)]),
    ("by week two", [("time", None, 2 * WEEK)]),
    ("no more than two weeks", [("time", None, 2 * WEEK)]),
    ("a fortnight", [("time", 2 * WEEK, 2 * WEEK)]),
    ("two (2) weeks", [("time", 2 * WEEK, 2 * WEEK)]),
    ("twenty-four hours", [("time", 24, 24)]),
    ("seventy two hours", [("time", 72, 72)]),
    # How long
    ("hours or days", [("time", 1, WEEK)]),
    ("weeks or even months", [("time", WEEK, YEAR)]),
    ("days, weeks or months", [("time", DAY, YEAR)]),
    ("relief can last 2 to 3 weeks", [("time", 2 * WEEK, 3 * WEEK)]),
    ("lasts three to seven days", [("time", 3 * DAY, WEEK)]),
    ("lasting over two weeks", [("time", 2 * WEEK, None)]),
    ("for over a month", [("time", MONTH, None)]),
    ("six months or longer", [("time", 6 * MONTH, None)]),
    ("up to a year", [("time", None, YEAR)]),
    ("for years", [("time", YEAR, 10 * YEAR)]),
    ("weeks of relief", [("time", WEEK, MONTH)]),
    # Neither how soon nor how long the benefit
    ("over 40 minutes", [("length", 40 * MINUTE, 40 * MINUTE)]),
    ("for an hour or so", [("length", 1, 1)]),
    ("a 40-minute infusion", [("length", 40 * MINUTE, 40 * MINUTE)]),
    ("a 2 hour observation period", [("length", 2, 2)]),
    ("six infusions over 2 to 3 weeks", [("length", 2 * WEEK, 3 * WEEK)]),
    ("every two weeks", [("interval", None, None)]),
    ("once every 3-4 weeks", [("interval", None, None)]),
    ("twice a week", [("interval", None, None)]),
    ("24 hours a day, 7 days a week", [("interval", None, None)] * 2),
    ("20 years ago", [("age", 20 * YEAR, 20 * YEAR)]),
    ("in recent years", [("age", None, None)]),
    ("within two working days", [("age", None, None)]),
    ("a 65-year-old patient", [("age", 65 * YEAR, 65 * YEAR)]),
    ("hours, not weeks", [("contrast", None, None)]),
    ("within hours rather than weeks", [("time", 1, 24), ("contrast", None, None)]),
    ("instead of the usual six weeks", [("contrast", None, None)]),
    ("after one or two infusions", [("sessions", 1, 2)]),
    ("by the second visit", [("sessions", 2, 2)]),
    ("calmer days", []),
    ("opening hours", []),
    ("a second infusion", []),
    ("in 2019", []),
    # Rates
    ("over 80 %", [("rate", 80, None)]),
    ("up to 70 %", [("rate", None, 70)]),
    ("80 percent or higher", [("rate", 80, None)]),
    ("90+%", [("rate", 90, None)]),
    ("50–70%", [("rate", 50, 70)]),
    ("70% to 80%", [("rate", 70, 80)]),
    ("between 50 and 70 per cent", [("rate", 50, 70)]),
    ("seventy-five percent", [("rate", 75, 75)]),
    ("one hundred percent", [("rate", 100, 100)]),
    ("seven in ten", [("rate", 70, 70)]),
    ("7 of 10 patients", [("rate", 70, 70)]),
    ("three out of four people", [("rate", 75, 75)]),
    ("one of two options", []),
    ("half of patients", [("rate", 50, 50)]),
    ("more than half of patients", [("rate", 50, None)]),
    ("two-thirds", [("rate", 200 / 3, 200 / 3)]),
    ("a third of patients", [("rate", 100 / 3, 100 / 3)]),
    ("1/3 of patients", [("rate", 100 / 3, 100 / 3)]),
    ("more than 9/10 people", [("rate", 90.0, None)]),
    ("open 24/7 of course", []),
    ("a 95% CI", []),
    # Money and doses
    ("$400-800 per session", [("money", None, None)]),
    ("£1,250.50", [("money", None, None)]),
    ("0.5 mg/kg over 40 minutes", [("dose", None, None), ("length", 40 * MINUTE, 40 * MINUTE)]),
]


@pytest.mark.parametrize(("text", "wanted"), CASES, ids=[text for text, _ in CASES])
def test_means(text: str, wanted: list[tuple[str, float | None, float | None]]) -> None:
    found = [(q.kind, q.low, q.high) for q in parse(text)]
    assert [kind for kind, *_ in found] == [kind for kind, *_ in wanted]
    for (_, *bounds), (_, *expected) in zip(found, wanted, strict=True):
        assert bounds == [None if e is None else pytest.approx(e) for e in expected]


@pytest.mark.parametrize("text", [text for text, _ in CASES])
def test_case_of_letters_and_surroundings_change_nothing(text: str) -> None:
    plain = [(q.kind, q.low, q.high) for q in parse(text)]
    assert [(q.kind, q.low, q.high) for q in parse(text.upper())] == plain
    assert [(q.kind, q.low, q.high) for q in parse(f"Note: {text}. Thanks.")] == plain


VOCABULARY = """
    a an the about within in for over up to at least more than less not rather instead of by until
    lasting lasts every once twice per first few several couple half or and - – % percent in out one
    two seven ten twenty thirty hundred 1 2 3 24 48 70 100 0.5 1,200 $ mg mg/kg seconds minutes mins
    hour hours day days next same morning overnight week weeks month months year years ago old
    session sessions infusion infusions patients third thirds quarter , . ( )
"""
pages = st.lists(st.sampled_from(VOCABULARY.split()), max_size=40).map(" ".join)
texts = st.one_of(
    pages, st.text(max_size=120), st.lists(st.one_of(pages, st.text(max_size=12)), max_size=6).map("".join)
)


@given(texts)
@settings(max_examples=150, deadline=None)
def test_spans_hold_their_words_in_order_without_overlap(text: str) -> None:
    end = 0
    for quantity in parse(text):
        assert quantity.start >= end
        assert quantity.end > quantity.start
        assert text[quantity.start : quantity.end] == quantity.text
        assert quantity.text == quantity.text.strip()
        end = quantity.end


@given(texts)
@settings(max_examples=150, deadline=None)
def test_ranges_are_ordered_and_not_negative(text: str) -> None:
    for quantity in parse(text):
        known = [bound for bound in (quantity.low, quantity.high) if bound is not None]
        assert known == sorted(known)
        assert all(bound >= 0 for bound in known)


@given(texts)
@settings(max_examples=150, deadline=None)
def test_a_span_read_alone_is_one_quantity_of_the_same_sense(text: str) -> None:
    for quantity in parse(text):
        (alone,) = parse(_with_what_follows(text, quantity.end, quantity.text))
        assert (alone.kind, alone.low, alone.high) == (quantity.kind, quantity.low, quantity.high)


def _with_what_follows(text: str, end: int, words: str) -> str:
    """ "Half" and "two in ten" are shares by the word behind them, which is no part of them."""
    following = text[end:].split()
    return f"{words} {following[0]}" if words.lower().endswith("half") and following else words


@given(
    st.integers(1, 400), st.integers(1, 400), st.sampled_from(("minutes", "hours", "days", "weeks", "months"))
)
def test_a_range_means_the_same_whichever_way_it_is_written(low: int, high: int, unit: str) -> None:
    spellings = (
        f"{low}-{high} {unit}",
        f"{low} – {high} {unit}",
        f"{low} to {high} {unit}",
        f"between {low} and {high} {unit}",
    )
    found = {(q.kind, q.low, q.high) for text in spellings for q in parse(text)}
    assert len(found) == 1
    assert found == {(q.kind, q.low, q.high) for q in parse(f"{high} to {low} {unit}")}


@given(st.integers(0, 100))
def test_a_share_means_the_same_in_figures_and_signs(share: int) -> None:
    for text in (f"{share}%", f"{share} %", f"{share} percent", f"{share} per cent"):
        assert [(q.kind, q.low, q.high) for q in parse(text)] == [("rate", share, share)]


@pytest.mark.parametrize(
    "piece",
    [
        "1 ", "1", "a ", "for ", "in ", "over a ", "   ", "\n", "1-", "1 to ", "1 of ", "10% ", "two weeks ", "weeks ",
        "weeks, ", "weeks or ", "$1", "$1,", "1,1", "1.", "every ", "once every 2 ", "not the ", "the first ",
        "half ", "twenty ", "twenty-one ", "mg", "1 mg ", "past ", "after the very ", "by the ", "1 in 10 ", "as ", "%",
    ],
)  # fmt: skip
def test_a_flood_comes_to_an_end(piece: str) -> None:
    """What stands behind it is read all the same."""
    with comes_to_an_end():
        found = parse(f"{piece * (300_000 // len(piece))}\n\nIt works within 24 hours.")
    assert (found[-1].kind, found[-1].high) == ("time", 24)
