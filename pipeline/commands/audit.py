"""`claims-audit audit`: targets in, reports out, and an exit code."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Annotated

import typer

from claims.errors import UsageError
from claims.model import PageResult, Severity, Skipped, Summary
from pipeline.commands.options import (
    FAIL_ON,
    Catalogues,
    ConfigFile,
    Families,
    NoColour,
    Profile,
    chosen,
    colour,
    make_rules,
    now,
    use_utf8,
    width,
)
from reports import FORMATS

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.outputs import Output
    from pipeline.sources import CrawlOptions, SourceOptions
    from reports.context import ReportContext

CLEAN, FINDINGS, INCOMPLETE = 0, 1, 3
_FOR_WRITERS = {"text", "markdown", "html", "json"}
"""Formats that show rewrites; trying them out costs time that others need not pay."""
_PATIENCE = 0.5
"""Seconds before progress shows."""

Targets = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="TARGET",
        help="Addresses, HTML, Markdown and text files, folders (with all below them), or - for standard "
        "input. Without any: the targets of the settings.",
        show_default=False,
    ),
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        "-f",
        metavar="NAME",
        help=f"Report on standard output: {', '.join(FORMATS)}. Default: text.",
        show_default=False,
    ),
]
Outputs = Annotated[
    list[str] | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FORMAT=PATH",
        help="Report to a file as well (repeatable): --output html=out/report.html",
        show_default=False,
    ),
]
FailOn = Annotated[
    str | None,
    typer.Option(
        "--fail-on",
        metavar="LEVEL",
        help="Least severity that gives exit code 1: error, warning, note or never. Default: warning.",
        show_default=False,
    ),
]
ShowFrom = Annotated[
    str | None,
    typer.Option(
        "--show-from",
        metavar="LEVEL",
        help="Least severity that the text, Markdown and GitHub reports list: error, warning or note. "
        "Counts and exit codes stay as they are. Default: note.",
        show_default=False,
    ),
]
All = Annotated[bool, typer.Option("--all", help="Show supported claims too, in the text report.")]
AllowIncomplete = Annotated[
    bool, typer.Option("--allow-incomplete", help="No exit code 3 for pages that could not be read.")
]
AllowPrivate = Annotated[
    bool, typer.Option("--allow-private", help="Fetch from loopback and private addresses too.")
]
ShowUnread = Annotated[
    bool,
    typer.Option("--show-unread", help="List passages that speak of the treatment and gave no claim."),
]
Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        "-j",
        metavar="N",
        min=0,
        help="Processes that read pages; 0, the default, takes one for each core.",
        show_default=False,
    ),
]
Crawl = Annotated[
    bool,
    typer.Option("--crawl", help="Follow a site's sitemaps and links from each address; see [crawl]."),
]
Store = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="DIR",
        help="Keep captures and findings here; pages that have not changed are not read again.",
        show_default=False,
    ),
]
Waivers = Annotated[
    str | None,
    typer.Option(
        "--waivers", metavar="FILE", help="Findings that a named person has accepted.", show_default=False
    ),
]
Baseline = Annotated[
    str | None,
    typer.Option(
        "--baseline", metavar="FILE", help="Known findings; only what is new counts.", show_default=False
    ),
]
Quiet = Annotated[
    bool,
    typer.Option(
        "--quiet",
        "-q",
        help="No progress and no report on standard output, unless --format names one: files and exit code only.",
    ),
]


def audit(
    targets: Targets = None,
    format: Format = None,  # noqa: A002 - the option's name
    output: Outputs = None,
    fail_on: FailOn = None,
    show_from: ShowFrom = None,
    family: Families = None,
    profile: Profile = None,
    catalogue: Catalogues = None,
    config: ConfigFile = None,
    all: All = False,  # noqa: A002 - the option's name
    show_unread: ShowUnread = False,
    allow_incomplete: AllowIncomplete = False,
    crawl: Crawl = False,
    allow_private: AllowPrivate = False,
    store: Store = None,
    waivers: Waivers = None,
    baseline: Baseline = None,
    jobs: Jobs = None,
    quiet: Quiet = False,
    no_colour: NoColour = False,
) -> int:
    """Audit pages: each claim with its verdict, the evidence, and wording that would pass.

    \b
      claims-audit audit https://clinic.example/
      claims-audit audit site/ drafts/newsletter.md --all
      claims-audit audit site/ --output html=out/report.html --fail-on error
      claims-audit audit site/ --family addiction --family regulatory --format jsonl
      pbpaste | claims-audit audit -

    \b
    Exit codes
      0  clean, or nothing at or above --fail-on
      1  findings at or above --fail-on
      2  a wrong option, configuration or catalogue
      3  incomplete: something could not be read (outranks 1)
    """
    from pipeline import config as settings

    loaded = settings.load(config)
    return _run(
        replace(
            loaded,
            targets=tuple(targets or loaded.everything),
            families=tuple(family or loaded.families),
            profile=profile or loaded.profile,
            catalogue=(*loaded.catalogue, *(catalogue or ())),
            format=chosen("--format", format or loaded.format, FORMATS),
            fail_on=chosen("--fail-on", fail_on or loaded.fail_on, FAIL_ON),
            show_from=chosen("--show-from", show_from or loaded.show_from, reversed(Severity)),
            all=all or loaded.all,
            show_unread=show_unread or loaded.show_unread,
            allow_incomplete=allow_incomplete or loaded.allow_incomplete,
            jobs=loaded.jobs if jobs is None else jobs,
            waivers=waivers or loaded.waivers,
            baseline=baseline or loaded.baseline,
            store=store or loaded.store,
            web={**loaded.web, **({"allow_private": True} if allow_private else {})},
            crawl={**loaded.crawl, **({"enabled": True} if crawl else {})},
        ),
        _outputs(output, loaded),
        _Screen(quiet=quiet, report=format is not None or not quiet, plain=no_colour),
    )


@dataclass(frozen=True, slots=True)
class _Screen:
    """What of the terminal may be used."""

    quiet: bool
    report: bool
    plain: bool

    @property
    def progress(self) -> bool:
        return sys.stderr.isatty() and not self.quiet


def _run(config: Config, files: list[Output], screen: _Screen) -> int:
    from pipeline import audit as flow
    from pipeline.outputs import Output, deliver
    from pipeline.suppressed import suppressed

    if not config.targets:
        raise UsageError("nothing to audit; name an address, a file or a folder, or - for standard input")
    use_utf8()
    at = now()
    wanted = [Output(config.format), *files] if screen.report else files
    rules = replace(make_rules(config, at), rewrites=any(one.format in _FOR_WRITERS for one in wanted))
    started = flow.start(
        list(config.targets), rules, source_options(config), site_limits(config), jobs=config.jobs, now=at
    )
    gc.freeze()  # what is loaded by now stays till the end: it need not be looked through again and again
    stream = suppressed(
        started.stream, started.context, at.date(), waivers=config.waivers, baseline=config.baseline
    )
    stream = _told(stream, started.tell)
    drawn = [(one, partial(_draw, one, started.context, config, screen, rules.rewrites)) for one in wanted]
    outcome = Outcome()
    with _progress(screen) as step:
        deliver(outcome.watch(stream, step), drawn, hold=screen.progress and sys.stdout.isatty())
    if not screen.report or config.format != "text":
        outcome.tell()
    return outcome.code(config.fail_on, config.allow_incomplete)


def _told(
    stream: Iterable[PageResult | Summary], tell: Callable[[PageResult], None]
) -> Iterator[PageResult | Summary]:
    """The stream as it is, each result told to the store before the next is asked for."""
    for item in stream:
        if isinstance(item, PageResult):
            tell(item)
        yield item


def source_options(config: Config) -> SourceOptions:
    """How pages are fetched, from the settings' tables."""
    from pipeline.sources import CrawlOptions, SourceOptions, World

    limits = dict(config.crawl)
    crawl = CrawlOptions(**limits) if limits.pop("enabled", False) else None
    store = Path(config.store) if config.store else None
    return SourceOptions(**config.web, crawl=crawl, store=store, world=World(now=now))


