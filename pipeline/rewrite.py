"""Rewrites for writers: the same sentence with the smallest change that passes, tried out and audited.

A rewrite is advice; the program never applies one. What passes is decided by the audit function handed in, on
the statement in its place: the block with its headings and its neighbours.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache
from importlib.resources import files

from claims.model import Attribution, Claim, Family, Finding, Page, Rewrite, SourceMap
from pipeline.nlp.register import addresses_reader

Reaudit = Callable[[Page], Sequence[Finding]]
"""Findings of a page, all families, supported ones too; the same page gives the same findings."""

MOST_CHANGED = 0.6
"""Share of the words that an edit may change."""
_TRIES = 90
_BEAM = 5
_DEPTH = 3
_OPENING = 3
"""Blocks at the top that tell what the page is about."""
_NAMES = ("spravato", "iv ", "im ", "fda", "i ", "nmda", "ptsd", "ocd", "adhd")
"""Words that keep their capital inside a sentence."""
_SHORT_ANSWER = re.compile(
    r"(?:no|yes|never|absolutely|totally|definitely|certainly|of course|not at all)\s*[.,!;:\u2013\u2014-]+\s+",
    re.IGNORECASE,
)
_STRONG = 25
"""Badness of what audits well and is refused all the same: worth building on."""
_QUOTED = re.compile('["\u201c\u201e\u00ab]')


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace `text[start:end]` of a statement."""

    start: int
    end: int
    text: str
    last: bool = False


@dataclass(frozen=True, slots=True)
class _Rule:
    find: re.Pattern[str]
    verbs: bool
    texts: tuple[str, ...]
    families: frozenset[Family]
    """Empty for any."""
    last: bool
    """Tried after what reads better."""
    hedge: bool
    where: re.Pattern[str] | None
    unless: re.Pattern[str] | None

    def fits(self, statement: str) -> bool:
        """Whether the statement as a whole is one for this rule."""
        wanted = self.where is None or self.where.search(statement)
        return bool(wanted) and not (self.unless and self.unless.search(statement))


@dataclass(frozen=True, slots=True)
class _Rules:
    rules: tuple[_Rule, ...]
    vanish: frozenset[Family]
    never: tuple[tuple[re.Pattern[str], frozenset[Family]], ...]


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    data = json.loads(files("claims").joinpath("language", "rewrites.json").read_text(encoding="utf-8"))
    forms = sorted({form for verb in data["verbs"] for form in (verb, _third(verb))}, key=len, reverse=True)
    verb = re.compile(rf"\b(?:{'|'.join(forms)})\b", re.IGNORECASE)
    return _Rules(
        tuple(
            _Rule(
                find=verb if one["find"] == "verb" else re.compile(one["find"], re.IGNORECASE),
                verbs=one["find"] == "verb",
                texts=tuple(one["with"]),
                families=frozenset(map(Family, one.get("families", ()))),
                last=one.get("last", False),
                hedge=one.get("hedge", False),
                where=_pattern(one.get("where")),
                unless=_pattern(one.get("unless")),
            )
            for one in data["edits"]
        ),
        frozenset(map(Family, data["vanish"])),
        tuple(
            (re.compile(one["find"], re.IGNORECASE), frozenset(map(Family, one.get("families", Family))))
            for one in data["never"]
        ),
    )


def _pattern(text: str | None) -> re.Pattern[str] | None:
    return re.compile(text, re.IGNORECASE) if text else None


def too_strong(text: str, families: Iterable[Family]) -> bool:
    """Whether a rewrite for these families still holds what a reviewer would send back, however it audits."""
    wanted = frozenset(families)
    return any(families & wanted and find.search(text) for find, families in _rules().never)


def _third(verb: str) -> str:
    if re.search(r"(?:s|x|z|ch|sh|o)$", verb):
        return f"{verb}es"
    return f"{verb[:-1]}ies" if re.search(r"[^aeiou]y$", verb) else f"{verb}s"


