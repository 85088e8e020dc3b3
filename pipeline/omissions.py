"""What a promoting page leaves out, and where promoting is itself unlawful: findings of the whole page."""

from __future__ import annotations

from collections.abc import Sequence

from claims.catalogue import Catalogue, OmissionRule
from claims.catalogue.entry import Promotion
from claims.catalogue.select import condition_tokens
from claims.fingerprint import fingerprint
from claims.model import Claim, Framing, Omission, Page, Polarity, Region
from claims.rules import Rules
from pipeline.aims import aimed_at
from pipeline.verdicts import tags_of

_APART = (Region.FOOTER,)
"""Regions in which a disclosure does not count under the strict profile."""


def page_omissions(
    page: Page, claims: Sequence[Claim], catalogue: Catalogue, rules: Rules
) -> tuple[Omission, ...]:
    """Omissions of a page. `claims` are all claims of the page, whatever families are reported."""
    asserted = [claim for claim in claims if claim.framing is Framing.ASSERTED]
    promoting = [claim for claim in asserted if promotes(claim, catalogue.promotion)]
    aims = aimed_at(page, catalogue, rules.jurisdictions)
    disclosing = [
        claim
        for claim in asserted
        if rules.profile != "strict" or page.blocks[claim.block].region not in _APART
    ]
    return tuple(
        _omission(page, rule)
        for rule in catalogue.omissions
        if (not rule.jurisdictions or not aims.isdisjoint(rule.jurisdictions))
        and any(_reaches(rule, claim, catalogue) for claim in promoting)
        and not any(_clears(rule, claim) for claim in disclosing)
    )


def promotes(claim: Claim, promotion: Promotion) -> bool:
    """Whether a claim makes its page one that promotes the treatment."""
    return (
        claim.family in promotion.families
        and claim.proposition not in promotion.except_propositions
        and claim.strength >= promotion.min_strength
        and claim.polarity is Polarity.AFFIRMED
    )


def _reaches(rule: OmissionRule, claim: Claim, catalogue: Catalogue) -> bool:
    """Whether this promoting claim is of the kind that the rule looks at."""
    if rule.subjects and claim.subject not in rule.subjects:
        return False
    if not rule.conditions:
        return True
    conditions: tuple[str | None, ...] = claim.conditions or (None,)
    return any(not condition_tokens(catalogue, c).keys().isdisjoint(rule.conditions) for c in conditions)


def _clears(rule: OmissionRule, claim: Claim) -> bool:
    """Whether this claim discloses what the rule asks for."""
    return claim.proposition in rule.cleared_by.get(claim.family, ()) or not tags_of(claim).isdisjoint(
        rule.cleared_by_tags
    )


def _omission(page: Page, rule: OmissionRule) -> Omission:
    where = "-".join(rule.jurisdictions)
    return Omission(
        fingerprint=fingerprint(page.url, rule.kind, where),
        kind=rule.kind,
        severity=rule.severity,
        reason=rule.message,
        evidence=rule.evidence,
        suggestions=rule.approved_wording,
        entry=rule.id,
    )
