"""What somebody may have meant by a name that is not there."""

from __future__ import annotations

from collections.abc import Iterable


def hint(wanted: str, known: Iterable[str], otherwise: str) -> str:
    """The names most like the one wanted, as a question; `otherwise` where none is."""
    from difflib import get_close_matches

    close = get_close_matches(wanted, list(known), n=3, cutoff=0.5)
    return f"did you mean {' or '.join(close)}?" if close else otherwise
