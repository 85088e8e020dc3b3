"""`claims-audit catalogue`: look at, check and maintain the claims catalogue."""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from claims.errors import DataError, UsageError
from claims.model import Family
from pipeline.commands.options import Catalogues, ConfigFile, chosen, now, use_utf8, width

if TYPE_CHECKING:
    from claims.catalogue import Catalogue, Entry

FAULTS, FOUND = 2, 1
_LABEL = 13
_STATUSES = ("provisional", "signed", "void", "retired")
_FORMATS = ("csv", "markdown")

app = typer.Typer(
    no_args_is_help=True,
    help="Look at, check and maintain the claims catalogue.",
    epilog="Exit codes: 0 in order; 1 an example fails or an entry is overdue; 2 a fault in the catalogue.",
    context_settings={"help_option_names": ["-h", "--help"]},
)

EntryId = Annotated[
    str, typer.Argument(metavar="ID", help="Id of an entry; the part behind the slash will do.")
]
FamilyName = Annotated[
    str | None, typer.Option("--family", metavar="NAME", help="Entries of this family only.")
]


@app.callback()
def _about() -> None:
    use_utf8()


@app.command()
def validate(catalogue: Catalogues = None, config: ConfigFile = None) -> None:
    """Check every file: schema, references, and entries that rival each other; the language data too.

    Each fault is one line: file, line, column, JSON pointer, what is wrong, what to do.
    """
    from claims import language_check
    from claims.catalogue import load_catalogue

    problems = language_check.validate()
    try:
        found = load_catalogue("ketamine", _folders(catalogue, config), validate_shipped=True)
    except DataError as error:
        raise DataError([*error.problems, *problems]) from error
    if problems:
        raise DataError(problems)
    kinds, phrases, frames = language_check.counts()
    unconfirmed = sum(not fact.confirmed for fact in found.evidence.values())
    families = len({entry.family for entry in found.entries.values()})
    print(f"{len(found.entries)} entries in {families} families: no faults")
    print(f"{len(found.evidence)} facts, {unconfirmed} not confirmed; catalogue {found.hash}, {found.status}")
    print(f"{phrases} phrases of {kinds} kinds, {frames} frames: no faults")


@app.command("list")
def list_entries(
    family: FamilyName = None,
    condition: Annotated[
        str | None, typer.Option("--condition", metavar="ID", help="Entries that speak of this condition.")
    ] = None,
    status: Annotated[
        str | None,
        typer.Option("--status", metavar="NAME", help=f"Entries with this status: {', '.join(_STATUSES)}."),
    ] = None,
    due: Annotated[
        str | None, typer.Option("--due", metavar="TIME", help="Entries due within this time, such as 90d.")
    ] = None,
    propositions: Annotated[
        bool, typer.Option("--propositions", help="List what the extractor can find instead.")
    ] = False,
    catalogue: Catalogues = None,
    config: ConfigFile = None,
) -> None:
    """List entries: id, ceiling under both profiles, status, due date, title."""
    if propositions:
        sys.stdout.writelines(f"{line}\n" for line in _proposition_lines(family, width(sys.stdout)))
        return
    found = _load(catalogue, config)
    entries = list(_chosen(found, family, condition, status, due))
    sys.stdout.writelines(f"{line}\n" for line in _listed(entries, width(sys.stdout)))
    print(f"{len(entries)} of {len(found.entries)} entries")


@app.command()
def show(entry_id: EntryId, catalogue: Catalogues = None, config: ConfigFile = None) -> None:
    """Show one entry as a page: limits, why, evidence, wording that passes, examples, review."""
    from claims.catalogue.describe import page
    from reports.clean import visible

    found = _load(catalogue, config)
    entry = _entry(found, entry_id)
    columns = width(sys.stdout)
    for i, (label, text) in enumerate(page(found, entry)):
        if i == 0:
            print(f"{label}\n{visible(text)}\n")
            continue
        print(
            textwrap.fill(
                visible(text), columns, initial_indent=f"{label:<{_LABEL}}", subsequent_indent=" " * _LABEL
            )
        )


