"""`claims_tagger`: finds every listed phrase in a Doc, the longest first, and conditions that no list knows."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator

from spacy.attrs import NORM, ORTH
from spacy.language import Language
from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]
from spacy.tokens import Doc

from claims import lexicon as lexicons
from claims.casing import lowered
from pipeline.nlp.analysis import Mention, Parsed, by_place
from pipeline.nlp.normalise import JOINER
from pipeline.nlp.phrases import Listed, PhraseTree
from pipeline.nlp.tokens import Tokens, TokenTable

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
_mention = tuple.__new__
"""Makes a mention of its fields: there are more of them than of anything else, and this is quicker than a call."""
_OPEN_WORDS = 5
"""More words than such a condition has."""
_OPEN_REACH = 300
"""Characters that so many words never take."""
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
        if isinstance(nlp.tokenizer, Tokenizer):
            # It parts "cannot" and "Cannot" by itself.
            nlp.tokenizer.add_special_case("CANNOT", [{ORTH: "CAN"}, {ORTH: "NOT"}])
        self._tokens = TokenTable(nlp.tokenizer, _OPEN_HEAD)
        self._tree = PhraseTree(self._phrases())

    def _phrases(self) -> dict[str, Listed]:
        """What each phrase can be, by its symbols; those that read the same ("don't last", "do not last") are one."""
        kinds: dict[str, dict[tuple[str, str], None]] = {}
        phrases = self.lexicon.phrases
        for symbols, pairs in zip(self._tokens.listed(phrases), phrases.values(), strict=True):
            kinds.setdefault(symbols, {}).update(dict.fromkeys(pairs))
        return {symbols: self._listed(every) for symbols, every in kinds.items()}

    def _listed(self, pairs: Collection[tuple[str, str]]) -> Listed:
        types = self.lexicon.types
        if len(pairs) == 1:
            [(kind, value)] = pairs
            only = {kind: value}
            return Listed(((types[kind].source, only),), only, types[kind].opaque)
        layers: dict[str, dict[str, str]] = {}
        for kind, value in pairs:
            layers.setdefault(types[kind].source, {})[kind] = value
        whole = {kind: value for kinds in layers.values() for kind, value in kinds.items()}
        return Listed(tuple(layers.items()), whole, any(types[kind].opaque for kind, _ in pairs))

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
        doc.user_data["claims"] = self.tagged(text)
        return doc

    def tagged(self, text: str) -> Parsed:
        """A normalised text with its mentions; its statements are still to be found."""
        tokens = self._tokens.of(text)
        firsts, lasts = tokens.firsts, tokens.lasts
        mentions = [
            _mention(Mention, (start, end, firsts[start], lasts[end - 1], kinds))
            for start, end, kinds in self._tree.places(tokens.symbols)
        ]
        if tokens.notable and (open_ones := [*_open_conditions(text, tokens, mentions)]):
            mentions.extend(open_ones)
            mentions.sort(key=by_place)
        return Parsed(text, mentions, [], lowered(text))


def _open_conditions(text: str, tokens: Tokens, mentions: list[Mention]) -> Iterator[Mention]:
    """Illnesses by their form: what no list has is a condition that nobody graded, not nothing."""
    taken = [m for m in mentions if "condition" in m.kinds]
    for match in _open_matches(text):
        words = match["words"].lower()
        if words in _NO_CONDITION:
            continue
        # The tokens that hold the words, from the first letter to the last.
        start = bisect_right(tokens.firsts, match.start("words")) - 1
        end = bisect_left(tokens.lasts, match.end("words")) + 1
        if any(m.start < end and start < m.end for m in taken):
            continue
        yield Mention(start, end, tokens.firsts[start], tokens.lasts[end - 1], {"condition": f"open:{words}"})


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
