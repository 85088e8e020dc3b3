"""Pages that were fetched and cannot be read: empty ones, walls, error pages, pages that scripts draw."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files

from claims.model import Block, BlockKind, Region, Skipped
from pipeline.readers.html import Reading
from pipeline.readers.language import other_language

_WALL_WORDS = 250
_LITTLE_ELSE_WORDS = 60
"""A form may ask for proof too: such words alone make no wall of a page that says more."""
_ERROR_WORDS = 200
_FEW_WORDS = 15
_HEADING_KINDS = (BlockKind.TITLE, BlockKind.HEADING)
_UNSEEN = (Region.HEAD,)


@cache
def _patterns(name: str) -> re.Pattern[str]:
    data = json.loads((files("pipeline.readers") / "walls.json").read_text(encoding="utf-8"))
    return re.compile("|".join(f"(?:{pattern})" for pattern in data[name]), re.IGNORECASE)


def refusal(url: str, reading: Reading) -> Skipped | None:
    """Why a page cannot be audited; None where it can."""
    shown = [block for block in reading.blocks if block.region not in _UNSEEN]
    words = sum(len(block.text.split()) for block in shown)
    return (
        _wall(url, reading, shown, words)
        or _drawn_by_scripts(url, reading, words)
        or _empty(url, reading, words)
        or _error_page(url, reading, shown)
        or _language(url, reading)
    )


def _wall(url: str, reading: Reading, shown: list[Block], words: int) -> Skipped | None:
    if words > _WALL_WORDS:
        return None
    names = ("bot_wall", "bot_wall_if_little_else") if words <= _LITTLE_ELSE_WORDS else ("bot_wall",)
    texts = [text.replace("’", "'") for text in (reading.title, *(block.text for block in shown))]
    if not any(_patterns(name).search(text) for name in names for text in texts):
        return None
    return Skipped(
        url,
        "bot_wall",
        "the site asked for proof that a person is visiting instead of showing the page; ask its owner to "
        "admit the audit's user agent, or audit a saved copy of the page",
    )


def _drawn_by_scripts(url: str, reading: Reading, words: int) -> Skipped | None:
    asks = bool(_patterns("needs_scripts").search(reading.noscript))
    if words >= _FEW_WORDS or not reading.scripts or not (words == 0 or reading.script_root or asks):
        return None
    return Skipped(
        url,
        "scripts_only",
        "the page holds scripts and no text of its own; audit it with the `browser` extra, or a copy saved "
        "from a browser",
    )


def _empty(url: str, reading: Reading, words: int) -> Skipped | None:
    if words:
        return None
    if reading.has_frames:
        return Skipped(
            url, "frames", "the page is a set of frames without text of its own; audit the framed pages"
        )
    if reading.unclosed_comment:
        return Skipped(
            url, "empty", "a comment that is never closed hides all of the page's text; close it with `-->`"
        )
    return Skipped(url, "empty", "the document holds no text; check that it is the page meant")


def _error_page(url: str, reading: Reading, shown: list[Block]) -> Skipped | None:
    main = [block for block in shown if block.region is Region.MAIN]
    if sum(len(block.text.split()) for block in main) > _ERROR_WORDS:
        return None
    pattern = _patterns("soft_404")
    heads = [
        reading.title,
        *(block.text for block in main if block.kind in _HEADING_KINDS or block is main[0]),
    ]
    if not any(pattern.search(text.replace("’", "'")) for text in heads if len(text.split()) <= 25):
        return None
    return Skipped(
        url,
        "soft_404",
        "the site answered with a page that says the address does not exist; correct or remove the link",
    )


def _language(url: str, reading: Reading) -> Skipped | None:
    language = other_language(reading.blocks, reading.language)
    if language is None:
        return None
    return Skipped(
        url,
        "language",
        f"the page is in another language than English ({language}), which is not read; have it reviewed "
        "by a person who reads it",
    )
