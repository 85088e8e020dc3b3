"""Measured from outside: several processes, their memory, a second run, start-up."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median
from time import monotonic, perf_counter, sleep

from benchmarks import sites
from benchmarks.sites import ROOT

_PROGRAM = [sys.executable, "-m", "pipeline"]
_EVERY = 0.2
"""Seconds between two looks at the memory."""
_DIFFERENT = 400
"""Pages of a folder that differ, more than the program remembers the texts of."""


def processes(runs: int, pages: int) -> dict[str, float]:
    """Seconds of the command line on the same folder with one process and with two, loading included, in turn.

    On the clock; and in CPU time, which other work on the machine distorts less: all that one process takes
    against what two take before their work begins, and half of the rest.
    """
    times: dict[int, list[float]] = {1: [], 2: []}
    spent: dict[int, list[float]] = {1: [], 2: []}
    with _folder(pages) as folder:
        for _ in range(runs):
            for jobs in times:
                begin = perf_counter()
                by_process = _cpu_seconds(_audit(folder, jobs))
                times[jobs].append(perf_counter() - begin)
                total = sum(by_process)
                # In the order they began: the program, a tracker, the server that loads the language, the workers.
                first = by_process[2] if len(by_process) > 4 else 0.0
                spent[jobs].append(total if jobs == 1 else first + (total - first) / 2)
    return {
        "one_s": median(times[1]),
        "two_s": median(times[2]),
        "one_cpu_s": median(spent[1]),
        "two_path_cpu_s": median(spent[2]),
        "pages": pages,
    }


def _cpu_seconds(command: Sequence[str]) -> list[float]:
    """CPU seconds of each process of a run; none where they cannot be seen."""
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    found: dict[int, float] = {}
    while process.poll() is None:
        for pid in _family(process.pid):
            with suppress(OSError, IndexError):
                fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
                found[pid] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        sleep(_EVERY)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return list(found.values())


def memory(pages: int, seconds: float) -> dict[str, float] | None:
    """The largest memory of a run with two workers that streams its report; None where it cannot be seen.

    Added up at each look is what all its processes hold, the parts they share divided among them (PSS). The
    largest size of one process (RSS) counts all that it shares.
    """
    if not Path("/proc/self/smaps_rollup").exists():
        return None
    peak = largest = 0.0
    with _folder(pages) as folder:
        begin = monotonic()
        process = subprocess.Popen(_audit(folder, 2), stdout=subprocess.DEVNULL, cwd=ROOT)
        while process.poll() is None:
            held = [_held(pid) for pid in _family(process.pid)]
            peak = max(peak, sum(pss for pss, _ in held))
            largest = max(largest, *(rss for _, rss in held))
            if monotonic() - begin > seconds:
                process.terminate()
                process.wait()
                return None
            sleep(_EVERY)
    if process.returncode:
        raise RuntimeError(f"the run for memory ended with {process.returncode}")
    return {
        "peak_mb": peak / 1024,
        "largest_mb": largest / 1024,
        "pages": pages,
        "seconds": monotonic() - begin,
    }


def again(runs: int, pages: int) -> dict[str, float]:
    """Seconds of the command line on a folder with a new store, and once more with nothing changed."""
    firsts, seconds = [], []
    with _folder(pages) as folder:
        for run in range(runs):
            command = [*_audit(folder, 1), "--store", str(folder.with_name(f"store{run}"))]
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


@contextmanager
def _folder(pages: int) -> Iterator[Path]:
    """A folder with so many pages of a site; beyond some hundreds they come again under other names."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "site"
        folder.mkdir()
        paths = [folder / f"{i:05}.html" for i in range(pages)]
        for i, path in enumerate(paths):
            if i < _DIFFERENT:
                path.write_text(sites.page(sites.usual(), i), encoding="utf-8")
            else:
                path.hardlink_to(paths[i % _DIFFERENT])
        yield folder


def _audit(folder: Path, jobs: int) -> list[str]:
    return [*_PROGRAM, "audit", str(folder), "--jobs", str(jobs), "--fail-on", "never", "--format", "jsonl"]


def _family(pid: int) -> Iterator[int]:
    """A process and all below it."""
    yield pid
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for below in (task / "children").read_text(encoding="ascii").split():
                yield from _family(int(below))


def _held(pid: int) -> tuple[float, float]:
    """KiB as (PSS, RSS); zeros for a process that has ended."""
    found = {"Pss": 0.0, "Rss": 0.0}
    with suppress(OSError, ValueError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            name, _, value = line.partition(":")
            if name in found:
                found[name] = float(value.split()[0])
    return found["Pss"], found["Rss"]
