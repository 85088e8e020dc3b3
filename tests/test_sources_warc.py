"""Captures: written as proof, read byte for byte; foreign and damaged files read as far as they go."""

from __future__ import annotations

import gzip
import io
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from servers import Answer, Route, gzipped, page, redirect, serving
from warcio.archiveiterator import ArchiveIterator

from claims.model import Skipped, Snapshot
from pipeline.sources import SourceOptions, World, open_sources
from pipeline.sources.warc import WarcSource, snapshot_at
from pipeline.sources.warc_read import WarcStream
from pipeline.sources.warc_write import CaptureFile
from pipeline.sources.web import Fetcher
from pipeline.sources.web import page as as_page

DATE = "2026-03-01T10:00:00Z"


def read(path: Path, **options: int) -> tuple[list[Snapshot], dict[str, str]]:
    """Pages, and code → reason of what was skipped."""
    source = WarcSource(path, SourceOptions(**options))  # type: ignore[arg-type]
    got = list(source.snapshots())
    return [g for g in got if isinstance(g, Snapshot)], {
        g.code: g.reason for g in got if isinstance(g, Skipped)
    }


# --- ours -----------------------------------------------------------------------------------------

PAGES: list[tuple[str, dict[str, Route]]] = [
    ("/", {"/": Answer(page("plain"), headers=(("X-Name", "café".encode().decode("latin-1")),))}),
    ("/a?b=1", {"/a?b=1": gzipped(page("packed"))}),
    ("/", {"/": Answer(chunks=(page("in"), b" pieces"))}),
    ("/", {"/": redirect("/b"), "/b": redirect("/c"), "/c": Answer(page("behind redirects"))}),
    ("/", {"/": Answer("caf\xe9".encode("latin-1") * 9, type="text/html; charset=latin-1")}),
]


@pytest.mark.parametrize(("path", "routes"), PAGES)
def test_what_is_written_is_read_byte_for_byte(path: str, routes: dict[str, Route], tmp_path: Path) -> None:
    with serving(routes) as site:
        fetched = Fetcher(SourceOptions(allow_private=True)).fetch(f"{site.url}{path}")
    live = as_page(fetched, World())
    assert isinstance(live, Snapshot)
    target = tmp_path / "c.warc.gz"
    file = CaptureFile(target, "claims-audit", DATE)
    capture = file.write(fetched, live.fetched_at or "")
    file.close()
    (again,), skipped = read(target)
    renamed = tuple((k.replace("X-Archive-Orig-", ""), v) for k, v in again.headers)
    assert replace(again, headers=renamed) == replace(live, record_id=capture.record_id)
    assert snapshot_at(target, capture.offset) == again
    assert skipped == {}


def test_the_file_holds_requests_redirects_and_digests(tmp_path: Path) -> None:
    routes: dict[str, Route] = {"/": redirect("/b"), "/b": Answer(page("b"))}
    with serving(routes) as site:
        fetched = Fetcher(SourceOptions(allow_private=True, contact="me@clinic.example")).fetch(
            f"http://user:secret@127.0.0.1:{site.port}/"
        )
    live = as_page(fetched, World())
    assert isinstance(live, Snapshot)
    target = tmp_path / "c.warc.gz"
    file = CaptureFile(target, "claims-audit 1", DATE)
    file.write(fetched, live.fetched_at or "")
    file.close()
    with target.open("rb") as stream:
        records = []
        for record in ArchiveIterator(stream, check_digests=True):
            head = record.http_headers.to_str() if record.http_headers else ""
            records.append((record.rec_type, record.rec_headers.get_header("WARC-Target-URI"), head))
            record.content_stream().read()
            assert record.digest_checker.passed is not False, record.digest_checker.problems
            assert (record.rec_headers.get_header("WARC-Block-Digest") or "sha256:").startswith("sha256:")
    assert [(kind, url) for kind, url, _ in records] == [
        ("warcinfo", None),
        ("request", f"{site.url}/"),
        ("response", f"{site.url}/"),
        ("request", f"{site.url}/b"),
        ("response", f"{site.url}/b"),
    ]
    assert "302 Found" in records[2][2]
    assert "+me@clinic.example" in records[1][2]
    assert "secret" not in gzip.decompress(target.read_bytes()).decode("latin-1")
    assert "Authorization" not in records[1][2]


