"""Crawls of a real local server: what is asked for, in which order, how often, and what is left alone."""

from __future__ import annotations

import gzip
from dataclasses import replace

import pytest
from servers import HTML, Answer, FakeTime, Raw, Route, Seen, Site, page, redirect, serving

from claims.errors import UsageError
from claims.model import Page, Skipped, Snapshot
from pipeline.readers import read_page
from pipeline.sources import Collection, CrawlOptions, SourceOptions, World, open_sources
from pipeline.sources.coverage import SiteCoverage, line
from pipeline.sources.sitemaps import read_sitemap
from pipeline.sources.web import Fetcher

NO_ROBOTS: dict[str, Route] = {"/robots.txt": Answer(b"", status=404)}
XML = "application/xml"


def options(time: FakeTime | None = None, **crawl: object) -> SourceOptions:
    clock = time or FakeTime()
    return SourceOptions(
        allow_private=True,
        contact="audit@clinic.example",
        connect_timeout=1.0,
        read_timeout=1.0,
        total_timeout=2.0,
        max_attempts=2,
        world=World(sleep=clock.sleep, monotonic=clock.monotonic, chance=lambda: 0.5),
        crawl=CrawlOptions(**{"delay": 0.0, "connections": 1, **crawl}),  # type: ignore[arg-type]
    )


def crawl(site: Site, time: FakeTime | None = None, path: str = "/", **limits: object) -> Crawled:
    with open_sources([f"{site.url}{path}"], options(time, **limits)) as collection:
        got = list(collection)
    return Crawled(site, got, collection)


class Crawled:
    def __init__(self, site: Site, got: list[Snapshot | Skipped], collection: Collection) -> None:
        pages = [(g, read_page(g)) for g in got if isinstance(g, Snapshot)]
        refused = {id(g): page for g, page in pages if isinstance(page, Skipped)}
        self.read = [g.url.removeprefix(site.url) for g, page in pages if isinstance(page, Page)]
        unread = [g if isinstance(g, Skipped) else refused.get(id(g)) for g in got]
        self.skipped = [(one.url.removeprefix(site.url), one.code) for one in unread if one]
        self.figures: SiteCoverage = next(iter(collection.coverage.sites.values()))
        self.notes = collection.coverage.notes()
        self.got = got


def site_of(*links: str, **pages: tuple[str, ...]) -> dict[str, Route]:
    """Pages by name, each with its links; `/` has `links`."""
    routes: dict[str, Route] = {**NO_ROBOTS, "/": Answer(page("start", links=links))}
    routes |= {f"/{name}": Answer(page(name, links=to)) for name, to in pages.items()}
    return routes


def sitemap(*addresses: str, index: bool = False) -> bytes:
    outer, inner = ("sitemapindex", "sitemap") if index else ("urlset", "url")
    entries = "".join(f"<{inner}><loc>{a}</loc></{inner}>" for a in addresses)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><{outer} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        f"{entries}</{outer}>"
    ).encode()


# --- links ----------------------------------------------------------------------------------------


def test_links_are_followed_in_the_order_found() -> None:
    routes = site_of("/a", "b", a=("/c", "/"), b=("/a", "/d"), c=(), d=())
    with serving(routes) as site:
        got = crawl(site)
    assert got.read == ["/", "/a", "/b", "/c", "/d"]
    assert site.paths == ["/robots.txt", "/sitemap.xml", "/", "/a", "/b", "/c", "/d"]
    assert (got.figures.found, got.figures.fetched, got.skipped) == (5, 5, [])


@pytest.mark.parametrize("connections", [1, 2, 5])
def test_connections_change_neither_order_nor_requests(connections: int) -> None:
    names = [f"p{i}" for i in range(12)]
    routes = site_of(*names, **{n: (f"/{names[(i * 5) % 12]}", f"/q{i}") for i, n in enumerate(names)})
    routes |= {f"/q{i}": Answer(page("q")) for i in range(12)}
    with serving(routes) as site:
        got = crawl(site, connections=connections)
    assert got.read == ["/", *(f"/{n}" for n in names), *(f"/q{i}" for i in range(12))]
    assert len(site.paths) == len(set(site.paths))
    assert site.most_busy <= connections


