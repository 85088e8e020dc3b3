"""Whose claim it is: ketamine, esketamine, another treatment. One subject a clause, before any frame."""

from __future__ import annotations

from typing import NamedTuple

from claims.model import Route, Subject
from pipeline.nlp.analysis import GENERIC_CONDITIONS, Mention, Statement, by_place

OURS = ("drug_ketamine", "drug_esketamine")
OTHERS = ("other_antidepressants", "other_treatment")
_PARTIES = (*OURS, *OTHERS, "staff", "offer")
_COMPARATOR_DISTANCE = 3
_HANGING = ("dependent", "resumed", "shared", "by")
_OPENING = 24
"""Characters within which an illness must stand to be what a sentence is about."""
_GIVES_WAY = 4
_BETTER = {"benefit_verb", "benefit_state", "help", "onset_react", "end_verb"}
_DEEDS = {"benefit_verb", "help", "use", "works"}
"""Verbs that staff do as well as drugs: theirs are no claims of the drug's."""
_ROUTES = (
    ("route_nasal", Route.NASAL),
    ("route_oral", Route.ORAL),
    ("route_im", Route.IM),
    ("route_iv", Route.IV),
)


class Topic(NamedTuple):
    """A subject and the words that gave it; `place` is where they stand."""

    subject: Subject
    mention: Mention | None
    place: str = "statement"

    @property
    def ours(self) -> bool:
        return self.subject in (Subject.KETAMINE, Subject.ESKETAMINE)


def of_kinds(mention: Mention) -> Subject | None:
    if "drug_esketamine" in mention.kinds:
        return Subject.ESKETAMINE
    if "drug_ketamine" in mention.kinds:
        return Subject.KETAMINE
    if "other_antidepressants" in mention.kinds:
        return Subject.ANTIDEPRESSANTS
    return Subject.OTHER if "other_treatment" in mention.kinds else None


def topic(statement: Statement, trigger: Mention, inherited: Topic | None) -> Topic | None:
    """The subject of the clause that holds the trigger; `inherited` where the clause names none."""
    index = statement.fragment_at(trigger.first)
    resumed = statement.fragments[index].kind == "resumed"
    while True:
        found = _in_fragment(statement, index, trigger)
        # What is put in between may say what ketamine is, not whose the clause behind it is.
        put_in = resumed and statement.fragments[index].kind == "dependent"
        if found and (found.ours or not put_in):
            return found
        if index == 0 or statement.fragments[index].kind not in _HANGING:
            break
        index -= 1
    ill = _illness(statement, trigger)
    if ill:
        return Topic(Subject.OTHER, ill)
    named = _named(statement)
    if named and not _in_leading(statement, named):
        return Topic(of_kinds(named) or Subject.KETAMINE, named)
    return inherited or (Topic(of_kinds(named) or Subject.KETAMINE, named) if named else None)


def _illness(statement: Statement, trigger: Mention) -> Mention | None:
    """The illness that a clause is about: "OCD involves rituals that ease anxiety" is no claim of a treatment."""
    if statement.has(*OURS):
        return None
    named = (m for m in statement.of("condition", "illness_ref") if not _is_no_illness(statement, m))
    first = min(named, key=by_place, default=None)
    if first is None or first.first - statement.start > _OPENING or first.last > trigger.first:
        return None
    offered = any(m.first < first.first for m in statement.of("offer"))
    verb = any(0 <= m.start - first.end <= 1 for m in statement.of("illness_verb"))
    # "Depression lifts": the illness gives way, which is a claim.
    gives_way = 0 <= trigger.start - first.end <= _GIVES_WAY and bool(trigger.kinds.keys() & _BETTER)
    return first if verb and not offered and not gives_way else None


def _is_no_illness(statement: Statement, mention: Mention) -> bool:
    """Mood and symptoms are no illness, nor is an "antidepressant effect", nor the pain of "pain relief"."""
    if mention.kinds.get("condition") in GENERIC_CONDITIONS or "benefit_noun" in mention.kinds:
        return True
    return any(m.start == mention.end for m in statement.of("benefit_noun"))


