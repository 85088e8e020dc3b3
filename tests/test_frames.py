"""Frames: their own examples come out as they say, and each part of a frame does what it is for."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
from conftest import Outcome

from claims import frames
from claims.model import Family
from pipeline.frame_examples import frame_problem


def examples() -> list[tuple[str, str, dict[str, Any]]]:
    """(family, frame, example) of every frame that has any."""
    folder = files("claims") / "language" / "frames"
    found = []
    for family in Family:
        data = json.loads((folder / f"{family}.json").read_text(encoding="utf-8"))
        found += [(family.value, f["name"], e) for f in data["frames"] for e in f.get("examples", ())]
    return found


EXAMPLES = examples()


@pytest.mark.parametrize(
    ("family", "name", "example"), EXAMPLES, ids=lambda v: v if isinstance(v, str) else ""
)
def test_example(family: str, name: str, example: dict[str, Any]) -> None:
    assert frame_problem(family, example) == "", example["text"]


@pytest.mark.parametrize(
    ("example", "said"),
    [
        ({"proposition": "minutes"}, "gives within_hours, not minutes"),
        ({"text": "We open at nine.", "proposition": "minutes"}, "gives no onset claim, not minutes"),
        ({"proposition": "within_hours", "strength": "S1"}, "is read as S3, not S1"),
        ({"not": "within_hours"}, "gives within_hours, and must not"),
        ({"proposition": "within_hours", "strength": "S3"}, ""),
    ],
)
def test_an_example_that_fails_says_how(example: dict[str, Any], said: str) -> None:
    assert frame_problem("onset", {"text": "Ketamine works within hours.", **example}) == said


def test_the_command_runs_them(claims_audit: Callable[..., Outcome]) -> None:
    everything = claims_audit("catalogue", "test", "frames")
    assert (everything.code, everything.out.strip()) == (
        0,
        f"{len({name for _, name, _ in EXAMPLES})} frames, {len(EXAMPLES)} texts: none failed",
    )
    assert claims_audit("catalogue", "test", "frames/onset/immediate").out.startswith("1 frame, ")
    both = claims_audit("catalogue", "test", "onset-immediate", "frames/onset")
    assert both.out.startswith("1 entry, ")
    assert " frames, " in both.out
    unknown = claims_audit("catalogue", "test", "frames/onste")
    assert unknown.code == 2
    assert "did you mean frames/onset" in unknown.err


def test_every_family_has_examples_of_both_kinds() -> None:
    for key in ("proposition", "not"):
        assert {family for family, _, e in EXAMPLES if key in e} == {f.value for f in Family}
    assert len({name for _, name, _ in EXAMPLES}) >= 40


def test_every_frame_is_found_by_what_it_asks_for() -> None:
    index = frames.FrameIndex(frames.load())
    for frame in (f for rows in index.sets.values() for f in rows.frames):
        asked = {kind for group in (frame.trigger, *frame.needs) for kind in group} - {"*"}
        assert frame in [f for rows in index.triggered(sorted(asked)) for f in rows], frame.name


def test_a_frame_without_its_trigger_is_not_tried() -> None:
    index = frames.FrameIndex(frames.load())
    tried = [f for rows in index.triggered(["no_such_mention"]) for f in rows]
    assert all(f.trigger == ("*",) for f in tried)


def test_names_of_frames_are_their_own() -> None:
    names = [f.name for rows in frames.load().values() for f in rows.frames]
    assert len(names) == len(set(names))
    assert len(names) > 200
