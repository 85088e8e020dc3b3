"""The same files under another name keep what they are known by, where that is sure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import report_samples as samples
from conftest import Outcome

from claims.fingerprint import fingerprint
from claims.model import PageResult
from pipeline.aligned import renamed

Run = Callable[..., Outcome]
TEXT = "Ketamine is not addictive. Ketamine is not addictive.\n\nKetamine cures depression.\n"


def named(url: str) -> PageResult:
    """The sample page as it would be under another name."""
    home = samples.home()
    findings = (replace(one, fingerprint=fingerprint(url, "f", one.fingerprint)) for one in home.findings)
    omissions = (replace(one, fingerprint=fingerprint(url, "o", one.fingerprint)) for one in home.omissions)
    return replace(home, url=url, findings=tuple(findings), omissions=tuple(omissions))


def pages(*names: str) -> tuple[PageResult, ...]:
    return tuple(map(named, names))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (("site/a.html", "site/b.html"), ("/srv/site/a.html", "/srv/site/b.html")),
        (("/old/site/a.html", "/old/site/sub/a.html"), ("/new/site/a.html", "/new/site/sub/a.html")),
        (("a.html", "sub/b.html"), ("site/a.html", "site/sub/b.html")),
        (("x/a.html",), ("y/a.html",)),
    ],
)
def test_files_below_other_folders_are_laid_side_by_side(old: tuple[str, ...], new: tuple[str, ...]) -> None:
    assert renamed(pages(*old), pages(*new)) == pages(*new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (("site/a.html", "site/b.html"), ("site/a.html", "site/c.html")),
        (("site/a.html",), ("other/b.html",)),
        (("https://a.example/x.html",), ("https://b.example/x.html",)),
        (("one/a.html", "two/a.html"), ("three/a.html", "four/a.html")),
        ((), ("a.html",)),
    ],
)
def test_nothing_is_renamed_where_it_is_not_sure(old: tuple[str, ...], new: tuple[str, ...]) -> None:
    assert renamed(pages(*old), pages(*new)) == pages(*old)


def test_a_baseline_holds_however_the_folder_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, claims_audit: Run
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "page.txt").write_text(TEXT, encoding="utf-8")
    assert claims_audit("baseline", "create", "site").code == 0
    for name in ("site", "./site", "site/", tmp_path / "site", "site/../site", "site/page.txt"):
        command = ("audit", name, "--baseline", "claims-baseline.json")
        assert claims_audit(*command).code == 0, name


def test_a_run_under_another_name_is_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, claims_audit: Run
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder, text in (("old", TEXT), ("new", TEXT.replace("cures", "may ease"))):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "page.txt").write_text(text, encoding="utf-8")
        claims_audit("audit", folder, "--output", f"json={folder}.json", "-q")
    said = claims_audit("diff", "old.json", "new.json").out
    assert "Ketamine cures depression." in said
    assert "0 worse, 0 better, 1 fixed, 0 not read, 5 unchanged" in said
