"""Pinned figures: a gate that can be raised and never lowered."""

from __future__ import annotations

import json
import math
from pathlib import Path

Measured = dict[str, dict[str, float]]
"""Set → name of the figure → figure. Those named `false_flags…` are better when smaller, all others when
larger."""

_STEP = 1000
"""Figures are pinned to the thousandth, on the lenient side."""
_ROUNDING = 1e-9


def read(path: Path) -> Measured:
    """Nothing is pinned where there is no file yet."""
    pinned: Measured = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return pinned


def write(path: Path, pinned: Measured) -> None:
    path.write_text(json.dumps(pinned, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def shortfalls(pinned: Measured, measured: Measured) -> list[str]:
    """One line for each pinned figure that got worse, or is no longer measured in a set that is."""
    return [
        f"{name}: {figure} is {measured[name].get(figure, math.nan):.3f}, pinned at {floor:.3f}"
        for name, figures in pinned.items()
        if name in measured
        for figure, floor in figures.items()
        if not _holds(figure, measured[name].get(figure, math.nan), floor)
    ]


def _holds(figure: str, value: float, pinned: float) -> bool:
    if _smaller_is_better(figure):
        return value <= pinned + _ROUNDING
    return value >= pinned - _ROUNDING


def _smaller_is_better(figure: str) -> bool:
    return figure.startswith("false_flags")


def raised(pinned: Measured, measured: Measured) -> Measured:
    """What is pinned, moved to every figure that got better. Nothing is dropped or moved the other way."""
    new = {name: dict(figures) for name, figures in pinned.items()}
    for name, figures in measured.items():
        floors = new.setdefault(name, {})
        for figure, value in figures.items():
            if _smaller_is_better(figure):
                floors[figure] = min(floors.get(figure, math.inf), math.ceil(value * _STEP) / _STEP)
            else:
                floors[figure] = max(floors.get(figure, 0.0), math.floor(value * _STEP) / _STEP)
    return new
