"""Answers read with their questions: "Is it addictive? No." asserts what the question asks, or its contrary."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from claims.model import Claim, Polarity
from pipeline.nlp.analysis import Statement
from pipeline.nlp.statements import has_verb

_YES_NO = re.compile(
    r"""^\W*(?:
      (?P<no>(?:no|not|none|never|nope|rarely|seldom|hardly|unlikely)\b
        |(?:usually|generally|typically|currently|unfortunately|in\ most\ cases),?\ (?:no|not)\b
        |it\ (?:does|is|has)\ not\b|it\ (?:doesn't|isn't)\b|[^.?!]{1,70},\ no\W*$)
    | (?P<yes>(?:yes|absolutely|definitely|of\ course|correct|yep|certainly|totally|indeed|sure)\b
        |it\ (?:can|is|does|may|might)\b)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_HOW_MUCH = re.compile(
    r"\b(?:how (?:soon|quick|fast|long|much|many|often|well)|when|what (?:are|is))\b", re.IGNORECASE
)
"""Questions that a bare time, figure or noun completes."""
_WHAT_FOR = re.compile(
    r"\b(?:who (?:can|may|could|might|will|does|benefits|qualifies|is)|what (?:does|can|do|conditions|disorders|is)"
    r"|which (?:conditions|disorders|patients|people))\b",
    re.IGNORECASE,
)
"""Questions that a list of illnesses or of people completes."""
_LIST_WORDS = 30
"""Words up to which an answer without a verb is such a list."""
_BARE_WORDS = 4
"""Words up to which "Yes, absolutely." says nothing of its own."""
_SHORT_WORDS = 9
"""Words up to which an answer is read together with its question."""


_CONTINUES = re.compile(
    r"^\W*(?:these|this|they|those|such conditions|examples|conditions)\s"
    r"(?:(?:may|can|also)\s)?(?:includes?|are)\b[:\s]"
)


def continues(words: str) -> bool:
    """True for "these include …", in lower case: it lists what the statement before spoke of."""
    return bool(_CONTINUES.match(words))


def is_no(words: str) -> bool:
    match = _YES_NO.match(words)
    return bool(match and match["no"])


def joined(question: str, words: str) -> str | None:
    """What question and answer say together; None where the answer speaks for itself."""
    answer = _YES_NO.match(words)
    length = len(words.split())
    listed = length <= _LIST_WORDS and _WHAT_FOR.search(question) and not has_verb(words)
    if listed or (length <= _SHORT_WORDS and (answer or _HOW_MUCH.search(question))):
        return f"{question.rstrip(' ?')}: {words}"
    # A yes or no with more behind it answers the question as it stands.
    return question.rstrip(" ?") if answer else None


def bare_opening(statements: list[Statement], text: str) -> bool:
    """True where a bare "Yes." stands before a sentence: both are one statement."""
    if len(statements) < 2:
        return False
    words = text[statements[0].start : statements[0].end]
    return len(words.split()) <= _BARE_WORDS and bool(_YES_NO.match(words))


def widened(claims: Iterable[Claim], start: int, text: str) -> list[Claim]:
    """The claims of a statement that begins earlier, with the bare answer before it."""
    return [replace(c, start=start, quote=text[start : c.end]) for c in claims]


def as_answer(claim: Claim, words: str, start: int) -> Claim:
    """A claim read from a question and its answer stands where the answer stands."""
    return replace(
        claim,
        quote=words,
        start=start,
        end=start + len(words),
        polarity=Polarity.NEGATED if is_no(words) else claim.polarity,
        cues=tuple(replace(c, start=None, end=None, place="question") for c in claim.cues),
    )
