"""What changed between two runs, and whether the copy, the catalogue or the program changed it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from textwrap import TextWrapper

from claims.errors import DataError, UsageError
from claims.fingerprint import fold
from claims.model import Audit, EntryCard, Finding, Omission, PageResult, State
from pipeline.aligned import renamed
from reports.issues import rule_of
from reports.summary import is_document, issues


class Kind(StrEnum):
    """What became of a finding, loudest first."""

    NEW = "new"
    WORSE = "worse"
    BETTER = "better"
    FIXED = "fixed"
    NOT_READ = "not_read"
    """It stood, and its page was not read this time."""
    UNCHANGED = "unchanged"


class Cause(StrEnum):
    COPY = "copy"
    CATALOGUE = "catalogue"
    PROGRAM = "program"
    SETTINGS = "settings"
    COVERAGE = "coverage"
    """The page was read in one of the runs only."""
    NONE = "none"


@dataclass(frozen=True)
class Side:
    """One of the two runs."""

    name: str
    audit: Audit
    entries: Mapping[str, EntryCard] = field(default_factory=dict)

    @cached_property
    def pages(self) -> dict[str, PageResult]:
        """Pages that were read, by URL."""
        return {one.url: one for one in self.audit.results if is_document(one)}

    @cached_property
    def items(self) -> dict[str, tuple[str, Finding | Omission]]:
        """Findings (supported ones too) and omissions with their page, by fingerprint."""
        return {
            one.fingerprint: (result.url, one)
            for result in self.audit.results
            for one in issues(result)
            if one.state is not State.FIXED
        }

    @cached_property
    def _texts(self) -> dict[str, str]:
        return {
            url: " | ".join(fold(block.text) for block in result.page.blocks) if result.page else ""
            for url, result in self.pages.items()
        }

    def says(self, url: str, statement: str) -> bool:
        """Whether the page carries the statement, whatever was made of it."""
        return fold(statement) in self._texts.get(url, "")

    def hash_of(self, url: str) -> str:
        result = self.pages.get(url)
        if result is None:
            return ""
        return (result.page.sha256 if result.page else "") or (
            result.snapshot.sha256 if result.snapshot else ""
        )


@dataclass(frozen=True, slots=True)
class Change:
    """One finding in both runs, or in one of them."""

    kind: Kind
    cause: Cause
    page: str
    before: Finding | Omission | None
    after: Finding | Omission | None

    @property
    def item(self) -> Finding | Omission:
        """The finding as it is now, or as it last was."""
        found = self.after or self.before
        if found is None:
            raise ValueError("a change is of something")
        return found


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that is flagged in either run."""

    old: Side
    new: Side
    changes: tuple[Change, ...]

    def of(self, kind: Kind) -> tuple[Change, ...]:
        return tuple(one for one in self.changes if one.kind is kind)

    def counts(self) -> dict[str, int]:
        """Kind to number, every kind named."""
        return {kind.value: len(self.of(kind)) for kind in Kind}


def compare(old: Side, new: Side) -> Comparison:
    """Changes in the order of the new run, then what stood only in the old one.

    Runs over the same files under other names are laid side by side.
    """
    moved = renamed(old.audit.results, new.audit.results)
    old = replace(old, audit=replace(old.audit, results=moved))
    order = list(dict.fromkeys((*new.items, *old.items)))
    changes = [change for key in order if (change := _change(key, old, new))]
    return Comparison(old, new, tuple(changes))


def _change(key: str, old: Side, new: Side) -> Change | None:
    page, before = old.items.get(key, ("", None))
    page, after = new.items.get(key, (page, None))
    was, now = _badness(before), _badness(after)
    if not (was or now):
        return None
    kind = _kind(was, now)
    if kind is Kind.FIXED and page not in new.pages:
        kind = Kind.NOT_READ
    if kind is Kind.UNCHANGED:
        return Change(kind, Cause.NONE, page, before, after)
    return Change(kind, _cause(page, before, after, old, new), page, before, after)


def _badness(item: Finding | Omission | None) -> int:
    """0 for what is not flagged."""
    if item is None:
        return 0
    return item.verdict.badness if isinstance(item, Finding) else 1


def _kind(was: int, now: int) -> Kind:
    if not was:
        return Kind.NEW
    if not now:
        return Kind.FIXED
    if was == now:
        return Kind.UNCHANGED
    return Kind.WORSE if now > was else Kind.BETTER


def _cause(
    page: str, before: Finding | Omission | None, after: Finding | Omission | None, old: Side, new: Side
) -> Cause:
    if page not in old.pages or page not in new.pages:
        return Cause.COVERAGE
    if not _same_copy(page, before, after, old, new):
        return Cause.COPY
    cause = _data_cause(before, after, old, new)
    if cause:
        return cause
    if old.hash_of(page) != new.hash_of(page):
        return Cause.COPY  # the statement stands, but what it is read with has changed
    return Cause.SETTINGS


def _same_copy(
    page: str, before: Finding | Omission | None, after: Finding | Omission | None, old: Side, new: Side
) -> bool:
    """Whether the words that the finding speaks of stand in both versions of the page."""
    if before is not None and after is not None:
        return True
    item = after or before
    if isinstance(item, Finding):
        return (old if before is None else new).says(page, item.claim.quote)
    return old.hash_of(page) == new.hash_of(page) != ""


