"""One site of one run: its frontier in the database, its captures in WARC files, each page settled whole."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.sqlite import insert

from claims.model import Snapshot
from pipeline.sources.frontier import READ, Entry, Fate
from pipeline.sources.keeper import Prior
from pipeline.sources.warc import snapshot_at
from pipeline.sources.web import Fetched, Validators
from pipeline.store.errors import told
from pipeline.store.tables import captures, entries, pages

if TYPE_CHECKING:
    from pipeline.sources.browser import Rendered
    from pipeline.sources.warc_write import Capture, CaptureFile
    from pipeline.store.runs import Run

CAPTURES = "captures"


class SiteKeeper:
    """The store's `Keeper`. What `settle` returns has been committed: record first, then the database.

    A process killed between the two leaves a record that nobody refers to, and the page is fetched again.
    """

    def __init__(self, run: Run, site: str, scope: str) -> None:
        """`site` is the host whose pages these are; `scope`, the target that the crawl begins from."""
        self._run, self._site, self._scope = run, site, scope
        self._database = run.database
        self._file: CaptureFile | None = None
        self._number = 0

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def entries(self) -> list[Entry]:
        query = (
            select(entries)
            .where(entries.c.run_id == self._run.id, entries.c.scope == self._scope)
            .order_by(entries.c.seq)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).mappings().all()
        return [_entry(row) for row in rows]

    def plan(self, fresh: list[Entry]) -> None:
        with self._database.writing() as connection:
            self._add(connection, fresh)

    def prior(self, key: str) -> Prior | None:
        query = (
            select(pages, captures.c.file, captures.c.record_byte, captures.c.record_id)
            .join(captures, captures.c.id == pages.c.capture_id)
            .where(pages.c.site == self._site, pages.c.key == key)
        )
        with self._database.reading() as connection:
            row = connection.execute(query).mappings().first()
        if row is None or not (self._database.folder / row["file"]).exists():
            return None

        def load() -> Snapshot | None:
            found = self._load(row["file"], row["record_byte"], row["record_id"])
            return found if found and found.sha256 == row["sha256"] else None

        return Prior(row["url"], Validators(row["etag"], row["last_modified"]), row["sha256"], load)

    def recall(self, entry: Entry) -> Snapshot | None:
        query = select(captures).where(captures.c.id == entry.capture)
        with self._database.reading() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            return None
        found = self._load(row["file"], row["record_byte"], row["record_id"])
        return replace(found, url=entry.url) if found else None

    def settle(
        self, entry: Entry, fresh: list[Entry], fetched: Fetched | None, snapshot: Snapshot | None
    ) -> Snapshot | None:
        if snapshot is None or fetched is None:
            with self._database.writing() as connection:
                self._commit(connection, entry, fresh, None)
            return snapshot
        with told(self._database.folder, "a capture cannot be kept"):
            written = self._write(fetched, snapshot)
        kept = snapshot if fetched.unchanged else replace(snapshot, record_id=written.record_id)
        with self._database.writing() as connection:
            capture = self._capture(connection, entry, kept, fetched, written)
            if fetched.unchanged:
                capture = self._revisited(connection, kept) or capture
            self._commit(connection, entry, fresh, capture)
            if entry.fate in READ:
                self._page(connection, entry, kept, fetched, capture)
        return kept

    # --- captures

    def _load(self, file: str, offset: int, record_id: str) -> Snapshot | None:
        found = snapshot_at(self._database.folder / file, offset, self._run.options)
        return found if found and found.record_id == record_id else None

    def _write(self, fetched: Fetched, snapshot: Snapshot) -> Capture:
        date = self._run.world.stamp() if fetched.unchanged else snapshot.fetched_at or ""
        if self._file is None:
            self._file = self._open(date)
        written = self._file.write(fetched, date, snapshot if fetched.unchanged else None)
        if fetched.rendered is None or fetched.unchanged:
            return written
        return self._write_drawn(self._file, written, fetched.rendered, snapshot)

    def _write_drawn(
        self, file: CaptureFile, sent: Capture, rendered: Rendered, snapshot: Snapshot
    ) -> Capture:
        """The page as drawn, which is what was audited, and its picture, beside what the server sent."""
        url, date = snapshot.final_url or snapshot.url, snapshot.fetched_at or ""
        requested = snapshot.url if snapshot.url != url else ""
        page = file.resource(url, "text/html; charset=utf-8", rendered.html, date, sent.record_id, requested)
        end = page.end
        if rendered.picture:
            end = file.resource(url, "image/png", rendered.picture, date, page.record_id).end
        return replace(page, first=sent.first, end=end)

    def _open(self, date: str) -> CaptureFile:
        """A file of this process alone: what a killed one left is not written to."""
        from pipeline.sources.warc_write import CaptureFile

        folder = self._database.folder / CAPTURES / folder_name(self._site)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        while True:
            path = folder / f"{self._run.id}-{self._number:03}.warc.gz"
            self._number += 1
            try:
                return CaptureFile(path, self._run.software, date)
            except FileExistsError:
                continue

    def _path(self, name: str) -> str:
        return (Path(CAPTURES) / folder_name(self._site) / name).as_posix()

    # --- the database

    def _capture(
        self, connection: Connection, entry: Entry, snapshot: Snapshot, fetched: Fetched, written: Capture
    ) -> int:
        row = {
            "run_id": self._run.id,
            "site": self._site,
            "key": entry.key,
            "url": entry.url,
            "kind": "revisit" if fetched.unchanged else "response",
            "fetched_at": self._run.world.stamp() if fetched.unchanged else snapshot.fetched_at or "",
            "sha256": snapshot.sha256,
            "record_id": written.record_id,
            "file": self._path(written.file),
            "first_byte": written.first,
            "record_byte": written.offset,
            "end_byte": written.end,
        }
        made = connection.execute(captures.insert(), row).inserted_primary_key
        return int(made[0]) if made else 0

    def _revisited(self, connection: Connection, snapshot: Snapshot) -> int | None:
        """The capture that holds the body of a page that has not changed."""
        query = select(captures.c.id).where(captures.c.record_id == snapshot.record_id)
        found = connection.execute(query.order_by(captures.c.id.desc())).scalar()
        return int(found) if found is not None else None

    def _commit(self, connection: Connection, entry: Entry, fresh: list[Entry], capture: int | None) -> None:
        changed = {
            "fate": entry.fate.value,
            "code": entry.code,
            "reason": entry.reason,
            "capture_id": capture,
        }
        mine = (entries.c.run_id == self._run.id) & (entries.c.scope == self._scope)
        connection.execute(update(entries).where(mine & (entries.c.key == entry.key)).values(changed))
        self._add(connection, fresh)

    def _add(self, connection: Connection, fresh: list[Entry]) -> None:
        if not fresh:
            return
        rows = [
            {
                "run_id": self._run.id,
                "scope": self._scope,
                "site": self._site,
                "key": one.key,
                "seq": one.seq,
                "url": one.url,
                "depth": one.depth,
                "fate": one.fate.value,
                "code": one.code,
                "reason": one.reason,
            }
            for one in fresh
        ]
        connection.execute(insert(entries).on_conflict_do_nothing(), rows)

    def _page(
        self, connection: Connection, entry: Entry, snapshot: Snapshot, fetched: Fetched, capture: int
    ) -> None:
        found = Validators.of(fetched.exchange.headers)
        values: dict[str, Any] = {
            "url": snapshot.final_url or snapshot.url,
            "sha256": snapshot.sha256,
            "checked_at": self._run.world.stamp(),
            "capture_id": capture,
        }
        if not fetched.unchanged or found.etag:
            values["etag"] = found.etag
        if not fetched.unchanged or found.last_modified:
            values["last_modified"] = found.last_modified
        row = {"site": self._site, "key": entry.key, "etag": "", "last_modified": "", **values}
        keep = insert(pages)
        changed = {name: keep.excluded[name] for name in values}
        connection.execute(keep.on_conflict_do_update(["site", "key"], set_=changed), row)


def folder_name(site: str) -> str:
    """A folder for a site, whatever the address holds."""
    plain = re.sub(r"[^a-z0-9.-]+", "_", site.lower()).strip("._-")[:60] or "site"
    return f"{plain}-{hashlib.sha256(site.encode()).hexdigest()[:8]}"


def _entry(row: Any) -> Entry:
    return Entry(
        seq=row["seq"],
        key=row["key"],
        url=row["url"],
        depth=row["depth"],
        fate=Fate(row["fate"]),
        code=row["code"],
        reason=row["reason"],
        capture=row["capture_id"],
    )
