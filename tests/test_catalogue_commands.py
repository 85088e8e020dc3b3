"""`claims-audit catalogue …` as a reviewer uses it, and the steps of docs/catalogue.md one by one."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from catalogue_faults import ENTRY, FAULTS, Fault, entry_file
from conftest import ROOT, Outcome

from claims.catalogue import load_catalogue
from claims.catalogue.fields import field_reference
from claims.rules import DocumentMeta, Rules

OWN = ENTRY["id"]
DOCS = (ROOT / "docs" / "catalogue.md").read_text(encoding="utf-8")

Cli = Callable[..., Outcome]


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    """The command line, in an empty folder, on 21 November 2026 (`day` moves the clock)."""
    from pipeline.cli import run

    monkeypatch.chdir(tmp_path)

    def call(*words: str, day: str = "2026-11-21") -> Outcome:
        epoch = int(datetime.fromisoformat(f"{day}T12:00:00+00:00").timestamp())
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(epoch))
        capsys.readouterr()
        code = run(["catalogue", *words])
        read = capsys.readouterr()
        return Outcome(code, read.out, read.err)

    return call


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A folder with one sound entry."""
    folder = tmp_path / "house"
    folder.mkdir()
    (folder / "onset.json").write_text(json.dumps(entry_file(), indent=2), encoding="utf-8")
    return folder


def test_validate_counts(cli: Cli) -> None:
    result = cli("validate")
    assert result.code == 0
    assert f"{len(load_catalogue().entries)} entries in 12 families: no faults" in result.out
    assert "not confirmed" in result.out
    assert "provisional" in result.out


def test_validate_tells_every_fault_and_ends_with_two(cli: Cli, house: Path) -> None:
    text = (house / "onset.json").read_text().replace('"warning"', '"loud"').replace('"S1"', '"S7"')
    (house / "onset.json").write_text(text)
    result = cli("validate", "--catalogue", str(house))
    assert result.code == 2
    assert len(result.err.strip().splitlines()) == 2
    assert re.search(r"onset\.json:\d+:\d+: /entries/0/severity: \"loud\" is not allowed here; ", result.err)
    assert "Traceback" not in result.err


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_one_line_with_file_place_and_remedy(cli: Cli, house: Path, fault: Fault) -> None:
    (house / fault.file).write_text(fault.write(), encoding="utf-8")
    result = cli("list", "--catalogue", str(house))
    assert (result.code, result.out) == (2, "")
    (line,) = result.err.splitlines()
    told = re.match(r"claims-audit: (\S+):(\d+):(\d+): (\S+): (.*)", line)
    assert told, line
    assert told[1] == str(house / fault.file)
    assert told[4] == fault.pointer
    wrong, _, remedy = told[5].partition("; ")
    assert fault.wrong in wrong
    assert fault.remedy in remedy


