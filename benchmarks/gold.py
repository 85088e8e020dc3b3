"""The labelled sets in tests/gold: read, checked against their seals, and run through the program."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.cases import Outcome, check_case, check_pair, read_cases, read_pairs
from benchmarks.scoring import Found, Label, Score, places_of, score
from claims.model import Family, Finding, Verdict
from claims.rules import DocumentMeta, Rules

GOLD = Path(__file__).resolve().parents[1] / "tests" / "gold"
SETS = ("open", "locked", "pairs", "contexts")
_PLACES = {"pairs": "pairs.jsonl"}
_SUMS = "SHA256SUMS"
_SCORED = (".txt", ".jsonl")
_RULES = Rules(today=date(2026, 1, 1))


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one set: a score of whole documents, or outcomes of cases."""

    name: str
    score: Score | None = None
    outcomes: tuple[Outcome, ...] = ()


def present(gold: Path = GOLD) -> list[str]:
    """The sets that are there."""
    return [name for name in SETS if (gold / _PLACES.get(name, name)).exists()]


def evaluate(name: str, gold: Path = GOLD) -> Result:
    """Run the program over one set. Raises ValueError where a file of the set is not well formed."""
    if name == "pairs":
        pairs = read_pairs(gold / _PLACES[name])
        return Result(name, outcomes=tuple(check_pair(pair, audit_text) for pair in pairs))
    if name == "contexts":
        return Result(name, outcomes=tuple(check_case(case, audit_text) for case in read_cases(gold / name)))
    return Result(name, score=_score_folder(gold / name))


def audit_text(text: str, name: str = "case.txt") -> Sequence[Finding]:
    """Findings of a plain text. Raises ValueError where it could not be read."""
    from pipeline.audit import audit_document

    result = audit_document(text.encode(), DocumentMeta(url=name, media_type="text/plain"), _RULES)
    if result.skipped is not None:
        raise ValueError(f"{name} was not read: {result.skipped.reason}")
    return result.findings


def _score_folder(folder: Path) -> Score:
    texts = read_texts(folder)
    labels = read_labels(folder, texts)
    found = [found for name, text in texts.items() for found in _found(name, text)]
    return score(labels, found, {name: len(text.split()) for name, text in texts.items()})


def _found(name: str, text: str) -> Iterable[Found]:
    """Findings with a place in the text; one without could match no label and is counted nowhere in it."""
    for finding in audit_text(text, name):
        claim, start, end = finding.claim, finding.source_start, finding.source_end
        place = (-1, -1) if start is None or end is None else (start, end)
        yield Found(name, claim.quote, claim.family, finding.verdict, place)


def read_texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))}


def read_labels(folder: Path, texts: Mapping[str, str]) -> tuple[Label, ...]:
    """Labels of a folder's only .jsonl file.

    Raises ValueError with file and line, and never with a label's words: the folder may be the locked one.
    """
    (path,) = folder.glob("*.jsonl")
    labels = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            labels.append(_label(json.loads(line), texts))
        except (KeyError, ValueError) as error:
            raise ValueError(f"{path.name}, line {number}: {error}") from None
    return tuple(labels)


def _label(raw: dict[str, Any], texts: Mapping[str, str]) -> Label:
    places = places_of(raw["quote"], texts[raw["doc"]])
    if not places:
        raise ValueError("the quote is not in the document")
    return Label(
        doc=raw["doc"],
        quote=raw["quote"],
        family=Family(raw["family"]),
        verdict=Verdict(raw["verdict"]),
        places=places,
        optional=bool(raw.get("optional")),
    )


def broken_seals(folder: Path) -> list[str]:
    """What is wrong with a sealed folder: files changed or lost, texts and labels never sealed."""
    sums = (line.split(maxsplit=1) for line in (folder / _SUMS).read_text(encoding="utf-8").splitlines())
    sealed = {Path(parts[1].strip().lstrip("*")).name: parts[0] for parts in sums if len(parts) == 2}
    there = {path.name: path for path in folder.iterdir() if path.is_file() and path.name != _SUMS}
    lost = [f"{name}: sealed, but not there" for name in sorted(set(sealed) - set(there))]
    added = [
        f"{name}: there, but not sealed"
        for name in sorted(set(there) - set(sealed))
        if there[name].suffix in _SCORED
    ]
    changed = [
        f"{name}: not as it was sealed"
        for name in sorted(set(there) & set(sealed))
        if hashlib.sha256(there[name].read_bytes()).hexdigest() != sealed[name]
    ]
    return lost + added + changed
