"""Whose claim it is, by which route it is given, and which illness it is about."""

from __future__ import annotations

from typing import Any

import pytest
from reading import cases, claims_in, claims_of, page, said, text_page

from claims.model import Block, BlockKind, Subject

AROUND = ("heading", "lead_in", "question")


@pytest.mark.parametrize("case", cases("subjects"), ids=lambda case: case["name"])
def test_subject(case: dict[str, Any]) -> None:
    around = {key: case[key] for key in AROUND if key in case}
    found = [c for c in claims_of(case["text"], **around) if c.family == case["family"]]
    assert {c.subject.value for c in found} == ({case["subject"]} if case["subject"] else set())
    if "route" in case:
        assert {c.route.value for c in found} == {case["route"]}
    if "conditions" in case:
        assert {c.conditions for c in found} == {tuple(case["conditions"])}


def test_it_is_what_the_statement_before_named() -> None:
    text = "Esketamine is a nasal spray. It relieves depression. TMS uses magnets. It relieves depression."
    found = [c for c in claims_of(text) if c.family == "efficacy"]
    assert [(c.subject, c.start) for c in found] == [(Subject.ESKETAMINE, text.index("It"))]


def test_these_conditions_are_those_named_before() -> None:
    found = claims_of("Many live with PTSD. Ketamine may ease these symptoms.")
    assert {c.conditions for c in found if c.family == "efficacy"} == {("ptsd",)}


def test_a_heading_on_something_else_ends_what_went_before() -> None:
    text = "Ketamine\n\nIt relieves depression.\n\nTMS\n\nIt relieves depression.\n"
    found = [c for c in claims_in(text_page(text)) if c.family == "efficacy"]
    assert [c.block for c in found] == [1]


def test_a_page_about_esketamine_speaks_of_it() -> None:
    blocks = [Block(f"Spravato visit {i}.", BlockKind.PARAGRAPH) for i in range(4)]
    found = claims_in(
        page(*blocks, Block("The treatment relieves depression.", BlockKind.PARAGRAPH), title="")
    )
    assert {c.subject for c in found if c.family == "efficacy"} == {Subject.ESKETAMINE}


def test_a_page_that_names_no_treatment_of_ours_has_no_claim() -> None:
    block = Block("It relieves depression within hours and is completely safe.", BlockKind.PARAGRAPH)
    assert claims_in(page(block, title="Yoga")) == ()


def test_a_page_in_passing_needs_the_name_in_the_section() -> None:
    filler = [Block(f"Yoga class number {i} is on Monday.", BlockKind.PARAGRAPH) for i in range(30)]
    vague = Block("The treatment relieves depression.", BlockKind.PARAGRAPH)
    named = Block("Ketamine relieves depression.", BlockKind.PARAGRAPH)
    found = claims_in(page(*filler, vague, named, title="Yoga"))
    assert said(found) == {"efficacy/helps"}
    assert {c.block for c in found} == {31}


def test_a_page_in_passing_quotes_no_words_of_another_statement() -> None:
    filler = [Block(f"Yoga class number {i} is on Monday.", BlockKind.PARAGRAPH) for i in range(30)]
    named = Block("Picture a quiet room, a blanket and ketamine.", BlockKind.PARAGRAPH)
    after = Block("Sessions relieve depression.", BlockKind.PARAGRAPH)
    [claim] = [c for c in claims_in(page(*filler, named, after, title="Yoga")) if c.block == 31]
    [subject] = [cue for cue in claim.cues if cue.slot == "subject"]
    assert (subject.place, subject.start, subject.text) == ("previous", None, "")


@pytest.mark.parametrize(
    ("text", "proposition", "subject"),
    [
        ("The FDA approved a nasal spray for adults in 2019.", "approved", Subject.ESKETAMINE),
        ("FDA approval for treatment-resistant depression came in 2019.", "approved", Subject.ESKETAMINE),
        ("FDA approval for depression came in 2019.", "approved", Subject.KETAMINE),
        ("Ketamine is FDA-approved for treatment-resistant depression.", "approved", Subject.KETAMINE),
        ("Esketamine is approved; ketamine is used off-label.", "off_label", Subject.KETAMINE),
        ("Spravato is used off-label for anxiety, unlike ketamine.", "off_label", Subject.ESKETAMINE),
        ("A nasal spray form of ketamine is approved by the FDA.", "approved", Subject.ESKETAMINE),
        ("Our ketamine nasal spray is FDA-approved for PTSD.", "compounded_approved", Subject.KETAMINE),
        ("Our IV ketamine and our nasal spray are FDA-approved for TRD.", "approved", Subject.KETAMINE),
        ("Ketamine, as well as Spravato, is FDA-approved for TRD.", "approved", Subject.KETAMINE),
        ("Ketamine is FDA-approved, and we give it as a nasal spray.", "approved", Subject.KETAMINE),
    ],
)
def test_an_approval_is_said_of_the_drug_that_can_have_it(
    text: str, proposition: str, subject: Subject
) -> None:
    ours = Block("Ketamine infusions and Spravato at our clinic.", BlockKind.PARAGRAPH)
    apart = Block("Bring a book.", BlockKind.PARAGRAPH)
    found = claims_in(page(ours, apart, Block(text, BlockKind.PARAGRAPH)))
    regulatory = [c for c in found if c.family == "regulatory" and c.proposition == proposition]
    assert {c.subject for c in regulatory} == {subject}
