"""What was found on each page of a run, and extractions that are used again while nothing has changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from claims.model import PageResult, Snapshot, Versions
from pipeline.sources.urls import host_of
from pipeline.store.codec import shape
from pipeline.store.later import dump, load
from pipeline.store.tables import extractions, findings, results, runs

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
        "shape": f"{shape(PageResult)} in parts",
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


class Extractions:
    """Results of pages by `extraction_key`. A row that cannot be read is as good as none."""

    def __init__(self, database: Database, world: World) -> None:
        self._database, self._world = database, world

    def get(self, key: str, snapshot: Snapshot) -> PageResult | None:
        """The result kept under a key, as one of this snapshot (its time and record are the new ones)."""
        with self._database.reading() as connection:
            row = connection.execute(
                select(extractions.c.result, extractions.c.used_at).where(extractions.c.key == key)
            ).first()
        if row is None:
            return None
        try:
            found = load(row[0])
        except (ValueError, TypeError):
            return None
        today = self._world.stamp()
        if row[1][:10] != today[:10]:  # once a day is enough to know what is still used
            with self._database.writing() as connection:
                connection.execute(update(extractions).where(extractions.c.key == key).values(used_at=today))
        return replace(found, snapshot=replace(snapshot, body=b""))

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


def record(connection: Connection, run_id: str, found: Collection[PageResult]) -> None:
    """Keep what was found on some pages, different ones; once more is no more."""
    if not found:
        return
    connection.execute(insert(results).prefix_with("OR REPLACE"), [_row(run_id, one) for one in found])
    gone = delete(findings).where(findings.c.run_id == run_id, findings.c.url == bindparam("page"))
    connection.execute(gone, [{"page": one.url} for one in found])
    lines = [line for one in found for line in _lines(run_id, one)]
    if lines:
        connection.execute(insert(findings), lines)


def _row(run_id: str, result: PageResult) -> dict[str, Any]:
    snapshot = result.snapshot
    return {
        "run_id": run_id,
        "site": host_of(result.url),
        "url": result.url,
        "sha256": snapshot.sha256 if snapshot else "",
        "record_id": snapshot.record_id if snapshot else None,
        "claims": len(result.findings),
        "omissions": len(result.omissions),
        "skipped": result.skipped.code if result.skipped else None,
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