@app.command("test")
def run_tests(
    entry_ids: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID]...",
            help="What to test: ids of entries; frames, frames/FAMILY or frames/FAMILY/NAME for language frames. "
            "All of both where none is given.",
        ),
    ] = None,
    catalogue: Catalogues = None,
    config: ConfigFile = None,
) -> None:
    """Run the examples of entries and frames, and the approved wording, through the real reading and checking.

    \b
      claims-audit catalogue test
      claims-audit catalogue test onset-immediate --catalogue house-rules
      claims-audit catalogue test frames/onset
    """
    from pipeline import frame_examples
    from pipeline.examples import run_examples
    from reports.wording import plural

    found = _load(catalogue, config)
    named = entry_ids or []
    frames = tuple(frame_examples.check(i) for i in named if i.split("/")[0] == frame_examples.PREFIX)
    entries = [_entry(found, i) for i in named if i.split("/")[0] != frame_examples.PREFIX]
    if not named:
        frames, entries = (frame_examples.PREFIX,), list(found.entries.values())
    outcomes = list(run_examples(found, entries, now().date()))
    of_frames = list(frame_examples.run_frames(frames))
    tried = [f"{plural(len(entries), 'entry', 'entries')}, {plural(len(outcomes), 'text')}"] * bool(entries)
    tried += [
        f"{plural(len({o.entry for o in of_frames}), 'frame')}, {plural(len(of_frames), 'text')}"
    ] * bool(frames)
    outcomes += of_frames
    failed = [outcome for outcome in outcomes if outcome.problem]
    for outcome in failed:
        print(f"{outcome.entry} {outcome.kind} {outcome.position + 1}: “{outcome.text}” {outcome.problem}")
    print(f"{'; '.join(tried)}: {len(failed) or 'none'} failed")
    if failed:
        raise typer.Exit(FOUND)


@app.command()
def due(
    within: Annotated[
        str, typer.Option("--within", metavar="TIME", help="How far ahead to look: 90d, 12w, 6m.")
    ] = "90d",
    catalogue: Catalogues = None,
    config: ConfigFile = None,
) -> None:
    """List what needs review, overdue entries first; exit code 1 where an entry is overdue."""
    found, today = _load(catalogue, config), now().date()
    waiting = sorted(_chosen(found, None, None, None, within), key=lambda e: (e.review.due, e.id))
    for entry in waiting:
        state = "OVERDUE" if entry.review.due < today else "due"
        print(f"{entry.review.due} {state:7} {entry.id}")
        if entry.review.volatile:
            print(_indented(f"changes if: {entry.review.volatile}", width(sys.stdout)))
    overdue = sum(entry.review.due < today for entry in waiting)
    print(f"{len(waiting)} of {len(found.entries)} entries due within {within}, {overdue} overdue")
    if overdue:
        raise typer.Exit(FOUND)


@app.command()
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="A catalogue folder, or shipped.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="A catalogue folder, or shipped.")],
    alone: Annotated[
        bool,
        typer.Option("--alone", help="Take each folder for a whole catalogue, not laid over what ships."),
    ] = False,
) -> None:
    """Compare two catalogues: entries added, removed, tightened, loosened, reworded."""
    from claims.catalogue.diff import differences

    found = list(differences(_operand(old, alone), _operand(new, alone)))
    for change in found:
        details = f" ({'; '.join(change.details)})" if change.details else ""
        print(f"{change.change:9} {change.entry}{details}")
    counts = {change.change: sum(d.change is change.change for d in found) for change in found}
    print(", ".join(f"{count} {kind}" for kind, count in counts.items()) or "no differences")


