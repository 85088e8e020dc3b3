"""Reads the claims out of a page: statements, their context, the frames they fit, and every slot with its words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.language import Language
from spacy.tokens import Doc

from claims import frames as frame_data
from claims import lexicon as lexicons
from claims.model import (
    Attribution,
    Block,
    BlockKind,
    Claim,
    Cue,
    Family,
    Framing,
    Page,
    Polarity,
    Route,
    Strength,
    Subject,
    Unread,
)
from claims.rules import Rules
from pipeline.nlp import assertion, qualifiers, subjects
from pipeline.nlp.analysis import Mention, Statement
from pipeline.nlp.matching import GENERIC_CONDITIONS, Context, Fit, fits
from pipeline.nlp.normalise import normalise
from pipeline.nlp.pipeline import build
from pipeline.nlp.subjects import Topic

_YES_NO = re.compile(
    r"^\W*(?:(?P<no>no\b|not\b|none\b|never\b|nope\b|rarely\b|seldom\b|hardly\b|usually not\b|generally not\b|it (?:does|is|has) not\b"
    r"|it (?:doesn't|isn't)\b|unlikely\b|unfortunately,? (?:no|not)\b|in most cases,? no\b|typically,? (?:no|not)\b|currently,? no\b)"
    r"|(?P<yes>yes\b|absolutely\b|definitely\b|of course\b|correct\b|yep\b|certainly\b|totally\b|it (?:can|is|does|may|might)\b|indeed\b|sure\b))",
    re.IGNORECASE,
)
_SHORT_ANSWER = 9
"""Words up to which an answer is read together with its question."""
_BARE_WORDS = 4
_ANAPHOR = re.compile(
    r"^\W*(?:it|its|they|their|these|this|those|such|the (?:effects?|results?|benefits?|treatments?|therapy|improvements?|relief|response)|"
    r"(?:and|but|however|in addition|additionally|furthermore|moreover|also),? (?:it|this|these|they))\b",
    re.IGNORECASE,
)
_ITEM_KINDS = {BlockKind.LIST_ITEM, BlockKind.TABLE_CELL}
_MAX_PREFIX = 300
_PASSING_SHARE = 0.15
"""Share of a page's blocks below which it speaks of the treatment in passing, unless it opens with it."""
_OPENING_BLOCKS = 3


@dataclass(frozen=True, slots=True)
class _Unit:
    """A block as it is read: borrowed words before its own."""

    block: Block
    index: int
    text: str
    own: int
    """Where the block's own words begin in `text`."""


class Extractor:
    """Built once a process; `extract` keeps nothing between pages."""

    def __init__(self, rules: Rules) -> None:
        self.nlp: Language = build(rules.nlp_base, rules.treatment)
        self.lexicon = lexicons.load(rules.treatment)
        self.frames = {f: rows for f, rows in frame_data.load().items() if f in rules.families}

    def extract(self, page: Page) -> tuple[tuple[Claim, ...], tuple[Unread, ...]]:
        """Claims in reading order, and the blocks that should perhaps have given some."""
        units = [_unit(block, i) for i, block in enumerate(page.blocks)]
        docs = self._docs(units, page)
        reader = _PageReader(self, page, docs)
        return reader.read(units)

    def _docs(self, units: Sequence[_Unit], page: Page) -> dict[str, Doc]:
        """One Doc for each different text of the page, contexts included."""
        texts: dict[str, None] = {normalise(page.title): None}
        for unit in units:
            texts[normalise(unit.text)] = None
            for context in (unit.block.question, unit.block.lead_in, unit.block.label, *unit.block.headings):
                if context:
                    texts[normalise(context)] = None
        return dict(zip(texts, self.nlp.pipe(texts), strict=True))


def _unit(block: Block, index: int) -> _Unit:
    """Items are read behind their lead-in, cells behind their header, so that its words reach them."""
    prefix = block.lead_in or block.label
    if prefix and block.kind in _ITEM_KINDS and len(prefix) <= _MAX_PREFIX:
        head = prefix.rstrip(" :.") + ": "
        return _Unit(block, index, head + block.text, len(head))
    return _Unit(block, index, block.text, 0)


