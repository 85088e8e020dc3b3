"""Waivers: which hold, which lapse, and what is said of those that do not."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import report_samples as samples

from claims.errors import DataError
from claims.model import Block, BlockKind, Family, Finding, Page, PageResult, Severity, Snapshot, Verdict
from pipeline.waivers import Waiver, dump, load, waive
from reports.summary import summarise

TODAY = date(2026, 11, 21)
ONSET = "f000000000000002"


def listed(**changes: Any) -> Waiver:
    base = Waiver(
        fingerprint=ONSET,
        page="site/home.txt",
        entry="ketamine/onset-hours",
        verdict="overstated",
        reason="Quoted from the trial that stands beside it.",
        owner="A. Reviewer",
        expires=date(2027, 1, 31),
        entry_version="d4c3b2a1",
    )
    return replace(base, **changes)


def waived(result: PageResult, *waivers: Waiver, today: date = TODAY) -> PageResult:
    [out] = waive([result], waivers, samples.ENTRIES, today)
    return out


def complaints(result: PageResult) -> dict[str, str]:
    return {one.kind: one.reason for one in result.omissions if one.kind.startswith("waiver_")}


def onset(result: PageResult) -> Finding:
    return next(one for one in result.findings if one.fingerprint == ONSET)


class TestListed:
    def test_holds(self) -> None:
        result = waived(samples.home(), listed())
        suppression = onset(result).suppression
        assert suppression is not None
        assert (suppression.kind, suppression.owner) == ("waiver", "A. Reviewer")
        assert complaints(result) == {}
        before, after = summarise([samples.home()]), summarise([result])
        assert after.suppressed == before.suppressed + 1
        assert sum(after.by_severity.values()) == sum(before.by_severity.values()) - 1

    def test_holds_on_its_last_day(self) -> None:
        assert onset(waived(samples.home(), listed(), today=date(2027, 1, 31))).suppression

    @pytest.mark.parametrize(
        ("change", "kind", "said"),
        [
            ({"entry_version": "older"}, "waiver_lapsed", "the entry has changed"),
            ({"entry": "ketamine/other"}, "waiver_lapsed", "ketamine/onset-hours decides now"),
            ({"expires": date(2026, 11, 20)}, "waiver_expired", "ended on 2026-11-20"),
            ({"fingerprint": "f0000000000000ff"}, "waiver_unused", "meets no finding"),
        ],
    )
    def test_does_not_hold(self, change: dict[str, Any], kind: str, said: str) -> None:
        result = waived(samples.home(), listed(**change))
        assert onset(result).suppression is None
        assert said in complaints(result)[kind]

    def test_lapses_when_the_verdict_worsens(self) -> None:
        home = samples.home()
        worse = tuple(
            replace(one, verdict=Verdict.CONTRADICTED) if one.fingerprint == ONSET else one
            for one in home.findings
        )
        result = waived(replace(home, findings=worse), listed())
        assert onset(result).suppression is None
        assert "the verdict is now contradicted" in complaints(result)["waiver_lapsed"]

    def test_holds_when_the_verdict_gets_better(self) -> None:
        assert onset(waived(samples.home(), listed(verdict="contradicted"))).suppression

    def test_some_entries_may_not_be_waived(self) -> None:
        stubborn = listed(
            fingerprint="f000000000000001",
            entry="ketamine/not-addictive",
            verdict="contradicted",
            entry_version=None,
        )
        result = waived(samples.home(), stubborn)
        assert result.findings[0].suppression is None
        assert "may not be waived" in complaints(result)["waiver_refused"]

    def test_omissions_can_be_waived(self) -> None:
        one = listed(fingerprint="o000000000000001", entry="omission/risks_undisclosed", verdict="omission")
        result = waived(samples.home(), one)
        assert result.omissions[0].suppression is not None
        assert complaints(result) == {}

    def test_unused_only_where_the_page_was_read(self) -> None:
        assert complaints(waived(samples.home(), listed(page="site/other.txt"))) == {}
        lost = samples.results()[2]
        assert waived(lost, listed(page=lost.url)) == lost

    def test_unused_is_quiet_and_lapsed_is_not(self) -> None:
        unused = waived(samples.home(), listed(fingerprint="f0000000000000ff"))
        lapsed = waived(samples.home(), listed(entry_version="older"))
        assert unused.omissions[-1].severity is Severity.NOTE
        assert lapsed.omissions[-1].severity is Severity.WARNING


class TestFile:
    def test_written_and_read_back(self, tmp_path: Path) -> None:
        path = tmp_path / "waivers.json"
        waivers = (listed(), listed(fingerprint="f000000000000009", page="a.html", statement="Said so."))
        path.write_text(dump(waivers), encoding="utf-8")
        assert set(load(path)) == set(waivers)
        assert (
            path.read_text(encoding="utf-8")
            .splitlines()[1]
            .startswith('  {"fingerprint": "f000000000000009"')
        )

    def test_empty(self, tmp_path: Path) -> None:
        path = tmp_path / "waivers.json"
        path.write_text(dump(()), encoding="utf-8")
        assert load(path) == ()

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"owner": " "}, "/waivers/0/owner"),
            ({"reason": "ok"}, "/waivers/0/reason: 'ok' does not fit: Why it may stand, in ten characters"),
            ({"expires": "next year"}, "/waivers/0/expires"),
            ({"verdict": "supported"}, "/waivers/0/verdict"),
            ({"severity": "note"}, "'severity' was unexpected"),
            ({"expires": None}, "/waivers/0/expires"),
        ],
    )
    def test_faults_are_named_with_their_place(
        self, tmp_path: Path, change: dict[str, Any], said: str
    ) -> None:
        path = tmp_path / "waivers.json"
        data = json.loads(dump([listed()]))
        data["waivers"][0] |= change
        path.write_text(json.dumps(data), encoding="utf-8")
        with pytest.raises(DataError) as raised:
            load(path)
        assert any(str(path) in line and said in line for line in raised.value.problems)

    @pytest.mark.parametrize(
        "field", ["fingerprint", "page", "entry", "verdict", "reason", "owner", "expires"]
    )
    def test_every_field_is_needed(self, tmp_path: Path, field: str) -> None:
        path = tmp_path / "waivers.json"
        data = json.loads(dump([listed()]))
        del data["waivers"][0][field]
        path.write_text(json.dumps(data), encoding="utf-8")
        with pytest.raises(DataError, match=f"'{field}' is a required property"):
            load(path)

    def test_no_json_no_file_no_text_twice(self, tmp_path: Path) -> None:
        path = tmp_path / "waivers.json"
        with pytest.raises(DataError, match="cannot be read"):
            load(path)
        path.write_text('{"version": 1,\n "waivers": [,]}', encoding="utf-8")
        with pytest.raises(DataError, match=r"waivers\.json:2:14: .*mend"):
            load(path)
        path.write_bytes(b"\xff\xfe")
        with pytest.raises(DataError, match="UTF-8"):
            load(path)
        path.write_text(dump([listed(), listed()]), encoding="utf-8")
        with pytest.raises(DataError, match="stands twice"):
            load(path)


WAIVER = (
    "entry=unreviewed/hype; verdict=unsupported; reason=Name of the clinic.; owner=A. R.; expires=2027-01-31"
)


def page_of(source: str, url: str = "a.html") -> PageResult:
    """A page on which every "breakthrough" is an unreviewed hype claim."""
    findings, at = [], source.find("breakthrough")
    while at >= 0:
        said = samples.claim(Family.HYPE, "hype", "breakthrough", "breakthrough", "breakthrough", 0)
        finding = Finding(
            fingerprint=f"{at:016x}",
            claim=said,
            verdict=Verdict.UNSUPPORTED,
            severity=Severity.WARNING,
            entry=None,
            reason="No entry carries it.",
            evidence=(),
            suggestions=(),
            source_start=at,
            source_end=at + len("breakthrough"),
        )
        findings.append(finding)
        at = source.find("breakthrough", at + 1)
    page = Page(url, "", "en", (Block("breakthrough", BlockKind.PARAGRAPH),), source_text=source)
    return PageResult(url, page, tuple(findings), snapshot=Snapshot(url, b""))


A = f'data-claims-audit-waive="{WAIVER}"'
C = f"<!-- claims-audit-waive: {WAIVER} -->"

INLINE = {
    "on the element": (f"<p {A}>breakthrough</p><p>breakthrough</p>", "a.html", [True, False]),
    "inherited": (f"<div {A}><ul><li><b>breakthrough</b></ul></div><p>breakthrough", "a.html", [True, False]),
    "paragraph never closed": (f"<p {A}>breakthrough<p>breakthrough", "a.html", [True, False]),
    "item never closed": (f"<ul><li {A}>breakthrough<li>breakthrough</ul>", "a.html", [True, False]),
    "list in an item": (
        f"<ul><li {A}>x<ul><li>breakthrough</ul><li>breakthrough</ul>",
        "a.html",
        [True, False],
    ),
    "cell never closed": (
        f"<table><tr><td {A}>breakthrough<td>breakthrough</table>",
        "a.html",
        [True, False],
    ),
    "in an attribute": (f"<img {A} alt='breakthrough'><p>breakthrough</p>", "a.html", [True, False]),
    "self-closing": (f"<img {A} alt='breakthrough' /><p>breakthrough</p>", "a.html", [True, False]),
    "comment before an element": (f"{C}\n<p>breakthrough</p><p>breakthrough</p>", "a.html", [True, False]),
    "stray end tags": (f"</b><p {A}>breakthrough</i></p></div><p>breakthrough", "a.html", [True, False]),
    "single quotes and entities": (
        "<p data-claims-audit-waive='"
        + WAIVER.replace("Name", "Name &amp; sign")
        + "'>breakthrough</p><p>breakthrough</p>",
        "a.html",
        [True, False],
    ),
    "Markdown block": (
        f"{C}\nA breakthrough\nand a breakthrough.\n\nbreakthrough",
        "a.md",
        [True, True, False],
    ),
    "Markdown with an empty line": (f"Text\n\n{C}\n\n- breakthrough\n\nbreakthrough", "a.md", [True, False]),
    "script text is no waiver": (f"<script>'{C}'</script><p>breakthrough</p>", "a.html", [False]),
}


@pytest.mark.parametrize(("source", "url", "expected"), INLINE.values(), ids=INLINE)
def test_inline(source: str, url: str, expected: list[bool]) -> None:
    result = waived(page_of(source, url))
    assert [one.suppression is not None for one in result.findings] == expected
    assert complaints(result) == {}
    if any(expected):
        suppression = result.findings[expected.index(True)].suppression
        assert suppression is not None
        assert (suppression.kind, suppression.expires) == ("inline", date(2027, 1, 31))


@pytest.mark.parametrize(
    ("words", "kind", "said"),
    [
        ("please", "waiver_invalid", "lacks entry, verdict, reason, owner, expires"),
        (WAIVER.replace("A. R.", ""), "waiver_invalid", "lacks owner"),
        (WAIVER + "; until=2030-01-01", "waiver_invalid", "unknown field 'until'"),
        (WAIVER.replace("unsupported", "fine"), "waiver_invalid", "verdict 'fine'"),
        (WAIVER.replace("2027-01-31", "31.1.2027"), "waiver_invalid", "31.1.2027"),
        (WAIVER.replace("2027-01-31", "2026-01-31"), "waiver_expired", "ended on 2026-01-31"),
        (WAIVER.replace("unsupported", "overstated"), "waiver_lapsed", "now unsupported"),
        (WAIVER.replace("hype", "onset"), "waiver_unused", "meets no finding"),
    ],
)
def test_inline_that_does_not_hold(words: str, kind: str, said: str) -> None:
    result = waived(page_of(f'<h1>x</h1>\n<p data-claims-audit-waive="{words}">breakthrough</p>'))
    assert result.findings[0].suppression is None
    assert said in complaints(result)[kind]
    assert "line 2" in complaints(result)[kind]


def test_two_waivers_on_one_element() -> None:
    both = f"{WAIVER} | {WAIVER.replace('hype', 'onset')}"
    result = waived(page_of(f'<p data-claims-audit-waive="{both}">breakthrough</p>'))
    assert result.findings[0].suppression is not None
    assert set(complaints(result)) == {"waiver_unused"}


def test_comment_that_nothing_follows_is_unused() -> None:
    assert set(complaints(waived(page_of(f"<p>breakthrough</p>{C}")))) == {"waiver_unused"}


def test_page_without_the_mark_is_untouched() -> None:
    home = samples.home()
    assert waived(home) is home
