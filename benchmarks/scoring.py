"""The score of extracted claims against labels (claims guide, section 6): pure functions over plain values.

A finding and a label match when the family is the same and the two stretches share at least half of the
shorter and three tenths of the longer; matching is one to one, the longest common stretch first. Findings of
one family at one place (nine tenths shared) count once, with the worst verdict. An optional label excuses a
finding's presence and asks for nothing. Stretches are half-open character offsets into the document's text.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import product

from claims.model import Verdict

Stretch = tuple[int, int]

_SHARE_OF_SHORTER = 0.5
_SHARE_OF_LONGER = 0.3
_SAME_PLACE = 0.9
AUTHORITATIVE = "k"
"""How names of authoritative documents (labels, agencies, encyclopaedias) begin."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a reviewer wrote down."""

    doc: str
    quote: str
    family: str
    verdict: Verdict
    places: tuple[Stretch, ...]
    """Every place of the quote in its document; any of them may be found."""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What the program found."""

    doc: str
    quote: str
    family: str
    verdict: Verdict
    place: Stretch


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts behind precision and recall."""

    right: int = 0
    found: int = 0
    labelled: int = 0

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.labelled if self.labelled else 1.0

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Mistake:
    """One miss, extra or wrong verdict."""

    kind: str
    """`extra`, `missed`, `verdict`."""
    doc: str
    family: str
    wanted: str
    """Verdict of the label; empty for an extra."""
    got: str
    """Verdict of the finding; empty for a miss."""
    quote: str


@dataclass(frozen=True, slots=True)
class Score:
    """Everything measured on one labelled set. Keys of the dictionaries are families or verdicts."""

    extraction: Figures
    flags: Figures
    extraction_by_family: dict[str, Figures]
    flags_by_family: dict[str, Figures]
    verdicts: Figures
    """`right` of `labelled` matched labels; `found` is the same number."""
    verdicts_by_family: dict[str, Figures]
    recall_by_verdict: dict[str, Figures]
    """Required labels found with the right verdict, of all with that verdict."""
    false_flags: dict[str, float]
    """Flags for 1,000 words where no label is flagged: `authoritative` (documents named k*) and `all`."""
    mistakes: tuple[Mistake, ...] = field(repr=False, default=())

    @property
    def verdict_accuracy(self) -> float:
        return self.verdicts.recall

    @property
    def macro_recall(self) -> float:
        """Mean of the verdicts' recalls, over the verdicts that the labels have."""
        recalls = [figures.recall for figures in self.recall_by_verdict.values()]
        return sum(recalls) / len(recalls) if recalls else 1.0


def places_of(quote: str, text: str) -> tuple[Stretch, ...]:
    """Where the quote stands in the text, its runs of white space matching any white space."""
    words = quote.split()
    if not words:
        return ()
    pattern = re.compile(r"\s+".join(re.escape(word) for word in words))
    return tuple(match.span() for match in pattern.finditer(text))


