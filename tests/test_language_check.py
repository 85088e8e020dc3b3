"""The check of the language data: what ships is sound, and each fault is told with its place and remedy."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Outcome

from claims import language_check
from claims.catalogue.places import places
from claims.catalogue.schemas import schema

Json = dict[str, Any]
SCHEMAS = ("lexicon", "frames", "clauses", "spelling", "inflections", "qualifier_cues", "not_extracted")


@dataclass(frozen=True)
class Fault:
    """One fault made in a sound copy: `change` works on the file's value."""

    name: str
    file: str
    change: Callable[[Json], object]
    pointer: str
    wrong: str
    remedy: str


def frame(data: Json, **changes: object) -> None:
    data["frames"][0].update(changes)


def mention(data: Json, **spec: object) -> None:
    data["mentions"]["own"] = {"means": "Words of a test.", **spec}


FAULTS = (
    Fault(
        "a key nobody knows",
        "language/frames/hype.json",
        lambda d: frame(d, triger="hype"),
        "/frames/0/triger",
        'unknown key "triger"',
        'did you mean "trigger"?',
    ),
    Fault(
        "a scope that is none",
        "language/frames/hype.json",
        lambda d: frame(d, scope="sentence"),
        "/frames/0/scope",
        '"sentence" is not allowed here',
        "fragment, clause, statement",
    ),
    Fault(
        "a trigger that no list has",
        "language/frames/hype.json",
        lambda d: frame(d, trigger="hipe"),
        "/frames/0/trigger",
        'there is no mention type "hipe"',
        'did you mean "hype"?',
    ),
    Fault(
        "a need that no list has",
        "language/frames/cost.json",
        lambda d: frame(d, needs=["insurance|xyzzy"]),
        "/frames/0/needs/0",
        'there is no mention type "xyzzy"',
        "name a mention type that exists",
    ),
    Fault(
        "a proposition of another family",
        "language/frames/hype.json",
        lambda d: frame(d, proposition="rapid"),
        "/frames/0/proposition",
        'there is no proposition of the family "rapid"',
        "exists",
    ),
    Fault(
        "a name of another family",
        "language/frames/hype.json",
        lambda d: frame(d, name="onset/hype"),
        "/frames/0/name",
        "of another family",
        'begin it with "hype/"',
    ),
    Fault(
        "a frame's name twice",
        "language/frames/cost.json",
        lambda d: d["frames"][1].update(name=d["frames"][0]["name"]),
        "/frames/1/name",
        "stands twice",
        "rename one",
    ),
    Fault(
        "an unknown tag in a frame",
        "language/frames/hype.json",
        lambda d: frame(d, qualifiers=["under_supervison"]),
        "/frames/0/qualifiers",
        'no qualifier tag "under_supervison"',
        'did you mean "under_supervision"?',
    ),
    Fault(
        "what is subsumed does not exist",
        "language/frames/hype.json",
        lambda d: d.update(subsumes={"hype": ["hyper"]}),
        "/subsumes/hype",
        'no proposition of the family "hyper"',
        "hype",
    ),
    Fault(
        "an example that a blocking frame cannot give",
        "language/frames/hype.json",
        lambda d: d["frames"].append(
            {
                "name": "hype/none",
                "proposition": "hype",
                "trigger": "hype",
                "holds": False,
                "examples": [{"text": "A marvel.", "proposition": "hype"}],
            }
        ),
        "/frames/{last}/examples/0",
        "a frame that makes none",
        'write "not" instead',
    ),
    Fault(
        "an example that expects nothing",
        "language/frames/hype.json",
        lambda d: frame(d, examples=[{"text": "A marvel."}]),
        "/frames/0/examples/0",
        "fits none of the forms allowed",
        'give "proposition" or give "not"',
    ),
    Fault(
        "the same phrase twice",
        "language/lexicon/hype.json",
        lambda d: mention(d, words=["wonder cure", "Wonder-Cure"]),
        "/mentions/own/words/1",
        'read the same as "wonder cure"',
        "remove one",
    ),
    Fault(
        "the same phrase in British spelling",
        "language/lexicon/hype.json",
        lambda d: mention(d, nouns=["behavior", "behaviour"]),
        "/mentions/own/nouns/1",
        'read the same as "behavior"',
        "remove one",
    ),
    Fault(
        "an empty phrase",
        "language/lexicon/hype.json",
        lambda d: mention(d, words=["fine", ""]),
        "/mentions/own/words/1",
        "",
        "",
    ),
    Fault(
        "a space at the end",
        "language/lexicon/hype.json",
        lambda d: mention(d, words=["fine "]),
        "/mentions/own/words/0",
        '"fine " has not the form required',
        "must match",
    ),
    Fault(
        "a character that is never read",
        "language/lexicon/hype.json",
        lambda d: mention(d, words=["brand®"]),
        "/mentions/own/words/0",
        "can never match: ® is not read",
        "write it without",
    ),
    Fault(
        "a list without phrases",
        "language/lexicon/hype.json",
        mention,
        "/mentions/own",
        "fits none of the forms allowed",
        'give "words"',
    ),
    Fault(
        "a mention type in two files",
        "language/lexicon/hype.json",
        lambda d: d["mentions"].update(insurance={"means": "Insurers.", "words": ["insurer"]}),
        "/mentions/insurance",
        '"insurance" stands twice (first in claims/language/lexicon/cost.json)',
        "merge the two lists",
    ),
    Fault(
        "a mention type of the conditions' name",
        "language/lexicon/hype.json",
        lambda d: d["mentions"].update(condition={"means": "Illness.", "words": ["malaise"]}),
        "/mentions/condition",
        "stands twice",
        "rename one",
    ),
    Fault(
        "a term of two conditions",
        "treatments/ketamine/conditions.json",
        lambda d: d["conditions"][1]["terms"].append("Depression"),
        "/conditions/1/terms/{terms}",
        'already stands for "depression"',
        "remove one",
    ),
    Fault(
        "a cue for no tag",
        "language/qualifier_cues.json",
        lambda d: d["cues"].update(screned={"any": ["screening"], "reach": "beside"}),
        "/cues/screned",
        'no qualifier tag "screned"',
        'did you mean "screened"?',
    ),
    Fault(
        "a cue of no mention type",
        "language/qualifier_cues.json",
        lambda d: d["cues"].update(screened={"any": ["screning"], "reach": "beside"}),
        "/cues/screened/any",
        'no mention type "screning"',
        'did you mean "screening"?',
    ),
    Fault(
        "a reach that is none",
        "language/qualifier_cues.json",
        lambda d: d["cues"]["screened"].update(reach="near"),
        "/cues/screened/reach",
        "not allowed here",
        "statement, beside",
    ),
    Fault(
        "a proposition that nothing makes",
        "language/propositions.json",
        lambda d: d["hype"].update(marvel="Is a marvel."),
        "/hype/marvel",
        "no frame makes it",
        "list it in not_extracted.json",
    ),
    Fault(
        "an exemption that is none",
        "language/not_extracted.json",
        lambda d: d["propositions"].append(
            {"family": "hype", "proposition": "hype", "why": "Nobody looked."}
        ),
        "/propositions/{last}",
        '"hype" is made by a frame',
        "take it off this list",
    ),
    Fault(
        "a schema that is not there",
        "language/clauses.json",
        lambda d: d.update({"$schema": "clauses.schema.json"}),
        "/$schema",
        "leads to no schema",
        '"../schemas/clauses.schema.json"',
    ),
    Fault(
        "a spelling that never ends",
        "language/spelling.json",
        lambda d: d["pairs"].update(gray="grayish"),
        "/pairs/gray",
        '"gray" stands in "grayish"',
        "longer stretch",
    ),
    Fault(
        "a short word to be mended",
        "language/spelling.json",
        lambda d: d["typos"]["words"].insert(0, "mood"),
        "/typos/words/0",
        '"mood" has not the form required',
        "must match",
    ),
    Fault(
        "a clause word in capitals",
        "language/clauses.json",
        lambda d: d["contrast"].insert(0, "But"),
        "/contrast/0",
        '"But" has capitals',
        "lower case",
    ),
    Fault(
        "a pattern among the clause words",
        "language/clauses.json",
        lambda d: d["subjects"].insert(0, "(a+)+"),
        "/subjects/0",
        "has not the form required",
        "must match",
    ),
    Fault(
        "a verb form twice",
        "language/inflections.json",
        lambda d: d["verbs"].update(go=["goes", "goes"]),
        "/verbs/go",
        "holds something twice",
        "keep one",
    ),
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for folder in ("language", "treatments"):
        shutil.copytree(ROOT / "claims" / folder, tmp_path / folder)
    return tmp_path


def test_what_ships_is_sound() -> None:
    assert language_check.validate() == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_gives_file_place_and_remedy(fault: Fault, copy: Path) -> None:
    path = copy / fault.file
    data = json.loads(path.read_text(encoding="utf-8"))
    fault.change(data)
    text = json.dumps(data, indent=1, ensure_ascii=False)
    path.write_text(text, encoding="utf-8")
    last = len(data.get("frames", data.get("propositions", ()))) - 1
    terms = len(data["conditions"][1]["terms"]) - 1 if "conditions" in data else 0
    place = fault.pointer.format(last=last, terms=terms)
    told = [p for p in language_check.validate(root=copy) if f": {place}: " in p]
    assert told, language_check.validate(root=copy)
    name, line, column, message = told[0].split(":", 3)
    assert name == f"claims/{fault.file}"
    assert (int(line), int(column)) == places(text)[place]
    assert fault.wrong in message
    assert fault.remedy in message.partition("; ")[2]


def test_broken_syntax_is_told_by_line(copy: Path) -> None:
    path = copy / "language/frames/hype.json"
    path.write_text(path.read_text().replace('"frames": [', '"frames": [,', 1))
    [problem] = language_check.validate(root=copy)
    assert problem.startswith("claims/language/frames/hype.json:")
    assert "is not JSON" in problem


def test_the_command_checks_it(claims_audit: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch) -> None:
    assert "frames: no faults" in claims_audit("catalogue", "validate").out
    monkeypatch.setattr(language_check, "validate", lambda: ["f.json:1:1: /: is wrong; mend it"])
    result = claims_audit("catalogue", "validate")
    assert result.code == 2
    assert "f.json:1:1: /: is wrong; mend it" in result.err


@pytest.mark.parametrize("name", SCHEMAS)
def test_schemas_explain_every_field(name: str) -> None:
    from jsonschema import Draft202012Validator

    Draft202012Validator.check_schema(schema(name))
    assert [where for where, value in fields(schema(name), "") if "description" not in value] == []
    assert [where for where, value in objects(schema(name), "") if "additionalProperties" not in value] == []


def fields(value: object, where: str) -> Iterator[tuple[str, Json]]:
    """What stands under `properties`, at any depth."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "properties":
                yield from ((f"{where}/{name}", field) for name, field in inner.items())
            yield from fields(inner, f"{where}/{key}")


def objects(value: object, where: str) -> Iterator[tuple[str, Json]]:
    if isinstance(value, dict):
        if value.get("type") == "object":
            yield where, value
        for key, inner in value.items():
            yield from objects(inner, f"{where}/{key}")
