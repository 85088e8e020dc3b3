"""Findings that do not count: waived by a named person, in a file or in the page's own source.

A waiver holds for a fingerprint, its entry and its verdict. Waivers that are unused, expired, lapsed or
refused are findings of the page themselves. They are applied before the baseline.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, cast

from claims.errors import DataError
from claims.fingerprint import fingerprint
from claims.model import (
    EntryCard,
    Finding,
    Omission,
    PageResult,
    Severity,
    Suppression,
    Verdict,
)
from reports.issues import rule_of
from reports.summary import is_active, issues


@dataclass(frozen=True, slots=True)
class Waiver:
    """One accepted finding. One written in the page has no fingerprint, and covers a stretch of it."""

    fingerprint: str | None
    page: str
    entry: str
    """Entry id, `unreviewed/<family>` or `omission/<kind>`."""
    verdict: str
    reason: str
    owner: str
    expires: date
    entry_version: str | None = None
    statement: str = ""
    start: int = 0
    end: int = 0
    """Stretch of the page's source that an inline waiver covers."""
    line: int | None = None

    @property
    def kind(self) -> str:
        return "waiver" if self.fingerprint else "inline"

    @property
    def named(self) -> str:
        """The waiver in a sentence."""
        where = f"waiver {self.fingerprint}" if self.fingerprint else f"waiver in line {self.line}"
        return f"The {where} for {self.entry}"


