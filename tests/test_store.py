"""The store: what is kept, used again, resumed, exported and deleted."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from servers import Answer, Route, Site, page, redirect, serving
from stores import RULES, VERSIONS, Auditor, day, options
from typer.testing import CliRunner

from claims.errors import ClaimsAuditError
from claims.model import (
    Block,
    BlockKind,
    Finding,
    Locator,
    Page,
    PageResult,
    Severity,
    Skipped,
    Snapshot,
    SourceMap,
    Verdict,
)
from pipeline.sources import open_sources
from pipeline.store import Run, Store, StoreError
from pipeline.store.codec import dump, load, shape
from pipeline.store.database import FILE
from pipeline.store.housekeeping import Choice, export, list_runs, list_sites, moment, purge
from pipeline.store.keeper import folder_name
from pipeline.store.results import extraction_key
from pipeline.store.tables import metadata


def clinic(size: int, *, etag: bool = True) -> dict[str, Route]:
    """`/` links to `size` - 1 pages."""
    names = [f"/p{i}" for i in range(size - 1)]
    routes: dict[str, Route] = {"/robots.txt": Answer(b"", 404), "/sitemap.xml": Answer(b"", 404)}
    routes["/"] = Answer(page("start", links=tuple(names)), etag='"start"' if etag else None)
    for name in names:
        routes[name] = Answer(page(f"Page {name} of our clinic."), etag=f'"{name}"' if etag else None)
    return routes


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(folder / FILE)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def files(folder: Path) -> list[Path]:
    return sorted((folder / "captures").rglob("*.warc.gz"))


# --- unchanged pages ------------------------------------------------------------------------------


@pytest.mark.slow
def test_an_unchanged_site_costs_one_conditional_request_a_page_and_no_extraction(tmp_path: Path) -> None:
    with serving(clinic(500)) as site:
        first = Auditor()
        first.run([f"{site.url}/"], options(tmp_path, day(1), sitemaps=False))
        assert len(first.extracted) == 500
        site.requests.clear()
        again = Auditor()
        collection = again.run(
            [f"{site.url}/"], options(tmp_path, day(1) + timedelta(hours=1), sitemaps=False)
        )
        assert again.extracted == []
        assert len(site.requests) == 500
        assert all(seen.headers.get("If-None-Match") for seen in site.requests)
        (figures,) = collection.coverage.sites.values()
        assert (figures.unchanged, figures.fetched) == (500, 0)
        assert [(r.url, r.page) for r in again.results] == [(r.url, r.page) for r in first.results]


def test_a_changed_page_alone_is_fetched_and_read(tmp_path: Path) -> None:
    with serving(clinic(6)) as site:
        Auditor().run([f"{site.url}/"], options(tmp_path, day(1)))
        site.routes["/p3"] = Answer(page("Something new."), etag='"new"')
        again = Auditor()
        collection = again.run([f"{site.url}/"], options(tmp_path, day(2)))
        assert again.extracted == [f"{site.url}/p3"]
        (figures,) = collection.coverage.sites.values()
        assert (figures.unchanged, figures.fetched) == (5, 1)


def test_the_same_bytes_without_validators_are_not_read_again(tmp_path: Path) -> None:
    with serving(clinic(4, etag=False)) as site:
        Auditor().run([f"{site.url}/"], options(tmp_path, day(1)))
        again = Auditor()
        collection = again.run([f"{site.url}/"], options(tmp_path, day(2)))
        assert again.extracted == []
        assert next(iter(collection.coverage.sites.values())).unchanged == 4


def test_a_page_behind_a_redirect_is_asked_for_conditionally(tmp_path: Path) -> None:
    routes: dict[str, Route] = {
        "/robots.txt": Answer(b"", 404),
        "/": redirect("/home"),
        "/home": Answer(page("home"), modified="Thu, 01 Jan 2026 12:00:00 GMT"),
    }
    with serving(routes) as site:
        Auditor().run([f"{site.url}/"], options(tmp_path, day(1)))
        again = Auditor()
        again.run([f"{site.url}/"], options(tmp_path, day(2)))
        conditional = [s.path for s in site.requests if "If-Modified-Since" in s.headers]
        assert (conditional, again.extracted) == (["/home"], [])
        assert again.results[0].snapshot is not None
        assert again.results[0].snapshot.redirects == (f"{site.url}/",)


CHANGES = {
    "catalogue": (RULES, replace(VERSIONS, catalogue="other")),
    "language": (RULES, replace(VERSIONS, language="other")),
    "program": (RULES, replace(VERSIONS, program="2")),
    "profile": (replace(RULES, profile="strict"), VERSIONS),
    "jurisdictions": (replace(RULES, jurisdictions=("GB",)), VERSIONS),
    "families": (replace(RULES, families=RULES.families[:2]), VERSIONS),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_a_result_depends_on_makes_it_anew(what: str, tmp_path: Path) -> None:
    with serving(clinic(2)) as site:
        Auditor().run([f"{site.url}/"], options(tmp_path, day(1)))
        changed = Auditor(*CHANGES[what])
        changed.run([f"{site.url}/"], options(tmp_path, day(2)))
        assert len(changed.extracted) == 2
        assert sum("If-None-Match" in seen.headers for seen in site.requests) == 2


def test_another_day_alone_changes_nothing() -> None:
    snapshot = Snapshot(url="u", body=b"x", sha256="s")
    later = replace(RULES, today=date(2027, 1, 1))
    assert extraction_key(snapshot, RULES, VERSIONS) == extraction_key(snapshot, later, VERSIONS)


def test_a_capture_that_is_gone_is_fetched_whole(tmp_path: Path) -> None:
    with serving(clinic(3)) as site:
        Auditor().run([f"{site.url}/"], options(tmp_path, day(1)))
        (path,) = files(tmp_path)
        path.unlink()
        site.requests.clear()
        collection = Auditor().run([f"{site.url}/"], options(tmp_path, day(2)))
        assert not any("If-None-Match" in seen.headers for seen in site.requests)
        assert next(iter(collection.coverage.sites.values())).read == 3


def test_a_damaged_capture_is_fetched_whole(tmp_path: Path) -> None:
    with serving(clinic(3)) as site:
        Auditor().run([f"{site.url}/"], options(tmp_path, day(1)))
        (path,) = files(tmp_path)
        path.write_bytes(b"\0" * path.stat().st_size)
        site.requests.clear()
        again = Auditor()
        collection = again.run([f"{site.url}/"], options(tmp_path, day(2)))
        assert Counter(p for p in site.paths if p not in ("/robots.txt", "/sitemap.xml")) == {
            "/": 2,
            "/p0": 2,
            "/p1": 2,
        }
        assert next(iter(collection.coverage.sites.values())).read == 3


def test_robots_is_read_once_a_day(tmp_path: Path) -> None:
    with serving(clinic(1)) as site:
        for at in (day(1), day(1) + timedelta(hours=23), day(2) + timedelta(hours=1)):
            Auditor().run([f"{site.url}/"], options(tmp_path, at))
        assert site.paths.count("/robots.txt") == 2


def test_a_wall_is_no_earlier_version_of_a_page(tmp_path: Path) -> None:
    routes = clinic(2)
    routes["/p0"] = Answer(page("Please verify you are human."), etag='"wall"')
    with serving(routes) as site:
        first = Auditor()
        first.run([f"{site.url}/"], options(tmp_path, day(1)))
        assert [r.skipped.code for r in first.results if r.skipped] == ["bot_wall"]
        Auditor().run([f"{site.url}/"], options(tmp_path, day(2)))
        asked = [s for s in site.requests if s.path == "/p0"]
        assert [("If-None-Match" in s.headers) for s in asked] == [False, False]


# --- evidence -------------------------------------------------------------------------------------


def test_captures_are_audited_again_offline_with_the_same_outcome(tmp_path: Path) -> None:
    from pipeline.audit import audit_snapshot

    routes = clinic(2)
    routes["/"] = Answer(
        page(
            "Ketamine cures depression within minutes. It is not addictive.", links=("/p0", "/moved", "/gone")
        ),
        headers=(("Vary", "é"),),
    )
    routes |= {
        "/moved": redirect("/there"),
        "/there": Answer(page("Our infusions are FDA-approved for PTSD.")),
    }
    with serving(routes) as site, open_sources([f"{site.url}/"], options(tmp_path, day(1))) as collection:
        live = [g for g in collection if isinstance(g, Snapshot)]
    (path,) = files(tmp_path)
    offline = [g for g in open_sources([str(path)]) if isinstance(g, Snapshot)]
    assert [(g.url, g.body, g.record_id, g.fetched_at, g.redirects) for g in offline] == [
        (g.url, g.body, g.record_id, g.fetched_at, g.redirects) for g in live
    ]
    assert len({g.record_id for g in live}) == 3

    def outcome(snapshots: list[Snapshot]) -> list[object]:
        found = [audit_snapshot(one, RULES) for one in snapshots]
        return [(r.url, r.findings, r.omissions, r.skipped, r.unread) for r in found]

    assert outcome(offline) == outcome(live)
    assert any(r.findings for r in (audit_snapshot(one, RULES) for one in live))


def test_what_has_not_changed_is_proven_by_a_revisit(tmp_path: Path) -> None:
    with serving(clinic(2)) as site:
        with open_sources([f"{site.url}/"], options(tmp_path, day(1))) as first:
            before = {g.url: g.record_id for g in first if isinstance(g, Snapshot)}
        with open_sources([f"{site.url}/"], options(tmp_path, day(2))) as second:
            after = {g.url: g.record_id for g in second if isinstance(g, Snapshot)}
    assert after == before
    assert rows(tmp_path, "SELECT kind, count(*) FROM captures GROUP BY kind ORDER BY kind") == [
        ("response", 2),
        ("revisit", 2),
    ]
    old, new = files(tmp_path)
    alone = list(open_sources([str(new)]))
    assert [g.code for g in alone if isinstance(g, Skipped)] == ["revisit"]
    with open_sources([str(new)], replace(options(tmp_path, day(3)), crawl=None)) as resolved:
        assert [g.url for g in resolved] == sorted(before)
    assert old != new


def test_file_names_are_not_taken_from_addresses() -> None:
    for site in ("../../etc", "a/b\\c", "C:nul", "x" * 300, "", "..", "clinic.example:8080", "bücher"):
        name = folder_name(site)
        assert name.strip(".") == name
        assert len(name) < 80
        assert not set(name) & set('/\\:*?"<>|')
    assert folder_name("a.b") != folder_name("a_b")


def test_the_store_is_for_its_owner_alone(tmp_path: Path) -> None:
    with serving(clinic(1)) as site:
        Auditor().run([f"http://user:secret@127.0.0.1:{site.port}/"], options(tmp_path / "s", day(1)))
    assert (tmp_path / "s" / FILE).stat().st_mode & 0o077 == 0
    assert b"secret" not in (tmp_path / "s" / FILE).read_bytes()


# --- interruptions --------------------------------------------------------------------------------


def half(site: Site, folder: Path, pages: int, **crawl: object) -> list[str]:
    """A run that stops after some pages."""
    with open_sources([f"{site.url}/"], options(folder, day(1), **crawl)) as collection:
        auditor = Auditor()
        return [auditor.step(collection, next(collection)).url for _ in range(pages)]


def test_an_interrupted_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    with serving(clinic(9)) as site:
        half(site, tmp_path, 4)
        fetched = list(site.pages)
        rest = Auditor()
        collection = rest.run([f"{site.url}/"], options(tmp_path, day(1) + timedelta(hours=1)))
        assert collection.run is not None
        assert collection.run.resumed
        assert [r.url.removeprefix(site.url) for r in rest.results] == ["/", *(f"/p{i}" for i in range(8))]
        assert len(rest.extracted) == 5
        again = Counter(site.pages) - Counter(set(site.pages))
        assert set(again) <= {fetched[-1]}  # at most the one under way when it stopped
        assert [run.state for run in runs_of(tmp_path)] == ["finished"]


def runs_of(folder: Path) -> list[object]:
    store = Store(folder)
    try:
        return list(list_runs(store))
    finally:
        store.close()


def test_failures_are_remembered_too(tmp_path: Path) -> None:
    routes = clinic(4)
    routes["/p0"] = Answer(b"", 404)
    routes["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /p1\nSitemap: http://127.0.0.1/none.xml")
    with serving(routes) as site:
        half(site, tmp_path, 4)
        rest = Auditor()
        rest.run([f"{site.url}/"], options(tmp_path, day(1)))
        told = [(r.url.rpartition("/")[2], r.skipped.code) for r in rest.results if r.skipped]
        assert sorted(told) == [("none.xml", "sitemap"), ("p0", "not_found"), ("p1", "robots")]
        assert site.paths.count("/p0") == 1


@pytest.mark.parametrize(
    ("change", "resumed"),
    [
        ({}, True),
        ({"max_depth": 3}, False),
        ({"at": day(3)}, False),
        ({"resume": False}, False),
        ({"path": "/p1"}, False),
    ],
)
def test_what_is_resumed(change: dict[str, object], resumed: bool, tmp_path: Path) -> None:
    more = dict(change)
    at, resume, path = more.pop("at", day(1)), more.pop("resume", True), more.pop("path", "/")
    with serving(clinic(3)) as site:
        half(site, tmp_path, 1)
        with_options = replace(options(tmp_path, at, **more), resume=resume)  # type: ignore[arg-type]
        with open_sources([f"{site.url}{path}"], with_options) as collection:
            assert collection.run is not None
            assert collection.run.resumed is resumed


def test_a_run_under_way_is_not_taken_over(tmp_path: Path) -> None:
    with serving(clinic(3)) as site, open_sources([f"{site.url}/"], options(tmp_path, day(1))) as one:
        next(one)
        with open_sources([f"{site.url}/"], options(tmp_path, day(1))) as other:
            assert (one.run and one.run.id) != (other.run and other.run.id)
            assert len(list(other)) == 3
        assert len(list(one)) == 2
    assert rows(tmp_path, "PRAGMA integrity_check") == [("ok",)]


def test_a_full_disk_ends_the_run_with_one_line_and_it_resumes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.sources.warc_write import CaptureFile

    real, written = CaptureFile.write, []

    def full(self: CaptureFile, *args: object) -> object:
        written.append(1)
        if len(written) == 4:
            raise OSError(28, "No space left on device")
        return real(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(CaptureFile, "write", full)
    with serving(clinic(6)) as site:
        with pytest.raises(StoreError, match="No space left") as caught:
            Auditor().run([f"{site.url}/"], options(tmp_path, day(1)))
        assert "\n" not in str(caught.value)
        rest = Auditor()
        collection = rest.run([f"{site.url}/"], options(tmp_path, day(1)))
        assert collection.run is not None
        assert collection.run.resumed
        assert len(rest.results) == 6
        assert len(rest.extracted) == 3


def test_a_full_database_is_one_line(tmp_path: Path) -> None:
    with serving(clinic(40)) as site:
        half(site, tmp_path, 1)
        store = Store(tmp_path, options(tmp_path, day(1)))
        with store.database.engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            raw = connection.connection.driver_connection
            assert raw is not None
            raw.execute(f"PRAGMA max_page_count={pages}")
        with pytest.raises(StoreError, match="full") as caught:
            _fill(store)
        assert "\n" not in str(caught.value)
        store.close()


def _fill(store: Store) -> None:
    for number in range(500):
        store.keep_robots(f"https://clinic{number}.example", "2026-03-01T00:00:00Z", "x" * 4000)


BAD_STORES = {
    "a file": lambda folder: folder.write_text("x"),
    "no database": lambda folder: (folder.mkdir(), (folder / FILE).write_bytes(b"no database at all" * 500)),
    "newer": lambda folder: newer(folder),
}


def newer(folder: Path) -> None:
    Store(folder).close()
    connection = sqlite3.connect(folder / FILE)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()


@pytest.mark.parametrize("kind", BAD_STORES)
def test_a_store_that_cannot_be_used_is_one_line(kind: str, tmp_path: Path) -> None:
    folder = tmp_path / "store"
    BAD_STORES[kind](folder)
    with pytest.raises(ClaimsAuditError) as caught:
        Store(folder)
    message = str(caught.value)
    assert "\n" not in message
    assert str(folder) in message
    assert ("newer version" in message) is (kind == "newer")


def test_the_migrations_make_the_tables(tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    store = Store(tmp_path)
    with store.database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    store.close()


# --- claims that vanish ---------------------------------------------------------------------------


def with_claims(result: PageResult, number: int) -> PageResult:
    from claims.model import Attribution, Claim, Family, Framing, Polarity, Route, Strength, Subject

    claim = Claim(
        family=Family.ONSET,
        proposition="rapid",
        subject=Subject.KETAMINE,
        route=Route.NONE,
        conditions=(),
        strength=Strength.S3,
        polarity=Polarity.AFFIRMED,
        attribution=Attribution.NONE,
        framing=Framing.ASSERTED,
        quantity=None,
        qualifiers=(),
        quote="works fast",
        start=0,
        end=10,
        block=0,
        cues=(),
    )
    finding = Finding(
        fingerprint="f",
        claim=claim,
        verdict=Verdict.OVERSTATED,
        severity=Severity.WARNING,
        entry="ketamine/x",
        reason="r",
        evidence=("E-1",),
        suggestions=(),
    )
    return replace(result, findings=tuple(replace(finding, fingerprint=f"f{i}") for i in range(number)))


def claiming(folder: Path, at: int, url: str, number: int) -> list[tuple[str, int]]:
    store = Store(folder, options(folder, day(at)))
    run = store.begin([url])
    run.record(with_claims(PageResult(url, None, snapshot=Snapshot(url=url, body=b"")), number))
    silent = run.fallen_silent()
    run.finish()
    store.close()
    return silent


def test_a_site_that_falls_silent_is_called_out(tmp_path: Path) -> None:
    url = "https://www.clinic.example/a"
    assert claiming(tmp_path, 1, url, 0) == []
    assert claiming(tmp_path, 2, url, 3) == []
    assert claiming(tmp_path, 3, "https://other.example/", 0) == []
    assert claiming(tmp_path, 4, url, 0) == [("clinic.example", 3)]
    assert claiming(tmp_path, 5, url, 0) == []
    assert rows(tmp_path, "SELECT fingerprint, verdict FROM findings ORDER BY 1") == [
        (f"f{i}", "overstated") for i in range(3)
    ]


def test_recording_a_page_twice_counts_it_once(tmp_path: Path) -> None:
    store = Store(tmp_path)
    run: Run = store.begin(["x"])
    for number in (3, 2):
        run.record(with_claims(PageResult("https://clinic.example/", None), number))
        run.fallen_silent()  # asks for what is recorded so far
    run.finish()
    store.close()
    assert rows(tmp_path, "SELECT claims FROM results") == [(2,)]
    assert rows(tmp_path, "SELECT count(*) FROM findings") == [(2,)]


# --- listing, exporting, purging ------------------------------------------------------------------


@pytest.fixture
def two_sites(tmp_path: Path):  # type: ignore[no-untyped-def]
    """A store with two sites, captured on days 1 and 20; a word of each stands in its pages."""
    folder = tmp_path / "store"
    with serving(clinic(3)) as one, serving(clinic(2)) as two:
        for site, word in ((one, "story-of-one"), (two, "story-of-two")):
            site.routes["/p0"] = Answer(page(f"{word} told by a patient"), etag='"s"')
        targets = [f"{one.url}/", f"{two.url}/"]
        Auditor().run(targets, options(folder, day(1)))
        one.routes["/p1"] = Answer(page("changed"), etag='"c"')
        Auditor().run(targets, options(folder, day(20)))
        yield folder, one, two


def everything(folder: Path) -> bytes:
    """All bytes of a store, captures unpacked."""
    import gzip

    parts = [p.read_bytes() for p in folder.rglob("*") if p.is_file()]
    return b"".join(parts) + b"".join(gzip.decompress(p.read_bytes()) for p in files(folder))


def test_listing(two_sites) -> None:  # type: ignore[no-untyped-def]
    folder, one, two = two_sites
    store = Store(folder)
    found = list_sites(store, Choice())
    assert sorted((row.site, row.captures, row.oldest[:10], row.newest[:10]) for row in found) == sorted(
        [
            (f"127.0.0.1:{one.port}", 6, "2026-03-01", "2026-03-20"),
            (f"127.0.0.1:{two.port}", 4, "2026-03-01", "2026-03-20"),
        ]
    )
    assert sum(row.bytes for row in found) > 0
    assert [(run.state, run.pages) for run in list_runs(store)] == [("finished", 5), ("finished", 5)]
    assert len(list_sites(store, Choice.of([two.url], before="2026-03-10T00:00:00Z"))) == 1
    store.close()


def test_export_can_be_audited_by_itself(two_sites, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    folder, one, _ = two_sites
    store = Store(folder)
    out = tmp_path / "out"
    number = export(store, Choice.of([f"127.0.0.1:{one.port}"]), out)
    with pytest.raises(StoreError, match="is there already"):
        export(store, Choice.of([one.url]), out)
    store.close()
    exported = sorted(out.glob("*.warc.gz"))
    got = [g for path in exported for g in open_sources([str(path)])]
    assert number == 6
    assert {g.url for g in got if isinstance(g, Snapshot)} == {
        f"{one.url}/",
        f"{one.url}/p0",
        f"{one.url}/p1",
    }
    assert (out / "manifest.json").read_text().count('"sha256"') == 6
    assert len(exported) == 2


def test_purging_a_site_leaves_no_trace_of_it(two_sites) -> None:  # type: ignore[no-untyped-def]
    folder, one, two = two_sites
    store = Store(folder)
    choice = Choice.of([one.url])
    planned = purge(store, choice, really=False)
    assert b"story-of-one" in everything(folder)
    assert purge(store, choice, really=True) == planned
    store.close()
    assert (planned.captures, planned.files, planned.runs) == (6, 2, 0)
    left = everything(folder)
    assert b"story-of-one" not in left
    assert b"story-of-two" in left
    assert f":{one.port}/p0".encode() not in left.replace(b'"', b"")
    assert [row[0] for row in rows(folder, "SELECT DISTINCT site FROM captures")] == [f"127.0.0.1:{two.port}"]
    two.requests.clear()
    Auditor().run([f"{two.url}/"], options(folder, day(21)))
    assert sum("If-None-Match" in seen.headers for seen in two.requests) == 2


def test_purging_by_age_keeps_what_is_younger(two_sites) -> None:  # type: ignore[no-untyped-def]
    folder, one, _ = two_sites
    store = Store(folder)
    gone = purge(store, Choice(before="2026-03-10T00:00:00Z"), really=True)
    assert (gone.captures, gone.runs) == (5, 1)
    kept = rows(folder, "SELECT kind, count(*) FROM captures GROUP BY kind ORDER BY kind")
    assert kept == [("response", 1), ("revisit", 4)]
    store.close()
    one.requests.clear()
    collection = Auditor().run([f"{one.url}/"], options(folder, day(21)))
    conditional = [seen.path for seen in one.requests if "If-None-Match" in seen.headers]
    assert conditional == ["/p1"]  # the others are no longer at hand, and are fetched whole
    assert next(iter(collection.coverage.sites.values())).read == 3


def test_a_file_is_rewritten_around_what_goes(tmp_path: Path) -> None:
    with serving(clinic(4)) as site, open_sources([f"{site.url}/"], options(tmp_path, day(1))) as collection:
        live = {g.url: g for g in collection if isinstance(g, Snapshot)}
    connection = sqlite3.connect(tmp_path / FILE)
    connection.execute("UPDATE captures SET fetched_at = '2020-01-01T00:00:00Z' WHERE url LIKE '%/p1'")
    connection.commit()
    connection.close()
    (before,) = files(tmp_path)
    store = Store(tmp_path)
    assert purge(store, Choice(before="2021-01-01T00:00:00Z"), really=True).captures == 1
    (after,) = files(tmp_path)
    assert after != before
    for url, record_id, offset in rows(tmp_path, "SELECT url, record_id, record_byte FROM captures"):
        found = store.capture(str(record_id))
        assert found == live[str(url)], offset
    store.close()
    assert b"/p1 of our clinic" not in everything(tmp_path)
    assert len([g for g in open_sources([str(after)]) if isinstance(g, Snapshot)]) == 3


def test_a_run_under_way_is_not_purged(tmp_path: Path) -> None:
    with serving(clinic(4)) as site, open_sources([f"{site.url}/"], options(tmp_path, day(1))) as collection:
        next(collection)
        store = Store(tmp_path)
        assert purge(store, Choice(), really=True).captures == 0
        store.close()
        assert len(list(collection)) == 3
    assert rows(tmp_path, "SELECT count(*) FROM captures") == [(4,)]


def test_what_a_killed_run_left_is_swept(tmp_path: Path) -> None:
    with serving(clinic(1)) as site:
        Auditor().run([f"{site.url}/"], options(tmp_path, day(1)))
    (path,) = files(tmp_path)
    orphan = path.with_name("20260101T000000Z-aaaaaa-000.warc.gz")
    orphan.write_bytes(b"left behind")
    store = Store(tmp_path)
    purge(store, Choice(before="2020-01-01T00:00:00Z"), really=True)
    store.close()
    assert files(tmp_path) == [path]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90d", "2026-01-19T12:00:00Z"),
        ("2 W", "2026-04-05T12:00:00Z"),
        ("1y", "2025-04-19T12:00:00Z"),
        ("2026-03-01", "2026-03-01T00:00:00Z"),
        ("2026-03-01T10:00:00+02:00", "2026-03-01T08:00:00Z"),
    ],
)
def test_moments(text: str, expected: str) -> None:
    assert moment(text, day(1) + timedelta(days=49)) == expected


def command(*arguments: object) -> tuple[int, str]:
    from pipeline.commands.store import app

    done = CliRunner().invoke(app, [str(a) for a in arguments])
    return done.exit_code, done.output + (str(done.exception) if done.exception else "")


def test_the_command(two_sites, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    folder, one, _ = two_sites
    code, text = command("list", "--store", folder)
    assert (code, f"127.0.0.1:{one.port}: 6 captures" in text, text.count("run ")) == (0, True, 2)
    assert '"captures": 6' in command("list", "--store", folder, "--json")[1]
    code, text = command("export", tmp_path / "out", "--store", folder, "--site", f"127.0.0.1:{one.port}")
    assert (code, text.startswith("6 captures copied")) == (0, True)
    code, text = command("purge", "--store", folder, "--before", "2026-03-10")
    assert (code, "5 captures" in text, "add --yes" in text) == (0, True, True)
    code, text = command("purge", "--store", folder, "--all", "--yes")
    assert (code, "10 captures" in text) == (0, True)
    assert command("list", "--store", folder)[1] == "nothing kept\n"
    assert files(folder) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("purge", "--yes"), "say what goes"),
        (("list", "--store", "nowhere"), "no store there"),
        (("purge", "--store", "nowhere", "--older-than", "soon"), "no store there"),
        (("list",), "no store"),
    ],
)
def test_the_command_refuses(
    arguments: tuple[str, ...], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, text = command(*arguments)
    assert (code, words in text) == (1, True), text


# --- the codec ------------------------------------------------------------------------------------

words = st.text(max_size=20)
numbers = st.integers(0, 1000)
offsets = st.lists(numbers, max_size=3).map(tuple)
blocks = st.builds(
    Block,
    text=words,
    kind=st.sampled_from(BlockKind),
    headings=st.lists(words, max_size=2).map(tuple),
    lead_in=st.none() | words,
    answers_directly=st.booleans(),
    locator=st.builds(
        Locator, line=st.none() | numbers, column=st.none() | numbers, selector=st.none() | words
    ),
    source=st.builds(SourceMap, text_starts=offsets, source_starts=offsets, widths=offsets),
)
plain_results = st.builds(
    PageResult,
    url=words,
    page=st.none()
    | st.builds(
        Page,
        url=words,
        title=words,
        language=st.none() | words,
        blocks=st.lists(blocks, max_size=2).map(tuple),
    ),
    findings=st.just(()),
    omissions=st.just(()),
    skipped=st.none() | st.builds(Skipped, url=words, code=words, reason=words),
    unread=st.just(()),
    notes=st.just(()),
    snapshot=st.none()
    | st.builds(Snapshot, url=words, body=st.binary(max_size=9), headers=st.just((("a", "b"),))),
)


@settings(max_examples=50, deadline=None)
@given(plain_results, st.integers(0, 3))
def test_results_survive_the_store(result: PageResult, number: int) -> None:
    whole = with_claims(result, number)
    assert load(PageResult, dump(whole)) == whole


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=60))
def test_foreign_bytes_are_refused(data: bytes) -> None:
    with pytest.raises((ValueError, TypeError)):
        load(PageResult, data)


def test_another_shape_is_another_key() -> None:
    assert shape(PageResult) != shape(Page)


def test_a_damaged_extraction_is_made_anew(tmp_path: Path) -> None:
    with serving(clinic(1)) as site:
        Auditor().run([f"{site.url}/"], options(tmp_path, day(1)))
        connection = sqlite3.connect(tmp_path / FILE)
        connection.execute("UPDATE extractions SET result = x'00'")
        connection.commit()
        connection.close()
        again = Auditor()
        again.run([f"{site.url}/"], options(tmp_path, day(2)))
        assert len(again.extracted) == 1
