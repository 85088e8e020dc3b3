"""`claims-audit diff`: what changed between two runs, and what changed it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands.options import FAIL_ON, ConfigFile, chosen, use_utf8, width

if TYPE_CHECKING:
    from pipeline.compare import Comparison

CLEAN, FINDINGS = 0, 1
FORMATS = ("text", "json")

Report = Annotated[
    str,
    typer.Argument(
        help="A report written with --format json, or the id of a run in the store (its beginning will do).",
        show_default=False,
    ),
]
Folder = Annotated[
    str | None,
    typer.Option(
        "--store", metavar="DIR", help="The store; without it that of the settings.", show_default=False
    ),
]


def diff(
    before: Report,
    after: Report,
    format: Annotated[  # noqa: A002 - the option's name
        str, typer.Option("--format", "-f", metavar="NAME", help="text or json.")
    ] = "text",
    fail_on: Annotated[
        str,
        typer.Option(
            "--fail-on",
            metavar="LEVEL",
            help="Least severity of a new or worse finding that gives exit code 1: "
            "error, warning, note or never.",
        ),
    ] = "never",
    store: Folder = None,
    config: ConfigFile = None,
) -> int:
    """Compare two runs: new, worse, better, fixed, unchanged, and for each change what changed it.

    \b
      claims-audit audit site/ --output json=today.json
      claims-audit diff yesterday.json today.json --fail-on warning
      claims-audit store list
      claims-audit diff 20260302T0600 20260309T0600
    """
    from pipeline import config as settings
    from pipeline.compare import as_data, compare, lines, side_of
    from reports.plain import dumps

    chosen("--format", format, FORMATS)
    chosen("--fail-on", fail_on, FAIL_ON)
    use_utf8()
    kept = store or settings.load(config).store
    comparison = compare(side_of(before, kept), side_of(after, kept))
    if format == "json":
        print(dumps(as_data(comparison), indent=1))
    else:
        print("\n".join(lines(comparison, width(sys.stdout))))
    return _code(comparison, fail_on)


def _code(comparison: Comparison, fail_on: str) -> int:
    from claims.model import Severity
    from pipeline.compare import Kind
    from reports.summary import is_active

    if fail_on == "never":
        return CLEAN
    loud = (*comparison.of(Kind.NEW), *comparison.of(Kind.WORSE))
    least = Severity(fail_on).rank
    return FINDINGS if any(is_active(one.item) and one.item.severity.rank >= least for one in loud) else CLEAN
