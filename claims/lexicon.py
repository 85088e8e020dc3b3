"""The word lists: JSON files of typed phrases, expanded to every form that a page may use.

A list names *mention types* ("benefit_verb", "speed_rapid"); each has verbs, nouns and fixed words. Verbs get their
forms, nouns their plurals, British spelling is folded to American. The same phrase may belong to several types.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from claims import shipped
from claims.model import Strength

_MIN_TYPO = 7
_SWAP = 2
_DOTTED = re.compile(r"\b(?:[a-z]\.){2,}")
_HYPHEN = re.compile(r"(?<=[^\W\d_])-(?=\w)|(?<=\w)-(?=[^\W\d_])")
_DOUBLED = re.compile(r"^[^aeiou]*[aeiou][bdgklmnprt]$")


@dataclass(frozen=True, slots=True)
class MentionType:
    """One kind of mention: what it means, the strength its words carry, and the file that lists them."""

    name: str
    means: str
    base: Strength | None
    source: str
    """Name of the file that lists it. Within one file the longest phrase wins; files do not compete."""
    opaque: bool
    """True where shorter phrases inside, of any file, are not read ("treatment" in "treatment-resistant")."""


@dataclass(frozen=True, slots=True)
class Condition:
    """An illness or state, with the grade of the evidence for treating it."""

    id: str
    name: str
    grade: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Every phrase with what it can be."""

    types: Mapping[str, MentionType]
    phrases: Mapping[str, tuple[tuple[str, str], ...]]
    """Folded phrase → (mention type, value) pairs; the value is a condition's id, else the phrase itself."""
    conditions: Mapping[str, Condition]
    spelling: tuple[tuple[str, str], ...]
    typos: tuple[str, ...]
    """Long words that are read through one slip of the pen."""


def fold_spelling(word: str, pairs: Iterable[tuple[str, str]]) -> str:
    """American spelling of a lower-case word."""
    for british, american in pairs:
        if british in word:
            word = word.replace(british, american)
    return word


def mend_typo(word: str, terms: Iterable[str]) -> str:
    """The term that `word` (lower case) is one edit or one swap of neighbours away from, else the word itself."""
    if len(word) < _MIN_TYPO or not word.isalpha():
        return word
    for term in terms:
        if term[0] == word[0] and abs(len(term) - len(word)) <= 1 and _one_edit(word, term):
            return term
    return word


def _one_edit(a: str, b: str) -> bool:
    if a == b:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    left, right = a[start : len(a) - end], b[start : len(b) - end]
    if len(left) <= 1 and len(right) <= 1:
        # An inflection is no slip: "relieve" and "relieves" are both words.
        return not (end == 0 and len(a) != len(b))
    return len(left) == len(right) == _SWAP and left == right[::-1]


def fold_phrase(phrase: str) -> str:
    """The form in which phrases are matched: lower case, straight quotes, no "u.s.", letters' hyphens as spaces."""
    text = phrase.lower().replace("\u2019", "'")
    if "." in text:
        text = _DOTTED.sub(lambda m: m.group().replace(".", ""), text)
    return (_HYPHEN.sub(" ", text) if "-" in text else text).strip()


def verb_forms(phrase: str, irregular: Mapping[str, list[str]]) -> Iterator[str]:
    """A verb phrase with its first word in every form."""
    head, _, rest = phrase.partition(" ")
    for form in (head, *(irregular.get(head) or _regular_forms(head))):
        yield f"{form} {rest}".strip()


def _regular_forms(verb: str) -> tuple[str, ...]:
    if verb.endswith("e"):
        return verb + "s", verb[:-1] + "ed", verb[:-1] + "ing"
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"
    if verb.endswith(("s", "sh", "ch", "x", "z")):
        return verb + "es", verb + "ed", verb + "ing"
    if _DOUBLED.match(verb):
        return verb + "s", verb + verb[-1] + "ed", verb + verb[-1] + "ing"
    return verb + "s", verb + "ed", verb + "ing"


def noun_forms(phrase: str) -> tuple[str, ...]:
    """A noun phrase and its plural."""
    if phrase.endswith(("s", "x", "ch", "sh")):
        return (phrase, phrase + "es")
    if phrase.endswith("y") and phrase[-2:-1] not in "aeiou":
        return (phrase, phrase[:-1] + "ies")
    return (phrase, phrase + "s")


@cache
def load(treatment: str = "ketamine") -> Lexicon:
    """The language's lists and those of one treatment. Raises `DataError` for a file that cannot be used."""
    root = files("claims")
    language, own = root / "language", root / "treatments" / treatment
    irregular = shipped.read(language / "inflections.json")["verbs"]
    spelling_data = shipped.read(language / "spelling.json")
    spelling = tuple(spelling_data["pairs"].items())
    types: dict[str, MentionType] = {}
    phrases: dict[str, dict[tuple[str, str], None]] = defaultdict(dict)

    @cache  # few different words make up the many phrases
    def american(word: str) -> str:
        return fold_spelling(word, spelling)

    def add(folded: str, kind: str, value: str) -> None:
        phrases[" ".join(map(american, folded.split(" ")))][kind, value] = None

    lists = sorted((language / "lexicon").iterdir(), key=lambda p: p.name)
    for path in (*lists, own / "subjects.json"):
        if not path.name.endswith(".json"):
            continue
        for name, spec in shipped.read(path)["mentions"].items():
            if name not in types:
                types[name] = MentionType(
                    name, spec["means"], _strength(spec.get("base")), path.name, spec.get("opaque", False)
                )
            for phrase in expand(spec, irregular):
                folded = fold_phrase(phrase)
                add(folded, name, folded)
    conditions, terms = _conditions(own / "conditions.json")
    types["condition"] = MentionType("condition", "An illness or state.", None, "conditions.json", True)
    for phrase, value in terms:
        add(fold_phrase(phrase), "condition", value)
    return Lexicon(
        types,
        {p: tuple(v) for p, v in phrases.items()},
        conditions,
        spelling,
        tuple(spelling_data["typos"]["words"]),
    )


@cache
def clause_words() -> Mapping[str, tuple[str, ...]]:
    """The lists of `clauses.json`."""
    data = shipped.read(files("claims") / "language" / "clauses.json")
    return {key: tuple(words) for key, words in data.items() if isinstance(words, list)}


def expand(spec: Mapping[str, Any], irregular: Mapping[str, list[str]]) -> Iterator[str]:
    """Every form of a mention type's phrases."""
    yield from spec.get("words", ())
    for noun in spec.get("nouns", ()):
        yield from noun_forms(noun)
    for verb in spec.get("verbs", ()):
        yield from verb_forms(verb, irregular)


def _conditions(path: Traversable) -> tuple[dict[str, Condition], list[tuple[str, str]]]:
    rows = shipped.read(path)["conditions"]
    terms = [(form, row["id"]) for row in rows for term in row["terms"] for form in noun_forms(term)]
    return {row["id"]: Condition(row["id"], row["name"], row["grade"]) for row in rows}, terms


def _strength(name: str | None) -> Strength | None:
    return Strength[name] if name else None
