"""How strongly, by whom and whether at all something is said: cues and their reach."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from claims.model import Attribution, Strength
from pipeline.nlp.analysis import Mention, Statement, StrengthCue

_REACHES = {
    "clause": ("modal_hedge", "quantity_hedge", "can", "frequency", "regard", "absolute", "studied"),
    "rest": ("patient_says",),
    "right": ("use", "study_shows", "proven", "promise", "no_evidence"),
    "near": ("potential",),
    "statement": ("early_study",),
}
_FAMILIES = {
    "promise": ("efficacy", "duration"),
    "use": ("efficacy",),
    "no_evidence": ("efficacy", "duration", "mechanism", "onset", "safety"),
}
"""Families whose slots a cue governs; others all."""
_PURPOSE = re.compile(
    r"^(?:is |are )?(?:used|ability|able|designed|aim|prescribed|utilized|administered|given|intended)"
)
"""Uses that hold down more than efficacy: "used to rapidly reduce"."""
_BASES = {
    "modal_hedge": Strength.S1,
    "quantity_hedge": Strength.S1,
    "can": Strength.S2,
    "frequency": Strength.S2,
    "regard": Strength.S2,
    "absolute": Strength.S4,
    "use": Strength.S2,
    "patient_says": Strength.S2,
    "potential": Strength.S1,
    "studied": Strength.S0,
    "study_shows": Strength.S2,
    "early_study": Strength.S1,
    "proven": Strength.S4,
    "promise": Strength.S1,
    "no_evidence": Strength.S0,
}
_FOR_WHOM = ("for_people", "for_word", "use", "people_ill")
"""Triggers that only say for whom: "for people with PTSD it brings new hope" promises no more, before or behind."""
_BY_MEANS = ("mechanism",)
"""Families whose claims a "by …ing" phrase states under the hedge of its clause; others it takes for granted."""
_CUES = [(kind, _BASES[kind], reach) for reach, kinds in _REACHES.items() for kind in kinds]
_SPEAKERS = {
    "study": Attribution.STUDY,
    "trial_word": Attribution.STUDY,
    "early_study": Attribution.STUDY,
    "regulator_says": Attribution.REGULATOR,
    "expert_says": Attribution.EXPERT,
    "patient_says": Attribution.PATIENT,
}
_THINGS = ("condition", "other_treatment", "other_antidepressants")
_OF_PEOPLE = ("patient", "people_ill", "population", "for_people")
_COUNTED_BY_PATIENT = ("adolescents", "symptoms")
"""Listed with the illnesses: people, and what some of is less."""
_LIFT_DISTANCE = 4
_NEGATION_REACH = 7
_PREPOSITION_REACH = 3
_PREDICATES = ("is ", "are ", "remain")
_PREPOSITIONS = {"without", "free of", "free from", "lack of", "absence of", "rather than", "instead of"}
"""Negations of a noun: they end with it ("without monitoring there is a risk")."""
_NEAR_REACH = 2
_SEEK_REACH = 2
_DENIAL_OPENS = 12
"""Characters within which a denial of the statement before must begin."""


def strength_cues(statement: Statement) -> list[StrengthCue]:
    """Every cue of strength in a statement, with its reach."""
    if statement.cues is None:
        statement.cues = _find_cues(statement)
    return statement.cues


def _find_cues(statement: Statement) -> list[StrengthCue]:
    by_kind = statement.by_kind
    cues = [
        StrengthCue(m, base, reach, kind)
        for kind, base, reach in _CUES
        if kind in by_kind
        for m in by_kind[kind]
        if kind != "quantity_hedge" or not _counts_things(statement, m)
    ]
    if "report_verb" in by_kind:
        cues.extend(_reported(statement))
    return cues


def _counts_things(statement: Statement, hedge: Mention) -> bool:
    """ "Some pain syndromes", "some 20 years": not some patients, and nothing is held down."""
    if hedge.kinds["quantity_hedge"] != "some":
        return False
    people = {m.start for kind in _OF_PEOPLE for m in statement.by_kind.get(kind, ())}
    for kind in _THINGS:
        for thing in statement.by_kind.get(kind, ()):
            named = thing.start == hedge.end and thing.kinds[kind] not in _COUNTED_BY_PATIENT
            if named and people.isdisjoint((thing.start, thing.end)):
                return True
    return any(0 <= quantity.start - hedge.last <= 1 for quantity in statement.quantities)


def _reported(statement: Statement) -> Iterator[StrengthCue]:
    """ "A Cochrane review … found …": what follows the verb is reported, S2."""
    for study in statement.of("study", "trial_word"):
        for verb in statement.by_kind.get("report_verb", ()):
            if study.last <= verb.first:
                yield StrengthCue(verb, Strength.S2, "rest", "report_verb")
                return


def governing(
    cues: Iterable[StrengthCue], statement: Statement, trigger: Mention, family: str
) -> Iterator[StrengthCue]:
    """The cues whose reach holds the trigger."""
    target = statement.fragment_at(trigger.first)
    for cue in cues:
        if not _governs_family(cue, family):
            continue
        if cue.kind == "promise" and not trigger.kinds.keys().isdisjoint(_FOR_WHOM):
            yield cue
            continue
        if cue.reach == "statement" or (cue.reach == "rest" and cue.mention.first <= trigger.first):
            yield cue
            continue
        if cue.reach == "near":
            if 0 <= trigger.start - cue.mention.end <= _NEAR_REACH:
                yield cue
            continue
        home = statement.fragment_at(cue.mention.first)
        if cue.level is Strength.S4 and home != target and statement.fragments[home].kind == "label":
            continue  # "Proven results: studies show …": the body's strength decides (ruling 4)
        if cue.reach == "rest" or not (
            _reaches(statement, home, target) or (family in _BY_MEANS and _by_means(statement, home, target))
        ):
            continue
        behind = cue.reach == "right" and home == target and cue.mention.first >= trigger.last
        if not behind or _said_of_it(cue):
            yield cue


def _said_of_it(cue: StrengthCue) -> bool:
    """ "Its efficacy in children is unknown": what is said of a subject governs it from behind."""
    return cue.kind == "no_evidence" and cue.mention.kinds["no_evidence"].startswith(_PREDICATES)


def _governs_family(cue: StrengthCue, family: str) -> bool:
    families = _FAMILIES.get(cue.kind)
    if families is None or family in families:
        return True
    return (
        cue.kind == "use"
        and family in ("onset", "duration")
        and bool(_PURPOSE.match(cue.mention.kinds["use"]))
    )


def _reaches(statement: Statement, home: int, target: int) -> bool:
    """A cue reaches its own fragment, and dependent ones that follow it before the next main one.

    From a clause put in between it does not reach the clause resumed behind it.
    """
    if target < home:
        return False
    fragments = statement.fragments
    if fragments[home].kind == "dependent" and fragments[target].kind == "resumed":
        return False
    kinds = [f.kind for f in fragments[home + 1 : target + 1]]
    if all(kind in ("dependent", "resumed") for kind in kinds):
        return True
    return bool(kinds) and fragments[home].kind == "label" and home + 1 == target


def _by_means(statement: Statement, home: int, target: int) -> bool:
    """ "May help by forming connections": the hedge of the clause before holds for the way it works."""
    return 0 <= home == target - 1 and statement.fragments[target].kind == "by"


def strength(
    cues: list[StrengthCue],
    statement: Statement,
    trigger: Mention,
    support: Iterable[Mention],
    base: Strength,
    family: str,
) -> tuple[Strength, list[StrengthCue]]:
    """The rung of the ladder, and the cues that put it there."""
    if not cues:
        return _lifted(base, statement, trigger), []
    reach = list(governing(cues, statement, trigger, family))
    investigational = [c for c in cues if c.kind == "studied"]
    home = statement.fragment_at(trigger.first)
    hedging = [c for c in cues if c.level < Strength.S2 and c.reach == "clause"]
    for mention in support:
        # "An option that has been studied for depression": the use is under study too.
        reach.extend(governing(investigational, statement, mention, family))
        if statement.fragment_at(mention.first) > home:
            # "Research shows that it may ease anxiety": the hedge stands with what is shown.
            reach.extend(governing(hedging, statement, mention, family))
    hedges = [c for c in reach if c.level < Strength.S3]
    absolutes = [c for c in reach if c.level is Strength.S4]
    if absolutes or base is Strength.S4:
        level = Strength.S2 if hedges else Strength.S4
        return level, absolutes + hedges
    if not hedges:
        return _lifted(base, statement, trigger), []
    weakest = min(c.level for c in hedges)
    level = min(base, weakest)
    return _lifted(level, statement, trigger), [c for c in hedges if c.level == weakest]


def _lifted(level: Strength, statement: Statement, trigger: Mention) -> Strength:
    """ "Remarkable", "powerful", "reliable" on top lift one step (ruling 3); never past flat."""
    if not Strength.S1 < level < Strength.S3:
        return level
    for mention in statement.by_kind.get("lift", ()):
        if -1 <= trigger.start - mention.end <= _LIFT_DISTANCE or mention.start in range(
            trigger.start, trigger.end
        ):
            return Strength(level + 1)
    return level


def negation(statement: Statement, trigger: Mention) -> Mention | None:
    """The negation that governs a trigger, if any."""
    cues = statement.by_kind.get("neg")
    if not cues:
        return None
    home = statement.fragment_at(trigger.first)
    for cue in cues:
        inside = cue.first >= trigger.first and cue.last <= trigger.last
        reach = _PREPOSITION_REACH if cue.kinds["neg"] in _PREPOSITIONS else _NEGATION_REACH
        near = 0 <= trigger.start - cue.end <= reach
        if not inside and near and statement.fragment_at(cue.first) == home:
            return cue
    return None


def attribution(statement: Statement) -> tuple[Attribution, Mention | None]:
    """Who is said to say it. A study needs the word (ruling 10)."""
    by_kind = statement.by_kind
    for kind, who in _SPEAKERS.items():
        if kind in by_kind:
            return who, by_kind[kind][0]
    for mention in statement.by_kind.get("study_shows", ()):
        words = mention.kinds["study_shows"]
        if any(w in words for w in ("stud", "research", "trial", "evidence", "data")):
            return Attribution.STUDY, mention
    return Attribution.NONE, None


def denied(statement: Statement, trigger: Mention) -> Mention | None:
    """The words that quote a statement so as to deny it."""
    for cue in statement.by_kind.get("refute", ()):
        if cue.first <= trigger.first and not _contrast_between(statement, cue, trigger):
            return cue
    return next((c for c in statement.by_kind.get("refute_after", ()) if c.first >= trigger.last), None)


def denies_before(statement: Statement) -> bool:
    """True for "That is not true." and the like: a short statement that denies the one before it."""
    cues = statement.by_kind.get("refute_after", ())
    return any(cue.first - statement.start <= _DENIAL_OPENS for cue in cues)


def asked(statement: Statement, trigger: Mention) -> Mention | None:
    """The words that ask, announce or decide about a trigger instead of asserting it."""
    home = statement.fragment_at(trigger.first)
    for cue in statement.by_kind.get("announcement", ()):
        if cue.last <= trigger.first:
            return cue
    for cue in statement.by_kind.get("conditional", ()):
        if statement.fragment_at(cue.first) == home and cue.last <= trigger.first:
            return cue
    for cue in statement.by_kind.get("seek", ()):
        if 0 <= trigger.start - cue.end <= _SEEK_REACH:
            return cue
    for cue in statement.by_kind.get("inquiry", ()):
        if cue.last <= trigger.first and statement.fragment_at(cue.first) in (home, home - 1):
            return cue
    return None


def _contrast_between(statement: Statement, cue: Mention, trigger: Mention) -> bool:
    return any(cue.last <= c.first and c.last <= trigger.first for c in statement.by_kind.get("contrast", ()))
