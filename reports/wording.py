"""Sentences that every format shares."""

from __future__ import annotations

from claims.model import Audit, Evidence, Finding, Severity, Skipped, Suppression, Verdict

VERDICTS = {
    Verdict.CONTRADICTED: "an authoritative source says the opposite",
    Verdict.UNSUPPORTED: "no catalogue entry carries it",
    Verdict.OVERSTATED: "there is evidence, but the wording goes past it",
    Verdict.SUPPORTED: "the catalogue carries it as worded",
}

OMISSIONS = {
    "off_label_undisclosed": "Does not say that the use is off-label",
    "risks_undisclosed": "Names no side effect or risk",
    "abuse_potential_undisclosed": "Does not say that ketamine can be misused or is a controlled substance",
    "prohibited_promotion": "Promotes what may not be promoted",
    "waiver_unused": "Waiver without a finding",
    "waiver_expired": "Waiver past its date",
    "waiver_lapsed": "Waiver that no longer holds",
    "waiver_invalid": "Waiver that cannot be used",
}

TOOL = "claims-audit"


def caveat(run: Audit) -> str:
    """The one line that every report carries."""
    if run.status == "provisional":
        signed = "signed by no reviewer yet"
        if run.signed:
            signed = (
                f"{plural(run.signed, 'entry', 'entries')} signed by a reviewer, the others by nobody yet"
            )
        return (
            f"Not legal advice. The catalogue is provisional: compiled from the sources it names, {signed}."
        )
    return f"Not legal advice. Review status of the catalogue: {run.status}."


def omission_title(kind: str) -> str:
    return OMISSIONS.get(kind, kind.replace("_", " ").capitalize())


def why_unread(skipped: Skipped) -> str:
    """The reason, without the address where it begins with it: reports that use this name the page beside it."""
    return skipped.reason.removeprefix(f"{skipped.url}: ")


def cited(name: str, evidence: Evidence | None) -> str:
    """A fact with its id and its source, and whether it was seen there; the id alone where it is not known."""
    if evidence is None:
        return name
    doubt = "" if evidence.confirmed else " (not confirmed at the source)"
    return f"{name}: {evidence.finding} {evidence.citation.rstrip('.')}{doubt}."


def plural(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def severities(by_severity: dict[str, int]) -> str:
    """ "3 errors, 1 warning, 0 notes", loudest first."""
    return ", ".join(plural(by_severity.get(s.value, 0), s.value) for s in reversed(Severity))


def suppression(of: Suppression) -> str:
    """Why a finding does not count, in a few words."""
    said = {"baseline": "in the baseline", "inline": "waived in the page", "waiver": "waived"}.get(
        of.kind, of.kind
    )
    parts = [said if not of.reason or of.kind == "baseline" else f"{said}: {of.reason}"]
    if of.owner:
        parts.append(f"by {of.owner}")
    if of.expires:
        parts.append(f"until {of.expires.isoformat()}")
    return ", ".join(parts)


FOLLOWS = "It can stand as it is, once the sentence that introduces it is changed as advised."
REMOVE = "Remove the statement."
REWRITES = {
    "edit": "the same sentence, changed least",
    "cut": "the same sentence, without the words that nothing carries",
    "approved": "approved wording",
}


def advice(finding: Finding) -> tuple[str, str]:
    """What a writer is to do: a kind of rewrite (`edit`, `cut`, `approved`, `follows`, `remove`) and its text.

    The text is wording to use for the first three, and a sentence of advice for the others.
    """
    rewrite = finding.rewrite
    if rewrite and rewrite.kind in REWRITES:
        return rewrite.kind, rewrite.text
    if rewrite and rewrite.kind == "follows":
        return "follows", FOLLOWS
    if rewrite is None and finding.suggestions:
        return "approved", finding.suggestions[0]
    return "remove", REMOVE