def _base(form: str) -> str:
    lowered = form.lower()
    if lowered.endswith("ies"):
        return f"{lowered[:-3]}y"
    if re.search(r"(?:s|x|z|ch|sh|o)es$", lowered) and not lowered.endswith("eases"):
        return lowered[:-2] if not re.search(r"[aeiou]ses$", lowered) else lowered[:-1]
    return lowered[:-1] if lowered.endswith("s") and not lowered.endswith("ss") else lowered


def suggest(page: Page, findings: Sequence[Finding], reaudit: Reaudit) -> tuple[Finding, ...]:
    """The findings, those that are flagged with a rewrite."""
    flagged: dict[tuple[int, int, int], list[Finding]] = {}
    for finding in findings:
        if finding.verdict.flagged:
            said = finding.claim
            flagged.setdefault((said.block, said.start, said.end), []).append(finding)
    made: dict[str, Rewrite] = {}
    mended: dict[str, str] = {}
    for group in flagged.values():
        statement = _Statement(page, group, reaudit)
        rewrites = statement.following(mended) or statement.rewrites()
        mended |= statement.mended(rewrites)
        made |= rewrites
    return tuple(replace(one, rewrite=made.get(one.fingerprint, one.rewrite)) for one in findings)


def changed(before: str, after: str) -> float:
    """Share of words that differ, 0 to 1, of the longer of the two."""
    a, b = (re.findall(r"[\w%'’-]+", text.lower()) for text in (before, after))
    if not (a or b):
        return 0.0
    kept = sum(block.size for block in SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks())
    return round(1 - kept / max(len(a), len(b)), 3)


def candidates(statement: str, families: Iterable[Family]) -> list[Edit]:
    """Edits that the data offers for a statement flagged in these families, in the data's order."""
    wanted = frozenset(families)
    found: dict[Edit, None] = {}
    for rule in _rules().rules:
        if (rule.families and not rule.families & wanted) or not rule.fits(statement):
            continue
        for match in rule.find.finditer(statement):
            if rule.verbs and not _finite(statement, match):
                continue
            if rule.hedge and _of_others(statement, match):
                continue
            for text in rule.texts:
                edit = Edit(match.start(), match.end(), _filled(rule, match, text), rule.last)
                if edit.text != match.group():
                    found.setdefault(edit)
    return list(found)


_BLOCKING = re.compile(
    r"\b(?:to|may|can|might|could|will|would|should|must|do|does|did|not|n['’]t|be|been|has|have|had|"
    r"help\w*|let\w*|make\w*|allow\w*)\b"
)
_NOUN_BEFORE = re.compile(
    r"\b(?:the|an?|its|their|our|your|these|those|this|of|with|in|for|many|few|more|other)$"
)
_SUBJECT_BEFORE = re.compile(r"(?:[a-z]{3,}s|\b(?:they|we|you|people|that|which|who|and))$")


_OF_PATIENTS = re.compile(
    r"\b(?:people|patients?|individuals?|those|anyone|someone|persons?|clients?|members?|adults?|veterans?)\b"
    r"[^.;:]*\b(?:who|whom|whose|that)\b[^,.;:]*$",
    re.IGNORECASE,
)
_STAFF = re.compile(
    r"\b(?:we|psychiatrists?|clinicians?|doctors?|physicians?|providers?|nurses?|teams?|staff|professionals?|"
    r"experts?|researchers?|scientists?|oversight|role|goal|aim|clinic|company|practice|cent(?:er|re))\b",
    re.IGNORECASE,
)


_BESIDE = re.compile(r"\b(?:before|after|when|while|if|until|once|because|where|why|how)\b", re.IGNORECASE)


def _of_others(statement: str, match: re.Match[str]) -> bool:
    """Whether a hedge would stand in a clause on patients or staff: it would say nothing of the treatment."""
    before = statement[: match.start()]
    clause = re.split(r"[,;:.]", before)[-1]
    return any(
        one.search(text) for one, text in ((_OF_PATIENTS, before), (_STAFF, clause), (_BESIDE, clause))
    )


