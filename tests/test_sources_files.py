"""Files, folders and standard input."""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path

import pytest

from claims.model import Skipped, Snapshot
from pipeline.sources import SourceOptions, is_web, open_sources
from pipeline.sources.files import FileSource


def read(*targets: str | Path, **options: int) -> list[Snapshot | Skipped]:
    return list(open_sources([str(t) for t in targets], SourceOptions(**options)))  # type: ignore[arg-type]


def names(got: list[Snapshot | Skipped], root: Path) -> list[str]:
    return [Path(one.url).relative_to(root).as_posix() for one in got]


def test_a_file_is_given_byte_for_byte(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(b"<p>caf\xe9\r\n\x00</p>")
    (got,) = read(path)
    assert isinstance(got, Snapshot)
    assert (got.body, got.media_type) == (b"<p>caf\xe9\r\n\x00</p>", "text/html")
    assert got.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert got.url == str(path)


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("a.htm", "text/html"),
        ("a.HTML", "text/html"),
        ("a.xhtml", "application/xhtml+xml"),
        ("a.md", "text/markdown"),
        ("a.markdown", "text/markdown"),
        ("a.txt", "text/plain"),
        ("a.unknown", ""),
        ("a", ""),
    ],
)
def test_a_named_file_is_read_whatever_it_is_called(tmp_path: Path, name: str, media_type: str) -> None:
    (tmp_path / name).write_text("words")
    (got,) = read(tmp_path / name)
    assert isinstance(got, Snapshot)
    assert got.media_type == media_type


def test_a_folder_is_read_to_its_depths_in_one_order(tmp_path: Path) -> None:
    for name in ("b.html", "a.txt", "deep/er/z.md", "deep/a.html", "Deep2/x.htm"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    for name in ("style.css", "logo.png", ".hidden.html", ".git/x.html", "node_modules/y.html"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    expected = ["a.txt", "b.html", "Deep2/x.htm", "deep/a.html", "deep/er/z.md"]
    assert names(read(tmp_path), tmp_path) == expected


def test_targets_that_overlap_give_each_file_once(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("x")
    (tmp_path / "b.html").write_text("x")
    got = read(tmp_path / "b.html", tmp_path, tmp_path)
    assert names(got, tmp_path) == ["b.html", "a.html"]


def test_links_in_circles_end(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "a.html").write_text("x")
    (inner / "up").symlink_to(tmp_path)
    (inner / "same.html").symlink_to(inner / "a.html")
    (tmp_path / "loop.html").symlink_to(tmp_path / "loop.html")
    got = read(tmp_path)
    assert [(type(g).__name__, Path(g.url).name) for g in got] == [
        ("Skipped", "loop.html"),
        ("Snapshot", "a.html"),
    ]


def test_documents_in_a_folder_are_noted(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("x")
    (tmp_path / "brochure.PDF").write_bytes(b"%PDF")
    source = FileSource(str(tmp_path))
    assert len(list(source.snapshots())) == 1
    assert [Path(d).name for d in source.documents] == ["brochure.PDF"]


def _missing(folder: Path) -> Path:
    return folder / "missing.html"


def _empty(folder: Path) -> Path:
    (folder / "e.html").write_bytes(b"")
    return folder / "e.html"


def _dangling(folder: Path) -> Path:
    (folder / "d.html").symlink_to(folder / "nowhere.html")
    return folder / "d.html"


def _empty_folder(folder: Path) -> Path:
    (folder / "nothing").mkdir()
    return folder / "nothing"


def _large(folder: Path) -> Path:
    (folder / "l.txt").write_bytes(b"x" * 1001)
    return folder / "l.txt"


def _endless(folder: Path) -> Path:
    return Path("/dev/zero")


def _nul(folder: Path) -> str:
    return "a\0b.html"


BAD = [
    (_missing, "not_found", "check the path"),
    (_empty, "empty", "nothing to audit"),
    (_dangling, "not_found", "link leads nowhere"),
    (_empty_folder, "empty_folder", "no page in this folder"),
    (_large, "too_large", "larger than 1000 bytes"),
    (_endless, "too_large", "larger than 1000 bytes"),
    (_nul, "unreadable", "null"),
]


@pytest.mark.parametrize(("make", "code", "words"), BAD)
def test_bad_targets_are_skipped_with_a_reason(make, code: str, words: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    good = tmp_path / "good.html"
    good.write_text("x")
    first, second = read(make(tmp_path), good, max_bytes=1000)
    assert isinstance(first, Skipped)
    assert (first.code, words in first.reason) == (code, True), first.reason
    assert "\n" not in first.reason
    assert isinstance(second, Snapshot)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_permission_is_skipped(tmp_path: Path) -> None:
    path = tmp_path / "secret.html"
    path.write_text("x")
    path.chmod(0)
    (got,) = read(path)
    assert isinstance(got, Skipped)
    assert got.code == "unreadable"
    assert "permission" in got.reason


def test_a_file_that_cannot_be_opened_is_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*args: object, **kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "secret.html").write_text("x")
    monkeypatch.setattr(Path, "open", denied)
    (got,) = read(tmp_path / "secret.html")
    assert isinstance(got, Skipped)
    assert (got.code, "permission" in got.reason) == ("unreadable", True)


@pytest.mark.parametrize(("given", "code"), [(b"words", None), (b"", "empty"), (b"x" * 2000, "too_large")])
def test_standard_input(given: bytes, code: str | None) -> None:
    source = FileSource("-", SourceOptions(max_bytes=1000), stdin=io.BytesIO(given))
    (got,) = source.snapshots()
    assert got.url == "-"
    assert (got.code if isinstance(got, Skipped) else None) == code


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("https://clinic.example/", True),
        ("HTTP://clinic.example", True),
        ("ftp://clinic.example/x", True),
        ("C://pages/x.html", False),
        ("pages/x.html", False),
        ("-", False),
        ("clinic.example", False),
    ],
)
def test_what_is_an_address(target: str, expected: bool) -> None:
    assert is_web(target) is expected