SPELLINGS = (
    "/a",
    "/a/",
    "/a#part",
    "/a?utm_source=mail",
    "/x/../a",
    "/a;jsessionid=AB12",
    "/a?PHPSESSID=1",
    "/%61",
)


def test_each_page_is_read_once_however_spelt() -> None:
    with serving(site_of(*SPELLINGS, a=())) as site:
        got = crawl(site)
        host = site.url.removeprefix("http://")
        assert got.read == ["/", "/a"]
    assert site.pages == ["/sitemap.xml", "/", "/a"], host


def test_other_hosts_and_schemes_are_left_alone() -> None:
    with serving({"/": Answer(page("other"))}) as other:
        elsewhere = (
            f"{other.url}/",
            "mailto:x@y.example",
            "ftp://clinic.example/",
            "javascript:go()",
            "//x.example/",
        )
        with serving(site_of(*elsewhere, "/a", a=())) as site:
            got = crawl(site)
        assert other.requests == []
    assert got.read == ["/", "/a"]


def test_aliases_belong_to_the_site() -> None:
    with serving() as site:
        site.routes |= site_of(
            f"http://localhost:{site.port}/a", "/a", f"http://localhost:{site.port}/b", a=(), b=()
        )
        got = crawl(site, aliases=(f"localhost:{site.port}",))
        assert [g.url for g in got.got] == [
            f"{site.url}/",
            f"http://localhost:{site.port}/a",
            f"http://localhost:{site.port}/b",
        ]


LIMITS: list[tuple[dict[str, object], list[str], dict[str, int]]] = [
    ({"max_depth": 0}, ["/"], {"excluded": 3, "found": 4}),
    ({"max_depth": 1}, ["/", "/blog", "/about", "/draft"], {"excluded": 1, "found": 5}),
    ({"exclude": ("/draft*", "*?print=*")}, ["/", "/blog", "/about", "/deep"], {"excluded": 1, "found": 5}),
    ({"include": ("/blog*",)}, ["/", "/blog"], {"excluded": 3, "found": 5}),
    ({"max_pages": 2}, ["/", "/blog"], {"budget": 3, "found": 5}),
]


@pytest.mark.parametrize(("limits", "read", "figures"), LIMITS)
def test_limits(limits: dict[str, object], read: list[str], figures: dict[str, int]) -> None:
    routes = site_of("/blog", "/about", "/draft", blog=("/deep",), about=(), draft=(), deep=())
    with serving(routes) as site:
        got = crawl(site, **limits)
    assert got.read == read
    assert {name: getattr(got.figures, name) for name in figures} == figures
    assert [path for path in site.pages if path != "/sitemap.xml"] == read


def test_a_spent_budget_is_not_complete() -> None:
    with serving(site_of("/a", "/b", a=(), b=())) as site:
        got = crawl(site, max_pages=1)
    assert got.skipped == [("/", "budget")]
    assert "raise max-pages" in next(g.reason for g in got.got if isinstance(g, Skipped))
    assert not got.figures.complete


def test_an_endless_site_ends() -> None:
    def calendar(seen: Seen) -> Answer:
        if seen.path in ("/robots.txt", "/sitemap.xml"):
            return Answer(b"", 404)
        return Answer(page("day", links=(f"{seen.path}x/next", f"{seen.path}?d=1")))

    with serving(fallback=calendar) as site:
        got = crawl(site, max_pages=15, max_depth=50)
    assert len(got.read) == 15
    assert len(site.pages) == 16


def test_canonical_links_fold_what_differs_in_the_query_alone() -> None:
    head = '<link rel="canonical" href="/a">'
    routes: dict[str, Route] = {
        **NO_ROBOTS,
        "/": Answer(page("start", links=("/a?view=1", "/a", "/a?view=2", "/b"))),
        "/a": Answer(page("a", head=head)),
        "/a?view=1": Answer(page("a", head=head)),
        "/a?view=2": Answer(page("a", head=head)),
        # A careless template gives every page the start's address: all are read none the less.
        "/b": Answer(page("b", head='<link rel="canonical" href="/">')),
    }
    with serving(routes) as site:
        got = crawl(site)
    assert got.read == ["/", "/a", "/b"]
    assert (got.figures.duplicates, got.figures.complete, got.skipped) == (2, True, [])


