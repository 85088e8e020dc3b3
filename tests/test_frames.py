"""Frames: their own examples come out as they say, and each part of a frame does what it is for."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest
from reading import block_of, claims_in, page

from claims import frames
from claims.model import Family

AROUND = ("heading", "lead_in", "question", "kind")


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
    around = {key: example[key] for key in AROUND if key in example}
    found = [c for c in claims_in(page(block_of(example["text"], **around))) if c.family == family]
    said = {c.proposition for c in found}
    if "proposition" in example:
        assert example["proposition"] in said, example["text"]
    if "not" in example:
        assert example["not"] not in said, example["text"]
    if "strength" in example:
        [claim] = [c for c in found if c.proposition == example["proposition"]]
        assert claim.strength.name == example["strength"]


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
