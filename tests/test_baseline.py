"""The baseline: what is known stays quiet, what is new or worse does not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import report_samples as samples

from claims.errors import DataError
from claims.model import PageResult, State, Verdict
from pipeline.baseline import create, dump, load, settle, update
from reports.summary import summarise


def fresh() -> PageResult:
    """The sample page before any baseline."""
    home = samples.home()
    plain = tuple(replace(one, suppression=None, state=State.NEW) for one in home.findings)
    return replace(home, findings=plain)


def test_everything_known_is_suppressed() -> None:
    [settled] = settle([fresh()], create([fresh()]))
    summary = summarise([settled])
    assert sum(summary.by_severity.values()) == 0
    assert summary.suppressed == 4
    flagged = [one for one in settled.findings if one.verdict.flagged]
    assert {one.state for one in flagged} == {State.UNCHANGED}
    assert summary.claims == summarise([fresh()]).claims


def test_new_and_worse_still_count() -> None:
    baseline = create([fresh()])
    page = fresh()
    worse = replace(page.findings[1], verdict=Verdict.CONTRADICTED)
    new = replace(page.findings[0], fingerprint="f0000000000000ff")
    [settled] = settle([replace(page, findings=(worse, new, page.findings[3]))], baseline)
    assert [one.suppression is None for one in settled.findings] == [True, True, False]


def test_waived_stays_waived() -> None:
    page = samples.home()
    [settled] = settle([page], create([fresh()]))
    assert settled.findings[3].suppression == page.findings[3].suppression


def test_file_is_sorted_one_finding_a_line_without_places_or_times(tmp_path: Path) -> None:
    renamed = tuple(replace(one, fingerprint=f"a{one.fingerprint[1:]}") for one in fresh().findings)
    other = replace(fresh(), url="about.txt", findings=renamed, omissions=())
    text = dump(create([fresh(), other]))
    assert text == dump(create([other, fresh()]))
    lines = text.splitlines()
    assert len(lines) == 2 + 4 + 3
    assert "line" not in text
    assert "2026" not in text
    path = tmp_path / "baseline.json"
    path.write_text(text, encoding="utf-8")
    assert load(path) == create([fresh(), other])


def test_removing_one_line_is_a_small_diff() -> None:
    baseline = create([fresh()])
    before = dump(baseline).splitlines()
    after = dump({k: v for k, v in baseline.items() if k != "f000000000000002"}).splitlines()
    [gone] = set(before) - set(after)
    assert "within 2 hours" in gone
    assert set(after) < set(before)


class TestUpdate:
    def test_fixed_goes_new_comes(self) -> None:
        old = create([fresh()])
        page = fresh()
        new = replace(page.findings[0], fingerprint="f0000000000000ff")
        change = update(old, [replace(page, findings=(*page.findings[1:], new))], add=True)
        assert (change.added, change.removed) == (1, 1)
        assert "f0000000000000ff" in change.baseline
        assert "f000000000000001" not in change.baseline

    def test_prune_never_adds(self) -> None:
        page = fresh()
        new = replace(page.findings[0], fingerprint="f0000000000000ff")
        change = update(create([fresh()]), [replace(page, findings=(new,))], add=False)
        assert change.added == 0
        assert set(change.baseline) == {"o000000000000001"}

    def test_prune_does_not_accept_what_got_worse(self) -> None:
        page = fresh()
        worse = replace(page.findings[1], verdict=Verdict.CONTRADICTED)
        now = replace(page, findings=(worse,))
        pruned = update(create([page]), [now], add=False).baseline
        assert pruned["f000000000000002"].verdict == "overstated"
        assert update(create([page]), [now], add=True).baseline["f000000000000002"].verdict == "contradicted"

    def test_pages_not_read_keep_theirs(self) -> None:
        old = create([fresh(), replace(samples.hostile(), url="https://clinic.example/gone")])
        lost = samples.results()[2]
        assert update(old, [lost], add=True).baseline == old
        assert set(update(old, [lost], add=False, gone=True).baseline) == {"f00000000000000a"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not JSON"),
        ("[]", "not a baseline"),
        ('{"version": 2, "findings": []}', "not a baseline"),
        ('{"version": 1, "findings": [{"page": "a"}]}', "/findings/0"),
    ],
)
def test_bad_files_are_named(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as raised:
        load(path)
    assert str(path) in str(raised.value)
    assert said in str(raised.value)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="baseline create"):
        load(tmp_path / "none.json")
