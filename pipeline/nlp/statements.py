"""`claims_statements`: cuts a Doc into statements (sentences, items) and those into fragments, the reach of a cue.

Works on characters: a compiled pattern is quicker than a walk over tokens, and needs no parser.
"""

from __future__ import annotations

import re

from spacy.language import Language
from spacy.tokens import Doc

from claims import lexicon as lexicons
from claims.model import Quantity
from claims.quantities import parse
from pipeline.nlp.analysis import Fragment, Mention, Parsed, Statement

_WORDS = lexicons.clause_words()


def _any(key: str) -> str:
    """The alternatives of one list, for a verbose pattern."""
    return "|".join(word.replace(" ", r"\ ") for word in _WORDS[key])


_ABBREVIATION = "".join(rf"(?<!\b{word})" for word in _WORDS["abbreviations"])
_SENTENCE_END = re.compile(
    rf"(?:{_ABBREVIATION}[.]|[!?]|…)+[\"'”’)\]]*(?:\s+(?=[\"'“‘(\[]*[A-Z0-9\"“¿¡])|(?=[A-Z][a-z]))"
    r"|(?<=[.!?])\s+(?=[-–—•]\s)"
)
_FINITE = rf"(?:{_any('modals')}|{_any('singular_verbs')}|{_any('plural_verbs')})"
_SINGULAR = rf"(?:{_any('modals')}|{_any('singular_verbs')})"
"""Without a subject only a form that cannot go on from "may" opens a clause: "may help and works"."""
_BOUNDARY = re.compile(
    rf"""
      (?P<hard>;\s|\s[-–—]{{1,2}}\s|[–—]|\s\|\s|\s·\s|\s/\s)
    | (?P<label>:\s|\n|(?<=\w)\.\s)
    | (?P<paren>\s?\(|\))
    | (?P<contrast>,?\s(?:{_any("contrast")})\b|,?\swhile\b)
    | (?P<coordinate>,?\s(?:and|so|or)\s(?=(?:{_any("subjects")})\s[\w' ]{{0,24}}?\b{_FINITE}\b|{_SINGULAR}\s))
    | (?P<instead>,?\s(?:{_any("instead")})\b)
    | (?P<relative>,\s(?:{_any("relative")})\b|\s(?:{_any("bare_relative")})\s)
    | (?P<participle>,\s(?:(?:{_any("before_participle")})\s)?[a-z]+ing\b)
    | (?P<by>,?\s(?:{_any("means_of")})\s(?=(?:\w+ly\s)?\w+ing\b))
    | (?P<adverbial>,\s(?=(?:and\s)?(?:{_any("adverbs")})\b))
    | (?P<resume>,\s(?=(?:{_any("subjects")})\b[^,;]{{0,40}}?\b{_FINITE}\b))
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SHARED = re.compile(rf",?\s(?:and|so|or|but|yet)\s(?:{_SINGULAR})\s", re.IGNORECASE)
"""A clause without a subject of its own: that of the clause before it goes on."""
_LEADING = re.compile(rf"\s*(?:{_any('leading')})\b", re.IGNORECASE)
_ADVERBIAL = re.compile(rf"\W*(?:{_any('adverbial')})\b", re.IGNORECASE)
"""Opens a sentence by saying of whom, when or how often it holds: that reaches the clause behind the comma."""
_ADVERBIAL_WORDS = 9
_VERB = re.compile(rf"\b{_FINITE}\b", re.IGNORECASE)
_LABEL_WORDS = 4
_LIST_PART = 4
"""Words up to which what follows a semicolon is another item of a list, not a clause."""
_BEHIND_REACH = 1
_DEPENDENT = {"relative", "participle", "adverbial", "paren", "instead"}


@Language.factory("claims_statements")
def make_splitter(nlp: Language, name: str) -> Splitter:  # noqa: ARG001 - spaCy hands both in
    return Splitter()


class Splitter:
    """Adds the statements to the `Parsed` that the tagger left, each with its fragments and mentions."""

    def __call__(self, doc: Doc) -> Doc:
        parsed: Parsed = doc.user_data["claims"]
        quantities = parse(parsed.text) if parsed.mentions else ()
        parsed.statements = [
            _statement(parsed, quantities, start, end) for start, end in sentences(parsed.text)
        ]
        return doc


def _statement(parsed: Parsed, quantities: tuple[Quantity, ...], start: int, end: int) -> Statement:
    mentions = [m for m in parsed.mentions if start <= m.first < end]
    inside = [q for q in quantities if start <= q.start < end]
    if not mentions and not inside:
        return Statement(start, end)
    statement = Statement(start, end, fragments(parsed.text, start, end), mentions, inside)
    background = _background(mentions)
    for mention in mentions:
        for kind in mention.kinds:
            if kind == "condition" and mention.start in background:
                continue
            statement.by_kind.setdefault(kind, []).append(mention)
    return statement


def _background(mentions: list[Mention]) -> set[int]:
    """Starts of conditions that only explain: "circuits involved in mood", "damage caused by stress"."""
    cues = [m for m in mentions if "behind" in m.kinds]
    return {
        m.start
        for m in mentions
        if "condition" in m.kinds and any(0 <= m.start - cue.end <= _BEHIND_REACH for cue in cues)
    }


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences of a normalised text, without white space at the ends."""
    spans, start = [], 0
    for match in _SENTENCE_END.finditer(text):
        spans.append((start, match.end()))
        start = match.end()
    spans.append((start, len(text)))
    trimmed = [s for s in (_trim(text, a, b) for a, b in spans) if s[0] < s[1]]
    if len(trimmed) > 1 and _is_label(text[slice(*trimmed[0])]):
        trimmed[:2] = [(trimmed[0][0], trimmed[1][1])]
    return trimmed


def _is_adverbial(words: str) -> bool:
    """True for "For many patients" and "Within a day of the first infusion": no clause of its own."""
    return (
        len(words.split()) <= _ADVERBIAL_WORDS and bool(_ADVERBIAL.match(words)) and not _VERB.search(words)
    )


def _is_label(words: str) -> bool:
    """True for a short opening without a verb ("Lasting relief."): it labels the sentence behind it."""
    return words.endswith(".") and 1 < len(words.split()) <= _LABEL_WORDS and not _VERB.search(words)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def fragments(text: str, start: int, end: int) -> list[Fragment]:
    """The fragments of one sentence, in order, without a gap."""
    found: list[Fragment] = []
    at, kind = start, "leading" if _LEADING.match(text, start, end) else "main"
    for match in _BOUNDARY.finditer(text, start, end):
        cut = match.start()
        if cut <= at:
            continue
        name = match.lastgroup or "hard"
        if match.group().startswith(";") and len(text[cut:end].split(";")[1].split()) <= _LIST_PART:
            continue
        if name == "resume" and _is_adverbial(text[at:cut]):
            continue
        labels = name == "label" and all(f.kind == "label" for f in found)
        found.append(Fragment(at, cut, "label" if labels else kind))
        at, kind = cut, _kind(name, text, match)
    found.append(Fragment(at, end, kind))
    return found


def _kind(boundary: str, text: str, match: re.Match[str]) -> str:
    if boundary == "by":
        return "by"
    if boundary in _DEPENDENT:
        return "dependent" if not match.group().endswith(")") else "resumed"
    shared = boundary in ("coordinate", "contrast") and _SHARED.match(text, match.start())
    return "shared" if shared else "main"
