"""What the catalogue holds: entries, their limits a profile, and how they were reviewed. Frozen and plain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from claims.model import Evidence, Family, Route, Severity, Strength, Subject, Verdict

ANY_CONDITION = "any"
"""Matches every condition, and claims that name none."""
NO_CONDITION = "no_condition"
"""Matches a claim that names no condition at all."""
OPEN_CONDITION = "open"
"""Matches a condition that nobody has graded (`open:<words>`)."""
GRADE_PREFIX = "grade:"
"""`grade:limited` matches every condition of that grade; a claim that names none has the grade `unnamed`."""

UNNAMED = "unnamed"
GRADES = ("strong", "moderate", "limited", "none", UNNAMED)
PROFILES = ("standard", "strict")
JURISDICTIONS = ("US", "UK", "EU", "CA", "AU")


class Stance(StrEnum):
    """What the entry says of its proposition past the ceiling, or at any strength where it has none."""

    ACCEPTED = "accepted"
    OVERSTATING = "overstating"
    UNSUBSTANTIATED = "unsubstantiated"
    REFUTED = "refuted"

    @property
    def beyond(self) -> Verdict:
        """Verdict for wording stronger than the ceiling."""
        return _BEYOND[self]


_BEYOND = {
    Stance.ACCEPTED: Verdict.OVERSTATED,
    Stance.OVERSTATING: Verdict.OVERSTATED,
    Stance.UNSUBSTANTIATED: Verdict.UNSUPPORTED,
    Stance.REFUTED: Verdict.CONTRADICTED,
}


@dataclass(frozen=True, slots=True)
class Raise:
    """A higher ceiling for statements that carry all tags of `if_all`, and one of `if_any` if it has any."""

    to: Strength
    if_any: tuple[str, ...] = ()
    if_all: tuple[str, ...] = ()

    def applies(self, tags: frozenset[str]) -> bool:
        return tags.issuperset(self.if_all) and (not self.if_any or not tags.isdisjoint(self.if_any))


@dataclass(frozen=True, slots=True)
class Requirement:
    """One of the tags in `any_of` must stand with the statement; `say` tells the writer what is missing."""

    any_of: tuple[str, ...]
    say: str


@dataclass(frozen=True, slots=True)
class Escalation:
    """A worse stance for statements that carry one of the tags."""

    if_any: tuple[str, ...]
    stance: Stance


@dataclass(frozen=True, slots=True)
class Bounds:
    """Figures that the evidence carries: hours for `time`, percent for `rate`."""

    kind: str
    at_least: float | None = None
    at_most: float | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a proposition may be asserted, under one profile."""

    stance: Stance
    max_strength: Strength | None
    """The greatest strength allowed; None: no strength is."""
    raised: tuple[Raise, ...] = ()
    bounds: Bounds | None = None
    requires: tuple[Requirement, ...] = ()
    escalates: tuple[Escalation, ...] = ()

    def ceiling(self, tags: frozenset[str]) -> Strength | None:
        """The greatest strength allowed to a statement that carries `tags`."""
        levels = [r.to for r in self.raised if r.applies(tags)]
        if self.max_strength is not None:
            levels.append(self.max_strength)
        return max(levels, default=None)

    def stance_for(self, tags: frozenset[str]) -> Stance:
        for step in self.escalates:
            if not tags.isdisjoint(step.if_any):
                return step.stance
        return self.stance


@dataclass(frozen=True, slots=True)
class Review:
    """How far an entry was reviewed, with what a person's signature (a record of its own) says."""

    status: str
    """`provisional`, `retired`, `signed`, or `void`: signed, and edited afterwards."""
    due: date
    volatile: str | None = None
    """What would make the entry wrong, where its facts may change soon."""
    history: tuple[str, ...] = ()
    by: str | None = None
    """Who signed, and when: of the newest signature, void or not."""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A text with the verdict that this entry must give it."""

    text: str
    verdict: Verdict
    strength: Strength | None = None
    heading: str | None = None
    lead_in: str | None = None
    question: str | None = None
    profile: str = "standard"
    jurisdictions: tuple[str, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A reviewed proposition: what may be said, how strongly, on what evidence, and in which words."""

    id: str
    title: str
    family: Family
    propositions: tuple[str, ...]
    subjects: tuple[Subject, ...]
    """Empty: any."""
    routes: tuple[Route, ...]
    """Empty: any."""
    conditions: tuple[str, ...]
    """Condition ids, `grade:<grade>`, `open`, `no_condition` or `any`."""
    limits: Mapping[str, Limits]
    """One for each profile."""
    severity: Severity
    message: str
    approved_wording: tuple[str, ...]
    """Empty: the advice is to remove the statement."""
    evidence: tuple[str, ...]
    authorities: tuple[str, ...]
    review: Review
    examples: tuple[Example, ...]
    jurisdictions: tuple[str, ...] = ()
    """Empty: everywhere."""
    waivable: bool = True
    origin: str = "shipped"
    """`shipped`, or the user's folder that the entry came from."""
    place: str = ""
    """File and line where it stands."""
    content_hash: str = ""
    """Hash of the entry and of the evidence it cites: what a signature signs."""