def _finite(statement: str, match: re.Match[str]) -> bool:
    """Whether the word found is a verb that a hedge may stand before: "relieves", or "relieve" after a plural."""
    before = statement[: match.start()].rstrip().lower()
    found = match.group().lower()
    if found != _base(found):
        return not _NOUN_BEFORE.search(before)
    clause = re.split(r"[,;:.]", before)[-1]
    return bool(_SUBJECT_BEFORE.search(before)) and not _BLOCKING.search(" ".join(clause.split()[-5:]))


def _filled(rule: _Rule, match: re.Match[str], text: str) -> str:
    if rule.verbs:
        base = _base(match.group())
        return text.replace("{base}", base).replace("{3}", match.group().lower())
    made = match.expand(text)
    if match.start() == 0 and text.find("\\1") > 0 and not match.group(1).lower().startswith(_NAMES):
        made = match.expand(text.replace("\\1", _lowered(match.group(1))))
    opening = re.match(r"(an?) (?=\w)", made, re.IGNORECASE)
    return _article(opening.group(), made[opening.end() :]) + made[opening.end() :] if opening else made


def apply(statement: str, edits: Iterable[Edit]) -> str:
    """The statement with edits that do not overlap, capitals, articles and spaces put right."""
    out = statement
    for edit in sorted(edits, key=lambda one: (-one.start, -one.end)):
        before, after = out[: edit.start], out[edit.end :]
        if edit.start == 0 and edit.text and not after.lower().startswith(_NAMES):
            after = _lowered(after)
        joined = _article(before + edit.text, after) if edit.text.endswith(" ") else before + edit.text
        out = (
            _article(before, edit.text + after) + edit.text + after
            if joined == before + edit.text
            else joined + after
        )
        if not before.strip() and statement[:1].isupper():
            rest = out[len(before) :].lstrip()
            out = before + rest[:1].upper() + rest[1:]
    out = re.sub(r"\s+([,.;:!?])", r"\1", re.sub(r"[ \t]{2,}", " ", out))
    out = re.sub(r"^[\s:;,.–—-]+", "", out) if not re.match(r"[\s:;,.–—-]", statement) else out
    return (out[:1].upper() + out[1:] if statement[:1].isupper() else out).strip()


def _lowered(text: str) -> str:
    """`text` as it goes on within a sentence; words in capitals stay as they are."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _article(before: str, after: str) -> str:
    """`before` with a closing "a" or "an" as the next word wants it."""
    match = re.search(r"\b([Aa])n? $", before)
    if not match or not after.strip():
        return before
    vowel = re.match(r"\s*(?:[aeio]|u(?!ni|se|su))", after, re.IGNORECASE)
    return before[: match.start()] + match.group(1) + ("n " if vowel else " ")


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What the audit makes of a candidate."""

    supported: frozenset[Family]
    flagged: frozenset[Family]
    badness: int
    """Of what is flagged, to tell how near a candidate is."""