class _PageReader:
    """One page's reading: what carries over from statement to statement lives here."""

    def __init__(self, engine: Extractor, page: Page, docs: dict[str, Doc]) -> None:
        self.engine = engine
        self.page = page
        self.docs = docs
        self.page_topic = self._page_topic()
        self.elsewhere = self._mostly_elsewhere()
        self.page_route = Route.NONE
        self.last_topic: Topic | None = None
        self.last_conditions: tuple[str, ...] = ()

    def _page_topic(self) -> Topic | None:
        """What the page is about, where a statement does not say."""
        counts = {Subject.KETAMINE: 0, Subject.ESKETAMINE: 0}
        for doc in self.docs.values():
            for mention in doc._.mentions:
                subject = subjects.of_kinds(mention)
                if subject in counts:
                    counts[subject] += 1
        if not any(counts.values()):
            return None
        subject = (
            Subject.ESKETAMINE
            if counts[Subject.ESKETAMINE] > 3 * counts[Subject.KETAMINE]
            else Subject.KETAMINE
        )
        return Topic(subject, None, "page")

    def _mostly_elsewhere(self) -> bool:
        """True for a page that speaks of the treatment only in passing: there a section must name it."""
        blocks = self.page.blocks
        speaking = [i for i, block in enumerate(blocks) if self._speaks_of_drug(block)]
        if not speaking:
            return True
        return len(speaking) < _PASSING_SHARE * len(blocks) and speaking[0] > _OPENING_BLOCKS

    def _speaks_of_drug(self, block: Block) -> bool:
        mentions = self._doc(_unit(block, 0).text)._.mentions
        return any(
            subjects.of_kinds(m) in (Subject.KETAMINE, Subject.ESKETAMINE) or "this_medicine" in m.kinds
            for m in mentions
        )

    def read(self, units: Sequence[_Unit]) -> tuple[tuple[Claim, ...], tuple[Unread, ...]]:
        if self.page_topic is None:
            return (), ()
        claims: list[Claim] = []
        unread: list[Unread] = []
        for unit in units:
            found = list(self._unit_claims(unit))
            claims.extend(found)
            if not found and (seen := self._unread(unit)):
                unread.append(Unread(unit.index, unit.block.text, seen, unit.block.locator.line))
        return tuple(claims), tuple(unread)

    def _doc(self, text: str) -> Doc:
        return self.docs[normalise(text)]

    def _unread(self, unit: _Unit) -> tuple[str, ...]:
        if unit.block.kind is BlockKind.QUESTION:
            return ()
        mentions = [m for m in self._doc(unit.text)._.mentions if m.first >= unit.own]
        if not any(subjects.of_kinds(m) in (Subject.KETAMINE, Subject.ESKETAMINE) for m in mentions):
            return ()
        triggers = {
            kind for rules in self.engine.frames.values() for frame in rules.frames for kind in frame.trigger
        }
        kinds = (next((k for k in m.kinds if k in triggers), None) for m in mentions)
        return tuple(
            f"{kind}: {unit.text[m.first : m.last]}" for m, kind in zip(mentions, kinds, strict=True) if kind
        )

    def _unit_claims(self, unit: _Unit) -> Iterator[Claim]:
        block = unit.block
        if self.elsewhere and block.kind is BlockKind.HEADING:
            self.last_topic = None
        if block.kind is BlockKind.QUESTION or block.framing_label == "myth":
            self._remember(unit)
            return
        doc = self._doc(unit.text)
        statements: list[Statement] = [s for s in doc._.statements if s.end > unit.own]
        context = self._context(block)
        merged = _merge_bare_answer(statements, doc, unit) if block.answers_directly else None
        for i, statement in enumerate(statements):
            if doc.text[statement.start : statement.end].rstrip(" \"')").endswith("?"):
                continue
            if i + 1 < len(statements) and assertion.denies_before(statements[i + 1]):
                continue
            neighbours = statements[max(i - 1, 0) : i + 2]
            span = (merged[0], statement.end) if merged and i == merged[1] else None
            found = list(self._statement_claims(unit, statement, context, neighbours, doc, first=i == 0))
            if span:
                found = [replace(c, start=span[0], quote=unit.block.text[span[0] : c.end]) for c in found]
            if i == (merged[1] if merged else 0) and block.answers_directly:
                families = {c.family for c in found}
                start = merged[0] if merged else statement.start
                found.extend(
                    c
                    for c in self._from_question(unit, statement, start, neighbours)
                    if c.family not in families
                )
            yield from found

    def _remember(self, unit: _Unit) -> None:
        self.last_topic, self.last_conditions = None, ()

    def _context(self, block: Block) -> Context:
        def kinds(text: str | None) -> frozenset[str]:
            if not text:
                return frozenset()
            return frozenset(k for m in self._doc(text)._.mentions for k in m.kinds)

        heading = frozenset().union(*(kinds(h) for h in block.headings[-2:]))
        return Context(kinds(block.lead_in) | kinds(block.label), kinds(block.question), heading)

    def _inherited_topic(self, unit: _Unit, statement: Statement, doc: Doc) -> Topic | None:
        """Lead-in, question, the statement before, heading, page: the first that names a treatment."""
        words = doc.text[statement.start : statement.end]
        if self.last_topic and _ANAPHOR.match(words):
            return replace_place(self.last_topic, "previous")
        block = unit.block
        sources = [("lead_in", block.lead_in), ("label", block.label), ("question", block.question)]
        sources += [("heading", h) for h in reversed(block.headings)]
        for place, text in sources:
            found = self._topic_of(text, place)
            if found:
                return found
        if self.elsewhere:
            return self.last_topic if self.last_topic and self.last_topic.ours else None
        return self.page_topic

    def _topic_of(self, text: str | None, place: str) -> Topic | None:
        if not text:
            return None
        named = [(subjects.of_kinds(m), m) for m in self._doc(text)._.mentions]
        ours = [(s, m) for s, m in named if s in (Subject.KETAMINE, Subject.ESKETAMINE)]
        if ours:
            return Topic(ours[0][0] or Subject.KETAMINE, ours[0][1], place)
        others = [m for s, m in named if s is Subject.OTHER]
        return Topic(Subject.OTHER, others[0], place) if others and place != "question" else None

    def _statement_claims(
        self,
        unit: _Unit,
        statement: Statement,
        context: Context,
        neighbours: list[Statement],
        doc: Doc,
        first: bool,
    ) -> Iterator[Claim]:
        if not statement.fragments:
            return
        inherited = self._inherited_topic(unit, statement, doc)
        best: dict[tuple[Family, str], Claim] = {}
        labelled: set[tuple[Family, str]] = set()
        kind = unit.block.kind.value
        for rules in self.engine.frames.values():
            for fit in fits(rules.frames, statement, context, kind, unit.own):
                claim = self._claim(unit, statement, fit, inherited, neighbours, doc)
                if claim:
                    key = claim.family, claim.proposition
                    in_label = _in_label(statement, fit.trigger)
                    # A label and its body are one statement: the body's strength decides (ruling 4).
                    if key in best and key in labelled and not in_label:
                        best[key] = claim
                        labelled.discard(key)
                    elif key not in best:
                        best[key] = claim
                        if in_label:
                            labelled.add(key)
                    elif not in_label and claim.strength > best[key].strength:
                        best[key] = claim
        self._carry(statement, inherited, doc)
        dropped = {
            (family, less)
            for family, proposition in best
            for less in self.engine.frames[family].subsumes.get(proposition, ())
        }
        yield from (claim for key, claim in best.items() if key not in dropped)

    def _carry(self, statement: Statement, inherited: Topic | None, doc: Doc) -> None:
        """Keep what the next statement may refer back to."""
        named = sorted(statement.of(*subjects.OURS))
        if named:
            self.last_topic = Topic(subjects.of_kinds(named[0]) or Subject.KETAMINE, named[0])
        elif any(
            not subjects.background(statement, m)
            for m in statement.of("other_treatment", "other_antidepressants")
        ):
            self.last_topic = Topic(
                Subject.OTHER, next(statement.of("other_treatment", "other_antidepressants"))
            )
        elif inherited:
            self.last_topic = inherited
        conditions = tuple(
            dict.fromkeys(m.kinds["condition"] for m in statement.by_kind.get("condition", ()))
        )
        if conditions:
            self.last_conditions = conditions
        elif not _ANAPHOR.match(doc.text[statement.start : statement.end]):
            self.last_conditions = ()

    def _claim(
        self,
        unit: _Unit,
        statement: Statement,
        fit: Fit,
        inherited: Topic | None,
        neighbours: list[Statement],
        doc: Doc,
    ) -> Claim | None:
        frame, trigger = fit.frame, fit.trigger
        topic = subjects.topic(statement, trigger, inherited)
        if topic is None or not _subject_fits(frame.subject, topic, statement):
            return None
        if not frame.optional_framing and assertion.asked(statement, trigger):
            return None
        if assertion.denied(statement, trigger):
            return None
        cues = [_cue(unit, "family", fit.frame.proposition, trigger, f"frames/{frame.name}")]
        cues += [
            _cue(unit, "family", frame.proposition, m, f"frames/{frame.name}")
            for m in fit.support
            if m is not trigger
        ]
        if topic.mention is not None and topic.place == "statement":
            cues.append(_cue(unit, "subject", topic.subject.value, topic.mention, "subjects"))
        elif topic.mention is not None:
            cues.append(Cue("subject", topic.subject.value, "", None, None, "subjects", topic.place))
        strength, strength_cues = self._strength(statement, fit)
        cues += [_cue(unit, "strength", strength.name, c.mention, f"cues/{c.kind}") for c in strength_cues]
        who, mention = assertion.attribution(statement)
        if mention:
            cues.append(_cue(unit, "attribution", who.value, mention, "cues/attribution"))
        conditions, condition_cues = self._conditions(unit, statement, fit, doc)
        cues += condition_cues
        if fit.quantity:
            q = fit.quantity
            cues.append(
                Cue(
                    "quantity",
                    f"{q.low}-{q.high}",
                    q.text,
                    q.start - unit.own,
                    q.end - unit.own,
                    "quantities",
                )
            )
        route, route_mention = subjects.route(statement, topic.subject, self.page_route)
        if route_mention:
            cues.append(_cue(unit, "route", route.value, route_mention, "subjects"))
        tags, tag_cues = qualifiers.of_statement(statement, neighbours, fit)
        cues += [_cue(unit, "qualifier", tag, m, "qualifiers") for tag, m in tag_cues]
        if fit.negated:
            cues.append(_cue(unit, "polarity", "negated", fit.negated, "cues/neg"))
        start = max(statement.start, unit.own) - unit.own
        end = statement.end - unit.own
        return Claim(
            family=frame.family,
            proposition=frame.proposition,
            subject=topic.subject,
            route=route,
            conditions=conditions,
            strength=strength,
            polarity=Polarity.NEGATED if fit.negated else Polarity.AFFIRMED,
            attribution=who,
            framing=Framing.ASSERTED,
            quantity=fit.quantity,
            qualifiers=tuple(sorted({*tags, *frame.qualifiers})),
            quote=unit.block.text[start:end],
            start=start,
            end=end,
            block=unit.index,
            cues=tuple(cues),
        )

    def _strength(self, statement: Statement, fit: Fit) -> tuple[Strength, list[assertion.StrengthCue]]:
        frame = fit.frame
        if frame.fixed is not None:
            return frame.fixed, []
        base = frame.base if frame.base is not None else self._base(fit.trigger)
        cues = [
            c
            for c in assertion.strength_cues(statement)
            if c.mention is not fit.trigger or c.kind == "report_verb"
        ]
        target = fit.trigger
        if fit.quantity and fit.quantity.kind == "time":
            # Each family's strength comes from its own slot (ruling 1): here the time.
            target = target._replace(first=fit.quantity.start, last=fit.quantity.end)
        return assertion.strength(cues, statement, target, fit.support, base, frame.family.value)

    def _base(self, trigger: Mention) -> Strength:
        bases = [self.engine.lexicon.types[kind].base for kind in trigger.kinds]
        known = [b for b in bases if b is not None]
        return known[0] if known else Strength.S3

    def _conditions(
        self, unit: _Unit, statement: Statement, fit: Fit, doc: Doc
    ) -> tuple[tuple[str, ...], list[Cue]]:
        if fit.frame.conditions == "none":
            return (), []
        mentions = [m for m in statement.by_kind.get("condition", ()) if not _excluded(statement, m)]
        own = [m for m in mentions if m.first >= unit.own]
        mentions = _nearest_conditions(statement, fit, own or mentions)
        if mentions:
            values = _specific(tuple(dict.fromkeys(m.kinds["condition"] for m in mentions)))
            return values, [_cue(unit, "condition", m.kinds["condition"], m, "conditions") for m in mentions]
        if self.last_conditions and _ANAPHOR.match(doc.text[statement.start : statement.end]):
            return self.last_conditions, [
                Cue("condition", c, "", None, None, "conditions", "previous") for c in self.last_conditions
            ]
        sources = [
            ("question", unit.block.question),
            *(("heading", h) for h in reversed(unit.block.headings)),
        ]
        for place, text in sources:
            values = self._conditions_of(text)
            if values:
                return values, [
                    Cue("condition", c, text or "", None, None, "conditions", place) for c in values
                ]
        return (), []

    def _conditions_of(self, text: str | None) -> tuple[str, ...]:
        if not text:
            return ()
        found = (m.kinds["condition"] for m in self._doc(text)._.mentions if "condition" in m.kinds)
        return _specific(tuple(dict.fromkeys(found)))

    def _from_question(
        self, unit: _Unit, statement: Statement, start: int, neighbours: list[Statement]
    ) -> Iterator[Claim]:
        """ "Is it addictive? No." asserts what the question asks, or its contrary; "How soon? Within hours." too."""
        words = unit.block.text[start : statement.end - unit.own]
        answer = _YES_NO.match(words)
        short = len(words.split()) <= _SHORT_ANSWER
        question = unit.block.question
        if not question or not (answer or short):
            return
        # A yes or no answers the question as it stands; other short answers complete it.
        joined = question.rstrip(" ?") + ": "
        text = joined + words if short else question.rstrip(" ?")
        doc = self.engine.nlp(normalise(text))
        asked = doc._.statements[-1] if doc._.statements else None
        if asked is None or not asked.fragments:
            return
        negated = bool(answer and answer["no"])
        own = _Unit(unit.block, unit.index, text, 0)
        none = Context(frozenset(), frozenset(), frozenset())
        for rules in self.engine.frames.values():
            for fit in fits(rules.frames, asked, none, BlockKind.ANSWER.value, 0, force_negated=negated):
                relaxed = fit._replace(frame=replace(fit.frame, optional_framing=True))
                claim = self._claim(own, asked, relaxed, self.page_topic, [asked, *neighbours], doc)
                if claim:
                    yield _as_answer(claim, words, start, negated)


