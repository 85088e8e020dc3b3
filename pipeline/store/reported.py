"""Runs as they were reported: kept page by page, so that two can be compared and many make a trend.

Pages are kept in the form of the JSON report, which later versions of the program still read; a page that has
not changed is kept once, however many runs met it.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.sqlite import insert

from claims.errors import UsageError
from claims.model import Audit, EntryCard, PageResult, Summary
from pipeline.sources.urls import host_of
from pipeline.store.errors import StoreError
from pipeline.store.tables import SEVERITIES, VERDICTS, reported, results, runs
from reports.context import Past
from reports.json import head_of
from reports.plain import dumps, plain, revive

if TYPE_CHECKING:
    from pipeline.store.database import Database

LONGEST = 11
"""Earlier runs that make a trend."""


_NO_FIGURES = [0] * len((*VERDICTS, *SEVERITIES))


@dataclass(frozen=True, slots=True)
class Reported:
    """A run read back."""

    audit: Audit
    entries: Mapping[str, EntryCard]


def keep_head(connection: Connection, run_id: str, head: Audit, entries: Mapping[str, EntryCard]) -> None:
    """Keep who audited by what. `entries` are those that findings may name."""
    said = {k: v for k, v in plain(head).items() if k not in ("results", "notes")}
    packed = _pack(dumps({"run": said, "entries": plain(entries)}))
    connection.execute(update(runs).where(runs.c.id == run_id).values(head=packed))


def keep_pages(connection: Connection, told: Iterable[tuple[PageResult, str | None]]) -> dict[str, str]:
    """Keep pages as they were reported; gives the key of each by its address.

    The name beside a result stands for it, notes aside: nothing is drawn up where one of that name is kept
    already. Without a name the text itself tells.
    """
    texts: dict[str, tuple[PageResult, str | None]] = {}
    keys: dict[str, str] = {}
    for result, name in told:
        text = None if name else _text(result)
        key = hashlib.sha256((text or f"{name} {dumps(result.notes)}").encode()).hexdigest()
        texts[key], keys[result.url] = (result, text), key
    if not keys:
        return {}
    kept = set(connection.execute(select(reported.c.key).where(reported.c.key.in_(texts))).scalars())
    fresh = [
        {"key": key, "site": host_of(result.url), "result": _pack(text or _text(result))}
        for key, (result, text) in texts.items()
        if key not in kept
    ]
    if fresh:
        connection.execute(insert(reported).on_conflict_do_nothing(), fresh)
    return keys


def _text(result: PageResult) -> str:
    return dumps(replace(result, snapshot=None))


def load(database: Database, name: str) -> Reported:
    """A finished run by its id, or by the beginning of one. UsageError says why there is none to be had."""
    with database.reading() as connection:
        run_id, state, packed = _find(connection, name, database)
        if state != "finished":
            raise UsageError(f"run {run_id} was not finished; audit its targets again with the same store")
        rows = connection.execute(
            select(reported.c.result)
            .select_from(results.join(reported, reported.c.key == results.c.reported))
            .where(results.c.run_id == run_id)
            .order_by(results.c.url)
        )
        pages = [bytes(row[0]) for row in rows]
    if packed is None or not pages:
        raise UsageError(
            f"run {run_id}: its pages are no longer kept, or an older version kept them; name another run, "
            "or a report written with --format json"
        )
    try:
        head = _unpack(packed)
        found = [revive(PageResult, _unpack(page)) for page in pages]
        audit = replace(head_of(head["run"]), results=tuple(found))
        return Reported(audit, {k: revive(EntryCard, v) for k, v in head["entries"].items()})
    except (ValueError, KeyError, TypeError, zlib.error) as error:
        raise StoreError(f"{database.folder}: run {run_id} is damaged ({error}); name another run") from error


def history(database: Database, run_id: str, head: Audit) -> tuple[Past, ...]:
    """Finished runs over the same targets and with the same profile, before this one, oldest first."""
    with database.reading() as connection:
        targets = connection.execute(select(runs.c.targets).where(runs.c.id == run_id)).scalar()
        query = (
            select(runs.c.id, runs.c.started_at, runs.c.head)
            .where(runs.c.targets == targets, runs.c.state == "finished", runs.c.id != run_id)
            .where(runs.c.head.is_not(None))
            .order_by(runs.c.started_at.desc(), runs.c.id.desc())
        )
        began: dict[str, str] = {}
        for past_id, started_at, packed in connection.execute(query).tuples():
            if len(began) == LONGEST:
                break
            try:
                same = _unpack(packed)["run"]["profile"] == head.profile
            except (ValueError, KeyError, TypeError, zlib.error):
                continue
            if same:
                began[past_id] = started_at
        figures = _summaries(connection, began)
    return tuple(Past(past_id, at, figures[past_id]) for past_id, at in reversed(began.items()))


def _find(connection: Connection, name: str, database: Database) -> tuple[str, str, bytes | None]:
    query = select(runs.c.id, runs.c.state, runs.c.head).where(runs.c.id.startswith(name, autoescape=True))
    rows = [(str(i), str(state), head) for i, state, head in connection.execute(query).tuples()]
    exact = [row for row in rows if row[0] == name]
    found = exact or rows
    look = f"'claims-audit store list --store {database.folder}' shows the runs"
    if not found or not name:
        raise UsageError(f"{name!r}: neither a file nor a run of {database.folder}; {look}")
    if len(found) > 1:
        raise UsageError(f"{name!r}: {len(found)} runs begin so; write more of the id, {look}")
    return found[0]


def _summaries(connection: Connection, run_ids: Collection[str]) -> dict[str, Summary]:
    """Figures of runs from what was recorded of them; what was suppressed or unread is not among that."""
    if not run_ids:
        return {}
    sums = [func.sum(results.c[name]) for name in ("claims", "omissions", *VERDICTS, *SEVERITIES)]
    query = (
        select(results.c.run_id, func.count(), func.count(results.c.skipped), *sums)
        .where(results.c.run_id.in_(run_ids))
        .group_by(results.c.run_id)
    )
    found = {row[0]: _summary(*row[1:]) for row in connection.execute(query)}
    return {run_id: found.get(run_id) or _summary(0, 0, 0, 0, *_NO_FIGURES) for run_id in run_ids}


def _summary(pages: int, skipped: int, claims: int, omissions: int, *numbers: int) -> Summary:
    return Summary(
        pages=pages - skipped,
        skipped=skipped,
        claims=claims,
        by_verdict=dict(zip(VERDICTS, numbers, strict=False)),
        by_severity=dict(zip(SEVERITIES, numbers[len(VERDICTS) :], strict=True)),
        omissions=omissions,
        unread=0,
    )


def _pack(text: str) -> bytes:
    return zlib.compress(text.encode(), 6)


def _unpack(data: bytes) -> Any:
    return json.loads(zlib.decompress(data))