def test_redirects_within_the_site_lead_to_one_reading() -> None:
    routes = site_of("/old", "/new", "/older", new=()) | {
        "/old": redirect("/new", 301),
        "/older": redirect("/elsewhere", 302),
        "/elsewhere": Answer(page("there")),
    }
    with serving(routes) as site:
        got = crawl(site)
    assert got.read == ["/", "/new", "/older"]
    assert site.pages == ["/sitemap.xml", "/", "/old", "/new", "/older", "/elsewhere"]
    assert got.figures.duplicates == 1


def test_a_redirect_off_the_site_is_not_followed() -> None:
    with serving({"/x": Answer(page("x"))}) as other, serving(site_of("/out", "/in")) as site:
        site.routes |= {"/out": redirect(f"{other.url}/x"), "/in": redirect("http://169.254.169.254/")}
        got = crawl(site)
        assert other.requests == []
    assert (got.read, got.figures.offsite, got.skipped) == (["/"], 2, [])


def test_a_start_that_moved_to_another_site_says_so() -> None:
    with (
        serving({"/": Answer(page("x"))}) as other,
        serving({**NO_ROBOTS, "/": redirect(f"{other.url}/")}) as site,
    ):
        got = crawl(site)
        assert other.requests == []
    assert got.skipped == [("/", "offsite")]


def test_a_redirect_to_a_forbidden_page_is_not_followed() -> None:
    routes = site_of("/a") | {
        "/robots.txt": Answer(b"User-agent: *\nDisallow: /secret\n", type="text/plain"),
        "/a": redirect("/secret"),
        "/secret": Answer(page("x")),
    }
    with serving(routes) as site:
        got = crawl(site)
    assert "/secret" not in site.paths
    assert got.skipped == [("/a", "robots")]


def test_redirects_in_circles_end() -> None:
    routes = site_of("/a") | {"/a": redirect("/a?again"), "/a?again": redirect("/a")}
    with serving(routes) as site:
        got = crawl(site)
        assert site.paths.count("/a") <= 6
    assert got.skipped == [("/a", "redirects")]


def test_frames_base_and_refresh() -> None:
    routes: dict[str, Route] = {
        **NO_ROBOTS,
        "/": Answer(page("start", head='<base href="/deep/">', links=("a", "../b"))),
        "/deep/a": Answer(page('a<iframe src="/frame"></iframe><iframe src="//x.example/f"></iframe>')),
        "/b": Answer(page("", title="", head="<meta http-equiv=refresh content=\"0; URL='/c'\">")),
        "/c": Answer(page("c", head='<meta http-equiv="refresh" content="300">')),
        "/frame": Answer(page("frame")),
    }
    with serving(routes) as site:
        got = crawl(site, max_depth=1)
    assert got.read == ["/", "/deep/a", "/frame", "/c"]


def test_a_single_page_is_read_with_its_frames_and_no_more() -> None:
    routes: dict[str, Route] = {
        "/": Answer(page('start<iframe src="/frame"></iframe>', links=("/a",))),
        "/frame": Answer(page("frame", links=("/b",))),
        "/go": Answer(page("", title="", head='<meta http-equiv="refresh" content="1;url=/">')),
    }
    with serving(routes) as site:
        single = replace(options(), crawl=None)
        got = [g.url.removeprefix(site.url) for g in open_sources([f"{site.url}/go"], single)]
    assert got == ["/", "/frame"]
    assert site.paths == ["/go", "/", "/frame"]


def test_languages() -> None:
    head = '<link rel="alternate" hreflang="es" href="/es"><link rel="alternate" hreflang="en-US" href="/en">'
    routes: dict[str, Route] = {
        **NO_ROBOTS,
        "/": Answer(page("start", head=head, links=("/es", "/en", "/fr"))),
        "/en": Answer(page("en")),
        "/fr": Answer(page("fr").replace(b'lang="en"', b'lang="fr-CA"')),
    }
    with serving(routes) as site:
        got = crawl(site, languages=("en",))
        assert "/es" not in site.paths
        assert (got.read, got.figures.excluded) == (["/", "/en"], 2), site.paths
        assert crawl(site).skipped == [("/es", "not_found"), ("/fr", "language")]
        assert site.paths.count("/es") == 1


