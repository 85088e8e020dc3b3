"""Labelled statements as the second reader meets them: pages, examples and cases, read by the program itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

from benchmarks.cases import read_cases, read_pairs
from benchmarks.gold import GOLD, read_labels, read_texts
from benchmarks.scoring import Label, Stretch, common
from claims.catalogue import load_catalogue
from claims.model import Block, BlockKind, Claim, Family, Page, Verdict
from claims.rules import Rules
from pipeline.examples import block_of
from pipeline.frame_examples import block_of as frame_block
from pipeline.frame_examples import examples as frame_examples
from pipeline.nlp import features
from pipeline.nlp.extract import Extractor
from pipeline.nlp.second import seen_of
from pipeline.nlp.slots import Reading
from pipeline.readers.text import read_blocks

TREATMENT = "ketamine"
EXAMPLES = "examples"
_NOTHING_ELSE = ("text", "not", "why")
"""Keys of a frame's example that shows what is no claim."""
_EXAMPLE_WEIGHT = 3.0
"""What an example counts: it says what its author is sure of, on one family only."""

Vector = dict[str, float]


@dataclass(slots=True)
class Seen:
    """One statement as the second reader meets it, with what its labels say."""

    group: str
    doc: str
    vector: Vector
    read: dict[Family, Claim]
    """Claims of the frames."""
    required: dict[Family, Verdict | None] = field(default_factory=dict)
    """Families that its labels ask for; None where nothing is said on the verdict."""
    optional: set[Family] = field(default_factory=set)
    weight: float = 1.0

    def counts(self, family: Family) -> bool:
        """Whether the statement tells something of the family: an optional label does not."""
        return family in self.required or family not in self.optional


def _place(page: Page, reading: Reading) -> Stretch:
    """Where a statement stands in its text."""
    own, statement = reading.unit.own, reading.statement
    return page.blocks[reading.unit.index].source.span(max(statement.start - own, 0), statement.end - own)


class _Recorder:
    """Reads pages, stands in the second reader's place, and notes what it would be shown."""

    def __init__(self) -> None:
        self._rows: list[tuple[Reading, Seen]] = []
        self._extractor = Extractor(Rules(today=date(2026, 1, 1), treatment=TREATMENT), self._note)
        self._group = self._doc = ""

    def read(self, page: Page, group: str, doc: str) -> list[tuple[Reading, Seen]]:
        """The statements of a page, in order, with nothing told of them yet."""
        self._rows, self._group, self._doc = [], group, doc
        self._extractor.extract(page)
        return self._rows

    def _note(self, reading: Reading, claims: list[Claim]) -> list[Claim]:
        read = {claim.family: claim for claim in claims}
        self._rows.append((reading, Seen(self._group, self._doc, _vector(reading), read)))
        return claims


@lru_cache(maxsize=1)
def _recorder() -> _Recorder:
    return _Recorder()


def _vector(reading: Reading) -> Vector:
    every = {**seen_of(reading), **features.of_block(reading.unit.block)}
    return {f"{kind}:{key}": 1.0 for kind, keys in every.items() for key in keys}


def statements(folders: Iterable[Path]) -> Iterator[Seen]:
    """Every statement of these folders' documents. A folder holds .txt files and one .jsonl with their labels."""
    for folder in folders:
        texts = read_texts(folder)
        labels = defaultdict(list)
        for label in read_labels(folder, texts):
            labels[label.doc].append(label)
        for name in sorted(labels):
            page = _page(name, texts[name])
            for reading, seen in _recorder().read(page, folder.name, name):
                _label(seen, _place(page, reading), labels[name])
                yield seen


def _page(name: str, text: str) -> Page:
    return Page(name, "", "en", read_blocks(text), name, text)


def _label(seen: Seen, place: Stretch, labels: Sequence[Label]) -> None:
    """Note what the labels at a statement's place say of it."""
    for label in labels:
        if any(common(place, other) for other in label.places):
            if label.optional:
                seen.optional.add(Family(label.family))
            else:
                seen.required[Family(label.family)] = label.verdict


def examples() -> Iterator[Seen]:
    """The catalogue's examples and approved wording and the frames' examples: each says something of one family."""
    for doc, block, family, claims_it, verdict in _example_blocks():
        page = Page("example", "Ketamine treatment", "en", (block,))
        for _, seen in _recorder().read(page, EXAMPLES, doc):
            seen.required = {family: verdict} if claims_it else {}
            seen.optional, seen.weight = set(Family) - {family}, _EXAMPLE_WEIGHT
            yield seen


def cases(gold: Path = GOLD) -> Iterator[Seen]:
    """The minimal pairs and the cases on context: each says something of one family or two, at one place."""
    for number, pair in enumerate(read_pairs(gold / "pairs.jsonl")):
        for side in pair.sides:
            told = {Family(pair.family): (side.place, side.verdict)}
            yield from _told(f"pair {number}", side.document, told)
    for number, case in enumerate(read_cases(gold / "contexts")):
        whole = (0, len(case.text))
        absent = {Family(family): (whole, None) for family in case.absent}
        for expected in case.expected:
            start = case.text.index(expected.of) if expected.of else 0
            place = (start, start + len(expected.of)) if expected.of else whole
            verdict = Verdict(expected.verdict) if expected.verdict else None
            if verdict is not None:
                yield from _told(f"case {number}", case.text, {Family(expected.family): (place, verdict)})
        yield from _told(f"case {number}", case.text, absent)


def _told(doc: str, text: str, told: Mapping[Family, tuple[Stretch, Verdict | None]]) -> Iterator[Seen]:
    """The statements of a text where something is told of a family: its verdict, or that it is not claimed."""
    page = _page(doc, text)
    for reading, seen in _recorder().read(page, EXAMPLES, doc):
        place = _place(page, reading)
        here = {family: verdict for family, (at, verdict) in told.items() if common(place, at)}
        if here:
            seen.required = {family: verdict for family, verdict in here.items() if verdict is not None}
            seen.optional, seen.weight = set(Family) - set(here), _EXAMPLE_WEIGHT
            yield seen


def _example_blocks() -> Iterator[tuple[str, Block, Family, bool, Verdict | None]]:
    """Name, block, family, whether it is claimed, and the verdict where the example gives one."""
    for entry in load_catalogue(TREATMENT).entries.values():
        for example in entry.examples:
            yield entry.id, block_of(example), entry.family, True, example.verdict
        for wording in entry.approved_wording:
            yield entry.id, Block(wording, BlockKind.PARAGRAPH), entry.family, True, Verdict.SUPPORTED
    for name, _, example in frame_examples():
        claimed = "proposition" in example
        if claimed or set(_NOTHING_ELSE) >= set(example):
            yield name, frame_block(example), Family(name.split("/")[1]), claimed, None
