"""The regressions behind the second reader's weights.

What speaks for a claim of a family, what for its saying too much, and from which score on a claim stands.
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from benchmarks.labelled import Seen, Vector
from claims.model import Claim, Family
from claims.weights import FAMILIES, limit

_FOLDS = 5
_LEAST = 3
"""Statements in which a feature must stand to get a weight."""
_SURE = 9.0
"""Score of what is always, or never, so."""
_SLIGHT = 0.1
"""Weights below it are left out."""
_FIRMNESS = 0.3
"""Inverse strength of the penalty on what is learnt of each proposition."""
_FAINT = -4.0
"""Score below which a statement without a claim says nothing about where to propose one."""
_FEWEST = 12
"""Statements that a proposition must have to be proposed."""


@dataclass(frozen=True, slots=True)
class Task:
    """What a regression a family is to tell: which statements it learns from, and which of them it is to find."""

    uses: Callable[[Seen, Family], bool]
    wanted: Callable[[Seen, Family], bool]
    softness: float
    """Inverse strength of the L2 penalty."""


def _flagged(row: Seen, family: Family) -> bool:
    verdict = row.required[family]
    return verdict is not None and verdict.flagged


CLAIMS = Task(Seen.counts, lambda row, family: family in row.required, 1.0)
FLAGS = Task(lambda row, family: row.required.get(family) is not None, _flagged, 0.2)


class Learner:
    """Fits the regressions of a task to some statements."""

    def __init__(self, rows: Sequence[Seen], task: Task = CLAIMS) -> None:
        counts = Counter(key for row in rows for key in row.vector)
        self.rows, self.task = rows, task
        self._frequent = {key for key, count in counts.items() if count >= _LEAST}
        self.vectors = DictVectorizer(dtype=np.float32)
        self.matrix = narrow(self.vectors.fit_transform([self._kept(row.vector) for row in rows]))
        self.models = {family: self._fit(family) for family in FAMILIES}

    def _kept(self, vector: Vector) -> Vector:
        return {key: value for key, value in vector.items() if key in self._frequent}

    def _fit(self, family: Family) -> LogisticRegression | None:
        """None where all are of one kind: there is nothing to tell apart."""
        use = [i for i, row in enumerate(self.rows) if self.task.uses(row, family)]
        wanted = np.array([self.task.wanted(self.rows[i], family) for i in use])
        if not wanted.any() or wanted.all():
            return None
        weights = np.array([self.rows[i].weight for i in use])
        model = LogisticRegression(C=self.task.softness, solver="liblinear", max_iter=400, random_state=0)
        return model.fit(self.matrix[use], wanted, sample_weight=weights)

    def scores(self, rows: Sequence[Seen]) -> Any:
        """Family × statement."""
        matrix = narrow(self.vectors.transform([row.vector for row in rows]))
        return np.array(
            [
                np.full(len(rows), self.bias(family)) if model is None else model.decision_function(matrix)
                for family, model in self.models.items()
            ]
        )

    def table(self) -> dict[str, dict[str, dict[str, float]]]:
        """Kind of feature → feature → family → weight."""
        found: dict[str, dict[str, dict[str, float]]] = defaultdict(dict)
        names = self.vectors.get_feature_names_out()
        for family, model in self.models.items():
            for number in np.flatnonzero(np.abs(model.coef_[0]) >= _SLIGHT) if model else ():
                kind, _, key = names[number].partition(":")
                found[kind].setdefault(key, {})[family.value] = round(float(model.coef_[0][number]), 2)
        return {kind: dict(sorted(found[kind].items())) for kind in sorted(found)}

    def bias(self, family: Family) -> float:
        model = self.models[family]
        if model is not None:
            return round(float(model.intercept_[0]), 3)
        used = (self.task.wanted(row, family) for row in self.rows if self.task.uses(row, family))
        return _SURE if any(used) else -_SURE


def narrow(matrix: Any) -> Any:
    """With the width of index that the solver takes."""
    matrix.indices, matrix.indptr = matrix.indices.astype("i4"), matrix.indptr.astype("i4")
    return matrix


def out_of_fold(rows: Sequence[Seen]) -> Any:
    """Scores, family × statement, each by weights learnt without the statement's page."""
    folds = np.array([_fold(row.doc) for row in rows])
    scores = np.zeros((len(FAMILIES), len(rows)))
    for number in range(_FOLDS):
        learner = Learner([row for row, fold in zip(rows, folds, strict=True) if fold != number])
        inside = np.flatnonzero(folds == number)
        scores[:, inside] = learner.scores([rows[i] for i in inside])
        print(f"fold {number + 1} of {_FOLDS}", file=sys.stderr)
    return scores


