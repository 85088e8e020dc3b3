"""Reports through the registry: same counts, same bytes, nothing of a page comes alive."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
import report_samples as samples
from report_schema import report_schema

from claims.errors import DataError, UsageError
from claims.model import Note, PageResult, Severity, Skipped, Summary
from reports import FORMATS, render, renderer
from reports import json as json_report
from reports.clean import visible
from reports.context import ReportContext
from reports.plain import dumps, plain, revive
from reports.summary import closing, summarise
from reports.wording import why_unread

GOLDEN = Path(__file__).parent / "golden"
SCHEMA = Path(__file__).parents[1] / "claims" / "schemas" / "report.schema.json"


def drawn(
    name: str, context: ReportContext = samples.CONTEXT, results: tuple[PageResult, ...] | None = None
) -> str:
    return "".join(render(name, closing(samples.results() if results is None else results), context))


def test_counts_of_the_sample() -> None:
    assert summarise(samples.results()) == Summary(
        pages=2,
        skipped=1,
        claims=5,
        by_verdict={"supported": 1, "overstated": 1, "unsupported": 1, "contradicted": 2},
        by_severity={"error": 2, "warning": 2, "note": 0},
        omissions=1,
        unread=1,
        suppressed=1,
    )


def test_stream_ends_with_the_same_summary() -> None:
    *pages, last = closing(samples.results())
    assert tuple(pages) == samples.results()
    assert last == summarise(samples.results())


@pytest.mark.parametrize("name", FORMATS)
def test_same_input_same_bytes(name: str) -> None:
    assert drawn(name) == drawn(name)


@pytest.mark.parametrize("name", FORMATS)
def test_no_harmful_character_reaches_the_output(name: str) -> None:
    text = drawn(name)
    assert visible(text) == text.replace("\r", "␍")
    text.encode("utf-8")


@pytest.mark.parametrize("name", FORMATS)
def test_a_run_over_nothing_still_reports(name: str) -> None:
    assert drawn(name, results=()).strip()


@pytest.mark.parametrize("name", ["text", "json", "jsonl", "html"])
def test_says_what_it_is_not(name: str) -> None:
    folded = " ".join(drawn(name).split())
    assert "Not legal advice. The catalogue is provisional" in folded
    signed = replace(samples.CONTEXT, run=replace(samples.RUN, status="signed"))
    assert "Review status of the catalogue: signed." in " ".join(drawn(name, signed).split())
    partly = replace(samples.CONTEXT, run=replace(samples.RUN, signed=1))
    said = " ".join(drawn(name, partly).split())
    assert "1 entry signed by a reviewer, the others by nobody yet" in said
    assert "signed by no reviewer" not in said


@pytest.mark.parametrize("name", ["text", "markdown", "html", "jsonl", "sarif"])
def test_notes_are_told_to_every_reader(name: str) -> None:
    void = "ketamine/x: changed after A. Reviewer signed it; the signature no longer holds."
    home = samples.home()
    assert home.page is not None
    page = replace(home.page, notes=(Note("encoding", "2 bytes are no UTF-8"),))
    results = (
        replace(home, page=page, notes=(*page.notes, Note("signature_void", void))),
        *samples.results()[1:],
    )
    said = " ".join(drawn(name, results=results).split())
    assert said.count("the signature no longer holds") == 1
    assert "2 bytes are no UTF-8" in said
    assert "Only entries for US were used." in said


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "html"])
def test_golden(name: str) -> None:
    """The sample as it is reported. Write anew with GOLDEN=write."""
    path = GOLDEN / f"sample.{name}"
    if os.environ.get("GOLDEN") == "write":
        path.write_bytes(drawn(name).encode())
    assert drawn(name).encode() == path.read_bytes()


def test_unknown_format_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"'pdf'.*text, json"):
        renderer("pdf")


def test_registry_loads_no_report_until_asked() -> None:
    code = "import sys, reports; print([m for m in sys.modules if m.startswith(('reports.', 'rich'))])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


class TestText:
    def test_fits_its_width(self) -> None:
        for width in (60, 80, 120):
            lines = drawn("text", replace(samples.CONTEXT, width=width)).splitlines()
            assert max(map(len, lines)) <= width

    def test_marks_the_deciding_words(self) -> None:
        text = drawn("text")
        assert "Ketamine is [not addictive]." in text
        assert "Relief comes [within 2 hours] for [everyone]." in text

    def test_supported_and_suppressed_only_on_request(self) -> None:
        assert "feel better" not in drawn("text")
        everything = drawn("text", replace(samples.CONTEXT, show_supported=True))
        assert "feel better [within a day]" in everything
        assert "in the baseline" in everything

    def test_severity_shown_and_counted_are_apart(self) -> None:
        loud = drawn("text", replace(samples.CONTEXT, show_from=Severity.ERROR))
        assert "within 2 hours" not in loud
        assert "2 errors, 2 warnings, 0 notes" in loud

    def test_unread_on_request(self) -> None:
        assert "drug: ketamine" in drawn("text", replace(samples.CONTEXT, show_unread=True))
        assert "drug: ketamine" not in drawn("text")

    def test_colour_only_when_asked(self) -> None:
        assert "\x1b[" not in drawn("text")
        assert "\x1b[" in drawn("text", replace(samples.CONTEXT, colour=True))

    def test_environment_changes_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        before = drawn("text")
        for name, value in {"COLUMNS": "40", "FORCE_COLOR": "1", "TERM": "dumb", "NO_COLOR": "1"}.items():
            monkeypatch.setenv(name, value)
        assert drawn("text") == before


class TestJson:
    def test_valid_against_the_shipped_schema(self) -> None:
        schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
        validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
        for results in (samples.results(), ()):
            assert list(validator.iter_errors(json.loads(drawn("json", results=results)))) == []

    def test_schema_says_what_the_types_say(self) -> None:
        """Write anew with GOLDEN=write."""
        schema = json.dumps(report_schema(), indent=2, ensure_ascii=False) + "\n"
        if os.environ.get("GOLDEN") == "write":
            SCHEMA.write_text(schema, encoding="utf-8")
        assert schema == SCHEMA.read_text(encoding="utf-8")

    def test_schema_refuses_unknown_keys(self) -> None:
        schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
        report = json.loads(drawn("json"))
        report["pages"][0]["findings"][0]["colour"] = "red"
        assert not jsonschema.Draft202012Validator(schema).is_valid(report)

    def test_comes_back_as_it_was(self) -> None:
        loaded = json_report.loads(drawn("json"), "report.json")
        assert [plain(p) for p in loaded.audit.results] == [plain(p) for p in samples.results()]
        assert loaded.audit.results[0].findings == samples.home().findings
        assert loaded.summary == summarise(samples.results())
        assert loaded.entries == samples.ENTRIES
        assert loaded.evidence == samples.EVIDENCE

    @pytest.mark.parametrize(
        "text",
        ["", "[]", "{}", '{"schema_version": "9", "pages": []}', '{"schema_version": "1", "pages": [{}]}'],
    )
    def test_damaged_reports_are_named(self, text: str) -> None:
        with pytest.raises(DataError, match=r"^old\.json: .*--format json"):
            json_report.loads(text, "old.json")

    def test_half_a_surrogate_pair_survives(self) -> None:
        assert json.loads(dumps({"text": "a\ud800b\u202e"})) == {"text": "a\ud800b\u202e"}

    def test_missing_field_is_an_error(self) -> None:
        with pytest.raises(KeyError, match="url"):
            revive(PageResult, {"page": None})


class TestJsonl:
    def lines(self, context: ReportContext = samples.CONTEXT) -> list[dict[str, object]]:
        return [json.loads(line) for line in drawn("jsonl", context).splitlines()]

    def test_kinds_and_version(self) -> None:
        lines = self.lines(replace(samples.CONTEXT, show_unread=True))
        assert {line["kind"] for line in lines} == {"claim", "omission", "skipped", "note", "summary"}
        assert {line["schema_version"] for line in lines} == {"1"}
        assert lines[-1]["kind"] == "summary"

    def test_offsets_hold_the_quote(self) -> None:
        claims = [
            one for one in self.lines() if one.get("source") == "site/home.txt" and one["kind"] == "claim"
        ]
        assert len(claims) == 4
        for one in claims:
            assert samples.HOME_SOURCE[one["start"] : one["end"]] == one["quote"]  # type: ignore[misc]

    def test_contract_of_a_claim(self) -> None:
        onset = next(one for one in self.lines() if one.get("fingerprint") == "f000000000000002")
        assert onset["family"] == "onset"
        assert onset["verdict"] == "overstated"
        assert onset["strength"] == "S4"
        assert onset["proposition"] == "within_hours"
        assert onset["propositions"] == ["within_hours"]
        assert onset["conditions"] == ["depression"]
        assert onset["entry"] == "ketamine/onset-hours"


def test_a_reason_does_not_repeat_the_address_beside_it() -> None:
    assert (
        why_unread(Skipped("http://a.example/x", "timeout", "http://a.example/x: no answer")) == "no answer"
    )
    assert (
        why_unread(Skipped("http://a.example/", "wall", "a page asks for proof")) == "a page asks for proof"
    )
