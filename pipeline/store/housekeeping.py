"""What a store holds: listed, copied out, and deleted, by site and age."""

from __future__ import annotations

import json
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, true, update

from pipeline.sources.urls import bare_host, host_of
from pipeline.store.errors import StoreError, told
from pipeline.store.keeper import CAPTURES, folder_name
from pipeline.store.runs import Store
from pipeline.store.tables import (
    captures,
    entries,
    extractions,
    findings,
    pages,
    reported,
    results,
    robots,
    runs,
)

AGE = re.compile(r"(\d+)\s*([dwmy])", re.IGNORECASE)
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}


@dataclass(frozen=True, slots=True)
class Choice:
    """Which part of a store: of these sites (none: all), kept before, kept at or after (ISO 8601, UTC)."""

    sites: tuple[str, ...] = ()
    before: str | None = None
    after: str | None = None

    @classmethod
    def of(cls, sites: Iterable[str] = (), before: str | None = None, after: str | None = None) -> Choice:
        """Sites as hosts or addresses."""
        hosts = tuple(host_of(site) if "://" in site else bare_host(site) for site in sites)
        return cls(hosts, before, after)

    def where(self, site: Any, at: Any) -> ColumnElement[bool]:
        wanted: list[ColumnElement[bool]] = [true()]
        if self.sites:
            wanted.append(site.in_(self.sites))
        if self.before:
            wanted.append(at < self.before)
        if self.after:
            wanted.append(at >= self.after)
        return and_(*wanted)


@dataclass(frozen=True, slots=True)
class SiteRow:
    site: str
    captures: int
    bytes: int
    oldest: str
    newest: str


@dataclass(frozen=True, slots=True)
class RunRow:
    id: str
    state: str
    started_at: str
    finished_at: str | None
    pages: int
    claims: int
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Purged:
    """What was, or would be, deleted."""

    captures: int
    bytes: int
    files: int
    extractions: int
    findings: int
    runs: int


def moment(text: str, now: datetime) -> str:
    """A day ("2026-03-01"), a time, or an age ("90d", "12w", "6m", "1y") as stored. Raises ValueError."""
    age = AGE.fullmatch(text.strip())
    if age:
        when = now - timedelta(days=int(age[1]) * _DAYS[age[2].lower()])
    else:
        when = datetime.fromisoformat(text.strip())
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def list_sites(store: Store, choice: Choice) -> list[SiteRow]:
    query = (
        select(
            captures.c.site,
            func.count(),
            func.sum(captures.c.end_byte - captures.c.first_byte),
            func.min(captures.c.fetched_at),
            func.max(captures.c.fetched_at),
        )
        .where(choice.where(captures.c.site, captures.c.fetched_at))
        .group_by(captures.c.site)
        .order_by(captures.c.site)
    )
    with store.database.reading() as connection:
        return [SiteRow(*row) for row in connection.execute(query).tuples().all()]


def list_runs(store: Store) -> list[RunRow]:
    """Newest first."""
    query = (
        select(
            runs.c.id,
            runs.c.state,
            runs.c.started_at,
            runs.c.finished_at,
            func.count(results.c.url),
            func.coalesce(func.sum(results.c.claims), 0),
            runs.c.targets,
        )
        .select_from(runs.outerjoin(results, results.c.run_id == runs.c.id))
        .group_by(runs.c.id)
        .order_by(runs.c.started_at.desc(), runs.c.id.desc())
    )
    with store.database.reading() as connection:
        rows = connection.execute(query).tuples().all()
    found = [
        RunRow(run_id, state, started, finished, count, claims, tuple(json.loads(targets)))
        for run_id, state, started, finished, count, claims, targets in rows
    ]
    dead = {one.id for one in found if one.state == "running" and not store.live(one.id)}
    return [replace(one, state="interrupted") if one.id in dead else one for one in found]


