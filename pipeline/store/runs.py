"""Runs: begun, taken up again after an interruption, finished; any number at once on one store."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.sqlite import insert

from claims.model import Audit, EntryCard, PageResult, Snapshot, Versions
from pipeline.sources.base import SourceOptions, World
from pipeline.store import reported, results
from pipeline.store.database import Database
from pipeline.store.errors import told
from pipeline.store.locks import FileLock
from pipeline.store.tables import captures, robots, runs

if TYPE_CHECKING:
    from claims.rules import Rules
    from pipeline.store.keeper import SiteKeeper
    from reports.context import Past

_TOGETHER = 32
"""Pages whose results are written at once: what a killed run has not written is read again when taken up."""
RESUME_WITHIN = timedelta(hours=24)
"""An interrupted run older than this is given up: its pages may have changed."""


class Store:
    """A folder with a database and captures. Raises StoreError where it cannot be used."""

    def __init__(self, folder: Path, options: SourceOptions | None = None) -> None:
        self.options = options or SourceOptions()
        self.world: World = self.options.world
        self.folder = folder
        self.database = Database(folder)

    def close(self) -> None:
        self.database.close()

    def begin(self, targets: Sequence[str], limits: str = "", *, resume: bool = True) -> Run:
        """A new run, or the interrupted one of the same targets and limits.

        A run is interrupted when its process is gone; one that is under way elsewhere is left alone.
        """
        purpose = hashlib.sha256(json.dumps([list(targets), limits]).encode()).hexdigest()
        with told(self.folder, "the run cannot be begun"):
            (self.folder / "runs").mkdir(exist_ok=True)
        with self.database.writing() as connection:
            query = select(runs.c.id, runs.c.started_at).where(
                runs.c.purpose == purpose, runs.c.state == "running"
            )
            taken: Run | None = None
            for run_id, started_at in (
                connection.execute(query.order_by(runs.c.started_at.desc())).tuples().all()
            ):
                lock = self._lock(run_id)
                if not lock.acquire():
                    continue
                if taken is None and resume and self._recent(started_at):
                    taken = Run(self, run_id, lock, resumed=True)
                    continue
                connection.execute(update(runs).where(runs.c.id == run_id).values(state="abandoned"))
                lock.release()
            if taken is not None:
                return taken
            run_id = self._new_id(purpose)
            lock = self._lock(run_id)
            while (
                not lock.acquire() or connection.execute(select(runs.c.id).where(runs.c.id == run_id)).first()
            ):
                lock.release()
                run_id = _next(run_id)
                lock = self._lock(run_id)
            connection.execute(
                runs.insert().values(
                    id=run_id,
                    purpose=purpose,
                    targets=json.dumps(list(targets)),
                    software=software(),
                    started_at=self.world.stamp(),
                    state="running",
                )
            )
        return Run(self, run_id, lock, resumed=False)

    def capture(self, record_id: str) -> Snapshot | None:
        """The capture with a record id, from whichever run."""
        # Imported here, as below: the network libraries that come with it are not loaded to audit files.
        from pipeline.sources.warc import snapshot_at

        query = select(captures.c.file, captures.c.record_byte).where(
            captures.c.record_id == record_id, captures.c.kind != "revisit"
        )
        with self.database.reading() as connection:
            row = connection.execute(query).first()
        return snapshot_at(self.folder / row[0], row[1], self.options) if row else None

    def load(self, run_id: str) -> reported.Reported:
        """A finished run as it was reported, by its id or the beginning of one. UsageError where there is none."""
        return reported.load(self.database, run_id)

    def robots(self, origin: str) -> tuple[str, str | None] | None:
        with self.database.reading() as connection:
            row = connection.execute(
                select(robots.c.fetched_at, robots.c.text).where(robots.c.origin == origin)
            ).first()
        return (str(row[0]), row[1]) if row else None

    def keep_robots(self, origin: str, fetched_at: str, text: str | None) -> None:
        values = {"fetched_at": fetched_at, "text": text}
        with self.database.writing() as connection:
            connection.execute(
                insert(robots).values(origin=origin, **values).on_conflict_do_update(["origin"], set_=values)
            )

    def live(self, run_id: str) -> bool:
        """True while the process of a run is at work."""
        lock = self._lock(run_id)
        free = lock.acquire()
        lock.release()
        return not free

    def _lock(self, run_id: str) -> FileLock:
        return FileLock(self.folder / "runs" / f"{run_id}.lock")

    def _new_id(self, purpose: str) -> str:
        return f"{self.world.now().astimezone(UTC):%Y%m%dT%H%M%SZ}-{purpose[:6]}"

    def _recent(self, started_at: str) -> bool:
        age = self.world.now() - datetime.fromisoformat(started_at)
        return timedelta(0) <= age < RESUME_WITHIN


class Run:
    """One run of the program, alive as long as its lock is held."""

    def __init__(self, store: Store, run_id: str, lock: FileLock, *, resumed: bool) -> None:
        self.store, self.id, self.resumed = store, run_id, resumed
        self.database, self.world, self.options = store.database, store.world, store.options
        self.software = software()
        self.extractions = results.Extractions(store.database, store.world)
        self._lock = lock
        self._keepers: list[SiteKeeper] = []
        self._unwritten: list[tuple[str, Snapshot, PageResult]] = []
        self._unrecorded: dict[str, PageResult] = {}
        self._told: dict[str, PageResult] = {}
        """As reported, where that is not as recorded."""
        self._known_as: dict[str, str] = {}
        """The key of the extraction that a page's result is, by address."""

    def keeper(self, site: str, scope: str) -> SiteKeeper:
        """What keeps the pages of one target; see SiteKeeper."""
        from pipeline.store.keeper import SiteKeeper

        made = SiteKeeper(self, site, scope)
        self._keepers.append(made)
        return made

    def recall(self, snapshot: Snapshot, rules: Rules, versions: Versions) -> PageResult | None:
        """The result of the same page under the same rules, from whichever run."""
        key = results.extraction_key(snapshot, rules, versions)
        found = self.extractions.get(key, snapshot)
        if found is not None:
            self._known_as[snapshot.url] = key
        return found

    def keep(self, snapshot: Snapshot, rules: Rules, versions: Versions, result: PageResult) -> None:
        """Have a result at hand for the next time. It is written with what is recorded."""
        key = results.extraction_key(snapshot, rules, versions)
        self._unwritten.append((key, snapshot, result))
        self._known_as[snapshot.url] = key

    def describe(self, head: Audit, entries: Mapping[str, EntryCard]) -> None:
        """Note who audits by what."""
        with self.database.writing() as connection:
            reported.keep_head(connection, self.id, head, entries)

    def history(self, head: Audit) -> tuple[Past, ...]:
        """Earlier runs over the same targets, oldest first."""
        return reported.history(self.database, self.id, head)

    def record(self, result: PageResult) -> None:
        """Note what was found on a page; once more is no more. Some pages are written at a time."""
        if len(self._unrecorded) >= _TOGETHER:
            self._flush()
        self._unrecorded[result.url] = result
        self._told.pop(result.url, None)

    def tell(self, result: PageResult) -> None:
        """Note how a page that was recorded is reported: with what was suppressed."""
        recorded = self._unrecorded.get(result.url)
        if recorded is not None and result != recorded:
            self._told[result.url] = result

    def fallen_silent(self) -> list[tuple[str, int]]:
        self._flush()
        return results.fallen_silent(self.database, self.id)

    def finish(self) -> None:
        """All has been read and told: a later run begins anew."""
        with self.database.writing() as connection:
            self._write(connection)
            connection.execute(
                update(runs)
                .where(runs.c.id == self.id)
                .values(state="finished", finished_at=self.world.stamp())
            )
        self.close()

    def _flush(self) -> None:
        if self._unwritten or self._unrecorded:
            with self.database.writing() as connection:
                self._write(connection)

    def _write(self, connection: Connection) -> None:
        for key, snapshot, result in self._unwritten:
            self.extractions.put(connection, key, snapshot, result)
        self.extractions.note_use(connection)
        told = []
        for url, result in self._unrecorded.items():
            changed, known_as = self._told.pop(url, None), self._known_as.pop(url, None)
            told.append((changed or result, None if changed else known_as))
        kept_as = reported.keep_pages(connection, told)
        results.record(connection, self.id, self._unrecorded.values(), kept_as)
        self._unwritten.clear()
        self._unrecorded.clear()

    def close(self) -> None:
        """Let go; a run that was not finished can be taken up again."""
        self._flush()
        for keeper in self._keepers:
            keeper.close()
        self._keepers.clear()
        self._lock.release()


@cache
def software() -> str:
    return f"claims-audit {metadata.version('claims-audit')}"


def _next(run_id: str) -> str:
    """`…-1a2b3c` → `…-1a2b3c.2` → `….3`"""
    head, _, number = run_id.partition(".")
    return f"{head}.{int(number or 1) + 1}"