def test_documents_are_listed_and_not_fetched() -> None:
    routes = site_of(
        "/brochure.pdf", "https://files.example/price.DOCX?x=1", "/brochure.pdf#2", "/get", "/a.css"
    )
    routes["/get"] = Answer(b"%PDF", type="application/pdf")
    with serving(routes) as site:
        got = crawl(site)
        assert got.figures.documents == (
            f"{site.url}/brochure.pdf",
            "https://files.example/price.DOCX?x=1",
            f"{site.url}/get",
        )
    assert site.pages == ["/sitemap.xml", "/", "/get"]
    documents = [n.text for n in got.notes if n.code == "documents"]
    assert (": 3 documents linked and not read: " in documents[0], len(documents)) == (True, 1)
    assert got.figures.complete


# --- walls ----------------------------------------------------------------------------------------

WALLS = [
    (page("Verify you are human by completing the action below."), "bot_wall"),
    (page("x", title="Just a moment..."), "bot_wall"),
    (page("", title="", head="<script src='/app.js'></script>"), "scripts_only"),
    (page("Sorry.", title="Page not found – Clinic"), "soft_404"),
    (page("Sorry.", title="404 | Clinic"), "soft_404"),
    (b"<html><body><h1>Oops! That page can\xe2\x80\x99t be found.</h1></body></html>", "soft_404"),
]


@pytest.mark.parametrize(("body", "code"), WALLS)
def test_walls_and_soft_404s_are_not_clean_pages(body: bytes, code: str) -> None:
    with serving(site_of("/a", "/b", b=()) | {"/a": Answer(body)}) as site:
        got = crawl(site)
    assert got.skipped == [("/a", code)]
    assert got.read == ["/", "/b"]
    assert got.figures.failed + got.figures.empty == 1


NO_WALLS = [
    page("We ask you to verify you are human when you book. " + "Ketamine may help some patients. " * 100),
    page("Our clinic opened its 404th bed.", title="Clinic 404 Main Street"),
    page("Relief was not found elsewhere.", title="Help that I could not find"),
]


@pytest.mark.parametrize("body", NO_WALLS)
def test_pages_that_speak_of_such_things_are_pages(body: bytes) -> None:
    with serving({"/": Answer(body)}) as site:
        (got,) = open_sources([f"{site.url}/"], replace(options(), crawl=None))
    assert isinstance(got, Snapshot)


# --- sitemaps -------------------------------------------------------------------------------------


def test_sitemaps_index_gzip_and_robots_lines() -> None:
    with serving() as site:
        site.routes |= site_of("/linked", linked=(), a=(), b=(), c=(), d=())
        site.routes |= {
            "/robots.txt": Answer(
                f"Sitemap: {site.url}/index.xml\nsitemap: {site.url}/list.txt\n".encode(), type="text/plain"
            ),
            "/index.xml": Answer(
                sitemap(f"{site.url}/one.xml.gz", f"{site.url}/two.xml", f"{site.url}/index.xml", index=True),
                type=XML,
            ),
            "/one.xml.gz": Answer(
                gzip.compress(sitemap(f"{site.url}/a", f"{site.url}/b")), type="application/x-gzip"
            ),
            "/two.xml": Answer(
                sitemap(f"{site.url}/c", "https://other.example/x", f"{site.url}/logo.png"), type=XML
            ),
            "/list.txt": Answer(f"{site.url}/d\n{site.url}/a\n".encode(), type="text/plain"),
        }
        got = crawl(site)
    assert got.read == ["/", "/d", "/a", "/b", "/c", "/linked"]
    assert site.paths[:5] == ["/robots.txt", "/index.xml", "/list.txt", "/one.xml.gz", "/two.xml"]
    assert len(site.paths) == len(set(site.paths))


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c SYSTEM "file:///etc/passwd">]><urlset><url><loc>/a&b;&c;</loc></url></urlset>'
)
BAD_SITEMAPS: list[tuple[Route, bool]] = [
    (Answer(b"<html>no</html>", type=HTML), True),
    (Answer(b"words", type="text/plain"), True),
    (Answer(b"\x1f\x8bnot gzip"), True),
    (Answer(b"", 404), True),
    (Answer(b"", 500), True),
    (Raw((), reset=True), True),
    (Answer(gzip.compress(b"<urlset>" + b" " * 50_000_000, mtime=0)), True),
    (Answer(sitemap("/a")[:-20]), False),
    (Answer(BOMB), False),
]


