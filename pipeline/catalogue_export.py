"""The catalogue as a table, for people who do not open JSON."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from claims.catalogue import Catalogue, Entry
from claims.catalogue.describe import evidence_lines, limits_in_words, review_line, speaks_of
from reports.clean import one_line
from reports.markdown import escaped

COLUMNS = (
    "id",
    "title",
    "family",
    "speaks of",
    "standard",
    "strict",
    "severity",
    "why",
    "better",
    "evidence",
    "authorities",
    "jurisdictions",
    "status",
    "changes if",
)
_FORMULA = ("=", "+", "-", "@")


def rows(catalogue: Catalogue, entries: Iterable[Entry]) -> Iterator[tuple[str, ...]]:
    """One row an entry, in the order of COLUMNS."""
    for entry in entries:
        yield (
            entry.id,
            entry.title,
            entry.family.value,
            speaks_of(entry),
            "; ".join(limits_in_words(entry.limits["standard"])),
            "; ".join(limits_in_words(entry.limits["strict"])),
            entry.severity.value,
            entry.message,
            " / ".join(entry.approved_wording) or "remove the statement",
            " / ".join(f"{name}: {text}" for name, text in evidence_lines(catalogue, entry)),
            ", ".join(entry.authorities),
            ", ".join(entry.jurisdictions) or "everywhere",
            review_line(entry),
            entry.review.volatile or "",
        )


def as_csv(catalogue: Catalogue, entries: Iterable[Entry]) -> str:
    """With a byte order mark, so that spreadsheets read UTF-8; what would run as a formula is disarmed."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in rows(catalogue, entries):
        writer.writerow([_disarmed(one_line(cell)) for cell in row])
    return "\ufeff" + out.getvalue()


def _disarmed(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def as_markdown(catalogue: Catalogue, entries: Iterable[Entry]) -> str:
    """A heading a family, a section an entry."""
    lines = [
        f"# Claims catalogue\n\n{len(catalogue.entries)} entries, {catalogue.status}. Not legal advice.\n"
    ]
    family = ""
    for row in rows(catalogue, entries):
        cells = dict(zip(COLUMNS, row, strict=True))
        if cells["family"] != family:
            family = cells["family"]
            lines.append(f"\n## {escaped(family)}\n")
        lines.append(f"\n### {escaped(cells['title'])}\n\n")
        lines += [
            f"- **{name}:** {escaped(cells[name])}\n" for name in COLUMNS if name not in ("title", "family")
        ]
    return "".join(lines)