@pytest.mark.parametrize(
    "words",
    [
        ("audit", "page.txt"),
        ("read", "Ketamine works fast."),
        ("baseline", "create", "page.txt"),
        ("catalogue", "validate"),
        ("catalogue", "show", "onset-own-rule"),
        ("catalogue", "test", "onset-own-rule"),
        ("catalogue", "due"),
        ("catalogue", "export"),
        ("catalogue", "sign", "onset-own-rule", "--by", "A. Reviewer"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_every_command_refuses_a_faulty_entry(
    claims_audit: Cli, house: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(house.parent)
    (house.parent / "page.txt").write_text("Ketamine works fast.", encoding="utf-8")
    text = (house / "onset.json").read_text().replace('"warning"', '"loud"')
    (house / "onset.json").write_text(text)
    result = claims_audit(*words, "--catalogue", str(house))
    assert result.code == 2
    assert "onset.json" in result.err
    assert "/entries/0/severity" in result.err
    assert "Traceback" not in result.err + result.out
    assert sorted(path.name for path in house.iterdir()) == ["onset.json"]
    assert not (house.parent / "claims-baseline.json").exists()


def test_list_filters(cli: Cli) -> None:
    everything = cli("list").out.splitlines()
    assert len([line for line in everything if not line.startswith(" ")]) == len(load_catalogue().entries) + 1
    assert max(map(len, everything)) <= 80
    onset = cli("list", "--family", "onset").out
    assert "onset-immediate" in onset
    assert "efficacy" not in onset
    ptsd = cli("list", "--condition", "ptsd", "--family", "efficacy").out
    assert "efficacy-ptsd" in ptsd
    assert "efficacy-ocd" not in ptsd
    assert cli("list", "--status", "signed").out.startswith("0 of")
    soon = cli("list", "--due", "60d").out
    assert "regulatory-legal-home" in soon
    assert len(soon.splitlines()) < 20


def test_list_propositions(cli: Cli) -> None:
    out = cli("list", "--propositions", "--family", "hype").out
    assert out.splitlines()[0] == "hype"
    assert "Breakthrough" in out
    assert max(map(len, cli("list", "--propositions").out.splitlines())) <= 80


def test_show_is_a_page(cli: Cli) -> None:
    out = cli("show", "onset-hours-iv-depression").out
    for label in (
        "speaks of",
        "standard",
        "strict",
        "why",
        "evidence",
        "better",
        "examples",
        "review",
        "from",
    ):
        assert re.search(rf"^{label}\s", out, re.MULTILINE), label
    assert "NOT CONFIRMED" in out
    assert max(len(line) for line in out.splitlines()) <= 80


def test_an_id_that_is_none_suggests_others(cli: Cli) -> None:
    result = cli("show", "onset-hours-iv-depresion")
    assert result.code == 2
    assert "did you mean ketamine/onset-hours-iv-depression" in result.err


def test_test_runs_examples_of_one_entry(cli: Cli, house: Path) -> None:
    good = cli("test", "onset-own-rule", "--catalogue", str(house))
    assert (good.code, good.out.strip()) == (0, "1 entry, 4 texts: none failed")
    text = (house / "onset.json").read_text().replace("quickly ease OCD.", "cost 400 dollars.", 1)
    (house / "onset.json").write_text(text)
    bad = cli("test", "onset-own-rule", "--catalogue", str(house))
    assert bad.code == 1
    assert f"{OWN} example 1" in bad.out
    assert "gives no onset claim" in bad.out


def test_due_lists_what_is_volatile(cli: Cli) -> None:
    before = cli("due", "--within", "30d")
    assert before.code == 0
    assert "due     ketamine/regulatory-legal-home\n    changes if: " in before.out
    assert max(map(len, cli("due", "--within", "9y").out.splitlines())) <= 80
    after = cli("due", "--within", "1d", day="2026-12-20")
    assert after.code == 1
    assert "OVERDUE ketamine/regulatory-legal-home" in after.out


@pytest.mark.parametrize("span", ["90", "soon", "d90", ""])
def test_a_span_that_is_none(cli: Cli, span: str) -> None:
    result = cli("due", "--within", span)
    assert result.code == 2
    assert "give a time such as 90d" in result.err


def edited(house: Path, name: str, change: Callable[[dict[str, object]], object]) -> Path:
    """A copy of the folder in which one thing is different."""
    data = json.loads((house / "onset.json").read_text())
    change(data["entries"][0])
    other = house.parent / name
    other.mkdir()
    (other / "onset.json").write_text(json.dumps(data), encoding="utf-8")
    return other


def _limits(**standard: object) -> Callable[[dict[str, object]], object]:
    return lambda entry: entry["limits"]["standard"].update(standard)  # type: ignore[index]


CHANGES = [
    ("loosened", _limits(max_strength="S2"), "standard: ceiling S1 → S2"),
    ("tightened", _limits(max_strength="S0"), "standard: ceiling S1 → S0"),
    ("tightened", _limits(stance="refuted"), "stance accepted → refuted"),
    ("tightened", _limits(bounds={"kind": "time", "at_most": 24}), "at most inf → 24"),
    (
        "tightened",
        _limits(requires=[{"any_of": ["screened"], "say": "say who is screened"}]),
        "requires: 1 more",
    ),
    ("loosened", _limits(raised=[{"to": "S3", "if_any": ["named_study"]}]), "raised: 1 more"),
    ("changed", _limits(max_strength="S2", stance="refuted"), "ceiling"),
    ("changed", lambda e: e.update(conditions=["ocd", "anxiety"]), "conditions: ocd → ocd, anxiety"),
    ("reworded", lambda e: e.update(message="Another reason, but the same limits as before."), "message"),
]


@pytest.mark.parametrize(("kind", "change", "said"), CHANGES)
def test_diff_names_the_direction(
    cli: Cli, house: Path, kind: str, change: Callable[[dict[str, object]], object], said: str
) -> None:
    other = edited(house, "other", change)
    result = cli("diff", str(house), str(other), "--alone")
    assert result.out.startswith(f"{kind:9} {OWN} (")
    assert said in result.out
    assert result.out.strip().endswith(f"1 {kind}")


def test_diff_with_what_ships(cli: Cli, house: Path) -> None:
    out = cli("diff", "shipped", str(house)).out
    assert out.splitlines() == [f"added     {OWN} ({ENTRY['title']})", "1 added"]
    assert cli("diff", str(house), "shipped").out.startswith("removed")
    assert cli("diff", "shipped", "shipped").out.strip() == "no differences"


def test_a_signature_holds_until_one_character_is_changed(cli: Cli, house: Path) -> None:
    where = ("--catalogue", str(house))
    signed = cli("sign", "onset-own-rule", "--by", "Dr. A. Reviewer", "--note", "read it", *where)
    assert signed.code == 0
    assert cli("list", "--status", "signed", *where).out.startswith("onset-own-rule")
    assert "signed by Dr. A. Reviewer on 2026-11-21" in cli("show", "onset-own-rule", *where).out
    path = house / "onset.json"
    path.write_text(path.read_text().replace("needs a hedge.", "needs a hedgE."))
    assert "the signature no longer holds" in " ".join(cli("show", "onset-own-rule", *where).out.split())
    assert cli("list", "--status", "void", *where).out.startswith("onset-own-rule")
    cli("sign", "onset-own-rule", "--by", "Dr. B. Reviewer", *where)
    assert len(json.loads((house / "signatures.json").read_text())["signatures"]) == 2
    assert cli("list", "--status", "signed", *where).out.startswith("onset-own-rule")


@pytest.mark.parametrize("by", ["", " ", "x"])
def test_a_signature_needs_a_name(cli: Cli, house: Path, by: str) -> None:
    result = cli("sign", "onset-own-rule", "--by", by, "--catalogue", str(house))
    assert (result.code, "--by: name the person" in result.err) == (2, True)
    assert not (house / "signatures.json").exists()


def test_a_signature_is_void_when_the_evidence_changes(cli: Cli, house: Path) -> None:
    fact = {"id": "E-EFF-30", "citation": "Read again", "finding": "The study was read again in full."}
    fact |= {"confirmed": True, "checked": "2026-11-21"}
    cli("sign", "onset-own-rule", "--by", "Dr. A. Reviewer", "--catalogue", str(house))
    (house / "evidence.json").write_text(json.dumps({"evidence": [fact]}))
    assert cli("list", "--status", "void", "--catalogue", str(house)).out.startswith("onset-own-rule")


def audited(text: str, house: Path) -> list[str]:
    """Codes of the notes that an audit of the text gives with the folder laid over what ships."""
    from pipeline.audit import audit_document

    rules = Rules(date(2026, 11, 21), catalogue_dirs=(str(house),))
    result = audit_document(text.encode(), DocumentMeta("draft.txt", "text/plain"), rules)
    return [note.code for note in result.notes]


def test_an_audit_says_that_a_signature_no_longer_holds(house: Path, tmp_path: Path) -> None:
    from claims.catalogue.signatures import sign

    text = ENTRY["examples"][0]["text"]
    sign(
        str(house), load_catalogue(folders=(str(house),)).entries[OWN], "Dr. A. Reviewer", date(2026, 11, 21)
    )
    assert audited(text, house) == []
    other = tmp_path / "edited"
    other.mkdir()
    for file in house.iterdir():
        edited_text = file.read_text().replace("An own rule", "An own rulE")
        (other / file.name).write_text(edited_text)
    assert audited(text, other) == ["signature_void"]


def test_an_audit_says_that_an_entry_was_replaced(house: Path) -> None:
    path = house / "onset.json"
    data = json.loads(path.read_text())
    data["entries"][0] |= {"id": "ketamine/onset-immediate", "propositions": ["immediate"], "routes": []}
    data["entries"][0] |= {"conditions": ["any"]}
    path.write_text(json.dumps(data))
    assert audited("Ketamine lifts depression instantly.", house) == ["entry_overridden"]


def test_what_ships_is_not_signed_in_place(cli: Cli) -> None:
    result = cli("sign", "onset-immediate", "--by", "X Y")
    assert result.code == 2
    assert "give --catalogue DIR" in result.err


def test_broken_records_are_not_written_over(cli: Cli, house: Path) -> None:
    (house / "signatures.json").write_text('{"signatures": [')
    result = cli("sign", "onset-own-rule", "--by", "X Y", "--catalogue", str(house))
    assert result.code == 2
    assert (house / "signatures.json").read_text() == '{"signatures": ['


def test_new_prints_or_adds_a_skeleton(cli: Cli, house: Path) -> None:
    printed = json.loads(cli("new", "safety", "--name", "safety-house").out)
    assert printed["family"] == "safety"
    assert printed["entries"][0]["id"] == "ketamine/safety-house"
    added = cli("new", "onset", "--name", "onset-second", "--catalogue", str(house))
    assert added.code == 0
    data = json.loads((house / "onset.json").read_text())
    assert [e["id"] for e in data["entries"]] == [OWN, "ketamine/onset-second"]
    told = cli("validate", "--catalogue", str(house))
    assert told.code == 2
    assert "/entries/1/evidence: has 0 elements" in told.err
    again = cli("new", "onset", "--name", "onset-second", "--catalogue", str(house))
    assert again.code == 2
    assert "already" in again.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("new", "onsets"), "choose one of onset"),
        (("new", "onset", "--name", "My Rule"), "lower-case letters"),
        (("new", "onset", "--proposition", "rapidly"), "choose one of"),
        (("list", "--family", "x"), "choose one of onset"),
        (("list", "--condition", "x"), "choose one of"),
        (("list", "--status", "x"), "provisional"),
        (("export", "--format", "xlsx"), "csv, markdown"),
        (("show", "--nothing"), "--nothing"),
    ],
)
def test_a_bad_option_is_one_line(cli: Cli, words: tuple[str, ...], said: str) -> None:
    result = cli(*words)
    assert result.code == 2
    assert said in result.err
    assert len(result.err.strip().splitlines()) == 1


def test_export_to_csv_is_safe_for_spreadsheets(cli: Cli, house: Path) -> None:
    path = house / "onset.json"
    path.write_text(path.read_text().replace("An own rule", "=1+1"))
    out = cli("export", "--catalogue", str(house), "--family", "onset").out
    rows = list(csv.DictReader(io.StringIO(out.removeprefix("\ufeff"))))
    own = next(row for row in rows if row["id"] == OWN)
    assert own["title"] == "'=1+1"
    assert all(row["family"] == "onset" for row in rows)
    assert "NOT CONFIRMED" in out


def test_export_to_markdown(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "catalogue.md"
    result = cli("export", "--format", "markdown", "--output", str(path))
    assert result.code == 0
    text = path.read_text(encoding="utf-8")
    assert text.count("\n### ") == len(load_catalogue().entries)
    assert "Not legal advice" in text


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", DOCS, re.DOTALL)


def test_the_ten_minutes_of_the_documentation(cli: Cli, tmp_path: Path) -> None:
    """Each command of the walk-through, in order, with the entry filled in as it is printed there."""
    from pipeline.cli import run

    (tmp_path / "draft.md").write_text("Ketamine may ease fibromyalgia within hours.\n", encoding="utf-8")
    commands = [line for block in blocks("sh") for line in block.splitlines() if line.strip()]
    filled = json.loads(blocks("json")[0])
    for line in commands:
        words = shlex.split(line)
        if words[0] == "mkdir":
            (tmp_path / words[-1]).mkdir(parents=True)
        elif words[:2] == ["claims-audit", "catalogue"]:
            result = cli(*words[2:])
            assert result.code == 0, f"{line}\n{result.out}{result.err}"
        else:
            assert words[:2] == ["claims-audit", "audit"]
            assert run(words[1:]) == 1, "the house rule flags the draft"
        if "new" in words:
            path = tmp_path / "house-rules" / "onset.json"
            data = json.loads(path.read_text(encoding="utf-8"))
            assert data["entries"][0]["id"] == filled["id"]
            assert Path(data["$schema"].removeprefix("file://")).is_file()
            data["entries"] = [filled]
            path.write_text(json.dumps(data), encoding="utf-8")
    names = {line.split()[2] for line in commands if line.startswith("claims-audit catalogue")}
    assert names >= {"new", "validate", "test", "show", "sign"}


def test_the_reference_of_fields_is_the_schema() -> None:
    shown = DOCS.partition("<!-- fields:")[2].partition("-->\n")[2].partition("<!-- /fields -->")[0]
    assert shown.strip() == field_reference().strip(), "run: python -m claims.catalogue.fields"
