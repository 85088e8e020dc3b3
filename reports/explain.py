"""Why a sentence got its verdict: each claim with the words that decided it, aligned under the text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from itertools import groupby

from claims.model import Block, Claim, Cue, Finding, PageResult, Summary, Unread, Verdict
from reports.clean import one_line, visible
from reports.context import ReportContext, Stream
from reports.wording import caveat, cited

SLOTS = (
    "family",
    "subject",
    "route",
    "condition",
    "quantity",
    "strength",
    "polarity",
    "attribution",
    "framing",
    "qualifier",
)
_COLOURS = {
    Verdict.CONTRADICTED: "1;31",
    Verdict.UNSUPPORTED: "1;35",
    Verdict.OVERSTATED: "1;33",
    Verdict.SUPPORTED: "32",
}
_INDENT = 2
_LABEL = 12


def render(stream: Stream, context: ReportContext) -> Iterator[str]:
    """Plain text of `context.width` columns; colour only where the context asks for it."""
    drawing = _Drawing(context)
    for item in stream:
        if isinstance(item, Summary):
            yield textwrap.fill(caveat(context.run), context.width) + "\n"
        else:
            yield from (line.rstrip() + "\n" for line in drawing.result(item))


def wrapped(text: str, columns: int) -> Iterator[tuple[int, int]]:
    """Lines of `text`, as offsets, none wider than `columns` cells; broken at spaces where there are any."""
    start = 0
    while start < len(text):
        end = _reach(text, start, columns)
        if end < len(text) and (space := text.rfind(" ", start + 1, end + 1)) > start:
            end = space
        yield start, end
        start = end + (text[end : end + 1] == " ")


def _reach(text: str, start: int, columns: int) -> int:
    """The furthest end of a line that begins at `start`; at least one character on."""
    from rich.cells import cell_len

    used = 0
    for at in range(start, len(text)):
        used += cell_len(text[at])
        if used > columns and at > start:
            return at
    return len(text)


def marker(start: int, cells: int, label: str, columns: int) -> Iterator[str]:
    """Carets under `cells` columns from `start`, the label beside them, or below where it does not fit."""
    carets = " " * start + "^" * cells
    if len(carets) + 1 + len(label) <= columns:
        yield f"{carets} {label}"
    elif len(label) < start:
        yield f"{label:>{start - 1}} {'^' * cells}"
    else:
        yield carets
        yield from (f"{line:>{columns}}" for line in textwrap.wrap(label, columns))


class _Drawing:
    def __init__(self, context: ReportContext) -> None:
        self._context = context
        self._columns = max(context.width - _INDENT, 20)

    def result(self, result: PageResult) -> Iterator[str]:
        if result.skipped:
            yield f"{one_line(result.url)}: not read: {one_line(result.skipped.reason)}"
            yield ""
        blocks = result.page.blocks if result.page else ()
        for number, finding in enumerate(result.findings, 1):
            yield from self._finding(number, finding, blocks)
        if not result.findings and not result.skipped:
            yield "No claims."
            yield ""
        for omission in result.omissions:
            yield from self._field("left out", omission.reason)
        for unread in result.unread:
            yield from self._unread(unread)

    def _finding(self, number: int, finding: Finding, blocks: tuple[Block, ...]) -> Iterator[str]:
        claim = finding.claim
        verdict = self._paint(finding.verdict.value, _COLOURS[finding.verdict])
        severity = f" ({finding.severity.value})" if finding.verdict.flagged else ""
        yield f"{number}  {claim.family.value}: {', '.join(finding.propositions)}  {verdict}{severity}"
        yield ""
        text = blocks[claim.block].text if claim.block < len(blocks) else claim.quote
        yield from self._aligned(text, claim)
        yield ""
        yield from self._slots(finding)
        yield from self._field("why", finding.reason)
        yield from self._field("entry", finding.entry or "none carries this claim")
        for name in finding.evidence:
            yield from self._field("evidence", cited(name, self._context.evidence.get(name)))
        for wording in finding.suggestions:
            yield from self._field("would pass", wording)
        if finding.verdict.flagged and not finding.suggestions:
            yield from self._field("advice", "remove the statement")
        yield ""

    def _aligned(self, text: str, claim: Claim) -> Iterator[str]:
        """The text, line by line, with a row of carets for each cue that stands in it."""
        from rich.cells import cell_len

        text = visible(text).replace("\n", " ")
        here = [cue for cue in claim.cues if cue.start is not None and cue.end is not None]
        low = min([claim.start, *(cue.start for cue in here if cue.start is not None)])
        high = max([claim.end, *(cue.end for cue in here if cue.end is not None)])
        for start, end in wrapped(text[low:high], self._columns):
            line = text[low + start : low + end]
            yield " " * _INDENT + self._paint(line, "1")
            for (first, last), cues in self._on(here, low + start, low + end):
                before, marked = text[low + start : first], text[first:last]
                label = " · ".join(dict.fromkeys(_label(cue) for cue in cues))
                for row in marker(cell_len(before), max(cell_len(marked), 1), label, self._columns):
                    yield " " * _INDENT + row
        for cue in claim.cues:
            if cue.start is None:
                yield from self._field(cue.place.replace("_", "-"), f'"{one_line(cue.text)}" {_label(cue)}')

    @staticmethod
    def _on(cues: list[Cue], start: int, end: int) -> Iterator[tuple[tuple[int, int], list[Cue]]]:
        """The cues that reach into a line, by their stretch of it, in reading order."""

        def stretch(cue: Cue) -> tuple[int, int]:
            return max(cue.start or 0, start), min(cue.end or 0, end)

        reaching = [cue for cue in cues if stretch(cue)[0] < stretch(cue)[1]]
        reaching.sort(key=lambda cue: (*stretch(cue), _rank(cue)))
        for span, group in groupby(reaching, key=stretch):
            yield span, list(group)

    def _slots(self, finding: Finding) -> Iterator[str]:
        claim = finding.claim
        strength = f"{claim.strength.name} {claim.strength.label}"
        if not any(cue.slot == "strength" for cue in claim.cues):
            strength += ": no word softens or lifts it"
        if finding.allowed is not None:
            strength += f"; the entry allows up to {finding.allowed.name} {finding.allowed.label}"
        yield from self._field("strength", strength)
        read = [f"subject {claim.subject.value}", f"route {claim.route.value}"]
        if claim.conditions:
            read.append(f"conditions {', '.join(claim.conditions)}")
        if claim.quantity is not None:
            read.append(f"quantity {one_line(claim.quantity.text)}{_bounds(claim)}")
        read += [claim.polarity.value, claim.framing.value]
        if claim.attribution.value != "none":
            read.append(f"said by {claim.attribution.value}")
        if claim.qualifiers:
            read.append(f"qualified by {', '.join(claim.qualifiers)}")
        yield from self._field("read as", "; ".join(read))

    def _unread(self, unread: Unread) -> Iterator[str]:
        yield from self._field("unread", unread.text)
        if unread.seen:
            yield from self._field("saw", ", ".join(unread.seen))
        yield ""

    def _field(self, label: str, body: str) -> Iterator[str]:
        lines = textwrap.wrap(one_line(body), self._columns - _LABEL) or [""]
        for at, line in enumerate(lines):
            margin = (label if at == 0 else "").ljust(_LABEL)
            yield " " * _INDENT + self._paint(margin, "2") + line

    def _paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._context.colour and text.strip() else text


def _rank(cue: Cue) -> int:
    return SLOTS.index(cue.slot) if cue.slot in SLOTS else len(SLOTS)


def _label(cue: Cue) -> str:
    return one_line(f"{cue.slot} {cue.value} ({cue.rule})")


def _bounds(claim: Claim) -> str:
    """` (2 to 4 hours)` for a time, ` (up to 70 %)` for a rate."""
    quantity = claim.quantity
    if quantity is None or quantity.kind not in {"time", "rate"}:
        return ""
    unit = "hours" if quantity.kind == "time" else "%"
    low, high = (None if end is None else f"{end:g}" for end in (quantity.low, quantity.high))
    if low is not None and high is not None:
        return f" ({low} {unit})" if low == high else f" ({low} to {high} {unit})"
    if high is not None:
        return f" (up to {high} {unit})"
    return f" (from {low} {unit})" if low is not None else ""