@pytest.mark.parametrize(("route", "told"), BAD_SITEMAPS)
def test_bad_sitemaps_do_not_stop_the_crawl(route: Route, told: bool) -> None:
    with serving() as site:
        site.routes |= site_of("/a", a=())
        site.routes |= {
            "/robots.txt": Answer(f"Sitemap: {site.url}/s.xml".encode(), type="text/plain"),
            "/s.xml": route,
        }
        got = crawl(site)
    assert [path for path in got.read if "aaa" not in path] == ["/", "/a"]
    assert (
        ("/s.xml", "sitemap") in got.skipped if told else got.skipped in ([], [("/aaaaaaaaaa", "not_found")])
    )
    assert not any("root:" in str(g) for g in got.got)


def test_a_sitemap_that_was_only_guessed_is_not_missed() -> None:
    with serving(site_of() | {"/sitemap.xml": Answer(page("soft"), type=HTML)}) as site:
        assert crawl(site).skipped == []


def test_pictures_in_a_sitemap_are_no_pages() -> None:
    body = (
        b'<urlset xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url><loc>/a</loc>'
        b"<image:image><image:loc>/b</image:loc></image:image></url></urlset>"
    )
    assert list(read_sitemap(body)) == [(False, "/a")]


# --- robots.txt -----------------------------------------------------------------------------------

ALL = b"User-agent: *\nDisallow: /\n"
ROBOTS: list[tuple[str, Route, list[str], list[tuple[str, str]]]] = [
    ("none", Answer(b"x", 404), ["/", "/a", "/b"], []),
    ("forbidden itself", Answer(b"x", 403), ["/", "/a", "/b"], []),
    ("empty", Answer(b""), ["/", "/a", "/b"], []),
    ("some", Answer(b"User-agent: *\nDisallow: /a\n"), ["/", "/b"], [("/a", "robots")]),
    (
        "ours",
        Answer(b"User-agent: *\nDisallow: /\n\nUser-agent: claims-audit\nDisallow: /b"),
        ["/", "/a"],
        [("/b", "robots")],
    ),
    (
        "longest wins",
        Answer(b"User-agent: *\nDisallow: /\nAllow: /$\nAllow: /a"),
        ["/", "/a"],
        [("/b", "robots")],
    ),
    ("all", Answer(b"User-agent: *\nDisallow: /"), [], [("/", "robots")]),
    ("byte order mark", Answer(b"\xef\xbb\xbfUser-agent: *\nDisallow: /a"), ["/", "/b"], [("/a", "robots")]),
    ("not text", Answer(bytes(range(256)) * 20), ["/", "/a", "/b"], []),
    ("a page", Answer(page("soft 404")), ["/", "/a", "/b"], []),
    ("moved", redirect("/r.txt", 301), ["/", "/b"], [("/a", "robots")]),
    ("down", Answer(b"x", 503), [], [("/", "robots_unreachable")]),
    ("busy", Answer(b"x", 429), [], [("/", "robots_unreachable")]),
    ("lost", Raw((), reset=True), [], [("/", "robots_unreachable")]),
    ("in circles", redirect("/robots.txt"), [], [("/", "robots_unreachable")]),
    ("slow", Answer(b"User-agent: *\nCrawl-delay: 3600"), [], [("/", "crawl_delay")]),
]


