"""Reading texts in tests: the engine built once, pages made of text or of blocks, cases from JSON files."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from typing import Any

from conftest import ROOT

from claims.model import Block, BlockKind, Claim, Page
from claims.rules import Rules
from pipeline.nlp.analysis import Mention, Parsed, Statement
from pipeline.nlp.extract import Extractor
from pipeline.nlp.normalise import normalise
from pipeline.nlp.pipeline import build, read
from pipeline.readers.text import read_blocks

RULES = Rules(date(2026, 3, 2))


def cases(name: str) -> list[dict[str, Any]]:
    """The cases of `tests/cases/<name>.json`."""
    loaded: list[dict[str, Any]] = json.loads((ROOT / "tests" / "cases" / f"{name}.json").read_text("utf-8"))
    return loaded


@cache
def extractor() -> Extractor:
    return Extractor(RULES)


def page(*blocks: Block, title: str = "Ketamine treatment") -> Page:
    return Page("case", title, "en", blocks)


def text_page(text: str, title: str = "") -> Page:
    return Page("case.txt", title, "en", read_blocks(text), source_text=text)


def claims_in(read_page: Page) -> tuple[Claim, ...]:
    return extractor().extract(read_page)[0]


@cache
def claims_of(text: str, **around: Any) -> tuple[Claim, ...]:
    """The claims of one block on a page about ketamine. `around`: fields of the block, `heading`, `question`."""
    return claims_in(page(block_of(text, **around)))


def block_of(text: str, **around: Any) -> Block:
    """A paragraph; an item behind a lead-in, an answer under a question."""
    kind = BlockKind.LIST_ITEM if around.get("lead_in") else BlockKind.PARAGRAPH
    if around.get("question"):
        kind, around["answers_directly"] = BlockKind.ANSWER, True
    if heading := around.pop("heading", None):
        around["headings"] = (heading,)
    return Block(text, BlockKind(around.pop("kind", kind)), **around)


def parsed(text: str) -> Parsed:
    """A text as the components read it."""
    return next(read(build(), [normalise(text)]))


def statement(text: str) -> Statement:
    """The only statement of a text."""
    [found] = parsed(text).statements
    return found


def mention(found: Statement, kind: str) -> Mention:
    """The first mention of a type in a statement."""
    return found.by_kind[kind][0]


def said(claims: tuple[Claim, ...]) -> set[str]:
    """`family/proposition` of each claim."""
    return {f"{claim.family}/{claim.proposition}" for claim in claims}