def test_a_full_disk_leaves_a_whole_file(tmp_path: Path) -> None:
    with serving({"/": Answer(page("x"))}) as site:
        fetched = Fetcher(SourceOptions(allow_private=True)).fetch(f"{site.url}/")
    live = as_page(fetched, World())
    assert isinstance(live, Snapshot)
    target = tmp_path / "c.warc.gz"
    file = CaptureFile(target, "x", DATE)
    file.write(fetched, live.fetched_at or "")
    size = target.stat().st_size
    _fill(file, after=120)
    with pytest.raises(OSError, match="No space"):
        file.write(fetched, DATE)
    file.close()
    assert target.stat().st_size == size
    pages, skipped = read(target)
    assert (len(pages), skipped) == (1, {})


def _fill(file: CaptureFile, after: int) -> None:
    """The disk takes so many bytes more."""
    stream = file._stream
    real, left = stream.write, [after]

    class Full(io.RawIOBase):
        def write(self, data) -> int:  # type: ignore[no-untyped-def,override]
            left[0] -= len(data)
            if left[0] < 0:
                raise OSError(28, "No space left on device")
            return real(data)

        def __getattr__(self, name: str) -> object:
            return getattr(stream, name)

        def seek(self, *args: int) -> int:
            return stream.seek(*args)

        def tell(self) -> int:
            return stream.tell()

        def truncate(self, size: int | None = None) -> int:
            return stream.truncate(size)

        def flush(self) -> None:
            stream.flush()

    full = Full()
    file._stream = full  # type: ignore[assignment]
    file._writer.out = full


# --- foreign --------------------------------------------------------------------------------------


