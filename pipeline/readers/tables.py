"""What table cells are read with: column header, row label, and the myth that a fact answers."""

from __future__ import annotations

from dataclasses import dataclass, field

from claims.model import BlockKind
from pipeline.readers.draft import Draft, ends_sentence
from pipeline.readers.structure import framing_label, is_label_only

_MAX_HEADER_WORDS = 8
_MAX_SPAN = 100


@dataclass(slots=True)
class Cell:
    """One cell: where it stands, and which drafts it gave (a range of the reader's list)."""

    row: int
    column: int
    header: bool
    first: int
    last: int = -1


@dataclass(slots=True)
class Table:
    """A table while it is being read."""

    layout: bool = False
    cells: list[Cell] = field(default_factory=list)
    row: int = -1
    column: int = 0
    held: dict[int, int] = field(default_factory=dict)
    """Columns that a cell from above still fills, with the last row it fills."""

    def begin_row(self) -> None:
        self.row += 1
        self.column = 0

    def begin_cell(self, header: bool, first: int, columns: int = 1, rows: int = 1) -> Cell:
        """Note a cell that begins; `first` is the index of the first draft it will give."""
        if self.row < 0:
            self.begin_row()
        while self.held.get(self.column, -1) >= self.row:
            self.column += 1
        cell = Cell(self.row, self.column, header, first)
        columns = min(max(columns, 1), _MAX_SPAN)
        if rows > 1:
            for column in range(self.column, self.column + columns):
                self.held[column] = self.row + min(rows, 1000) - 1
        self.column += columns
        self.cells.append(cell)
        return cell


def finish(table: Table, drafts: list[Draft]) -> None:
    """Fill in labels, or turn the cells into paragraphs where the table only lays out the page."""
    cells = [cell for cell in table.cells if cell.first < cell.last]
    if table.layout or len({cell.column for cell in cells}) < 2 or _holds_sections(cells, drafts):
        for cell in cells:
            for draft in drafts[cell.first : cell.last]:
                if draft.kind is BlockKind.TABLE_CELL:
                    draft.kind = BlockKind.PARAGRAPH
        return
    headers = _headers(cells, drafts)
    rows: dict[int, list[Cell]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append(cell)
    for row in rows.values():
        if not all(cell.column in headers and headers[cell.column][0] is cell for cell in row):
            _label_row(row, headers, drafts)


def _holds_sections(cells: list[Cell], drafts: list[Draft]) -> bool:
    return any(0 < draft.level < 7 for cell in cells for draft in drafts[cell.first : cell.last])


def _text(cell: Cell, drafts: list[Draft]) -> str:
    return " ".join(draft.text for draft in drafts[cell.first : cell.last])


def _headers(cells: list[Cell], drafts: list[Draft]) -> dict[int, tuple[Cell, str]]:
    """The header of each column: cells of the first row, if that row is one of headers."""
    first_row = min(cell.row for cell in cells)
    top = [cell for cell in cells if cell.row == first_row]
    if len(top) == len(cells):
        return {}
    named = [cell for cell in top if cell.header] or _bold(top, cells, drafts)
    if len(named) < len(top) - 1 or not named:
        framed = [cell for cell in top if is_label_only(_text(cell, drafts))]
        if len(framed) < 2:
            return {}
    return {cell.column: (cell, _text(cell, drafts)) for cell in top}


def _bold(top: list[Cell], cells: list[Cell], drafts: list[Draft]) -> list[Cell]:
    """The first row's cells, where they alone are set in bold."""
    set_off = [all(draft.bold for draft in drafts[cell.first : cell.last]) for cell in top]
    others = (cell for cell in cells if cell.row != top[0].row and cell.column != top[0].column)
    plain = any(not draft.bold for cell in others for draft in drafts[cell.first : cell.last])
    return top if all(set_off) and plain else []


def _label_row(row: list[Cell], headers: dict[int, tuple[Cell, str]], drafts: list[Draft]) -> None:
    row_label = _row_label(row, headers, drafts)
    myth: str | None = None
    for cell in row:
        header = headers[cell.column][1] if cell.column in headers else None
        framing = framing_label(header) if header else None
        is_label = row_label is not None and cell is row[0]
        parts = [part for part in (None if is_label else row_label, header) if part]
        for draft in drafts[cell.first : cell.last]:
            draft.label = draft.label or " | ".join(parts) or None
            draft.framing_label = draft.framing_label or framing
            if framing == "fact" and myth and draft.previous is None:
                draft.previous = myth
        if framing == "myth":
            myth = _text(cell, drafts)


def _row_label(row: list[Cell], headers: dict[int, tuple[Cell, str]], drafts: list[Draft]) -> str | None:
    """The text of the row's first cell where it names the row."""
    first = row[0]
    if len(row) < 2 or first.last - first.first != 1:
        return None
    text = _text(first, drafts)
    if first.header:
        return text
    header = headers[first.column][1] if first.column in headers else None
    if not headers and len(row) != 2:
        return None
    if (header and framing_label(header)) or len(text.split()) > _MAX_HEADER_WORDS or ends_sentence(text):
        return None
    return text
