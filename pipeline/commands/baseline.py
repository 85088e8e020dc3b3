"""`claims-audit baseline`: accept what stands today, so that only what is new counts."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from claims.errors import UsageError
from pipeline.commands.options import Catalogues, ConfigFile, Families, Profile, make_rules, now, use_utf8

if TYPE_CHECKING:
    from claims.model import PageResult
    from pipeline.config import Config

CLEAN, INCOMPLETE = 0, 3
DEFAULT = "claims-baseline.json"

app = typer.Typer(
    name="baseline",
    help="Accept what stands today, so that only what is new counts.\n\n"
    "Name the file in the settings (baseline = ...) and audits leave out what it lists.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Targets = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="TARGET",
        help="What to audit, as for 'claims-audit audit'. Without any: the targets of the settings.",
        show_default=False,
    ),
]
File = Annotated[
    str | None,
    typer.Option(
        "--file",
        metavar="PATH",
        help=f"The baseline. Default: that of the settings, else {DEFAULT}.",
        show_default=False,
    ),
]
Gone = Annotated[
    bool, typer.Option("--gone", help="Forget pages too that this run did not meet (deleted or moved).")
]


@app.command()
def create(
    targets: Targets = None,
    file: File = None,
    family: Families = None,
    profile: Profile = None,
    catalogue: Catalogues = None,
    config: ConfigFile = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a baseline that is there.")] = False,
) -> int:
    """Write a baseline of every finding that counts today."""
    from pipeline import baseline

    settings = _settings(targets, family, profile, catalogue, config)
    path = _path(file, settings)
    if path.exists() and not force:
        raise UsageError(f"{path}: is there already; use 'baseline update', or --force to write it anew")
    pages = _audited(settings)
    found = baseline.create(pages)
    _write(path, baseline.dump(found))
    print(f"{path}: {len(found):,} findings accepted")
    return _code(pages)


def _kept_up(what: str, *, add: bool) -> Callable[..., int]:
    """A command that brings the file up to date; `what` is its help."""

    def command(
        targets: Targets = None,
        file: File = None,
        family: Families = None,
        profile: Profile = None,
        catalogue: Catalogues = None,
        config: ConfigFile = None,
        gone: Gone = False,
    ) -> int:
        return _changed(_settings(targets, family, profile, catalogue, config), file, add=add, gone=gone)

    command.__doc__ = what
    return command


app.command("update")(
    _kept_up("Add what is new and drop what is fixed, on the pages that are read.", add=True)
)
app.command("prune")(
    _kept_up("Drop what is fixed, on the pages that are read; accept nothing new.", add=False)
)


def _changed(settings: Config, file: str | None, *, add: bool, gone: bool) -> int:
    from pipeline import baseline

    path = _path(file, settings)
    old = baseline.load(path)
    pages = _audited(settings)
    change = baseline.update(old, pages, add=add, gone=gone)
    _write(path, baseline.dump(change.baseline))
    print(f"{path}: {change.added:,} added, {change.removed:,} dropped, {len(change.baseline):,} in all")
    return _code(pages)


def _settings(
    targets: list[str] | None,
    family: list[str] | None,
    profile: str | None,
    catalogue: list[str] | None,
    config: str | None,
) -> Config:
    from pipeline import config as files

    loaded = files.load(config)
    merged = replace(
        loaded,
        targets=tuple(targets or loaded.targets),
        families=tuple(family or loaded.families),
        profile=profile or loaded.profile,
        catalogue=(*loaded.catalogue, *(catalogue or ())),
    )
    if not merged.targets:
        raise UsageError("nothing to audit; name an address, a file or a folder")
    return merged


def _path(file: str | None, settings: Config) -> Path:
    return Path(file or settings.baseline or DEFAULT)


def _audited(settings: Config) -> list[PageResult]:
    """The pages with waivers applied, the baseline not."""
    from claims.model import PageResult
    from pipeline import audit
    from pipeline.commands.audit import source_options
    from pipeline.suppressed import suppressed

    use_utf8()
    at = now()
    rules = make_rules(settings, at)
    started = audit.start(list(settings.targets), rules, source_options(settings), jobs=settings.jobs, now=at)
    stream = suppressed(started.stream, started.context, at.date(), waivers=settings.waivers)
    return [one for one in stream if isinstance(one, PageResult)]


def _write(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror}); name another --file") from error


def _code(pages: list[PageResult]) -> int:
    """3 where a page could not be read: what it holds is in no baseline."""
    from reports.clean import one_line

    skipped = [page.skipped for page in pages if page.skipped]
    for one in skipped:
        print(f"claims-audit: {one_line(f'{one.url}: {one.reason}')}", file=sys.stderr)
    return INCOMPLETE if skipped else CLEAN