class _Statement:
    """One flagged statement of a page, and the search for its rewrite."""

    def __init__(self, page: Page, findings: Sequence[Finding], reaudit: Reaudit) -> None:
        self._findings = findings
        self._claim = findings[0].claim
        self._families = frozenset(one.claim.family for one in findings)
        self._lead_in = page.blocks[self._claim.block].lead_in
        self._whole = page.blocks[self._claim.block].text
        self._reaudit = reaudit
        self._seen: dict[str, _Outcome] = {}
        self._cues = [
            (cue.start - self._claim.start, cue.end - self._claim.start)
            for finding in findings
            for claim in (finding.claim, *finding.others)
            for cue in claim.cues
            if cue.place == "statement" and cue.start is not None and cue.end is not None
        ]
        self._frame = _near(page, self._claim)
        if self._audited(self._claim.quote).flagged != self._families:
            self._frame = _wide(page, self._claim)

    def rewrites(self) -> dict[str, Rewrite]:
        """By fingerprint: one sentence that mends all families, else one for each."""
        patient = self._claim.attribution is Attribution.PATIENT or Family.TESTIMONIAL in self._families
        if patient or _QUOTED.match(self._claim.quote):
            # What a patient said is not ours to reword.
            return {one.fingerprint: Rewrite("remove", "", 1.0) for one in self._findings}
        together = self._search(self._families)
        out = {}
        for finding in self._findings:
            family = finding.claim.family
            text = together or (self._search(frozenset({family})) if len(self._findings) > 1 else None)
            out[finding.fingerprint] = self._edit(family, text) if text else self._approved(finding)
        return out

    def mended(self, rewrites: dict[str, Rewrite]) -> dict[str, str]:
        """The block's text with and without its edit, for the items that it introduces."""
        texts = {one.text for one in rewrites.values() if one.kind in ("edit", "cut")}
        if len(texts) != 1:
            return {}
        claim, text = self._claim, self._whole
        return {text: text[: claim.start] + texts.pop() + text[claim.end :]}

    def following(self, mended: dict[str, str]) -> dict[str, Rewrite]:
        """Rewrites of an item that passes as it stands, once the sentence that introduces it is mended."""
        introduced = mended.get(self._lead_in or "")
        if introduced is None:
            return {}
        outcome = self._audited(self._claim.quote, introduced)
        if outcome.flagged & self._families:
            return {}
        follows = Rewrite("follows", self._claim.quote, 0.0)
        return {one.fingerprint: follows for one in self._findings}

    def _edit(self, family: Family, text: str) -> Rewrite:
        kind = "edit" if family in self._outcome(text).supported else "cut"
        return Rewrite(kind, text, changed(self._claim.quote, text))

    def _approved(self, finding: Finding) -> Rewrite:
        """The catalogue's wording, where it passes in this place; else the advice to remove the statement."""
        for wording in finding.suggestions:
            outcome = self._outcome(wording)
            if finding.claim.family in outcome.supported and not outcome.flagged:
                return Rewrite("approved", wording, changed(self._claim.quote, wording))
        return Rewrite("remove", "", 1.0)

    def _search(self, families: frozenset[Family]) -> str | None:
        """Smallest change first, then on from the most promising ones; None where nothing passes.

        Second best is a sentence in which some of the families are supported and the others are gone.
        """
        second: str | None = None
        quote = self._claim.quote
        short = _SHORT_ANSWER.match(quote)
        edits = [one for one in candidates(quote, families) if one.start or one.end or not short]
        # "No. It is not addictive." turned round would answer the question with a no still.
        beam: list[tuple[Edit, ...]] = [(Edit(0, short.end(), ""),) if short else ()]
        for _ in range(_DEPTH):
            level = sorted(
                {
                    apply(quote, (*done, edit)): (*done, edit)
                    for done in beam
                    for edit in edits
                    if all(_apart(edit, other) for other in done)
                }.items(),
                key=lambda one: (changed(quote, one[0]) + self._awkward(one[1]), len(one[1])),
            )
            tried = []
            for text, done in level:
                if len(self._seen) >= _TRIES:
                    break
                if not text or text == quote or changed(quote, text) > MOST_CHANGED:
                    continue
                if too_strong(text, families):
                    tried.append((_STRONG, changed(quote, text), done))
                    continue
                outcome = self._outcome(text)
                if self._passes(outcome, families):
                    return text
                if second is None and outcome.supported & families and self._clears(outcome):
                    second = text
                tried.append((outcome.badness, changed(quote, text), done))
            beam = [done for _, _, done in sorted(tried, key=lambda one: one[:2])[:_BEAM]]
        return second

    def _awkward(self, edits: Iterable[Edit]) -> float:
        """What is added to the share of changed words, so that fluent and telling edits come first."""
        return sum(0.3 * edit.last + 0.15 * (not self._telling(edit)) for edit in edits)

    def _telling(self, edit: Edit) -> bool:
        """Whether the edit touches, or stands beside, words that decided one of the claims."""
        return any(edit.start <= end + 1 and start <= edit.end + 1 for start, end in self._cues)

    @staticmethod
    def _clears(outcome: _Outcome) -> bool:
        """Nothing is flagged any more: a sentence that mends one family and leaves another is no help."""
        return not outcome.flagged

    def _passes(self, outcome: _Outcome, families: frozenset[Family]) -> bool:
        """Every family is supported, or gone where nothing of it is ever carried."""
        return self._clears(outcome) and families - outcome.supported <= _rules().vanish

    def _outcome(self, text: str) -> _Outcome:
        if text not in self._seen:
            self._seen[text] = self._audited(text)
        return self._seen[text]

    def _audited(self, text: str, lead_in: str | None = None) -> _Outcome:
        frame = self._frame
        block = frame.page.blocks[frame.index]
        whole = f"{block.text[: frame.start]}{text}{block.text[frame.end :]}"
        blocks = list(frame.page.blocks)
        blocks[frame.index] = replace(block, text=whole, lead_in=lead_in or block.lead_in)
        start, end = frame.start, frame.start + len(text)
        here = [
            one
            for one in self._reaudit(replace(frame.page, blocks=tuple(blocks)))
            if one.claim.block == frame.index and one.claim.start < end and one.claim.end > start
        ]
        bad = [one for one in here if one.verdict.flagged]
        return _Outcome(
            supported=frozenset(o.claim.family for o in here if not o.verdict.flagged)
            - {o.claim.family for o in bad},
            flagged=frozenset(o.claim.family for o in bad),
            badness=sum(10 * one.verdict.badness + int(one.claim.strength) for one in bad),
        )


