"""The shipped catalogue against itself and the real reading: every entry is reached and needed."""

from __future__ import annotations

import json
from datetime import date, timedelta
from importlib.resources import files

import pytest

from claims.catalogue import Catalogue, Entry, load_catalogue, without
from claims.catalogue.entry import GRADE_PREFIX, Stance
from claims.catalogue.schemas import SCHEMAS, schema
from claims.catalogue.select import closest
from claims.model import Family, Route, Strength, Subject, Verdict
from pipeline.examples import example_findings, example_problem, wording_problem

TODAY = date(2026, 11, 21)
CATALOGUE = load_catalogue(validate_shipped=True)
ENTRIES = list(CATALOGUE.entries.values())
by_id = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id.partition("/")[2])


@by_id
def test_examples_come_out_as_they_say(entry: Entry) -> None:
    problems = [example_problem(CATALOGUE, entry, example, TODAY) for example in entry.examples]
    told = [f"“{e.text}” {p}" for e, p in zip(entry.examples, problems, strict=True) if p]
    assert not told, "\n".join(told)


@by_id
def test_approved_wording_passes(entry: Entry) -> None:
    told = [
        f"“{w}” {p}" for w in entry.approved_wording if (p := wording_problem(CATALOGUE, entry, w, TODAY))
    ]
    assert not told, "\n".join(told)


@by_id
def test_taking_an_entry_away_changes_a_verdict(entry: Entry) -> None:
    fewer = without(CATALOGUE, entry.id)
    assert any(_worst(fewer, entry, i) is not _worst(CATALOGUE, entry, i) for i in range(len(entry.examples)))


def _worst(catalogue: Catalogue, entry: Entry, position: int) -> Verdict | None:
    found = example_findings(catalogue, entry, entry.examples[position], TODAY)
    return max((f.verdict for f in found), key=lambda v: v.badness, default=None)


@by_id
def test_examples_show_both_sides(entry: Entry) -> None:
    """What passes and what does not, wherever the entry knows both."""
    limits = entry.limits["standard"]
    shown = {example.verdict for example in entry.examples if example.profile == "standard"}
    ceiling = limits.ceiling(frozenset())
    if ceiling is None and not limits.raised:
        assert Verdict.SUPPORTED not in shown
    elif ceiling is not None and ceiling < Strength.S3 and entry.id not in ONE_SIDED:
        assert Verdict.SUPPORTED in shown
        assert len(shown) > 1


ONE_SIDED = {
    # What passes under these is read as another proposition, or decided first by the condition's own entry.
    "ketamine/efficacy-evidence-depression",
    "ketamine/efficacy-evidence-other",
    "ketamine/cost-covered",
    "ketamine/cost-covered-esketamine",
}


def test_there_is_enough_of_it() -> None:
    assert len(ENTRIES) >= 120
    assert {entry.family for entry in ENTRIES} == set(Family)
    assert sum(len(entry.examples) for entry in ENTRIES) >= 3 * len(ENTRIES)


def test_every_proposition_has_an_entry_or_is_left_on_purpose() -> None:
    left = {
        (family, item["proposition"])
        for family, data in _files().items()
        for item in data.get("unreviewed", ())
    }
    for family, known in _propositions().items():
        for proposition in known:
            reviewed = (Family(family), proposition) in CATALOGUE.index
            assert reviewed != ((family, proposition) in left), f"{family}: {proposition}"


def test_every_condition_has_an_entry_of_its_own_for_efficacy() -> None:
    for condition in CATALOGUE.conditions.values():
        found = closest(
            CATALOGUE, Family.EFFICACY, "helps", Subject.KETAMINE, Route.IV, condition.id, ("US",)
        )
        # Anaesthesia is the approved use; that it works is no claim.
        assert bool(found) != (condition.id == "anaesthesia"), condition.id


GRADED = [
    ("strong", {"standard": "S2", "strict": "S2"}),
    ("moderate", {"standard": "S1", "strict": "S0"}),
    ("limited", {"standard": "S1", "strict": "S0"}),
    ("none", {"standard": "S0", "strict": "S0"}),
    ("unnamed", {"standard": "S2", "strict": "S0"}),
]


@pytest.mark.parametrize(("grade", "ceilings"), GRADED)
def test_ceilings_follow_the_grades(grade: str, ceilings: dict[str, str]) -> None:
    known = [c.id for c in CATALOGUE.conditions.values() if c.grade == grade and c.id != "anaesthesia"]
    assert known
    for name in known:
        [entry] = closest(CATALOGUE, Family.EFFICACY, "helps", Subject.KETAMINE, Route.IV, name, ("US",))
        for profile, rung in ceilings.items():
            assert entry.limits[profile].max_strength is Strength[rung], (name, profile)