def common(one: Stretch, other: Stretch) -> int:
    """Characters that two stretches share, where they are enough to match; else 0."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    shorter, longer = sorted((one[1] - one[0], other[1] - other[0]))
    enough = shared > 0 and shared >= _SHARE_OF_SHORTER * shorter and shared >= _SHARE_OF_LONGER * longer
    return shared if enough else 0


def score(labels: Sequence[Label], findings: Iterable[Found], words: dict[str, int]) -> Score:
    """Score the findings; `words` holds the number of words of every document that was read."""
    found = _merged(findings)
    required = [label for label in labels if not label.optional]
    optional = [label for label in labels if label.optional]
    hits, extra, missed = _matched(found, required, optional)
    flag_figures, flags_by_family = _flag_figures(found, required, optional)
    wrong = [(finding, label) for finding, label in hits if finding.verdict is not label.verdict]
    return Score(
        extraction=Figures(len(hits), len(hits) + len(extra), len(required)),
        flags=flag_figures,
        extraction_by_family=_by_family(hits, extra, required),
        flags_by_family=flags_by_family,
        verdicts=_verdict_figures(hits),
        verdicts_by_family={
            family: _verdict_figures([hit for hit in hits if hit[1].family == family])
            for family in sorted({label.family for label in required})
        },
        recall_by_verdict=_recall_by_verdict(hits, required),
        false_flags=_false_flags(found, labels, words),
        mistakes=tuple(_mistakes(extra, missed, wrong)),
    )


def _merged(findings: Iterable[Found]) -> list[Found]:
    """Findings of one family at one place as one, the worst verdict first."""
    kept: list[Found] = []
    for finding in sorted(findings, key=lambda f: (-f.verdict.badness, f.doc, f.place)):
        twins = (k for k in kept if k.doc == finding.doc and k.family == finding.family)
        if not any(_same_place(finding.place, twin.place) for twin in twins):
            kept.append(finding)
    return kept


def _same_place(one: Stretch, other: Stretch) -> bool:
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared >= _SAME_PLACE * max(one[1] - one[0], other[1] - other[0])


def _best(finding: Found, label: Label) -> int:
    """Longest stretch shared by a finding and a label of its document and family; 0 where none is."""
    if finding.doc != label.doc or finding.family != label.family:
        return 0
    return max((common(finding.place, place) for place in label.places), default=0)


def _matched(
    found: Sequence[Found], required: Sequence[Label], optional: Sequence[Label]
) -> tuple[list[tuple[Found, Label]], list[Found], list[Label]]:
    """(pairs, findings that nothing asks for or excuses, required labels not found)."""
    candidates = sorted(
        (-_best(finding, label), i, j)
        for (i, finding), (j, label) in product(enumerate(found), enumerate(required))
        if _best(finding, label)
    )
    taken: dict[int, int] = {}
    used: set[int] = set()
    for _, i, j in candidates:
        if i not in taken and j not in used:
            taken[i] = j
            used.add(j)
    hits = [(found[i], required[j]) for i, j in taken.items()]
    rest = (finding for i, finding in enumerate(found) if i not in taken)
    extra = [finding for finding in rest if not any(_best(finding, label) for label in optional)]
    return hits, extra, [label for j, label in enumerate(required) if j not in used]


def _flag_figures(
    found: Sequence[Found], required: Sequence[Label], optional: Sequence[Label]
) -> tuple[Figures, dict[str, Figures]]:
    flags = [finding for finding in found if finding.verdict.flagged]
    wanted = [label for label in required if label.verdict.flagged]
    hits, extra, _ = _matched(flags, wanted, optional)
    return Figures(len(hits), len(hits) + len(extra), len(wanted)), _by_family(hits, extra, wanted)


def _by_family(
    hits: Sequence[tuple[Found, Label]], extra: Sequence[Found], wanted: Sequence[Label]
) -> dict[str, Figures]:
    right = Counter(label.family for _, label in hits)
    more = Counter(finding.family for finding in extra)
    asked = Counter(label.family for label in wanted)
    return {
        family: Figures(right[family], right[family] + more[family], asked[family])
        for family in sorted({*right, *more, *asked})
    }


def _verdict_figures(hits: Sequence[tuple[Found, Label]]) -> Figures:
    right = sum(finding.verdict is label.verdict for finding, label in hits)
    return Figures(right, len(hits), len(hits))


def _recall_by_verdict(hits: Sequence[tuple[Found, Label]], required: Sequence[Label]) -> dict[str, Figures]:
    right = Counter(label.verdict for finding, label in hits if finding.verdict is label.verdict)
    asked = Counter(label.verdict for label in required)
    return {
        verdict.value: Figures(right[verdict], right[verdict], asked[verdict]) for verdict in sorted(asked)
    }


def _false_flags(found: Sequence[Found], labels: Sequence[Label], words: dict[str, int]) -> dict[str, float]:
    flagged: dict[str, list[Stretch]] = defaultdict(list)
    for label in labels:
        if label.verdict.flagged:
            flagged[label.doc].extend(label.places)
    false = [
        finding.doc
        for finding in found
        if finding.verdict.flagged and not any(common(finding.place, place) for place in flagged[finding.doc])
    ]
    return {
        name: 1000 * sum(doc.startswith(prefix) for doc in false) / (_words(words, prefix) or 1)
        for name, prefix in (("authoritative", AUTHORITATIVE), ("all", ""))
    }


def _words(words: dict[str, int], prefix: str) -> int:
    return sum(n for doc, n in words.items() if doc.startswith(prefix))


def _mistakes(
    extra: Iterable[Found], missed: Iterable[Label], wrong: Iterable[tuple[Found, Label]]
) -> Iterable[Mistake]:
    for label in missed:
        yield Mistake("missed", label.doc, label.family, label.verdict, "", label.quote)
    for finding in extra:
        yield Mistake("extra", finding.doc, finding.family, "", finding.verdict, finding.quote)
    for finding, label in wrong:
        yield Mistake("verdict", label.doc, label.family, label.verdict, finding.verdict, label.quote)
