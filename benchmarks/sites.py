"""Sites to measure on: pages of one size, seeded, with the sentences of the project's own labelled documents.

A page has what clinics' pages have beside their text: menus, scripts, styles, pictures with their sizes, wrappers
around wrappers, structured data, a footer that is the same on every page. Menus and footer are the same on the
pages of a site; paragraphs are put together anew from single sentences, so that hardly one occurs twice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[1]
OPEN = ROOT / "tests" / "gold" / "open"
CATALOGUE = ROOT / "claims" / "treatments" / "ketamine" / "catalogue"

PAGE_BYTES = 72 * 1024
"""Size of a page."""
PAGE_WORDS = 1000
"""Words of its main text."""
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9\"“])")
_MIN_SENTENCE = 6
_MAX_SHORT = 8
_TOPICS = ("Treatments", "Conditions", "About", "Resources", "Patients", "Locations", "Pricing")
_PLACES = (
    "Cedar Falls",
    "Harbor Point",
    "Mill Creek",
    "North Bend",
    "Oak Ridge",
    "Stony Brook",
    "West Haven",
)


@dataclass(frozen=True, slots=True)
class Words:
    """What pages are written with."""

    sentences: tuple[str, ...]
    shorts: tuple[str, ...]
    """Headings and items of lists."""
    questions: tuple[str, ...]


@cache
def usual() -> Words:
    """The labelled documents' words, so that as many claims stand in a thousand words as there."""
    lines = [
        line.strip()
        for path in sorted(OPEN.glob("p*.txt"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
    parts = [part for line in lines for part in _SENTENCE.split(line)]
    return Words(
        tuple(part for part in parts if len(part.split()) >= _MIN_SENTENCE and part[-1] in ".!"),
        tuple(part for part in parts if len(part.split()) <= _MAX_SHORT and part[-1] not in ".!?:"),
        tuple(part for part in parts if part.endswith("?")),
    )


@cache
def dense() -> Words:
    """Nothing but claims: the catalogue's examples and the labelled statements."""
    labels = (OPEN / "open.jsonl").read_text(encoding="utf-8").splitlines()
    quotes = [str(json.loads(line)["quote"]) for line in labels]
    examples = [
        str(example["text"])
        for path in sorted(CATALOGUE.glob("*.json"))
        for entry in json.loads(path.read_text(encoding="utf-8"))["entries"]
        for example in entry.get("examples", ())
    ]
    texts = [" ".join(text.split()) for text in (*examples, *quotes)]
    return Words(
        tuple(dict.fromkeys(text if text[-1] in ".!?" else f"{text}." for text in texts if text)),
        tuple(dict.fromkeys(text for text in texts if len(text.split()) <= _MAX_SHORT)),
        usual().questions,
    )


def text(words: Words, seed: int, count: int = PAGE_WORDS) -> str:
    """A plain text of about `count` words: headings, paragraphs of several sentences, lists."""
    return "\n\n".join(
        "\n".join((heading, *paragraphs, *items))
        for heading, paragraphs, items in _sections(words, Random(f"text {seed}"), count)
    )


def page(words: Words, seed: int, site: int = 0) -> str:
    """A page of `PAGE_BYTES` of the site numbered `site`."""
    rng, own = Random(f"page {seed}"), Random(f"site {site}")
    chrome = _Chrome(own)
    main = "".join(_markup(rng, n, *section) for n, section in enumerate(_sections(words, rng, PAGE_WORDS)))
    main += _questions(words, rng)
    title = rng.choice(words.shorts)
    head = chrome.head(title, rng.choice(words.sentences))
    body = f'{chrome.header}<main id="content" class="site-main">{main}</main>{chrome.footer}'
    missing = PAGE_BYTES - len((head + body).encode()) - 120
    return (
        f'<!DOCTYPE html>\n<html lang="en-US">\n<head>{head}</head>\n<body class="page page-id-{seed}">\n{body}\n'
        f"<script>{_script(own, max(missing, 0))}</script>\n</body>\n</html>\n"
    )


def _sections(words: Words, rng: Random, count: int) -> Iterator[tuple[str, list[str], list[str]]]:
    """(heading, paragraphs, items) until there are `count` words."""
    while count > 0:
        paragraphs = [
            " ".join(rng.sample(words.sentences, rng.randint(2, 4))) for _ in range(rng.randint(1, 3))
        ]
        items = rng.sample(words.shorts, rng.randint(3, 6)) if rng.random() < 0.5 else []
        section = rng.choice(words.shorts), paragraphs, items
        yield section
        count -= sum(len(part.split()) for part in (section[0], *paragraphs, *items))


def _markup(rng: Random, number: int, heading: str, paragraphs: Sequence[str], items: Sequence[str]) -> str:
    """A section as page builders write it."""
    name = f"elementor-element elementor-element-{rng.getrandbits(28):07x} elementor-widget"
    body = "".join(f'<p class="wp-block-paragraph">{_inline(rng, text)}</p>\n' for text in paragraphs)
    if items:
        rows = "".join(
            f'<li class="elementor-icon-list-item"><span class="elementor-icon-list-icon"><svg aria-hidden="true" '
            f'viewBox="0 0 512 512"><path d="{_path(rng)}"></path></svg></span>'
            f'<span class="elementor-icon-list-text">{escape(item)}</span></li>\n'
            for item in items
        )
        body += f'<ul class="elementor-icon-list-items">\n{rows}</ul>\n'
    picture = _picture(rng, number) if rng.random() < 0.6 else ""
    return (
        f'<section class="{name} elementor-section" data-id="{rng.getrandbits(28):07x}" '
        f'data-element_type="section" data-settings="{{&quot;background&quot;:&quot;classic&quot;}}">\n'
        f'<div class="elementor-container elementor-column-gap-default"><div class="elementor-column elementor-col-50">'
        f'<div class="elementor-widget-wrap elementor-element-populated">\n<div class="{name}-heading">'
        f'<div class="elementor-widget-container"><h2 class="elementor-heading-title">{escape(heading)}</h2>'
        f"</div></div>\n"
        f'<div class="{name}-text-editor"><div class="elementor-widget-container">\n{body}</div></div>{picture}\n'
        f"</div></div></div></section>\n"
    )


def _inline(rng: Random, text: str) -> str:
    """Some words are set in bold, or linked."""
    parts = text.split(" ")
    if rng.random() < 0.4 and len(parts) > _MIN_SENTENCE:
        at = rng.randrange(len(parts) - 3)
        linked = " ".join(parts[at : at + 3])
        mark = f"<strong>{escape(linked)}</strong>"
        if rng.random() < 0.5:
            mark = f'<a href="/learn/{rng.randrange(40)}/" class="text-link">{escape(linked)}</a>'
        return " ".join(
            part for part in (escape(" ".join(parts[:at])), mark, escape(" ".join(parts[at + 3 :]))) if part
        )
    return escape(text).replace("&#x27;", "&rsquo;")


def _questions(words: Words, rng: Random) -> str:
    rows = "".join(
        f'<details class="faq-item"><summary class="faq-question">{escape(rng.choice(words.questions))}</summary>'
        f'<div class="faq-answer"><p>{escape(" ".join(rng.sample(words.sentences, 2)))}</p></div></details>\n'
        for _ in range(5)
    )
    return f'<section class="faq"><h2>Questions</h2>\n{rows}</section>\n'


def _picture(rng: Random, number: int) -> str:
    stem = (
        f"/wp-content/uploads/{rng.randrange(2019, 2026)}/{rng.randrange(1, 13):02}/room-{rng.randrange(90)}"
    )
    sizes = ", ".join(
        f"{stem}-{width}x{width * 2 // 3}.webp {width}w" for width in (300, 768, 1024, 1536, 2048)
    )
    return (
        f'<figure class="wp-block-image size-large"><img loading="lazy" decoding="async" width="1024" height="682" '
        f'src="{stem}-1024x682.webp" alt="A quiet room, number {number}" class="wp-image-{rng.randrange(9000)}" '
        f'srcset="{sizes}" sizes="(max-width: 1024px) 100vw, 1024px"></figure>'
    )


def _path(rng: Random) -> str:
    return "M" + " ".join(f"{rng.randrange(512)} {rng.randrange(512)}" for _ in range(12)) + "z"


class _Chrome:
    """What is the same on all pages of a site."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self.name = f"{rng.choice(_PLACES)} Infusion Center"
        self._style = _style(rng, 9000)
        self._settings = _script(rng, 11000)
        self.header = self._header()
        self.footer = self._footer()

    def head(self, title: str, description: str) -> str:
        title, description = escape(f"{title} | {self.name}"), escape(description, quote=True)
        data = {
            "@context": "https://schema.org",
            "@graph": [
                {"@type": "MedicalClinic", "name": self.name, "telephone": "+1-555-0100"},
                {"@type": "BreadcrumbList", "itemListElement": [{"@type": "ListItem", "position": 1}]},
            ],
        }
        return (
            f'<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f'<title>{title}</title>\n<meta name="description" content="{description}">\n'
            f'<meta property="og:title" content="{title}">\n<meta property="og:description" content="{description}">\n'
            + "".join(
                f'<link rel="stylesheet" href="/wp-content/plugins/p{n}/style.min.css?ver=6.{n}">\n'
                for n in range(14)
            )
            + f"<style>{self._style}</style>\n<script>{self._settings}</script>\n"
            f'<script type="application/ld+json">{json.dumps(data)}</script>\n'
        )

    def _header(self) -> str:
        groups = "".join(
            f'<li class="menu-item menu-item-has-children"><a href="/{topic.lower()}/">{topic}</a>'
            f'<ul class="sub-menu">{self._links(topic, 6)}</ul></li>\n'
            for topic in _TOPICS
        )
        return (
            f'<header class="site-header"><a class="skip-link" href="#content">Skip to content</a>'
            f'<div class="site-branding"><a href="/" rel="home">{self.name}</a></div>'
            f'<nav class="main-navigation" aria-label="Primary"><ul class="menu">\n{groups}</ul></nav>'
            f'<a class="btn btn-primary" href="/book/">Book a consultation</a></header>\n'
        )

    def _links(self, topic: str, count: int) -> str:
        return "".join(
            f'<li class="menu-item menu-item-type-post_type menu-item-{self._rng.randrange(9000)}">'
            f'<a href="/{topic.lower()}/{n}/" class="menu-link">{topic} {self._rng.choice(_PLACES)} {n}</a></li>'
            for n in range(count)
        )

    def _footer(self) -> str:
        columns = "".join(
            f'<div class="footer-column"><h4 class="widget-title">{topic}</h4><ul>{self._links(topic, 5)}</ul></div>\n'
            for topic in _TOPICS[:4]
        )
        return (
            f'<footer class="site-footer"><div class="footer-widgets">\n{columns}</div>'
            '<p class="hours">Monday to Friday, 9 to 5. Closed on public holidays.</p>'
            '<p class="disclaimer">The information on this site is general and does not replace the advice of your own '
            "doctor. If this is an emergency, call your local emergency number or go to the nearest hospital. Results "
            "vary from person to person and cannot be promised.</p>"
            f'<p class="copyright">© 2026 {self.name}. All rights reserved. <a href="/privacy/">Privacy</a> '
            '<a href="/terms/">Terms</a></p></footer>\n'
        )


def _style(rng: Random, size: int) -> str:
    rules = []
    while size > 0:
        name, colour = f"{rng.getrandbits(24):06x}", f"{rng.getrandbits(24):06x}"
        rule = f".elementor-{name} .widget{{margin:{rng.randrange(40)}px auto;color:#{colour}}}"
        rules.append(rule)
        size -= len(rule)
    return "".join(rules)


def _script(rng: Random, size: int) -> str:
    calls = []
    while size > 0:
        name = f"f{rng.getrandbits(20):05x}"
        body = f'if(a<b&&a.length){{return"<div class=x>"+a[{rng.randrange(9)}]+"</div>"}}return b'
        call = f"window.{name}=function(a,b){{{body}}};"
        calls.append(call)
        size -= len(call)
    return "".join(calls)
