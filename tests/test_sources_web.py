"""Single addresses against a real server, each fault a case with the requests that the server saw."""

from __future__ import annotations

import gzip
import hashlib
import random
import zlib
from dataclasses import replace

import pytest
from servers import (
    Answer,
    FakeTime,
    Raw,
    Reply,
    Route,
    Seen,
    gzipped,
    page,
    redirect,
    serving,
    unused_port,
)

from claims.errors import UsageError
from claims.model import Skipped, Snapshot
from pipeline.sources import SourceOptions, World, open_sources
from pipeline.sources.base import header
from pipeline.sources.web import Fetcher, Validators, retry_after


def options(time: FakeTime | None = None, **more: object) -> SourceOptions:
    """Quick limits, no true waiting, loopback permitted."""
    clock = time or FakeTime()
    world = World(sleep=clock.sleep, monotonic=clock.monotonic, chance=lambda: 0.5)
    base = SourceOptions(
        allow_private=True,
        contact="audit@clinic.example",
        connect_timeout=1.0,
        read_timeout=0.5,
        total_timeout=1.5,
        max_bytes=100_000,
        max_decoded=200_000,
        world=world,
    )
    return replace(base, **more)  # type: ignore[arg-type]


def get(url: str, **more: object) -> Snapshot | Skipped:
    (got,) = open_sources([url], options(**more))  # type: ignore[arg-type]
    return got


def test_a_page_arrives_with_its_circumstances() -> None:
    body = page("Ketamine may help.")
    with serving({"/a?b=1": Answer(body, headers=(("X-Note", "yes"), ("Set-Cookie", "id=1")))}) as site:
        got = get(f"{site.url}/a?b=1#part")
    assert isinstance(got, Snapshot)
    assert got.body == body
    assert got.sha256 == hashlib.sha256(body).hexdigest()
    assert (got.status, got.media_type, got.redirects) == (200, "text/html", ())
    assert header(got.headers, "x-note") == "yes"
    assert got.final_url == f"{site.url}/a?b=1"
    assert got.fetched_at is not None
    assert got.fetched_at.endswith("Z")
    (seen,) = site.requests
    assert seen.headers["User-Agent"].endswith("(+audit@clinic.example)")
    assert "Cookie" not in seen.headers


OK = Answer(page("words"))
HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
BOMB = gzip.compress(b"x" * 5_000_000, mtime=0)

TWO_MEMBERS = gzip.compress(b"wo", mtime=0) + gzip.compress(b"rds", mtime=0)

