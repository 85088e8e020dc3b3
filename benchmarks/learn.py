"""Learns the second reader's weights from labelled pages, and writes them: `make learn`.

One logistic regression a family over what `pipeline.nlp.features` sees. Scores for the thresholds come from weights
that did not see the page (five folds, page by page). The same pages give the same file.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from benchmarks.gold import GOLD
from benchmarks.labelled import EXAMPLES, TREATMENT, Seen, cases, examples, statements
from benchmarks.regressions import FLAGS, Learner, Referee, out_of_fold, propositions
from claims.weights import FAMILIES

WEIGHTS = Path(__file__).resolve().parents[1] / "claims" / "treatments" / TREATMENT / "weights.json"
_CORPUS = sorted(path for path in (GOLD / "corpus").glob("*") if path.is_dir())
_OWN = ("open", *(path.name for path in _CORPUS))
_ODDS = -0.5
"""Logarithm of the odds from which a claim stands: a false one is hardly worse than a missed one."""


def learn(rows: Sequence[Seen], unseen: Callable[[Seen], bool]) -> dict[str, Any]:
    """The content of weights.json. Thresholds are set on statements of pages that no frame was written after."""
    scores = out_of_fold(rows)
    fresh = [i for i, row in enumerate(rows) if unseen(row)] or list(range(len(rows)))
    referee = Referee([rows[i] for i in fresh], scores[:, fresh])
    limits = referee.thresholds(_ODDS)
    print(f"frames alone {referee.f1(None):.4f}, with weights {referee.f1(limits):.4f}", file=sys.stderr)
    claims, flags = Learner(rows), Learner(rows, FLAGS)
    said = {family: propositions(rows, family) for family in FAMILIES}
    return {
        "families": {
            family.value: {
                "bias": claims.bias(family),
                "keep": dict(sorted(limits.keep[family].items())),
                "propose": limits.propose[k],
                "flag_bias": flags.bias(family),
                "passes": said[family][1],
            }
            for k, family in enumerate(FAMILIES)
        },
        "propositions": {family.value: tables for family, (tables, _) in said.items()},
        "features": claims.table(),
        "flags": flags.table(),
    }


def _group(row: Seen) -> str:
    """The name of a set that is part of the project; one name for all others."""
    return row.group if row.group in (*_OWN, EXAMPLES) else "other pages"


def written(data: Mapping[str, Any], rows: Sequence[Seen]) -> str:
    """The file: a line a feature, so that a change can be read in a diff."""
    groups = Counter(map(_group, rows))
    head = {
        "$schema": "../../schemas/weights.schema.json",
        "why": "Learnt, not written: `make learn` makes this file anew. See docs/second-reader.md.",
        "learnt_from": {
            group: {"documents": len({r.doc for r in rows if _group(r) == group}), "statements": count}
            for group, count in sorted(groups.items())
        },
        "families": data["families"],
    }
    text = json.dumps(head, indent=1)[:-2]
    for name in ("propositions", "features", "flags"):
        tables = []
        for key, table in data[name].items():
            lines = ",\n".join(
                f"   {json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in table.items()
            )
            tables.append(
                f"  {json.dumps(key)}: {{\n{lines}\n  }}" if table else f"  {json.dumps(key)}: {{}}"
            )
        text += f',\n "{name}": {{\n' + ",\n".join(tables) + "\n }"
    return text + "\n}\n"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="make learn ARGS=…",
        description="Learn the second reader's weights from tests/gold (open, corpus, pairs, contexts), the "
        "examples of catalogue and frames, and labelled pages of your own: folders of .txt files with one .jsonl "
        "file of labels.",
    )
    own = {"type": Path, "action": "append", "default": [], "metavar": "DIR"}
    parser.add_argument("--also", **own, help="labelled pages to learn from")
    parser.add_argument(
        "--unseen", **own, help="labelled pages no frame was written after: thresholds are set on them"
    )
    parser.add_argument("--to", type=Path, default=WEIGHTS, metavar="FILE", help="where the weights go")
    options = parser.parse_args(arguments)
    unseen = [*_CORPUS, *options.unseen]
    rows = list(chain(statements([GOLD / "open", *options.also, *unseen]), examples(), cases()))
    print(f"{len(rows)} statements", file=sys.stderr)
    fresh = {folder.name for folder in unseen}
    data = learn(rows, lambda row: row.group in fresh)
    options.to.write_text(written(data, rows), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