@app.command()
def sign(
    entry_id: EntryId,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who has reviewed the entry.")],
    note: Annotated[str | None, typer.Option("--note", metavar="TEXT", help="A remark to keep.")] = None,
    catalogue: Catalogues = None,
    config: ConfigFile = None,
) -> None:
    """Record that a person has reviewed an entry as it stands.

    The record goes into signatures.json of your own catalogue folder (the last one given). Whoever edits the
    entry or its evidence afterwards voids the signature, and reports say so.
    """
    from claims.catalogue.load import load_catalogue
    from claims.catalogue.signatures import sign as record

    if len(by.strip()) < 2:
        raise UsageError("--by: name the person who has reviewed the entry")
    folders = _folders(catalogue, config)
    entry = _entry(load_catalogue("ketamine", folders), entry_id)
    signature = record(_own(folders), entry, by, now().date(), note)
    print(f"{entry.id}: signed by {signature.by} on {signature.on}, content {signature.content_hash[:12]}")


@app.command()
def new(
    family: Annotated[str, typer.Argument(metavar="FAMILY", help=f"One of {', '.join(Family)}.")],
    name: Annotated[
        str, typer.Option("--name", metavar="NAME", help="Short name of the entry, such as onset-my-rule.")
    ] = "",
    proposition: Annotated[
        str | None,
        typer.Option(
            "--proposition", metavar="NAME", help="What is claimed; list --propositions shows them."
        ),
    ] = None,
    catalogue: Catalogues = None,
    config: ConfigFile = None,
) -> None:
    """Begin an entry: a skeleton that validates once every TODO is filled in.

    With a catalogue folder of your own it is added to the family's file there, else printed.
    """
    from claims.catalogue.skeleton import add_to_folder, document, skeleton

    wanted = Family(chosen("FAMILY", family, Family))
    known = _propositions()[wanted]
    what = chosen("--proposition", proposition, known) if proposition else next(iter(known))
    slug = name.rpartition("/")[2] or f"{wanted}-new"
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
        raise UsageError(
            f"--name {name!r}: use lower-case letters, digits and hyphens, as in {wanted}-my-rule"
        )
    entry = skeleton("ketamine", slug, what, now().date())
    folders = _folders(catalogue, config)
    schema = _schema_address()
    if not folders:
        print(document(wanted, [entry], schema), end="")
        return
    path = add_to_folder(_own(folders), wanted, entry, schema)
    print(f"{path}: added {entry['id']}; fill in every TODO, then run claims-audit catalogue validate")


@app.command()
def export(
    form: Annotated[str, typer.Option("--format", metavar="NAME", help="csv or markdown.")] = "csv",
    output: Annotated[
        str | None,
        typer.Option("--output", metavar="PATH", help="File to write; standard output where not given."),
    ] = None,
    family: FamilyName = None,
    catalogue: Catalogues = None,
    config: ConfigFile = None,
) -> None:
    """Write the entries as a table, for a meeting."""
    from pipeline.catalogue_export import as_csv, as_markdown

    found = _load(catalogue, config)
    entries = list(_chosen(found, family, None, None, None))
    render = as_csv if chosen("--format", form, _FORMATS) == "csv" else as_markdown
    text = render(found, entries)
    if output is None:
        print(text, end="")
        return
    try:
        Path(output).write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise UsageError(f"--output {output}: cannot be written ({error.strerror})") from error
    print(f"{output}: {len(entries)} entries")


def _folders(given: list[str] | None, config: str | None) -> tuple[str, ...]:
    from pipeline import config as settings

    return tuple(dict.fromkeys((*settings.load(config).catalogue, *(given or ()))))


def _load(given: list[str] | None, config: str | None) -> Catalogue:
    from claims.catalogue import load_catalogue

    return load_catalogue("ketamine", _folders(given, config))


def _own(folders: tuple[str, ...]) -> str:
    if not folders:
        raise UsageError(
            "no catalogue folder of your own: give --catalogue DIR, or name one in claims-audit.toml; "
            "what ships is not written to"
        )
    return folders[-1]