@pytest.mark.parametrize(("_name", "route", "read", "skipped"), ROBOTS, ids=lambda v: str(v)[:20])
def test_robots(_name: str, route: Route, read: list[str], skipped: list[tuple[str, str]]) -> None:
    routes = site_of("/a", "/b", a=(), b=()) | {
        "/robots.txt": route,
        "/r.txt": Answer(b"User-agent: *\nDisallow: /a\n", type="text/plain"),
    }
    with serving(routes) as site:
        got = crawl(site)
    assert (got.read, got.skipped) == (read, skipped)
    asked_for = {path for path in site.paths if path in ("/", "/a", "/b")}
    assert asked_for == set(read)
    assert got.figures.blocked == sum(code == "robots" for _, code in skipped)


def test_a_server_in_trouble_is_asked_again_before_it_is_given_up() -> None:
    replies: list[Answer | Raw] = [Answer(b"x", 503), Answer(b"User-agent: *\nAllow: /")]
    with serving(site_of() | {"/robots.txt": replies}) as site:
        got = crawl(site)
    assert (got.read, site.paths[:2]) == (["/"], ["/robots.txt", "/robots.txt"])


# --- pace -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("delay", "robots", "expected"),
    [
        (2.0, b"", 2.0),
        (0.5, b"User-agent: *\nCrawl-delay: 4", 4.0),
        (3.0, b"User-agent: *\nCrawl-delay: 1", 3.0),
    ],
)
def test_requests_to_one_host_are_spaced(delay: float, robots: bytes, expected: float) -> None:
    time = FakeTime()
    with serving(site_of("/a", "/b", a=(), b=()) | {"/robots.txt": Answer(robots)}) as site:
        crawl(site, time, delay=delay, sitemaps=False)
        assert len(site.requests) == 4
    # The wait after robots.txt itself may be the shorter one: what it asks for is known only then.
    assert len(time.slept) == 3
    assert time.slept[1:] == [expected] * 2
    assert time.slept[0] in (delay, expected)


def test_pages_after_a_busy_one_go_on() -> None:
    time = FakeTime()
    busy: list[Answer | Raw] = [Answer(b"x", 429, headers=(("Retry-After", "9"),)), Answer(page("a"))]
    with serving(site_of("/a", "/b", b=()) | {"/a": busy}) as site:
        got = crawl(site, time)
    assert got.read == ["/", "/a", "/b"]
    assert 9.0 in time.slept


def test_a_busy_host_is_left_alone_by_all() -> None:
    time = FakeTime()
    world = World(sleep=time.sleep, monotonic=time.monotonic, chance=lambda: 0.5)
    busy: list[Answer | Raw] = [Answer(b"x", 429, headers=(("Retry-After", "30"),)), Answer(page("a"))]
    with serving({"/": busy}) as site:
        fetcher = Fetcher(replace(options(), world=replace(world, sleep=lambda seconds: None)))
        fetcher.fetch(f"{site.url}/")
        fetcher.gate.world = world
        fetcher.gate.wait("clinic.example")
        assert time.slept == []
        fetcher.gate.wait(site.url.removeprefix("http://"))
        assert time.slept == [30.0]


# --- who asks -------------------------------------------------------------------------------------


def outside(host: str, port: int) -> list[str]:
    return ["93.184.216.34"]


def test_a_crawl_that_leaves_the_machine_needs_a_contact() -> None:
    bare = replace(options(), contact=None, world=World(resolve=outside))
    with pytest.raises(UsageError, match="contact"):
        open_sources(["http://clinic.example/"], bare)


def test_a_crawl_of_our_own_addresses_needs_none() -> None:
    with serving(site_of()) as site:
        got = list(open_sources([f"{site.url}/"], replace(options(), contact=None)))
    assert isinstance(got[0], Snapshot)


def test_a_crawl_without_contact_cannot_be_led_outside() -> None:
    """The name stood for our own address when it was asked about, and for another's afterwards."""
    answers = iter([["127.0.0.1"]])
    world = World(resolve=lambda host, port: next(answers, ["93.184.216.34"]), sleep=FakeTime().sleep)
    with open_sources(["http://clinic.example/"], replace(options(), contact=None, world=world)) as got:
        (skipped,) = got
    assert isinstance(skipped, Skipped)
    assert "needs contact" in skipped.reason


def test_every_request_says_who_asks() -> None:
    with serving(site_of("/a", a=())) as site:
        crawl(site)
    assert {seen.headers["User-Agent"] for seen in site.requests} == {
        "claims-audit/0.1.0 (+audit@clinic.example)"
    }


