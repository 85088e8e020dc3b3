"""A second run over pages that have not changed: the same reports, nothing read again, and no fault passed over."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path

import pytest
from conftest import ROOT, Outcome

from pipeline import audit
from pipeline.store.database import FILE
from reports import FORMATS

Run = Callable[..., Outcome]
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
PAGE = """<!DOCTYPE html><html lang="en"><head><title>About us</title></head><body><main>
<h1>Ketamine infusions</h1>
<p>Ketamine is not addictive. Ketamine cures depression within minutes, in 70% of our patients.</p>{more}
</main></body></html>"""
WAIVED = (
    '<p data-claims-audit-waive="entry={entry}; verdict={verdict}; reason=Reviewed; owner=A. Reviewer; '
    'expires=2026-03-31">Ketamine rewires the brain.</p>'
)
_OF_THE_RUN = ("run_id", "started_at")


@pytest.fixture
def audited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, claims_audit: Run) -> Callable[..., Outcome]:
    """`audited(days, …)` audits the folder `site` into the store `kept`, so many days after the first."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "site").mkdir()
    for number in range(3):
        more = f"<p>Page {number}.</p>"
        (tmp_path / "site" / f"{number}.html").write_text(PAGE.format(more=more), encoding="utf-8")
    (tmp_path / "site" / "empty.html").touch()

    def run(days: int = 0, *options: str) -> Outcome:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int((START + timedelta(days=days)).timestamp())))
        return claims_audit("audit", "site", "--store", "kept", "--format", "jsonl", *options)

    return run


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Addresses of the pages that were read, and not remembered."""
    pages: list[str] = []
    whole = audit.audit_snapshot

    def noted(snapshot, *rest):  # type: ignore[no-untyped-def]
        pages.append(snapshot.url)
        return whole(snapshot, *rest)

    monkeypatch.setattr(audit, "audit_snapshot", noted)
    return pages


def lines(outcome: Outcome) -> list[dict[str, object]]:
    """Of a JSON Lines report, without what tells one run from another."""
    found = [json.loads(line) for line in outcome.out.splitlines()]
    return [{key: value for key, value in line.items() if key not in _OF_THE_RUN} for line in found]


def change(statement: str, *values: object) -> None:
    connection = sqlite3.connect(Path("kept") / FILE)
    connection.execute(statement, values)
    connection.commit()
    connection.close()


def rows(query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(Path("kept") / FILE)
    found = connection.execute(query).fetchall()
    connection.close()
    return found


def test_every_report_is_the_same_as_at_first(audited: Callable[..., Outcome], read: list[str]) -> None:
    machines = [name for name in FORMATS if name not in ("text", "json", "html", "markdown")]

    def reports(folder: str, names: list[str]) -> dict[str, str]:
        files = [option for name in names for option in ("--output", f"{name}={folder}/report.{name}")]
        told = audited(0, *files).out
        texts = {name: Path(folder, f"report.{name}").read_text(encoding="utf-8") for name in names}
        run_ids = {line["run_id"] for line in map(json.loads, told.splitlines()) if "run_id" in line}
        (run_id,) = run_ids
        return {name: text.replace(run_id, "RUN") for name, text in {**texts, "": told}.items()}

    # Rewrites are drawn up where a report for writers is asked for: such runs remember their own results.
    for names in (machines, list(FORMATS)):
        first, second = (reports(f"{len(names)}-{number}", names) for number in range(2))
        assert len(read) == 3
        read.clear()
        # The page for a browser has a trend once there are earlier runs.
        assert {name for name in first if first[name] != second[name]} <= {"html"}


def test_an_unchanged_folder_needs_neither_the_language_nor_a_parser(audited: Callable[..., Outcome]) -> None:
    audited(0)
    program = (
        "import sys\nfrom pipeline.cli import run\n"
        "run(['audit', 'site', '--store', 'kept', '--format', 'jsonl', '--jobs', '1'])\n"
        "print(*sorted({'spacy', 'bs4', 'lxml', 'jsonschema', 'requests', 'alembic'} & set(sys.modules)), "
        "file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.stderr.splitlines()[-1] == ""
    assert done.stdout.count('"kind": "claim"') == 9


@pytest.mark.parametrize("part", ["first", "middle", "last", "cut", "empty", "another"])
def test_a_damaged_result_is_noticed_and_its_page_read_anew(
    audited: Callable[..., Outcome], read: list[str], part: str
) -> None:
    first = audited(0)
    ((key, kept),) = rows("SELECT key, result FROM extractions WHERE url LIKE '%/1.html'")
    assert isinstance(kept, bytes)
    ((other,),) = rows("SELECT result FROM extractions WHERE url LIKE '%/2.html'")
    place = {"first": 0, "middle": len(kept) // 2, "last": len(kept) - 1}.get(part, 0)
    flipped = kept[:place] + bytes([kept[place] ^ 1]) + kept[place + 1 :]
    damaged = {"cut": kept[:-7], "empty": b"", "another": other}.get(part, flipped)
    change("UPDATE extractions SET result = ? WHERE key = ?", damaged, key)
    read.clear()
    second = audited(0)
    assert [Path(name).name for name in read] == ["1.html"]
    assert lines(second) == lines(first)
    assert rows("SELECT result FROM extractions WHERE url LIKE '%/1.html'") == [(kept,)]


def test_every_byte_of_a_kept_result_counts(audited: Callable[..., Outcome]) -> None:
    from pipeline.store.later import load

    audited(0)
    ((kept,),) = rows("SELECT result FROM extractions WHERE url LIKE '%/1.html'")
    assert isinstance(kept, bytes)
    for place in range(len(kept)):
        with pytest.raises(ValueError, match="stored result"):
            load(kept[:place] + bytes([kept[place] ^ 0x40]) + kept[place + 1 :])


def test_a_changed_entry_is_noticed(audited: Callable[..., Outcome], read: list[str]) -> None:
    own = Path("own")
    own.mkdir()
    file = own / "addiction.json"
    shutil.copy(ROOT / "claims" / "treatments" / "ketamine" / "catalogue" / "addiction.json", file)
    audited(0, "--catalogue", "own")
    read.clear()
    audited(0, "--catalogue", "own")
    assert read == []
    data = json.loads(file.read_text(encoding="utf-8"))
    for entry in data["entries"]:
        entry["message"] = f"In our words: {entry['message']}"
    file.write_text(json.dumps(data), encoding="utf-8")
    audit.engine.cache_clear()  # a catalogue is loaded once a process
    changed = audited(0, "--catalogue", "own")
    assert len(read) == 3
    assert any("In our words" in str(line.get("reason")) for line in lines(changed))


@pytest.mark.parametrize(
    "options", [("--profile", "strict"), ("--family", "addiction"), ("--output", "text=report.txt")]
)
def test_other_rules_are_noticed(
    audited: Callable[..., Outcome], read: list[str], options: tuple[str, ...]
) -> None:
    audited(0)
    read.clear()
    audited(0, *options)
    assert len(read) == 3
    audited(0)
    audited(0, *options)
    assert len(read) == 3


def test_every_file_of_the_language_and_the_treatment_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The catalogue's own files are told by the catalogue's hash."""
    claims = tmp_path / "claims"
    for folder in ("language", "treatments"):
        shutil.copytree(ROOT / "claims" / folder, claims / folder)
    monkeypatch.setattr(resources, "files", lambda _: claims)
    of_now = audit.language_hash.__wrapped__
    before = of_now()
    data = [path for path in claims.rglob("*.json") if path.parent.name != "catalogue"]
    assert {"weights.json", "word_classes.json", "safety.json"} <= {path.name for path in data}
    for path in data:
        text = path.read_bytes()
        path.write_bytes(text + b" ")
        assert of_now() != before, path
        path.write_bytes(text)
    assert of_now() == before


