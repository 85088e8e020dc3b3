"""What was found on each page of a run, and extractions that are used again while nothing has changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from claims.model import PageResult, Snapshot, Versions
from pipeline.sources.urls import host_of
from pipeline.store.codec import shape
from pipeline.store.later import Brief, dump, load
from pipeline.store.tables import extractions, findings, results, runs
from reports.plain import SCHEMA_VERSION
from reports.ready import ReadyResult
from reports.summary import summarise

if TYPE_CHECKING:
    from claims.rules import Rules
    from pipeline.sources.base import World
    from pipeline.store.database import Database


def extraction_key(snapshot: Snapshot, rules: Rules, versions: Versions) -> str:
    """Equal where a page, and all that its result depends on but the day, are the same."""
    rules = rules.at(snapshot.url)
    told = {
        "url": snapshot.url,
        "final_url": snapshot.final_url,
        "sha256": snapshot.sha256,
        "media_type": snapshot.media_type,
        "content_type": [v for k, v in snapshot.headers if k.lower() == "content-type"],
        "status": snapshot.status,
        "program": versions.program,
        "catalogue": versions.catalogue,
        "language": versions.language,
        "profile": rules.profile,
        "families": sorted(family.value for family in rules.families),
        "treatment": rules.treatment,
        "jurisdictions": sorted(rules.jurisdictions),
        "nlp_base": rules.nlp_base,
        "rewrites": rules.rewrites,
        "shape": f"{shape(Brief)} in parts, lines {SCHEMA_VERSION}",
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


class Extractions:
    """Results of pages by `extraction_key`. A row that cannot be read is as good as none."""

    def __init__(self, database: Database, world: World) -> None:
        self._database, self._world = database, world
        self._used: list[str] = []

    def get(self, key: str, snapshot: Snapshot) -> PageResult | None:
        """The result kept under a key, as one of this snapshot (its time and record are the new ones)."""
        row = self._database.look_up("SELECT result, used_at FROM extractions WHERE key = ?", key)
        if row is None:
            return None
        try:
            found = load(row[0])
        except (ValueError, TypeError):
            return None
        if found.url != snapshot.url:
            return None
        if row[1][:10] != self._world.stamp()[:10]:  # once a day is enough to know what is still used
            self._used.append(key)
        return found.at(snapshot)

    def note_use(self, connection: Connection) -> None:
        """Note which results were used, for the first time of the day."""
        if self._used:
            used = update(extractions).where(extractions.c.key == bindparam("used"))
            rows = [{"used": key} for key in self._used]
            connection.execute(used.values(used_at=self._world.stamp()), rows)
            self._used.clear()

    def put(self, connection: Connection, key: str, snapshot: Snapshot, result: PageResult) -> None:
        now = self._world.stamp()
        values = {"result": dump(result), "made_at": now, "used_at": now}
        row = {
            "key": key,
            "site": host_of(snapshot.url),
            "url": snapshot.url,
            "sha256": snapshot.sha256,
            **values,
        }
        keep = insert(extractions)
        changed = {name: keep.excluded[name] for name in values}
        connection.execute(keep.on_conflict_do_update(["key"], set_=changed), row)


def record(
    connection: Connection, run_id: str, found: Collection[PageResult], kept_as: Mapping[str, str]
) -> None:
    """Keep what was found on some pages, different ones; once more is no more.

    `kept_as` has the key of each page as it is reported. The findings of a remembered page are not written again.
    """
    if not found:
        return
    rows = [_row(run_id, one, kept_as.get(one.url)) for one in found]
    connection.execute(insert(results).prefix_with("OR REPLACE"), rows)
    fresh = [one for one in found if not isinstance(one, ReadyResult)]
    if fresh:
        gone = delete(findings).where(findings.c.run_id == run_id, findings.c.url == bindparam("page"))
        connection.execute(gone, [{"page": one.url} for one in fresh])
    lines = [line for one in fresh for line in _lines(run_id, one)]
    if lines:
        connection.execute(insert(findings), lines)


def _row(run_id: str, result: PageResult, kept_as: str | None) -> dict[str, Any]:
    snapshot = result.snapshot
    figures = result.ready.figures if isinstance(result, ReadyResult) else summarise((result,))
    return {
        "run_id": run_id,
        "site": host_of(result.url),
        "url": result.url,
        "sha256": snapshot.sha256 if snapshot else "",
        "record_id": snapshot.record_id if snapshot else None,
        "claims": figures.claims,
        "omissions": figures.omissions,
        **figures.by_verdict,
        **figures.by_severity,
        "skipped": result.skipped.code if result.skipped else None,
        "reported": kept_as,
    }


def _lines(run_id: str, result: PageResult) -> Iterable[dict[str, Any]]:
    """One a fingerprint."""
    site = host_of(result.url)
    return {
        one.fingerprint: {
            "run_id": run_id,
            "site": site,
            "url": result.url,
            "fingerprint": one.fingerprint,
            "family": one.claim.family.value,
            "verdict": one.verdict.value,
            "severity": one.severity.value,
            "entry": one.entry,
            "quote": one.claim.quote,
        }
        for one in result.findings
    }.values()


def fallen_silent(database: Database, run_id: str) -> list[tuple[str, int]]:
    """Sites of a run without a claim, where the finished run before had some; and how many."""
    with database.reading() as connection:
        now = dict(
            connection.execute(
                select(results.c.site, func.sum(results.c.claims))
                .where(results.c.run_id == run_id, results.c.site != "")
                .group_by(results.c.site)
            )
            .tuples()
            .all()
        )
        silent = []
        for site in sorted(site for site, claims in now.items() if not claims):
            before = connection.execute(
                select(func.sum(results.c.claims))
                .join(runs, runs.c.id == results.c.run_id)
                .where(results.c.site == site, runs.c.id != run_id, runs.c.state == "finished")
                .group_by(runs.c.id)
                .order_by(runs.c.finished_at.desc(), runs.c.id.desc())
                .limit(1)
            ).scalar()
            if before:
                silent.append((site, int(before)))
    return silent
