"""The example site: what a careful reviewer would mark in it is marked, and the balanced page is left alone."""

from __future__ import annotations

import html
import re
from functools import cache
from pathlib import Path

import pytest
from conftest import ROOT, Clock

from claims.model import Finding, PageResult
from pipeline.audit import DocumentMeta, Rules, audit_document

SITE = ROOT / "examples" / "site"
PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html"))
BALANCED = "learn/what-to-know.html"

# Page, words of the statement, family, verdict.
MARKED = [
    ("index.html", "Depression relief that works in hours", "onset", "overstated"),
    ("index.html", "a breakthrough for depression", "hype", "overstated"),
    ("index.html", "lift depression within", "efficacy", "overstated"),
    ("index.html", "lasting relief", "duration", "overstated"),
    ("index.html", "Anxiety and PTSD", "efficacy", "overstated"),
    ("index.html", "ADHD", "efficacy", "unsupported"),
    ("index.html", "92%", "efficacy", "overstated"),
    ("index.html", "works differently from ordinary", "mechanism", "supported"),
    ("index.html", "rewires", "mechanism", "overstated"),
    ("index.html", "no risk of addiction", "addiction", "contradicted"),
    ("index.html", "completely safe", "safety", "contradicted"),
    ("index.html", "non-invasive", "procedure", "contradicted"),
    ("index.html", "FDA-approved for depression", "regulatory", "contradicted"),
    ("index.html", "in minutes rather than months", "onset", "overstated"),
    ("index.html", "Insurers usually do not pay", "cost", "supported"),
    ("index.html", "revolutionary", "hype", "overstated"),
    ("treatments/depression.html", "works for all", "efficacy", "contradicted"),
    ("treatments/depression.html", "instant results", "onset", "overstated"),
    ("treatments/depression.html", "more effective than electroconvulsive", "efficacy", "overstated"),
    ("treatments/depression.html", "fades within one or two weeks", "duration", "supported"),
    ("treatments/depression.html", "Permanent freedom", "duration", "contradicted"),
    ("treatments/depression.html", "off-label", "regulatory", "supported"),
    ("treatments/depression.html", "uncontrolled high blood pressure", "safety", "supported"),
    ("treatments/spravato.html", "adults with treatment-resistant depression", "regulatory", "supported"),
    ("treatments/spravato.html", "nasal spray for anxiety and PTSD", "regulatory", "contradicted"),
    ("treatments/spravato.html", "Schedule III controlled substance", "regulatory", "supported"),
    ("treatments/spravato.html", "can be abused", "addiction", "supported"),
    ("treatments/spravato.html", "dissociation, dizziness, nausea", "safety", "supported"),
    ("treatments/spravato.html", "guaranteed", "efficacy", "contradicted"),
    ("treatments/at-home.html", "FDA-approved ketamine lozenges", "regulatory", "contradicted"),
    ("treatments/at-home.html", "non-habit-forming", "addiction", "contradicted"),
    ("treatments/at-home.html", "All natural", "procedure", "contradicted"),
    ("treatments/at-home.html", "no side effects", "safety", "contradicted"),
    ("treatments/at-home.html", "Fast-acting relief from anxiety", "onset", "unsupported"),
    ("treatments/at-home.html", "as safe as taking it in a clinic", "safety", "unsupported"),
    ("treatments/at-home.html", "miracle", "hype", "overstated"),
    ("faq.html", "not addictive", "addiction", "contradicted"),
    ("faq.html", "approved as an anesthetic", "regulatory", "supported"),
    ("faq.html", "dizzy, sick or detached", "safety", "supported"),
    ("faq.html", "fully covered by insurance", "cost", "overstated"),
    ("faq.html", "no cure", "efficacy", "supported"),
    ("index.html", "gave me my life back", "testimonial", "overstated"),
    ("treatments/depression.html", "within a day of their first", "onset", "supported"),
    ("treatments/depression.html", "9 out of 10", "efficacy", "overstated"),
    ("treatments/depression.html", "cannot be abused", "addiction", "contradicted"),
    ("faq.html", "Nobody becomes dependent", "addiction", "contradicted"),
]

# Page and words that no finding may flag: denied, said by scripts, or not ours.
LEFT_ALONE = [
    ("index.html", "dataLayer"),
    ("index.html", "40 min"),
    ("index.html", "Depression\n"),
    ("treatments/spravato.html", "has not been approved"),
    ("treatments/spravato.html", "safety program"),
    ("faq.html", "Ketamine cures depression for good"),
    ("faq.html", "Is ketamine addictive?"),
    ("faq.html", "party drug"),
    ("treatments/at-home.html", "cart"),
]


@cache
def audited(page: str) -> PageResult:
    path = SITE / page
    return audit_document(path.read_bytes(), DocumentMeta(f"site/{page}"), Rules(today=Clock().today()))


def holding(page: str, words: str) -> list[Finding]:
    wanted = " ".join(words.split())
    return [one for one in audited(page).findings if wanted in " ".join(one.claim.quote.split())]


@pytest.mark.parametrize(("page", "words", "family", "verdict"), MARKED)
def test_what_a_reviewer_would_mark_is_marked(page: str, words: str, family: str, verdict: str) -> None:
    found = {(one.claim.family.value, one.verdict.value) for one in holding(page, words)}
    assert (family, verdict) in found


@pytest.mark.parametrize(("page", "words"), LEFT_ALONE)
def test_what_is_no_claim_is_left_alone(page: str, words: str) -> None:
    whole = words.endswith("\n")
    flagged = [one for one in holding(page, words) if one.verdict.flagged]
    exact = [one for one in flagged if not whole or one.claim.quote.strip() == words.strip()]
    assert [(one.claim.family, one.claim.quote) for one in exact] == []


def test_the_balanced_page_has_claims_and_no_fault() -> None:
    result = audited(BALANCED)
    assert [(one.claim.family, one.claim.quote) for one in result.findings if one.verdict.flagged] == []
    assert result.omissions == ()
    families = {one.claim.family.value for one in result.findings}
    assert {
        "onset",
        "efficacy",
        "duration",
        "addiction",
        "safety",
        "regulatory",
        "mechanism",
        "cost",
    } <= families


@pytest.mark.parametrize("page", [page for page in PAGES if page != BALANCED])
def test_every_other_page_has_faults(page: str) -> None:
    assert any(one.verdict.flagged for one in audited(page).findings)


@pytest.mark.parametrize("page", PAGES)
def test_every_statement_stands_where_it_is_said_to_stand(page: str) -> None:
    """The stretch of the source that a finding points to holds the words of its statement."""
    source = (SITE / page).read_text(encoding="utf-8")
    result = audited(page)
    placed = [one for one in result.findings if one.source_start is not None]
    assert len(placed) >= len(result.findings) * 0.9
    for one in placed:
        there = re.sub(r"<[^>]*>", "", source[one.source_start : one.source_end])
        squeezed = "".join(html.unescape(there).split())
        assert "".join(one.claim.quote.split())[:20] in squeezed or squeezed in "".join(
            one.claim.quote.split()
        )
        assert one.line == source.count("\n", 0, one.source_start) + 1


def test_there_are_pages_enough() -> None:
    assert len(PAGES) >= 5
    assert Path(SITE / BALANCED).is_file()
