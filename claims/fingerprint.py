"""A finding's identity: what stands where, not how it is written or at which offset."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache

_GONE = re.compile("['\u2018\u2019\u02bc`\u00ad\u200b-\u200d\u2060\ufeff]")
_WORD = re.compile(r"(?:[^\W_]|[%$€£])+")


@lru_cache(maxsize=4)  # who counts a statement's occurrences asks for its fingerprint next
def fold(statement: str) -> str:
    """The words of a statement without case, quotes, punctuation and layout: tidying changes nothing.

    Figures keep their percent and currency signs. A statement of signs alone folds to its own characters.
    """
    text = unicodedata.normalize("NFKC", statement).casefold()
    return " ".join(_WORD.findall(_GONE.sub("", text))) or " ".join(text.split())


def fingerprint(url: str, kind: str, statement: str, ordinal: int = 0) -> str:
    """Sixteen hex digits for the page, the family (or kind of omission) and the folded statement.

    `ordinal` tells apart the same statement where it stands several times on the page (0 for the first).
    """
    parts = "\x1f".join((url, kind, fold(statement), str(ordinal)))
    return hashlib.sha256(parts.encode()).hexdigest()[:16]
