"""Comparing two runs: what changed and what changed it; and that identity survives edits elsewhere."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import report_samples as samples

from claims.errors import DataError
from claims.fingerprint import fingerprint
from claims.model import Audit, PageResult, Verdict, Versions
from pipeline.compare import Cause, Kind, Side, as_data, compare, lines, read_side
from reports import render
from reports.plain import dumps
from reports.summary import closing

ONSET = 1
"""Place of the onset finding on the sample page."""


def side(*results: PageResult, name: str = "run", entries: Any = samples.ENTRIES, **versions: str) -> Side:
    run: Audit = replace(samples.RUN, results=results, versions=replace(samples.RUN.versions, **versions))
    return Side(name, run, entries)


def edited(result: PageResult, **changes: Any) -> PageResult:
    """The page with its onset finding changed; None drops it."""
    found = list(result.findings)
    if changes:
        found[ONSET] = replace(found[ONSET], **changes)
    else:
        del found[ONSET]
    return replace(result, findings=tuple(found))


def rewritten(result: PageResult) -> PageResult:
    """The page after an editor has taken the onset statement out."""
    assert result.page is not None
    blocks = list(result.page.blocks)
    blocks[1] = replace(blocks[1], text="Ketamine is not addictive.")
    return replace(edited(result), page=replace(result.page, blocks=tuple(blocks), sha256="1" * 64))


def touched(result: PageResult) -> PageResult:
    """The page with other words elsewhere."""
    assert result.page is not None
    blocks = (*result.page.blocks[:3], replace(result.page.blocks[3], text="Another line."))
    return replace(result, page=replace(result.page, blocks=blocks, sha256="2" * 64))


HOME = samples.home()
SUPPORTED = edited(HOME, verdict=Verdict.SUPPORTED)
CONTRADICTED = edited(HOME, verdict=Verdict.CONTRADICTED)
OTHER_ENTRIES = {
    **samples.ENTRIES,
    "ketamine/onset-hours": replace(samples.ENTRIES["ketamine/onset-hours"], version="ffff"),
}
NEWER = {"catalogue": "c2"}
REBUILT = {"program": "0.2.0"}

CASES = {
    "same run": (side(HOME), side(HOME), {}),
    "statement written": (side(rewritten(HOME)), side(HOME), {Kind.NEW: Cause.COPY}),
    "statement removed": (side(HOME), side(rewritten(HOME)), {Kind.FIXED: Cause.COPY}),
    "catalogue learnt it": (side(edited(HOME)), side(HOME, **NEWER), {Kind.NEW: Cause.CATALOGUE}),
    "program learnt it": (side(edited(HOME)), side(HOME, **REBUILT), {Kind.NEW: Cause.PROGRAM}),
    "language data learnt it": (side(edited(HOME)), side(HOME, language="l2"), {Kind.NEW: Cause.PROGRAM}),
    "catalogue allows it": (side(HOME), side(SUPPORTED, **NEWER), {Kind.FIXED: Cause.CATALOGUE}),
    "catalogue is stricter": (side(HOME), side(CONTRADICTED, **NEWER), {Kind.WORSE: Cause.CATALOGUE}),
    "catalogue is milder": (side(CONTRADICTED), side(HOME, **NEWER), {Kind.BETTER: Cause.CATALOGUE}),
    "words beside it changed": (side(HOME), side(touched(CONTRADICTED)), {Kind.WORSE: Cause.COPY}),
    "both changed, entry too": (
        side(HOME),
        side(SUPPORTED, entries=OTHER_ENTRIES, **NEWER, **REBUILT),
        {Kind.FIXED: Cause.CATALOGUE},
    ),
    "both changed, entry not": (
        side(HOME),
        side(SUPPORTED, **NEWER, **REBUILT),
        {Kind.FIXED: Cause.PROGRAM},
    ),
    "nothing changed but options": (side(HOME), side(SUPPORTED), {Kind.FIXED: Cause.SETTINGS}),
}


@pytest.mark.parametrize(("old", "new", "expected"), CASES.values(), ids=CASES)
def test_kind_and_cause(old: Side, new: Side, expected: dict[Kind, Cause]) -> None:
    changes = compare(old, new).changes
    assert {one.kind: one.cause for one in changes if one.kind is not Kind.UNCHANGED} == expected
    assert len(changes) == 4


def test_pages_read_in_one_run_only() -> None:
    lost = samples.results()[2]
    gone = replace(lost, url=HOME.url)
    missed = compare(side(HOME), side(gone))
    assert missed.counts()["not_read"] == 4
    assert missed.counts()["fixed"] == 0
    assert {one.cause for one in missed.changes} == {Cause.COVERAGE}
    assert {one.cause for one in compare(side(gone), side(HOME)).changes} == {Cause.COVERAGE}
    assert compare(side(gone), side(HOME)).counts()["new"] == 4


def test_omission_put_right() -> None:
    [change] = [
        one
        for one in compare(side(HOME), side(replace(touched(HOME), omissions=()))).changes
        if one.kind is not Kind.UNCHANGED
    ]
    assert (change.kind, change.cause) == (Kind.FIXED, Cause.COPY)


def test_reads_reports_and_says_it_in_words(tmp_path: Path) -> None:
    for name, results in {"old.json": (HOME,), "new.json": (edited(HOME),)}.items():
        text = "".join(render("json", closing(results), samples.CONTEXT))
        (tmp_path / name).write_text(text, encoding="utf-8")
    comparison = compare(read_side(tmp_path / "old.json"), read_side(tmp_path / "new.json"))
    said = "\n".join(lines(comparison))
    assert "Fixed (1)" in said
    assert "onset: overstated → not there; the settings changed" in said
    assert "0 new, 0 worse, 0 better, 1 fixed, 0 not read, 3 unchanged" in said
    assert "Not legal advice" in said
    data = json.loads(dumps(as_data(comparison)))
    assert data["counts"]["fixed"] == 1
    assert [one["fingerprint"] for one in data["changes"] if one["kind"] == "fixed"] == ["f000000000000002"]


def test_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read_side(tmp_path / "none.json")
    (tmp_path / "a.json").write_text("{}", encoding="utf-8")
    with pytest.raises(DataError, match=r"a\.json: not a report"):
        read_side(tmp_path / "a.json")


STATEMENT = "Our lozenges help with low mood, and 9 of 10 patients feel lighter within a week."

KEPT = [
    STATEMENT.upper(),
    STATEMENT.lower(),
    STATEMENT.replace(" ", "\n"),
    STATEMENT.replace(" ", "  "),
    STATEMENT.replace(" ", "\u00a0"),
    STATEMENT.replace(",", ""),
    STATEMENT.rstrip("."),
    f"“{STATEMENT}”",
    STATEMENT.replace("lozenges", "lozen\u00adges"),
    STATEMENT.title(),
]

CHANGED = [
    STATEMENT.replace("help", "may help"),
    STATEMENT.replace("9 of 10", "8 of 10"),
    STATEMENT.replace("9 of 10", "19 of 10"),
    STATEMENT.replace("within a week", "within a day"),
    STATEMENT.replace("lozenges", "infusions"),
    STATEMENT.replace("low mood", "pain"),
    STATEMENT.replace("feel lighter", "feel cured"),
    STATEMENT.replace("patients", "people"),
    STATEMENT.replace("Our", "These"),
    STATEMENT.replace(" and", " but"),
    STATEMENT + " Guaranteed.",
    STATEMENT.replace("lighter", "much lighter"),
    STATEMENT.replace("help with", "treat"),
    STATEMENT.replace("help", "never help"),
    STATEMENT.replace("a week", "2 weeks"),
    STATEMENT.replace("9 of 10 patients", "patients"),
    STATEMENT.replace("9 of 10", "90%"),
    STATEMENT.replace("low mood", "low mood and anxiety"),
    STATEMENT.split(",")[0],
    STATEMENT.replace("feel", "sometimes feel"),
]


@pytest.mark.parametrize("text", KEPT)
def test_tidying_a_statement_keeps_its_identity(text: str) -> None:
    assert fingerprint("a.html", "efficacy", text) == fingerprint("a.html", "efficacy", STATEMENT)


@pytest.mark.parametrize("text", CHANGED)
def test_editing_a_statement_changes_its_identity(text: str) -> None:
    assert fingerprint("a.html", "efficacy", text) != fingerprint("a.html", "efficacy", STATEMENT)


def test_versions_are_all_told() -> None:
    data = as_data(compare(side(HOME), side(HOME, program="9.9")))
    assert data["after"] == {"name": "run", "versions": Versions("9.9", "c0ffee00", "1a2b3c4d")}