@dataclass(frozen=True, slots=True)
class Condition:
    """An illness or state with the grade of evidence for treating it."""

    id: str
    name: str
    grade: str


@dataclass(frozen=True, slots=True)
class OmissionRule:
    """Something that a promoting page must say somewhere, or (`prohibited_promotion`) must not be at all."""

    id: str
    kind: str
    severity: Severity
    message: str
    approved_wording: tuple[str, ...]
    evidence: tuple[str, ...]
    authorities: tuple[str, ...]
    jurisdictions: tuple[str, ...]
    subjects: tuple[Subject, ...]
    """The rule looks at promotion of these only; empty: any."""
    conditions: tuple[str, ...]
    """Promotion for these conditions or grades only; empty: any."""
    cleared_by: Mapping[Family, tuple[str, ...]]
    """Propositions, by family, that disclose it."""
    cleared_by_tags: tuple[str, ...]
    """Qualifier tags, on any claim of the page, that disclose it."""
    review: Review


@dataclass(frozen=True, slots=True)
class Promotion:
    """Which claims make a page one that promotes the treatment."""

    families: tuple[Family, ...]
    except_propositions: tuple[str, ...]
    min_strength: Strength


@dataclass(frozen=True, slots=True)
class Aim:
    """Signs that a page is aimed at a jurisdiction."""

    jurisdiction: str
    hosts: tuple[str, ...]
    languages: tuple[str, ...]
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """A person's review of one entry, as it stood."""

    entry: str
    by: str
    on: date
    content_hash: str
    note: str | None = None


Slots = tuple[Family, str, Subject, Route, str | None, frozenset[str]]
"""Family, proposition, subject, route, condition (`open` for any that nobody has graded) and jurisdictions."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything that the verdicts stand on."""

    treatment: str
    entries: Mapping[str, Entry]
    evidence: Mapping[str, Evidence]
    conditions: Mapping[str, Condition]
    omissions: tuple[OmissionRule, ...]
    promotion: Promotion
    aims: tuple[Aim, ...]
    hash: str
    """Short hash of the whole content."""
    signatures: tuple[Signature, ...] = ()
    overridden: tuple[str, ...] = ()
    """Ids of shipped entries that a user's folder replaced."""
    index: Mapping[tuple[Family, str], tuple[Entry, ...]] = field(default_factory=dict)
    """Entries by family and proposition."""
    closest: dict[Slots, tuple[Entry, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """Which entries fit these slots most closely, where somebody has asked."""

    @property
    def status(self) -> str:
        """`signed` where a person has signed every entry as it stands, else `provisional`."""
        used = [e.review.status for e in self.entries.values() if e.review.status != "retired"]
        return "signed" if used and set(used) == {"signed"} else "provisional"

    @property
    def signed(self) -> int:
        """Entries that a person has signed as they stand."""
        return sum(entry.review.status == "signed" for entry in self.entries.values())

    def grade(self, condition: str | None) -> str:
        """Grade of a condition id; a claim without one (None) is `unnamed`, an unknown one `none`."""
        if condition is None:
            return UNNAMED
        known = self.conditions.get(condition)
        return known.grade if known else "none"

    def name(self, condition: str) -> str:
        """A condition's name for a person."""
        known = self.conditions.get(condition)
        return known.name if known else condition.removeprefix("open:")

    def unconfirmed(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        """Which of these facts have not been confirmed."""
        return tuple(i for i in ids if i in self.evidence and not self.evidence[i].confirmed)
