"""Loading the catalogue: folders over what ships, faults with their places, the closest entry."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest
from catalogue_faults import ENTRY, FACT, FAULTS, Fault, entry_file, evidence_file
from hypothesis import given
from hypothesis import strategies as st

from claims.catalogue import closest, load_catalogue
from claims.catalogue.places import places, pointer
from claims.errors import DataError
from claims.model import Family, Route, Strength, Subject

OWN = "ketamine/onset-own-rule"


def folder(tmp_path: Path, **files: object) -> str:
    for name, content in files.items():
        text = content if isinstance(content, str) else json.dumps(content, indent=2)
        (tmp_path / f"{name}.json").write_text(text, encoding="utf-8")
    return str(tmp_path)


def problems_of(where: str) -> tuple[str, ...]:
    with pytest.raises(DataError) as raised:
        load_catalogue(folders=(where,))
    return raised.value.problems


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_gives_file_place_and_remedy(fault: Fault, tmp_path: Path) -> None:
    text = fault.write()
    path = tmp_path / fault.file
    path.write_text(text, encoding="utf-8")
    if fault.file != "onset.json":
        (tmp_path / "onset.json").write_text(json.dumps(entry_file()), encoding="utf-8")
    [problem] = problems_of(str(tmp_path))
    where, line, column, message = problem.split(":", 3)
    assert where == str(path)
    assert message.startswith(f" {fault.pointer}: ")
    assert fault.wrong in message
    assert fault.remedy in message.partition("; ")[2]
    assert 1 <= int(line) <= text.count("\n") + 1
    assert int(column) >= 1
    if fault.pointer != "/" and fault.text is None:
        known = places(text)
        nearest = fault.pointer
        while nearest not in known:
            nearest = nearest.rpartition("/")[0]
        assert (int(line), int(column)) == known[nearest]


def test_there_are_forty_faults() -> None:
    assert len({fault.name for fault in FAULTS}) >= 40


def test_every_fault_of_a_folder_is_told_at_once(tmp_path: Path) -> None:
    data = entry_file()
    data["entries"][0]["severity"] = "loud"
    data["entries"][0]["routes"] = ["dermal"]
    where = folder(tmp_path, onset=data, efficacy="{", evidence=evidence_file())
    told = problems_of(where)
    assert len(told) == 3
    assert {problem.split(":")[0].rpartition("/")[2] for problem in told} == {"onset.json", "efficacy.json"}


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda p: p / "none", "does not exist"),
        (lambda p: p, "holds no *.json file"),
        (lambda p: (p / "f").write_text("x") and p / "f", "is a file"),
    ],
    ids=["missing", "empty", "a file"],
)
def test_a_folder_that_is_none(make: object, said: str, tmp_path: Path) -> None:
    [problem] = problems_of(str(make(tmp_path)))  # type: ignore[operator]
    assert said in problem


def test_conditions_of_an_own_folder_are_refused(tmp_path: Path) -> None:
    [problem] = problems_of(folder(tmp_path, conditions={}))
    assert "conditions are read from what ships only; take it away" in problem


def test_bytes_that_are_no_utf8(tmp_path: Path) -> None:
    (tmp_path / "onset.json").write_bytes(b'{"family": "\xff"}')
    [problem] = problems_of(str(tmp_path))
    assert "not UTF-8 (byte 12)" in problem


def test_no_such_treatment() -> None:
    with pytest.raises(DataError, match=r"no such treatment; choose one of .*ketamine"):
        load_catalogue("botox")


def test_a_folder_extends_what_ships(tmp_path: Path) -> None:
    shipped = load_catalogue()
    own = load_catalogue(folders=(folder(tmp_path, onset=entry_file(), evidence=evidence_file()),))
    assert set(own.entries) - set(shipped.entries) == {OWN}
    assert own.entries[OWN].origin == str(tmp_path)
    assert own.entries[OWN].place.endswith("onset.json:4")
    assert own.evidence[FACT["id"]].citation == FACT["citation"]
    assert own.hash != shipped.hash
    assert own.overridden == ()


def test_a_folder_overrides_entry_by_entry(tmp_path: Path) -> None:
    name = "ketamine/onset-immediate"
    data = entry_file()
    data["entries"][0] |= {"id": name, "propositions": ["immediate"], "routes": [], "conditions": ["any"]}
    own = load_catalogue(folders=(folder(tmp_path, mine=data),))
    assert own.entries[name].title == ENTRY["title"]
    assert own.entries[name].origin == str(tmp_path)
    assert own.overridden == (name,)
    assert len(own.entries) == len(load_catalogue().entries)


def test_a_retired_entry_decides_nothing(tmp_path: Path) -> None:
    name = "ketamine/onset-immediate"
    data = entry_file()
    data["entries"][0] |= {"id": name, "propositions": ["immediate"], "conditions": ["any"]}
    data["entries"][0]["review"] = {"status": "retired", "due": "2027-01-01"}
    own = load_catalogue(folders=(folder(tmp_path, mine=data),))
    found = closest(own, Family.ONSET, "immediate", Subject.KETAMINE, Route.IV, "ocd", ("US",))
    assert found == ()


def test_the_hash_ignores_layout_and_the_name_of_the_folder(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for home, indent in ((one, 1), (two, 8)):
        home.mkdir()
        (home / "onset.json").write_text(json.dumps(entry_file(), indent=indent), encoding="utf-8")
    first, second = (load_catalogue(folders=(str(home),)) for home in (one, two))
    assert first.hash == second.hash
    assert first.entries[OWN].content_hash == second.entries[OWN].content_hash


def test_strict_takes_from_standard_what_it_does_not_say(tmp_path: Path) -> None:
    own = load_catalogue(folders=(folder(tmp_path, onset=entry_file()),))
    limits = own.entries[OWN].limits
    assert limits["standard"].max_strength is Strength.S1
    assert limits["strict"].max_strength is Strength.S0
    assert limits["strict"].stance is limits["standard"].stance


def test_the_catalogue_travels_to_another_process() -> None:
    catalogue = load_catalogue()
    assert pickle.loads(pickle.dumps(catalogue)).hash == catalogue.hash  # noqa: S301


CHOICES = (
    (
        "the condition before its grade",
        "helps",
        Subject.KETAMINE,
        Route.IV,
        "depression",
        "US",
        "efficacy-depression",
    ),
    ("the route", "helps", Subject.KETAMINE, Route.ORAL, "depression", "US", "efficacy-depression-oral"),
    (
        "the subject",
        "helps",
        Subject.ESKETAMINE,
        Route.NASAL,
        "depression",
        "US",
        "efficacy-depression-esketamine",
    ),
    ("an open condition", "helps", Subject.KETAMINE, Route.IV, "open:gout", "US", "efficacy-open-condition"),
    ("no condition", "helps", Subject.KETAMINE, Route.NONE, None, "US", "efficacy-no-condition"),
    ("the grade", "response_rate", Subject.KETAMINE, Route.IV, "ptsd", "US", "efficacy-response-rate-other"),
    ("nothing", "helps", Subject.KETAMINE, Route.IV, "anaesthesia", "US", None),
)


@pytest.mark.parametrize(("what", "proposition", "subject", "route", "condition", "where", "entry"), CHOICES)
def test_the_closest_entry(
    what: str,
    proposition: str,
    subject: Subject,
    route: Route,
    condition: str | None,
    where: str,
    entry: str | None,
) -> None:
    found = closest(load_catalogue(), Family.EFFICACY, proposition, subject, route, condition, (where,))
    assert [e.id for e in found] == ([f"ketamine/{entry}"] if entry else []), what


def test_a_jurisdiction_goes_before_everywhere() -> None:
    catalogue = load_catalogue()
    slots = (Family.REGULATORY, "endorsed", Subject.ESKETAMINE, Route.NASAL, None)
    [here] = closest(catalogue, *slots, ("US",))
    [there] = closest(catalogue, *slots, ("US", "UK"))
    assert (here.id, there.id) == ("ketamine/regulatory-endorsed", "ketamine/regulatory-endorsed-uk")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(value=JSON, indent=st.sampled_from([None, 0, 2]), ascii_only=st.booleans())
def test_every_value_stands_at_its_place(value: object, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    found = places(text)
    lines = text.split("\n")
    decoder = json.JSONDecoder()
    for path, inner in _walk(value, ()):
        line, column = found[pointer(path)]
        rest = "\n".join([lines[line - 1][column - 1 :], *lines[line:]])
        assert decoder.raw_decode(rest)[0] == inner
    assert len(found) == sum(1 for _ in _walk(value, ()))


def _walk(value: object, path: tuple[str | int, ...]) -> list[tuple[tuple[str | int, ...], object]]:
    here: list[tuple[tuple[str | int, ...], object]] = [(path, value)]
    if isinstance(value, dict):
        for key, inner in value.items():
            here += _walk(inner, (*path, key))
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            here += _walk(inner, (*path, position))
    return here