def _entry(catalogue: Catalogue, name: str) -> Entry:
    from claims.near import hint

    full = name if "/" in name else f"{catalogue.treatment}/{name}"
    if full not in catalogue.entries:
        remedy = hint(full, catalogue.entries, "claims-audit catalogue list shows them")
        raise UsageError(f"{name}: there is no such entry; {remedy}")
    return catalogue.entries[full]


def _operand(name: str, alone: bool) -> dict[str, Entry]:
    from claims.catalogue.load import folder_entries, load_catalogue

    if name == "shipped":
        return dict(load_catalogue("ketamine").entries)
    return folder_entries("ketamine", name) if alone else dict(load_catalogue("ketamine", (name,)).entries)


def _chosen(
    catalogue: Catalogue, family: str | None, condition: str | None, status: str | None, due_in: str | None
) -> Iterator[Entry]:
    """Entries that every filter given lets through."""
    from claims.catalogue.select import condition_tokens

    wanted = chosen("--family", family, Family) if family else None
    tokens = (
        set(condition_tokens(catalogue, chosen("--condition", condition, _conditions(catalogue))))
        if condition
        else None
    )
    state = chosen("--status", status, _STATUSES) if status else None
    last = date.max if due_in is None else now().date() + _span(due_in)
    for entry in catalogue.entries.values():
        if (
            (wanted is None or entry.family == wanted)
            and (tokens is None or not tokens.isdisjoint(entry.conditions))
            and (state is None or entry.review.status == state)
            and entry.review.due <= last
        ):
            yield entry


def _conditions(catalogue: Catalogue) -> Iterable[str]:
    return sorted(catalogue.conditions)


def _span(text: str) -> timedelta:
    """`90d`, `12w`, `6m` (of thirty days), `1y`."""
    match = re.fullmatch(r"(\d{1,4})([dwmy])", text)
    if match is None:
        raise UsageError(f"{text!r}: give a time such as 90d, 12w, 6m or 1y")
    return timedelta(days=int(match[1]) * {"d": 1, "w": 7, "m": 30, "y": 365}[match[2]])


def _short(name: str) -> str:
    return name.rpartition("/")[2]


def _listed(entries: list[Entry], columns: int) -> Iterator[str]:
    """A line for each entry where all fit the width; else each title below its entry."""
    wide = max((len(_short(e.id)) for e in entries), default=0)
    heads = [
        f"{_short(e.id):{wide}}  {_ceilings(e)}  {e.review.status:11}  {e.review.due.isoformat()}"
        for e in entries
    ]
    fit = all(len(head) + 2 + len(e.title) <= columns for head, e in zip(heads, entries, strict=True))
    for head, entry in zip(heads, entries, strict=True):
        yield f"{head}  {entry.title}" if fit else f"{head}\n{_indented(entry.title, columns)}"


def _indented(text: str, columns: int) -> str:
    return textwrap.fill(text, columns, initial_indent="    ", subsequent_indent="    ")


def _ceilings(entry: Entry) -> str:
    from claims.catalogue.describe import ceiling

    return f"{ceiling(entry.limits['standard']):>2} {ceiling(entry.limits['strict']):>2}"


def _propositions() -> dict[Family, dict[str, str]]:
    import json
    from importlib.resources import files

    text = files("claims").joinpath("language", "propositions.json").read_text(encoding="utf-8")
    data = json.loads(text)
    return {family: data[family] for family in Family}


def _proposition_lines(family: str | None, columns: int) -> Iterator[str]:
    wanted = [Family(chosen("--family", family, Family))] if family else list(Family)
    for name in wanted:
        yield str(name)
        for proposition, meaning in _propositions()[name].items():
            head = f"  {proposition:26} "
            yield textwrap.fill(meaning, columns, initial_indent=head, subsequent_indent=" " * len(head))


def _schema_address() -> str:
    """Where an editor finds the entry schema of the program that is installed."""
    from importlib.resources import as_file, files

    with as_file(files("claims").joinpath("schemas", "entry.schema.json")) as path:
        return path.resolve().as_uri()