def _in_leading(statement: Statement, mention: Mention) -> bool:
    return statement.fragments[statement.fragment_at(mention.first)].kind == "leading"


def _named(statement: Statement) -> Mention | None:
    return min(statement.of(*OURS), key=by_place, default=None)


def _in_fragment(statement: Statement, index: int, trigger: Mention) -> Topic | None:
    fragment = statement.fragments[index]
    inside = [m for m in _parties(statement) if fragment.start <= m.first < fragment.end]
    if not inside:
        return None
    drugs = [m for m in inside if not m.kinds.keys().isdisjoint(OURS)]
    original = [m for m in drugs if not _derived_from(statement, m)]
    drugs = original if original or fragment.kind in ("dependent", "resumed") else drugs
    others = [m for m in inside if not m.kinds.keys().isdisjoint(OTHERS) and not background(statement, m)]
    if drugs:
        leading_other = [m for m in others if m.first < drugs[0].first and m.last <= trigger.first]
        if leading_other and drugs[0].first > trigger.first and "other_treatment" in leading_other[0].kinds:
            return Topic(of_kinds(leading_other[0]) or Subject.OTHER, leading_other[0])
        best = _nearest(drugs, trigger)
        return Topic(of_kinds(best) or Subject.KETAMINE, best)
    staff = [m for m in inside if "staff" in m.kinds and m.last <= trigger.first]
    offers = [m for m in inside if "offer" in m.kinds and m.last <= trigger.first]
    before = [m for m in others if m.last <= trigger.first]
    if before and not (offers and offers[-1].first < before[0].first):
        return Topic(of_kinds(before[-1]) or Subject.OTHER, before[-1])
    if staff and not offers and trigger.kinds.keys() & _DEEDS:
        return Topic(Subject.OTHER, staff[0])
    return None


def _parties(statement: Statement) -> list[Mention]:
    """Treatments, staff and offers, in reading order."""
    if statement.parties is None:
        named = not statement.by_kind.keys().isdisjoint(_PARTIES)
        statement.parties = (
            [m for m in statement.mentions if not m.kinds.keys().isdisjoint(_PARTIES)] if named else []
        )
    return statement.parties


def _derived_from(statement: Statement, mention: Mention) -> bool:
    """ "Esketamine, derived from ketamine": the second only explains the first."""
    return any(0 <= mention.start - cue.end <= 2 for cue in statement.by_kind.get("kinship", ()))


def _nearest(mentions: list[Mention], trigger: Mention) -> Mention:
    """The last one before the trigger, else the first one."""
    before = [m for m in mentions if m.last <= trigger.last]
    return before[-1] if before else mentions[0]


def background(statement: Statement, mention: Mention) -> bool:
    """True where another treatment is only compared with, tried before, or given alongside."""
    if statement.fragments[statement.fragment_at(mention.first)].kind == "leading" and _opens_comparison(
        statement, mention
    ):
        return True
    for cue in statement.by_kind.get("comparator", ()):
        if 0 <= mention.start - cue.end <= _COMPARATOR_DISTANCE:
            return True
    return any(
        m.first <= mention.first and m.last >= mention.last
        for m in statement.of("differs", "speed_compare", "others_fail")
    )


def _opens_comparison(statement: Statement, mention: Mention) -> bool:
    home = statement.fragment_at(mention.first)
    return any(
        cue.first < mention.first and statement.fragment_at(cue.first) == home
        for cue in statement.by_kind.get("comparator", ())
    )


def route(statement: Statement, subject: Subject, inherited: Route) -> tuple[Route, Mention | None]:
    """How the drug is given, by the statement's words, else as inherited."""
    for kind, value in _ROUTES:
        for mention in statement.by_kind.get(kind, ()):
            return value, mention
    if subject is Subject.ESKETAMINE:
        return Route.NASAL, None
    return inherited, None
