"""A finding keeps its identity through edits elsewhere on the page, and loses it when the statement is edited."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

import pytest

from claims.model import Family
from claims.rules import DocumentMeta, Rules
from pipeline.audit import audit_document

RULES = Rules(today=date(2026, 11, 21))
STATEMENT = "Ketamine relieves depression within 24 hours."
OTHERS = (
    "We are open from nine to five on weekdays.",
    "Ketamine is a controlled substance and can be misused.",
    "Ask your doctor whether an infusion is right for you.",
)
Blocks = tuple[str, ...]
BLOCKS: Blocks = (
    "<h1>Harbour Ketamine</h1>",
    f"<p>{OTHERS[0]}</p>",
    "<h2>Relief</h2>",
    f"<p>{STATEMENT}</p>",
    f"<p>{OTHERS[1]}</p>",
    f"<p>{OTHERS[2]}</p>",
)


def page(blocks: Blocks, wrap: str = "<main>{}</main>") -> bytes:
    body = wrap.format("\n".join(blocks))
    return f"<!doctype html><html lang='en'><head><title>Harbour</title></head><body>{body}</body></html>".encode()


@lru_cache(maxsize=256)
def fingerprints(source: bytes) -> frozenset[str]:
    """Of the statement's findings on speed and effect."""
    result = audit_document(source, DocumentMeta("https://harbour.example/relief", "text/html"), RULES)
    wanted = (Family.ONSET, Family.EFFICACY)
    return frozenset(
        one.fingerprint for one in result.findings if one.claim.family in wanted and "24" in one.claim.quote
    )


def swapped(old: str, new: str) -> Blocks:
    return tuple(block.replace(old, new) for block in BLOCKS)


def kept() -> Iterator[tuple[str, bytes]]:
    """Sixty pages on which the statement still stands."""
    for number in range(1, 11):
        added = tuple(f"<p>New paragraph {i} about parking and the bus.</p>" for i in range(number))
        yield f"{number} paragraphs above", page((*added, *BLOCKS))
    for place in range(6):
        yield (
            f"a paragraph at {place}",
            page((*BLOCKS[:place], "<p>A line on our rooms.</p>", *BLOCKS[place:])),
        )
    for place in (0, 1, 4, 5):
        yield f"without block {place}", page((*BLOCKS[:place], *BLOCKS[place + 1 :]))
    for number, order in enumerate(
        ((0, 2, 3, 1, 4, 5), (2, 3, 0, 1, 4, 5), (0, 1, 4, 5, 2, 3), (0, 5, 4, 2, 3, 1))
    ):
        yield f"order {number}", page(tuple(BLOCKS[i] for i in order))
    reflows = {
        "lines": STATEMENT.replace(" ", "\n"),
        "tabs": STATEMENT.replace(" ", "\t "),
        "indented": f"\n      {STATEMENT}\n    ",
        "no-break": STATEMENT.replace("24 hours", "24&nbsp;hours"),
        "bold": STATEMENT.replace("24 hours", "<b>24 hours</b>"),
        "link": STATEMENT.replace("depression", "<a href='/d'>depression</a>"),
        "span in a word": STATEMENT.replace("Ketamine", "<span>Keta</span>mine"),
        "soft hyphen": STATEMENT.replace("depression", "de&shy;pression"),
        "entities": STATEMENT.replace("K", "&#75;"),
        "comment": STATEMENT.replace(" within", "<!-- x --> within"),
        "class": f"<span class='lead'>{STATEMENT}</span>",
        "no full stop": STATEMENT.rstrip("."),
    }
    for name, text in reflows.items():
        yield f"reflow: {name}", page(swapped(STATEMENT, text))
    for name, text in {
        "upper": STATEMENT.upper(),
        "lower": STATEMENT.lower(),
        "title": STATEMENT.title(),
        "sentence": STATEMENT.capitalize(),
    }.items():
        yield f"case: {name}", page(swapped(STATEMENT, text))
    changes = (
        (OTHERS[0], "We are open all week."),
        (OTHERS[1], "Ketamine can be misused."),
        (OTHERS[2], "Call us."),
        ("Harbour Ketamine", "Harbour Ketamine Clinic"),
        ("weekdays", "Sundays"),
        ("controlled substance", "Schedule III drug"),
        ("your doctor", "a psychiatrist"),
        ("nine to five", "eight to six"),
        ("infusion", "appointment"),
        ("<h2>Relief</h2>", "<h2>What to expect</h2>"),
    )
    for old, new in changes:
        yield f"other words: {new}", page(swapped(old, new))
    wraps = (
        "<div class='page'><div class='col'>{}</div></div>",
        "<main><article>{}</article></main>",
        "<main><section id='top'>{}</section></main>",
        "<header><p>Menu</p></header><main>{}</main>",
        "<main>{}</main><footer><p>Harbour, 12 Quay Street</p></footer>",
        "<nav><a href='/'>Home</a></nav><main>{}</main>",
        "<main><div><div><div>{}</div></div></div></main>",
        "<script>var x = 1;</script><main>{}</main>",
        "<main style='color:red'>{}</main>",
        "<main><details open><summary>More</summary>{}</details></main>",
    )
    for number, wrap in enumerate(wraps):
        yield f"redesign {number}", page(BLOCKS, wrap)


EDITED = (
    "Ketamine may relieve depression within 24 hours.",
    "Ketamine relieves anxiety within 24 hours.",
    "Ketamine relieves depression within 240 hours.",
    "Ketamine relieves severe depression within 24 hours.",
    "Ketamine often relieves depression within 24 hours.",
    "Ketamine cures depression within 24 hours.",
    "Ketamine eases depression within 24 hours.",
    "Ketamine relieves depression in 24 hours.",
    "Ketamine relieves depression within 24 minutes.",
    "Ketamine relieves depression within 24 days.",
    "Esketamine relieves depression within 24 hours.",
    "Ketamine infusions relieve depression within 24 hours.",
    "Ketamine relieves depression within 24 hours in everyone.",
    "Ketamine relieves depression within 24 hours, guaranteed.",
    "Ketamine relieves depression and pain within 24 hours.",
    "Ketamine never relieves depression within 24 hours.",
    "Ketamine relieves your depression within 24 hours.",
    "Ketamine safely relieves depression within 24 hours.",
    "Ketamine relieved depression within 24 hours.",
    "Our ketamine relieves depression within 24 hours.",
)
KEPT = dict(kept())


def test_there_are_sixty_and_twenty() -> None:
    assert (len(KEPT), len(set(EDITED))) == (60, 20)
    assert len(fingerprints(page(BLOCKS))) == 2


@pytest.mark.parametrize("source", KEPT.values(), ids=KEPT)
def test_edits_elsewhere_keep_it(source: bytes) -> None:
    assert fingerprints(source) == fingerprints(page(BLOCKS))


@pytest.mark.parametrize("statement", EDITED)
def test_edits_of_the_statement_change_it(statement: str) -> None:
    assert not fingerprints(page(swapped(STATEMENT, statement))) & fingerprints(page(BLOCKS))
