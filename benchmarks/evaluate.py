"""Score the program against the project's own labelled statements in tests/gold.

    python -m benchmarks.evaluate [open] [locked] [pairs] [contexts] [--errors] [--raise-floors] [--json]

Four sets: `open` (whole documents, to learn from), `locked` (whole documents, for their figures only),
`pairs` (minimal pairs) and `contexts` (cases for one kind of context each); all of them where none is named.
`--errors` lists every miss, extra and wrong verdict of all but the locked set.

`--locked-errors` lists them for the locked set too. Whoever reads them tunes to them: from then on the locked
set measures nothing, and a new one has to be written. Nothing else ever shows its words.

Figures are pinned in tests/gold/floors.json. `--raise-floors` moves them up to what is measured, never down.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks import floors
from benchmarks.cases import Outcome
from benchmarks.gold import GOLD, SETS, Result, broken_seals, evaluate, present
from benchmarks.scoring import Figures, Mistake, Score

FLOORS = "floors.json"


def figures_of(result: Result) -> dict[str, float]:
    """The figures that are pinned."""
    if result.score is None:
        shares = {about: _share(group) for about, group in _grouped(result.outcomes, "about").items()}
        return {"all": _share(result.outcomes), **shares}
    scored = result.score
    return {
        "extraction_f1": scored.extraction.f1,
        "flag_f1": scored.flags.f1,
        "verdict_accuracy": scored.verdict_accuracy,
        "macro_recall": scored.macro_recall,
        "false_flags_authoritative": scored.false_flags["authoritative"],
        "false_flags_all": scored.false_flags["all"],
    }


def _share(outcomes: Iterable[Outcome]) -> float:
    passed = Counter(outcome.passed for outcome in outcomes)
    return passed[True] / passed.total() if passed else 1.0


def _grouped(outcomes: Iterable[Outcome], by: str) -> dict[str, list[Outcome]]:
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(getattr(outcome, by), []).append(outcome)
    return dict(sorted(groups.items()))


def table(result: Result) -> str:
    """The figures of one set, for a person."""
    return _case_table(result) if result.score is None else _score_table(result.name, result.score)


def _score_table(name: str, scored: Score) -> str:
    recalls = (f"{v} {f.right}/{f.labelled}" for v, f in scored.recall_by_verdict.items())
    lines = [
        name,
        f"  extraction  {_counted(scored.extraction)}",
        f"  flags       {_counted(scored.flags)}",
        f"  verdict     accuracy {scored.verdict_accuracy:.3f} on {scored.verdicts.labelled} matched",
        f"  recall      macro {scored.macro_recall:.3f}: {', '.join(recalls)}",
        f"  false flags {scored.false_flags['all']:.2f} for 1,000 words,"
        f" authoritative {scored.false_flags['authoritative']:.2f}",
        f"  {'':12}{'extraction':38}{'flags':38}verdict",
    ]
    for family in sorted({*scored.extraction_by_family, *scored.flags_by_family}):
        extraction = scored.extraction_by_family.get(family, Figures())
        flags = scored.flags_by_family.get(family, Figures())
        verdicts = scored.verdicts_by_family.get(family, Figures())
        columns = f"{_short(extraction):38}{_short(flags):38}{verdicts.right}/{verdicts.labelled}"
        lines.append(f"  {family:12}{columns}")
    return "\n".join(lines)


def _counted(figures: Figures) -> str:
    return f"{_prf(figures)}   ({figures.found} found, {figures.labelled} labelled)"


def _short(figures: Figures) -> str:
    return f"{_prf(figures)} of {figures.labelled}"


def _prf(figures: Figures) -> str:
    return f"P {figures.precision:.3f} R {figures.recall:.3f} F1 {figures.f1:.3f}"


def _case_table(result: Result) -> str:
    groups = {by: _grouped(result.outcomes, by) for by in ("about", "family")}
    lines = [result.name, f"  {_passed('all', result.outcomes)}"]
    lines += [f"  {_passed(name, group)}" for grouped in groups.values() for name, group in grouped.items()]
    return "\n".join(lines)


def _passed(name: str, outcomes: Sequence[Outcome]) -> str:
    return f"{name:14}{_share(outcomes):.3f}   {sum(o.passed for o in outcomes)} of {len(outcomes)}"


def mistakes_of(result: Result) -> Iterable[str]:
    """One line for each mistake."""
    if result.score is not None:
        yield from map(_mistake_line, result.score.mistakes)
    for outcome in result.outcomes:
        if not outcome.passed:
            yield f"{outcome.about} [{outcome.family}] {outcome.text!r}: {'; '.join(outcome.reasons)}"


def _mistake_line(mistake: Mistake) -> str:
    verdict = f"{mistake.wanted} read as {mistake.got}" if mistake.wanted and mistake.got else ""
    label = f"[{mistake.family}/{verdict or mistake.wanted or mistake.got}]"
    return f"{mistake.kind} {label} {mistake.doc}: {' '.join(mistake.quote.split())}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.evaluate",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "sets", nargs="*", metavar="SET", help=f"of {', '.join(SETS)}; all where none is named"
    )
    parser.add_argument(
        "--errors", action="store_true", help="list every mistake, but none of the locked set"
    )
    parser.add_argument(
        "--locked-errors",
        action="store_true",
        help="list the locked set's mistakes: uses the set up for good",
    )
    parser.add_argument("--raise-floors", action="store_true", help="pin the figures that got better")
    parser.add_argument("--json", action="store_true", help="print the figures that are pinned, as JSON")
    return parser


def main(arguments: Sequence[str] | None = None, gold: Path = GOLD) -> int:
    """0; 1 where a pinned figure got worse or a seal is broken. Usage errors leave with 2."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if unknown := sorted(set(options.sets) - set(SETS)):
        parser.error(f"no such set: {', '.join(unknown)}; the sets are {', '.join(SETS)}")
    names = options.sets or present(gold)
    complaints = broken_seals(gold / "locked") if "locked" in names else []
    results = [evaluate(name, gold) for name in names]
    measured = {result.name: figures_of(result) for result in results}
    if options.json:
        sys.stdout.write(json.dumps(measured, indent=2) + "\n")
    else:
        _show(results, errors=options.errors, locked_errors=options.locked_errors)
    pinned = floors.read(gold / FLOORS)
    complaints += floors.shortfalls(pinned, measured)
    if options.raise_floors:
        floors.write(gold / FLOORS, floors.raised(pinned, measured))
    for complaint in complaints:
        sys.stderr.write(f"{complaint}\n")
    return 1 if complaints else 0


def _show(results: Iterable[Result], *, errors: bool, locked_errors: bool) -> None:
    for result in results:
        sys.stdout.write(table(result) + "\n\n")
        if locked_errors if result.name == "locked" else errors:
            sys.stdout.writelines(f"{line}\n" for line in mistakes_of(result))


if __name__ == "__main__":
    sys.exit(main())
