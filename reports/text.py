"""Findings for a person at a terminal, page by page in reading order, then a table of counts."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import TYPE_CHECKING

from claims.model import Finding, Note, Omission, PageResult, Summary, Verdict
from reports.clean import one_line, visible
from reports.context import ReportContext, Stream
from reports.marks import deciding, pieces
from reports.summary import is_active, notes_of
from reports.wording import (
    VERDICTS,
    advice,
    caveat,
    cited,
    omission_title,
    plural,
    severities,
    suppression,
    why_unread,
)

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

_STYLE = {
    Verdict.CONTRADICTED: "bold red",
    Verdict.UNSUPPORTED: "bold magenta",
    Verdict.OVERSTATED: "bold yellow",
    Verdict.SUPPORTED: "green",
}
_LABEL = 11
_INDENT = 2


def render(stream: Stream, context: ReportContext) -> Iterator[str]:
    """Plain text of `context.width` columns; colour only where the context asks for it."""
    printer = _Printer(context)
    said: set[tuple[str, str]] = set()
    for note in context.run.notes:
        said.add((note.code, note.text))
        yield printer.note(note)
    for item in stream:
        if isinstance(item, Summary):
            yield from printer.closing(item)
            return
        yield from printer.page(item, said)


class _Printer:
    """Draws with rich into strings; holds nothing between pages."""

    def __init__(self, context: ReportContext) -> None:
        self._context = context

    def _draw(self, *parts: RenderableType) -> str:
        from rich.console import Console

        console = Console(
            file=StringIO(),
            width=self._context.width,
            force_terminal=self._context.colour,
            color_system="standard" if self._context.colour else None,
            no_color=not self._context.colour,
            force_jupyter=False,
            force_interactive=False,
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
            _environ={},
        )
        for part in parts:
            console.print(part)
        drawn = console.file.getvalue()  # type: ignore[attr-defined]
        return "".join(line.rstrip() + "\n" for line in drawn.splitlines())

    def _row(self, label: str, body: str | Text) -> RenderableType:
        """A label in its column and wrapped text beside it."""
        from rich.table import Table
        from rich.text import Text

        grid = Table.grid(padding=0)
        grid.add_column(width=_INDENT + _LABEL, no_wrap=True)
        grid.add_column(ratio=1, overflow="fold")
        grid.add_row(Text(" " * _INDENT + label, style="dim"), Text(body) if isinstance(body, str) else body)
        grid.expand = True
        return grid

    def page(self, result: PageResult, said: set[tuple[str, str]]) -> Iterator[str]:
        """Everything of one page; nothing for a page with nothing to say."""
        findings = [one for one in result.findings if self._shown(one)]
        omissions = [one for one in result.omissions if self._shown(one)]
        notes = [one for one in notes_of(result) if (one.code, one.text) not in said]
        unread = result.unread if self._context.show_unread else ()
        if not (result.skipped or findings or omissions or notes or unread):
            return
        if result.url:
            yield self._heading(result)
        if result.skipped:
            yield self._draw(self._row("not read", one_line(why_unread(result.skipped))), "")
        for finding in findings:
            yield self._finding(finding)
        for omission in omissions:
            yield self._omission(omission)
        for note in notes:
            said.add((note.code, note.text))
            yield self.note(note)
        for block in unread:
            seen = f" (saw {', '.join(block.seen)})" if block.seen else ""
            place = f"line {block.line}: " if block.line else ""
            yield self._draw(self._row("unread", one_line(f"{place}{block.text}{seen}")), "")

    def _shown(self, item: Finding | Omission) -> bool:
        if isinstance(item, Finding) and not item.verdict.flagged:
            return self._context.show_supported
        if not is_active(item):
            return self._context.show_supported
        return item.severity.rank >= self._context.show_from.rank

    def _heading(self, result: PageResult) -> str:
        from rich.text import Text

        line = Text(one_line(result.url), style="bold")
        if result.page and result.page.title:
            line.append(f"  {one_line(result.page.title)}", style="not bold dim")
        line.truncate(self._context.width, overflow="ellipsis")
        return self._draw(line, Text("-" * min(self._context.width, max(line.cell_len, 8)), style="dim"), "")

    def _finding(self, finding: Finding) -> str:
        from rich.text import Text

        claim = finding.claim
        head = Text(" " * _INDENT)
        if finding.line is not None:
            head.append(f"line {finding.line}  ")
        head.append(finding.verdict.value, style=_STYLE[finding.verdict])
        if finding.verdict.flagged:
            head.append(f" ({finding.severity.value})", style="dim")
        head.append(f"  {claim.family.value}: {', '.join(finding.propositions)}")
        strength = f"{claim.strength.name} {claim.strength.label}"
        if finding.allowed is not None:
            strength += f", allowed up to {finding.allowed.name} {finding.allowed.label}"
        rows = [head, self._row("says", self._quote(finding)), self._row("why", one_line(finding.reason))]
        rows.append(self._row("strength", strength))
        if finding.entry or finding.verdict.flagged:
            rows.append(self._row("entry", finding.entry or "none carries this claim"))
        rows += [self._row("evidence", self._cited(one)) for one in finding.evidence[:2]]
        rows += [self._row(label, one_line(text)) for label, text in self._advice(finding)]
        if finding.suppression:
            rows.append(self._row("suppressed", one_line(suppression(finding.suppression))))
        return self._draw(*rows, "")

    def _quote(self, finding: Finding) -> Text:
        """The statement with the deciding words in brackets, or underlined where there is colour."""
        from rich.text import Text

        text = Text()
        for piece, marked in pieces(visible(finding.claim.quote).replace("\n", " "), deciding(finding)):
            if self._context.colour:
                text.append(piece, style="underline bold" if marked else "")
            else:
                text.append(f"[{piece}]" if marked else piece)
        return text

    def _cited(self, identifier: str) -> str:
        return one_line(cited(identifier, self._context.evidence.get(identifier)))

    def _advice(self, finding: Finding) -> Iterator[tuple[str, str]]:
        if finding.verdict.flagged:
            yield "better", advice(finding)[1]

    def _omission(self, omission: Omission) -> str:
        from rich.text import Text

        head = Text()
        head.append(omission_title(omission.kind), style="bold yellow")
        head.append(f" ({omission.severity.value})", style="dim")
        rows: list[RenderableType] = [self._row("page", head), self._row("why", one_line(omission.reason))]
        rows += [self._row("evidence", self._cited(one)) for one in omission.evidence[:2]]
        if omission.suggestions:
            rows.append(self._row("add", one_line(omission.suggestions[0])))
        if omission.suppression:
            rows.append(self._row("suppressed", one_line(suppression(omission.suppression))))
        return self._draw(*rows, "")

    def note(self, note: Note) -> str:
        return self._draw(self._row("note", one_line(note.text)), "")

    def closing(self, summary: Summary) -> Iterator[str]:
        """The table of counts, and the line on what this is not."""
        from rich.box import ASCII
        from rich.table import Table
        from rich.text import Text

        table = Table(box=ASCII, show_header=True, header_style="")
        table.add_column("verdict")
        table.add_column("claims", justify="right")
        table.add_column("meaning", overflow="fold")
        for verdict in reversed(Verdict):
            number = summary.by_verdict.get(verdict.value, 0)
            table.add_row(Text(verdict.value, style=_STYLE[verdict]), f"{number:,}", VERDICTS[verdict])
        read = f"{plural(summary.pages, 'page')} read, {summary.skipped:,} not read; "
        read += f"{plural(summary.claims, 'claim')}, {plural(summary.omissions, 'omission')}."
        count = f"{severities(summary.by_severity)}; {summary.suppressed:,} suppressed."
        if summary.unread:
            count += f" {plural(summary.unread, 'block')} unread."
        yield self._draw(table, Text(read), Text(count, style="bold"), Text(caveat(self._context.run)))
