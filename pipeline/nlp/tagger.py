"""`claims_tagger`: finds every listed phrase in a Doc, the longest first, and conditions that no list knows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.attrs import IDX, LENGTH, NORM
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from claims import lexicon as lexicons
from pipeline.nlp.analysis import Mention, Parsed, by_place
from pipeline.nlp.normalise import JOINER

_OPEN_CONDITION = re.compile(
    r"\b(?!(?:these|those|this|that|such|many|various|other|certain|any|all|some|and|or|the|mental|your|their|our|medical|underlying"
    r"|following|for|of|with|from|treat|treats|treating|health|pain|chronic|different|no|active|prevent|any|many|most|each|a|an|is|are|have|has|as|such|like|about|on|in|to|by|rare|serious|common|progressive|underlying|related|multiple|several|specific|complex)\b)"
    r"(?P<words>(?:[a-z]+(?:'s)?\s){0,2}?[a-z]+(?:'s)?\s(?:disorders?|diseases?|syndromes?|deficiency)"
    r"|[a-z]{3,}(?:itis|osis|algia|opathy|aemia|emia|plegia|phobias?|somnia))\b",
    re.IGNORECASE,
)
_OPEN_HEADS = (
    "disorder", "disease", "syndrome", "deficiency", "itis", "osis", "algia", "pathy", "emia", "plegia", "phobia",
    "somnia",
)  # fmt: skip
_OPEN_HEAD = re.compile("|".join(_OPEN_HEADS), re.IGNORECASE)
_OPEN_WORDS = 5
"""More words than such a condition has."""
_OPEN_REACH = 300
"""Characters that so many words never take."""
_PLACES = [IDX, LENGTH]
_MANY = 16
_ONES = [b"\x01" * n for n in range(_MANY)]
_NO_CONDITION = {
    "diagnosis",
    "prognosis",
    "hypnosis",
    "mental disorder",
    "mental disorders",
    "psychiatric disorders",
    "anemia",
    "dosis",
}


@Language.factory("claims_tagger", default_config={"treatment": "ketamine"})
def make_tagger(nlp: Language, name: str, treatment: str) -> Tagger:  # noqa: ARG001 - spaCy hands in the name
    return Tagger(nlp, treatment)


class Tagger:
    """Leaves a `Parsed` with the mentions in `doc.user_data["claims"]`."""

    def __init__(self, nlp: Language, treatment: str) -> None:
        self.lexicon = lexicons.load(treatment)
        self._fold_vocabulary(nlp)
        self.matcher = PhraseMatcher(nlp.vocab, attr="NORM")
        self._layers: dict[int, tuple[tuple[str, dict[str, str]], ...]] = {}
        self._opaque: set[int] = set()
        for number, (kinds, docs) in enumerate(self._groups(nlp).items()):
            name = f"claims-{number}"
            self.matcher.add(name, docs)
            label = nlp.vocab.strings[name]
            self._layers[label] = self._by_layer(kinds)
            if any(self.lexicon.types[kind].opaque for kind, _ in kinds):
                self._opaque.add(label)

    def _groups(self, nlp: Language) -> dict[tuple[tuple[str, str], ...], list[Doc]]:
        """Phrases by what they can be; those with the same norms ("don't last", "do not last") are one."""
        kinds: dict[tuple[int, ...], dict[tuple[str, str], None]] = {}
        docs: dict[tuple[int, ...], Doc] = {}
        for phrase, pairs in self.lexicon.phrases.items():
            doc = nlp.tokenizer(phrase)
            norms = tuple(token.norm for token in doc)
            docs[norms] = doc
            kinds.setdefault(norms, {}).update(dict.fromkeys(pairs))
        groups: dict[tuple[tuple[str, str], ...], list[Doc]] = {}
        for norms, every in kinds.items():
            groups.setdefault(tuple(every), []).append(docs[norms])
        return groups

    def _by_layer(self, kinds: tuple[tuple[str, str], ...]) -> tuple[tuple[str, dict[str, str]], ...]:
        layers: dict[str, dict[str, str]] = {}
        for kind, value in kinds:
            layers.setdefault(self.lexicon.types[kind].source, {})[kind] = value
        return tuple(layers.items())

    def _fold_vocabulary(self, nlp: Language) -> None:
        """Norms fold case and spelling once a word, not once a token."""
        pairs, terms = self.lexicon.spelling, self.lexicon.typos
        known = {word for phrase in self.lexicon.phrases for word in phrase.split()}
        inherited = nlp.vocab.lex_attr_getters.get(NORM)  # type: ignore[attr-defined]

        def norm(word: str) -> str:
            word = word.lstrip(JOINER)
            base = inherited(word) if inherited else word
            folded = lexicons.fold_spelling(base.lower(), pairs)
            return folded if folded in known else lexicons.mend_typo(folded, terms)

        nlp.vocab.lex_attr_getters[NORM] = norm  # type: ignore[attr-defined]
        for lexeme in nlp.vocab:
            lexeme.norm_ = norm(lexeme.orth_)

    def __call__(self, doc: Doc) -> Doc:
        text: str = doc.user_data.get("text") or doc.text
        doc.user_data["claims"] = Parsed(text, self._mentions(doc, text), [])
        return doc

    def _mentions(self, doc: Doc, text: str) -> list[Mention]:
        """The longest phrase of each file wins; what stands inside an opaque phrase is not read."""
        lower = text.lower()
        found: dict[tuple[int, int], dict[str, str]] = {}
        taken: dict[str, bytearray] = {}
        hidden: bytearray | None = None
        length, layers, opaque = len(doc), self._layers, self._opaque
        # The longest first; the matcher's own order settles what is equally long at the same place.
        for width, start, _, end, label in sorted(
            [(start - end, start, i, end, label) for i, (label, start, end) in enumerate(self.matcher(doc))]
        ):
            if hidden is not None and hidden.find(0, start, end) < 0:
                continue
            place = start, end
            for layer, kinds in layers[label]:
                mask = taken.get(layer)
                if mask is None:
                    mask = taken[layer] = bytearray(length)
                elif mask.find(1, start, end) >= 0:
                    continue
                mask[start:end] = _ONES[-width] if -width < _MANY else b"\x01" * -width
                known = found.get(place)
                # Kinds are shared between mentions, and never changed: two of one place make new ones.
                found[place] = kinds if known is None else {**known, **kinds}
            if label in opaque and place in found:
                hidden = hidden or bytearray(length)
                hidden[start:end] = b"\x01" * -width
        mentions = _placed(doc, found) if found else []
        if any(head in lower for head in _OPEN_HEADS):
            conditions = taken.get("conditions.json") or bytearray(length)
            if open_ones := [*self._open_conditions(doc, text, conditions)]:
                mentions.extend(open_ones)
                mentions.sort(key=by_place)
        return mentions

    def _open_conditions(self, doc: Doc, text: str, taken: bytearray) -> Iterator[Mention]:
        """Illnesses by their form: what no list has is a condition that nobody graded, not nothing."""
        for match in _open_matches(text):
            words = match["words"].lower()
            span = doc.char_span(match.start("words"), match.end("words"), alignment_mode="expand")
            if span is None or words in _NO_CONDITION or any(taken[span.start : span.end]):
                continue
            yield Mention(
                span.start, span.end, span.start_char, span.end_char, {"condition": f"open:{words}"}
            )


def _placed(doc: Doc, found: dict[tuple[int, int], dict[str, str]]) -> list[Mention]:
    """Mentions in reading order, with offsets: from one table, not from a token object each."""
    table = doc.to_array(_PLACES)
    firsts = table[:, 0].tolist()
    lasts = (table[:, 0] + table[:, 1]).tolist()
    return [
        Mention(start, end, firsts[start], lasts[end - 1], kinds)
        for (start, end), kinds in sorted(found.items())
    ]


def _open_matches(text: str) -> Iterator[re.Match[str]]:
    """What `_OPEN_CONDITION` finds in a normalised text, tried only around the words it can end on."""
    at = 0
    for head in _OPEN_HEAD.finditer(text):
        if head.end() <= at:
            continue
        begin, end = head.start(), head.end()
        first, last = max(begin - _OPEN_REACH, 0), min(end + _OPEN_REACH, len(text))
        for _ in range(_OPEN_WORDS):
            begin = max(text.rfind(" ", first, begin), first)
            end = text.find(" ", end + 1, last)
            end = last if end < 0 else end
        match = _OPEN_CONDITION.search(text, max(begin, at), end)
        if match and match.start() <= head.start():
            yield match
            at = match.end()
