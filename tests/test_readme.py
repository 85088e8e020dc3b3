"""The README's examples are run: what it shows is what happens."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from claims.model import Family
from reports import FORMATS

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def sessions() -> list[tuple[str, list[str], int]]:
    """Commands of the console blocks, each with the lines shown below it and its exit code."""
    found = []
    for kind, text in BLOCKS:
        if kind != "console":
            continue
        for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
            command, *shown = part.rstrip("\n").split("\n")
            code = 0
            if shown and (exit_code := re.fullmatch(r"\[exit (\d)\]", shown[-1])):
                code = int(exit_code.group(1))
                shown.pop()
            found.append((command, shown, code))
    return found


def pattern(shown: list[str]) -> str:
    """What is shown, as a pattern: a line with … alone stands for any lines or none."""
    return "".join(".*" if line == "…" else re.escape(line + "\n") for line in shown)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    return tmp_path


@pytest.mark.parametrize(("command", "shown", "code"), sessions(), ids=[one[0] for one in sessions()])
def test_a_console_example_does_what_it_shows(
    folder: Path, command: str, shown: list[str], code: int
) -> None:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (code, "")
    assert re.fullmatch(pattern(shown), done.stdout, re.DOTALL), done.stdout


def test_the_library_example_prints_what_it_shows(folder: Path) -> None:
    kinds = [kind for kind, _ in BLOCKS]
    at = kinds.index("python")
    assert kinds[at + 1] == "text"
    done = subprocess.run(
        [sys.executable, "-c", BLOCKS[at][1]], cwd=folder, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == (BLOCKS[at + 1][1], "")


def test_every_family_has_its_row() -> None:
    assert re.findall(r"^\| `(\w+)` \|", README, re.MULTILINE) == list(Family)


def test_the_files_it_links_to_are_there() -> None:
    links = re.findall(r"\]\(([^)#]+)", README)
    assert links
    assert [link for link in links if "://" not in link and not (ROOT / link).exists()] == []


def test_the_make_targets_it_names_are_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"`?make ([a-z]+)", README)) - {"sure"}
    assert named
    assert [name for name in named if not re.search(rf"^{name}:", makefile, re.MULTILINE)] == []


def test_the_formats_of_the_examples_are_there() -> None:
    named = re.findall(r"--format (\w+)|--output (\w+)=", README)
    assert {name for pair in named for name in pair if name} <= set(FORMATS)


def installed_by_make() -> bool:
    done = subprocess.run(["make", "--question", ".venv/.ready"], cwd=ROOT, capture_output=True, check=False)
    return done.returncode == 0


@pytest.mark.slow
@pytest.mark.skipif(not installed_by_make(), reason=".venv was not made by `make install`, or is out of date")
def test_make_audit_prints_the_text_report_and_writes_the_browsers(tmp_path: Path) -> None:
    done = subprocess.run(
        ["make", "--no-print-directory", "audit", f"OUT={tmp_path}"],
        cwd=ROOT,
        env={**os.environ, "MAKEFLAGS": "", "TARGET": ""},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "examples/site/index.html" in done.stdout
    assert "Not legal advice" in done.stdout
    assert "<html" in (tmp_path / "report.html").read_text(encoding="utf-8")