def test_strict_never_allows_more_than_standard() -> None:
    for entry in ENTRIES:
        usual, hard = (entry.limits[p].ceiling(frozenset()) for p in ("standard", "strict"))
        assert (-1 if hard is None else hard) <= (-1 if usual is None else usual), entry.id


def test_what_is_refuted_offers_another_wording_or_advises_removal() -> None:
    for entry in ENTRIES:
        assert len(entry.approved_wording) <= 3
        if entry.limits["standard"].stance is Stance.ACCEPTED:
            assert entry.approved_wording, entry.id


def test_evidence_is_used_or_said_to_be_unused() -> None:
    data = _treatment("evidence.json")
    used = {i for entry in ENTRIES for i in entry.evidence}
    used |= {i for rule in CATALOGUE.omissions for i in rule.evidence}
    assert set(CATALOGUE.evidence) == used | set(data["unused"])
    assert not used & set(data["unused"])


def test_facts_that_move_make_entries_due_early() -> None:
    for entry in ENTRIES:
        assert entry.review.due > TODAY
        if any(CATALOGUE.evidence[i].volatile for i in entry.evidence):
            assert entry.review.volatile, entry.id
            assert entry.review.due <= TODAY + timedelta(days=183), entry.id
        else:
            assert entry.review.due <= TODAY + timedelta(days=366), entry.id


def test_nobody_has_signed_what_ships() -> None:
    assert CATALOGUE.status == "provisional"
    assert CATALOGUE.signatures == ()
    assert {entry.review.status for entry in ENTRIES} == {"provisional"}
    assert all(entry.review.by is None for entry in ENTRIES)


def test_what_is_not_confirmed_says_so() -> None:
    open_facts = [fact for fact in CATALOGUE.evidence.values() if not fact.confirmed]
    assert len(open_facts) >= 3
    for raw in _treatment("evidence.json")["evidence"]:
        if "unconfirmed_part" in raw:
            assert raw["unconfirmed_part"] in CATALOGUE.evidence[raw["id"]].finding
        if raw["confirmed"]:
            assert raw.get("url"), raw["id"]


def test_jurisdictions_differ() -> None:
    assert {j for entry in ENTRIES for j in entry.jurisdictions} >= {"UK", "EU", "CA"}
    lawless = {j for r in CATALOGUE.omissions if r.kind == "prohibited_promotion" for j in r.jurisdictions}
    assert lawless == {"UK", "EU", "CA", "AU"}
    assert {aim.jurisdiction for aim in CATALOGUE.aims} == lawless


@pytest.mark.parametrize("name", SCHEMAS)
def test_schemas_explain_every_field(name: str) -> None:
    from jsonschema import Draft202012Validator

    Draft202012Validator.check_schema(schema(name))
    silent = [
        f"{where}/{key}"
        for where, properties in _property_maps(schema(name), "")
        for key, value in properties.items()
        if "description" not in value and "$ref" not in value
    ]
    assert not silent


def test_files_name_their_schema() -> None:
    for family, data in _files().items():
        assert data["$schema"] == "../../../schemas/entry.schema.json"
        assert data["family"] == family
    assert _treatment("evidence.json")["$schema"].endswith("schemas/evidence.schema.json")


def test_grades_that_entries_name_are_grades() -> None:
    grades = {c.grade for c in CATALOGUE.conditions.values()}
    named = {
        c.removeprefix(GRADE_PREFIX) for e in ENTRIES for c in e.conditions if c.startswith(GRADE_PREFIX)
    }
    assert named <= grades


def _property_maps(value: object, where: str) -> list[tuple[str, dict[str, dict[str, object]]]]:
    found: list[tuple[str, dict[str, dict[str, object]]]] = []
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "properties" and isinstance(inner, dict):
                found.append((where, inner))
            found += _property_maps(inner, f"{where}/{key}")
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            found += _property_maps(inner, f"{where}/{position}")
    return found


def _treatment(name: str) -> dict[str, object]:
    text = files("claims").joinpath("treatments", "ketamine", name).read_text(encoding="utf-8")
    return json.loads(text)  # type: ignore[no-any-return]


def _files() -> dict[str, dict[str, object]]:
    return {family.value: _treatment(f"catalogue/{family}.json") for family in Family}


def _propositions() -> dict[str, dict[str, str]]:
    text = files("claims").joinpath("language", "propositions.json").read_text(encoding="utf-8")
    return {k: v for k, v in json.loads(text).items() if isinstance(v, dict)}