def load(path: Path) -> tuple[Waiver, ...]:
    """Waivers of a file, checked against its schema; DataError lists every fault with its place."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(
            [f"{path}: cannot be read ({error.strerror}); name a waiver file that exists"]
        ) from None
    except UnicodeDecodeError:
        raise DataError([f"{path}: not UTF-8; save it as UTF-8"]) from None
    except json.JSONDecodeError as error:
        place = f"{path}:{error.lineno}:{error.colno}"
        raise DataError([f"{place}: {error.msg}; mend the JSON"]) from None
    problems = [f"{path}: {fault}" for fault in _faults(data)]
    if problems:
        raise DataError(problems)
    return tuple(
        Waiver(
            fingerprint=one["fingerprint"],
            page=one["page"],
            entry=one["entry"],
            verdict=one["verdict"],
            reason=one["reason"],
            owner=one["owner"],
            expires=date.fromisoformat(one["expires"]),
            entry_version=one.get("entry_version"),
            statement=one.get("statement", ""),
        )
        for one in data["waivers"]
    )


def _faults(data: object) -> Iterator[str]:
    from importlib.resources import files

    from jsonschema import Draft202012Validator, FormatChecker

    schema = json.loads(files("claims").joinpath("schemas", "waiver.schema.json").read_text(encoding="utf-8"))
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    faulty = False
    for error in sorted(
        validator.iter_errors(data), key=lambda one: [str(step) for step in one.absolute_path]
    ):
        faulty = True
        pointer = "/" + "/".join(map(str, error.absolute_path))
        meant = error.schema.get("description", "") if error.validator == "pattern" else ""
        wrong = f"{error.instance!r} does not fit: {meant}" if meant else f"{error.message};"
        yield f"{pointer}: {wrong} see claims/schemas/waiver.schema.json"
    if faulty:
        return
    seen: set[str] = set()
    for index, one in enumerate(cast("dict[str, Any]", data)["waivers"]):
        if one["fingerprint"] in seen:
            yield f"/waivers/{index}/fingerprint: {one['fingerprint']} stands twice; keep one"
        seen.add(one["fingerprint"])


def dump(waivers: Iterable[Waiver]) -> str:
    """A waiver file: sorted, one waiver a line, so that merges stay small."""
    rows = []
    for one in sorted(waivers, key=lambda w: (w.page, w.fingerprint or "")):
        row = {
            "fingerprint": one.fingerprint,
            "page": one.page,
            "entry": one.entry,
            "entry_version": one.entry_version,
            "verdict": one.verdict,
            "reason": one.reason,
            "owner": one.owner,
            "expires": one.expires.isoformat(),
            "statement": one.statement,
        }
        rows.append("  " + json.dumps({k: v for k, v in row.items() if v}, ensure_ascii=False))
    body = ",\n".join(rows)
    return f'{{"version": 1, "waivers": [\n{body}\n]}}\n' if rows else '{"version": 1, "waivers": []}\n'


def waive(
    results: Iterable[PageResult],
    waivers: Iterable[Waiver],
    entries: Mapping[str, EntryCard],
    today: date,
) -> Iterator[PageResult]:
    """The results with waived findings suppressed, and with findings on the waivers that do not hold."""
    listed: dict[str, list[Waiver]] = {}
    for waiver in waivers:
        listed.setdefault(waiver.page, []).append(waiver)
    for result in results:
        if result.skipped:
            yield result
            continue
        yield _Page(result, entries, today).waived(listed.get(result.url, ()))


class _Page:
    """One page and its waivers."""

    def __init__(self, result: PageResult, entries: Mapping[str, EntryCard], today: date) -> None:
        self._result = result
        self._entries = entries
        self._today = today

    def waived(self, listed: Iterable[Waiver]) -> PageResult:
        from pipeline.inline import inline_waivers

        written, problems = inline_waivers(self._result)
        waivers = [*listed, *written]
        if not (waivers or problems):
            return self._result
        suppressed: dict[str, Suppression] = {}
        for waiver in waivers:
            covered = [one for one in issues(self._result) if is_active(one) and self._covers(waiver, one)]
            holding = [one for one in covered if self._fault(waiver, one) is None]
            for one in holding:
                suppression = Suppression(waiver.kind, waiver.reason, waiver.owner, waiver.expires)
                suppressed.setdefault(one.fingerprint, suppression)
            if not holding:
                problems.append(self._complaint(waiver, covered))
        return replace(
            self._result,
            findings=tuple(
                replace(one, suppression=suppressed[one.fingerprint])
                if one.fingerprint in suppressed
                else one
                for one in self._result.findings
            ),
            omissions=(
                *(
                    replace(one, suppression=suppressed[one.fingerprint])
                    if one.fingerprint in suppressed
                    else one
                    for one in self._result.omissions
                ),
                *(self._numbered(problems)),
            ),
        )

    def _covers(self, waiver: Waiver, item: Finding | Omission) -> bool:
        """True where the waiver means this finding, whether or not it holds."""
        if waiver.fingerprint is not None:
            return waiver.fingerprint == item.fingerprint
        if rule_of(item) != waiver.entry:
            return False
        if isinstance(item, Omission):
            return True
        start, end = item.source_start, item.source_end
        return start is not None and end is not None and waiver.start <= start and end <= waiver.end

    def _fault(self, waiver: Waiver, item: Finding | Omission) -> tuple[str, str] | None:
        """Why the waiver does not hold for the finding, as kind and sentence; None where it does."""
        card = self._entries.get(item.entry or "")
        if (isinstance(item, Finding) and item.not_waivable) or (card and not card.waivable):
            return "waiver_refused", f"{waiver.named} is refused: this entry may not be waived."
        if rule_of(item) != waiver.entry:
            return "waiver_lapsed", f"{waiver.named} has lapsed: {rule_of(item)} decides now."
        if waiver.entry_version and card and waiver.entry_version != card.version:
            return "waiver_lapsed", f"{waiver.named} has lapsed: the entry has changed since."
        if isinstance(item, Finding) and (
            waiver.verdict == "omission" or item.verdict.badness > Verdict(waiver.verdict).badness
        ):
            return "waiver_lapsed", f"{waiver.named} has lapsed: the verdict is now {item.verdict.value}."
        if self._today > waiver.expires:
            return "waiver_expired", f"{waiver.named} ended on {waiver.expires.isoformat()}."
        return None

    def _complaint(self, waiver: Waiver, covered: list[Finding | Omission]) -> Problem:
        for item in covered:
            fault = self._fault(waiver, item)
            if fault:
                return Problem(fault[0], f"{fault[1]} Owner: {waiver.owner}.")
        return Problem("waiver_unused", f"{waiver.named} meets no finding: remove it. Owner: {waiver.owner}.")

    def _numbered(self, problems: list[Problem]) -> Iterator[Omission]:
        for number, problem in enumerate(problems):
            severity = Severity.NOTE if problem.kind == "waiver_unused" else Severity.WARNING
            yield Omission(
                fingerprint=fingerprint(self._result.url, problem.kind, problem.reason, number),
                kind=problem.kind,
                severity=severity,
                reason=problem.reason,
                evidence=(),
                suggestions=(),
            )


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a waiver."""

    kind: str
    """`waiver_unused`, `waiver_expired`, `waiver_lapsed`, `waiver_refused`, `waiver_invalid`."""
    reason: str
