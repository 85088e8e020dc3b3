"""Measured in this process: what reading words costs beside a tokenizer, what reading pages costs beside a parser."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from datetime import date
from statistics import median
from time import process_time
from typing import Any

from benchmarks import sites
from claims.model import Page, Snapshot
from claims.rules import Rules

RULES = Rules(today=date(2026, 1, 1))
MIXES = {"as usual": sites.usual, "every sentence a claim": sites.dense}


def extraction(runs: int, pages: int) -> dict[str, dict[str, float]]:
    """Words a second of plain texts, and of the texts of a site's pages with its menus, by kind of text."""
    import spacy

    from pipeline.audit import engine
    from pipeline.readers import read_page
    from pipeline.readers.text import read_blocks

    extractor, blank = engine(RULES).extractor, spacy.blank("en")
    out: dict[str, dict[str, float]] = {}

    def plain(words: sites.Words, seed: int) -> Page:
        text = sites.text(words, seed)
        return Page(f"{seed}.txt", "", "en", read_blocks(text), source_text=text)

    def html(words: sites.Words, seed: int) -> Page:
        page = read_page(snapshot(words, seed))
        if not isinstance(page, Page):
            raise TypeError(page.reason)
        return page

    for kind, make in (("plain text", plain), ("pages", html)):
        for name, words in MIXES.items():
            batches = [[make(words(), 1000 * run + i) for i in range(pages)] for run in range(runs + 1)]
            count = [sum(len(b.text.split()) for page in batch for b in page.blocks) for batch in batches]
            timed = _timed(
                batches,
                lambda batch: [list(blank.pipe([b.text for b in page.blocks])) for page in batch],
                lambda batch: [extractor.extract(page) for page in batch],
            )
            rates = [[n / t for n, t in zip(count[1:], times, strict=True)] for times in timed]
            claims = sum(len(extractor.extract(page)[0]) for page in batches[-1])
            out[f"{kind}, {name}"] = {
                "tokenizer_words_per_s": median(rates[0]),
                "extraction_words_per_s": median(rates[1]),
                "claims_per_1000_words": 1000 * claims / count[-1],
            }
    return out


def whole_pages(runs: int, pages: int) -> dict[str, dict[str, float]]:
    """Milliseconds a page: the parser alone, lxml alone, reading, and the whole audit."""
    from bs4 import BeautifulSoup

    from pipeline.audit import audit_snapshot
    from pipeline.readers import read_page

    out: dict[str, dict[str, float]] = {}
    for name, words in MIXES.items():
        batches = [[snapshot(words(), 1000 * run + i) for i in range(pages)] for run in range(runs + 1)]
        timed = _timed(
            batches,
            _each(lambda one: BeautifulSoup(one.body.decode(), "html.parser")),
            _each(lambda one: BeautifulSoup(one.body.decode(), "lxml")),
            _each(read_page),
            _each(lambda one: audit_snapshot(one, RULES)),
        )
        names = ("html_parser_ms", "lxml_ms", "reading_ms", "whole_ms")
        out[name] = {key: 1000 * median(times) / pages for key, times in zip(names, timed, strict=True)}
    return out


def _each(work: Callable[[Snapshot], object]) -> Callable[[Sequence[Snapshot]], None]:
    """One page after the other, nothing of the one before kept."""

    def all_of(batch: Sequence[Snapshot]) -> None:
        for one in batch:
            work(one)

    return all_of


def snapshot(words: sites.Words, seed: int) -> Snapshot:
    body = sites.page(words, seed).encode()
    return Snapshot(f"https://clinic.example/{seed}/", body, media_type="text/html")


def _timed(batches: Sequence[Sequence[Any]], *works: Callable[[Sequence[Any]], object]) -> list[list[float]]:
    """CPU seconds of each work on each batch but the first, which warms everything up."""
    for work in works:
        work(batches[0])
    gc.collect()
    times: list[list[float]] = [[] for _ in works]
    for batch in batches[1:]:
        for work, kept in zip(works, times, strict=True):
            begin = process_time()
            work(batch)
            kept.append(process_time() - begin)
    return times