def export(store: Store, choice: Choice, target: Path) -> int:
    """Copies captures into `target` as WARC, with `manifest.json`; the number of captures.

    Captures that revisits refer to go along. Raises StoreError where files would be overwritten.
    """
    from pipeline.sources.warc_write import copy_records

    rows = _captures(store, choice)
    with told(target, "the export cannot be written"):
        target.mkdir(parents=True, exist_ok=True)
        for file, group in _by_file(rows).items():
            name = target / Path(file).name
            if name.exists():
                raise StoreError(f"{name}: is there already; name an empty folder")
            ranges = [(0, _info_end(store, file)), *((row["first_byte"], row["end_byte"]) for row in group)]
            copy_records(store.folder / file, ranges, name)
        manifest = [
            {key: row[key] for key in ("site", "url", "kind", "fetched_at", "sha256", "record_id", "run_id")}
            | {"file": Path(row["file"]).name}
            for row in rows
        ]
        text = json.dumps(manifest, indent=2, ensure_ascii=False)
        (target / "manifest.json").write_text(f"{text}\n", encoding="utf-8")
    return len(rows)


def purge(store: Store, choice: Choice, *, really: bool) -> Purged:
    """Deletes captures and all that was drawn from them; with `really` False only says what would go.

    Captures of runs that are under way stay. The file gives back the room and keeps no trace.
    """
    with store.database.reading() as connection:
        under_way = [
            run_id
            for run_id in connection.execute(select(runs.c.id).where(runs.c.state == "running")).scalars()
            if store.live(run_id)
        ]
    idle = captures.c.run_id.not_in(under_way)
    chosen = and_(idle, choice.where(captures.c.site, captures.c.fetched_at))
    with store.database.reading() as connection:
        rows = [dict(row) for row in connection.execute(select(captures).where(chosen)).mappings()]
        figures = Purged(
            captures=len(rows),
            bytes=sum(row["end_byte"] - row["first_byte"] for row in rows),
            files=len({row["file"] for row in rows}),
            extractions=_count(
                connection, extractions, choice.where(extractions.c.site, extractions.c.used_at)
            ),
            findings=_count(connection, findings, _of_runs(findings, choice, under_way)),
            runs=_count(connection, runs, _whole_runs(choice, under_way)),
        )
    if really:
        _purge_files(store, rows)
        _purge_rows(store, choice, under_way)
        _sweep(store, choice, under_way)
        store.database.shrink()
    return figures


def _captures(store: Store, choice: Choice) -> list[dict[str, Any]]:
    """The captures chosen, and those that revisits among them stand on, in order of file and place."""
    chosen = choice.where(captures.c.site, captures.c.fetched_at)
    stood_on = (
        select(entries.c.capture_id)
        .join(runs, runs.c.id == entries.c.run_id)
        .where(choice.where(entries.c.site, runs.c.started_at), entries.c.capture_id.is_not(None))
    )
    query = select(captures).where(or_(chosen, captures.c.id.in_(stood_on)))
    with store.database.reading() as connection:
        found = connection.execute(query.order_by(captures.c.file, captures.c.first_byte)).mappings().all()
    return [dict(row) for row in found if (store.folder / row["file"]).exists()]


