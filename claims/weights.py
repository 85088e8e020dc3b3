"""Weights of the second reader: how much each word speaks for or against a claim of each family. Data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from struct import Struct
from typing import Any

from claims import shipped
from claims.errors import DataError
from claims.model import Claim, Family

FAMILIES = tuple(Family)
Row = int
"""What a feature adds to the score of each family, all in one integer: a lane of bits a family, in the order of
`FAMILIES`. Adding rows adds every lane at once, and exactly; what is negative borrows from the lane above it, which
`scores` gives back."""
NO_ROW: Row = 0
_LANE = 32
_LANES = Struct(f"<{len(FAMILIES)}i")
_SIGNS = sum(1 << (_LANE * number + _LANE - 1) for number in range(len(FAMILIES)))
"""The highest bit of each lane."""
_HALF = 1 << (_LANE - 1)
_LOWEST = (1 << _LANE) - 1
"""The lowest lane."""
_STEPS = 10_000
"""Steps that the lanes count in for each unit."""
_MOST = 50.0
"""No logarithm of odds is greater; of a statement's features no sum can leave its lane then."""


def row(weights: Iterable[tuple[int, float]]) -> Row:
    """The row of these weights, each with the number of its family (its place in `FAMILIES`)."""
    return sum(_step(number, weight) for number, weight in weights)


def _step(number: int, weight: float) -> Row:
    if not -_MOST <= weight <= _MOST:
        raise ValueError(f"a weight of {weight}")
    return round(weight * _STEPS) << (_LANE * number)


def score(total: Row, number: int) -> float:
    """The sum in the lane of one family."""
    return ((((total + _SIGNS) >> (_LANE * number)) & _LOWEST) - _HALF) / _STEPS


def scores(total: Row) -> list[float]:
    """The sum in each lane of some rows that were added."""
    lanes = _LANES.unpack(((total + _SIGNS) ^ _SIGNS).to_bytes(_LANES.size, "little"))
    return [lane / _STEPS for lane in lanes]


@dataclass(frozen=True, slots=True)
class Weights:
    """Linear scores, as natural logarithms of odds: a family's score is its bias plus the rows of what is there."""

    bias: Row
    keep: Mapping[Family, Mapping[str, float]]
    """Family → proposition ("" for any other) → score below which a claim that frames read is doubted and dropped."""
    propose: tuple[float, ...]
    """Score above which a statement claims something of the family though no frame says what."""
    rows: Mapping[str, Mapping[str, Row]]
    """Kind of feature → feature → its row."""
    flag_bias: Row
    flags: Mapping[str, Mapping[str, Row]]
    """As `rows`, for how much speaks for a claim of the family, if there is one, saying too much."""
    propositions: Mapping[Family, Mapping[str, Mapping[str, float]]]
    """Family → proposition → feature ("mention:harm", "" for the bias) → what it adds for that proposition."""
    passes: Mapping[Family, Mapping[str, float]]
    """Family → proposition → share of its statements that are supported."""


def limit(keep: Mapping[Family, Mapping[str, float]], claim: Claim) -> float:
    """The score below which a claim is dropped: its proposition's, else its family's."""
    limits = keep[claim.family]
    return limits.get(claim.proposition, limits[""])


@dataclass(frozen=True, slots=True)
class WordClasses:
    """Words of like meaning share a class, and like classes a group: a word never seen reads as its neighbours do."""

    classes: Mapping[str, str]
    """Word → name of its class."""
    groups: Mapping[str, str]
    """Name of a class → name of its group."""


@cache
def load(treatment: str = "ketamine") -> Weights | None:
    """The treatment's weights; None where nobody has learnt any. Raises `DataError` for a file that cannot be used."""
    path = files("claims") / "treatments" / treatment / "weights.json"
    if not path.is_file():
        return None
    data = shipped.read(path)
    try:
        return parsed(data)
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(
            [f"weights.json: {error!r} does not fit schemas/weights.schema.json; run `make learn`"]
        ) from error


def parsed(data: Mapping[str, Any]) -> Weights:
    """The weights that a file's content stands for."""
    families = [data["families"][family] for family in FAMILIES]
    return Weights(
        bias=row(enumerate(_each(families, "bias"))),
        keep={family: table["keep"] for family, table in zip(FAMILIES, families, strict=True)},
        propose=tuple(_each(families, "propose")),
        rows=_tables(data["features"]),
        flag_bias=row(enumerate(_each(families, "flag_bias"))),
        flags=_tables(data["flags"]),
        propositions={Family(family): table for family, table in data["propositions"].items()},
        passes={family: table["passes"] for family, table in zip(FAMILIES, families, strict=True)},
    )


def _each(families: Sequence[Mapping[str, Any]], key: str) -> Iterator[float]:
    return (float(table[key]) for table in families)


class _Steps(dict[tuple[str, float], Row]):
    """The lane of a family with a weight in it. Few weights differ, so that each is worked out once."""

    def __missing__(self, pair: tuple[str, float]) -> Row:
        family, weight = pair
        step = self[pair] = _step(FAMILIES.index(Family(family)), weight)
        return step


def _tables(data: Mapping[str, Any]) -> dict[str, dict[str, Row]]:
    step = _Steps().__getitem__
    shared: dict[Row, Row] = {}
    tables: dict[str, dict[str, Row]] = {}
    for kind, table in data.items():
        totals = ((feature, sum(map(step, weights.items()))) for feature, weights in table.items())
        # Half of the rows occur more than once: kept once, they stay near at hand.
        tables[kind] = {feature: shared.setdefault(total, total) for feature, total in totals}
    return tables


@cache
def word_classes() -> WordClasses:
    """The language's classes of words."""
    groups = shipped.read(files("claims") / "language" / "word_classes.json")["groups"]
    classes: dict[str, str] = {}
    group_of: dict[str, str] = {}
    for number, group in enumerate(groups):
        for words in group:
            members = words.split()
            group_of[members[0]] = str(number)
            classes.update(dict.fromkeys(members, members[0]))
    return WordClasses(classes, group_of)