FAULTS: list[tuple[str, Route, str, str, int]] = [
    ("missing", Answer(b"x", status=404), "not_found", "check the address", 1),
    ("gone", Answer(b"x", status=410), "not_found", "gone", 1),
    ("login", Answer(b"x", status=401), "forbidden", "login", 1),
    ("forbidden", Answer(b"x", status=403), "forbidden", "refuses", 1),
    ("challenge", Answer(b"x", status=403, headers=(("cf-mitigated", "challenge"),)), "bot_wall", "human", 1),
    ("teapot", Answer(b"x", status=418), "http_status", "418", 1),
    ("down", Answer(b"x", status=503), "server_error", "503", 4),
    ("not implemented", Answer(b"x", status=501), "server_error", "501", 1),
    ("too many", Answer(b"x", status=429), "rate_limited", "fewer requests", 4),
    ("empty", Answer(b""), "empty", "empty page", 1),
    ("too large", Answer(b"x" * 100_001), "too_large", "100000 bytes as sent", 1),
    ("too large, no length", Answer(chunks=(b"x" * 60_000, b"x" * 60_000)), "too_large", "as sent", 1),
    ("bomb", Answer(BOMB, headers=(("Content-Encoding", "gzip"),)), "too_large", "decompressed", 1),
    (
        "bomb in a bomb",
        Answer(gzip.compress(BOMB, mtime=0), headers=(("Content-Encoding", "gzip, gzip"),)),
        "too_large",
        "decompressed",
        1,
    ),
    ("not gzip", Answer(b"plain", headers=(("Content-Encoding", "gzip"),)), "encoding", "not", 1),
    ("brotli", Answer(b"xx", headers=(("Content-Encoding", "br"),)), "encoding", "'br'", 1),
    (
        "cut gzip",
        Answer(gzip.compress(OK.body, mtime=0)[:-9], headers=(("Content-Encoding", "gzip"),)),
        "incomplete",
        "too early",
        4,
    ),
    ("shorter than announced", Answer(b"short", length=50), "incomplete", "announced length", 4),
    ("cut chunk", Raw((HTTP + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab",)), "incomplete", "", 4),
    ("bad chunk", Raw((HTTP + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nab",)), "incomplete", "", 4),
    ("bad length", Raw((HTTP + b"Content-Length: many\r\n\r\nab",)), "", "", 1),
    ("not http", Raw((b"SSH-2.0-OpenSSH_9.6\r\n",)), "protocol", "not an HTTP", 1),
    ("closed at once", Raw(()), "reset", "lost", 4),
    ("reset at once", Raw((), reset=True), "reset", "lost", 4),
    ("reset in the body", Raw((HTTP + b"Content-Length: 99\r\n\r\nab",), reset=True), "reset", "", 4),
    ("silent", Raw((b"",), pause=2), "timeout", "0.5 s", 1),
    ("drip of the body", Raw((HTTP + b"\r\n", *[b"x"] * 30), pause=0.1), "timeout", "within 1.5 s", 1),
    ("drip of headers", Raw((HTTP, *[b"X-A: b\r\n"] * 30), pause=0.1), "timeout", "within 1.5 s", 1),
    ("endless headers", Raw((HTTP, b"X-A: b\r\n" * 500)), "protocol", "", 1),
    ("picture", Answer(b"\x89PNG", type="image/png"), "media_type", "image/png", 1),
    ("brochure", Answer(b"%PDF-1.7", type="application/pdf"), "document", "application/pdf", 1),
    ("to a mailbox", redirect("mailto:x@y.example"), "bad_address", "http and https", 1),
    ("to a file", redirect("file:///etc/passwd"), "bad_address", "http and https", 1),
    ("to nonsense", redirect("http://[::1"), "bad_address", "", 1),
    ("in circles", redirect("/"), "redirects", "more than 8", 9),
    ("nowhere", Answer(b"", status=302), "http_status", "302", 1),
]


@pytest.mark.parametrize(("_name", "route", "code", "words", "requests"), FAULTS, ids=lambda v: str(v)[:20])
def test_faults(_name: str, route: Route, code: str, words: str, requests: int) -> None:
    with serving({"/": route}) as site:
        got = get(f"{site.url}/")
        assert len(site.requests) == requests
    if not code:  # a server's slip that can be read over
        assert isinstance(got, Snapshot)
        return
    assert isinstance(got, Skipped), got
    assert (got.code, words in got.reason) == (code, True), got
    assert "\n" not in got.reason
    assert got.url == f"{site.url}/"


def test_a_longer_body_than_announced_is_cut_and_the_connection_not_used_again() -> None:
    with serving({"/": Answer(b"words and more", length=5), "/b": OK}) as site:
        fetcher = Fetcher(options())
        assert fetcher.fetch(f"{site.url}/").exchange.body == b"words"
        assert fetcher.fetch(f"{site.url}/b").exchange.body == OK.body


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (gzipped(b"words"), b"words"),
        (Answer(zlib.compress(b"words"), headers=(("Content-Encoding", "deflate"),)), b"words"),
        (Answer(zlib.compress(b"words")[2:-4], headers=(("Content-Encoding", "deflate"),)), b"words"),
        (
            Answer(TWO_MEMBERS, headers=(("content-encoding", "GZIP"),)),
            b"words",
        ),
        (
            Answer(gzip.compress(b"words", mtime=0) + b"\0\0", headers=(("Content-Encoding", "x-gzip"),)),
            b"words",
        ),
        (Answer(b"words", headers=(("Content-Encoding", "identity"),)), b"words"),
        (Answer(chunks=(b"wo", b"rds")), b"words"),
    ],
)
def test_bodies_are_decoded(answer: Answer, body: bytes) -> None:
    with serving({"/": answer}) as site:
        got = get(f"{site.url}/")
    assert isinstance(got, Snapshot)
    assert got.body == body


def test_redirects_are_followed_and_recorded() -> None:
    routes: dict[str, Route] = {"/a": redirect("b?x=1", 301), "/b?x=1": redirect("/c#part", 308), "/c": OK}
    with serving(routes) as site:
        got = get(f"{site.url}/a")
    assert isinstance(got, Snapshot)
    assert site.paths == ["/a", "/b?x=1", "/c"]
    assert (got.url, got.final_url) == (f"{site.url}/a", f"{site.url}/c")
    assert got.redirects == (f"{site.url}/a", f"{site.url}/b?x=1")


# --- addresses ------------------------------------------------------------------------------------

INSIDE = [
    ("127.0.0.1", "loopback"),
    ("127.8.8.8", "loopback"),
    ("0.0.0.0", "unspecified"),
    ("10.1.2.3", "private"),
    ("172.16.0.1", "private"),
    ("192.168.1.1", "private"),
    ("100.64.0.1", "private"),
    ("169.254.1.1", "link-local"),
    ("169.254.169.254", "metadata"),
    ("224.0.0.1", "multicast"),
    ("::1", "loopback"),
    ("fe80::1%eth0", "link-local"),
    ("fc00::1", "private"),
    ("fd00:ec2::254", "metadata"),
    ("::ffff:127.0.0.1", "loopback"),
    ("::ffff:10.0.0.1", "private"),
    ("64:ff9b::7f00:1", "loopback"),
    ("64:ff9b::a9fe:a9fe", "metadata"),
    ("2002:7f00:1::", "loopback"),
]


@pytest.mark.parametrize(("address", "kind"), INSIDE)
def test_names_that_lead_inside_are_refused(address: str, kind: str) -> None:
    asked: list[str] = []

    def names(host: str, port: int) -> list[str]:
        asked.append(host)
        return [address]

    got = get("http://clinic.example/", allow_private=False, world=World(resolve=names))
    assert isinstance(got, Skipped)
    assert (got.code, kind in got.reason) == ("refused_address", True), got.reason
    assert asked == ["clinic.example"]


LOOPBACKS = ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"]
METADATA = ["169.254.169.254", "fd00:ec2::254", "64:ff9b::a9fe:a9fe", "::ffff:169.254.169.254"]


@pytest.mark.parametrize("host", LOOPBACKS)
def test_loopback_however_written_sees_no_request(host: str) -> None:
    with serving({"/": OK}) as site:
        got = get(f"http://{host}:{site.port}/", allow_private=False)
    assert isinstance(got, Skipped)
    assert got.code in ("refused_address", "dns")
    assert site.requests == []


@pytest.mark.parametrize("address", METADATA)
def test_metadata_is_refused_even_where_private_is_permitted(address: str) -> None:
    got = get("http://clinic.example/", world=World(resolve=lambda host, port: [address]))
    assert isinstance(got, Skipped)
    assert got.code == "refused_address"


def test_one_inside_address_among_several_refuses_the_name() -> None:
    world = World(resolve=lambda host, port: ["93.184.216.34", "10.0.0.1"])
    got = get("http://clinic.example/", allow_private=False, world=world)
    assert isinstance(got, Skipped)
    assert got.code == "refused_address"


def test_a_redirect_to_metadata_is_refused() -> None:
    with serving({"/": redirect("http://169.254.169.254/latest/meta-data/")}) as site:
        got = get(f"{site.url}/")
    assert isinstance(got, Skipped)
    assert got.code == "refused_address"
    assert site.paths == ["/"]


def test_a_redirect_inside_is_refused_though_the_first_host_is_permitted() -> None:
    """The name is looked up once for each connection, and what was looked up is what is connected to."""
    with serving({"/": redirect("http://intranet.example/"), "/secret": OK}) as site:
        table = {"clinic.example": ["127.0.0.1"], "intranet.example": ["169.254.169.254"]}
        asked: list[str] = []

        def names(host: str, port: int) -> list[str]:
            asked.append(host)
            return table[host]

        got = get(f"http://clinic.example:{site.port}/", world=World(resolve=names))
    assert isinstance(got, Skipped)
    assert got.code == "refused_address"
    assert asked == ["clinic.example", "intranet.example"]
    assert [seen.host for seen in site.requests] == [f"clinic.example:{site.port}"]


def test_a_name_that_changes_its_meaning_is_not_asked_twice() -> None:
    answers = iter([["127.0.0.1"], ["169.254.169.254"]])
    with serving({"/": OK}) as site:
        got = get(
            f"http://clinic.example:{site.port}/", world=World(resolve=lambda host, port: next(answers))
        )
    assert isinstance(got, Snapshot)
    assert next(answers) == ["169.254.169.254"]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ftp://clinic.example/x", "bad_address"),
        ("gopher://clinic.example/", "bad_address"),
        ("https://", "bad_address"),
        ("http://[::1/", "bad_address"),
        ("http://clinic.example:99999/", "bad_address"),
        ("http://clinic.example:port/", "bad_address"),
        ("http://no-such-host.invalid/", "dns"),
        ("http://a..b/", "dns"),
        pytest.param(f"http://127.0.0.1:{unused_port()}/", "refused", id="refused"),
    ],
)
def test_addresses_that_cannot_be_fetched(url: str, code: str) -> None:
    got = get(url)
    assert isinstance(got, Skipped)
    assert got.code in (code, "bad_address"), got


def test_a_plain_server_where_tls_is_expected() -> None:
    with serving({"/": OK}) as site:
        got = get(f"https://127.0.0.1:{site.port}/")
    assert isinstance(got, Skipped)
    assert got.code == "tls"


# --- patience -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("replies", "slept"),
    [
        ([Answer(b"x", 429, headers=(("Retry-After", "7"),)), OK], [7.0]),
        ([Answer(b"x", 503, headers=(("Retry-After", "0"),)), OK], [0.0]),
        ([Answer(b"x", 503), Answer(b"x", 500), OK], [1.0, 2.0]),
        ([Answer(b"x", 429, headers=(("Retry-After", "soon"),)), OK], [1.0]),
        ([Answer(b"x", 502), Raw((), reset=True), Answer(b"x", 504), OK], [1.0, 2.0, 4.0]),
    ],
)
def test_waits_and_tries_again(replies: list[Reply], slept: list[float]) -> None:
    time = FakeTime()
    with serving({"/": list(replies)}) as site:
        got = get(f"{site.url}/", time=time)
        assert len(site.requests) == len(replies)
    assert isinstance(got, Snapshot)
    assert time.slept == slept


def test_gives_up_where_it_is_asked_to_wait_too_long() -> None:
    time = FakeTime()
    with serving({"/": Answer(b"x", 429, headers=(("Retry-After", "86400"),))}) as site:
        got = get(f"{site.url}/", time=time)
    assert isinstance(got, Skipped)
    assert (got.code, "86400" in got.reason, time.slept) == ("rate_limited", True, [])
    assert len(site.requests) == 1


def test_waits_are_spread_by_chance_and_bounded() -> None:
    time, chance = FakeTime(), random.Random(7)  # noqa: S311
    with serving({"/": Answer(b"x", 503)}) as site:
        get(
            f"{site.url}/",
            world=World(sleep=time.sleep, monotonic=time.monotonic, chance=chance.random),
            max_attempts=8,
            max_wait=5.0,
        )
        assert len(site.requests) == 8
    assert len(set(time.slept)) > 3
    for nth, seconds in enumerate(time.slept):
        assert min(0.5 * 2**nth, 5.0) <= seconds <= min(1.5 * 2**nth, 5.0)


def test_retry_after_as_a_date() -> None:
    from datetime import UTC, datetime

    world = World(now=lambda: datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC))
    assert retry_after("Thu, 01 Jan 2026 12:01:30 GMT", world) == 90.0
    assert retry_after("Thu, 01 Jan 2026 11:00:00 GMT", world) == 0.0
    assert retry_after("Thu, 01 Jan 2026 12:00:10", world) in (None, 10.0)
    assert retry_after("", world) is None


