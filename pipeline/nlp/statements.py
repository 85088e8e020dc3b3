"""`claims_statements`: cuts a Doc into statements (sentences, items) and those into fragments, the reach of a cue.

Works on characters: a compiled pattern is quicker than a walk over tokens, and needs no parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from spacy.language import Language
from spacy.tokens import Doc

from claims import lexicon as lexicons
from claims.casing import lowered
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
_STOP = re.compile(r"[.!?…]")
"""Where `_SENTENCE_END` can match, or just before it."""
_FINITE = rf"(?:{_any('modals')}|{_any('singular_verbs')}|{_any('plural_verbs')})"
_SINGULAR = rf"(?:{_any('modals')}|{_any('singular_verbs')})"
"""Without a subject only a form that cannot go on from "may" opens a clause: "may help and works"."""
_DASHES = r"\s[-–—]{1,2}\s|[–—]"
# From here on the patterns read lower case.
_BOUNDARY = re.compile(
    rf"""
      (?P<hard>;\s|{_DASHES}|\s\|\s|\s·\s|\s/\s)
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
    | (?P<regain>,\s(?={_SINGULAR}\b))
    """,
    re.VERBOSE,
)
_GIVES_REASON = re.compile(r",?\sbecause\s(?!of\b)")
"""A reason is asserted, however hedged what it is given for: "may help, because it relieves"."""
_SHARED = re.compile(rf",?\s(?:(?:and|so|or|but|yet)|however,)\s(?:{_SINGULAR})\s")
"""A clause without a subject of its own: that of the clause before it goes on."""


def _openings(*keys: str) -> str:
    """How the alternatives of some lists begin, up to where they are a pattern rather than words."""
    plain = (re.match(r"[a-z]+(?![?*{])|[a-z]", word) for key in keys for word in _WORDS[key])
    return "|".join(sorted({opening.group() if opening else "" for opening in plain}))


_CUT = re.compile(
    r"[;:,()\n–—]|\.(?=\s)|\s(?=[-–—|·/(]|and|so|or|while"
    rf"|{_openings('contrast', 'instead', 'bare_relative', 'means_of')})",
)
"""Where `_BOUNDARY` can match."""
_ASIDE = re.compile(r",\s(?:which|who|whose|where)\b")
"""Opens a clause put in between: a comma and a verb behind it take the main clause up again."""
_LEADING = re.compile(rf"\s*(?:{_any('leading')})\b")
_ADVERBIAL = re.compile(rf"\W*(?:(?:however|but|and|still|yet|indeed|in fact),?\s)?(?:{_any('adverbial')})\b")
"""Opens a sentence by saying of whom, when or how often it holds: that reaches the clause behind the comma."""
_ADVERBIAL_WORDS = 9
_VERB = re.compile(rf"\b{_FINITE}\b")
_DASH = re.compile(_DASHES)
_GOES_ON = re.compile(rf"{_FINITE}\b")
_ASIDE_LENGTH = 120
"""Characters that words between two dashes have at most."""
_LABEL_WORDS = 4
_LISTING_WORDS = 4
"""Words that "…, including:" and the like have at most: what they list stays in the clause."""
_LIST_PART = 4
"""Words up to which what follows a semicolon is another item of a list, not a clause."""
_LONGEST = 1500
"""Characters up to which something is read as one sentence: three times the longest of real pages."""
_BEHIND_REACH = 1
_DEPENDENT = {"relative", "participle", "adverbial", "paren", "instead"}


@Language.factory("claims_statements")
def make_splitter(nlp: Language, name: str) -> Splitter:  # noqa: ARG001 - spaCy hands both in
    return Splitter()


class Splitter:
    """Adds the statements to the `Parsed` that the tagger left, each with its mentions."""

    def __call__(self, doc: Doc) -> Doc:
        self.split(doc.user_data["claims"])
        return doc

    def split(self, parsed: Parsed) -> Parsed:
        """The same, with its statements."""
        spans, lower = sentences(parsed.text), parsed.lower
        if not parsed.mentions:
            parsed.statements = [_bare(lower, start, end) for start, end in spans]
            return parsed
        mentions, quantities = iter(parsed.mentions), iter(parse(parsed.text, lower))
        mention, quantity = next(mentions, None), next(quantities, None)
        for start, end in spans:
            # Both come in reading order: each is handed to the statement that it begins in.
            inside: list[Mention] = []
            while mention is not None and mention.first < end:
                if mention.first >= start:
                    inside.append(mention)
                mention = next(mentions, None)
            amounts: list[Quantity] = []
            while quantity is not None and quantity.start < end:
                if quantity.start >= start:
                    amounts.append(quantity)
                quantity = next(quantities, None)
            parsed.statements.append(_statement(lower, start, end, inside, amounts))
        return parsed


def _bare(lower: str, start: int, end: int) -> Statement:
    return Statement(start, end, partial(fragments, lower, start, end))


def _statement(
    lower: str, start: int, end: int, mentions: list[Mention], quantities: list[Quantity]
) -> Statement:
    if not mentions and not quantities:
        return _bare(lower, start, end)
    statement = _bare(lower, start, end)
    statement.mentions, statement.quantities = mentions, quantities
    background = _background(mentions)
    by_kind = statement.by_kind
    for mention in mentions:
        for kind in mention.kinds:
            if kind == "condition" and mention.start in background:
                continue
            if kind in by_kind:
                by_kind[kind].append(mention)
            else:
                by_kind[kind] = [mention]
    return statement


def _background(mentions: list[Mention]) -> set[int]:
    """Starts of conditions that only explain: "circuits involved in mood", "damage caused by stress"."""
    cues = [m for m in mentions if "behind" in m.kinds]
    if not cues:
        return set()
    return {
        m.start
        for m in mentions
        if "condition" in m.kinds and any(0 <= m.start - cue.end <= _BEHIND_REACH for cue in cues)
    }


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences of a normalised text, without white space at the ends."""
    spans, start = [], 0
    for mark in _STOP.finditer(text):
        at = mark.start()
        if at < start:
            continue
        # A sentence ends at the stop, or at the space behind it.
        match = _SENTENCE_END.match(text, at) or _SENTENCE_END.match(text, at + 1)
        if match:
            spans.append((start, match.end()))
            start = match.end()
    spans.append((start, len(text)))
    cut = (part for a, b in spans for part in _cut_to_length(text, a, b))
    trimmed = [s for s in (_trim(text, a, b) for a, b in cut) if s[0] < s[1]]
    if len(trimmed) > 1 and _is_label(lowered(text[slice(*trimmed[0])])):
        trimmed[:2] = [(trimmed[0][0], trimmed[1][1])]
    return trimmed


