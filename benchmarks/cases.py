"""Small cases: minimal pairs (one word apart, another verdict) and cases that show one kind of context each.

A case is a text of one or several lines with what must be found in it, and what must not.
Pure but for the two readers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.scoring import Stretch
from claims.model import Claim, Finding, Verdict

Audit = Callable[[str], Sequence[Finding]]
"""Findings of a plain text."""

_CONTEXT_ORDER = ("heading", "lead_in", "question")


@dataclass(frozen=True, slots=True)
class Side:
    """One text of a pair with the verdict of its family; None where it is no claim of that family."""

    document: str
    place: Stretch
    """Where the text stands in the document, behind its context."""
    verdict: Verdict | None

    @property
    def text(self) -> str:
        return self.document[slice(*self.place)]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts a word or a phrase apart."""

    family: str
    about: str
    sides: tuple[Side, Side]


@dataclass(frozen=True, slots=True)
class Expectation:
    """A claim that must be found: every slot that is given must fit one and the same claim."""

    family: str
    of: str
    """Words of the statement it must stand in; empty for anywhere in the text."""
    verdict: str | None = None
    strength: str | None = None
    proposition: str | None = None
    conditions: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Case:
    about: str
    text: str
    expected: tuple[Expectation, ...]
    absent: tuple[str, ...]
    """Families of which nothing may be found."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a case or a pair: the reasons why it failed, none where it passed."""

    about: str
    family: str
    text: str
    reasons: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return not self.reasons


def read_pairs(path: Path) -> tuple[Pair, ...]:
    """Raises ValueError with the line's number where a line is no pair."""
    pairs = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            raw = json.loads(line)
            context = raw.get("context", {})
            sides = (_side(raw["a"], context), _side(raw["b"], context))
            pairs.append(Pair(raw["family"], raw["about"], sides))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path.name}, line {number}: no pair ({error!r})") from error
    return tuple(pairs)


def _side(raw: dict[str, Any], context: dict[str, str]) -> Side:
    above = "".join(f"{context[name]}\n" for name in _CONTEXT_ORDER if name in context)
    document = f"{above}{raw['text']}\n"
    verdict = None if raw["verdict"] is None else Verdict(raw["verdict"])
    return Side(document, (len(above), len(document) - 1), verdict)


def read_cases(folder: Path) -> tuple[Case, ...]:
    """Every case of the folder's JSON files. Raises ValueError with the file and number of a bad case."""
    return tuple(case for path in sorted(folder.glob("*.json")) for case in _cases_of(path))


def _cases_of(path: Path) -> Iterable[Case]:
    raw = json.loads(path.read_text(encoding="utf-8"))
    for number, case in enumerate(raw["cases"], 1):
        try:
            yield Case(
                raw["about"],
                case["text"],
                tuple(_expectation(expected, case["text"]) for expected in case.get("expected", ())),
                tuple(case.get("absent", ())),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path.name}, case {number}: not well formed ({error!r})") from error


def _expectation(raw: dict[str, Any], text: str) -> Expectation:
    of = raw.get("of", "")
    if of not in text:
        raise ValueError(f"{of!r} is not in the text")
    conditions = raw.get("conditions")
    return Expectation(
        raw["family"],
        of,
        raw.get("verdict"),
        raw.get("strength"),
        raw.get("proposition"),
        None if conditions is None else frozenset(map(_folded, conditions)),
    )


def check_pair(pair: Pair, audit: Audit) -> Outcome:
    """A pair passes when both sides get their verdict."""
    reasons = []
    for side in pair.sides:
        got = worst_verdict(audit(side.document), pair.family, side.place)
        if got is not side.verdict:
            reasons.append(f"{side.text!r}: {_named(side.verdict)} wanted, {_named(got)} found")
    return Outcome(pair.about, pair.family, pair.sides[0].text, tuple(reasons))


def _named(verdict: Verdict | None) -> str:
    return "no claim" if verdict is None else verdict.value


def worst_verdict(findings: Iterable[Finding], family: str, place: Stretch) -> Verdict | None:
    """Worst verdict of the family's findings that touch the place; None where there is none."""
    verdicts = [f.verdict for f in findings if f.claim.family == family and touches(f, place)]
    return max(verdicts, key=lambda verdict: verdict.badness, default=None)


def touches(finding: Finding, place: Stretch) -> bool:
    """True where the finding's statement shares a character with the place in the source."""
    if finding.source_start is None or finding.source_end is None:
        return False
    return min(finding.source_end, place[1]) > max(finding.source_start, place[0])


def check_case(case: Case, audit: Audit) -> Outcome:
    findings = audit(case.text)
    reasons = [reason for expected in case.expected for reason in _missing(expected, case.text, findings)]
    present = {finding.claim.family.value: finding.verdict.value for finding in findings}
    reasons += [f"no {family} wanted, {present[family]} found" for family in case.absent if family in present]
    family = case.expected[0].family if case.expected else case.absent[0]
    return Outcome(case.about, family, case.text, tuple(reasons))


def _missing(expected: Expectation, text: str, findings: Sequence[Finding]) -> Iterable[str]:
    """Why the expectation is not met: nothing where it is."""
    start = text.index(expected.of) if expected.of else 0
    place = (start, start + len(expected.of) if expected.of else len(text))
    here = [f for f in findings if f.claim.family == expected.family and touches(f, place)]
    if not here:
        yield f"{expected.family}: not found{f' at {expected.of!r}' if expected.of else ''}"
        return
    best = min((_differences(expected, finding) for finding in here), key=len)
    if best:
        yield f"{expected.family}: {', '.join(best)}"


def _differences(expected: Expectation, finding: Finding) -> list[str]:
    """How far a finding is from what was expected, by its claim that comes closest."""
    differences = []
    if expected.verdict is not None and finding.verdict != expected.verdict:
        differences.append(f"{finding.verdict} for {expected.verdict}")
    claims = (finding.claim, *finding.others)
    return differences + min((_slot_differences(expected, claim) for claim in claims), key=len)


def _slot_differences(expected: Expectation, claim: Claim) -> list[str]:
    differences = []
    if expected.strength is not None and claim.strength.name != expected.strength:
        differences.append(f"{claim.strength.name} for {expected.strength}")
    if expected.proposition is not None and claim.proposition != expected.proposition:
        differences.append(f"{claim.proposition} for {expected.proposition}")
    if expected.conditions is not None:
        got = frozenset(map(_folded, claim.conditions))
        if got != expected.conditions:
            differences.append(f"{sorted(got)} for {sorted(expected.conditions)}")
    return differences


def _folded(condition: str) -> str:
    """A condition's id without what spelling leaves open."""
    return condition.removeprefix("open:").lower().replace("-", " ").replace("_", " ")
