"""Whether a page speaks to its reader, as copy does, or tells of its subject, as reference works do."""

from __future__ import annotations

import re

from claims.model import Page, Region

_ADDRESS = re.compile(r"\b(?:(?i:you|your|we|our)|us)\b")
_SHARE = 0.01
"""Share of a page's words from which it speaks to its reader."""
_ENOUGH = 100
"""Words below which a page is too short to tell, and is taken for copy."""


def addresses_reader(page: Page) -> bool:
    """True for a page that says "you" and "we", is too short to tell, or is taken out of one that does."""
    if page.addresses_reader is not None:
        return page.addresses_reader
    own = [block.text for block in page.blocks if block.region is Region.MAIN]
    words = sum(len(text.split()) for text in own)
    said = sum(len(_ADDRESS.findall(text)) for text in own)
    return words < _ENOUGH or said > _SHARE * words