def _fold(doc: str) -> int:
    return int(hashlib.sha256(doc.encode()).hexdigest(), 16) % _FOLDS


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Scores from which a claim stands: of one that frames read, by family and proposition, and without one."""

    keep: Mapping[Family, Mapping[str, float]]
    propose: tuple[float, ...]

    def stands(self, row: Seen, number: int, score: float) -> bool:
        """Whether a statement claims something of a family."""
        claim = row.read.get(FAMILIES[number])
        if claim is None:
            return score > self.propose[number]
        return score >= limit(self.keep, claim)


class Referee:
    """Weighs what frames read against what the weights say: one more regression, over both."""

    def __init__(self, rows: Sequence[Seen], scores: Any) -> None:
        self.rows, self.scores = rows, scores
        self._vectors = DictVectorizer(dtype=np.float64)
        inputs, wanted = [], []
        for i, k, family in self._cells():
            row, score = self.rows[i], scores[k, i]
            if row.counts(family) and (family in row.read or score > _FAINT):
                inputs.append(_input(family, score, row.read.get(family)))
                wanted.append(family in row.required)
        model = LogisticRegression(C=_FIRMNESS, max_iter=5000, random_state=0)
        model.fit(self._vectors.fit_transform(inputs), np.array(wanted))
        names = self._vectors.get_feature_names_out()
        self._weights = dict(zip(names, model.coef_[0], strict=True))
        self._bias = float(model.intercept_[0])

    def _cells(self) -> Iterator[tuple[int, int, Family]]:
        return ((i, k, family) for i in range(len(self.rows)) for k, family in enumerate(FAMILIES))

    def thresholds(self, odds: float) -> Thresholds:
        """Scores from which the odds are so high: for claims of the frames, and without one."""
        w = self._weights
        slope = w["score"] + w.get("score of read", 0.0)
        keep: dict[Family, dict[str, float]] = {}
        propose = []
        for family in FAMILIES:
            rest = odds - self._bias - w.get("read", 0.0) - w.get(f"read {family}", 0.0)
            named = {
                name.partition("=")[2]: weight for name, weight in w.items() if name.startswith(f"{family}=")
            }
            limits = {"": rest, **{name: rest - weight for name, weight in named.items()}}
            keep[family] = {name: round(float(limit / slope), 2) for name, limit in limits.items()}
            propose.append(round(float((odds - self._bias - w.get(f"unread {family}", 0.0)) / w["score"]), 2))
        return Thresholds(keep, tuple(propose))

    def f1(self, limits: Thresholds | None) -> float:
        """Of statements × families; None for what frames alone read."""
        right = found = wanted = 0
        for i, k, family in self._cells():
            row = self.rows[i]
            wanted += family in row.required
            if not row.counts(family):
                continue
            says = family in row.read if limits is None else limits.stands(row, k, self.scores[k, i])
            found += says
            right += says and family in row.required
        return 2 * right / max(found + wanted, 1)


def _input(family: Family, score: float, claim: Claim | None) -> Vector:
    if claim is None:
        return {"score": score, f"unread {family}": 1.0}
    read = {"read": 1.0, f"read {family}": 1.0, f"{family}={claim.proposition}": 1.0}
    return {"score": score, "score of read": score, **read}


def propositions(
    rows: Sequence[Seen], family: Family
) -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    """What speaks for each proposition of a family, by the claims that frames read rightly, and how often it passes."""
    kept = [row for row in rows if family in row.read and family in row.required]
    names = Counter(row.read[family].proposition for row in kept)
    offered = {name for name, count in names.items() if count >= _FEWEST} or set(names)
    kept = [row for row in kept if row.read[family].proposition in offered]
    passing = Counter(row.read[family].proposition for row in kept if not _flagged(row, family))
    shares = {name: round(passing[name] / names[name], 2) for name in sorted(offered)}
    if len(offered) < 2:
        return {name: {} for name in offered}, shares
    vectors = DictVectorizer(dtype=np.float32)
    words = [{k: v for k, v in row.vector.items() if k.startswith(("word:", "mention:"))} for row in kept]
    matrix = narrow(vectors.fit_transform(words))
    features_of = vectors.get_feature_names_out()
    tables = {}
    for name in sorted(offered):
        wanted = np.array([row.read[family].proposition == name for row in kept])
        model = LogisticRegression(C=1.0, solver="liblinear", random_state=0).fit(matrix, wanted)
        weights = {"": round(float(model.intercept_[0]), 2)}
        for number in np.flatnonzero(np.abs(model.coef_[0]) >= 4 * _SLIGHT):
            weights[features_of[number]] = round(float(model.coef_[0][number]), 2)
        tables[name] = weights
    return tables, shares
