"""From valid JSON to the catalogue's types, once it has passed the schema."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from claims.catalogue.entry import (
    PROFILES,
    Aim,
    Bounds,
    Condition,
    Entry,
    Escalation,
    Example,
    Limits,
    OmissionRule,
    Promotion,
    Raise,
    Requirement,
    Review,
    Signature,
    Stance,
)
from claims.model import Evidence, Family, Route, Severity, Strength, Subject, Verdict

Json = Mapping[str, Any]


def content_hash(value: object) -> str:
    """SHA-256 (hex) of a JSON value, the same however it is laid out."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def strength(name: str | None) -> Strength | None:
    return None if name is None else Strength[name]


def _optional_date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def build_evidence(raw: Json) -> Evidence:
    """A fact; what of it is inference or background is said with it, so that every report shows it."""
    open_part = raw.get("unconfirmed_part")
    return Evidence(
        id=raw["id"],
        citation=raw["citation"],
        finding=f"{raw['finding']} Not confirmed: {open_part}." if open_part else raw["finding"],
        confirmed=raw["confirmed"],
        year=raw.get("year"),
        identifier=raw.get("identifier"),
        url=raw.get("url"),
        checked=_optional_date(raw.get("checked")),
        volatile=raw.get("volatile"),
        unconfirmed=open_part,
    )


def build_condition(raw: Json) -> Condition:
    return Condition(raw["id"], raw["name"], raw["grade"])


def build_review(raw: Json) -> Review:
    return Review(
        raw["status"], date.fromisoformat(raw["due"]), raw.get("volatile"), tuple(raw.get("history", ()))
    )


def build_limits(raw: Json) -> dict[str, Limits]:
    """Limits of every profile; what a profile does not say it takes from `standard`."""
    return {profile: _limits({**raw["standard"], **raw.get(profile, {})}) for profile in PROFILES}


def _limits(raw: Json) -> Limits:
    bounds = raw.get("bounds")
    return Limits(
        stance=Stance(raw["stance"]),
        max_strength=strength(raw["max_strength"]),
        raised=tuple(
            Raise(Strength[r["to"]], tuple(r.get("if_any", ())), tuple(r.get("if_all", ())))
            for r in raw.get("raised", ())
        ),
        bounds=Bounds(bounds["kind"], bounds.get("at_least"), bounds.get("at_most")) if bounds else None,
        requires=tuple(Requirement(tuple(r["any_of"]), r["say"]) for r in raw.get("requires", ())),
        escalates=tuple(
            Escalation(tuple(e["if_any"]), Stance(e["stance"])) for e in raw.get("escalates", ())
        ),
    )


def build_example(raw: Json) -> Example:
    return Example(
        text=raw["text"],
        verdict=Verdict(raw["verdict"]),
        strength=strength(raw.get("strength")),
        heading=raw.get("heading"),
        lead_in=raw.get("lead_in"),
        question=raw.get("question"),
        profile=raw.get("profile", "standard"),
        jurisdictions=tuple(raw.get("jurisdictions", ())),
        note=raw.get("note"),
    )


def build_entry(raw: Json, family: str, evidence: Mapping[str, Json], origin: str, place: str) -> Entry:
    """An entry; `evidence` holds the raw facts by id, so that the hash covers those that it cites."""
    signed = {"entry": raw, "family": family, "evidence": [evidence.get(i) for i in raw["evidence"]]}
    return Entry(
        id=raw["id"],
        title=raw["title"],
        family=Family(family),
        propositions=tuple(raw["propositions"]),
        subjects=tuple(Subject(s) for s in raw["subjects"]),
        routes=tuple(Route(r) for r in raw["routes"]),
        conditions=tuple(raw["conditions"]),
        limits=build_limits(raw["limits"]),
        severity=Severity(raw["severity"]),
        message=raw["message"],
        approved_wording=tuple(raw["approved_wording"]),
        evidence=tuple(raw["evidence"]),
        authorities=tuple(raw["authorities"]),
        review=build_review(raw["review"]),
        examples=tuple(build_example(e) for e in raw["examples"]),
        jurisdictions=tuple(raw.get("jurisdictions", ())),
        waivable=raw.get("waivable", True),
        origin=origin,
        place=place,
        content_hash=content_hash(signed),
    )


def build_omission(raw: Json) -> OmissionRule:
    return OmissionRule(
        id=raw["id"],
        kind=raw["kind"],
        severity=Severity(raw["severity"]),
        message=raw["message"],
        approved_wording=tuple(raw["approved_wording"]),
        evidence=tuple(raw["evidence"]),
        authorities=tuple(raw["authorities"]),
        jurisdictions=tuple(raw.get("jurisdictions", ())),
        subjects=tuple(Subject(s) for s in raw.get("subjects", ())),
        conditions=tuple(raw.get("conditions", ())),
        cleared_by={Family(f): tuple(p) for f, p in raw.get("cleared_by", {}).items()},
        cleared_by_tags=tuple(raw.get("cleared_by_tags", ())),
        review=build_review(raw["review"]),
    )


def build_promotion(raw: Json) -> Promotion:
    return Promotion(
        tuple(Family(f) for f in raw["families"]),
        tuple(raw["except_propositions"]),
        Strength[raw["min_strength"]],
    )


def build_aim(raw: Json) -> Aim:
    return Aim(raw["jurisdiction"], tuple(raw["hosts"]), tuple(raw["languages"]), tuple(raw["terms"]))


def build_signature(raw: Json) -> Signature:
    return Signature(
        raw["entry"], raw["by"], date.fromisoformat(raw["on"]), raw["content_hash"], raw.get("note")
    )


def apply_signatures(entries: Mapping[str, Entry], signatures: Iterable[Signature]) -> dict[str, Entry]:
    """Entries with the newest signature of each; one whose content has changed since is `void`."""
    newest = {s.entry: s for s in signatures}
    return {i: _signed(entry, newest[i]) if i in newest else entry for i, entry in entries.items()}


def _signed(entry: Entry, signature: Signature) -> Entry:
    status = "signed" if signature.content_hash == entry.content_hash else "void"
    return replace(entry, review=replace(entry.review, status=status, by=signature.by, on=signature.on))


def index_entries(entries: Iterable[Entry]) -> dict[tuple[Family, str], tuple[Entry, ...]]:
    """Entries in use, by family and proposition, in the catalogue's order."""
    found: dict[tuple[Family, str], list[Entry]] = {}
    for entry in entries:
        if entry.review.status != "retired":
            for proposition in entry.propositions:
                found.setdefault((entry.family, proposition), []).append(entry)
    return {key: tuple(value) for key, value in found.items()}
