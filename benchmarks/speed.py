"""How fast the program is, as ratios to what it cannot do without, all taken in one run: `python -m benchmarks.speed`.

Times of one process are CPU times, so that a busy machine distorts them less; those of several processes and of
start-up are times on the clock. Each figure is a median over runs, and every run reads pages never read before.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks import child, inside, machine

RESULTS = Path(__file__).with_name("results.json")
_BELOW = "at most"
_ABOVE = "at least"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    name: str
    ratio: float | None
    """None where it could not be measured here."""
    asks: str
    """`at most` or `at least`; empty for the record only."""
    goal: float | None
    figures: dict[str, float]
    """What the ratio is made of, with units in the names."""

    @property
    def reached(self) -> str:
        if self.ratio is None or self.goal is None:
            return ""
        return (
            "yes" if (self.ratio <= self.goal if self.asks == _BELOW else self.ratio >= self.goal) else "no"
        )


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    runs: int
    pages: int
    many: tuple[int, ...]
    """Numbers of pages at which memory is looked at."""
    seconds: float
    """Time after which a run for memory is broken off."""


def extraction(size: Size) -> list[Row]:
    rows = []
    for name, found in inside.extraction(size.runs, size.pages).items():
        ratio = found["extraction_words_per_s"] / found["tokenizer_words_per_s"]
        rows.append(Row(f"(a) extraction / tokenizer, {name}", ratio, _ABOVE, 0.30, found))
    return rows


def whole_pages(size: Size) -> list[Row]:
    rows = []
    for name, found in inside.whole_pages(size.runs, size.pages).items():
        whole = found["whole_ms"]
        rows.append(
            Row(f"(b) page / html.parser, {name}", whole / found["html_parser_ms"], _BELOW, 2.0, found)
        )
        rows.append(Row(f"(b) page / lxml, {name}", whole / found["lxml_ms"], "", None, {}))
        rows.append(
            Row(
                f"(b) reading / html.parser, {name}",
                found["reading_ms"] / found["html_parser_ms"],
                "",
                None,
                {},
            )
        )
    return rows


def processes(size: Size) -> list[Row]:
    """On enough pages that starting up counts as little as it does on a site."""
    found = child.processes(min(size.runs, 3), 10 * size.pages)
    rows = [Row("(c) one process / two", found["one_s"] / found["two_s"], _ABOVE, 1.7, found)]
    if found["two_path_cpu_s"]:
        ratio = found["one_cpu_s"] / found["two_path_cpu_s"]
        rows.append(Row("(c) the same by CPU time", ratio, "", None, {}))
    return rows


def memory(size: Size) -> list[Row]:
    rows: list[Row] = []
    before: float | None = None
    for count in size.many:
        found = child.memory(count, size.seconds)
        if found is None:
            return [Row("(d) memory", None, "", None, {})]
        peak = found["peak_mb"]
        rows.append(Row(f"(d) MB (PSS), two workers, {count:,} pages", peak, _BELOW, 500.0, found))
        if before is not None:
            # Up to a thousand pages the workers come to hold what they remember; beyond that nothing may grow.
            goal = 1.1 if count > 1000 else None
            rows.append(
                Row(f"(d) growth to {count:,} pages", peak / before, _BELOW if goal else "", goal, {})
            )
        before = peak
    return rows


def again(size: Size) -> list[Row]:
    found = child.again(min(size.runs, 3), 10 * size.pages)
    return [Row("(e) second run / first", found["second_s"] / found["first_s"], _BELOW, 0.05, found)]


def start_up(size: Size) -> list[Row]:
    found = child.start_up(size.runs)
    spacy = found["import_spacy_s"]
    return [
        Row("(f) --help / import spacy", found["help_s"] / spacy, _BELOW, 0.25, found),
        Row("(f) one page / import spacy", found["one_page_s"] / spacy, "", None, {}),
    ]


PARTS: dict[str, Callable[[Size], list[Row]]] = {
    "a": extraction,
    "b": whole_pages,
    "c": processes,
    "d": memory,
    "e": again,
    "f": start_up,
}


def table(rows: list[Row]) -> str:
    width = max(len(row.name) for row in rows)
    lines = [f"{'':{width}}     ratio  asked for         reached"]
    for row in rows:
        ratio = "—" if row.ratio is None else f"{row.ratio:.3f}" if row.ratio < 10 else f"{row.ratio:.1f}"
        goal = f"{row.asks} {row.goal:g}" if row.goal is not None else "for the record"
        lines.append(f"{row.name:{width}}  {ratio:>8}  {goal:16}  {row.reached}")
        lines += [f"{'':{width}}            {name} {figure:,.4g}" for name, figure in row.figures.items()]
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.speed", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument(
        "--parts", default="".join(PARTS), help="letters of the parts to measure (default: all)"
    )
    parser.add_argument("--runs", type=int, default=5, help="runs of which the median is taken")
    parser.add_argument("--pages", type=int, default=40, help="pages a run")
    parser.add_argument("--large", action="store_true", help="look at memory with 10,000 pages too")
    parser.add_argument("--seconds", type=float, default=900, help="longest run for memory")
    parser.add_argument("--output", type=Path, default=RESULTS, help="where the results go")
    chosen = parser.parse_args(arguments)
    many = (100, 1000, 10_000) if chosen.large else (100, 1000)
    size = Size(chosen.runs, chosen.pages, many, chosen.seconds)
    about = machine.described()
    rows: list[Row] = []
    for letter in chosen.parts:
        print(f"({letter}) …", file=sys.stderr, flush=True)
        rows += PARTS[letter](size)
    print(table(rows))
    results = {
        "machine": about,
        "size": asdict(size),
        "rows": [{**asdict(row), "reached": row.reached or None} for row in rows],
    }
    chosen.output.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
