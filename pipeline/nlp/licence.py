"""Which drug an approval is said of: for an illness of the mind only the nasal spray has one."""

from __future__ import annotations

from collections.abc import Sequence

from claims.model import Subject
from pipeline.nlp.analysis import Mention, Statement, by_place
from pipeline.nlp.subjects import Topic

_RESISTANT = "treatment_resistant_depression"
_OF_MOOD = frozenset((_RESISTANT, "major_depression", "depression"))
_SUICIDAL = frozenset(("suicidal_ideation", "suicidal_behaviour"))
_OF_KETAMINE = ("off_label", "not_approved", "approved_anaesthetic")


def holder(topic: Topic, statement: Statement, proposition: str, page_names_spray: bool) -> Topic:
    """The topic, or the other of the two drugs where the words can only mean that one.

    "An FDA-approved nasal spray" is esketamine, whatever the page is about; so is what is approved for just the
    indications of its label. Of two drugs named, it is ketamine that is an anaesthetic, and off-label.
    """
    if proposition == "approved" and topic.subject is Subject.KETAMINE:
        return _spray(topic, statement, page_names_spray) or topic
    if proposition in _OF_KETAMINE and topic.subject is Subject.ESKETAMINE:
        named = statement.by_kind.get("drug_ketamine", ())
        return Topic(Subject.KETAMINE, _first(named)) if named else topic
    return topic


def _spray(topic: Topic, statement: Statement, page_names_spray: bool) -> Topic | None:
    if "compounded" in statement.by_kind:
        return None
    sprays = statement.by_kind.get("route_nasal", ())
    if sprays:
        return Topic(Subject.ESKETAMINE, _first(sprays))
    if not _on_its_label(statement):
        return None
    brands = statement.by_kind.get("drug_esketamine", ())
    if brands:
        return Topic(Subject.ESKETAMINE, _first(brands))
    unnamed = topic.place in ("page", "heading") and "drug_ketamine" not in statement.by_kind
    return Topic(Subject.ESKETAMINE, None, topic.place) if unnamed and page_names_spray else None


def _on_its_label(statement: Statement) -> bool:
    """True where the illnesses named are those of the spray's label, and no others."""
    named = {m.kinds["condition"] for m in statement.by_kind.get("condition", ())}
    if _RESISTANT in named or named & _SUICIDAL:
        return named <= _OF_MOOD | _SUICIDAL and bool(named & _OF_MOOD)
    return False


def _first(mentions: Sequence[Mention]) -> Mention:
    return min(mentions, key=by_place)
