"""Fills the slots of a claim, each with the words that decided it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from claims.lexicon import Lexicon
from claims.model import Claim, Cue, Family, Framing, Polarity, Quantity, Route, Strength
from pipeline.nlp import assertion, licence, qualifiers, subjects
from pipeline.nlp.analysis import GENERIC_CONDITIONS, Mention, Statement, StrengthCue
from pipeline.nlp.context import Surroundings, Unit, specific
from pipeline.nlp.matching import Fit
from pipeline.nlp.subjects import Topic

_OF_WHAT_IS_NAMED = (Family.COST, Family.REGULATORY, Family.PROCEDURE)
"""Families that speak of the treatment they name, wherever in the sentence it stands."""
_SAY_THEMSELVES = ("report_verb", "promise")
"""Cues that hold down what they themselves say: "reduced", "a potential treatment"."""
_DEPRESSIONS = frozenset(("depression", "major_depression"))
_RESISTANT = "treatment_resistant_depression"


@dataclass(slots=True)
class Reading:
    """A statement in its unit, with its neighbours and what it inherits."""

    unit: Unit
    statement: Statement
    words: str
    """The statement in lower case."""
    inherited: Topic | None
    neighbours: list[Statement]
    surroundings: Surroundings
    lexicon: Lexicon
    relaxed: bool = False
    """True for what a question asks: there, asking is no reason to pass it over."""
    _around: frozenset[str] | None = None
    _topics: dict[tuple[int, int, bool], Topic | None] = field(default_factory=dict)

    def topic(self, trigger: Mention) -> Topic | None:
        """Whom the clause of a trigger is about."""
        # The whole statement may trigger a frame, and be a single mention.
        key = trigger.first, trigger.last, "*" in trigger.kinds
        if key not in self._topics:
            self._topics[key] = subjects.topic(self.statement, trigger, self.inherited)
        return self._topics[key]

    def around(self) -> frozenset[str]:
        """Qualifiers that each claim of the statement has."""
        if self._around is None:
            self._around = qualifiers.around(self.statement, self.neighbours)
        return self._around


def claim_of(reading: Reading, fit: Fit) -> Claim | None:
    """The claim, or None where its subject is not ours, or it is asked or denied."""
    draft = drafted(reading, fit)
    return draft.build() if draft else None


def drafted(reading: Reading, fit: Fit) -> Draft | None:
    """The same before its slots are filled, which of several claims of a kind only one needs."""
    statement, frame = reading.statement, fit.frame
    topic = reading.topic(fit.trigger)
    if topic is None or not _subject_fits(frame.subject, topic, statement):
        return None
    if frame.family in _OF_WHAT_IS_NAMED and _names_only_others(topic, statement):
        return None
    if not (frame.optional_framing or reading.relaxed) and assertion.asked(statement, fit.trigger):
        return None
    if not frame.optional_framing and assertion.denied(statement, fit.trigger):
        return None
    if frame.family is Family.REGULATORY:
        topic = licence.holder(
            topic, statement, fit.trigger, frame.proposition, reading.surroundings.names_spray
        )
    return Draft(reading, fit, topic)


def _names_only_others(topic: Topic, statement: Statement) -> bool:
    """ "Approved since 2008, TMS …", "insurers pay for TMS": the page's own treatment is not spoken of."""
    borrowed = topic.place in ("page", "heading")
    return borrowed and statement.has("other_treatment") and not statement.has(*subjects.OURS, "offer")


def conditions_named(statement: Statement) -> tuple[str, ...]:
    """Ids of the illnesses in a statement."""
    found = (m.kinds["condition"] for m in statement.by_kind.get("condition", ()))
    return specific(tuple(dict.fromkeys(found)))


def moved(claim: Claim, reading: Reading, conditions: tuple[str, ...]) -> Claim:
    """What one statement says of "these conditions", said of those that the next one lists."""
    unit, statement = reading.unit, reading.statement
    start, end = max(statement.start, unit.own) - unit.own, statement.end - unit.own
    cues = tuple(
        replace(c, start=None, end=None, place="previous") for c in claim.cues if c.slot != "condition"
    )
    named = tuple(Cue("condition", c, c, None, None, "conditions") for c in conditions)
    return replace(
        claim,
        conditions=conditions,
        quote=unit.block.text[start:end],
        start=start,
        end=end,
        block=unit.index,
        cues=cues + named,
    )


def _subject_fits(wanted: str, topic: Topic, statement: Statement) -> bool:
    if wanted == "any":
        return True
    if wanted == "other":
        return not topic.ours
    if wanted == "named":
        return topic.ours and statement.has(*subjects.OURS)
    return topic.ours if wanted == "ours" else topic.subject.value == wanted


