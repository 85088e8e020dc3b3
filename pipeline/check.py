"""Claims and catalogue → findings: one for each statement and family, with the verdict of its worst claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from claims.catalogue import Catalogue, Entry
from claims.fingerprint import fingerprint, fold
from claims.model import Claim, Family, Finding, Framing, Note, Page
from claims.rules import Rules
from pipeline.aims import aimed_at
from pipeline.place import place_of
from pipeline.verdicts import Judgement, judge

Statement = tuple[int, int, int, Family]
"""Block, start, end and family: what one finding speaks of."""


def check_page(
    page: Page, claims: Sequence[Claim], catalogue: Catalogue, rules: Rules
) -> tuple[Finding, ...]:
    """Findings of the page in reading order, supported ones too; only those of `rules.families`."""
    aims = aimed_at(page, catalogue, rules.jurisdictions)
    seen: Counter[tuple[Family, str]] = Counter()
    findings = []
    for statement in _statements(claims, rules.families):
        judged = [(judge(claim, catalogue, rules.profile, aims), claim) for claim in statement]
        judgement, claim = max(judged, key=lambda pair: (*pair[0].badness, pair[1].strength))
        others = tuple(other for other in statement if other is not claim)
        key = (claim.family, fold(claim.quote))
        findings.append(_finding(page, claim, others, judgement, seen[key]))
        seen[key] += 1
    return tuple(findings)


def _statements(claims: Sequence[Claim], families: tuple[Family, ...]) -> list[list[Claim]]:
    """Asserted claims, those of one family in one statement together, in reading order."""
    grouped: dict[Statement, list[Claim]] = {}
    for claim in claims:
        if claim.framing is Framing.ASSERTED and claim.family in families:
            grouped.setdefault((claim.block, claim.start, claim.end, claim.family), []).append(claim)
    order = {family: i for i, family in enumerate(Family)}
    return [grouped[key] for key in sorted(grouped, key=lambda k: (*k[:3], order[k[3]]))]


def _finding(
    page: Page, claim: Claim, others: tuple[Claim, ...], judgement: Judgement, ordinal: int
) -> Finding:
    entry, place = judgement.entry, place_of(page, claim)
    flagged = judgement.verdict.flagged
    return Finding(
        fingerprint=fingerprint(page.url, claim.family, claim.quote, ordinal),
        claim=claim,
        verdict=judgement.verdict,
        severity=judgement.severity,
        entry=entry.id if entry else None,
        reason=judgement.reason,
        evidence=entry.evidence if entry else (),
        suggestions=entry.approved_wording if entry and flagged else (),
        others=others,
        allowed=judgement.allowed,
        source_start=place.start,
        source_end=place.end,
        line=place.line,
        column=place.column,
        link=place.link,
        not_waivable=bool(entry and flagged and not entry.waivable),
    )


def review_notes(catalogue: Catalogue, findings: Iterable[Finding], today: date) -> tuple[Note, ...]:
    """What a reader should know of the entries that decided: overdue, signed and changed since, a user's own.

    In the order of their ids, one note for each entry and matter.
    """
    used = sorted({finding.entry for finding in findings if finding.entry})
    return notes_on(catalogue, used, today)


def notes_on(catalogue: Catalogue, used: Iterable[str], today: date) -> tuple[Note, ...]:
    """The same for entries by their ids, in the order given."""
    return tuple(note for name in used for note in _notes_on(catalogue.entries[name], catalogue, today))


def _notes_on(entry: Entry, catalogue: Catalogue, today: date) -> Iterator[Note]:
    review = entry.review
    if review.due < today:
        yield Note(
            "entry_overdue", f"{entry.id} was due for review on {review.due.isoformat()}; it still decides."
        )
    if review.status == "void":
        text = (
            f"{entry.id}: changed after {review.by} signed it on {review.on}; the signature no longer holds."
        )
        yield Note("signature_void", text)
    if entry.id in catalogue.overridden:
        yield Note("entry_overridden", f"{entry.id} is taken from {entry.origin}, not from what ships.")
