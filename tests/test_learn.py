"""Learning the second reader's weights: from a few pages, the same each time, and in the form that is read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from claims import weights
from claims.catalogue.documents import read_document
from claims.catalogue.schemas import schema_problems
from claims.model import Family

pytest.importorskip("sklearn", reason="scikit-learn is not installed: pip install -e '.[learn]'")

from benchmarks import learn, regressions
from benchmarks.labelled import Seen, statements


def corpus(folder: Path) -> Path:
    """Pages where a made-up word tells a claim from none."""
    folder.mkdir()
    labels = []
    for number in range(20):
        text = f"Ketamine zings patients with wish {number}.\n\nKetamine plods along with chair {number}.\n"
        (folder / f"p{number}.txt").write_text(text, encoding="utf-8")
        quote = text.partition("\n")[0]
        labels.append(
            {"doc": f"p{number}.txt", "quote": quote, "family": "efficacy", "verdict": "overstated"}
        )
    lines = "".join(json.dumps(label) + "\n" for label in labels)
    (folder / "labels.jsonl").write_text(lines, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[Seen]:
    return list(statements([corpus(tmp_path_factory.mktemp("learn") / "zing")]))


def test_statements_carry_what_their_labels_say(rows: list[Seen]) -> None:
    assert len(rows) == 40
    assert [Family.EFFICACY in row.required for row in rows[:2]] == [True, False]
    assert "word:zings" in rows[0].vector


def test_the_telling_word_gets_the_weight(rows: list[Seen]) -> None:
    row = regressions.Learner(rows).table()["word"]
    assert row["zings"]["efficacy"] > 0.2 > row.get("plods", {}).get("efficacy", 0.0)


def test_scores_are_of_pages_not_seen(rows: list[Seen]) -> None:
    scores = regressions.out_of_fold(rows)[weights.FAMILIES.index(Family.EFFICACY)]
    zing = ["word:zings" in row.vector for row in rows]
    assert min(s for s, z in zip(scores, zing, strict=True) if z) > max(
        s for s, z in zip(scores, zing, strict=True) if not z
    )


def test_the_same_pages_give_the_same_file_and_it_keeps_to_its_schema(
    rows: list[Seen], tmp_path: Path
) -> None:
    texts = [learn.written(learn.learn(rows, lambda _: True), rows) for _ in range(2)]
    assert texts[0] == texts[1]
    path = tmp_path / "weights.json"
    path.write_text(texts[0], encoding="utf-8")
    document = read_document(path, "weights.json")
    assert not isinstance(document, str)
    assert list(schema_problems(document, "weights")) == []
    learnt = weights.parsed(json.loads(texts[0]))
    assert learnt.rows["word"]["zings"]