def _cut_to_length(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """What has no end for pages on end is no sentence: it is cut between words, so that time stays linear."""
    while end - start > _LONGEST:
        space = text.rfind(" ", start + 1, start + _LONGEST)
        middle = space if space > 0 else start + _LONGEST
        yield start, middle
        start = middle
    yield start, end


def _is_adverbial(words: str) -> bool:
    """True for "For many patients" and "Within a day of the first infusion": no clause of its own."""
    return (
        len(words.split()) <= _ADVERBIAL_WORDS and bool(_ADVERBIAL.match(words)) and not _VERB.search(words)
    )


def has_verb(words: str) -> bool:
    """True where a form stands that makes a sentence, of the verbs that the clause words list."""
    return bool(_VERB.search(words.lower()))


def _is_label(words: str) -> bool:
    """True for a short opening without a verb ("Lasting relief."): it labels the sentence behind it."""
    return words.endswith(".") and 1 < len(words.split()) <= _LABEL_WORDS and not _VERB.search(words)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def fragments(lower: str, start: int, end: int) -> list[Fragment]:
    """The fragments of one sentence of a text in lower case, in order, without a gap."""
    found: list[Fragment] = []
    at, kind = start, "leading" if _LEADING.match(lower, start, end) else "main"
    behind = start
    closing = -1
    for place in _CUT.finditer(lower, start, end):
        cut = place.start()
        if cut < behind:
            continue
        match = _BOUNDARY.match(lower, cut, end)
        if match is None:
            continue
        behind = match.end()
        if cut <= at:
            continue
        name = match.lastgroup or "hard"
        if match.group().startswith(";") and _is_list_part(lower[cut:end].split(";")[1]):
            continue
        if name == "resume" and _is_adverbial(lower[at:cut]):
            continue
        if name == "regain" and not (kind == "dependent" and _ASIDE.match(lower, at, cut)):
            continue
        labels = name == "label" and all(f.kind == "label" for f in found)
        found.append(Fragment(at, cut, "label" if labels else kind))
        listing = name == "label" and kind == "dependent" and _is_listing(lower[at:cut])
        at, kind = cut, "dependent" if listing else _kind(name, lower, match)
        if cut == closing:
            kind = "resumed"
        elif name == "hard" and closing < cut and (closing := _closing_dash(lower, match, end)) > 0:
            kind = "dependent"
    found.append(Fragment(at, end, kind))
    return found


def _is_list_part(words: str) -> bool:
    return len(words.split()) <= _LIST_PART and not _VERB.search(words)


def _is_listing(words: str) -> bool:
    """True for "…, including:": what stands behind the colon is still in the clause."""
    return len(words.split()) <= _LISTING_WORDS


def _closing_dash(lower: str, opening: re.Match[str], end: int) -> int:
    """Where what a dash opens is closed by another one before the sentence goes on with a verb; -1 if nowhere."""
    if not _DASH.fullmatch(opening.group()):
        return -1
    closing = _DASH.search(lower, opening.end(), min(end, opening.end() + _ASIDE_LENGTH))
    if closing is None or not _GOES_ON.match(lower, closing.end(), end):
        return -1
    return closing.start()


def _kind(boundary: str, lower: str, match: re.Match[str]) -> str:
    if boundary == "by":
        return "by"
    if boundary == "relative" and _GIVES_REASON.match(lower, match.start()):
        return "main"
    if boundary in _DEPENDENT:
        return "dependent" if not match.group().endswith(")") else "resumed"
    if boundary == "regain":
        return "resumed"
    shared = boundary in ("coordinate", "contrast") and _SHARED.match(lower, match.start())
    return "shared" if shared else "main"