def record(kind: str, url: str, block: bytes, *more: str, length: int | None = None) -> bytes:
    head = [
        "WARC/1.0",
        f"WARC-Type: {kind}",
        *([f"WARC-Target-URI: {url}"] if url else []),
        f"WARC-Date: {DATE}",
        *more,
        f"Content-Length: {len(block) if length is None else length}",
    ]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def http(body: bytes, *headers: str, status: str = "200 OK", type: str = "text/html") -> bytes:  # noqa: A002
    head = [f"HTTP/1.1 {status}", f"Content-Type: {type}", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def response(name: str, body: bytes | None = None, *more: str) -> bytes:
    return record("response", f"https://clinic.example/{name}", http(body or page(name)), *more)


Pack = Callable[[list[bytes]], bytes]
PACKS: dict[str, Pack] = {
    "members": lambda records: b"".join(gzip.compress(r, mtime=0) for r in records),
    "plain": b"".join,
    "one member": lambda records: gzip.compress(b"".join(records)),
}


@pytest.fixture(params=PACKS)
def pack(request: pytest.FixtureRequest) -> Pack:
    return PACKS[request.param]


def names(pages: list[Snapshot]) -> list[str]:
    return [one.url.rpartition("/")[2] for one in pages]


def test_pages_among_other_records(pack: Pack, tmp_path: Path) -> None:
    records = [
        record("warcinfo", "", b"software: other\r\n"),
        record("response", "dns:clinic.example", b"20260301\nclinic.example. 1 IN A 1.2.3.4\n"),
        record("request", "https://clinic.example/a", b"GET /a HTTP/1.1\r\nHost: clinic.example\r\n\r\n"),
        response("a"),
        record("metadata", "https://clinic.example/a", b"fetchTimeMs: 3\r\n"),
        record("response", "https://clinic.example/p.png", http(b"\x89PNG", type="image/png")),
        record("response", "https://clinic.example/gone", http(page("gone"), status="404 Not Found")),
        record("response", "https://clinic.example/moved", http(b"", "Location: /a", status="301 Moved")),
        record("conversion", "https://clinic.example/text", b"Words of a page.", "Content-Type: text/plain"),
        record("resource", "https://clinic.example/file", page("file"), "Content-Type: text/html"),
        record("response", "<https://clinic.example/wget>", http(page("wget"))),
    ]
    path = tmp_path / "c.warc"
    path.write_bytes(pack(records))
    pages, skipped = read(path)
    assert names(pages) == ["a", "text", "file", "wget"]
    assert skipped == {}
    assert (pages[0].fetched_at, pages[0].status, pages[0].media_type) == (DATE, 200, "text/html")


BODIES = [
    (http(gzip.compress(b"words", mtime=0), "Content-Encoding: gzip"), b"words"),
    (http(b"words", "Content-Encoding: gzip"), b"words"),
    (http(b"3\r\nwor\r\n2\r\nds\r\n0\r\n\r\n", "Transfer-Encoding: chunked"), b"words"),
    (http(b"words", "Transfer-Encoding: chunked"), b"words"),
    (http(b"words", "Content-Encoding: br"), b"words"),
    (http(b"words", "X-Crawler-Content-Encoding: gzip", "Content-Length: 3"), b"words"),
]


@pytest.mark.parametrize(("block", "body"), BODIES)
def test_bodies_as_crawlers_store_them(block: bytes, body: bytes, tmp_path: Path) -> None:
    path = tmp_path / "c.warc"
    path.write_bytes(record("response", "https://clinic.example/", block))
    (got,), _ = read(path)
    assert got.body == body


REVISITS = [
    ("WARC-Refers-To: <urn:uuid:1>",),
    ("WARC-Refers-To-Target-URI: https://clinic.example/a", f"WARC-Refers-To-Date: {DATE}"),
    ("WARC-Payload-Digest: sha1:ABC",),
]


@pytest.mark.parametrize("refers", REVISITS)
@pytest.mark.parametrize("kind", ["members", "plain"])
def test_revisits_of_captures_in_the_file(kind: str, refers: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "c.warc.gz"
    records = [
        response("a", None, "WARC-Record-ID: <urn:uuid:1>", "WARC-Payload-Digest: sha1:ABC"),
        record("revisit", "https://clinic.example/b", http(b""), *refers),
        record("revisit", "https://clinic.example/a", b"", *refers),
    ]
    path.write_bytes(PACKS[kind](records))
    pages, skipped = read(path)
    assert names(pages) == ["a", "b"]  # /a is still what it was, and given once
    assert pages[1].body == pages[0].body
    assert skipped == {}


def test_revisits_of_captures_elsewhere_are_told(tmp_path: Path) -> None:
    path = tmp_path / "c.warc.gz"
    path.write_bytes(
        gzip.compress(record("revisit", "https://clinic.example/b", b"", "WARC-Refers-To: <urn:uuid:9>"))
    )
    pages, skipped = read(path)
    assert (pages, list(skipped)) == ([], ["revisit"])


# --- damage ---------------------------------------------------------------------------------------


def damaged(pack: Pack, broken: bytes) -> bytes:
    return pack([response("a"), broken, response("b")])


BROKEN = {
    "not a record": b"junk that is no record\r\nmore of it\r\n\r\n",
    "no length": b"WARC/1.0\r\nWARC-Type: response\r\n\r\nblock\r\n\r\n",
    "length no number": b"WARC/1.0\r\nContent-Length: many\r\n\r\nblock\r\n\r\n",
    "length too small": record("response", "https://clinic.example/x", http(page("x")), length=30),
    "no address": record("response", "", http(page("x"))),
    "no http": record("response", "https://clinic.example/x", b"\x00\x01\x02 nothing"),
    "unknown version": record("response", "https://clinic.example/x", http(b"x")).replace(
        b"WARC/1.0", b"WARC/9.9"
    ),
    "false digest": response("x", None, "WARC-Block-Digest: sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
    "cut gzip body": record(
        "response",
        "https://clinic.example/x",
        http(gzip.compress(b"words" * 99)[:-20], "Content-Encoding: gzip"),
    ),
    "endless line": b"x" * 200_000 + b"\r\n",
    "binary": random.Random(3).randbytes(5000),  # noqa: S311
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_bad_record_is_counted_and_the_others_read(name: str, pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / "c.warc"
    path.write_bytes(damaged(pack, BROKEN[name]))
    pages, skipped = read(path)
    assert [one for one in names(pages) if one != "x"] == ["a", "b"]
    assert list(skipped) == ["bad_records"]
    assert ": 1 damaged record passed" in skipped["bad_records"] or name == "length too small"


def test_a_length_too_large_does_not_swallow_the_next_member(tmp_path: Path) -> None:
    path = tmp_path / "c.warc.gz"
    wrong = record("response", "https://clinic.example/x", http(page("x")), length=100_000)
    path.write_bytes(damaged(PACKS["members"], wrong))
    pages, skipped = read(path)
    assert (names(pages), list(skipped)) == (["a", "b"], ["bad_records"])


@pytest.mark.parametrize("cut", [1, 9, 60, 200])
def test_a_truncated_last_record(cut: int, pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / "c.warc"
    path.write_bytes(pack([response("a"), response("b", page("b" * 2000))])[:-cut])
    pages, skipped = read(path)
    assert names(pages)[:1] == ["a"] or pack is PACKS["one member"]
    assert "bad_records" in skipped or (cut == 1 and pack is PACKS["plain"])


def test_a_damaged_member_is_passed_over(tmp_path: Path) -> None:
    members = [gzip.compress(response(name)) for name in "abcd"]
    members[1] = members[1][:20] + b"\xff" * 20 + members[1][40:]
    members[2] = b"not gzip at all"
    path = tmp_path / "c.warc.gz"
    path.write_bytes(b"".join(members) + b"\0" * 512)
    pages, skipped = read(path)
    assert (names(pages), list(skipped)) == (["a", "d"], ["bad_records"])


def test_large_records_are_passed_over(pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / "c.warc"
    path.write_bytes(damaged(pack, response("x", b"x" * 50_000)))
    pages, skipped = read(path, max_decoded=5000)
    assert (names(pages), list(skipped)) == (["a", "b"], ["too_large"])


def test_a_bomb_in_a_record_is_bounded(tmp_path: Path) -> None:
    block = http(gzip.compress(b"x" * 5_000_000), "Content-Encoding: gzip")
    path = tmp_path / "c.warc.gz"
    path.write_bytes(damaged(PACKS["members"], record("response", "https://clinic.example/x", block)))
    pages, skipped = read(path, max_decoded=100_000)
    assert (names(pages), list(skipped)) == (["a", "b"], ["bad_records"])


def test_a_capture_that_was_cut_short_is_told(tmp_path: Path) -> None:
    path = tmp_path / "c.warc"
    path.write_bytes(response("a", None, "WARC-Truncated: length"))
    pages, skipped = read(path)
    assert (names(pages), list(skipped)) == (["a"], ["truncated"])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no_pages"),
        (b"\x1f\x8b\x08", "bad_records"),
        (b"just text", "bad_records"),
        (record("warcinfo", "", b"software: x\r\n"), "no_pages"),
    ],
)
def test_files_without_pages(content: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / "c.warc"
    path.write_bytes(content)
    pages, skipped = read(path)
    assert (pages, list(skipped)) == ([], [code])


def test_a_missing_file_and_the_seam(tmp_path: Path) -> None:
    (tmp_path / "c.warc.gz").write_bytes(gzip.compress(response("a")))
    missing, found = open_sources([str(tmp_path / "none.warc.gz"), str(tmp_path / "c.warc.gz")])
    assert isinstance(missing, Skipped)
    assert missing.code == "not_found"
    assert isinstance(found, Snapshot)


GOOD = [response(name) for name in "abcde"]


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(sorted(PACKS)), st.data())
def test_no_damage_stops_the_reading(kind: str, data: st.DataObject) -> None:
    whole = bytearray(PACKS[kind](GOOD))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(whole) - 1))
        size = data.draw(st.integers(1, 40))
        change = data.draw(st.sampled_from(["cut", "noise", "insert"]))
        noise = data.draw(st.binary(min_size=size, max_size=size))
        whole[at : at + (0 if change == "insert" else size)] = b"" if change == "cut" else noise
    stream = WarcStream(io.BytesIO(bytes(whole)), 1_000_000)
    assert len(list(stream.records())) <= 40


def test_records_come_in_bounded_memory() -> None:
    import tracemalloc

    one = gzip.compress(response("x", random.Random(1).randbytes(20_000)))  # noqa: S311

    class Endless(io.RawIOBase):
        left = 2000

        def read(self, size: int = -1) -> bytes:
            self.left -= 1
            return one if self.left > 0 else b""

        def tell(self) -> int:
            return 0

    tracemalloc.start()
    count = sum(1 for _ in WarcStream(Endless(), 1_000_000).records())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 1999
    assert peak < 2_000_000
