"""Where a page is aimed: by its host, its language tag, and words only a provider there uses of itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from claims.catalogue import Catalogue
from claims.catalogue.entry import Aim
from claims.model import Page


def aimed_at(page: Page, catalogue: Catalogue, configured: Iterable[str]) -> frozenset[str]:
    """Codes of the jurisdictions that the page or the configuration says it is aimed at."""
    host = urlsplit(page.url).hostname or ""
    language = (page.language or "").casefold()
    text = "\n".join(block.text for block in page.blocks)
    folded = _folded(text)
    found = {aim.jurisdiction for aim in catalogue.aims if _points_to(aim, host, language, text, folded)}
    return frozenset(found | set(configured))


def _folded(text: str) -> str:
    """All that case-blind patterns take for the same letter, as one letter."""
    return text.casefold().replace("\u0131", "i").replace("i\u0307", "i")


def _points_to(aim: Aim, host: str, language: str, text: str, folded: str) -> bool:
    """`folded` tells cheaply that a term stands nowhere in the text."""
    return (
        host.endswith(aim.hosts)
        or language in {tag.casefold() for tag in aim.languages}
        or any(
            _folded(term) in folded and re.search(rf"(?<!\w){re.escape(term)}(?!\w)", text, re.IGNORECASE)
            for term in aim.terms
        )
    )
