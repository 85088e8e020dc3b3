"""Runs that a store keeps: compared by their ids, mixed with report files, and drawn as a trend."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import Outcome

from pipeline.store.database import FILE
from pipeline.store.tables import SEVERITIES, VERDICTS

Run = Callable[..., Outcome]
PAGE = """<!DOCTYPE html><html lang="en"><head><title>About us</title></head><body><main>
<p>Ketamine is not addictive.</p>{more}</main></body></html>"""
START = datetime(2026, 1, 1, 9, tzinfo=UTC)


@pytest.fixture
def audited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, claims_audit: Run) -> Callable[..., str]:
    """`audited(day, more)` audits the folder `site` into the store `kept`, and gives the id of the run."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "site").mkdir()

    def run(day: int, more: str = "", *options: str) -> str:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int((START + timedelta(days=day)).timestamp())))
        (tmp_path / "site" / "page.html").write_text(PAGE.format(more=more), encoding="utf-8")
        output = ("--output", f"json={day}.json", "--output", f"html={day}.html")
        assert claims_audit("audit", "site", "--store", "kept", "-q", *output, *options).code in (0, 1)
        report = json.loads((tmp_path / f"{day}.json").read_text(encoding="utf-8"))
        return str(report["run"]["run_id"])

    return run


CURES = "<p>Ketamine cures depression.</p>"


def test_two_runs_are_compared_by_their_ids(audited: Callable[..., str], claims_audit: Run) -> None:
    first, second = audited(0), audited(1, CURES)
    assert [first, second] == sorted(
        re.findall(
            r"^run (\S+): finished", claims_audit("store", "list", "--store", "kept").out, re.MULTILINE
        )
    )
    said = claims_audit("diff", first, second, "--store", "kept", "--fail-on", "error")
    assert said.code == 1
    assert "efficacy: not there → contradicted; the copy changed" in said.out
    assert "Ketamine cures depression." in said.out
    assert max(map(len, said.out.splitlines())) <= 80
    assert claims_audit("diff", second, first, "--store", "kept", "--fail-on", "note").code == 0


def test_a_run_and_a_report_of_it_are_the_same(audited: Callable[..., str], claims_audit: Run) -> None:
    first, _ = audited(0), audited(1, CURES)

    def changes(*names: str) -> list[dict[str, str]]:
        out = claims_audit("diff", *names, "--store", "kept", "--format", "json").out
        found: list[dict[str, str]] = json.loads(out)["changes"]
        return found

    assert changes(first, "1.json") == changes("0.json", "1.json") != []
    assert {one["kind"] for one in changes("0.json", first)} == {"unchanged"}
    assert changes(first[:16], "1.json") == changes(first, "1.json")


def test_what_the_baseline_knew_stays_known(audited: Callable[..., str], claims_audit: Run) -> None:
    first = audited(0)
    assert claims_audit("baseline", "create", "site", "--file", "known.json").code == 0
    second = audited(1, CURES)
    claims_audit("baseline", "create", "site", "--file", "known.json", "--force")
    third = audited(2, CURES, "--baseline", "known.json")
    command = ("--store", "kept", "--fail-on", "note")
    assert claims_audit("diff", first, second, *command).code == 1
    assert claims_audit("diff", first, third, *command).code == 0


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("nothing", "1.json"), ["nothing", "no such file", "--store DIR"]),
        (("nothing", "1.json", "--store", "kept"), ["'nothing'", "neither a file nor a run", "store list"]),
        (("2026", "1.json", "--store", "kept"), ["2 runs begin so", "write more of the id"]),
        (("gone.json", "1.json", "--store", "kept"), ["gone.json", "cannot be read", "--format json"]),
        (("x", "1.json", "--store", "elsewhere"), ["elsewhere", "no store there"]),
    ],
)
def test_what_is_no_run_is_one_line_with_a_remedy(
    audited: Callable[..., str], claims_audit: Run, names: tuple[str, ...], words: list[str]
) -> None:
    audited(0)
    audited(1)
    said = claims_audit("diff", *names)
    assert said.code == 2
    assert len(said.err.splitlines()) == 1
    assert [word for word in words if word not in said.err] == []


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ("UPDATE runs SET state = 'running'", "was not finished"),
        ("UPDATE results SET reported = NULL", "no longer kept"),
        ("UPDATE runs SET head = x'00'", "is damaged"),
        ("UPDATE reported SET result = x'00'", "is damaged"),
    ],
)
def test_a_run_that_cannot_be_had_says_why(
    audited: Callable[..., str], claims_audit: Run, change: str, word: str
) -> None:
    run = audited(0)
    connection = sqlite3.connect(Path("kept") / FILE)
    connection.execute(change)
    connection.commit()
    connection.close()
    said = claims_audit("diff", run, "0.json", "--store", "kept")
    assert (said.code, len(said.err.splitlines())) == (2, 1)
    assert word in said.err


