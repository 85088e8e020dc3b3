"""The command line: arguments in, exit code out.

Only the module of the command that is asked for is imported, and each command imports what is heavy (spaCy,
requests, …) when it runs: `--help` and `--version` load none of it.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from claims.errors import ClaimsAuditError

NAME = "claims-audit"
CLEAN, FINDINGS, USAGE, INCOMPLETE = 0, 1, 2, 3
INTERRUPTED, BROKEN_PIPE = 130, 141

_ABOUT = """Audit the marketing pages of ketamine clinics: each claim with its verdict, its evidence, and
wording that would pass.

\b
  claims-audit audit https://clinic.example/     a page on the web
  claims-audit audit site/ draft.md              files and folders
  claims-audit audit site/ --output html=report.html
  claims-audit read "Ketamine cures depression." why a sentence gets its verdict
"""

_CLOSING = """\b
Exit codes: 0 clean; 1 findings at or above --fail-on; 2 a wrong option,
configuration or catalogue; 3 incomplete: something could not be read.

Not legal advice.
"""


@dataclass(frozen=True, slots=True)
class Command:
    """A line of `--help`, and the module that does the work."""

    name: str
    about: str

    @property
    def module(self) -> str:
        return f"pipeline.commands.{self.name}"


COMMANDS = (
    Command("audit", "Audit pages, files, folders or sites."),
    Command("read", "Show the claims in a text and the words that decided each."),
    Command("init", "Write a commented claims-audit.toml to start from."),
    Command("catalogue", "Look at, check and maintain the claims catalogue."),
    Command("baseline", "Accept what stands today, so that only what is new counts."),
    Command("diff", "Compare two runs or reports: new, fixed, unchanged."),
    Command("store", "List, export and purge what runs have kept."),
    Command("review", "Open the reviewer's application."),
    Command("lsp", "Serve findings to an editor."),
)


def main(argv: Sequence[str] | None = None) -> None:
    """Run, and leave the process with the exit code."""
    # Python leaves a stream that was closed before we began as None; what is written there goes nowhere.
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: PTH123, SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: PTH123, SIM115
    sys.exit(run(sys.argv[1:] if argv is None else argv))


def run(argv: Sequence[str]) -> int:
    """Run one command line. Whatever goes wrong is one clear line on standard error and an exit code."""
    try:
        outcome = _command(argv)(args=list(argv) or ["--help"], prog_name=NAME, standalone_mode=False)
        sys.stdout.flush()
    except ClaimsAuditError as error:
        return _fail(str(error), USAGE)
    except (BrokenPipeError, SystemExit):
        # Whoever read the report has gone (typer turns this into SystemExit, which nothing else does here);
        # nothing more may be written, at exit neither.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno() if sys.__stdout__ else 1)
        return BROKEN_PIPE
    except KeyboardInterrupt:
        return _fail("interrupted", INTERRUPTED)
    except typer.Abort:
        return _fail("aborted", INTERRUPTED)
    except Exception as error:
        return _unforeseen(error)
    if outcome == INTERRUPTED:
        return _fail("interrupted", INTERRUPTED)
    if not argv:
        return USAGE
    return outcome if isinstance(outcome, int) else CLEAN


def _unforeseen(error: Exception) -> int:
    """A bad option (typer says which) or a fault of ours; CLAIMS_AUDIT_DEBUG=1 shows the latter in full."""
    if type(error).__name__ == "NoArgsIsHelpError":
        print(error, file=sys.stderr)
        return USAGE
    if hasattr(error, "format_message"):
        message = " ".join(error.format_message().split())
        context = getattr(error, "ctx", None)
        path = context.command_path if context is not None else NAME
        return _fail(f"{message.rstrip('.')}; see '{path} --help'", USAGE)
    if os.environ.get("CLAIMS_AUDIT_DEBUG"):
        raise error
    said = " ".join(str(error).split())
    return _fail(
        f"stopped by a fault of its own ({type(error).__name__}: {said}); "
        "run again with CLAIMS_AUDIT_DEBUG=1 to see where, and report it",
        INCOMPLETE,
    )


def _fail(message: str, code: int) -> int:
    for line in message.splitlines() or [""]:
        print(f"{NAME}: {line}", file=sys.stderr)
    return code


def _command(argv: Sequence[str]) -> Callable[..., Any]:
    """The command line with the module of the command asked for; the others are a line of help each."""
    app = typer.Typer(
        name=NAME,
        help=_ABOUT,
        epilog=_CLOSING,
        rich_markup_mode=None,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    app.callback()(_top)
    wanted = next((word for word in argv if not word.startswith("-")), None)
    for command in COMMANDS:
        if command.name == wanted and importlib.util.find_spec(command.module):
            _mount(app, command)
        elif importlib.util.find_spec(command.module):
            app.command(command.name, help=command.about)(_unloaded)
    return typer.main.get_command(app)


def _mount(app: typer.Typer, command: Command) -> None:
    """A module has an `app` (a Typer of sub-commands) or a function by the name of the command."""
    module = importlib.import_module(command.module)
    if hasattr(module, "app"):
        module.app.rich_markup_mode = None
        app.add_typer(module.app, name=command.name, short_help=command.about)
    else:
        app.command(command.name, short_help=command.about)(getattr(module, command.name))


def _unloaded() -> None:
    """Stands for a command that was not asked for."""


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(NAME, version(NAME))
        raise typer.Exit


def _top(
    version: Annotated[
        bool,
        typer.Option("--version", help="Show the version and leave.", callback=_version, is_eager=True),
    ] = False,
) -> None:
    pass