# --- figures --------------------------------------------------------------------------------------


def test_figures_add_up() -> None:
    routes = site_of("/a", "/gone", "/empty", "/secret", "/old", "/b.pdf", "/draft", "/z1", "/z2", a=()) | {
        "/robots.txt": Answer(b"User-agent: *\nDisallow: /secret"),
        "/empty": Answer(b""),
        "/old": redirect("/a"),
    }
    with serving(routes) as site:
        got = crawl(site, exclude=("/draft",), max_pages=5)
    figures = got.figures
    parts = (
        "fetched",
        "unchanged",
        "blocked",
        "failed",
        "budget",
        "empty",
        "duplicates",
        "excluded",
        "offsite",
    )
    counted = {name: getattr(figures, name) for name in parts}
    assert counted == {
        "fetched": 2,
        "unchanged": 0,
        "blocked": 1,
        "failed": 1,
        "budget": 2,
        "empty": 1,
        "duplicates": 1,
        "excluded": 1,
        "offsite": 0,
    }
    assert figures.found == sum(counted.values())
    assert len(figures.documents) == 1
    assert line(figures).startswith(
        f"127.0.0.1:{site.port}: 9 found, 2 fetched, 1 blocked by robots.txt, 1 failed"
    )


def test_two_sites_with_limits_of_their_own() -> None:
    with serving(site_of("/a", "/b", a=(), b=())) as one, serving(site_of("/a", "/b", a=(), b=())) as two:
        limits = {f"{two.url}/": CrawlOptions(delay=0.0, max_pages=1)}
        with open_sources([f"{one.url}/", f"{two.url}/", "missing.html"], options(), limits) as collection:
            got = list(collection)
        figures = collection.coverage.sites
        assert figures[f"{one.url}/"].fetched == 3
        assert (figures[f"{two.url}/"].fetched, figures[f"{two.url}/"].budget) == (1, 2)
    assert isinstance(got[-1], Skipped)


def test_stopping_early_lets_go() -> None:
    with serving(site_of(*[f"/p{i}" for i in range(50)])) as site:
        with open_sources([f"{site.url}/"], options()) as collection:
            next(collection)
        assert len(site.requests) < 10


# --- encodings ------------------------------------------------------------------------------------

WORDS = "Relief may come – “within hours” – at our café."
META = '<meta charset="{}">'
ENCODINGS = [
    ("utf-8", "text/html; charset=utf-8", ""),
    ("windows-1252", "text/html; charset=ISO-8859-1", ""),
    ("windows-1252", "text/html", META.format("windows-1252")),
    ("utf-16", "text/html; charset=utf-8", ""),
    ("utf-8-sig", "text/html; charset=windows-1252", META.format("latin-1")),
    ("mac-roman", "text/html; charset=macintosh", ""),
]


@pytest.mark.parametrize(("encoding", "declared", "head"), ENCODINGS)
def test_encodings(encoding: str, declared: str, head: str) -> None:
    body = page(WORDS, head=head, links=("/b?q=caf%C3%A9",)).decode().encode(encoding)
    routes: dict[str, Route] = {
        **NO_ROBOTS,
        "/": Answer(body, type=declared),
        "/b?q=caf%C3%A9": Answer(page("b")),
    }
    with serving(routes) as site:
        got = crawl(site)
    first = read_page(next(g for g in got.got if isinstance(g, Snapshot)))
    assert isinstance(first, Page)
    assert WORDS in [block.text for block in first.blocks]
    assert got.read == ["/", "/b?q=caf%C3%A9"]


def test_a_sitemap_that_robots_names_without_its_host_is_read() -> None:
    routes: dict[str, Route] = {
        "/robots.txt": Answer(b"User-agent: *\nSitemap: /maps/pages.xml\n", type="text/plain"),
        "/": Answer(page("start")),
        "/hidden": Answer(page("hidden")),
    }
    with serving(routes) as site:
        site.routes["/maps/pages.xml"] = Answer(sitemap(f"{site.url}/hidden"), type=XML)
        got = crawl(site)
    assert (got.read, got.skipped) == (["/", "/hidden"], [])
