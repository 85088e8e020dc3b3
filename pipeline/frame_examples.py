"""Runs the frames' own examples through the real reading: what each reads, and what it leaves alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from claims.errors import UsageError
from claims.model import Block, BlockKind, Claim, Family
from claims.near import hint
from pipeline.examples import Outcome, read_block

PREFIX = "frames"


def run_frames(wanted: tuple[str, ...] = (PREFIX,)) -> Iterator[Outcome]:
    """Every example of the frames named: `frames` for all, `frames/onset`, `frames/onset/within`."""
    for name, position, example in examples(wanted):
        yield Outcome(name, "example", position, example["text"], frame_problem(name.split("/")[1], example))


def names() -> Iterator[str]:
    """`frames/<family>/<name>` of every frame."""
    for family in Family:
        for frame in _frames(family):
            yield f"{PREFIX}/{_full(family, frame)}"


def check(wanted: str) -> str:
    """The name as it is, if it names frames. UsageError suggests others."""
    known = [PREFIX, *(f"{PREFIX}/{family}" for family in Family), *names()]
    if wanted not in known:
        remedy = hint(wanted, known, f"write {PREFIX}, or {PREFIX}/FAMILY")
        raise UsageError(f"{wanted}: there are no such frames; {remedy}")
    return wanted


def frame_problem(family: str, example: dict[str, Any]) -> str:
    """What is wrong with how an example is read; empty where it comes out as it should."""
    found = [claim for claim in read_block(block_of(example)) if claim.family == family]
    said = sorted({claim.proposition for claim in found})
    if "proposition" in example:
        alike = [claim for claim in found if claim.proposition == example["proposition"]]
        if not alike:
            return f"gives {', '.join(said) or f'no {family} claim'}, not {example['proposition']}"
        if problem := _strength_problem(alike, example.get("strength")):
            return problem
    if example.get("not") in said:
        return f"gives {example['not']}, and must not"
    return ""


def _strength_problem(alike: list[Claim], wanted: str | None) -> str:
    read = [claim.strength.name for claim in alike]
    return f"is read as {', '.join(read)}, not {wanted}" if wanted and read != [wanted] else ""


def examples(wanted: tuple[str, ...] = (PREFIX,)) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Name of the frame, index and content of every example of the frames named."""
    for family in Family:
        for frame in _frames(family):
            name = f"{PREFIX}/{_full(family, frame)}"
            if any(name == one or name.startswith(f"{one}/") for one in wanted):
                for position, example in enumerate(frame.get("examples", ())):
                    yield name, position, example


def _frames(family: Family) -> list[dict[str, Any]]:
    path = files("claims") / "language" / "frames" / f"{family}.json"
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["frames"]
    return rows


def _full(family: Family, frame: dict[str, Any]) -> str:
    name = str(frame["name"])
    return name if name.startswith(f"{family}/") else f"{family}/{name}"


def block_of(example: dict[str, Any]) -> Block:
    """The block that an example stands for."""
    kind = BlockKind.LIST_ITEM if example.get("lead_in") else BlockKind.PARAGRAPH
    question = example.get("question")
    return Block(
        example["text"],
        BlockKind(example.get("kind", BlockKind.ANSWER if question else kind)),
        headings=(example["heading"],) if example.get("heading") else (),
        lead_in=example.get("lead_in"),
        question=question,
        answers_directly=bool(question),
    )
