"""How strongly something is said, of what, by whom, and whether at all: each case a sentence of its own."""

from __future__ import annotations

import pytest
from reading import cases, claims_of, mention, said, statement

from claims.model import Attribution, Strength
from pipeline.nlp import assertion

GROUPS = {row["group"]: row["cases"] for row in cases("assertion")}


@pytest.mark.parametrize(
    ("text", "family", "level"), [c for g in ("ladder", "reach", "lifted") for c in GROUPS[g]]
)
def test_strength(text: str, family: str, level: str) -> None:
    found = {c.strength for c in claims_of(text) if c.family == family}
    assert found == {Strength[level]}


@pytest.mark.parametrize(
    ("text", "proposition", "made"), [c for g in ("negation", "denial", "asked") for c in GROUPS[g]]
)
def test_what_is_denied_or_asked(text: str, proposition: str, made: bool) -> None:
    assert (proposition in said(claims_of(text))) is made


@pytest.mark.parametrize(("text", "family", "who"), GROUPS["attribution"])
def test_attribution(text: str, family: str, who: str) -> None:
    assert {c.attribution for c in claims_of(text) if c.family == family} == {Attribution(who)}


def test_every_rung_has_its_cases() -> None:
    rungs = {level for _, _, level in GROUPS["ladder"]}
    assert rungs == {level.name for level in Strength}


def test_each_rung_names_the_words_that_decided() -> None:
    [claim] = [c for c in claims_of("Ketamine may relieve depression.") if c.family == "efficacy"]
    cues = {cue.slot: cue.text for cue in claim.cues}
    assert cues["strength"] == "may"
    assert cues["subject"] == "Ketamine"
    assert cues["condition"] == "depression"


def test_a_negation_reaches_its_own_fragment() -> None:
    near = statement("Ketamine is not known to relieve depression")
    far = statement("Ketamine is not cheap, but patients say that it does relieve depression")
    assert assertion.negation(near, mention(near, "benefit_verb")) is not None
    assert assertion.negation(far, mention(far, "benefit_verb")) is None
