"""Entries in words, for people: one line, a page, a table."""

from __future__ import annotations

from collections.abc import Iterator

from claims.catalogue.entry import PROFILES, Catalogue, Entry, Limits
from claims.model import Strength

_RUNGS = {
    Strength.S0: "as being studied",
    Strength.S1: "with a hedge (“may”)",
    Strength.S2: "with a qualifier (“can”, “often”)",
    Strength.S3: "as plain fact",
    Strength.S4: "at any strength",
}
_UNITS = {"time": "hours", "rate": "%"}


def ceiling(limits: Limits) -> str:
    """The ceiling in a column: `S2`, or `-` where no strength is allowed."""
    return "-" if limits.max_strength is None else limits.max_strength.name


def limits_in_words(limits: Limits) -> Iterator[str]:
    """What may be said, sentence by sentence."""
    beyond = limits.stance.beyond.value
    if limits.max_strength is None:
        yield f"at any strength: {beyond}"
    elif limits.max_strength is Strength.S4:
        yield "supported at any strength"
    else:
        yield f"supported {_RUNGS[limits.max_strength]}, at most; stronger: {beyond}"
    for step in limits.raised:
        tags = [*step.if_all, " or ".join(step.if_any)] if step.if_any else list(step.if_all)
        yield f"supported {_RUNGS[step.to]}, where the statement has {' and '.join(tags)}"
    if limits.bounds:
        figures = [("at least", limits.bounds.at_least), ("at most", limits.bounds.at_most)]
        unit = _UNITS[limits.bounds.kind]
        stated = " and ".join(f"{word} {value:g} {unit}" for word, value in figures if value is not None)
        yield f"figures: {stated}; others: overstated"
    for requirement in limits.requires:
        yield f"must {requirement.say}; otherwise overstated"
    for escalation in limits.escalates:
        yield f"{escalation.stance.beyond}, where the statement has {' or '.join(escalation.if_any)}"


def speaks_of(entry: Entry) -> str:
    """Which claims an entry decides, in one line."""
    parts = [
        f"{entry.family}: {', '.join(entry.propositions)}",
        ", ".join(entry.subjects) or "any subject",
        f"by {', '.join(entry.routes)}" if entry.routes else "any route",
        f"for {', '.join(entry.conditions)}",
    ]
    if entry.jurisdictions:
        parts.append(f"in {', '.join(entry.jurisdictions)}")
    return "; ".join(parts)


def review_line(entry: Entry) -> str:
    """Status and due date, with the reviewer where there is one."""
    review = entry.review
    signed = {
        "signed": f"signed by {review.by} on {review.on}",
        "void": f"signed by {review.by} on {review.on} and changed since: the signature no longer holds",
    }
    return f"{signed.get(review.status, review.status)}; due {review.due.isoformat()}"


def evidence_lines(catalogue: Catalogue, entry: Entry) -> Iterator[tuple[str, str]]:
    """Id and text of each fact that the entry rests on."""
    for name in entry.evidence:
        fact = catalogue.evidence[name]
        mark = "" if fact.confirmed else " [NOT CONFIRMED]"
        source = ", ".join(str(p) for p in (fact.citation, fact.year, fact.identifier) if p)
        checked = f"checked {fact.checked}" if fact.checked else "not checked"
        yield name, f"{fact.finding}{mark} ({source}; {checked})"


def page(catalogue: Catalogue, entry: Entry) -> Iterator[tuple[str, str]]:
    """An entry as label and text, label empty where the text goes on under the last one."""
    yield entry.id, entry.title
    yield "speaks of", speaks_of(entry)
    for profile in PROFILES:
        for i, line in enumerate(limits_in_words(entry.limits[profile])):
            yield (profile if i == 0 else ""), line
    yield "why", entry.message
    for i, (name, text) in enumerate(evidence_lines(catalogue, entry)):
        yield ("evidence" if i == 0 else ""), f"{name}: {text}"
    yield "authorities", ", ".join(entry.authorities)
    yield "flagged as", entry.severity.value + ("" if entry.waivable else ", not waivable")
    if not entry.approved_wording:
        yield "better", "remove the statement"
    for i, wording in enumerate(entry.approved_wording):
        yield ("better" if i == 0 else ""), f"“{wording}”"
    for i, example in enumerate(entry.examples):
        profile = "" if example.profile == "standard" else f" ({example.profile})"
        yield ("examples" if i == 0 else ""), f"{example.verdict}{profile}: “{example.text}”"
    yield "review", review_line(entry)
    if entry.review.volatile:
        yield "changes if", entry.review.volatile
    for i, line in enumerate(entry.review.history):
        yield ("history" if i == 0 else ""), line
    for i, signature in enumerate(s for s in catalogue.signatures if s.entry == entry.id):
        note = f": {signature.note}" if signature.note else ""
        yield ("signed" if i == 0 else ""), f"{signature.on} {signature.by}{note}"
    yield "from", f"{entry.origin} ({entry.place})"