# --- credentials and cookies ----------------------------------------------------------------------


def test_credentials_go_to_their_own_host_alone() -> None:
    with serving() as other, serving() as site:
        site.routes["/"] = redirect(f"http://localhost:{other.port}/")
        other.routes["/"] = OK
        got = get(f"http://user:s%40fe@127.0.0.1:{site.port}/")
    assert isinstance(got, Snapshot)
    assert site.requests[0].headers["Authorization"] == "Basic dXNlcjpzQGZl"
    assert "Authorization" not in other.requests[0].headers
    assert "user" not in repr((got.url, got.final_url, got.redirects, got.headers))


def test_credentials_in_a_redirect_are_dropped() -> None:
    with serving({"/b": OK}) as site:
        site.routes["/"] = redirect(f"http://eve:x@127.0.0.1:{site.port}/b")
        got = get(f"{site.url}/")
    assert isinstance(got, Snapshot)
    assert "Authorization" not in site.requests[1].headers


def test_no_cookie_is_kept() -> None:
    def cookie(seen: Seen) -> Answer:
        return Answer(b"", 302, headers=(("Location", "/b"), ("Set-Cookie", "id=1; Path=/")))

    with serving({"/": cookie, "/b": OK}) as site:
        fetcher = Fetcher(options())
        fetcher.fetch(f"{site.url}/")
        fetcher.fetch(f"{site.url}/b")
    assert [s.headers.get("Cookie") for s in site.requests] == [None, None, None]


