"""What is shipped and locked: the lock file, the wheel, and what starting up may load."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib

import pytest
from conftest import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCK = (ROOT / "requirements.txt").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NAMED = [
    *PROJECT["dependencies"],
    *(one for extra in PROJECT["optional-dependencies"].values() for one in extra),
]
HEAVY = ("spacy", "thinc", "numpy", "requests", "bs4", "lxml", "jsonschema", "sqlalchemy", "rich", "jinja2")


def locked() -> dict[str, list[str]]:
    """Versions by name; more than one where the Python version decides."""
    found: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^ \\;\n]+)", LOCK, re.MULTILINE):
        found.setdefault(canonicalize_name(name), []).append(version)
    return found


def test_the_lock_names_no_index_and_no_host() -> None:
    assert re.findall(r"^\s*-(?!-hash=).*|\w+://\S+|^.*\s@\s.*$", LOCK, re.MULTILINE) == []


def test_every_locked_package_has_a_hash() -> None:
    entries = re.split(r"^(?=[A-Za-z0-9])", LOCK, flags=re.MULTILINE)[1:]
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert len(entries) > 50


@pytest.mark.parametrize("text", NAMED)
def test_what_pyproject_asks_for_is_locked_within_its_range(text: str) -> None:
    requirement = Requirement(text)
    versions = locked().get(canonicalize_name(requirement.name), [])
    assert versions
    assert [version for version in versions if not requirement.specifier.contains(version)] == []


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["init", "--help"], ["audit", "--help"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys; from pipeline.cli import run; code = run(sys.argv[1:]); "
        f"loaded = [name for name in {HEAVY!r} if name in sys.modules]; "
        "sys.exit(code or ', '.join(loaded) or None)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
def test_the_wheel_runs_in_a_clean_environment() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / ".ci" / "wheel_check.py"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr + done.stdout