def _data_cause(
    before: Finding | Omission | None, after: Finding | Omission | None, old: Side, new: Side
) -> Cause | None:
    """Catalogue or program, where either has changed."""
    was, now = old.audit.versions, new.audit.versions
    program = (was.program, was.language) != (now.program, now.language)
    if was.catalogue == now.catalogue:
        return Cause.PROGRAM if program else None
    if not program:
        return Cause.CATALOGUE
    # Both changed: the catalogue did it if the entry that decides is another one, or has another content.
    rules = {rule_of(one) for one in (before, after) if one is not None}
    changed = len(rules) > 1 or any(_version(old, rule) != _version(new, rule) for rule in rules)
    return Cause.CATALOGUE if changed else Cause.PROGRAM


def _version(side: Side, entry: str) -> str:
    card = side.entries.get(entry)
    return card.version if card else ""


def side_of(name: str, store: str | Path | None) -> Side:
    """A run by the file of its JSON report, or by its id in the store. The errors name the remedy."""
    path = Path(name)
    if path.exists() or _looks_like_a_file(name):
        return read_side(path)
    if store is None:
        raise UsageError(
            f"{name}: no such file, and no store to look for a run in; name a report written with "
            "--format json, or give --store DIR"
        )
    return stored_side(name, Path(store))


def _looks_like_a_file(name: str) -> bool:
    return name.endswith(".json") or "/" in name


def stored_side(name: str, folder: Path) -> Side:
    """A finished run of a store by its id, or by the beginning of one."""
    from pipeline.store import Store
    from pipeline.store.database import FILE

    if not (folder / FILE).is_file():
        raise UsageError(f"{folder}: no store there; an audit with --store {folder} makes one")
    store = Store(folder)
    try:
        found = store.load(name)
    finally:
        store.close()
    return Side(f"run {found.audit.run_id}", found.audit, found.entries)


def read_side(path: Path) -> Side:
    """A run from a json report; DataError names the file and the remedy."""
    from reports import json as json_report

    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        remedy = "name a report written with --format json"
        raise DataError([f"{path}: cannot be read ({error.strerror}); {remedy}"]) from None
    except UnicodeDecodeError:
        raise DataError([f"{path}: not UTF-8 text; name a report written with --format json"]) from None
    loaded = json_report.loads(text, str(path))
    return Side(str(path), loaded.audit, loaded.entries)


def lines(comparison: Comparison, columns: int = 80) -> Iterator[str]:
    """The comparison for a person: what is new or worse first, each with its cause."""
    for line in _said(comparison):
        indent = " " * (len(line) - len(line.lstrip()))
        wrap = TextWrapper(
            columns, subsequent_indent=f"{indent}  ", break_on_hyphens=False, break_long_words=False
        )
        yield from wrap.wrap(line) or [""]


def _said(comparison: Comparison) -> Iterator[str]:
    from reports.clean import one_line
    from reports.wording import caveat, omission_title

    yield f"Before: {_headed(comparison.old)}"
    yield f"After:  {_headed(comparison.new)}"
    for kind in Kind:
        found = comparison.of(kind)
        if not found or kind is Kind.UNCHANGED:
            continue
        yield ""
        yield f"{kind.value.replace('_', ' ').capitalize()} ({len(found):,})"
        for change in found:
            item = change.item
            said = f"“{item.claim.quote}”" if isinstance(item, Finding) else omission_title(item.kind)
            yield f"  {one_line(change.page)}"
            yield f"    {one_line(said)}"
            yield f"    {_step(change)}; {_BECAUSE[change.cause]}"
    yield ""
    yield ", ".join(f"{number:,} {name.replace('_', ' ')}" for name, number in comparison.counts().items())
    yield caveat(comparison.new.audit)


_BECAUSE = {
    Cause.COPY: "the copy changed",
    Cause.CATALOGUE: "the catalogue changed",
    Cause.PROGRAM: "the program changed",
    Cause.SETTINGS: "the settings changed",
    Cause.COVERAGE: "the page was read in one of the runs only",
    Cause.NONE: "nothing changed",
}


def _headed(side: Side) -> str:
    from reports.clean import one_line

    run = side.audit
    versions = f"program {run.versions.program}, catalogue {run.versions.catalogue}"
    return one_line(f"{side.name} ({run.started_at}; {versions}, language {run.versions.language})")


def _step(change: Change) -> str:
    """ "onset: supported → overstated"."""
    family = change.item.claim.family.value if isinstance(change.item, Finding) else "page"
    return f"{family}: {_verdict(change.before)} → {_verdict(change.after)}"


def _verdict(item: Finding | Omission | None) -> str:
    if item is None:
        return "not there"
    return item.verdict.value if isinstance(item, Finding) else "left out"


def as_data(comparison: Comparison) -> dict[str, object]:
    """The comparison as plain data for JSON."""
    return {
        "schema_version": "1",
        "before": {"name": comparison.old.name, "versions": comparison.old.audit.versions},
        "after": {"name": comparison.new.name, "versions": comparison.new.audit.versions},
        "counts": comparison.counts(),
        "changes": [
            {
                "kind": one.kind,
                "cause": one.cause,
                "page": one.page,
                "fingerprint": one.item.fingerprint,
                "rule": rule_of(one.item),
                "severity": one.item.severity,
                "before": _verdict(one.before),
                "after": _verdict(one.after),
                "statement": one.item.claim.quote if isinstance(one.item, Finding) else one.item.kind,
            }
            for one in comparison.changes
        ],
    }