def _apart(one: Edit, other: Edit) -> bool:
    return one.end < other.start or other.end < one.start


@dataclass(frozen=True, slots=True)
class _Frame:
    """A small page that reads the statement as the whole page does, and where the statement stands in it."""

    page: Page
    index: int
    start: int
    end: int


def _wide(page: Page, claim: Claim) -> _Frame:
    """The opening of the page, the block whole, and its neighbours whole."""
    index, last = claim.block, len(page.blocks) - 1
    wanted = sorted({*range(min(_OPENING, last + 1)), max(index - 1, 0), index, min(index + 1, last)})
    blocks = [replace(page.blocks[i], source=SourceMap()) for i in wanted]
    small = replace(page, blocks=tuple(blocks), source_text="", addresses_reader=addresses_reader(page))
    return _Frame(small, wanted.index(index), claim.start, claim.end)


def _near(page: Page, claim: Claim) -> _Frame:
    """The same with less of each: a sentence or two around the statement, and the first of each other block."""
    wide = _wide(page, claim)
    blocks = []
    for place, block in enumerate(wide.page.blocks):
        if place == wide.index:
            first = _sentence_start(block.text, claim.start)
            last = _sentence_end(block.text, claim.end)
            blocks.append(replace(block, text=block.text[first:last]))
        elif place == wide.index - 1:
            blocks.append(replace(block, text=block.text[_sentence_start(block.text, len(block.text)) :]))
        else:
            blocks.append(replace(block, text=block.text[: _sentence_end(block.text, 0)]))
    small = replace(wide.page, blocks=tuple(blocks))
    first = _sentence_start(wide.page.blocks[wide.index].text, claim.start)
    return _Frame(small, wide.index, claim.start - first, claim.end - first)


_END = re.compile(r"[.!?]\s+")


def _sentence_start(text: str, before: int) -> int:
    """Where the sentence begins that ends before the offset."""
    ends = [one.end() for one in _END.finditer(text, 0, before)]
    return ends[-2] if len(ends) > 1 and ends[-1] >= before - 1 else (ends[-1] if ends else 0)


def _sentence_end(text: str, after: int) -> int:
    """Where the sentence ends that begins after the offset."""
    found = _END.search(text, min(after + 2, len(text)))
    return found.end() if found else len(text)
