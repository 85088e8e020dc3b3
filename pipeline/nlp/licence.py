"""Which drug an approval is said of: for an illness of the mind only the nasal spray has one."""

from __future__ import annotations

from claims.model import Subject
from pipeline.nlp.analysis import Mention, Statement
from pipeline.nlp.subjects import Topic

_RESISTANT = "treatment_resistant_depression"
_OF_MOOD = frozenset((_RESISTANT, "major_depression", "depression"))
_SUICIDAL = frozenset(("suicidal_ideation", "suicidal_behaviour"))
_APART = 10
"""Words that a drug and the form it is given in take up together at most."""
_OPENS = 3
"""Words before them within which "a form of" stands."""
_OF_KETAMINE = ("off_label", "not_approved", "approved_anaesthetic")


def holder(
    topic: Topic, statement: Statement, trigger: Mention, proposition: str, page_names_spray: bool
) -> Topic:
    """The topic, or the other of the two drugs where the words can only mean that one.

    "An FDA-approved nasal spray" is esketamine, whatever the page is about; so is what is approved for just the
    indications of its label. Of two drugs named, it is ketamine that is an anaesthetic, and off-label.
    """
    if proposition == "approved" and topic.subject is Subject.ESKETAMINE:
        return _likened(topic, statement) or topic
    if proposition == "approved" and topic.subject is Subject.KETAMINE:
        return _spray(topic, statement, page_names_spray) or topic
    if (
        proposition in _OF_KETAMINE
        and topic.subject is Subject.ESKETAMINE
        and _elsewhere(topic, statement, trigger)
    ):
        named = statement.by_kind.get("drug_ketamine", ())
        return Topic(Subject.KETAMINE, named[0]) if named else topic
    return topic


def _likened(topic: Topic, statement: Statement) -> Topic | None:
    """ "Ketamine, as well as Spravato, is approved": the spray only stands beside the drug it is said of."""
    spray = topic.mention
    if spray is None or topic.place != "statement":
        return None
    beside = any(0 <= spray.start - m.end <= 1 for m in statement.by_kind.get("comparator", ()))
    before = [m for m in statement.by_kind.get("drug_ketamine", ()) if m.last <= spray.first]
    return Topic(Subject.KETAMINE, before[0]) if beside and before else None


def _elsewhere(topic: Topic, statement: Statement, trigger: Mention) -> bool:
    """True where the clause of the trigger does not itself name the spray."""
    if topic.mention is None or topic.place != "statement":
        return True
    return statement.fragment_at(topic.mention.first) != statement.fragment_at(trigger.first)


def _spray(topic: Topic, statement: Statement, page_names_spray: bool) -> Topic | None:
    if "compounded" in statement.by_kind:
        return None
    sprays = statement.by_kind.get("route_nasal", ())
    named = topic.mention if topic.place == "statement" else None
    if named is not None and "drug_ketamine" in named.kinds:
        near = [m for m in sprays if _of_one_kind(statement, named, m)]
        return Topic(Subject.ESKETAMINE, near[0]) if near else None
    if sprays:
        return Topic(Subject.ESKETAMINE, sprays[0])
    if not _on_its_label(statement):
        return None
    brands = statement.by_kind.get("drug_esketamine", ())
    if brands:
        return Topic(Subject.ESKETAMINE, brands[0])
    unnamed = topic.place in ("page", "heading") and "drug_ketamine" not in statement.by_kind
    return Topic(Subject.ESKETAMINE, None, topic.place) if unnamed and page_names_spray else None


def _of_one_kind(statement: Statement, drug: Mention, spray: Mention) -> bool:
    """ "A nasal spray form of ketamine"; a "ketamine nasal spray" may as well be compounded."""
    first, last = min(drug.start, spray.start), max(drug.end, spray.end)
    forms = statement.by_kind.get("variant_of", ())
    return last - first <= _APART and any(first - _OPENS <= form.start < last for form in forms)


def _on_its_label(statement: Statement) -> bool:
    """True where the illnesses named are those of the spray's label, and no others."""
    named = {m.kinds["condition"] for m in statement.by_kind.get("condition", ())}
    if _RESISTANT in named or named & _SUICIDAL:
        return named <= _OF_MOOD | _SUICIDAL and bool(named & _OF_MOOD)
    return False
