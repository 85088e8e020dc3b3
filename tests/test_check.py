"""From claims to findings: the table of verdicts, merging, identity, places, omissions, jurisdictions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.catalogue import load_catalogue
from claims.fingerprint import fingerprint, fold
from claims.model import (
    Attribution,
    Block,
    BlockKind,
    Claim,
    Family,
    Finding,
    Framing,
    Page,
    Polarity,
    Quantity,
    Region,
    Route,
    Severity,
    SourceMap,
    Strength,
    Subject,
    Verdict,
)
from claims.rules import Rules
from pipeline.check import check_page, review_notes
from pipeline.omissions import page_omissions
from pipeline.place import text_fragment

S0, S1, S2, S3, S4 = Strength
OK, OVER, UNS, CON = Verdict
TODAY = date(2026, 11, 21)
TEXT = "Ketamine and what it does. A second sentence stands here."


def claim(family: str, proposition: str, strength: Strength = S2, **slots: object) -> Claim:
    """A claim about racemic ketamine at large; `slots` say what is different."""
    plain = Claim(
        family=Family(family),
        proposition=proposition,
        subject=Subject.KETAMINE,
        route=Route.NONE,
        conditions=(),
        strength=strength,
        polarity=Polarity.AFFIRMED,
        attribution=Attribution.NONE,
        framing=Framing.ASSERTED,
        quantity=None,
        qualifiers=(),
        quote="Ketamine and what it does.",
        start=0,
        end=26,
        block=0,
        cues=(),
    )
    return replace(plain, **slots)  # type: ignore[arg-type]


def page(*texts: str, **slots: object) -> Page:
    blocks = tuple(Block(text, BlockKind.PARAGRAPH) for text in texts or (TEXT,))
    return Page(**{"url": "page.html", "title": "", "language": "en", "blocks": blocks, **slots})  # type: ignore[arg-type]


def check(
    *claims: Claim, profile: str = "standard", where: str = "US", on: Page | None = None
) -> list[Finding]:
    rules = Rules(TODAY, profile, jurisdictions=(where,))
    return list(check_page(on or page(), claims, load_catalogue(), rules))


def hours(low: float | None, high: float | None) -> Quantity:
    return Quantity("time", low, high, "the time", 0, 8)


def percent(value: float) -> Quantity:
    return Quantity("rate", value, value, f"{value:g} %", 0, 4)


ESK = {"subject": Subject.ESKETAMINE, "route": Route.NASAL}
STUDY = {"attribution": Attribution.STUDY}
DEP, PTSD, SUI, MDD, TRD = (
    ("depression",),
    ("ptsd",),
    ("suicidal_ideation",),
    ("major_depression",),
    ("treatment_resistant_depression",),
)

# What the policy says, family by family: claim, verdict under the standard profile, and under the strict one.
POLICY = [
    (
        "hours for depression, qualified",
        claim("onset", "within_hours", S2, conditions=DEP, route=Route.IV),
        OK,
        OK,
    ),
    (
        "hours for depression, flat",
        claim("onset", "within_hours", S3, conditions=DEP, route=Route.IV),
        OVER,
        OVER,
    ),
    ("hours, route not named", claim("onset", "within_hours", S2, conditions=DEP), OK, OVER),
    ("hours by lozenge", claim("onset", "within_hours", S2, conditions=DEP, route=Route.ORAL), OK, UNS),
    ("hours for PTSD, qualified", claim("onset", "within_hours", S2, conditions=PTSD), OVER, OVER),
    ("hours for PTSD, hedged", claim("onset", "within_hours", S1, conditions=PTSD), OK, OVER),
    ("minutes under a hedge", claim("onset", "immediate", S2, conditions=DEP), OVER, OVER),
    ("vague speed, qualified", claim("onset", "rapid", S2), OK, OK),
    ("vague speed, flat", claim("onset", "rapid", S3), OVER, OVER),
    ("class word", claim("onset", "rapid_class", S3), OK, OK),
    (
        "suicidal thoughts in a day, by study",
        claim("onset", "within_hours", S2, conditions=SUI, **STUDY),
        OK,
        OVER,
    ),
    ("suicidal thoughts in a day", claim("onset", "within_hours", S2, conditions=SUI), OVER, OVER),
    ("faster, flat", claim("onset", "faster_than", S3), OVER, OVER),
    ("faster, hedged time beside it", claim("onset", "faster_than", S3, qualifiers=("hedged_time",)), OK, OK),
    (
        "half an hour",
        claim("onset", "within_hours", S2, conditions=DEP, quantity=hours(0.5, 0.5)),
        OVER,
        OVER,
    ),
    ("strong grade, S2", claim("efficacy", "helps", S2, conditions=TRD), OK, OK),
    ("strong grade, S3", claim("efficacy", "helps", S3, conditions=TRD), OVER, OVER),
    ("moderate grade, S2", claim("efficacy", "helps", S2, conditions=("bipolar_depression",)), OVER, OVER),
    (
        "moderate grade, S2, study",
        claim("efficacy", "helps", S2, conditions=("bipolar_depression",), **STUDY),
        OK,
        OVER,
    ),
    ("limited grade, S1", claim("efficacy", "helps", S1, conditions=PTSD), OK, OVER),
    ("limited grade, S0", claim("efficacy", "helps", S0, conditions=PTSD), OK, OK),
    ("limited grade, S2", claim("efficacy", "helps", S2, conditions=PTSD), OVER, OVER),
    ("no grade, S0", claim("efficacy", "helps", S0, conditions=("lyme",)), OK, OK),
    ("no grade, S1", claim("efficacy", "helps", S1, conditions=("lyme",)), UNS, UNS),
    ("open condition, S1", claim("efficacy", "helps", S1, conditions=("open:gout",)), UNS, UNS),
    ("no condition, S2", claim("efficacy", "helps", S2), OK, OVER),
    ("a list takes the worst", claim("efficacy", "helps", S2, conditions=(*DEP, *PTSD)), OVER, OVER),
    (
        "a list with an ungraded one",
        claim("efficacy", "helps", S2, conditions=(*DEP, *PTSD, "adhd")),
        UNS,
        UNS,
    ),
    ("cure", claim("efficacy", "cure", S2, conditions=DEP), CON, CON),
    ("prevents suicide", claim("efficacy", "prevents_suicide", S3), CON, CON),
    (
        "64 %, study",
        claim("efficacy", "response_rate", S3, conditions=DEP, quantity=percent(64), **STUDY),
        OK,
        OVER,
    ),
    (
        "64 %, no source",
        claim("efficacy", "response_rate", S3, conditions=DEP, quantity=percent(64)),
        OVER,
        OVER,
    ),
    (
        "90 %, study",
        claim("efficacy", "response_rate", S3, conditions=DEP, quantity=percent(90), **STUDY),
        OVER,
        OVER,
    ),
    ("success rate", claim("efficacy", "success_rate", S2, **STUDY), OVER, OVER),
    ("better than ECT, flat", claim("efficacy", "better_than", S3), OVER, OVER),
    ("lasting, flat", claim("duration", "lasting_unbounded", S3), OVER, OVER),
    ("lasting, hedged", claim("duration", "lasting_unbounded", S1), OK, OK),
    ("weeks, flat", claim("duration", "lasting_bounded", S3, quantity=hours(168, 336)), OK, OVER),
    ("three years", claim("duration", "lasting_bounded", S2, quantity=hours(None, 26280)), OVER, OVER),
    ("permanent", claim("duration", "permanent", S4), CON, CON),
    ("not addictive", claim("addiction", "not_addictive", S1), CON, CON),
    ("low risk", claim("addiction", "low_risk", S3), OVER, OVER),
    ("low risk, misuse named", claim("addiction", "low_risk", S3, qualifiers=("misuse_named",)), OK, OVER),
    (
        "low risk, everything named",
        claim(
            "addiction", "low_risk", S3, qualifiers=("dependence_named", "misuse_named", "under_supervision")
        ),
        OK,
        OK,
    ),
    ("less addictive", claim("addiction", "less_addictive_than", S1), OVER, OVER),
    ("safe, flat", claim("safety", "safe_flat", S3), OVER, OVER),
    ("safe, side effects named", claim("safety", "safe_flat", S3, qualifiers=("side_effect_named",)), OK, OK),
    ("generally safe, supervised", claim("safety", "safe_supervised", S2), OK, OVER),
    ("safe, supervised, flat", claim("safety", "safe_supervised", S3), OVER, OVER),
    ("safe at home", claim("safety", "safe_at_home", S3, route=Route.ORAL), UNS, CON),
    ("safe in the long term", claim("safety", "safe_long_term", S2), UNS, UNS),
    ("safer than", claim("safety", "safer_than", S2), UNS, UNS),
    ("an effect denied", claim("safety", "effect_denied", S3), OVER, OVER),
    ("an effect denied flatly", claim("safety", "effect_denied", S3, qualifiers=("denied_flat",)), CON, CON),
    ("ketamine approved for PTSD", claim("regulatory", "approved", S3, conditions=PTSD), CON, CON),
    ("ketamine approved, no use", claim("regulatory", "approved", S3), OVER, OVER),
    ("lozenges approved", claim("regulatory", "compounded_approved", S3, route=Route.ORAL), CON, CON),
    ("Spravato approved for TRD", claim("regulatory", "approved", S3, conditions=TRD, **ESK), OK, OK),
    (
        "Spravato approved for depression",
        claim("regulatory", "approved", S3, conditions=DEP, **ESK),
        OVER,
        OVER,
    ),
    (
        "Spravato, MDD with suicidal thoughts",
        claim("regulatory", "approved", S3, conditions=(*MDD, *SUI), **ESK),
        OK,
        OK,
    ),
    (
        "Spravato approved for suicidal thoughts",
        claim("regulatory", "approved", S3, conditions=SUI, **ESK),
        CON,
        CON,
    ),
    ("Spravato approved for PTSD", claim("regulatory", "approved", S3, conditions=PTSD, **ESK), CON, CON),
    ("compounded called off-label", claim("regulatory", "compounded_off_label", S3), OVER, OVER),
    ("must be combined", claim("regulatory", "needs_oral_antidepressant", S3, **ESK), CON, CON),
    ("often combined", claim("regulatory", "needs_oral_antidepressant", S2, **ESK), OK, OK),
    ("neuroplasticity, S2", claim("mechanism", "neuroplasticity", S2), OK, OVER),
    (
        "neuroplasticity, animals",
        claim("mechanism", "neuroplasticity", S1, qualifiers=("animal_evidence",)),
        OK,
        OK,
    ),
    ("may rewire", claim("mechanism", "rewires", S1), OK, OVER),
    ("non-invasive infusion", claim("procedure", "non_invasive", S3, route=Route.IV), CON, CON),
    ("non-invasive spray", claim("procedure", "non_invasive", S3, **ESK), OK, OK),
    ("hype", claim("hype", "hype", S1), OVER, OVER),
    ("hype, reported critically", claim("hype", "hype", S3, qualifiers=("reported_critically",)), OK, OK),
    ("story", claim("testimonial", "patient_story", S3), OVER, OVER),
    ("Spravato covered, flat", claim("cost", "covered", S3, **ESK), OVER, OVER),
    (
        "a third do not respond",
        claim("statistic", "third_do_not_respond", S3, quantity=percent(33)),
        OK,
        OVER,
    ),
    ("half do not respond", claim("statistic", "third_do_not_respond", S3, quantity=percent(50)), OVER, OVER),
    ("nobody has reviewed it", claim("statistic", "figure", S3), UNS, UNS),
]


@pytest.mark.parametrize(("what", "made", "standard", "strict"), POLICY, ids=[case[0] for case in POLICY])
def test_the_policy(what: str, made: Claim, standard: Verdict, strict: Verdict) -> None:
    [usual], [hard] = check(made), check(made, profile="strict")
    assert (usual.verdict, hard.verdict) == (standard, strict), (usual.reason, hard.reason)
    for finding in (usual, hard):
        assert finding.reason.endswith(".")
        assert finding.severity is Severity.NOTE or finding.verdict.flagged
        assert bool(finding.suggestions) <= finding.verdict.flagged


def test_no_entry_says_that_none_carries_the_claim() -> None:
    [finding] = check(claim("statistic", "figure", S3, conditions=DEP))
    assert finding.entry is None
    assert "No catalogue entry carries this statistic claim for depression" in finding.reason


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (
            claim("efficacy", "helps", S3, conditions=PTSD),
            "Said as plain fact of PTSD, where no more than “may”",
        ),
        (claim("addiction", "low_risk", S2), "it must say that ketamine can be misused"),
        (
            claim("efficacy", "response_rate", S2, conditions=DEP, quantity=percent(90), **STUDY),
            "“90 %” is more than the 71 % that the evidence carries",
        ),
        (
            claim("onset", "within_hours", S2, conditions=DEP, quantity=hours(0.5, 1)),
            "is less than the 1 hour that the evidence carries",
        ),
    ],
)
def test_the_reason_names_what_went_too_far(made: Claim, said: str) -> None:
    [finding] = check(made)
    assert said in finding.reason


def test_claims_of_one_family_in_one_statement_are_one_finding() -> None:
    good, bad = claim("efficacy", "helps", S2, conditions=DEP), claim("efficacy", "cure", S3, conditions=DEP)
    other = claim("onset", "rapid", S2)
    findings = check(good, bad, other)
    assert [(f.claim.family, f.verdict) for f in findings] == [(Family.ONSET, OK), (Family.EFFICACY, CON)]
    assert findings[1].claim is bad
    assert findings[1].others == (good,)
    assert findings[1].propositions == ("cure", "helps")


def test_statements_at_different_places_stay_apart() -> None:
    later = claim("efficacy", "helps", S2, quote="A second sentence stands here.", start=27, end=57)
    assert len(check(claim("efficacy", "cure", S3), later)) == 2


@pytest.mark.parametrize("framing", [Framing.REFUTED, Framing.QUESTION])
def test_what_is_not_asserted_is_no_finding(framing: Framing) -> None:
    assert check(claim("efficacy", "cure", S4, framing=framing)) == []


def test_only_the_families_asked_for() -> None:
    rules = Rules(TODAY, families=(Family.ONSET,))
    made = (claim("efficacy", "cure", S3), claim("onset", "rapid", S2))
    found = check_page(page(), made, load_catalogue(), rules)
    assert [f.claim.family for f in found] == [Family.ONSET]


def test_a_statement_that_stands_twice_has_two_identities() -> None:
    first = claim("efficacy", "cure", S3)
    findings = check(first, replace(first, block=1), on=page(TEXT, TEXT))
    assert len({f.fingerprint for f in findings}) == 2


def test_an_identity_ignores_place_wording_of_the_entry_and_typography() -> None:
    quote = "“Ketamine’s effect”  — it CURES depression!"
    one = check(claim("efficacy", "cure", S3, quote=quote))[0]
    two = check(claim("efficacy", "helps", S3, quote="'Ketamine's effect': it cures depression", start=3))[0]
    assert one.fingerprint == two.fingerprint


@given(st.text(max_size=60))
def test_folding_ignores_case_space_and_quotes(text: str) -> None:
    dressed = f"  “{text.upper().lower()}”\n"
    assert fold(dressed) in (fold(text), fold(text.upper().lower()), fold(f"“{text}”"))
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("Works in 2.5 hours", "works in 2.5  hours.", True),
        ("Works in 25 hours", "Works in 2.5 hours", False),
        ("70% respond", "70 respond", False),
        ("don't", "don’t", True),
        ("!!!", "???", False),
        ("soft\u00adhyphen", "softhyphen", True),
    ],
)
def test_what_folds_together(one: str, two: str, same: bool) -> None:
    assert (fingerprint("u", "f", one) == fingerprint("u", "f", two)) is same


def test_places_come_from_the_source() -> None:
    source = "<p>\n  Ketamine and\n  what it does.</p>"
    start = source.index("Ketamine")
    gap = source.index("\n  what")
    block = Block(
        "Ketamine and what it does.",
        BlockKind.PARAGRAPH,
        source=SourceMap((0, 12, 13), (start, gap, gap + 3), (0, 3, 0)),
    )
    made = claim("efficacy", "cure", S3, quote="what it does.", start=13, end=26)
    [finding] = check(made, on=page(url="https://clinic.example/a#top", blocks=(block,), source_text=source))
    assert finding.source_start is not None
    assert source[finding.source_start : finding.source_end] == "what it does."
    assert (finding.line, finding.column) == (3, 3)
    assert finding.link == "https://clinic.example/a#:~:text=what%20it%20does."


def test_a_long_statement_is_linked_by_its_ends() -> None:
    link = text_fragment("https://x.example/", "One, two-three four five six seven eight nine ten")
    assert link == "https://x.example/#:~:text=One%2C%20two%2Dthree%20four%20five,seven%20eight%20nine%20ten"
    assert text_fragment("page.html", "One") is None


def test_an_entry_past_its_due_date_still_decides_and_is_noted() -> None:
    catalogue = load_catalogue()
    found = check(claim("regulatory", "legal", S3, route=Route.ORAL))
    due = catalogue.entries["ketamine/regulatory-legal-home"].review.due
    assert review_notes(catalogue, found, due) == ()
    [note] = review_notes(catalogue, found, due.replace(year=due.year + 1))
    assert note.code == "entry_overdue"
    assert "regulatory-legal-home" in note.text


PROMOTES = claim("efficacy", "helps", S2, conditions=DEP)
DISCLOSED = (
    claim("regulatory", "off_label", S3),
    claim("safety", "side_effect_named", S2),
    claim("addiction", "can_be_abused", S2),
)
ALL = ["off_label_undisclosed", "risks_undisclosed", "abuse_potential_undisclosed"]
PAGES = [
    ("nothing said", (PROMOTES,), ALL),
    ("no promotion", (claim("cost", "price"),), []),
    ("a denial is no promotion", (claim("efficacy", "not_effective", S3),), []),
    ("being studied is no promotion", (claim("efficacy", "helps", S0),), []),
    ("onset promotes too", (claim("onset", "rapid", S3),), ALL),
    ("all disclosed", (PROMOTES, *DISCLOSED), []),
    ("risks only", (PROMOTES, DISCLOSED[1]), [ALL[0], ALL[2]]),
    ("the schedule clears abuse", (PROMOTES, claim("regulatory", "scheduled")), ALL[:2]),
    ("a tag clears abuse", (PROMOTES, claim("addiction", "low_risk", qualifiers=("misuse_named",))), ALL[:2]),
    ("only Spravato", (replace(PROMOTES, **ESK),), ALL[1:]),  # type: ignore[arg-type]
]


@pytest.mark.parametrize(("what", "made", "kinds"), PAGES, ids=[case[0] for case in PAGES])
def test_omissions(what: str, made: tuple[Claim, ...], kinds: list[str]) -> None:
    found = page_omissions(page(), made, load_catalogue(), Rules(TODAY, families=(Family.ADDICTION,)))
    assert [o.kind for o in found] == kinds
    assert all(o.suggestions and o.evidence and o.entry for o in found)


def test_a_footer_clears_nothing_under_the_strict_profile() -> None:
    blocks = (Block(TEXT, BlockKind.PARAGRAPH), Block(TEXT, BlockKind.PARAGRAPH, Region.FOOTER))
    made = (PROMOTES, *(replace(c, block=1) for c in DISCLOSED))
    for profile, count in (("standard", 0), ("strict", 3)):
        found = page_omissions(page(blocks=blocks), made, load_catalogue(), Rules(TODAY, profile))
        assert len(found) == count


AIMED = [
    ({"url": "https://clinic.example.co.uk/ketamine"}, (), ["UK"]),
    ({"url": "https://clinic.example.com.au/"}, (), ["AU"]),
    ({"url": "https://clinic.example/", "language": "en-CA"}, (), ["CA"]),
    (
        {"url": "https://clinic.example/", "blocks": (Block("We are CQC registered.", BlockKind.PARAGRAPH),)},
        (),
        ["UK"],
    ),
    ({"url": "https://clinic.example/"}, ("EU", "AU"), ["AU", "EU"]),
    ({"url": "https://clinic.example/"}, (), []),
    ({"url": "https://uk.clinic.example/"}, (), []),
]


@pytest.mark.parametrize(("slots", "configured", "where"), AIMED)
def test_promotion_where_it_is_unlawful(
    slots: dict[str, object], configured: tuple[str, ...], where: list[str]
) -> None:
    rules = Rules(TODAY, jurisdictions=("US", *configured))
    made = (PROMOTES, *DISCLOSED)
    found = page_omissions(page(**slots), made, load_catalogue(), rules)
    assert {o.kind for o in found} <= {"prohibited_promotion"}
    assert sorted(str(o.entry)[-2:].upper() for o in found) == where
    assert len({o.fingerprint for o in found}) == len(found)
    assert page_omissions(page(**slots), DISCLOSED, load_catalogue(), rules) == ()


def test_an_entry_for_a_jurisdiction_decides_there() -> None:
    made = claim("safety", "safe_supervised", S2, **ESK)
    assert [f.verdict for f in check(made)] == [OK]
    assert [f.verdict for f in check(made, where="UK")] == [OVER]
    there = page(url="https://clinic.example.co.uk/")
    assert [f.verdict for f in check(made, on=there)] == [OVER]
