"""The reviewer's HTML in a real browser: filters, keys, links, print, themes, speed, hostile pages, axe."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import report_bulk
import report_samples as samples

from claims.model import PageResult
from reports import render
from reports.summary import closing

pytestmark = pytest.mark.browser

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
AXE = Path(__file__).parent / "vendor" / "axe.min.js"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not CHROMIUM.exists():
        pytest.skip(f"no browser at {CHROMIUM}: install the system's chromium to run these tests")
    api = pytest.importorskip("playwright.sync_api", reason="install the extra 'browser' to run these tests")
    with api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    results = (*samples.results(), *report_bulk.many(12, 60))
    return _write(tmp_path_factory.mktemp("report") / "report.html", results)


def _write(path: Path, results: tuple[PageResult, ...]) -> Path:
    path.write_text("".join(render("html", closing(results), samples.CONTEXT)), encoding="utf-8")
    return path


Opener = Callable[..., Any]


@pytest.fixture
def opened(browser: Any, report: Path) -> Iterator[Opener]:
    """Opens the report at a hash; fails the test for any error, message of the policy, or request."""
    contexts: list[Any] = []
    trouble: list[str] = []

    def run(hash_: str = "", path: Path | None = None, **options: Any) -> Any:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
        page.on("request", lambda one: trouble.append(one.url) if not one.url.startswith("file:") else None)
        page.goto(f"{(path or report).as_uri()}{hash_}")
        page.wait_for_selector("html[data-ready]")
        return page

    yield run
    for context in contexts:
        context.close()
    assert trouble == []


def _count(page: Any) -> str:
    text: str = page.text_content("#count")
    return text


class TestFilters:
    def test_by_mouse_and_in_the_address(self, opened: Opener) -> None:
        page = opened("#view=findings")
        assert _count(page) == "33 findings on 14 pages"
        page.check("fieldset[data-facet=verdict] input[value=overstated]")
        assert _count(page) == "16 findings on 13 pages"
        assert "verdict=overstated" in page.evaluate("location.hash")
        assert page.locator(".finding .badge.contradicted").count() == 0

    @pytest.mark.parametrize(
        ("hash_", "count"),
        [
            ("#view=findings&show=all", "65 findings on 14 pages"),
            ("#view=findings&show=suppressed", "16 findings on 13 pages"),
            ("#view=findings&show=all&verdict=supported", "16 findings on 13 pages"),
            ("#view=findings&severity=error", "17 findings on 14 pages"),
            ("#view=findings&family=onset", "16 findings on 13 pages"),
            ("#view=findings&show=all&state=unchanged", "16 findings on 13 pages"),
            ("#view=findings&page=site%2Fhome.txt", "2 findings on 1 page"),
            ("#view=findings&entry=ketamine%2Fonset-hours", "16 findings on 13 pages"),
            ("#view=findings&show=all&entry=none", "16 findings on 13 pages"),
            ("#view=findings&q=everyone+home.txt", "1 finding on 1 page"),
            ("#view=findings&q=nowhere-to-be-found", "Nothing matches. Clear a filter to see more."),
        ],
    )
    def test_from_the_address(self, opened: Opener, hash_: str, count: str) -> None:
        assert _count(opened(hash_)) == count

    @pytest.mark.parametrize(
        ("hash_", "said"),
        [
            ("#view=findings", ""),
            ("#view=findings&show=all&verdict=supported", "All claims; only verdict supported"),
            ("#view=findings&family=onset,hype&q=two+words", "Only family onset or hype; with “two words”"),
            ("#view=findings&page=site%2Fhome.txt&entry=none", "Only page site/home.txt; no entry"),
        ],
    )
    def test_the_filter_is_told_in_words(self, opened: Opener, hash_: str, said: str) -> None:
        assert opened(hash_).text_content("#filtered") == said

    def test_free_text_and_clearing(self, opened: Opener) -> None:
        page = opened("#view=findings")
        page.fill("#q", "everyone")
        page.wait_for_selector("#count:has-text('16 findings')")
        page.click("#filters button[type=reset]")
        page.wait_for_selector("#count:has-text('33 findings')")

    def test_overview_leads_into_the_list(self, opened: Opener) -> None:
        page = opened()
        page.click("a.tile.supported")
        assert _count(page) == "16 findings on 13 pages"
        assert page.is_checked("fieldset[data-facet=show] input[value=all]")

    def test_every_finding_comes_with_scrolling(self, opened: Opener) -> None:
        page = opened("#view=findings&show=all")
        first = page.locator(".finding").count()
        assert first < 65
        for _ in range(8):
            page.evaluate("scrollTo(0, document.body.scrollHeight)")
            page.wait_for_timeout(60)
        assert page.locator(".finding").count() == 65


class TestKeys:
    def test_walk_copy_and_show(self, opened: Opener) -> None:
        page = opened("#view=findings", permissions=["clipboard-read", "clipboard-write"])
        page.keyboard.press("j")
        assert page.evaluate("document.activeElement.dataset.finding") == "f000000000000001"
        page.keyboard.press("c")
        page.wait_for_selector("#toast:has-text('Wording copied')")
        assert (
            page.evaluate("navigator.clipboard.readText()")
            == samples.ENTRIES["ketamine/not-addictive"].approved_wording[0]
        )
        page.keyboard.press("j")
        page.keyboard.press("k")
        page.keyboard.press("p")
        page.wait_for_selector("#page-view:not([hidden])")
        assert page.evaluate("document.activeElement.dataset.finding") == "f000000000000001"

    def test_search_help_and_views(self, opened: Opener) -> None:
        page = opened()
        page.keyboard.press("/")
        page.wait_for_selector("#findings:not([hidden])")
        assert page.evaluate("document.activeElement.id") == "q"
        page.keyboard.type("j")
        assert page.input_value("#q") == "j"
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        assert page.is_visible("#help")
        page.keyboard.press("Escape")
        page.keyboard.press("4")
        page.wait_for_selector("#omissions:not([hidden])")

    def test_everything_can_be_reached_by_tab(self, opened: Opener) -> None:
        page = opened("#view=findings&page=site%2Fhome.txt")
        reached = set()
        for _ in range(70):
            page.keyboard.press("Tab")
            reached.add(page.evaluate("document.activeElement.textContent.trim().slice(0, 20)"))
        assert {"Copy", "Show in page", "Copy link", "How it was read"} <= reached


class TestFinding:
    def test_deep_link_opens_it(self, opened: Opener) -> None:
        page = opened("#finding=000000000000002c")
        focused = page.evaluate("document.activeElement.dataset.finding")
        assert focused == "000000000000002c"
        assert page.locator(".finding:focus").is_visible()

    def test_deep_link_to_a_suppressed_one(self, opened: Opener) -> None:
        page = opened("#finding=f000000000000004")
        assert "in the baseline" in page.text_content(".finding:focus")

    def test_copied_link_leads_back(self, opened: Opener) -> None:
        page = opened("#view=findings", permissions=["clipboard-read", "clipboard-write"])
        page.keyboard.press("j")
        page.keyboard.press("l")
        page.wait_for_selector("#toast:has-text('Link copied')")
        link = page.evaluate("navigator.clipboard.readText()")
        again = opened("#" + link.split("#")[1])
        assert again.evaluate("document.activeElement.dataset.finding") == "f000000000000001"

    def test_says_all_a_reviewer_needs(self, opened: Opener) -> None:
        page = opened("#view=findings&page=site%2Fhome.txt&family=onset")
        text = " ".join(page.inner_text(".finding").split())
        for expected in (
            "Relief comes within 2 hours for everyone.",
            "Said S4 absolute",
            "allowed up to S2 qualified",
            "Said of every patient",
            "Relief may come within 2 hours for some patients.",
            "not confirmed at the source",
            "Entry ketamine/onset-hours",
            "Stands on 13 pages",
            "sha256 0000000000000000",
        ):
            assert expected in text, expected
        assert page.locator(".finding mark.telling").all_inner_texts() == ["within 2 hours", "everyone"]
        assert page.locator(".finding .step.allowed").count() == 3

    def test_live_link_and_context_with_wide_characters(self, opened: Opener, tmp_path: Path) -> None:
        home = samples.home()
        assert home.page is not None
        wide = "😀 🧠 " + home.page.blocks[1].text
        blocks = (home.page.blocks[0], replace(home.page.blocks[1], text=wide), *home.page.blocks[2:])
        moved = []
        for finding in home.findings[:2]:
            cues = tuple(
                replace(c, start=(c.start or 0) + 4, end=(c.end or 0) + 4) for c in finding.claim.cues
            )
            said = finding.claim
            said = replace(said, start=said.start + 4, end=said.end + 4, cues=cues)
            moved.append(replace(finding, claim=said, link="https://a.example/#:~:text=Ketamine%20is"))
        result = replace(home, page=replace(home.page, blocks=blocks), findings=tuple(moved))
        page = opened("#view=findings", _write(tmp_path / "wide.html", (result,)))
        assert page.locator(".finding mark.telling").all_inner_texts() == [
            "not addictive",
            "within 2 hours",
            "everyone",
        ]
        link = page.locator(".finding a", has_text="Open live page here").first
        assert link.get_attribute("href") == "https://a.example/#:~:text=Ketamine%20is"


class TestPageView:
    def test_shows_the_page_with_its_claims(self, opened: Opener) -> None:
        page = opened("#view=pages&page=site%2Fhome.txt")
        assert page.locator("#page-view mark").all_inner_texts() == [
            "Ketamine is not addictive.",
            "Relief comes within 2 hours for everyone.",
            "Many patients feel better within a day.",
            "Our drip is a breakthrough.",
        ]
        assert "Names no side effect or risk" in page.inner_text("#page-view")
        page.click("#page-view a[data-finding=f000000000000002]")
        page.wait_for_selector("#findings:not([hidden])")
        assert page.evaluate("document.activeElement.dataset.finding") == "f000000000000002"

    def test_omissions_and_unread_pages_have_their_place(self, opened: Opener) -> None:
        assert "13 pages" in opened("#view=omissions").inner_text("#omissions-list")
        coverage = opened("#view=coverage").inner_text("#coverage")
        assert "https://clinic.example/gone" in coverage
        assert "Only entries for US were used." in coverage
        assert "drug: ketamine" in coverage


def test_an_incomplete_run_says_so_at_once(opened: Opener, tmp_path: Path) -> None:
    page = opened()
    page.click("text=Incomplete: 1 page could not be read")
    page.wait_for_selector("#coverage:not([hidden])")
    whole = opened("", _write(tmp_path / "whole.html", (samples.home(),)))
    assert whole.locator(".incomplete").count() == 0


def test_hostile_page_stays_inert(opened: Opener) -> None:
    for hash_ in ("", "#view=findings&q=onerror", "#view=pages", "#view=coverage"):
        page = opened(hash_)
        assert page.evaluate("window.hacked") is None
        assert page.locator("main img, main script, main b").count() == 0
        assert page.locator("a[href^='javascript']").count() == 0
    page = opened("#view=findings&q=onerror")
    assert "<script>window.hacked = 1</script>" in page.inner_text(".finding .says")
    assert "\u202e" not in page.content()
    url = samples.hostile().url
    page.goto(
        page.url.split("#")[0]
        + "#"
        + page.evaluate("u => new URLSearchParams({view: 'pages', page: u}) + ''", url)
    )
    page.wait_for_selector("#page-view:not([hidden])")
    assert page.inner_text("#page-view h1") == "</title><script>window.hacked = 3</script>"
    assert page.evaluate("window.hacked") is None


def test_policy_forbids_what_an_injection_would_need(browser: Any, report: Path) -> None:
    page = browser.new_page()
    page.goto(report.as_uri())
    page.wait_for_selector("html[data-ready]")
    refused = page.evaluate(
        """() => { try { document.body.innerHTML = "<b>x</b>"; return false; } catch { return true; } }"""
    )
    assert refused
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "hash_",
    [
        "",
        "#view=findings",
        "#view=findings&show=all",
        "#view=pages",
        "#view=pages&page=site%2Fhome.txt",
        "#view=omissions",
        "#view=coverage",
    ],
)
def test_axe_finds_no_violation(opened: Opener, hash_: str, scheme: str) -> None:
    page = opened(hash_, color_scheme=scheme)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        """async (rules) => (await axe.run(document, {runOnly: rules})).violations
        .map(v => [v.id, v.nodes.slice(0, 3).map(n => n.html + " " + n.failureSummary)])""",
        ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
    )
    assert found == [], json.dumps(found, indent=1)


def test_dark_and_light_follow_the_system_and_the_button(opened: Opener) -> None:
    def paper(page: Any) -> str:
        colour: str = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        return colour

    light, dark = opened(color_scheme="light"), opened(color_scheme="dark")
    assert paper(light) != paper(dark)
    before = paper(light)
    light.click("#theme")
    assert paper(light) == paper(dark)
    light.click("#theme")
    assert paper(light) == before


def test_prints_every_filtered_finding(opened: Opener) -> None:
    page = opened("#view=findings&severity=warning")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".finding").count() == 16
    assert page.inner_text("#filtered") == "Only severity warning"
    for hidden in (".top", "#filters", ".acts >> nth=0"):
        assert not page.locator(hidden).is_visible()
    for shown in ("#overview", "#findings", "#omissions", "#coverage"):
        assert page.locator(shown).is_visible()
    assert len(page.pdf()) > 20_000


def test_narrow_screen_needs_no_sideways_scrolling(opened: Opener) -> None:
    for hash_ in ("", "#view=findings", "#view=pages", "#view=omissions", "#view=coverage"):
        page = opened(hash_, viewport={"width": 360, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, hash_
        wide = page.evaluate(
            """() => [...document.querySelectorAll("main li, main td, main p")]
            .filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent.slice(0, 80))"""
        )
        assert wide == [], hash_


def test_works_as_far_as_it_can_without_scripts(browser: Any, report: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(report.as_uri())
    assert page.locator("h1").first.inner_text() == "33 of 65 claims need attention"
    assert page.locator(".chart").count() == 2
    context.close()


def test_five_thousand_findings_are_drawn_as_they_are_scrolled_to(opened: Opener, tmp_path: Path) -> None:
    page = opened("#view=findings&show=all", _write(tmp_path / "big.html", report_bulk.many(500, 5000)))
    assert _count(page) == "5,000 findings on 500 pages"
    page.keyboard.press("j")
    page.wait_for_selector(".finding:focus")
    assert page.locator(".finding").count() <= 200
    page.check("fieldset[data-facet=verdict] input[value=contradicted]")
    assert _count(page) == "1,250 findings on 500 pages"
    assert page.locator(".finding").count() <= 200


def test_labels_of_charts_keep_their_size_on_a_narrow_screen(opened: Opener) -> None:
    sizes = "() => [...document.querySelectorAll('.chart .axis')].map(e => parseFloat(getComputedStyle(e).fontSize))"
    page = opened("", viewport={"width": 390, "height": 844})
    assert min(page.evaluate(sizes)) >= 12
    row = page.locator(".chart").first.locator(".axis").first
    assert row.bounding_box()["height"] >= 12


def test_a_fact_confirmed_in_part_does_not_wear_the_badge_of_a_whole_one(
    opened: Opener, tmp_path: Path
) -> None:
    facts = {
        i: replace(e, confirmed=True, unconfirmed="the dose") for i, e in samples.CONTEXT.evidence.items()
    }
    path = tmp_path / "part.html"
    context = replace(samples.CONTEXT, evidence=facts)
    path.write_text("".join(render("html", closing((samples.home(),)), context)), encoding="utf-8")
    badges = opened("#view=findings&show=all", path).locator(".evidence .tag.doubt").all_text_contents()
    assert badges
    assert set(badges) == {"confirmed at the source in part"}
