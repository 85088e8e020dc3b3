"""Rewrites: the smallest change that passes, audited again in its place, or plain advice."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import report_samples as samples
from jsonschema import Draft202012Validator

from claims.model import Attribution, Block, BlockKind, Family, Finding, Page, PageResult, SourceMap, Verdict
from claims.rules import DocumentMeta, Rules
from pipeline.audit import audit_document, engine
from pipeline.check import check_page
from pipeline.rewrite import MOST_CHANGED, Edit, Reaudit, apply, candidates, changed, suggest

RULES = Rules(today=date(2026, 11, 21))
ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "seeds"


@lru_cache(maxsize=1)
def reaudit() -> Reaudit:
    tools = engine(RULES)

    def run(page: Page) -> Sequence[Finding]:
        claims, _ = tools.extractor.extract(page)
        return check_page(page, claims, tools.catalogue, RULES)

    return run


def data() -> Any:
    return json.loads(files("claims").joinpath("language", "rewrites.json").read_text(encoding="utf-8"))


def of_text(text: str) -> tuple[Page, Sequence[Finding]]:
    page = Page("draft.txt", "", "en", (Block(text, BlockKind.PARAGRAPH),))
    return page, reaudit()(page)


def test_data_fits_its_schema() -> None:
    schema = json.loads(
        files("claims").joinpath("schemas", "rewrites.schema.json").read_text(encoding="utf-8")
    )
    assert list(Draft202012Validator(schema).iter_errors(data())) == []


@pytest.mark.parametrize("example", data()["examples"], ids=lambda one: one["before"])
def test_examples_of_the_data_get_an_edit_that_passes(example: dict[str, str]) -> None:
    page, findings = of_text(example["before"])
    family = Family(example["family"])
    [finding] = [one for one in suggest(page, findings, reaudit()) if one.claim.family is family]
    assert finding.rewrite is not None
    assert finding.rewrite.kind == "edit", finding.rewrite
    assert finding.rewrite.changed <= MOST_CHANGED
    _, after = of_text(finding.rewrite.text)
    assert [one.verdict for one in after if one.claim.family is family] == [Verdict.SUPPORTED]
    assert not [one for one in after if one.verdict.flagged]


@pytest.mark.parametrize(
    ("before", "after", "share"),
    [
        ("a b c d", "a b c d", 0.0),
        ("Ketamine works.", "Ketamine may work.", 0.667),
        ("one two three four", "one two three five", 0.25),
        ("", "", 0.0),
        ("a", "", 1.0),
        ("Works, fast!", "works fast", 0.0),
    ],
)
def test_share_of_words_changed(before: str, after: str, share: float) -> None:
    assert changed(before, after) == pytest.approx(share, abs=0.001)


@pytest.mark.parametrize(
    ("statement", "edits", "expected"),
    [
        ("A revolutionary option", [Edit(2, 16, "")], "An option"),
        ("An easy change", [Edit(3, 8, "")], "A change"),
        ("Rapid relief", [Edit(0, 6, "")], "Relief"),
        ("Relief, always.", [Edit(6, 14, "")], "Relief."),
        ("Non-invasive: a drip.", [Edit(0, 12, "")], "A drip."),
        ("Our drip works", [Edit(0, 0, "In studies, ")], "In studies, our drip works"),
        ("Spravato works", [Edit(0, 0, "In studies, ")], "In studies, Spravato works"),
        (
            "It works and it lasts",
            [Edit(3, 8, "may work"), Edit(16, 21, "may last")],
            "It may work and it may last",
        ),
    ],
)
def test_edits_leave_tidy_sentences(statement: str, edits: list[Edit], expected: str) -> None:
    assert apply(statement, edits) == expected


@pytest.mark.parametrize(
    ("statement", "offered", "refused"),
    [
        ("Ketamine relieves pain.", "Ketamine may relieve pain.", "Ketamine relieves may pain."),
        ("Infusions lift moods.", "Infusions may lift moods.", ""),
        ("It helps to relieve pain.", "It may help to relieve pain.", "It helps to may relieve pain."),
        ("It can improve moods.", "It may improve moods.", "It can may improve moods."),
        ("It helps people feel well.", "It may help people feel well.", "It helps people may feel well."),
        ("We discuss the changes.", "", "We discuss the may change."),
    ],
)
def test_hedges_stand_where_a_verb_is(statement: str, offered: str, refused: str) -> None:
    made = {apply(statement, [edit]) for edit in candidates(statement, [Family.EFFICACY])}
    assert not offered or offered in made
    assert refused not in made


STRONG = (
    "Most patients are symptom-free by their second week, guaranteed.",
    "Ketamine cures depression for good.",
    "Ketamine works for all of them: it is the most powerful antidepressant there is.",
    "Permanent freedom from depression.",
    "Every visit is non-invasive, painless and completely safe.",
    "All natural, non-habit-forming, with no side effects.",
    "Taking ketamine at home is as safe as taking it in a clinic.",
    "Ketamine infusions shut down suicidal thinking in minutes.",
    "Our team ensures that every infusion is safe and effective for you.",
    "Our infusions lift depression within 24 hours, and they keep working when everything else has failed.",
)
SENT_BACK = re.compile(
    r"guarantee|-free|cure|for good|permanent|all of them|every|most p|non-invasive|painless|natural|habit|"
    r"no side effects|as safe as|shut down|ensures|everything else|[^y] safe|freedom",
    re.IGNORECASE,
)


@pytest.mark.parametrize("statement", STRONG)
def test_what_a_reviewer_would_send_back_is_not_suggested(statement: str) -> None:
    title = "Ketamine infusions for depression"
    blocks = (Block(title, BlockKind.HEADING), Block(statement, BlockKind.PARAGRAPH, headings=(title,)))
    page = Page("draft.txt", title, "en", blocks)
    findings = reaudit()(page)
    advised = [one.rewrite for one in suggest(page, findings, reaudit()) if one.verdict.flagged]
    assert advised
    for rewrite in advised:
        assert rewrite is not None
        assert rewrite.kind == "approved" or not SENT_BACK.search(rewrite.text), rewrite


@pytest.mark.parametrize(
    ("statement", "wrong"),
    [
        ("Ketamine helps people who are struggling with depression.", "who may be"),
        ("Psychiatrists have started using ketamine to treat depression and PTSD.", "may have started"),
        ("No. At the doses we use ketamine is not addictive.", "No."),
        ("Spravato is approved for certain adults with depression.", "not approved"),
        ("Start feeling better today", "may Start"),
        (
            "Spravato is an FDA-approved treatment for treatment-resistant depression and anxiety.",
            "off-label",
        ),
        ("Esketamine was approved as an antidepressant in 2019.", "anaesthetic"),
        ("Take the first step toward relief from PTSD with ketamine.", "toward being"),
        ("Ketamine is revolutionizing the treatment of depression.", "is changes"),
        ("Our clinic is proud to have proven that ketamine is effective for PTSD.", "may be proud"),
        ("Ketamine has proven especially beneficial for depression.", "may have proven"),
        ("This oversight ensures treatment safety and effectiveness.", "side effects such as"),
        ("RAPID RELIEF FROM DEPRESSION", "rELIEF"),
    ],
)
def test_hedges_that_hedge_nothing_are_not_suggested(statement: str, wrong: str) -> None:
    page, findings = of_text(statement)
    for finding in suggest(page, findings, reaudit()):
        assert finding.rewrite is None or wrong not in finding.rewrite.text


def test_a_rewrite_leaves_no_flag_of_any_family() -> None:
    page, findings = of_text("Ketamine is a miracle with no side effects that is not addictive.")
    for finding in suggest(page, findings, reaudit()):
        if finding.rewrite and finding.rewrite.text:
            assert not [one for one in of_text(finding.rewrite.text)[1] if one.verdict.flagged]


def test_what_a_patient_said_is_not_reworded() -> None:
    page, [finding] = of_text("Ketamine is not addictive.")
    quoted = replace(finding, claim=replace(finding.claim, attribution=Attribution.PATIENT))
    [advised] = suggest(page, [quoted], reaudit())
    assert advised.rewrite is not None
    assert advised.rewrite.kind == "remove"


def test_nothing_passes_then_remove_and_the_search_ends() -> None:
    tries = 0

    def never(page: Page) -> Sequence[Finding]:
        nonlocal tries
        tries += 1
        home = samples.home().findings[1]
        said = replace(home.claim, block=len(page.blocks) - 1, start=0, end=10_000)
        return [replace(home, claim=said)]

    home = samples.home()
    assert home.page is not None
    advised = suggest(home.page, home.findings[1:2], never)
    assert advised[0].rewrite is not None
    assert advised[0].rewrite.kind == "remove"
    assert tries < 250


def test_supported_statements_are_left_alone() -> None:
    page, findings = of_text("Ketamine can be misused. Ketamine is a controlled substance.")
    assert findings
    assert suggest(page, findings, reaudit()) == tuple(findings)


def test_items_follow_the_sentence_that_introduces_them() -> None:
    result = audit_document(
        (ROOT / "examples/site/index.html").read_bytes(), DocumentMeta("index.html"), RULES
    )
    assert result.page is not None
    kinds = {
        f.claim.quote: f.rewrite.kind for f in suggest(result.page, result.findings, reaudit()) if f.rewrite
    }
    assert kinds["Anxiety and PTSD"] == "follows"


Check = Callable[[PageResult], None]


def whole_page_holds(result: PageResult) -> int:
    """Applies each rewrite to the whole page, audits it again, and says how many edits there were."""
    page = result.page
    assert page is not None
    edits = 0
    for finding in suggest(page, result.findings, reaudit()):
        rewrite, claim = finding.rewrite, finding.claim
        if not finding.verdict.flagged:
            assert rewrite is None
            continue
        assert rewrite is not None
        if rewrite.kind in ("remove", "follows"):
            continue
        block = page.blocks[claim.block]
        text = f"{block.text[: claim.start]}{rewrite.text}{block.text[claim.end :]}"
        blocks = list(page.blocks)
        blocks[claim.block] = replace(block, text=text, source=SourceMap())
        start, end = claim.start, claim.start + len(rewrite.text)
        here = [
            one
            for one in reaudit()(replace(page, blocks=tuple(blocks), source_text=""))
            if one.claim.block == claim.block
            and one.claim.start < end
            and one.claim.end > start
            and one.claim.family is claim.family
        ]
        said = (claim.quote, rewrite)
        assert not [one for one in here if one.verdict.flagged], said
        if rewrite.kind == "edit":
            edits += 1
            assert here, said
            assert rewrite.changed <= MOST_CHANGED, said
            assert rewrite.changed == changed(claim.quote, rewrite.text), said
    return edits


def test_example_site() -> None:
    edits = 0
    for path in sorted((ROOT / "examples/site").rglob("*.html")):
        edits += whole_page_holds(audit_document(path.read_bytes(), DocumentMeta(path.name), RULES))
    assert edits > 10


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the labelled documents are not beside the project")
def test_seed_documents() -> None:
    edits = 0
    for path in sorted(SHARED.glob("*.txt")):
        edits += whole_page_holds(audit_document(path.read_bytes(), DocumentMeta(path.name), RULES))
    assert edits > 40