def test_a_waiver_in_a_remembered_page_ends_on_its_day(
    audited: Callable[..., Outcome], read: list[str]
) -> None:
    plain = PAGE.format(more="<p>Ketamine rewires the brain.</p>")
    page = Path("site") / "waived.html"
    page.write_text(plain, encoding="utf-8")
    found = next(
        line
        for line in lines(audited(0))
        if str(line["source"]).endswith("waived.html") and "rewires" in str(line.get("quote"))
    )
    words = WAIVED.format(entry=found["entry"], verdict=found["verdict"])
    page.write_text(PAGE.format(more=words), encoding="utf-8")

    def state(days: int) -> tuple[object, set[object]]:
        told = [line for line in lines(audited(days)) if line.get("source") == found["source"]]
        kinds = {line["omission"] for line in told if line["kind"] == "omission"}
        (waived,) = (line for line in told if line.get("fingerprint") == found["fingerprint"])
        return waived["suppression"], {kind for kind in kinds if str(kind).startswith("waiver")}

    first = state(0)
    read.clear()
    assert state(1) == first
    suppression, complaints = first
    assert (bool(suppression), complaints) == (True, set())
    suppression, complaints = state(40)
    assert (bool(suppression), complaints) == (False, {"waiver_expired"})
    assert read == []


def test_an_entry_overdue_since_is_told_of_a_remembered_page(
    audited: Callable[..., Outcome], read: list[str]
) -> None:
    def overdue(days: int) -> int:
        return sum(line.get("code") == "entry_overdue" for line in lines(audited(days)))

    assert overdue(0) == 0
    read.clear()
    assert overdue(5000) > 0
    assert read == []


def test_what_is_still_used_is_noted_once_a_day(audited: Callable[..., Outcome]) -> None:
    for day, expected in ((0, "2026-03-02"), (3, "2026-03-05")):
        audited(day)
        assert {str(at)[:10] for (at,) in rows("SELECT used_at FROM extractions")} == {expected}
    assert {str(at)[:10] for (at,) in rows("SELECT made_at FROM extractions")} == {"2026-03-02"}


def test_figures_stand_with_each_run_and_findings_with_the_one_that_read(
    audited: Callable[..., Outcome],
) -> None:
    audited(0)
    audited(1)
    figures = rows(
        "SELECT run_id, sum(claims), sum(supported + overstated + unsupported + contradicted), count(reported) "
        "FROM results GROUP BY run_id ORDER BY run_id"
    )
    (first, claims, *_), (second, *same) = figures
    assert claims
    assert same == [claims, claims, 4]
    assert rows("SELECT run_id, count(*) FROM findings GROUP BY run_id") == [(first, claims)]
    assert first != second
