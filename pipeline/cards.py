"""What reports may know of the catalogue: plain cards of its entries, its evidence, its propositions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from importlib.resources import files

from claims.catalogue import Catalogue, Entry, Stance
from claims.model import Audit, EntryCard, Strength
from reports.context import ReportContext


def context_of(head: Audit, catalogue: Catalogue, targets: Iterable[str]) -> ReportContext:
    """Everything that explains a run's results."""
    return ReportContext(
        run=head,
        entries={i: card(entry, head.profile) for i, entry in catalogue.entries.items()},
        evidence=catalogue.evidence,
        propositions=propositions(),
        targets=tuple(targets),
    )


def card(entry: Entry, profile: str) -> EntryCard:
    """One entry for the profile of the run."""
    limits = entry.limits[profile]
    return EntryCard(
        id=entry.id,
        family=entry.family,
        proposition=entry.propositions[0],
        title=_title(entry),
        message=entry.message,
        version=entry.content_hash[:12],
        stance=limits.stance.value if limits.stance is not Stance.ACCEPTED else "accepted",
        max_strength=Strength(limits.max_strength) if limits.max_strength is not None else None,
        approved_wording=entry.approved_wording,
        evidence=entry.evidence,
        authorities=entry.authorities,
        jurisdictions=entry.jurisdictions,
        waivable=entry.waivable,
        status=entry.review.status,
        reviewed_by=entry.review.by,
        reviewed_on=entry.review.on,
        due=entry.review.due,
    )


def _title(entry: Entry) -> str:
    """ "ketamine/onset-hours-depression" reads as "Onset hours depression"."""
    words = entry.id.rpartition("/")[2].replace("-", " ")
    return words[:1].upper() + words[1:]


def propositions() -> Mapping[str, Mapping[str, str]]:
    """Family → proposition → what it says."""
    data = json.loads((files("claims") / "language" / "propositions.json").read_text(encoding="utf-8"))
    return {family: rows for family, rows in data.items() if isinstance(rows, dict)}
