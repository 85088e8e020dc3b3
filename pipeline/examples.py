"""Runs the catalogue's own examples and approved wording through the real reading and checking."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from claims.catalogue import Catalogue, Entry
from claims.catalogue.entry import Example
from claims.model import Block, BlockKind, Claim, Finding, Page
from claims.rules import Rules
from pipeline.check import check_page

if TYPE_CHECKING:
    from pipeline.nlp.extract import Extractor


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one example or one approved wording."""

    entry: str
    kind: str
    """`example` or `wording`; of a frame always `example`."""
    position: int
    """Index in the entry's list."""
    text: str
    problem: str = ""
    """Empty where it came out as it should; otherwise what came out instead."""


def run_examples(catalogue: Catalogue, entries: Iterable[Entry], today: date) -> Iterator[Outcome]:
    """Every example and every approved wording of the entries, in order."""
    for entry in entries:
        for position, example in enumerate(entry.examples):
            yield Outcome(
                entry.id, "example", position, example.text, example_problem(catalogue, entry, example, today)
            )
        for position, wording in enumerate(entry.approved_wording):
            yield Outcome(
                entry.id, "wording", position, wording, wording_problem(catalogue, entry, wording, today)
            )


def example_problem(catalogue: Catalogue, entry: Entry, example: Example, today: date) -> str:
    """What is wrong with how an example comes out: no claim, another verdict, entry or strength."""
    found = example_findings(catalogue, entry, example, today)
    worst = max(found, key=lambda f: f.verdict.badness, default=None)
    if worst is None:
        return f"gives no {entry.family} claim"
    if worst.verdict is not example.verdict:
        return f"is {worst.verdict} by {worst.entry or 'no entry'}, not {example.verdict} ({_slots(worst)})"
    if worst.entry != entry.id:
        return f"is decided by {worst.entry or 'no entry'} ({_slots(worst)})"
    if example.strength is not None and worst.claim.strength is not example.strength:
        return f"is read as {worst.claim.strength.name}, not {example.strength.name}"
    return ""


def example_findings(
    catalogue: Catalogue, entry: Entry, example: Example, today: date
) -> tuple[Finding, ...]:
    """Findings of the entry's family in an example."""
    where = example.jurisdictions or entry.jurisdictions or ("US",)
    rules = Rules(today, example.profile, (entry.family,), catalogue.treatment, jurisdictions=where)
    page, claims = _read(block_of(example), catalogue.treatment)
    return check_page(page, claims, catalogue, rules)


def wording_problem(catalogue: Catalogue, entry: Entry, wording: str, today: date) -> str:
    """Approved wording must give a supported claim of the entry's family, and no flag of any family."""
    where = entry.jurisdictions or ("US",)
    rules = Rules(today, treatment=catalogue.treatment, jurisdictions=where)
    page, claims = _read(Block(wording, BlockKind.PARAGRAPH), catalogue.treatment)
    found = check_page(page, claims, catalogue, rules)
    flagged = [f for f in found if f.verdict.flagged]
    if flagged:
        worst = flagged[0]
        by = worst.entry or "no entry"
        return f"gives a flag: {worst.claim.family} {worst.verdict} by {by} ({_slots(worst)})"
    if not any(f.claim.family is entry.family for f in found):
        return f"gives no {entry.family} claim"
    return ""


def block_of(example: Example) -> Block:
    """The block that an example stands for."""
    kind = BlockKind.LIST_ITEM if example.lead_in else BlockKind.PARAGRAPH
    return Block(
        example.text,
        BlockKind.ANSWER if example.question else kind,
        headings=(example.heading,) if example.heading else (),
        lead_in=example.lead_in,
        question=example.question,
        answers_directly=bool(example.question),
    )


@lru_cache(maxsize=1)
def _extractor(treatment: str) -> Extractor:
    from pipeline.nlp.extract import Extractor

    return Extractor(Rules(date.min, treatment=treatment))


@lru_cache(maxsize=4096)
def _read(block: Block, treatment: str) -> tuple[Page, tuple[Claim, ...]]:
    """The claims of a page of one block, read once: they depend on no catalogue and no profile."""
    page = Page("example", "Ketamine treatment", "en", (block,))
    claims, _ = _extractor(treatment).extract(page)
    return page, claims


def read_block(block: Block, treatment: str = "ketamine") -> tuple[Claim, ...]:
    """The claims of one block on a page about the treatment."""
    return _read(block, treatment)[1]


def _slots(finding: Finding) -> str:
    claim = finding.claim
    parts = [claim.proposition, claim.strength.name, str(claim.subject), str(claim.route), *claim.conditions]
    return ", ".join([*parts, *claim.qualifiers])
