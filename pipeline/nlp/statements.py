"""`claims_statements`: cuts a Doc into statements (sentences, items) and those into fragments, the reach of a cue.

Works on characters: a compiled pattern is quicker than a walk over tokens, and needs no parser.
"""

from __future__ import annotations

import re

from spacy.language import Language
from spacy.tokens import Doc

from claims.model import Quantity
from claims.quantities import parse
from pipeline.nlp.analysis import Fragment, Mention, Parsed, Statement

_ABBREVIATION = (
    r"(?<!\bDr)(?<!\bMr)(?<!\bMs)(?<!\bMrs)(?<!\bSt)(?<!\bvs)(?<!\bNo)(?<!\beg)(?<!\bie)(?<!\bapprox)(?<!\bet al)"
    r"(?<!\bProf)(?<!\bInc)(?<!\bFig)(?<!\betc)(?<!\b[A-Z])(?<!\bSTE)(?<!\bMt)"
)
_SENTENCE_END = re.compile(
    rf"(?:{_ABBREVIATION}[.]|[!?]|…)+[\"'”’)\]]*(?:\s+(?=[\"'“‘(\[]*[A-Z0-9\"“¿¡])|(?=[A-Z][a-z]))"
    r"|(?<=[.!?])\s+(?=[-–—•]\s)"
)
_SUBJECT = (
    r"(?:ketamine|esketamine|spravato|it|they|he|she|we|you|i|this|these|those|there|patients?|people|individuals|many|most|some|others"
    r"|our|your|its|their|results|research|studies|the|a|an|one|both|each|infusions?|treatments?|clinicians|doctors|another)"
)
_FINITE = (
    r"(?:is|are|was|were|has|have|had|can|may|might|could|will|would|should|must|do|does|did|works?|provides?|offers?|helps?|relieves?"
    r"|reduces?|improves?|acts?|produces?|lasts?|shows?|makes?|gives?|brings?|causes?|leads?|allows?|promotes?|restores?|targets?"
    r"|treats?|eases|alleviates|lifts|begins|starts|takes|carries|remains|becomes|requires|needs|cannot|can't|isn't|doesn't|often"
    r"|usually|generally|typically|rarely|never|always|not)"
)
_BEFORE_ING = r"often|thereby|thus|potentially|even|further|effectively|ultimately|possibly|actively|also|and"
_ADVERBS = (
    r"often|sometimes|usually|frequently|typically|even|especially|particularly|occasionally|within"
    r"|in\ many\ cases|in\ some\ cases|in\ as\ little"
)
_BOUNDARY = re.compile(
    rf"""
      (?P<hard>;\s|\s[-–—]{{1,2}}\s|[–—]|\s\|\s|\s·\s|\s/\s)
    | (?P<label>:\s|\n)
    | (?P<paren>\s?\(|\))
    | (?P<contrast>,?\s(?:but|although|though|whereas|however|yet|except|unless|despite|even\ though)\b|,?\swhile\b)
    | (?P<coordinate>,?\s(?:and|so|or)\s(?={_SUBJECT}\s[\w' ]{{0,24}}?\b{_FINITE}\b|{_FINITE}\s))
    | (?P<instead>,?\s(?:rather\ than|instead\ of)\b)
    | (?P<relative>,\s(?:which|who|where|whose|when|that|because|since|as|if|so\ that|with)\b
        |\s(?:which|because|so\ that|that)\s)
    | (?P<participle>,\s(?:(?:{_BEFORE_ING})\s)?[a-z]+ing\b)
    | (?P<by>,?\s(?:by|through|via)\s(?=(?:\w+ly\s)?\w+ing\b))
    | (?P<adverbial>,\s(?=(?:and\s)?(?:{_ADVERBS})\b))
    | (?P<resume>,\s(?={_SUBJECT}\b[^,;]{{0,40}}?\b{_FINITE}\b))
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LEADING = re.compile(
    r"\s*(?:while|when|if|although|though|unlike|by|as|because|since|once|after|before|with|in|for|despite|whereas|compared|given|through|from|at|under|over|during|instead|rather|even|whether)\b",
    re.IGNORECASE,
)
_LIST_PART = 4
"""Words up to which what follows a semicolon is another item of a list, not a clause."""
_BEHIND_REACH = 1
_DEPENDENT = {"relative", "participle", "by", "adverbial", "paren", "instead"}


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
    return [s for s in (_trim(text, a, b) for a, b in spans) if s[0] < s[1]]


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
        found.append(Fragment(at, cut, "label" if name == "label" and not found else kind))
        at, kind = cut, _kind(name, match)
    found.append(Fragment(at, end, kind))
    return found


def _kind(boundary: str, match: re.Match[str]) -> str:
    if boundary in _DEPENDENT:
        return "dependent" if not match.group().endswith(")") else "resumed"
    return "main"
