"""Weights of the second reader: how much each word speaks for or against a claim of each family. Data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from claims import shipped
from claims.errors import DataError
from claims.model import Claim, Family

Row = tuple[tuple[int, float], ...]
"""Of one feature: the number of a family (its place in `FAMILIES`) and what the feature adds to its score."""
FAMILIES = tuple(Family)
NO_ROW: Row = ()


@dataclass(frozen=True, slots=True)
class Weights:
    """Linear scores, as natural logarithms of odds: a family's score is its bias plus the rows of what is there."""

    bias: tuple[float, ...]
    keep: Mapping[Family, Mapping[str, float]]
    """Family → proposition ("" for any other) → score below which a claim that frames read is doubted and dropped."""
    propose: tuple[float, ...]
    """Score above which a statement claims something of the family though no frame says what."""
    rows: Mapping[str, Mapping[str, Row]]
    """Kind of feature → feature → its row."""
    flag_bias: tuple[float, ...]
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
        bias=tuple(float(row["bias"]) for row in families),
        keep={family: row["keep"] for family, row in zip(FAMILIES, families, strict=True)},
        propose=tuple(float(row["propose"]) for row in families),
        rows=_tables(data["features"]),
        flag_bias=tuple(float(row["flag_bias"]) for row in families),
        flags=_tables(data["flags"]),
        propositions={Family(family): table for family, table in data["propositions"].items()},
        passes={family: row["passes"] for family, row in zip(FAMILIES, families, strict=True)},
    )


def _tables(data: Mapping[str, Any]) -> dict[str, dict[str, Row]]:
    return {kind: dict(_rows(table)) for kind, table in data.items()}


def _rows(table: Mapping[str, Mapping[str, float]]) -> Iterator[tuple[str, Row]]:
    numbers = {str(family): number for number, family in enumerate(FAMILIES)}
    for feature, row in table.items():
        yield feature, tuple((numbers[family], float(weight)) for family, weight in row.items())


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
