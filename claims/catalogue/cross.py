"""Faults that no schema sees: references that lead nowhere, ids given twice, rival entries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from claims.catalogue.documents import Document
from claims.catalogue.entry import ANY_CONDITION, GRADE_PREFIX, NO_CONDITION, OPEN_CONDITION
from claims.catalogue.layers import Layer
from claims.model import Attribution, Route, Subject

Raw = Mapping[str, Any]
Step = str | int

_CEILING_KEYS = {"stance", "max_strength", "raised"}
_RESERVED = {ANY_CONDITION, NO_CONDITION, OPEN_CONDITION}
_SLOT_TAGS = {
    *(f"attribution:{a}" for a in Attribution),
    *(f"subject:{s}" for s in Subject),
    *(f"route:{r}" for r in Route),
    "quantity:time",
    "quantity:rate",
}


@dataclass(slots=True)
class Names:
    """What entries may refer to."""

    treatment: str
    propositions: dict[str, set[str]] = field(default_factory=dict)
    evidence: dict[str, Raw] = field(default_factory=dict)
    conditions: dict[str, str] = field(default_factory=dict)
    tags: set[str] = field(default_factory=set)


def cross_problems(treatment: str, layers: list[Layer]) -> list[str]:
    """One line for each fault that stands between files or entries."""
    names = _names(treatment, layers)
    problems = [*_twice(layers, "evidence", "evidence"), *_twice(layers, "entry", "entries")]
    problems += [*_twice(layers, "conditions", "conditions"), *_twice(layers, "omissions", "omissions")]
    for document, position, raw in _members(layers, "entry", "entries"):
        problems += _entry_problems(names, document, position, raw)
    for document, position, raw in _members(layers, "omissions", "omissions"):
        problems += _references(
            document, ("omissions", position, "evidence"), raw["evidence"], names.evidence, "fact"
        )
    return problems or _rivals(names, layers)


def _members(layers: Iterable[Layer], kind: str, key: str) -> Iterator[tuple[Document, int, Raw]]:
    for layer in layers:
        for document in layer.of(kind):
            for position, raw in enumerate(document.data.get(key, ())):
                yield document, position, raw


def _names(treatment: str, layers: list[Layer]) -> Names:
    names = Names(treatment, tags=set(_SLOT_TAGS))
    for layer in layers:
        for document in layer.of("propositions"):
            names.propositions |= {f: set(p) for f, p in document.data.items() if isinstance(p, dict)}
        for document in layer.of("qualifiers"):
            names.tags |= set(document.data["qualifiers"])
    names.evidence = {raw["id"]: raw for _, _, raw in _members(layers, "evidence", "evidence")}
    names.conditions = {raw["id"]: raw["grade"] for _, _, raw in _members(layers, "conditions", "conditions")}
    names.tags |= {f"condition:{name}" for name in names.conditions}
    return names


def _twice(layers: list[Layer], kind: str, key: str) -> Iterator[str]:
    """Ids that stand twice in one layer; a later layer may override an earlier one."""
    for layer in layers:
        first: dict[str, str] = {}
        for document, position, raw in _members([layer], kind, key):
            if raw["id"] in first:
                yield document.problem(
                    (key, position, "id"),
                    f'the id "{raw["id"]}" stands twice (first in {first[raw["id"]]})',
                    "rename or remove one of them",
                )
            else:
                first[raw["id"]] = document.name


def _references(
    document: Document, path: tuple[Step, ...], used: Iterable[str], known: Iterable[str], what: str
) -> Iterator[str]:
    names = list(known)
    for position, name in enumerate(used):
        if name not in names:
            close = get_close_matches(name, names, n=1)
            remedy = f'did you mean "{close[0]}"?' if close else f"add it, or name a {what} that exists"
            yield document.problem((*path, position), f'there is no {what} "{name}"', remedy)


def _entry_problems(names: Names, document: Document, position: int, raw: Raw) -> Iterator[str]:
    at: tuple[Step, ...] = ("entries", position)
    family = document.data["family"]
    if not raw["id"].startswith(f"{names.treatment}/"):
        yield document.problem(
            (*at, "id"),
            f'the id "{raw["id"]}" is of another treatment',
            f'begin it with "{names.treatment}/"',
        )
    known = names.propositions.get(family, set())
    yield from _references(
        document, (*at, "propositions"), raw["propositions"], known, f"{family} proposition"
    )
    yield from _references(document, (*at, "evidence"), raw["evidence"], names.evidence, "fact")
    named = [c for c in raw["conditions"] if not c.startswith(GRADE_PREFIX)]
    yield from _references(document, (*at, "conditions"), named, {*names.conditions, *_RESERVED}, "condition")
    for profile, limits in raw["limits"].items():
        yield from _tag_problems(names, document, (*at, "limits", profile), limits)
    yield from _todo_problems(document, at, raw)
    yield from _limit_problems(document, at, raw)
    yield from _review_problems(names, document, at, raw)
    yield from _example_problems(document, at, raw)


def _tag_problems(names: Names, document: Document, at: tuple[Step, ...], limits: Raw) -> Iterator[str]:
    lists = {"raised": ("if_any", "if_all"), "requires": ("any_of",), "escalates": ("if_any",)}
    for key, tag_keys in lists.items():
        for position, item in enumerate(limits.get(key, ())):
            for tag_key in tag_keys:
                path = (*at, key, position, tag_key)
                yield from _references(document, path, item.get(tag_key, ()), names.tags, "qualifier tag")


def _todo_problems(document: Document, at: tuple[Step, ...], value: Any) -> Iterator[str]:
    """Texts of a skeleton that nobody has filled in."""
    if isinstance(value, str) and value.startswith("TODO"):
        yield document.problem(at, "is still to be written", "put your own text in place of TODO")
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _todo_problems(document, (*at, key), inner)
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from _todo_problems(document, (*at, position), inner)


def _limit_problems(document: Document, at: tuple[Step, ...], raw: Raw) -> Iterator[str]:
    """Limits that say nothing, or the opposite of what they mean."""
    for profile, own in raw["limits"].items():
        limits = {**raw["limits"]["standard"], **own}
        path = (*at, "limits", profile)
        silent = limits["max_strength"] is None and not limits.get("raised")
        if limits["stance"] == "accepted" and silent and not own.keys().isdisjoint(_CEILING_KEYS):
            yield document.problem(
                (*path, "max_strength"),
                "an accepted entry allows no strength",
                "give a ceiling, or choose the stance overstating, unsubstantiated or refuted",
            )
        bounds = own.get("bounds") or {}
        if bounds.get("at_least", 0) > bounds.get("at_most", float("inf")):
            yield document.problem(
                (*path, "bounds"), "at_least is more than at_most", "exchange the two figures"
            )


def _review_problems(names: Names, document: Document, at: tuple[Step, ...], raw: Raw) -> Iterator[str]:
    moving = [i for i in raw["evidence"] if names.evidence.get(i, {}).get("volatile")]
    if moving and "volatile" not in raw["review"]:
        yield document.problem(
            (*at, "review"),
            f"rests on {moving[0]}, which may change soon, and does not say what would change the entry",
            'add "volatile" to the review, and an early due date',
        )


def _example_problems(document: Document, at: tuple[Step, ...], raw: Raw) -> Iterator[str]:
    texts: set[tuple[Any, ...]] = set()
    for position, example in enumerate(raw["examples"]):
        key = tuple(
            str(example.get(k))
            for k in ("text", "heading", "lead_in", "question", "profile", "jurisdictions")
        )
        if key in texts:
            yield document.problem(
                (*at, "examples", position), "the example stands twice", "remove one of them"
            )
        texts.add(key)


def _rivals(names: Names, layers: list[Layer]) -> list[str]:
    """Entries that would decide the same claims with equal right."""
    latest: dict[str, tuple[Document, int, Raw]] = {}
    for document, position, raw in _members(layers, "entry", "entries"):
        latest[raw["id"]] = (document, position, raw)
    by_proposition: dict[tuple[str, str], list[str]] = {}
    for name, (document, _, raw) in latest.items():
        if raw["review"]["status"] != "retired":
            for proposition in raw["propositions"]:
                by_proposition.setdefault((document.data["family"], proposition), []).append(name)
    problems = []
    ranks = {name: _ranks(names, raw["conditions"]) for name, (_, _, raw) in latest.items()}
    for (_, proposition), ids in by_proposition.items():
        for i, first in enumerate(ids):
            for second in ids[i + 1 :]:
                shared = _shared_cell(latest[first][2], latest[second][2], ranks[first], ranks[second])
                if shared:
                    document, position, _ = latest[second]
                    problems.append(
                        document.problem(
                            ("entries", position),
                            f'decides {proposition} for {shared} with the same right as "{first}"',
                            "narrow the subjects, routes, conditions or jurisdictions of one of them",
                        )
                    )
    return problems


def _shared_cell(first: Raw, second: Raw, ours: Mapping[str, int], theirs: Mapping[str, int]) -> str | None:
    """A subject, route, condition and jurisdiction at which both fit equally closely, in words."""
    parts = []
    for key in ("jurisdictions", "subjects", "routes"):
        common = _common(first.get(key, ()), second.get(key, ()))
        if common is None:
            return None
        if common:
            parts.append(common)
    equal = [c for c, rank in ours.items() if theirs.get(c) == rank]
    return " ".join([*parts, equal[0]]) if equal else None


def _common(first: Iterable[str], second: Iterable[str]) -> str | None:
    """A shared value; "" where neither names any; None where they cannot fit equally closely."""
    ours, theirs = list(first), list(second)
    if not ours and not theirs:
        return ""
    return next((value for value in ours if value in theirs), None)


def _ranks(names: Names, conditions: list[str]) -> dict[str, int]:
    """How closely the entry fits each condition there is (`no_condition` and `open` among them)."""
    grades = {**names.conditions, NO_CONDITION: "unnamed", OPEN_CONDITION: "none"}
    ranks: dict[str, int] = {}
    for name, grade in grades.items():
        if name in conditions:
            ranks[name] = 2
        elif GRADE_PREFIX + grade in conditions:
            ranks[name] = 1
        elif ANY_CONDITION in conditions:
            ranks[name] = 0
    return ranks
