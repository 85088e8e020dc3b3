"""The whole audit as one JSON document, valid against `claims/schemas/report.schema.json`, and back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from claims.errors import DataError
from claims.model import Audit, EntryCard, Evidence, PageResult, Summary, Versions
from reports.context import ReportContext, Stream
from reports.plain import SCHEMA_VERSION, dumps, plain, revive
from reports.summary import issues
from reports.wording import TOOL, caveat


def render(stream: Stream, context: ReportContext) -> Iterator[str]:
    """Head, pages as they come, then the entries and evidence they name, then the summary."""
    run = {k: v for k, v in plain(context.run).items() if k != "results"}
    yield "{\n"
    yield f'"schema_version": {dumps(SCHEMA_VERSION)},\n"tool": {dumps(TOOL)},\n'
    yield f'"caveat": {dumps(caveat(context.run))},\n"run": {dumps(run)},\n'
    yield f'"targets": {dumps(list(context.targets))},\n"pages": ['
    named = _Named()
    separator = "\n"
    for item in stream:
        if isinstance(item, Summary):
            yield f'\n],\n"entries": {dumps(named.entries(context))},\n'
            yield f'"evidence": {dumps(named.evidence(context))},\n"summary": {dumps(item)}\n}}\n'
            return
        named.add(item)
        yield separator + dumps(item)
        separator = ",\n"


class _Named:
    """Ids of the entries and evidence that the findings name."""

    def __init__(self) -> None:
        self._entries: set[str] = set()
        self._evidence: set[str] = set()

    def add(self, result: PageResult) -> None:
        for item in issues(result):
            if item.entry:
                self._entries.add(item.entry)
            self._evidence.update(item.evidence)

    def entries(self, context: ReportContext) -> dict[str, Any]:
        return {i: plain(context.entries[i]) for i in sorted(self._entries) if i in context.entries}

    def evidence(self, context: ReportContext) -> dict[str, Any]:
        known = set(self._evidence)
        for entry in self._entries & set(context.entries):
            known.update(context.entries[entry].evidence)
        return {i: plain(context.evidence[i]) for i in sorted(known) if i in context.evidence}


def head_of(said: Mapping[str, Any]) -> Audit:
    """A run's head from its plain form, without results and notes. KeyError where something is missing."""
    return Audit(
        run_id=said["run_id"],
        started_at=said["started_at"],
        versions=revive(Versions, said["versions"]),
        profile=said["profile"],
        status=said["status"],
        signed=said.get("signed", 0),
    )


@dataclass(frozen=True, slots=True)
class Loaded:
    """A report read back."""

    audit: Audit
    summary: Summary
    entries: dict[str, EntryCard]
    evidence: dict[str, Evidence]
    targets: tuple[str, ...]


def loads(text: str, name: str) -> Loaded:
    """A report that `render` wrote; DataError names `name` and what is wrong with it."""
    try:
        data = json.loads(text)
    except ValueError as error:
        raise DataError([f"{name}: not a JSON report ({error}): write it with --format json"]) from None
    if not isinstance(data, dict) or data.get("schema_version") != SCHEMA_VERSION or "pages" not in data:
        raise DataError([f"{name}: not a report of this program: give a file written with --format json"])
    try:
        return Loaded(
            audit=replace(
                head_of(data["run"]), results=tuple(revive(PageResult, page) for page in data["pages"])
            ),
            summary=revive(Summary, data["summary"]),
            entries={k: revive(EntryCard, v) for k, v in data["entries"].items()},
            evidence={k: revive(Evidence, v) for k, v in data["evidence"].items()},
            targets=tuple(data["targets"]),
        )
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise DataError([f"{name}: damaged report ({error}): write it again with --format json"]) from None