def site_limits(config: Config) -> dict[str, CrawlOptions]:
    """How far each listed site is crawled: its own limits over those of the table `[crawl]`."""
    from pipeline.sources import CrawlOptions

    shared = {key: value for key, value in config.crawl.items() if key != "enabled"}
    return {site.url: CrawlOptions(**{**shared, **site.limits}) for site in config.sites}


def _outputs(given: list[str] | None, config: Config) -> list[Output]:
    """Files to write: those of the command line, else those of the settings."""
    from pipeline.outputs import parse_output

    wanted = [parse_output(one) for one in given or (f"{name}={path}" for name, path in config.output)]
    paths = [one.path.resolve() for one in wanted if one.path]
    for path in paths:
        if paths.count(path) > 1:
            raise UsageError(f"--output: two reports are to go to {path}; give each a file of its own")
    return wanted


def _draw(
    output: Output,
    context: ReportContext,
    config: Config,
    screen: _Screen,
    rewrites: bool,
    stream: Iterable[PageResult | Summary],
) -> Iterator[str]:
    from reports import render

    shown = replace(
        context,
        show_supported=config.all,
        show_unread=config.show_unread,
        show_from=Severity(config.show_from),
        root=Path.cwd().as_posix(),
    )
    if rewrites and output.format not in _FOR_WRITERS:
        stream = _without_rewrites(stream)
    if output.path is None:
        shown = replace(shown, width=width(sys.stdout), colour=colour(sys.stdout, screen.plain))
    return render(output.format, stream, shown)