def _by_file(rows: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    grouped: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        grouped[row["file"]].append(row)
    return grouped


def _info_end(store: Store, file: str) -> int:
    """Where the file's opening record ends: where the first capture ever written to it began."""
    with (store.folder / file).open("rb") as stream:
        machine = zlib.decompressobj(31)
        read = 0
        while chunk := stream.read(4096):
            machine.decompress(chunk)
            read += len(chunk)
            if machine.eof:
                return read - len(machine.unused_data)
    return 0


def _count(connection: Any, table: Any, where: ColumnElement[bool]) -> int:
    return int(connection.execute(select(func.count()).select_from(table).where(where)).scalar() or 0)


def _of_runs(table: Any, choice: Choice, under_way: Sequence[str]) -> ColumnElement[bool]:
    """Rows of runs that began in the time chosen, of the sites chosen."""
    began = select(runs.c.id).where(
        runs.c.id.not_in(under_way), Choice((), choice.before, choice.after).where(None, runs.c.started_at)
    )
    return and_(table.c.run_id.in_(began), Choice(choice.sites).where(table.c.site, None))


def _whole_runs(choice: Choice, under_way: Sequence[str]) -> ColumnElement[bool]:
    """Runs that go altogether: only where no site is named."""
    if choice.sites:
        return ~true()
    return and_(runs.c.id.not_in(under_way), choice.where(None, runs.c.started_at))


def _purge_files(store: Store, rows: list[dict[str, Any]]) -> None:
    """Files without the captures that go: rewritten beside, then the old one deleted."""
    with told(store.folder, "captures cannot be deleted"):
        for file, group in _by_file(rows).items():
            _purge_file(store, file, {row["id"] for row in group})


def _purge_file(store: Store, file: str, gone: set[int]) -> None:
    from pipeline.sources.warc_write import copy_records

    path = store.folder / file
    with store.database.writing() as connection:
        query = select(captures).where(captures.c.file == file).order_by(captures.c.first_byte)
        kept = [row for row in connection.execute(query).mappings() if row["id"] not in gone]
        if kept and path.exists():
            new = _beside(path)
            info = _info_end(store, file)
            starts = copy_records(path, [(0, info), *((r["first_byte"], r["end_byte"]) for r in kept)], new)[
                1:
            ]
            for row, start in zip(kept, starts, strict=True):
                moved = start - row["first_byte"]
                connection.execute(
                    update(captures)
                    .where(captures.c.id == row["id"])
                    .values(
                        file=(Path(file).parent / new.name).as_posix(),
                        first_byte=start,
                        record_byte=row["record_byte"] + moved,
                        end_byte=row["end_byte"] + moved,
                    )
                )
        connection.execute(delete(captures).where(captures.c.id.in_(gone)))
    path.unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    """A free name for a file's next version."""
    stem = path.name.removesuffix(".warc.gz").partition("_")[0]
    number = 1
    while (found := path.with_name(f"{stem}_{number}.warc.gz")).exists():
        number += 1
    return found


def _purge_rows(store: Store, choice: Choice, under_way: Sequence[str]) -> None:
    with store.database.writing() as connection:
        for table in (findings, results, entries):
            connection.execute(delete(table).where(_of_runs(table, choice, under_way)))
        named = select(results.c.reported).where(results.c.reported.is_not(None))
        connection.execute(delete(reported).where(reported.c.key.not_in(named)))
        connection.execute(delete(extractions).where(choice.where(extractions.c.site, extractions.c.used_at)))
        if choice.sites:
            ways = ("http://", "https://", "http://www.", "https://www.")
            origins = [way + site for site in choice.sites for way in ways]
            connection.execute(delete(robots).where(robots.c.origin.in_(origins)))
        else:
            connection.execute(delete(robots).where(choice.where(None, robots.c.fetched_at)))
        still = select(captures.c.run_id)
        connection.execute(delete(runs).where(_whole_runs(choice, under_way), runs.c.id.not_in(still)))
        connection.execute(delete(pages).where(pages.c.capture_id.not_in(select(captures.c.id))))


def _sweep(store: Store, choice: Choice, under_way: Sequence[str]) -> None:
    """Files that killed runs left and nobody refers to, of the sites chosen."""
    with store.database.reading() as connection:
        known = set(connection.execute(select(captures.c.file).distinct()).scalars())
    root = store.folder / CAPTURES
    folders = [root / folder_name(site) for site in choice.sites]
    if not choice.sites and root.is_dir():
        folders = sorted(root.iterdir())
    with told(store.folder, "captures cannot be deleted"):
        for folder in folders:
            for path in folder.glob("*.warc.gz") if folder.is_dir() else ():
                name = (Path(CAPTURES) / folder.name / path.name).as_posix()
                if name not in known and not any(path.name.startswith(f"{run}-") for run in under_way):
                    path.unlink()
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        for lock in (store.folder / "runs").glob("*.lock"):
            if lock.stem not in under_way and not store.live(lock.stem):
                lock.unlink()
