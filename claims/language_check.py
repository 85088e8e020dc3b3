"""Checks the language data: schemas, references between files, phrases that are doubled or can never match.

Each problem is one line: file, line, column, JSON pointer, what is wrong, what to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from claims import lexicon
from claims.catalogue.documents import Document, read_document
from claims.catalogue.schemas import schema_problems

_SINGLE = (
    "clauses",
    "inflections",
    "not_extracted",
    "propositions",
    "qualifier_cues",
    "qualifiers",
    "spelling",
    "word_classes",
)
_LISTS = ("words", "nouns", "verbs")
_GROUPS = ("trigger", "forbids", "context")
_WHOLE = "*"
_CONDITION = "condition"
"""The mention type of the treatment's conditions, which no word list holds."""
_NEVER_READ = "“”„«»•®™†*"
"""Characters that reading takes away or replaces before phrases are looked for."""

Path = tuple[str | int, ...]


@dataclass(slots=True)
class Data:
    """The documents by the schema they follow, and the lines for those that cannot be read."""

    documents: dict[str, list[Document]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def of(self, kind: str) -> list[Document]:
        return self.documents.get(kind, [])

    def one(self, kind: str) -> Document:
        return self.of(kind)[0]

    def add(self, kind: str, file: Traversable, name: str) -> None:
        read = read_document(file, name)
        if isinstance(read, str):
            self.problems.append(read)
        else:
            self.documents.setdefault(kind, []).append(read)


def validate(treatment: str = "ketamine", root: Traversable | None = None) -> list[str]:
    """One line for each fault in the language data; none where it is sound.

    `root` is a folder with `language` and `treatments` in it; what ships where it is not given. References are
    looked at only once every file keeps to its schema.
    """
    data = _read(treatment, root or files("claims"))
    if data.problems:
        return data.problems
    problems = [p for kind, found in data.documents.items() for d in found for p in schema_problems(d, kind)]
    return problems or list(_cross(data))


def counts(treatment: str = "ketamine") -> tuple[int, int, int]:
    """How many mention types, phrases as listed, and frames there are."""
    data = _read(treatment, files("claims"))
    kinds = [spec for d in data.of("lexicon") for spec in d.data["mentions"].values()]
    phrases = sum(len(spec.get(key, ())) for spec in kinds for key in _LISTS)
    return len(kinds), phrases, sum(len(d.data["frames"]) for d in data.of("frames"))


def _read(treatment: str, root: Traversable) -> Data:
    data = Data()
    language, own = root.joinpath("language"), root.joinpath("treatments", treatment)
    for kind in _SINGLE:
        data.add(kind, language.joinpath(f"{kind}.json"), f"claims/language/{kind}.json")
    for folder, kind in (("lexicon", "lexicon"), ("frames", "frames")):
        for file in sorted(language.joinpath(folder).iterdir(), key=lambda f: f.name):
            if file.name.endswith(".json"):
                data.add(kind, file, f"claims/language/{folder}/{file.name}")
    for name, kind in (("subjects", "lexicon"), ("conditions", "conditions")):
        data.add(kind, own.joinpath(f"{name}.json"), f"claims/treatments/{treatment}/{name}.json")
    if (weights := own.joinpath("weights.json")).is_file():
        data.add("weights", weights, f"claims/treatments/{treatment}/weights.json")
    return data


def _cross(data: Data) -> Iterator[str]:
    types = {name for d in data.of("lexicon") for name in d.data["mentions"]} | {_CONDITION}
    spelling = tuple(data.one("spelling").data["pairs"].items())
    for kind, found in data.documents.items():
        for document in found:
            yield from _schema_path(document, kind)
    yield from _types_twice(data)
    for document in data.of("lexicon"):
        yield from _phrases(document, spelling)
    yield from _conditions(data.one("conditions"), spelling)
    yield from _spelling(data.one("spelling"))
    yield from _clauses(data.one("clauses"))
    tags = data.one("qualifiers").data["qualifiers"]
    yield from _cues(data.one("qualifier_cues"), types, tags)
    yield from _frames(data, types, tags)
    yield from _coverage(data)
    for document in data.of("weights"):
        yield from _weights(document, types, data.one("propositions").data)


def _schema_path(document: Document, kind: str) -> Iterator[str]:
    """`$schema` must lead an editor to the schema, from where the file stands."""
    depth = document.name.count("/") - 1
    wanted = f"{'../' * depth}schemas/{kind}.schema.json"
    if document.data.get("$schema") != wanted:
        yield document.problem(("$schema",), "leads to no schema", f'write "$schema": "{wanted}"')


def _types_twice(data: Data) -> Iterator[str]:
    first: dict[str, str] = {_CONDITION: "the treatment's conditions.json"}
    for document in data.of("lexicon"):
        for name in document.data["mentions"]:
            if name in first:
                yield document.problem(
                    ("mentions", name),
                    f'the mention type "{name}" stands twice (first in {first[name]})',
                    "merge the two lists, or rename one",
                )
            first.setdefault(name, document.name)


def _phrases(document: Document, spelling: tuple[tuple[str, str], ...]) -> Iterator[str]:
    for name, spec in document.data["mentions"].items():
        for key in _LISTS:
            path: Path = ("mentions", name, key)
            yield from _doubled(document, path, spec.get(key, ()), spelling)
            yield from _unreadable(document, path, spec.get(key, ()))


def _doubled(
    document: Document, path: Path, phrases: Iterable[str], spelling: tuple[tuple[str, str], ...]
) -> Iterator[str]:
    """Phrases of one list that are read as the same."""
    first: dict[str, str] = {}
    for position, phrase in enumerate(phrases):
        folded = lexicon.fold_spelling(lexicon.fold_phrase(phrase), spelling)
        if folded in first:
            yield document.problem(
                (*path, position),
                f'"{phrase}" is read the same as "{first[folded]}" above',
                "remove one of them",
            )
        first.setdefault(folded, phrase)


def _unreadable(document: Document, path: Path, phrases: Iterable[str]) -> Iterator[str]:
    for position, phrase in enumerate(phrases):
        lost = next((c for c in phrase if c in _NEVER_READ), None)
        if lost:
            yield document.problem(
                (*path, position), f'"{phrase}" can never match: {lost} is not read', "write it without"
            )


def _conditions(document: Document, spelling: tuple[tuple[str, str], ...]) -> Iterator[str]:
    first: dict[str, str] = {}
    for row, condition in enumerate(document.data["conditions"]):
        for position, term in enumerate(condition["terms"]):
            path: Path = ("conditions", row, "terms", position)
            folded = lexicon.fold_spelling(lexicon.fold_phrase(term), spelling)
            if term != " ".join(term.split()):
                yield document.problem(
                    path, f'"{term}" can never match', "leave single spaces between words only"
                )
            elif folded in first:
                yield document.problem(
                    path, f'"{term}" already stands for "{first[folded]}"', "remove one of them"
                )
            first.setdefault(folded, condition["id"])


def _spelling(document: Document) -> Iterator[str]:
    """A British stretch inside what it becomes would be replaced for ever and ever."""
    for british, american in document.data["pairs"].items():
        if british in american:
            yield document.problem(
                ("pairs", british),
                f'"{british}" stands in "{american}" itself',
                "give a longer stretch, or remove it",
            )


def _clauses(document: Document) -> Iterator[str]:
    for key, words in document.data.items():
        if not isinstance(words, list) or key == "abbreviations":
            continue
        for position, word in enumerate(words):
            if word != word.lower():
                yield document.problem((key, position), f'"{word}" has capitals', "write it in lower case")


def _cues(document: Document, types: set[str], tags: Mapping[str, str]) -> Iterator[str]:
    for tag, cue in document.data["cues"].items():
        yield from _known(document, ("cues", tag), [tag], tags, "qualifier tag")
        yield from _known(document, ("cues", tag, "any"), cue["any"], types, "mention type")


def _frames(data: Data, types: set[str], tags: Mapping[str, str]) -> Iterator[str]:
    first: dict[str, str] = {}
    for document in data.of("frames"):
        known = data.one("propositions").data[document.data["family"]]
        if not document.name.endswith(f"/{document.data['family']}.json"):
            yield document.problem(
                ("family",), "is not the family of the file's name", "rename one of the two"
            )
        for less, more in document.data.get("subsumes", {}).items():
            yield from _known(document, ("subsumes", less), [less, *more], known, "proposition of the family")
        for position, frame in enumerate(document.data["frames"]):
            at: Path = ("frames", position)
            if frame["name"] in first:
                where = first[frame["name"]]
                yield document.problem(
                    (*at, "name"),
                    f'the frame "{frame["name"]}" stands twice (first in {where})',
                    "rename one",
                )
            first.setdefault(frame["name"], document.name)
            yield from _frame(document, at, frame, types, known)
            yield from _known(
                document, (*at, "qualifiers"), frame.get("qualifiers", ()), tags, "qualifier tag"
            )


def _frame(
    document: Document, at: Path, frame: Mapping[str, Any], types: set[str], known: Mapping[str, str]
) -> Iterator[str]:
    yield from _known(
        document, (*at, "proposition"), [frame["proposition"]], known, "proposition of the family"
    )
    if not frame["name"].startswith(f"{document.data['family']}/"):
        yield document.problem(
            (*at, "name"),
            f'"{frame["name"]}" is of another family',
            f'begin it with "{document.data["family"]}/"',
        )
    for key in _GROUPS:
        if key in frame and frame[key] != _WHOLE:
            yield from _known(document, (*at, key), _parts(frame[key]), types, "mention type")
    for i, group in enumerate(frame.get("needs", ())):
        yield from _known(document, (*at, "needs", i), _parts(group), types, "mention type")
    for i, example in enumerate(frame.get("examples", ())):
        for key in ("proposition", "not"):
            if key in example:
                path = (*at, "examples", i, key)
                yield from _known(document, path, [example[key]], known, "proposition of the family")
        if not frame.get("holds", True) and "proposition" in example:
            yield document.problem(
                (*at, "examples", i), "expects a claim of a frame that makes none", 'write "not" instead'
            )


def _parts(group: str) -> list[str]:
    return [part.strip() for part in group.split("|")]


def _known(
    document: Document, path: Path, used: Iterable[str], known: Iterable[str], what: str
) -> Iterator[str]:
    names = list(known)
    for name in used:
        if name not in names:
            close = get_close_matches(name, names, n=1)
            remedy = f'did you mean "{close[0]}"?' if close else f"name a {what} that exists, or remove it"
            yield document.problem(path, f'there is no {what} "{name}"', remedy)


def _coverage(data: Data) -> Iterator[str]:
    """Every proposition is made by a frame, or is said not to be."""
    made = {
        (document.data["family"], frame["proposition"])
        for document in data.of("frames")
        for frame in document.data["frames"]
        if frame.get("holds", True)
    }
    exempt, names = data.one("not_extracted"), data.one("propositions")
    listed = [(row["family"], row["proposition"]) for row in exempt.data["propositions"]]
    for position, (family, proposition) in enumerate(listed):
        path: Path = ("propositions", position)
        yield from _known(exempt, path, [proposition], names.data[family], "proposition of the family")
        if (family, proposition) in made:
            yield exempt.problem(path, f'"{proposition}" is made by a frame', "take it off this list")
    for family, propositions in names.data.items():
        for proposition in propositions if isinstance(propositions, dict) else ():
            if (family, proposition) not in made and (family, proposition) not in listed:
                yield names.problem(
                    (family, proposition),
                    "no frame makes it",
                    "write a frame, or list it in not_extracted.json with the reason",
                )


def _weights(document: Document, types: set[str], names: Mapping[str, Any]) -> Iterator[str]:
    """Learnt of names that are no longer there: such a weight can never count."""
    for kind in document.data["features"].get("mention", {}):
        if kind not in types:
            yield document.problem(
                ("features", "mention", kind),
                f'there is no mention type "{kind}"',
                "run `make learn`, which learns the weights anew",
            )
    for family, tables in document.data["propositions"].items():
        for proposition in tables:
            if proposition not in names[family]:
                yield document.problem(
                    ("propositions", family, proposition),
                    f'there is no proposition "{proposition}" of the family',
                    "run `make learn`, which learns the weights anew",
                )
