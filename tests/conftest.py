"""What all tests share: a clock that stands still, a command line in this process, what may be missing."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass
class Clock:
    """A clock that tests move."""

    time: datetime = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def today(self) -> date:
        return self.time.date()

    def pass_by(self, **units: float) -> None:
        self.time += timedelta(**units)


@dataclass(frozen=True)
class Outcome:
    """What a command line did: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def today(clock: Clock) -> date:
    return clock.today()


@pytest.fixture
def shared() -> Path:
    """The labelled documents beside the project; the test is skipped where they are not."""
    if not (SHARED / "gold").is_dir():
        pytest.skip("the labelled documents are not beside the project (../shared)")
    return SHARED


@pytest.fixture
def claims_audit(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """`claims_audit("audit", "page.html")` runs a command line in this process."""
    from pipeline.cli import run

    def call(*arguments: str | Path) -> Outcome:
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return call


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that need what this machine lacks are skipped, with the reason."""
    lacking = []
    if not (SHARED / "gold").is_dir():
        reason = "the labelled documents are not beside the project (../shared)"
        lacking.append(("shared", pytest.mark.skip(reason=reason)))
    if not any(map(shutil.which, CHROMIUM)):
        lacking.append(("browser", pytest.mark.skip(reason="no local Chromium (apt-get install chromium)")))
    for item in items:
        for marker, skip in lacking:
            if item.get_closest_marker(marker):
                item.add_marker(skip)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes name no case: compressed ones hold the time, and every process must collect the same names."""
    return argname if isinstance(val, bytes) else None
