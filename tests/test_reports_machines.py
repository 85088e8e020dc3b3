"""Formats for CI and spreadsheets: valid, within limits, harmless, and all of one count."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import report_bulk
import report_samples as samples
from lxml import etree
from markdown_it import MarkdownIt

from claims.model import PageResult, Severity, Snapshot
from reports import FORMATS, render
from reports.context import ReportContext
from reports.github import LIMIT
from reports.markdown import escaped
from reports.sarif import MOST_RESULTS
from reports.summary import closing, summarise

SARIF_SCHEMA = Path(__file__).parent / "vendor" / "sarif-2.1.0.json"


def drawn(
    name: str, results: tuple[PageResult, ...] | None = None, context: ReportContext = samples.CONTEXT
) -> str:
    return "".join(render(name, closing(samples.results() if results is None else results), context))


def sarif(results: tuple[PageResult, ...] | None = None, context: ReportContext = samples.CONTEXT) -> Any:
    log = json.loads(drawn("sarif", results, context))
    schema = json.loads(SARIF_SCHEMA.read_text(encoding="utf-8"))
    checker = jsonschema.FormatChecker()
    errors = list(jsonschema.Draft202012Validator(schema, format_checker=checker).iter_errors(log))
    assert errors == []
    return log["runs"][0]


def rows(results: tuple[PageResult, ...] | None = None) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(drawn("csv", results).removeprefix("\ufeff"))))


Counts = dict[str, int]


def _embedded(text: str) -> Any:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert found
    return json.loads(found.group(1))


def _from_words(text: str) -> Counts:
    """Figures from the closing sentences that text, Markdown, GitHub and HTML share."""
    out = {}
    for name, pattern in {
        "pages": r"([\d,]+) pages? read",
        "skipped": r"read, ([\d,]+) not read",
        "omissions": r"([\d,]+) omissions?",
        "error": r"([\d,]+) errors?,",
        "warning": r"([\d,]+) warnings?,",
        "note": r"([\d,]+) notes?;",
        "suppressed": r"([\d,]+) suppressed",
    }.items():
        found = re.search(pattern, " ".join(text.split()))
        assert found, name
        out[name] = int(found.group(1).replace(",", ""))
    return out


def _from_csv(text: str) -> Counts:
    lines = list(csv.DictReader(StringIO(text.removeprefix("\ufeff"))))
    open_ = [one for one in lines if not one["suppressed"] and one["verdict"] != "supported"]
    return {
        "skipped": sum(one["kind"] == "skipped" for one in lines),
        "omissions": sum(one["kind"] == "omission" for one in lines),
        "claims": sum(one["kind"] == "claim" for one in lines),
        "suppressed": sum(bool(one["suppressed"]) for one in lines),
        **{s.value: sum(one["severity"] == s.value for one in open_) for s in Severity},
    }


def _from_sarif(text: str) -> Counts:
    run = json.loads(text)["runs"][0]
    summary = run["properties"]["summary"]
    levels = [one["level"] for one in run["results"]]
    notices = run["invocations"][0]["toolExecutionNotifications"]
    return {
        "pages": summary["pages"],
        "claims": summary["claims"],
        "omissions": summary["omissions"],
        "suppressed": summary["suppressed"],
        "skipped": sum(one["level"] == "error" for one in notices),
        **{s.value: levels.count(s.value) for s in Severity},
    }


def _from_junit(text: str) -> Counts:
    root = etree.fromstring(text.encode())
    assert int(root.attrib["failures"]) == len(root.findall(".//failure"))
    return {
        "skipped": int(root.attrib["errors"]),
        "suppressed": int(root.attrib["skipped"]),
        "flagged": int(root.attrib["failures"]),
        "tests": int(root.attrib["tests"]),
    }


def _from_gitlab(text: str) -> Counts:
    issues = json.loads(text)
    names = {"critical": "error", "major": "warning", "info": "note"}
    said = [names[one["severity"]] for one in issues if one["check_name"] != "not-read"]
    return {
        "skipped": sum(one["check_name"] == "not-read" for one in issues),
        **{s.value: said.count(s.value) for s in Severity},
    }


def _from_summary(summary: Any) -> Counts:
    keys = ("pages", "skipped", "claims", "omissions", "suppressed")
    return {**{key: summary[key] for key in keys}, **summary["by_severity"]}


COUNTED = {
    "text": _from_words,
    "markdown": _from_words,
    "github": _from_words,
    "html": lambda text: {**_from_words(text), **_from_summary(_embedded(text)["summary"])},
    "json": lambda text: _from_summary(json.loads(text)["summary"]),
    "jsonl": lambda text: _from_summary(json.loads(text.splitlines()[-1])),
    "csv": _from_csv,
    "sarif": _from_sarif,
    "junit": _from_junit,
    "gitlab": _from_gitlab,
}


def test_every_format_is_counted() -> None:
    assert set(COUNTED) == set(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("which", ["sample", "bulk", "nothing"])
def test_all_formats_report_the_same_counts(name: str, which: str) -> None:
    results = {"sample": samples.results(), "bulk": report_bulk.many(7, 90), "nothing": ()}[which]
    summary = summarise(results)
    expected = {
        **{key: getattr(summary, key) for key in ("pages", "skipped", "claims", "omissions", "suppressed")},
        **summary.by_severity,
        "flagged": sum(summary.by_severity.values()),
        "tests": summary.claims + summary.omissions + summary.skipped,
    }
    counted = COUNTED[name](drawn(name, results))
    assert len(counted) >= 4
    assert counted == {key: expected[key] for key in counted}


class TestSarif:
    def test_rules_explain_themselves(self) -> None:
        rules = {one["id"]: one for one in sarif()["tool"]["driver"]["rules"]}
        assert set(rules) == {"ketamine/not-addictive", "ketamine/onset-hours", "omission/risks_undisclosed"}
        hours = rules["ketamine/onset-hours"]
        assert "Strongest wording allowed: S2 (qualified)." in hours["help"]["text"]
        assert "E-T-02" in hours["help"]["markdown"]
        assert hours["properties"]["precision"] == "high"

    def test_worst_first_without_suppressed(self) -> None:
        results = sarif()["results"]
        assert [one["level"] for one in results] == ["error", "error", "warning", "warning"]
        prints = [one["partialFingerprints"]["claimsAudit/v1"] for one in results]
        assert "f000000000000004" not in prints

    def test_region_of_a_file(self) -> None:
        first = sarif()["results"][0]["locations"][0]["physicalLocation"]
        assert first["artifactLocation"] == {"uri": "site/home.txt", "uriBaseId": "%SRCROOT%"}
        assert first["region"] == {"startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 27}

    def test_live_page_has_no_file_but_its_capture_has(self) -> None:
        url = samples.hostile().url
        live = sarif()["results"][1]
        assert "physicalLocation" not in live["locations"][0]
        assert "https://clinic.example/" in live["message"]["text"]
        captured = replace(samples.CONTEXT, captures={url: "captures/a b.html"})
        place = sarif(context=captured)["results"][1]["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "captures/a%20b.html"

    @pytest.mark.parametrize(
        ("url", "uri"),
        [
            ("/repo/site/a.html", "site/a.html"),
            ("./site/a.html", "site/a.html"),
            ("/elsewhere/a.html", None),
            ("../a.html", None),
            ("-", None),
        ],
    )
    def test_only_files_of_the_repository_are_named(self, url: str, uri: str | None) -> None:
        page = replace(samples.home(), url=url)
        place = sarif((page,), replace(samples.CONTEXT, root="/repo"))["results"][0]["locations"][0]
        assert place.get("physicalLocation", {}).get("artifactLocation", {}).get("uri") == uri

    def test_keeps_within_the_limit(self) -> None:
        results = report_bulk.many(20, 2 * (MOST_RESULTS + 10))
        run = sarif(results)
        assert len(run["results"]) == MOST_RESULTS
        assert run["results"][0]["level"] == "error"
        notices = run["invocations"][0]["toolExecutionNotifications"]
        assert any("left out" in one["message"]["text"] for one in notices)

    def test_unread_page_makes_the_run_unsuccessful(self) -> None:
        invocation = sarif()["invocations"][0]
        assert invocation["executionSuccessful"] is False
        assert any("404" in one["message"]["text"] for one in invocation["toolExecutionNotifications"])
        assert sarif((samples.home(),))["invocations"][0]["executionSuccessful"] is True

    def test_empty_run_is_valid(self) -> None:
        assert sarif(())["results"] == []


class TestJunit:
    def test_shape(self) -> None:
        root = etree.fromstring(drawn("junit").encode())
        suites = {one.attrib["name"]: one for one in root.findall("testsuite")}
        home = suites["site/home.txt"]
        assert home.attrib["tests"] == "5"
        assert home.attrib["failures"] == "3"
        assert home.attrib["skipped"] == "1"
        lost = suites["https://clinic.example/gone"]
        error = lost.find("testcase/error")
        assert error is not None
        assert "404" in error.attrib["message"]

    def test_read_back_by_the_library(self) -> None:
        from junitparser import JUnitXml

        again = JUnitXml.fromstring(drawn("junit").encode())
        assert again.tests == 7


class TestGithub:
    def test_places_and_escapes(self) -> None:
        lines = drawn("github").splitlines()
        assert lines[1].startswith("::error file=site/home.txt,line=2,endLine=2,col=1,endColumn=27,title=")
        commands = [one for one in lines if "::" in one]
        assert all(re.match(r"::(error|warning|notice) [^:]*::", one) for one in commands)
        assert any("pwned%250A" in one for one in commands)

    def test_limits_and_the_rest_counted(self) -> None:
        results = report_bulk.many(10, 200)
        lines = drawn("github", results).splitlines()
        assert sum(one.startswith("::error ") for one in lines) == LIMIT
        assert sum(one.startswith("::warning ") for one in lines) == LIMIT
        assert any("more than GitHub shows" in one for one in lines)

    def test_severity_shown(self) -> None:
        quiet = replace(samples.CONTEXT, show_from=Severity.ERROR)
        assert "::warning" not in drawn("github", context=quiet)


class TestGitlab:
    def test_required_fields_and_unique_fingerprints(self) -> None:
        twice = (samples.home(), samples.home())
        issues = json.loads(drawn("gitlab", twice))
        assert len({one["fingerprint"] for one in issues}) == len(issues) == 6
        for one in issues:
            assert set(one) >= {"description", "check_name", "fingerprint", "severity", "location"}
            assert one["severity"] in {"info", "minor", "major", "critical", "blocker"}
            assert one["location"]["lines"]["begin"] >= 1


class TestCsv:
    @pytest.mark.parametrize("lead", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1"])
    def test_no_cell_is_a_formula(self, lead: str) -> None:
        page = samples.home()
        finding = replace(page.findings[0], reason=lead)
        cells = [c for row in rows((replace(page, findings=(finding,)),)) for c in row.values()]
        assert not [c for c in cells if c.startswith(("=", "+", "-", "@", "\t", "\r"))]
        assert any(c.endswith(lead.strip()) for c in cells if c)

    def test_row_holds_the_claim(self) -> None:
        onset = next(one for one in rows() if one["fingerprint"] == "f000000000000002")
        assert onset["line"] == "2"
        assert onset["strength"] == "S4"
        assert onset["allowed"] == "S2"
        assert onset["better"] == "Better: Relief may come within 2 hours for some patients."


class TestMarkdown:
    @pytest.mark.parametrize(
        "hostile",
        [
            samples.HOSTILE,
            "# heading",
            "- item",
            "1. item",
            "| a | b |",
            "[x](javascript:alert(1))",
            "![x](https://tracker.example/p.png)",
            "<img src=x onerror=alert(1)>",
            "&lt;script&gt;",
            "`code`",
            "***bold***",
            "<javascript:alert(1)>",
        ],
    )
    def test_page_text_stays_text(self, hostile: str) -> None:
        tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(f"> {escaped(hostile)}\n")
        kinds = {t.type for t in tokens} | {c.type for t in tokens for c in t.children or ()}
        assert kinds <= {
            "blockquote_open",
            "blockquote_close",
            "paragraph_open",
            "paragraph_close",
            "inline",
            "text",
            "text_special",
        }
        text = "".join(c.content for t in tokens for c in t.children or ())
        assert text.replace("@\u200b", "@") == " ".join(escaped_source(hostile).split())

    def test_mentions_nobody(self) -> None:
        assert "@someone" not in escaped("thanks @someone")

    def test_tells_what_to_write(self) -> None:
        text = drawn("markdown")
        assert (
            "“Relief may come within 2 hours for some patients.” (the same sentence, changed least)" in text
        )
        assert "Relief comes <strong>within 2 hours</strong> for <strong>everyone</strong>." in text
        assert "### To add to this page" in text

    def test_unsafe_links_are_not_made(self) -> None:
        assert "](<javascript" not in drawn("markdown")


def escaped_source(text: str) -> str:
    from reports.clean import one_line

    return one_line(text)


def test_a_page_that_was_only_fetched_is_a_page() -> None:
    bare = PageResult("https://a.example/", None, snapshot=Snapshot("https://a.example/", b""))
    assert summarise((bare,)).pages == 1
    notice = PageResult("waivers.json", None, omissions=samples.home().omissions)
    assert summarise((notice,)).pages == 0
    assert 'name="waivers.json"' in drawn("junit", (notice,))
