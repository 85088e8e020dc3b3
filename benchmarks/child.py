"""Measured from outside: several processes, their memory, a second run, start-up."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from statistics import median
from time import monotonic, perf_counter, sleep

from benchmarks import sites
from benchmarks.sites import ROOT

_PROGRAM = [sys.executable, "-m", "pipeline"]
_EVERY = 0.2
"""Seconds between two looks at the memory."""
_MANY = 200
"""Different pages that a long run goes round in."""


def processes(runs: int, pages: int) -> dict[str, float]:
    """Seconds for the same pages in one process and in two, loading and starting included."""
    times: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(runs):
        for jobs, kept in times.items():
            kept.append(json.loads(_output(_work(pages, jobs)))["seconds"])
    return {"one_s": median(times[1]), "two_s": median(times[2]), "pages": pages}


def memory(pages: int, seconds: float) -> dict[str, float] | None:
    """The largest sizes of all processes of a run with two workers, added up; None where they cannot be seen.

    What processes share is counted for each of them, so the sum is on the safe side.
    """
    if not Path("/proc/self/status").exists():
        return None
    begin = monotonic()
    process = subprocess.Popen(_work(pages, 2, seconds), stdout=subprocess.PIPE, cwd=ROOT, text=True)
    peaks: dict[int, int] = {}
    while process.poll() is None:
        for pid in _family(process.pid):
            peaks[pid] = max(peaks.get(pid, 0), _peak(pid))
        sleep(_EVERY)
    output = process.communicate()[0]
    if process.returncode:
        raise RuntimeError(f"the run for memory ended with {process.returncode}")
    return {
        "peak_mb": sum(peaks.values()) / 1024,
        "largest_mb": max(peaks.values()) / 1024,
        "pages": json.loads(output)["pages"],
        "seconds": monotonic() - begin,
    }


def again(runs: int, pages: int) -> dict[str, float]:
    """Seconds of the command line on a folder with a new store, and once more with nothing changed."""
    firsts, seconds = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "site"
        folder.mkdir()
        for i in range(pages):
            (folder / f"{i:05}.html").write_text(sites.page(sites.usual(), i), encoding="utf-8")
        for run in range(runs):
            store = ["--store", str(Path(name) / f"store{run}")]
            command = [
                *_PROGRAM,
                "audit",
                str(folder),
                *store,
                "--jobs",
                "1",
                "--fail-on",
                "never",
                "--format",
                "jsonl",
            ]
            firsts.append(_clocked(command))
            seconds.append(_clocked(command))
    return {"first_s": median(firsts), "second_s": median(seconds), "pages": pages}


def start_up(runs: int) -> dict[str, float]:
    """Seconds on the clock, by what is started."""
    with tempfile.TemporaryDirectory() as name:
        page = Path(name) / "page.html"
        page.write_text(sites.page(sites.usual(), 0), encoding="utf-8")
        commands = {
            "import_spacy_s": [sys.executable, "-c", "import spacy"],
            "help_s": [*_PROGRAM, "--help"],
            "one_page_s": [*_PROGRAM, "audit", str(page), "--fail-on", "never", "--format", "jsonl"],
        }
        times: dict[str, list[float]] = {key: [] for key in commands}
        for _ in range(runs + 1):
            for key, command in commands.items():
                times[key].append(_clocked(command))
    return {key: median(kept[1:]) for key, kept in times.items()}


def _clocked(command: Sequence[str]) -> float:
    begin = perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return perf_counter() - begin


def _work(pages: int, jobs: int, seconds: float = 1e9) -> list[str]:
    return [sys.executable, "-m", "benchmarks.child", str(pages), str(jobs), str(seconds)]


def _output(command: Sequence[str]) -> str:
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def _family(pid: int) -> Iterator[int]:
    """A process and all below it."""
    yield pid
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for below in (task / "children").read_text(encoding="ascii").split():
                yield from _family(int(below))


def _peak(pid: int) -> int:
    """KiB; 0 for a process that has ended."""
    with suppress(OSError, ValueError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1])
    return 0


def _audit(pages: int, jobs: int, seconds: float) -> dict[str, float]:
    """What a child does: audit generated pages as they come, write the report to nowhere."""
    from benchmarks.inside import RULES, snapshot
    from pipeline.engines import audit_all

    begin, done = perf_counter(), 0
    different = [snapshot(sites.usual(), i) for i in range(min(pages, _MANY))]
    made = perf_counter()
    endless = (different[i % len(different)] for i in range(pages))
    for result in audit_all(endless, RULES, jobs):
        if result.page is None:
            raise RuntimeError(f"{result.url} was not read")
        done += 1
        if perf_counter() - begin > seconds:
            break
    return {"seconds": perf_counter() - made, "pages": done}


if __name__ == "__main__":
    print(json.dumps(_audit(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))))
