"""Waivers and baseline laid over a run's stream, so that reports and exit code see what is left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from claims.model import PageResult, Summary

if TYPE_CHECKING:
    from reports.context import ReportContext


def suppressed(
    stream: Iterable[PageResult | Summary],
    context: ReportContext,
    today: date,
    *,
    waivers: str | Path | None = None,
    baseline: str | Path | None = None,
) -> Iterator[PageResult | Summary]:
    """The stream with waived findings (in the file or in the pages) and known ones suppressed, counted anew.

    Both files are read at once, so that a bad one (`DataError`) ends the run before anything is fetched.
    """
    from pipeline import baseline as known
    from pipeline import waivers as waiving
    from reports.summary import closing

    listed = waiving.load(Path(waivers)) if waivers else ()
    stood = known.load(Path(baseline)) if baseline else {}
    results = (one for one in stream if isinstance(one, PageResult))
    return closing(known.settle(waiving.waive(results, listed, context.entries, today), stood))