def test_the_environment_adds_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:  # type: ignore[no-untyped-def]
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{unused_port()}")
    with serving({"/": OK}) as site:
        got = get(f"{site.url}/")
    assert isinstance(got, Snapshot)
    assert "Authorization" not in site.requests[0].headers


# --- conditional requests -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "sent"),
    [
        (Answer(b"words", etag='"v1"'), {"If-None-Match": '"v1"'}),
        (
            Answer(b"words", modified="Thu, 01 Jan 2026 12:00:00 GMT"),
            {"If-Modified-Since": "Thu, 01 Jan 2026 12:00:00 GMT"},
        ),
    ],
)
def test_an_unchanged_page_is_not_sent_again(answer: Answer, sent: dict[str, str]) -> None:
    with serving({"/": answer}) as site:
        fetcher = Fetcher(options())
        first = fetcher.fetch(f"{site.url}/")
        again = fetcher.fetch(f"{site.url}/", {f"{site.url}/": Validators.of(first.exchange.headers)})
        assert (again.unchanged, again.exchange.body) == (True, b"")
        site.routes["/"] = replace(answer, body=b"new", etag='"v2"')
        changed = fetcher.fetch(f"{site.url}/", {f"{site.url}/": Validators.of(first.exchange.headers)})
        assert (changed.unchanged, changed.exchange.body) == (False, b"new")
    asked = site.requests[1].headers
    assert {k: asked[k] for k in sent} == sent


def test_one_bad_address_does_not_end_the_run() -> None:
    with serving({"/": OK}) as site:
        got = list(
            open_sources(
                [f"{site.url}/missing", "missing.html", f"{site.url}/", "ftp://x.example/"], options()
            )
        )
    assert [type(g).__name__ for g in got] == ["Skipped", "Skipped", "Snapshot", "Skipped"]


def test_a_list_of_authorities_that_is_not_there_is_told_at_once() -> None:
    with pytest.raises(UsageError, match="ca-bundle"):
        open_sources(["https://127.0.0.1/"], options(ca_bundle="/nowhere/ca.pem"))
