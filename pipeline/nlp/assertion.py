"""How strongly, by whom and whether at all something is said: cues and their reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from claims.lexicon import Lexicon
from claims.model import Attribution, Strength
from pipeline.nlp.analysis import Mention, Statement, StrengthCue

_CLAUSE_CUES = ("modal_hedge", "quantity_hedge", "can", "frequency", "regard", "absolute")
_RIGHT_CUES = ("use", "studied", "study_shows", "early_study", "proven", "promise", "no_evidence")
_BASES = {
    "modal_hedge": Strength.S1,
    "quantity_hedge": Strength.S1,
    "can": Strength.S2,
    "frequency": Strength.S2,
    "regard": Strength.S2,
    "absolute": Strength.S4,
    "use": Strength.S2,
    "studied": Strength.S0,
    "study_shows": Strength.S2,
    "early_study": Strength.S1,
    "proven": Strength.S4,
    "promise": Strength.S1,
    "no_evidence": Strength.S0,
}
_LIFT_DISTANCE = 4
_NEGATION_REACH = 7


def strength_cues(statement: Statement) -> list[StrengthCue]:
    """Every cue of strength in a statement, with its reach."""
    cues = []
    for reach, kinds in (("clause", _CLAUSE_CUES), ("right", _RIGHT_CUES)):
        for kind in kinds:
            cues.extend(StrengthCue(m, _BASES[kind], reach, kind) for m in statement.by_kind.get(kind, ()))
    return cues


def governing(cues: Iterable[StrengthCue], statement: Statement, trigger: Mention) -> Iterator[StrengthCue]:
    """The cues whose reach holds the trigger."""
    target = statement.fragment_at(trigger.first)
    for cue in cues:
        home = statement.fragment_at(cue.mention.first)
        if not _reaches(statement, home, target):
            continue
        if cue.reach == "right" and cue.mention.last > trigger.first and home == target:
            overlaps = cue.mention.first < trigger.last
            if not overlaps:
                continue
        yield cue


def _reaches(statement: Statement, home: int, target: int) -> bool:
    """A cue reaches its own fragment, and dependent ones that follow it before the next main one."""
    if target < home:
        return False
    kinds = [f.kind for f in statement.fragments[home + 1 : target + 1]]
    return all(kind == "dependent" for kind in kinds) or (
        bool(kinds) and statement.fragments[home].kind == "label"
    )


def strength(
    cues: list[StrengthCue], statement: Statement, trigger: Mention, base: Strength, lexicon: Lexicon
) -> tuple[Strength, list[StrengthCue]]:
    """The rung of the ladder, and the cues that put it there."""
    reach = list(governing(cues, statement, trigger))
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
    home = statement.fragment_at(trigger.first)
    for cue in statement.by_kind.get("neg", ()):
        inside = cue.first >= trigger.first and cue.last <= trigger.last
        near = 0 <= trigger.start - cue.end <= _NEGATION_REACH
        if not inside and near and statement.fragment_at(cue.first) == home:
            return cue
    return None


def attribution(statement: Statement) -> tuple[Attribution, Mention | None]:
    """Who is said to say it. A study needs the word (ruling 10)."""
    for kind, who in (
        ("study", Attribution.STUDY),
        ("early_study", Attribution.STUDY),
        ("regulator_says", Attribution.REGULATOR),
        ("expert_says", Attribution.EXPERT),
        ("patient_says", Attribution.PATIENT),
    ):
        for mention in statement.by_kind.get(kind, ()):
            return who, mention
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
        if cue.kinds["refute"] in ("is a myth", "misleading", "unsubstantiated"):
            return cue
    return None


def asked(statement: Statement, trigger: Mention) -> Mention | None:
    """The words that ask, announce or decide about a trigger instead of asserting it."""
    home = statement.fragment_at(trigger.first)
    for cue in statement.by_kind.get("inquiry", ()):
        if cue.last <= trigger.first and statement.fragment_at(cue.first) in (home, home - 1):
            return cue
    return None


def _contrast_between(statement: Statement, cue: Mention, trigger: Mention) -> bool:
    return any(cue.last <= c.first and c.last <= trigger.first for c in statement.by_kind.get("contrast", ()))
