"""The reports on the example site, word for word. `make golden` writes them anew when a change is meant."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT, Outcome

GOLDEN = Path(__file__).parent / "golden"
WRITE = os.environ.get("CLAIMS_AUDIT_GOLDEN") == "write"
FORMATS = ("text", "markdown", "jsonl")


def settled(text: str) -> str:
    """Without what changes with every edit of the data: the hashes of catalogue and language."""
    return re.sub(r'("(?:program|catalogue|language)": )"[^"]*"', r'\1"…"', text)


@pytest.mark.parametrize("name", FORMATS)
def test_the_report_on_the_example_site(
    name: str, claims_audit: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1772443800")
    outcome = claims_audit("audit", "examples/site", "--all", "--jobs", "1", "--format", name)
    assert (outcome.code, outcome.err) == (1, "")
    kept = GOLDEN / f"site.{name}"
    if WRITE:
        kept.write_text(settled(outcome.out), encoding="utf-8")
    if not kept.exists():
        pytest.skip(f"{kept.name} is not written yet: make golden")
    assert settled(outcome.out) == kept.read_text(encoding="utf-8")
