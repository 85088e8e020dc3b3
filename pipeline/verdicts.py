"""The verdict of one claim: a table over its slots and the closest entry's limits. Reads no language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from claims.catalogue import Catalogue, Entry, Limits, closest
from claims.catalogue.entry import Bounds
from claims.model import Attribution, Claim, Quantity, Severity, Strength, Verdict

_SAID = {
    Strength.S0: "Said as being studied",
    Strength.S1: "Said with a hedge",
    Strength.S2: "Said as what often or usually holds",
    Strength.S3: "Said as plain fact",
    Strength.S4: "Said without reserve",
}
_CEILING = {
    Strength.S0: "only “is being studied” holds",
    Strength.S1: "no more than “may” holds",
    Strength.S2: "no more than “can” or “often” holds",
    Strength.S3: "no more than a plain statement holds",
    Strength.S4: "any wording holds",
}
_UNITS = {"time": "hours", "rate": "%"}


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict on a claim for one condition, with the entry that gave it (None: none carries the claim)."""

    verdict: Verdict
    severity: Severity
    entry: Entry | None
    reason: str
    allowed: Strength | None = None

    @property
    def badness(self) -> tuple[int, int, int]:
        """Sorts the worst last; of equal verdicts the one with the lower ceiling, which asks more."""
        room = -1 if self.allowed is None else int(self.allowed)
        return self.verdict.badness, self.severity.rank, -room


def tags_of(claim: Claim) -> frozenset[str]:
    """What an entry may require of a claim: its qualifiers, and its slots as tags."""
    tags = {*claim.qualifiers, f"subject:{claim.subject}", f"route:{claim.route}"}
    if claim.attribution is not Attribution.NONE:
        tags.add(f"attribution:{claim.attribution}")
    if claim.quantity is not None:
        tags.add(f"quantity:{claim.quantity.kind}")
    tags.update(f"condition:{name}" for name in claim.conditions)
    return frozenset(tags)


def judge(claim: Claim, catalogue: Catalogue, profile: str, jurisdictions: Iterable[str]) -> Judgement:
    """The verdict of a claim; of several conditions the worst stands."""
    aims = frozenset(jurisdictions)
    conditions: tuple[str | None, ...] = claim.conditions or (None,)
    judged = [j for c in conditions for j in _for_condition(claim, c, catalogue, profile, aims)]
    return max(judged, key=lambda j: j.badness)


def _for_condition(
    claim: Claim, condition: str | None, catalogue: Catalogue, profile: str, aims: frozenset[str]
) -> list[Judgement]:
    """One judgement for each entry that fits most closely: several only where several jurisdictions speak."""
    entries = closest(catalogue, claim.family, claim.proposition, claim.subject, claim.route, condition, aims)
    name = catalogue.name(condition) if condition else ""
    if not entries:
        of = f" for {name}" if name else ""
        reason = f"No catalogue entry carries this {claim.family} claim{of}: nobody has reviewed it."
        return [Judgement(Verdict.UNSUPPORTED, Severity.WARNING, None, reason)]
    return [_by_entry(claim, entry, entry.limits[profile], name) for entry in entries]


def _by_entry(claim: Claim, entry: Entry, limits: Limits, condition: str) -> Judgement:
    tags = tags_of(claim)
    stance, ceiling = limits.stance_for(tags), limits.ceiling(tags)
    if stance is not limits.stance or ceiling is None:
        return Judgement(stance.beyond, entry.severity, entry, entry.message, ceiling)
    wrong = _past_ceiling(claim, ceiling, condition)
    if wrong:
        return Judgement(stance.beyond, entry.severity, entry, f"{wrong}: {entry.message}", ceiling)
    wrong = _past_bounds(claim.quantity, limits.bounds) or _missing(limits, tags)
    if wrong:
        return Judgement(Verdict.OVERSTATED, entry.severity, entry, f"{wrong}: {entry.message}", ceiling)
    return Judgement(Verdict.SUPPORTED, Severity.NOTE, entry, entry.message, ceiling)


def _past_ceiling(claim: Claim, ceiling: Strength, condition: str) -> str:
    if claim.strength <= ceiling:
        return ""
    of = f" of {condition}" if condition else ""
    return f"{_SAID[claim.strength]}{of}, where {_CEILING[ceiling]}"


def _past_bounds(quantity: Quantity | None, bounds: Bounds | None) -> str:
    """The largest figure claimed counts against the upper bound, the smallest against the lower one."""
    if quantity is None or bounds is None or quantity.kind != bounds.kind:
        return ""
    figures = [f for f in (quantity.low, quantity.high) if f is not None]
    if not figures:
        return ""
    unit = _UNITS.get(bounds.kind, "")
    if bounds.at_most is not None and max(figures) > bounds.at_most:
        return f"“{quantity.text}” is more than the {_figure(bounds.at_most, unit)} that the evidence carries"
    if bounds.at_least is not None and min(figures) < bounds.at_least:
        return (
            f"“{quantity.text}” is less than the {_figure(bounds.at_least, unit)} that the evidence carries"
        )
    return ""


def _figure(value: float, unit: str) -> str:
    if unit == "hours" and value >= 48:
        value, unit = value / 24, "days"
    return f"{value:g} {unit.removesuffix('s') if value == 1 else unit}".strip()


def _missing(limits: Limits, tags: frozenset[str]) -> str:
    for requirement in limits.requires:
        if tags.isdisjoint(requirement.any_of):
            return f"To stand, it must {requirement.say}"
    return ""
