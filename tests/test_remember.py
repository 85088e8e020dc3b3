"""Audits that remember: order, figures, and nothing done twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from servers import Answer, serving
from servers import page as html
from stores import RULES, VERSIONS, day, options
from test_store import clinic, rows

from claims.model import Note, PageResult, Skipped
from pipeline import remember
from pipeline.remember import Item
from pipeline.sources import SourceOptions, open_sources


class Engine:
    """Stands in for the processes: keeps some items under way, as they do."""

    def __init__(self, ahead: int = 1) -> None:
        self.ahead, self.done = ahead, 0

    def __call__(self, items: Iterable[Item]) -> Iterator[PageResult]:
        waiting: list[Item] = []
        for item in items:
            waiting.append(item)
            if len(waiting) >= self.ahead:
                yield self._audit(waiting.pop(0))
        yield from map(self._audit, waiting)

    def _audit(self, item: Item) -> PageResult:
        if isinstance(item, PageResult):
            return item
        if isinstance(item, Skipped):
            return PageResult(item.url, None, skipped=item)
        self.done += 1
        return PageResult(item.url, None, snapshot=replace(item, body=b""), notes=(Note("day", "old"),))


def renew(result: PageResult) -> PageResult:
    return replace(result, notes=(Note("day", "new"),))


def run(target: str, with_options: SourceOptions, engine: Engine) -> list[PageResult]:
    collection = open_sources([target], with_options)
    return list(remember.audit_collection(collection, RULES, VERSIONS, engine, renew))


@pytest.mark.parametrize("ahead", [1, 3, 50])
def test_order_is_kept_whatever_is_remembered(ahead: int, tmp_path: Path) -> None:
    with serving(clinic(8)) as site:
        site.routes["/p2"] = Answer(b"", 404)
        first = run(f"{site.url}/", options(tmp_path, day(1)), Engine(ahead))
        for changed in ("/p0", "/p5"):
            site.routes[changed] = Answer(html("A new page."), etag='"new"')
        engine = Engine(ahead)
        second = run(f"{site.url}/", options(tmp_path, day(1) + timedelta(hours=2)), engine)
    assert [r.url for r in second] == [r.url for r in first]
    assert [r.url.removeprefix(site.url) for r in first] == ["/", *(f"/p{i}" for i in range(7)), ""]
    assert engine.done == 2
    told = [r.notes[0].text for r in second if r.snapshot]
    assert told == ["new", "old", "new", "new", "new", "old", "new"]
    assert second[-1].notes[0].text.endswith("8 found, 2 fetched, 5 unchanged, 1 failed")
    assert rows(tmp_path, "SELECT state, count(*) FROM runs GROUP BY state") == [("finished", 2)]
    assert rows(tmp_path, "SELECT count(*) FROM results") == [(16,)]


def test_without_a_store_all_is_audited() -> None:
    with serving(clinic(3)) as site:
        engine = Engine()
        got = run(f"{site.url}/", replace(options(Path("unused")), store=None), engine)
    assert (len(got), engine.done) == (4, 3)


@pytest.mark.parametrize("code", ["too_slow", "crashed", "lost", "fault"])
def test_what_failed_for_the_moment_is_tried_again(tmp_path: Path, code: str) -> None:
    class Slow(Engine):
        def _audit(self, item: Item) -> PageResult:
            self.done += 1
            return PageResult(item.url, None, skipped=Skipped(item.url, code, "x"))

    with serving(clinic(2)) as site:
        run(f"{site.url}/", options(tmp_path, day(1)), Slow())
        engine = Engine()
        run(f"{site.url}/", options(tmp_path, day(2)), engine)
    assert engine.done == 2


def test_a_run_given_up_half_way_is_not_finished(tmp_path: Path) -> None:
    with serving(clinic(5)) as site:
        collection = open_sources([f"{site.url}/"], options(tmp_path, day(1)))
        stream = remember.audit_collection(collection, RULES, VERSIONS, Engine(), renew)
        next(stream)
        stream.close()  # type: ignore[attr-defined]
        assert rows(tmp_path, "SELECT state FROM runs") == [("running",)]
        engine = Engine()
        got = run(f"{site.url}/", options(tmp_path, day(1)), engine)
    assert (len(got), engine.done) == (6, 4)


def test_the_run_ends_with_its_results_and_not_with_its_pages(tmp_path: Path) -> None:
    states: list[object] = []

    class Late(Engine):
        def _audit(self, item: Item) -> PageResult:
            states.extend(rows(tmp_path, "SELECT state FROM runs"))
            return super()._audit(item)

    with serving(clinic(3)) as site:
        run(f"{site.url}/", options(tmp_path, day(1)), Late(ahead=50))
    assert states == [("running",)] * 3
    assert rows(tmp_path, "SELECT state FROM runs") == [("finished",)]
