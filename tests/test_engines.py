"""Documents over several processes: order kept, faults stay with their page, nothing left running."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import engine_work
import pytest
from conftest import ROOT

from claims.model import PageResult, Skipped, Snapshot
from claims.rules import Rules
from pipeline.engines import Item, audit_all

RULES = Rules(date(2026, 3, 2))
MANY = 12
SECONDS = 300.0


def pages(bodies: list[bytes]) -> list[Snapshot | Skipped]:
    return [Snapshot(f"page-{i}", body) for i, body in enumerate(bodies)]


def test_order_is_that_of_the_source() -> None:
    source = pages([str(60 - 5 * i).encode() for i in range(MANY)])
    source.insert(3, Skipped("gone", "not_found", "It is not there."))
    found = list(audit_all(source, RULES, 2, seconds=SECONDS, work=engine_work.note))
    assert [r.url.split()[0] for r in found] == [item.url for item in source]
    assert found[3].skipped == source[3]
    workers = {r.url.split()[1] for r in found if not r.skipped}
    assert 1 <= len(workers) <= 2
    assert str(os.getpid()) not in workers


@pytest.mark.parametrize(("count", "jobs"), [(8, 2), (1, 4), (MANY, 1)])
def test_few_documents_stay_in_this_process(count: int, jobs: int) -> None:
    found = list(audit_all(pages([b"0"] * count), RULES, jobs, work=engine_work.note))
    assert {r.url.split()[1] for r in found} == {str(os.getpid())}
    assert len(found) == count


@pytest.mark.parametrize("every", [1, 2, 7])
def test_what_is_known_passes_through_in_its_place(every: int) -> None:
    """Workers are for pages that are to be audited, if there are enough of them close together."""
    items = [
        Snapshot(f"page-{i}", b"0") if i % every == 0 else PageResult(f"page-{i}", None)
        for i in range(15 * every)
    ]
    found = list(audit_all(items, RULES, 2, seconds=SECONDS, work=engine_work.note))
    assert [r.url.split()[0] for r in found] == [item.url for item in items]
    assert all(r is item for r, item in zip(found, items, strict=True) if isinstance(item, PageResult))
    own = str(os.getpid())
    here = [r.url.endswith(f" {own}") for r in found if " " in r.url]
    assert all(here) if every == 7 else not any(here)


def test_what_is_known_waits_for_nothing_behind_it() -> None:
    def source() -> Iterator[Item]:
        yield PageResult("known", None)
        raise AssertionError("read too far ahead")

    assert next(audit_all(source(), RULES, 2, work=engine_work.note)).url == "known"


def test_a_page_that_crashes_takes_no_other_along() -> None:
    bodies = [b"fine"] * MANY
    bodies[4] = b"die"
    found = list(audit_all(pages(bodies), RULES, 2, seconds=SECONDS, work=engine_work.fail))
    assert [r.skipped.code if r.skipped else "" for r in found] == [
        "crashed" if b == b"die" else "" for b in bodies
    ]
    assert found[4].skipped is not None
    assert "look at the page by hand" in found[4].skipped.reason


def test_a_page_that_hangs_is_given_up() -> None:
    bodies = [b"fine"] * MANY
    bodies[2] = b"hang"
    found = list(audit_all(pages(bodies), RULES, 2, seconds=5.0, work=engine_work.fail))
    skipped = {r.url: r.skipped for r in found if r.skipped}
    assert [(url, s.code) for url, s in skipped.items()] == [("page-2", "too_slow")]
    assert "5 seconds" in skipped["page-2"].reason


def test_a_fault_of_the_program_is_not_hidden() -> None:
    bodies = [b"fine"] * MANY
    bodies[1] = b"raise"
    with pytest.raises(ValueError, match="no such page"):
        list(audit_all(pages(bodies), RULES, 2, seconds=SECONDS, work=engine_work.fail))


def test_the_source_is_read_only_a_little_ahead() -> None:
    taken = itertools.count()
    last = 0

    def source() -> Iterator[Snapshot]:
        nonlocal last
        for last in taken:
            yield Snapshot(f"page-{last}", b"0")

    results = audit_all(source(), RULES, 2, seconds=SECONDS, work=engine_work.note)
    for _ in range(20):
        next(results)
    assert last <= 20 + 2 * 3 + 9
    results.close()  # type: ignore[attr-defined]


def test_real_pages_come_out_the_same_either_way() -> None:
    bodies = [f"Ketamine relieves depression within {i} hours.\n".encode() for i in range(2, 2 + MANY)]
    source = [Snapshot(f"page-{i}.txt", body, media_type="text/plain") for i, body in enumerate(bodies)]
    spread = list(audit_all(source, RULES, 2, seconds=SECONDS))
    here = list(audit_all(source, RULES, 1))
    assert spread == here
    assert all(r.findings for r in here)


SCRIPT = """
import sys
sys.path.insert(0, "tests")
import engine_work
from datetime import date
from claims.model import Snapshot
from claims.rules import Rules
from pipeline.engines import audit_all
if __name__ == "__main__":
    source = [Snapshot(f"page-{i}", sys.argv[1].encode()) for i in range(12)]
    try:
        list(audit_all(source, Rules(date(2026, 3, 2)), 2, work=engine_work.wait))
    except KeyboardInterrupt:
        sys.exit(130)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
def test_ctrl_c_leaves_no_child(tmp_path: Path) -> None:
    script = tmp_path / "run.py"
    script.write_text(SCRIPT, encoding="utf-8")
    marks = tmp_path / "marks"
    marks.mkdir()
    run = subprocess.Popen(
        [sys.executable, str(script), str(marks)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
        start_new_session=True,
    )
    try:
        until(lambda: len(list(marks.iterdir())) == 2)
        os.killpg(run.pid, signal.SIGINT)
        assert run.wait(timeout=300) == 130
        workers = [int(mark.name) for mark in marks.iterdir()]
        until(lambda: not any(map(alive, workers)))
    finally:
        if run.poll() is None:
            os.killpg(run.pid, signal.SIGKILL)


def until(holds: Callable[[], bool], seconds: float = 300) -> None:
    """Waits till `holds()` is true."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return True
