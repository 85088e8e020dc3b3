"""Word lists: every phrase is found again, in every writing of it; spelling, slips of the pen, forms."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import parsed

from claims import lexicon
from pipeline.nlp.normalise import normalise
from pipeline.nlp.pipeline import build, read

ROOT = files("claims")
IRREGULAR = json.loads((ROOT / "language" / "inflections.json").read_text())["verbs"]


@cache
def phrases() -> tuple[tuple[str, str], ...]:
    """(mention type, phrase) of every phrase in every form."""
    lists = [f for f in (ROOT / "language" / "lexicon").iterdir() if f.name.endswith(".json")]
    own = ROOT / "treatments" / "ketamine"
    found = [
        (name, form)
        for file in sorted((*lists, own / "subjects.json"), key=lambda f: f.name)
        for name, spec in json.loads(file.read_text(encoding="utf-8"))["mentions"].items()
        for form in lexicon.expand(spec, IRREGULAR)
    ]
    conditions = json.loads((own / "conditions.json").read_text(encoding="utf-8"))["conditions"]
    found += [("condition", term) for row in conditions for term in row["terms"]]
    return tuple(dict.fromkeys(found))


def test_every_phrase_is_found_in_itself() -> None:
    texts = read(build(), [normalise(phrase) for _, phrase in phrases()])
    lost = [
        pair
        for pair, text in zip(phrases(), texts, strict=True)
        if not any(pair[0] in mention.kinds for mention in text.mentions)
    ]
    assert len(phrases()) > 10_000
    assert lost == []


def test_every_condition_is_read_as_itself() -> None:
    path = ROOT / "treatments" / "ketamine" / "conditions.json"
    rows = json.loads(path.read_text(encoding="utf-8"))["conditions"]
    pairs = [(row["id"], term) for row in rows for term in row["terms"]]
    texts = read(build(), [normalise(term) for _, term in pairs])
    wrong = [
        (condition, term)
        for (condition, term), text in zip(pairs, texts, strict=True)
        if condition not in {m.kinds.get("condition") for m in text.mentions}
    ]
    assert wrong == []


WRITINGS = {
    "capitals": str.upper,
    "title case": str.title,
    "curly quotes": lambda text: text.replace("'", "’"),
    "hard spaces": lambda text: text.replace(" ", "\u00a0"),
    "hyphens": lambda text: text.replace(" ", "-"),
}


@pytest.mark.parametrize("writing", WRITINGS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_the_writing_makes_no_difference(writing: str, data: st.DataObject) -> None:
    letters = [(k, p) for k, p in phrases() if p.replace(" ", "").isalpha()]
    kind, phrase = data.draw(st.sampled_from(letters))
    written = WRITINGS[writing](phrase)
    found = parsed(written)
    assert any(kind in m.kinds for m in found.mentions), written


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("Ketamne may help.", "drug_ketamine", "Ketamne"),
        ("KETAMINE CANNOT BE ABUSED", "nonaddictive", "CANNOT BE ABUSED"),
        ("Ketamien infusions", "drug_ketamine", "Ketamien infusions"),
        ("Help with depresion", "condition", "depresion"),
        ("relief from depressoin", "condition", "depressoin"),
        ("Treatment for fibromialgia", "condition", "fibromialgia"),
        ("It is not adictive", "nonaddictive", "is not adictive"),
        ("an anaesthetic", "anaesthetic", "an anaesthetic"),
        (
            "approved by the U.S. Food and Drug Administration",
            "fda_approved",
            "approved by the U.S. Food and Drug Administration",
        ),
        ("the F.D.A. and others", "regulator", "F.D.A."),
    ],
)
def test_spelling_and_slips(text: str, kind: str, words: str) -> None:
    mentions = [m for m in parsed(text).mentions if kind in m.kinds]
    if kind not in lexicon.load().types:
        pytest.fail(f"no mention type {kind}")
    assert [text[m.first : m.last] for m in mentions] == [words]


@pytest.mark.parametrize("word", ["ketosis", "kinetin", "reserve", "retreat", "depressor", "expression"])
def test_another_word_is_no_slip(word: str) -> None:
    assert lexicon.mend_typo(word, lexicon.load().typos) == word


@given(st.sampled_from(lexicon.load().typos), st.data())
def test_one_slip_is_mended_and_two_are_not(term: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(term) - 2))
    dropped = term[:at] + term[at + 1 :]
    if len(dropped) >= 7 and dropped not in lexicon.load().typos:
        assert lexicon.mend_typo(dropped, [term]) == term
    doubled = term[:1] + "qq" + term[1:]
    assert lexicon.mend_typo(doubled, [term]) == doubled


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        ("relieve", {"relieve", "relieves", "relieved", "relieving"}),
        ("remedy", {"remedy", "remedies", "remedied", "remedying"}),
        ("stop", {"stop", "stops", "stopped", "stopping"}),
        ("help with", {"help with", "helps with", "helped with", "helping with"}),
        ("reach", {"reach", "reaches", "reached", "reaching"}),
        ("feel", {"feel", "feels", "felt", "feeling"}),
        ("employ", {"employ", "employs", "employed", "employing"}),
    ],
)
def test_verb_forms(verb: str, forms: set[str]) -> None:
    assert set(lexicon.verb_forms(verb, IRREGULAR)) == forms


@pytest.mark.parametrize(
    ("noun", "plural"),
    [
        ("risk", "risks"),
        ("therapy", "therapies"),
        ("illness", "illnesses"),
        ("day", "days"),
        ("itch", "itches"),
    ],
)
def test_noun_forms(noun: str, plural: str) -> None:
    assert lexicon.noun_forms(noun) == (noun, plural)


@given(st.text(max_size=40))
def test_folding_a_folded_phrase_changes_nothing(text: str) -> None:
    once = lexicon.fold_phrase(text)
    assert lexicon.fold_phrase(once) == once or "-" in text or "." in text


def test_the_longest_phrase_of_a_file_wins() -> None:
    found = parsed("treatment-resistant depression")
    assert [m.kinds["condition"] for m in found.mentions if "condition" in m.kinds] == [
        "treatment_resistant_depression"
    ]


@pytest.mark.parametrize(
    "text", ["reversing sarcoidosis", "help with Ehlers syndrome", "relief of neuralgia"]
)
def test_an_illness_that_no_list_has_is_open(text: str) -> None:
    values = [m.kinds["condition"] for m in parsed(text).mentions if "condition" in m.kinds]
    assert values


@pytest.mark.parametrize("text", ["a diagnosis", "these disorders", "under hypnosis", "mental disorders"])
def test_a_word_of_that_form_may_be_none(text: str) -> None:
    assert not any(m.kinds.get("condition", "").startswith("open:") for m in parsed(text).mentions)
