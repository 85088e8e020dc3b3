"""Options that several commands share, and what becomes of them."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from claims.errors import UsageError
from claims.model import Family

if TYPE_CHECKING:
    from claims.rules import Rules
    from pipeline.config import Config

PROFILES = ("standard", "strict")
FAIL_ON = ("error", "warning", "note", "never")
_NARROW, _WIDE = 40, 100

Families = Annotated[
    list[str] | None,
    typer.Option(
        "--family",
        metavar="NAME",
        help=f"Look for claims of this family only (repeatable): {', '.join(Family)}.",
        show_default=False,
    ),
]
Catalogues = Annotated[
    list[str] | None,
    typer.Option(
        "--catalogue",
        metavar="DIR",
        help="Folder of your own catalogue entries, laid over the shipped ones (repeatable).",
        show_default=False,
    ),
]
Profile = Annotated[
    str | None,
    typer.Option(
        "--profile",
        metavar="NAME",
        help="How far wording may go: standard (the default) or strict.",
        show_default=False,
    ),
]
ConfigFile = Annotated[
    str | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="Settings; without it claims-audit.toml or [tool.claims-audit] of pyproject.toml is looked for, "
        "here and in the folders above.",
        show_default=False,
    ),
]
NoColour = Annotated[
    bool, typer.Option("--no-color", help="Plain text, also on a terminal; NO_COLOR does the same.")
]


def now() -> datetime:
    """The time of the run, in UTC; SOURCE_DATE_EPOCH (seconds) sets it, so that a run can be repeated."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return datetime.now(UTC)
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(f"SOURCE_DATE_EPOCH is {epoch!r}: give a number of seconds, or unset it") from error


def make_rules(config: Config, at: datetime) -> Rules:
    """What documents are audited by. Raises UsageError for a family or profile that there is not."""
    from claims.rules import Rules, SiteRules

    wanted = [chosen("--family", name, Family) for name in config.families]
    sites = [
        SiteRules(site.url, _families(site.families) if site.families else None, site.jurisdictions)
        for site in config.sites
        if site.families or site.jurisdictions
    ]
    return Rules(
        today=at.date(),
        profile=chosen("--profile", config.profile, PROFILES),
        families=_families(wanted) or tuple(Family),
        catalogue_dirs=tuple(dict.fromkeys(config.catalogue)),
        jurisdictions=config.jurisdictions,
        nlp_base=config.nlp_base,
        sites=tuple(sites),
    )


def _families(names: Iterable[str]) -> tuple[Family, ...]:
    """Families by name, in their own order."""
    wanted = set(names)
    return tuple(family for family in Family if family.value in wanted)


def chosen(option: str, value: str, known: Iterable[str]) -> str:
    """The value, if it is one of those known."""
    names = [str(name) for name in known]
    if value not in names:
        raise UsageError(f"{option} {value!r}: unknown; choose one of {', '.join(names)}")
    return value


def colour(out: TextIO, plain: bool) -> bool:
    """Whether to write in colour: to a terminal that shows it, and nobody has asked for plain text."""
    return out.isatty() and not plain and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def width(out: TextIO) -> int:
    """Columns for text: the terminal's, within reason; 80 elsewhere."""
    if not out.isatty():
        return 80
    return max(_NARROW, min(shutil.get_terminal_size((80, 24)).columns, _WIDE))


def use_utf8(out: TextIO | None = None) -> None:
    """Reports are UTF-8 wherever they go; what a terminal cannot show becomes a question mark."""
    out = out or sys.stdout
    if hasattr(out, "reconfigure"):
        out.reconfigure(errors="replace") if out.isatty() else out.reconfigure(
            encoding="utf-8", errors="replace"
        )