def test_a_page_that_did_not_change_is_kept_once_and_purged_with_its_runs(
    audited: Callable[..., str], claims_audit: Run
) -> None:
    audited(0)
    audited(1)

    def kept() -> int:
        connection = sqlite3.connect(Path("kept") / FILE)
        (number,) = connection.execute("SELECT count(*) FROM reported").fetchone()
        connection.close()
        return int(number)

    assert kept() == 1
    audited(2, CURES)
    assert kept() == 2
    assert claims_audit("store", "purge", "--all", "--yes", "--store", "kept").code == 0
    assert kept() == 0


def test_runs_over_the_same_targets_make_a_trend(audited: Callable[..., str], claims_audit: Run) -> None:
    audited(0)
    audited(1, CURES)
    assert "Over the runs" not in Path("0.html").read_text(encoding="utf-8")
    claims_audit("audit", "site/page.html", "-q", "--store", "kept")
    audited(2, CURES, "--profile", "strict")
    audited(3)
    trend = re.search(r'aria-label="Claims by verdict over the runs[^"]*"', Path("3.html").read_text("utf-8"))
    assert trend is not None
    days = re.findall(r"2026-01-(\d\d)", trend.group())
    assert days == ["01", "02", "04"]
    assert "2026-01-02 09:00: 2 contradicted" in trend.group()
    assert "Over the runs" not in Path("2.html").read_text(encoding="utf-8")


def test_a_store_of_an_older_version_is_brought_up_to_date(
    audited: Callable[..., str], claims_audit: Run
) -> None:
    """As the first revision made it: without what was reported."""
    run = audited(0)
    connection = sqlite3.connect(Path("kept") / FILE)
    for change in (
        "DROP TABLE reported",
        "DROP INDEX ix_results_reported",
        "DROP INDEX ix_runs_targets",
        "ALTER TABLE results DROP COLUMN reported",
        "ALTER TABLE runs DROP COLUMN head",
        *(f"ALTER TABLE results DROP COLUMN {name}" for name in (*VERDICTS, *SEVERITIES)),
        "UPDATE alembic_version SET version_num = '0001'",
    ):
        connection.execute(change)
    connection.commit()
    connection.close()
    said = claims_audit("diff", run, "0.json", "--store", "kept")
    assert said.code == 2
    assert "an older version kept them" in said.err
    second = audited(1, CURES)
    assert "Ketamine cures depression." in claims_audit("diff", "0.json", second, "--store", "kept").out
    assert f"run {run}: finished" in claims_audit("store", "list", "--store", "kept").out


def test_figures_of_runs_that_an_older_version_kept_are_counted(
    audited: Callable[..., str], claims_audit: Run
) -> None:
    """As the second revision made it: figures were counted from findings, and each run had its own."""
    run = audited(0, CURES)

    def figures() -> list[tuple[object, ...]]:
        connection = sqlite3.connect(Path("kept") / FILE)
        names = ", ".join((*VERDICTS, "warning + error"))
        found = connection.execute(f"SELECT {names} FROM results WHERE run_id = ?", (run,)).fetchall()  # noqa: S608
        connection.close()
        return found

    before = figures()
    connection = sqlite3.connect(Path("kept") / FILE)
    for name in (*VERDICTS, *SEVERITIES):
        connection.execute(f"ALTER TABLE results DROP COLUMN {name}")
    connection.execute("UPDATE alembic_version SET version_num = '0002'")
    connection.commit()
    connection.close()
    assert claims_audit("store", "list", "--store", "kept").code == 0
    assert [row[: len(VERDICTS)] for row in figures()] == [row[: len(VERDICTS)] for row in before]
    assert sum(map(int, before[0][: len(VERDICTS)])) == 2  # type: ignore[call-overload]
    assert figures()[0][-1] == 2  # what the page leaves out was not kept by severity
    audited(1, CURES)
    assert "2026-01-01 09:00: 2 contradicted" in Path("1.html").read_text(encoding="utf-8")
