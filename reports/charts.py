"""Charts as inline SVG: no script, no style attribute, colours by class so that light and dark both hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from claims.model import Verdict

_ORDER = tuple(reversed(Verdict))


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


def stacked_rows(bars: Sequence[Bar], title: str, width: int = 520) -> str:
    """Horizontal bars on one scale, labels at the left, totals at the right of each bar."""
    if not bars:
        return ""
    row, left, right = 26, 104, 44
    most = max(bar.total for bar in bars) or 1
    body = []
    for index, bar in enumerate(bars):
        y = index * row
        body.append(
            f'<text class="axis" x="{left - 10}" y="{y + 17}" text-anchor="end">{escape(bar.label)}</text>'
        )
        x = float(left)
        for verdict in _ORDER:
            wide = (width - left - right) * bar.counts.get(verdict.value, 0) / most
            if wide:
                body.append(_box(verdict, x, y + 5, wide, row - 10))
            x += wide
        body.append(f'<text class="axis" x="{x + 7:.1f}" y="{y + 17}">{bar.total:,}</text>')
    return _svg(width, row * len(bars), title, bars, body)


def stacked_columns(bars: Sequence[Bar], title: str, width: int = 520, height: int = 150) -> str:
    """Vertical bars on one scale, one a run, labelled below."""
    if not bars:
        return ""
    most = max(bar.total for bar in bars) or 1
    step = min(width / len(bars), 92.0)
    tall = height - 38
    body = []
    for index, bar in enumerate(bars):
        middle, y = index * step + step / 2, float(height - 20)
        for verdict in reversed(_ORDER):
            high = tall * bar.counts.get(verdict.value, 0) / most
            y -= high
            if high:
                body.append(_box(verdict, middle - step * 0.3, y, step * 0.6, high))
        body.append(
            f'<text class="axis" x="{middle:.1f}" y="{y - 5:.1f}" text-anchor="middle">{bar.total:,}</text>'
        )
        below = f'x="{middle:.1f}" y="{height - 5}" text-anchor="middle"'
        body.append(f'<text class="axis" {below}>{escape(bar.label)}</text>')
    return _svg(width, height, title, bars, body)


def strip(counts: Mapping[str, int], most: int, width: int = 120) -> str:
    """A thin stacked bar for a table row; decoration beside figures, so hidden from assistive technology."""
    x, body = 0.0, []
    for verdict in _ORDER:
        wide = width * counts.get(verdict.value, 0) / (most or 1)
        if wide:
            body.append(_box(verdict, x, 0, wide, 8))
        x += wide
    size = f'viewBox="0 0 {width} 8" width="{width}" height="8"'
    return f'<svg class="strip" {size} aria-hidden="true" focusable="false">{"".join(body)}</svg>'


def _box(verdict: Verdict, x: float, y: float, wide: float, high: float) -> str:
    return (
        f'<rect class="fill-{verdict.value}" x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}"/>'
    )


def _svg(width: float, height: float, title: str, bars: Sequence[Bar], body: Sequence[str]) -> str:
    said = escape(f"{title}. {'; '.join(bar.described() for bar in bars)}.", quote=True)
    return (
        f'<svg class="chart" viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="{said}">'
        f"{''.join(body)}</svg>"
    )
