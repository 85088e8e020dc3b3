"""A crawl that is killed again and again ends as if nothing had happened, and asks for no page twice."""

from __future__ import annotations

import json
import random
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from crawler import told
from servers import Answer, Seen, Site, page, serving
from stores import Auditor, options

from claims.model import Skipped, Snapshot
from pipeline.sources import open_sources
from pipeline.store.database import FILE

CRAWLER = Path(__file__).with_name("crawler.py")
PATIENCE = 120.0
"""Seconds that one stretch of a crawl may take on a busy machine."""


def tree(size: int):  # type: ignore[no-untyped-def]
    """Pages /0 … /size-1, each with links to eight further ones; every seventh is gone or says nothing."""

    def reply(seen: Seen) -> Answer:
        name = seen.path.strip("/") or "0"
        if not name.isdigit():
            return Answer(b"", 404)
        number = int(name)
        if number % 70 == 69:
            return Answer(b"", 404)
        links = tuple(f"/{n}" for n in range(number * 8 + 1, min(number * 8 + 9, size)))
        return Answer(page(f"Page number {number} of our clinic tells of treatment.", links=links))

    return reply


def start(site: Site, store: Path, output: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, str(CRAWLER), f"{site.url}/", str(store), str(output)])


def kill_after(site: Site, process: subprocess.Popen[bytes], requests: int, chance: random.Random) -> None:
    """SIGKILL at some moment after so many further requests."""
    goal, until = len(site.requests) + requests, time.monotonic() + PATIENCE
    while len(site.requests) < goal and process.poll() is None and time.monotonic() < until:
        time.sleep(0.001)
    time.sleep(chance.random() * 0.03)
    process.send_signal(signal.SIGKILL)
    process.wait(PATIENCE)
    while site.busy:
        time.sleep(0.001)


def settled(store: Path) -> set[str]:
    """Paths of the pages whose fate had been committed."""
    if not (store / FILE).exists():
        return set()
    connection = sqlite3.connect(store / FILE)
    try:
        rows = connection.execute("SELECT url FROM entries WHERE fate NOT IN ('queued', 'alias')").fetchall()
    except sqlite3.OperationalError:  # killed before there was a table
        return set()
    finally:
        connection.close()
    return {"/" + row[0].split("/", 3)[3] for row in rows}


@pytest.mark.parametrize(
    ("size", "kills"), [(200, 4), pytest.param(2000, 10, marks=pytest.mark.slow)], ids=["200", "2000"]
)
def test_killed_and_resumed(size: int, kills: int, tmp_path: Path) -> None:
    chance = random.Random(size)  # noqa: S311
    store, output = tmp_path / "store", tmp_path / "out.json"
    with serving(fallback=tree(size)) as site:
        undisturbed = Auditor()
        plain = replace(options(tmp_path, sitemaps=False, max_depth=99), store=None)
        with open_sources([f"{site.url}/"], plain) as collection:
            for item in collection:
                undisturbed.step(collection, item)
        expected = set(site.paths)
        site.requests.clear()

        committed: list[tuple[int, set[str]]] = []
        for _ in range(kills):
            process = start(site, store, output)
            kill_after(site, process, chance.randint(1, size // (kills + 2)), chance)
            committed.append((len(site.requests), settled(store)))
        assert start(site, store, output).wait(PATIENCE * 2) == 0

    assert json.loads(output.read_text()) == told(undisturbed.results)
    pages = [path for path in site.paths if path != "/robots.txt"]
    assert set(pages) == expected - {"/robots.txt"}
    for at, paths in committed:
        assert not paths & {seen.path for seen in site.requests[at:]}
    assert len(committed[-1][1]) > size // 10
    assert len(pages) <= size + 3 * kills  # those under way when the process was killed, and no more
    check(store, undisturbed)


def check(store: Path, undisturbed: Auditor) -> None:
    """The database is whole; the captures hold every page, and nothing but last records is damaged."""
    connection = sqlite3.connect(store / FILE)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("SELECT state FROM runs").fetchall() == [("finished",)]
    connection.close()
    captured: set[str] = set()
    for path in sorted((store / "captures").rglob("*.warc.gz")):
        got = list(open_sources([str(path)]))
        captured |= {g.url for g in got if isinstance(g, Snapshot)}
        assert all("1 damaged" in g.reason for g in got if isinstance(g, Skipped) and g.code == "bad_records")
    assert captured == {result.url for result in undisturbed.results if result.page}


def test_two_runs_at_once_on_one_store(tmp_path: Path) -> None:
    with serving(fallback=tree(60)) as one, serving(fallback=tree(60)) as two:
        outputs = [tmp_path / f"{n}.json" for n in range(3)]
        store = tmp_path / "store"
        running = [start(site, store, output) for site, output in zip((one, two, one), outputs, strict=True)]
        assert [process.wait(PATIENCE) for process in running] == [0, 0, 0]
    first, second, third = (json.loads(output.read_text()) for output in outputs)
    assert (len(first), len(second)) == (60, 60)
    assert first == third
    connection = sqlite3.connect(store / FILE)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("SELECT count(*) FROM runs WHERE state = 'finished'").fetchone() == (3,)
    connection.close()