def _as_answer(claim: Claim, words: str, start: int, negated: bool) -> Claim:
    """A claim read from a question and its answer stands where the answer stands."""
    return replace(
        claim,
        quote=words,
        start=start,
        end=start + len(words),
        polarity=Polarity.NEGATED if negated else claim.polarity,
        cues=tuple(replace(c, start=None, end=None, place="question") for c in claim.cues),
    )


def replace_place(topic: Topic, place: str) -> Topic:
    return topic._replace(place=place)


def _merge_bare_answer(statements: list[Statement], doc: Doc, unit: _Unit) -> tuple[int, int] | None:
    """Where a bare "Yes." stands before a sentence, both are one statement: (its start, index of that sentence)."""
    if len(statements) < 2:
        return None
    words = doc.text[statements[0].start : statements[0].end]
    if _YES_NO.match(words) and len(words.split()) <= _BARE_WORDS:
        return max(statements[0].start - unit.own, 0), 1
    return None


def _in_label(statement: Statement, trigger: Mention) -> bool:
    return statement.fragments[statement.fragment_at(trigger.first)].kind == "label"


def _subject_fits(wanted: str, topic: Topic, statement: Statement) -> bool:
    if wanted == "any":
        return True
    if wanted == "other":
        return not topic.ours
    if wanted == "named":
        return topic.ours and statement.has(*subjects.OURS)
    if wanted == "ours":
        return topic.ours
    return topic.subject.value == wanted


