"""Where the words stand that decided a claim."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from claims.model import Claim, Finding

Span = tuple[int, int]

# Slots whose words a reader should see first; subject, route and condition would mark half of the sentence.
_TELLING = frozenset({"family", "strength", "quantity", "polarity"})


def deciding(finding: Finding) -> tuple[Span, ...]:
    """Stretches of the finding's quote (offsets in it) that made it this claim, merged and in order."""
    quote = finding.claim.quote
    claims = (finding.claim, *finding.others)
    spans = [span for claim in claims for span in _within(claim, finding.claim.start, len(quote))]
    return merge(spans, quote) or ((0, len(quote)),)


def _within(claim: Claim, origin: int, length: int) -> Iterator[Span]:
    for cue in claim.cues:
        if cue.place != "statement" or cue.slot not in _TELLING or cue.start is None or cue.end is None:
            continue
        start, end = max(cue.start - origin, 0), min(cue.end - origin, length)
        if start < end:
            yield start, end


def merge(spans: Iterable[Span], text: str) -> tuple[Span, ...]:
    """Spans in order, joined where they touch or only white space stands between."""
    out: list[Span] = []
    for start, end in sorted(spans):
        if out and (start <= out[-1][1] or not text[out[-1][1] : start].strip()):
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return tuple(out)


def pieces(text: str, spans: Iterable[Span]) -> Iterator[tuple[str, bool]]:
    """`text` cut at the spans (in order, not overlapping): each piece, and whether it is marked."""
    at = 0
    for start, end in spans:
        if at < start:
            yield text[at:start], False
        yield text[start:end], True
        at = end
    if at < len(text):
        yield text[at:], False
