"""Pages drawn by a local Chromium: what scripts write is read, and nothing is reached that may not be."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from servers import Answer, Route, Seen, serving
from stores import day, options

from claims.errors import UsageError
from claims.model import Page, Skipped, Snapshot
from pipeline.readers import read_page
from pipeline.sources import SourceOptions, open_sources
from pipeline.sources.browser import PLACES

CHROMIUM = shutil.which("chromium") or next((p for p in PLACES if Path(p).is_file()), None)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
pytest.importorskip("playwright")

APP = b"""<!doctype html><html lang="en"><head><title>Clinic</title><meta charset="windows-1252">
<link rel="stylesheet" href="/style.css"><script src="/app.js"></script></head>
<body><div id="root"></div></body></html>"""
SCRIPT = b"""addEventListener('DOMContentLoaded', async () => {
  const root = document.getElementById('root');
  const answer = await (await fetch('/data.json')).json();
  root.innerHTML = '<h1>Ketamine care</h1><p>' + answer.text + '</p>' +
    '<details><summary>Is it safe?</summary><p>Details are open.</p></details>' +
    '<button aria-expanded="false" id="more">How fast?</button><div id="panel"></div>';
  document.getElementById('more').addEventListener('click', (event) => {
    event.target.setAttribute('aria-expanded', 'true');
    document.getElementById('panel').innerHTML = '<p>Relief \\u2013 caf\\u00e9 \\u2013 may come within hours.</p>';
  });
  try { await fetch('http://169.254.169.254/latest/meta-data/'); } catch (e) {}
  try { await fetch('/post', {method: 'POST'}); } catch (e) {}
  setTimeout(() => { location.href = '/elsewhere'; }, 300);
});"""


def site_routes() -> dict[str, Route]:
    return {
        "/": Answer(APP, headers=(("Set-Cookie", "id=1"),), etag='"app"'),
        "/app.js": Answer(SCRIPT, type="text/javascript"),
        "/data.json": Answer(b'{"text": "Treatment may help some patients."}', type="application/json"),
        "/style.css": Answer(b"body { color: black }", type="text/css"),
    }


def drawing(folder: Path | None, **more: object) -> SourceOptions:
    base = replace(
        options(folder or Path(), day(1)), store=folder, crawl=None, browser=True, chromium=CHROMIUM
    )
    return replace(base, **more)  # type: ignore[arg-type]


def texts(snapshot: Snapshot | Skipped) -> str:
    assert isinstance(snapshot, Snapshot), snapshot
    page = read_page(snapshot)
    assert isinstance(page, Page), page
    return " ".join(block.text for block in page.blocks)


def test_what_scripts_draw_is_read_with_closed_accordions_opened() -> None:
    with serving(site_routes()) as site:
        (plain,) = open_sources([f"{site.url}/"], replace(drawing(None), browser=False))
        assert isinstance(plain, Snapshot)
        assert isinstance(read_page(plain), Skipped)
        site.requests.clear()
        (drawn,) = open_sources([f"{site.url}/"], drawing(None))
        text = texts(drawn)
        assert "Treatment may help some patients." in text
        assert "Details are open." in text
        assert "Relief – café – may come within hours." in text
        assert set(site.paths) == {"/", "/app.js", "/data.json", "/style.css"}
        assert site.paths.count("/") == 1
        assert not any("Cookie" in seen.headers for seen in site.requests)
        assert all("claims-audit" in seen.headers["User-Agent"] for seen in site.requests)


def test_the_page_drawn_and_its_picture_are_kept_as_evidence(tmp_path: Path) -> None:
    with serving(site_routes()) as site:
        with open_sources([f"{site.url}/"], drawing(tmp_path)) as collection:
            (live,) = collection
        (path,) = (tmp_path / "captures").rglob("*.warc.gz")
        from warcio.archiveiterator import ArchiveIterator

        with path.open("rb") as stream:
            kinds = [(r.rec_type, r.rec_headers.get_header("Content-Type")) for r in ArchiveIterator(stream)]
        assert kinds[-3:] == [
            ("response", "application/http; msgtype=response"),
            ("resource", "text/html; charset=utf-8"),
            ("resource", "image/png"),
        ]
        (offline,) = open_sources([str(path)])
        assert offline == live
        site.requests.clear()
        with open_sources([f"{site.url}/"], drawing(tmp_path)) as again:
            (unchanged,) = again
        assert unchanged == live
        assert [(s.path, s.headers.get("If-None-Match")) for s in site.requests] == [("/", '"app"')]


@pytest.mark.parametrize(
    ("script", "code"),
    [
        (b"for (;;) {}", "browser"),
        (b"document.write('<p>' + 'x'.repeat(50) + '</p>'); alert('stay'); window.open('/popup');", None),
        (b"setInterval(() => fetch('/more?' + Math.random()), 5); document.write('<p>busy page</p>')", None),
    ],
)
def test_hostile_scripts_are_bounded(script: bytes, code: str | None) -> None:
    def more(seen: Seen) -> Answer:
        return Answer(b"{}", type="application/json")

    routes: dict[str, Route] = {
        "/": Answer(b"<html lang=en><body><script>" + script + b"</script></body></html>")
    }
    with serving(routes, fallback=more) as site:
        (got,) = open_sources([f"{site.url}/"], drawing(None, total_timeout=4.0))
        assert len(site.requests) < 250
        assert "/popup" not in site.paths
    assert (got.code if isinstance(got, Skipped) else None) == code


def test_it_is_never_used_unless_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.sources import browser

    def unexpected(*args: object) -> None:
        raise AssertionError("drawn")

    monkeypatch.setattr(browser.Browser, "render", unexpected)
    with serving(site_routes()) as site:
        (got,) = open_sources([f"{site.url}/"], replace(drawing(None), browser=False))
    assert isinstance(got, Snapshot)


def test_a_browser_that_is_not_there_is_told_before_anything_is_fetched() -> None:
    with pytest.raises(UsageError, match="no browser there"):
        open_sources(["http://127.0.0.1/"], drawing(None, chromium="/nowhere/chromium"))
