"""Reports: a stream of page results and a closing summary in, text out, and nothing else.

One module a format, each with ``render(stream, context) -> Iterator[str]``, loaded when asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from claims.errors import UsageError

if TYPE_CHECKING:
    from reports.context import Render, ReportContext, Stream


@dataclass(frozen=True, slots=True)
class Format:
    """One output format, as listed by `--format`."""

    name: str
    module: str
    media_type: str
    about: str


_ALL = (
    Format("text", "reports.text", "text/plain", "findings for a person at a terminal"),
    Format("json", "reports.json", "application/json", "the whole audit as one document"),
    Format("jsonl", "reports.jsonl", "application/x-ndjson", "one object a line: claims, omissions, notes"),
    Format("html", "reports.html", "text/html", "one self-contained file for reviewers"),
    Format("markdown", "reports.markdown", "text/markdown", "what to change, page by page, for editors"),
    Format("csv", "reports.csv", "text/csv", "one row a claim, for spreadsheets"),
    Format("sarif", "reports.sarif", "application/sarif+json", "SARIF 2.1.0, for code scanning"),
    Format("junit", "reports.junit", "application/xml", "JUnit XML: a page is a suite"),
    Format("github", "reports.github", "text/plain", "annotations for GitHub Actions"),
    Format("gitlab", "reports.gitlab", "application/json", "GitLab Code Quality"),
)

FORMATS: dict[str, Format] = {one.name: one for one in _ALL}


def renderer(name: str) -> Render:
    """The render function of a format; UsageError names the formats there are."""
    from importlib import import_module

    if name not in FORMATS:
        raise UsageError(f"unknown format {name!r}: choose one of {', '.join(FORMATS)}")
    return cast("Render", import_module(FORMATS[name].module).render)


def render(name: str, stream: Stream, context: ReportContext) -> Iterator[str]:
    """Pieces of the report in the named format."""
    return renderer(name)(stream, context)
