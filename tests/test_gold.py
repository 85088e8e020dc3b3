"""The labelled set: well formed, sealed where it is locked, and never scored worse than pinned."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import evaluate, floors
from benchmarks.cases import read_cases, read_pairs
from benchmarks.gold import GOLD, broken_seals, present, read_labels, read_texts
from benchmarks.gold import evaluate as run
from benchmarks.scoring import Found, Label, Score, Stretch, places_of, score
from claims.model import Family, Verdict

S, O, U, C = Verdict.SUPPORTED, Verdict.OVERSTATED, Verdict.UNSUPPORTED, Verdict.CONTRADICTED  # noqa: E741
TEXT = "Ketamine cures depression. It works within hours. Ask us about side effects."
FIRST, SECOND, THIRD = places_of("Ketamine cures depression.", TEXT)[0], (27, 49), (50, 76)


def label(place: Stretch, family: str = "efficacy", verdict: Verdict = O, **more: bool) -> Label:
    return Label("p1.txt", TEXT[slice(*place)], family, verdict, (place,), **more)


def found(place: Stretch, family: str = "efficacy", verdict: Verdict = O) -> Found:
    return Found("p1.txt", TEXT[slice(*place)], family, verdict, place)


def scored(labels: list[Label], findings: list[Found]) -> Score:
    return score(labels, findings, {"p1.txt": 500, "k1.txt": 500})


# The labels


def test_the_open_set_is_as_wide_as_it_has_to_be() -> None:
    texts = read_texts(GOLD / "open")
    required = [label for label in read_labels(GOLD / "open", texts) if not label.optional]
    families = Counter(label.family for label in required)
    verdicts = Counter(label.verdict for label in required)
    assert len(required) >= 560
    assert set(families) == set(Family)
    assert min(families["addiction"], families["regulatory"]) >= 40
    assert min(verdicts[U], verdicts[C]) >= 40
    assert all(100 <= len(text.split()) <= 600 for text in texts.values())


def test_slots_of_the_labels_are_the_program_s_own() -> None:
    propositions = json.loads((GOLD.parents[1] / "claims/language/propositions.json").read_text())
    lines = (GOLD / "open" / "open.jsonl").read_text(encoding="utf-8").splitlines()
    unknown = [
        (raw["family"], raw["proposition"])
        for raw in map(json.loads, lines)
        if raw["proposition"] not in propositions[raw["family"]]
    ]
    assert unknown == []


def test_pairs_differ_in_the_verdict_and_in_little_else() -> None:
    pairs = read_pairs(GOLD / "pairs.jsonl")
    assert len(pairs) >= 150
    assert {p.about for p in pairs} == {
        "scope",
        "framing",
        "subject",
        "list",
        "attribution",
        "number",
        "surface",
    }
    for pair in pairs:
        one, other = pair.sides
        assert one.verdict is not other.verdict, one.text
        assert one.text != other.text or one.document != other.document


def test_each_kind_of_context_has_its_cases() -> None:
    cases = read_cases(GOLD / "contexts")
    kinds = Counter(case.about for case in cases)
    assert set(kinds) == {
        "scope",
        "framing",
        "subject",
        "lists",
        "attribution",
        "numbers",
        "surface",
    }
    assert min(kinds.values()) >= 25
    assert {family for case in cases for family in case.absent} <= set(Family)
    assert {expected.family for case in cases for expected in case.expected} == set(Family)


# The lock


@pytest.mark.skipif("locked" not in present(), reason="no locked set")
def test_the_locked_set_is_as_it_was_sealed() -> None:
    assert broken_seals(GOLD / "locked") == []


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda folder: (folder / "a.txt").write_text("other"), "a.txt: not as it was sealed"),
        (lambda folder: (folder / "a.txt").unlink(), "a.txt: sealed, but not there"),
        (lambda folder: (folder / "b.txt").write_text("new"), "b.txt: there, but not sealed"),
    ],
)
def test_a_broken_seal_is_named(tmp_path: Path, change: object, complaint: str) -> None:
    (tmp_path / "a.txt").write_text("text")
    digest = "982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1"
    (tmp_path / "SHA256SUMS").write_text(f"{digest}  a.txt\n")
    assert broken_seals(tmp_path) == []
    change(tmp_path)  # type: ignore[operator]
    assert broken_seals(tmp_path) == [complaint]


def test_a_bad_label_is_named_by_its_line_and_not_by_its_words(tmp_path: Path) -> None:
    raw = {"doc": "a.txt", "quote": "secret words", "family": "onset", "verdict": "supported"}
    (tmp_path / "a.jsonl").write_text(json.dumps(raw) + "\n")
    with pytest.raises(ValueError, match=r"a\.jsonl, line 1: the quote is not in the document") as error:
        read_labels(tmp_path, {"a.txt": "text"})
    assert "secret" not in str(error.value)


# The score


@pytest.mark.parametrize(
    ("labels", "findings", "figures"),
    [
        pytest.param([label(FIRST)], [found(FIRST)], (1, 1, 1), id="the same stretch"),
        pytest.param([label(FIRST)], [found((0, 14))], (1, 1, 1), id="half of it"),
        pytest.param([label(FIRST)], [found((0, 7))], (0, 1, 1), id="less than three tenths of it"),
        pytest.param([label(FIRST)], [found((20, 49))], (0, 1, 1), id="mostly beside it"),
        pytest.param([label(FIRST)], [found(FIRST, "onset")], (0, 1, 1), id="another family"),
        pytest.param([label(FIRST)], [found(SECOND)], (0, 1, 1), id="another place"),
        pytest.param([label(FIRST)], [], (0, 0, 1), id="nothing found"),
        pytest.param([label(FIRST)], [found(FIRST), found(FIRST)], (1, 1, 1), id="twice at one place"),
        pytest.param([label(FIRST)], [found(FIRST), found((0, 16))], (1, 2, 1), id="one label, two findings"),
        pytest.param([label(FIRST, optional=True)], [found(FIRST)], (0, 0, 0), id="excused"),
        pytest.param([label(FIRST, optional=True)], [found(SECOND)], (0, 1, 0), id="excused elsewhere"),
        pytest.param(
            [label(FIRST), label(FIRST, optional=True)], [found(FIRST)], (1, 1, 1), id="required first"
        ),
    ],
)
def test_extraction(labels: list[Label], findings: list[Found], figures: tuple[int, int, int]) -> None:
    got = scored(labels, findings).extraction
    assert (got.right, got.found, got.labelled) == figures


@pytest.mark.parametrize(
    ("wanted", "got", "flags", "accuracy"),
    [
        (O, O, (1, 1, 1), 1.0),
        (O, C, (1, 1, 1), 0.0),
        (O, S, (0, 0, 1), 0.0),
        (S, O, (0, 1, 0), 0.0),
        (S, S, (0, 0, 0), 1.0),
    ],
)
def test_flags_and_verdicts(
    wanted: Verdict, got: Verdict, flags: tuple[int, int, int], accuracy: float
) -> None:
    result = scored([label(FIRST, verdict=wanted)], [found(FIRST, verdict=got)])
    assert (result.flags.right, result.flags.found, result.flags.labelled) == flags
    assert result.verdict_accuracy == accuracy
    assert result.macro_recall == accuracy


def test_the_worst_verdict_stands_for_findings_at_one_place() -> None:
    result = scored([label(FIRST, verdict=C)], [found(FIRST, verdict=S), found(FIRST, verdict=C)])
    assert result.verdict_accuracy == 1.0


def test_macro_recall_weighs_verdicts_alike_and_counts_what_was_missed() -> None:
    labels = [label(FIRST, verdict=S), label(SECOND, verdict=S), label(THIRD, verdict=U)]
    result = scored(labels, [found(FIRST, verdict=S), found(SECOND, verdict=S)])
    assert result.verdict_accuracy == 1.0
    assert result.macro_recall == 0.5


def test_figures_are_kept_by_family() -> None:
    result = scored([label(FIRST), label(SECOND, "onset")], [found(FIRST), found(THIRD, "safety")])
    shares = {family: (f.right, f.found, f.labelled) for family, f in result.extraction_by_family.items()}
    assert shares == {"efficacy": (1, 1, 1), "onset": (0, 0, 1), "safety": (0, 1, 0)}


def test_false_flags_are_those_where_no_label_of_any_family_is_flagged() -> None:
    flagged_elsewhere = label(SECOND, "onset", O)
    result = scored([flagged_elsewhere], [found(SECOND, "efficacy"), found(THIRD, "safety")])
    assert result.false_flags == {"authoritative": 0.0, "all": 1.0}


def test_a_quote_is_found_across_white_space() -> None:
    assert places_of("7 in 10 patients improve", "So:\n7 in 10\n  patients improve\n") == ((4, 30),)
    assert places_of("nowhere", TEXT) == ()


# The gate

FIGURES = st.dictionaries(
    st.sampled_from(["extraction_f1", "flag_f1", "false_flags_all"]), st.floats(0, 1), min_size=1
)
MEASURED = st.dictionaries(st.sampled_from(["open", "pairs"]), FIGURES)


@given(MEASURED, MEASURED)
def test_floors_are_only_ever_raised(pinned: floors.Measured, measured: floors.Measured) -> None:
    new = floors.raised(pinned, measured)
    for name, figures in pinned.items():
        for figure, value in figures.items():
            better = min if figure.startswith("false_flags") else max
            assert better(new[name][figure], value) == new[name][figure]


@given(MEASURED)
def test_what_is_measured_holds_its_own_floors(measured: floors.Measured) -> None:
    assert floors.shortfalls(floors.raised({}, measured), measured) == []


@pytest.mark.parametrize(
    ("pinned", "measured", "fallen"),
    [
        ({"flag_f1": 0.8}, {"flag_f1": 0.79}, True),
        ({"flag_f1": 0.8}, {"flag_f1": 0.8}, False),
        ({"flag_f1": 0.8}, {}, True),
        ({"false_flags_all": 0.8}, {"false_flags_all": 0.9}, True),
        ({"false_flags_all": 0.8}, {"false_flags_all": 0.7}, False),
    ],
)
def test_a_shortfall_is_told(pinned: dict[str, float], measured: dict[str, float], fallen: bool) -> None:
    assert bool(floors.shortfalls({"open": pinned}, {"open": measured})) is fallen


def test_a_set_that_was_not_measured_falls_short_of_nothing() -> None:
    assert floors.shortfalls({"open": {"flag_f1": 0.8}}, {"pairs": {"all": 0.5}}) == []


def test_an_unknown_set_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        evaluate.main(["closed"])
    assert exit_.value.code == 2
    assert "no such set: closed" in capsys.readouterr().err


# The program


@pytest.mark.slow
@pytest.mark.parametrize("name", present())
def test_no_figure_falls_behind_its_floor(name: str) -> None:
    measured = {name: evaluate.figures_of(run(name))}
    assert floors.shortfalls(floors.read(GOLD / evaluate.FLOORS), measured) == []
