"""Results in parts: what comes back is what was kept, and what is damaged is as good as none."""

from __future__ import annotations

import copy
import pickle
from dataclasses import replace

import pytest
from stores import RULES

from claims.model import Page, PageResult, Skipped, Snapshot
from pipeline.audit import audit_snapshot
from pipeline.parcels import packed, unpacked
from pipeline.store.later import dump, load
from reports.plain import dumps

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


def test_results_without_a_page() -> None:
    missing = PageResult("x", None, skipped=Skipped("x", "gone", "It is gone."))
    assert load(dump(missing)) == missing


def test_what_is_damaged_is_found_at_once(result: PageResult) -> None:
    kept = dump(result)
    for data in (b"", kept[:10], kept[:-1], kept + b"x", kept[:-5] + b"xxxxx", b"x" * 100):
        with pytest.raises(ValueError, match="stored result"):
            load(data)
