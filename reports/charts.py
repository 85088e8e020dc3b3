"""Charts as inline SVG: no script, no style attribute, colours by class so that light and dark both hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from claims.model import Verdict

_ORDER = tuple(reversed(Verdict))
_WIDTH = 400
"""Units of the drawing, stretched to whatever room there is."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One row or column: its label and how many of each verdict."""

    label: str
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.get(verdict.value, 0) for verdict in Verdict)

    def described(self) -> str:
        parts = [f"{n:,} {v.value}" for v in _ORDER if (n := self.counts.get(v.value, 0))]
        return f"{self.label}: {', '.join(parts) or 'none'}"


def stacked_rows(bars: Sequence[Bar], title: str) -> str:
    """Horizontal bars on one scale, label at the left, total at the right.

    Labels are text of the page and not of the drawing, so that they keep their size on a narrow screen.
    """
    if not bars:
        return ""
    most = max(bar.total for bar in bars) or 1
    rows = "".join(
        f'<span class="axis">{escape(bar.label)}</span>{_bar(bar, most)}<span class="axis n">{bar.total:,}</span>'
        for bar in bars
    )
    said = escape(f"{title}. {'; '.join(bar.described() for bar in bars)}.", quote=True)
    return f'<div class="chart" role="img" aria-label="{said}">{rows}</div>'


def _bar(bar: Bar, most: int) -> str:
    """One row, stretched to the room there is."""
    size = f'viewBox="0 0 {_WIDTH} 16" preserveAspectRatio="none"'
    return f'<svg {size} aria-hidden="true" focusable="false">{_boxes(bar.counts, most, _WIDTH, 16)}</svg>'


def strip(counts: Mapping[str, int], most: int, width: int = 120) -> str:
    """A thin stacked bar for a table row; decoration beside figures, so hidden from assistive technology."""
    size = f'viewBox="0 0 {width} 8" width="{width}" height="8"'
    drawn = _boxes(counts, most, width, 8)
    return f'<svg class="strip" {size} aria-hidden="true" focusable="false">{drawn}</svg>'


def _boxes(counts: Mapping[str, int], most: int, width: int, high: int) -> str:
    x, body = 0.0, []
    for verdict in _ORDER:
        wide = width * counts.get(verdict.value, 0) / (most or 1)
        if wide:
            body.append(
                f'<rect class="fill-{verdict.value}" x="{x:.1f}" y="0" width="{wide:.1f}" height="{high}"/>'
            )
        x += wide
    return "".join(body)
