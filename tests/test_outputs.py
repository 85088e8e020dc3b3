"""Reports on their way to standard output and files: whole or not at all."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from claims.errors import UsageError
from claims.model import PageResult, Summary
from pipeline.outputs import Output, deliver, parse_output

Item = PageResult | Summary
PAGES = [PageResult(url=f"page-{number}", page=None) for number in range(100)]


def names(stream: Iterable[Item]) -> Iterator[str]:
    for item in stream:
        assert isinstance(item, PageResult)
        yield item.url + "\n"


def only_first(stream: Iterable[Item]) -> Iterator[str]:
    """A report that does not care for the rest."""
    yield next(names(stream))


def broken(stream: Iterable[Item]) -> Iterator[str]:
    for number, _ in enumerate(stream):
        if number == 3:
            raise ValueError("no such page")
        yield "x"


def stopping(at: int, error: BaseException) -> Iterator[PageResult]:
    yield from PAGES[:at]
    raise error


WHOLE = "".join(f"page-{number}\n" for number in range(100))


def test_every_report_gets_the_whole_stream(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = tmp_path / "deep" / "er" / "one.txt", tmp_path / "two.txt"
    deliver(PAGES, [(Output("text"), names), (Output("text", one), names), (Output("text", two), only_first)])
    assert capsys.readouterr().out == WHOLE
    assert one.read_text(encoding="utf-8") == WHOLE
    assert two.read_text(encoding="utf-8") == "page-0\n"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["deep", "two.txt"]


def test_standard_output_can_be_held_back_until_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    seen: list[str] = []

    def watched() -> Iterator[PageResult]:
        for page in PAGES:
            seen.append(capsys.readouterr().out)
            yield page

    deliver(watched(), [(Output("text"), names)], hold=True)
    assert set(seen) == {""}
    assert capsys.readouterr().out == WHOLE


@pytest.mark.parametrize("error", [RuntimeError("lost"), KeyboardInterrupt()], ids=["fault", "interrupt"])
def test_a_broken_off_run_changes_no_file(tmp_path: Path, error: BaseException) -> None:
    old = tmp_path / "old.txt"
    old.write_text("before", encoding="utf-8")
    with pytest.raises(type(error)):
        deliver(
            stopping(50, error), [(Output("text", old), names), (Output("text", tmp_path / "new"), names)]
        )
    assert [(p.name, p.read_text(encoding="utf-8")) for p in tmp_path.iterdir()] == [("old.txt", "before")]


def test_a_fault_in_one_report_ends_the_run_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no such page"):
        deliver(PAGES, [(Output("text", tmp_path / "a"), names), (Output("text", tmp_path / "b"), broken)])
    assert list(tmp_path.iterdir()) == []


def test_no_thread_outlives_the_run(tmp_path: Path) -> None:
    before = threading.active_count()
    for draw in (names, only_first, broken):
        try:
            deliver(PAGES, [(Output("text", tmp_path / "a"), draw), (Output("text", tmp_path / "b"), names)])
        except ValueError:
            continue
    assert threading.active_count() == before


def test_a_place_that_cannot_be_written_is_told_before_any_page_is_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    def unread() -> Iterator[PageResult]:
        raise AssertionError("a page was read")
        yield

    with pytest.raises(UsageError, match=r"file/x: cannot be written .*; name another place"):
        deliver(
            unread(),
            [(Output("text", tmp_path / "ok"), names), (Output("text", tmp_path / "file" / "x"), names)],
        )
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_a_device_is_written_and_never_replaced() -> None:
    before = os.stat("/dev/null").st_rdev  # noqa: PTH116 - the device number is the point
    deliver(PAGES, [(Output("text", Path("/dev/null")), names)])
    assert os.stat("/dev/null").st_rdev == before  # noqa: PTH116


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_full_disk_is_one_clear_line() -> None:
    with pytest.raises(UsageError, match=r"/dev/full: cannot be written \(No space left"):
        deliver(PAGES * 100, [(Output("text", Path("/dev/full")), names)])


def test_a_link_is_written_through(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old", encoding="utf-8")
    link.symlink_to(target)
    deliver(PAGES, [(Output("text", link), names)])
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == WHOLE


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("html", "write FORMAT=PATH"),
        ("html=", "write FORMAT=PATH"),
        ("=x", "unknown format ''"),
        ("pdf=x.pdf", "choose one of text, json"),
        ("json=.", "is a folder"),
    ],
)
def test_a_wrong_output_option_says_what_to_write(text: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_output(text)
    assert said in str(caught.value)


def test_a_path_may_hold_an_equals_sign() -> None:
    assert parse_output("json=out/a=b.json") == Output("json", Path("out/a=b.json"))
