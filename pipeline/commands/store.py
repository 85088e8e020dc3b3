"""`claims-audit store`: what runs have kept, copied out and deleted."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from claims.errors import UsageError
from pipeline.commands.options import ConfigFile, now, use_utf8

if TYPE_CHECKING:
    from pipeline.store import Store
    from pipeline.store.housekeeping import Choice

app = typer.Typer(
    no_args_is_help=True,
    help="List, export and purge what runs have kept: captures of pages, findings, extractions.",
    epilog="Captures hold patients' stories as they stood on the pages: keep them no longer than you must.",
    context_settings={"help_option_names": ["-h", "--help"]},
)

Folder = Annotated[
    Path | None,
    typer.Option(
        "--store", metavar="DIR", help="The store; without it that of the settings.", show_default=False
    ),
]
Sites = Annotated[
    list[str] | None,
    typer.Option("--site", metavar="HOST", help="Only this site (repeatable).", show_default=False),
]
Before = Annotated[
    str | None,
    typer.Option(
        "--older-than",
        "--before",
        metavar="WHEN",
        help="Only what was kept before: an age (90d, 12w, 6m, 1y) or a day (2026-03-01).",
        show_default=False,
    ),
]
After = Annotated[
    str | None,
    typer.Option(
        "--since", metavar="WHEN", help="Only what was kept since: an age or a day.", show_default=False
    ),
]
Json = Annotated[bool, typer.Option("--json", help="As JSON.")]


@app.callback()
def _about() -> None:
    use_utf8()


@app.command("list")
def list_(
    store: Folder = None,
    site: Sites = None,
    older_than: Before = None,
    since: After = None,
    config: ConfigFile = None,
    as_json: Json = False,
) -> None:
    """Show the sites captured and the runs made.

    \b
      claims-audit store list
      claims-audit store list --site clinic.example --older-than 90d
    """
    from pipeline.store.housekeeping import list_runs, list_sites

    opened = _open(store, config)
    try:
        sites, runs = list_sites(opened, _choice(site, older_than, since)), list_runs(opened)
    finally:
        opened.close()
    if as_json:
        told = {"sites": [asdict(one) for one in sites], "runs": [asdict(one) for one in runs]}
        print(json.dumps(told, indent=2, ensure_ascii=False))
        return
    for row in sites:
        print(
            f"{row.site}: {row.captures} captures, {_size(row.bytes)}, {row.oldest[:10]} – {row.newest[:10]}"
        )
    for run in runs:
        print(f"run {run.id}: {run.state}, {run.pages} pages, {run.claims} claims, {' '.join(run.targets)}")
    if not (sites or runs):
        print("nothing kept")


@app.command()
def export(
    output: Annotated[Path, typer.Argument(metavar="DIR", help="Where the copies go.")],
    store: Folder = None,
    site: Sites = None,
    older_than: Before = None,
    since: After = None,
    config: ConfigFile = None,
) -> None:
    """Copy captures as WARC files, with a manifest of digests.

    \b
      claims-audit store export evidence/ --site clinic.example
      claims-audit audit evidence/*.warc.gz
    """
    from pipeline.store import housekeeping

    opened = _open(store, config)
    try:
        number = housekeeping.export(opened, _choice(site, older_than, since), output)
    finally:
        opened.close()
    from reports.wording import plural

    print(f"{plural(number, 'capture')} copied to {output}")


@app.command()
def purge(
    store: Folder = None,
    site: Sites = None,
    older_than: Before = None,
    all_: Annotated[bool, typer.Option("--all", help="Everything, of whatever age and site.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Delete; without it only what would go is shown.")
    ] = False,
    config: ConfigFile = None,
) -> None:
    """Delete captures, and the findings and extractions drawn from them, by age and site.

    \b
      claims-audit store purge --older-than 90d
      claims-audit store purge --older-than 90d --yes
      claims-audit store purge --site clinic.example --yes
    """
    from pipeline.store import housekeeping

    if not (site or older_than or all_):
        raise UsageError("store purge: say what goes, by --older-than, --site or both; --all for everything")
    opened = _open(store, config)
    try:
        gone = housekeeping.purge(opened, _choice(site, older_than, None), really=yes)
    finally:
        opened.close()
    verb = "deleted" if yes else "would be deleted; add --yes to delete"
    from reports.wording import plural

    print(
        f"{plural(gone.captures, 'capture')} ({_size(gone.bytes)}) in {plural(gone.files, 'file')}, "
        f"{plural(gone.extractions, 'extraction')}, {plural(gone.findings, 'finding')}, "
        f"{plural(gone.runs, 'run')} {verb}"
    )


def _open(folder: Path | None, config: str | None) -> Store:
    """The store named, or that of the settings. Raises UsageError where there is none."""
    from pipeline import config as settings
    from pipeline.store import Store
    from pipeline.store.database import FILE

    named = folder or settings.load(config).store
    if named is None:
        raise UsageError("no store: name one with --store DIR, or set store in claims-audit.toml")
    path = Path(named)
    if not (path / FILE).is_file():
        raise UsageError(f"{path}: no store there; an audit with a store makes one")
    return Store(path)


def _choice(sites: list[str] | None, before: str | None, after: str | None) -> Choice:
    from pipeline.store.housekeeping import Choice

    return Choice.of(sites or (), _moment("--older-than", before), _moment("--since", after))


def _moment(option: str, text: str | None) -> str | None:
    from pipeline.store.housekeeping import moment

    if text is None:
        return None
    try:
        return moment(text, now())
    except (ValueError, OverflowError) as error:
        raise UsageError(
            f"{option} {text!r}: give an age (90d, 12w, 6m, 1y) or a day (2026-03-01)"
        ) from error


def _size(number: int) -> str:
    for unit in ("B", "KiB", "MiB"):
        if number < 1024:
            return f"{number:.0f} {unit}"
        number //= 1024
    return f"{number} GiB"