def _excluded(statement: Statement, mention: Mention) -> bool:
    """Conditions of the past or of others: "who tried antidepressants" is none, "without anxiety" is none."""
    return False


def _nearest_conditions(statement: Statement, fit: Fit, mentions: list[Mention]) -> list[Mention]:
    """Those of the fragments that the frame stands in, where there are any; else all of the statement."""
    homes = {statement.fragment_at(m.first) for m in (fit.trigger, *fit.support)}
    near = [m for m in mentions if statement.fragment_at(m.first) in homes]
    if fit.frame.family is Family.EFFICACY and all(m.kinds["condition"] in GENERIC_CONDITIONS for m in near):
        return mentions
    return near or mentions


def _specific(values: tuple[str, ...]) -> tuple[str, ...]:
    """ "Symptoms of depression" is about depression: what is named goes before what is not."""
    named = tuple(v for v in values if v not in GENERIC_CONDITIONS)
    return named or values


def _cue(unit: _Unit, slot: str, value: str, mention: Mention, rule: str) -> Cue:
    words = unit.text[mention.first : mention.last]
    if mention.first < unit.own:
        return Cue(slot, value, words, None, None, rule, "lead_in")
    return Cue(slot, value, words, mention.first - unit.own, mention.last - unit.own, rule)


def extract(page: Page, rules: Rules) -> tuple[tuple[Claim, ...], tuple[Unread, ...]]:
    """Convenience for one page."""
    return Extractor(rules).extract(page)


def attributions(claims: Iterable[Claim]) -> set[Attribution]:
    """Who is said to speak in these claims."""
    return {claim.attribution for claim in claims}
