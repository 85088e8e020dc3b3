"""Results in parts: what comes back is what was kept, and what is damaged is as good as none."""

from __future__ import annotations

import copy
import pickle
from dataclasses import replace

import pytest
from stores import RULES

from claims.model import Note, Page, PageResult, Skipped, Snapshot, Suppression
from pipeline.audit import audit_snapshot
from pipeline.inline import marked
from pipeline.parcels import packed, unpacked
from pipeline.store.later import dump, load
from reports.jsonl import lines_of
from reports.plain import dumps
from reports.ready import ReadyResult, entries_of, with_notes
from reports.summary import summarise

TEXT = "Ketamine relieves depression within 2 hours.\n\nResults vary \u2013 by 40%.\n".encode()


@pytest.fixture(scope="module")
def result() -> PageResult:
    return audit_snapshot(Snapshot("a.txt", TEXT, media_type="text/plain"), RULES)


def test_a_page_comes_back_the_same(result: PageResult) -> None:
    assert load(dump(result)) == result
    assert result == load(dump(result))
    back = load(dump(result)).page
    assert back is not None
    assert result.page is not None
    assert repr(back) == repr(result.page)
    assert hash(back) == hash(result.page)
    assert (back.blocks, back.source_text) == (result.page.blocks, result.page.source_text)
    assert replace(back, title="Other") == replace(result.page, title="Other")
    assert back != replace(result.page, source_text="")
    with pytest.raises(AttributeError):
        back.words  # type: ignore[attr-defined]  # noqa: B018


def test_it_travels_and_is_told_as_any_page(result: PageResult) -> None:
    back = load(dump(result))
    assert dumps(back) == dumps(result)
    for there in (pickle.loads(pickle.dumps(back)), copy.deepcopy(back), unpacked(packed(back))):  # noqa: S301
        assert there == result
    assert type(pickle.loads(pickle.dumps(back)).page) is Page  # noqa: S301


def test_what_is_ready_is_what_the_result_says(result: PageResult) -> None:
    back = load(dump(result))
    assert back.lines == lines_of(result) != ""
    assert summarise([back]) == summarise([result])
    assert entries_of(back) == entries_of(result) == tuple(sorted({str(f.entry) for f in result.findings}))
    assert (back.ready.marked, marked(result)) == (False, False)
    words = TEXT + b"<!-- claims-audit-waive: nothing -->\n"
    assert load(dump(audit_snapshot(Snapshot("a.md", words, media_type="text/markdown"), RULES))).ready.marked


def test_what_is_laid_over_a_result_makes_a_common_one_of_it(result: PageResult) -> None:
    back = load(dump(result))
    suppressed = tuple(replace(one, suppression=Suppression("waiver", "x")) for one in result.findings)
    changed = replace(back, findings=suppressed)
    assert type(changed) is PageResult
    assert changed == replace(result, findings=suppressed)
    assert summarise([changed]).suppressed > 0
    renewed = with_notes(back, (Note("day", "new"),))
    assert isinstance(renewed, ReadyResult)
    assert renewed.lines == back.lines
    assert renewed == replace(result, notes=(Note("day", "new"),)) == with_notes(result, renewed.notes)
    again = back.at(Snapshot("a.txt", TEXT, fetched_at="2026-03-09T00:00:00Z"))
    assert again == replace(result, snapshot=Snapshot("a.txt", b"", fetched_at="2026-03-09T00:00:00Z"))


def test_results_without_a_page() -> None:
    missing = PageResult("x", None, skipped=Skipped("x", "gone", "It is gone."))
    assert load(dump(missing)) == missing


def test_what_is_damaged_is_found_at_once(result: PageResult) -> None:
    kept = dump(result)
    for data in (b"", kept[:10], kept[:-1], kept + b"x", kept[:-5] + b"xxxxx", b"x" * 100):
        with pytest.raises(ValueError, match="stored result"):
            load(data)