@dataclass(slots=True)
class Draft:
    """One claim in the making."""

    reading: Reading
    fit: Fit
    topic: Topic
    cues: list[Cue] = field(default_factory=list)
    _graded: tuple[Strength, list[StrengthCue]] | None = None

    @property
    def strength(self) -> Strength:
        return self._grade()[0]

    def build(self) -> Claim:
        unit, statement, frame = self.reading.unit, self.reading.statement, self.fit.frame
        self._note_frame()
        self._note_subject()
        strength = self._note_strength()
        who, mention = assertion.attribution(statement)
        self._note("attribution", who.value, mention, "cues/attribution")
        conditions = self._conditions()
        self._note_quantity(self.fit.quantity)
        route, mention = subjects.route(statement, self.topic.subject, Route.NONE)
        self._note("route", route.value, mention, "subjects")
        tags = self._qualifiers()
        self._note("polarity", "negated", self.fit.negated, "cues/neg")
        start, end = max(statement.start, unit.own) - unit.own, statement.end - unit.own
        return Claim(
            family=frame.family,
            proposition=frame.proposition,
            subject=self.topic.subject,
            route=route,
            conditions=conditions,
            strength=strength,
            polarity=Polarity.NEGATED if self.fit.negated else Polarity.AFFIRMED,
            attribution=who,
            framing=Framing.ASSERTED,
            quantity=self.fit.quantity,
            qualifiers=tags,
            quote=unit.block.text[start:end],
            start=start,
            end=end,
            block=unit.index,
            cues=tuple(self.cues),
        )

    def _note(self, slot: str, value: str, mention: Mention | None, rule: str) -> None:
        """Keep the words behind a slot; words borrowed from a lead-in have no place in the block."""
        if mention is None:
            return
        unit = self.reading.unit
        words = unit.text[mention.first : mention.last]
        if mention.first < unit.own:
            self.cues.append(Cue(slot, value, words, None, None, rule, "lead_in"))
        else:
            first, last = mention.first - unit.own, mention.last - unit.own
            self.cues.append(Cue(slot, value, words, first, last, rule))

    def _note_frame(self) -> None:
        frame = self.fit.frame
        for mention in (self.fit.trigger, *(m for m in self.fit.support if m is not self.fit.trigger)):
            self._note("family", frame.proposition, mention, f"frames/{frame.name}")

    def _note_subject(self) -> None:
        topic = self.topic
        if topic.place == "statement":
            self._note("subject", topic.subject.value, topic.mention, "subjects")
        else:
            self.cues.append(Cue("subject", topic.subject.value, "", None, None, "subjects", topic.place))

    def _note_quantity(self, quantity: Quantity | None) -> None:
        if quantity is None:
            return
        own = self.reading.unit.own
        value = f"{quantity.low}-{quantity.high}"
        start, end = quantity.start - own, quantity.end - own
        if start < 0:
            self.cues.append(Cue("quantity", value, quantity.text, None, None, "quantities", "lead_in"))
        else:
            self.cues.append(Cue("quantity", value, quantity.text, start, end, "quantities"))

    def _note_strength(self) -> Strength:
        level, deciding = self._grade()
        for cue in deciding:
            self._note("strength", level.name, cue.mention, f"cues/{cue.kind}")
        return level

    def _grade(self) -> tuple[Strength, list[StrengthCue]]:
        """How strongly it is said, and the cues that decided."""
        if self._graded is None:
            fixed = self.fit.frame.fixed
            self._graded = self._by_cues() if fixed is None else (fixed, [])
        return self._graded

    def _by_cues(self) -> tuple[Strength, list[StrengthCue]]:
        statement, fit = self.reading.statement, self.fit
        target = fit.trigger
        if fit.quantity and fit.quantity.kind == "time":
            # Each family's strength comes from its own slot (ruling 1): here the time.
            target = target._replace(first=fit.quantity.start, last=fit.quantity.end)
        cues = [
            c
            for c in assertion.strength_cues(statement)
            if c.mention is not fit.trigger or c.kind in _SAY_THEMSELVES
        ]
        return assertion.strength(cues, statement, target, fit.support, self._base(), fit.frame.family)

    def _base(self) -> Strength:
        """Strength where no cue speaks: the frame's, else that of the trigger's type, else flat."""
        if self.fit.frame.base is not None:
            return self.fit.frame.base
        types = self.reading.lexicon.types
        bases = (types[kind].base for kind in self.fit.trigger.kinds if kind in types)
        return next((base for base in bases if base is not None), Strength.S3)

    def _conditions(self) -> tuple[str, ...]:
        reading = self.reading
        if self.fit.frame.conditions == "none":
            return ()
        mentions = list(reading.statement.by_kind.get("condition", ()))
        own = [m for m in mentions if m.first >= reading.unit.own]
        near = _near(reading.statement, self.fit, own or mentions)
        if not near:
            values, cues = reading.surroundings.conditions(reading.unit.block, reading.words)
            self.cues.extend(cues)
            return values
        for mention in near:
            self._note("condition", mention.kinds["condition"], mention, "conditions")
        named = specific(tuple(dict.fromkeys(m.kinds["condition"] for m in near)))
        return self._resistant(named) if self.fit.frame.family is Family.REGULATORY else named

    def _resistant(self, conditions: tuple[str, ...]) -> tuple[str, ...]:
        """ "Approved for depression that two antidepressants have not helped": the label's indication."""
        failed = next(
            self.reading.statement.of("nonresponse", "tried_failed", "others_fail", "resistant_word"), None
        )
        if failed is None or not set(conditions) <= _DEPRESSIONS:
            return conditions
        self._note("condition", _RESISTANT, failed, "conditions")
        return (_RESISTANT,)

    def _qualifiers(self) -> tuple[str, ...]:
        words = qualifiers.of_statement(self.reading.statement, self.fit)
        for tag, mention in words:
            self._note("qualifier", tag, mention, "qualifiers")
        return tuple(sorted({*self.reading.around(), *(tag for tag, _ in words), *self.fit.frame.qualifiers}))


def _near(statement: Statement, fit: Fit, mentions: list[Mention]) -> list[Mention]:
    """Illnesses of the fragments that the frame stands in, where they name any; else all of the statement."""
    homes = {statement.fragment_at(m.first) for m in (fit.trigger, *fit.support)}
    near = [m for m in mentions if statement.fragment_at(m.first) in homes]
    unnamed = all(m.kinds["condition"] in GENERIC_CONDITIONS for m in near)
    if fit.frame.family is Family.EFFICACY and unnamed:
        return mentions
    return near or mentions