def _without_rewrites(stream: Iterable[PageResult | Summary]) -> Iterator[PageResult | Summary]:
    """The stream as it is where no writers' report is asked for: each report is the same, whatever others are."""
    for item in stream:
        if isinstance(item, PageResult) and any(one.rewrite for one in item.findings):
            yield replace(item, findings=tuple(replace(one, rewrite=None) for one in item.findings))
        else:
            yield item


@dataclass
class Outcome:
    """What came of a run, for the exit code."""

    summary: Summary | None = None
    skipped: list[Skipped] = field(default_factory=list)

    def watch(
        self, stream: Iterable[PageResult | Summary], step: Callable[[PageResult], None]
    ) -> Iterator[PageResult | Summary]:
        """The stream as it is, noted on its way."""
        for item in stream:
            if isinstance(item, Summary):
                self.summary = item
            else:
                step(item)
                if item.skipped:
                    self.skipped.append(item.skipped)
            yield item

    def tell(self) -> None:
        """What could not be read, on standard error, for those who do not see it in the report."""
        from reports.clean import one_line

        for page in self.skipped:
            named = page.reason if page.url in page.reason else f"{page.url}: {page.reason}"
            print(f"claims-audit: {one_line(named)}", file=sys.stderr)

    def code(self, fail_on: str, allow_incomplete: bool) -> int:
        """0 clean, 1 findings at or above `fail_on`, 3 incomplete (which outranks 1)."""
        if self.summary is None:
            return INCOMPLETE
        if not allow_incomplete and (self.summary.skipped or not self.summary.pages):
            return INCOMPLETE
        if fail_on == "never":
            return CLEAN
        least = Severity(fail_on).rank
        counts = self.summary.by_severity
        loud = any(counts.get(severity, 0) for severity in Severity if severity.rank >= least)
        return FINDINGS if loud else CLEAN


@contextmanager
def _progress(screen: _Screen) -> Iterator[Callable[[PageResult], None]]:
    """A line on standard error that counts pages and findings: on a terminal, on runs that take their time."""
    if not screen.progress:
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from reports.summary import is_active, issues
    from reports.wording import plural

    console = Console(stderr=True, no_color=screen.plain or None)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    bar = Progress(*columns, console=console, transient=True)
    task = bar.add_task("Loading the catalogue", total=None)
    pages = findings = 0

    def step(page: PageResult) -> None:
        nonlocal pages, findings
        pages += 1
        findings += sum(map(is_active, issues(page)))
        bar.update(task, description=f"{plural(pages, 'page')}, {plural(findings, 'finding')}")

    patience = Timer(_PATIENCE, bar.start)
    patience.daemon = True
    patience.start()
    try:
        yield step
    finally:
        patience.cancel()
        patience.join()
        bar.stop()
