"""The second reader: what it drops, what it adds, what it softens, and what it leaves to the frames."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from reading import RULES, block_of, extractor, page

from claims import weights
from claims.model import BlockKind, Claim, Family, Strength
from pipeline.nlp import features
from pipeline.nlp.extract import Extractor
from pipeline.nlp.normalise import normalise
from pipeline.nlp.pipeline import read as read_texts
from pipeline.nlp.register import addresses_reader
from pipeline.nlp.second import SecondReader
from pipeline.nlp.weighing import Tables

SURE = 9.0


def made(**changes: Any) -> weights.Weights:
    """Weights that keep everything and propose nothing, but for what is given."""
    fields: dict[str, Any] = {
        "bias": weights.NO_ROW,
        "keep": {family: {"": -SURE} for family in Family},
        "propose": tuple(SURE for _ in weights.FAMILIES),
        "rows": {},
        "flag_bias": alike(SURE),
        "flags": {},
        "propositions": {family: {} for family in Family},
        "passes": {family: {} for family in Family},
    }
    return weights.Weights(**{**fields, **changes})


def number(family: Family) -> int:
    return weights.FAMILIES.index(family)


def row(family: Family, weight: float) -> weights.Row:
    return weights.row([(number(family), weight)])


def alike(weight: float) -> weights.Row:
    """The same for every family."""
    return weights.row((number(family), weight) for family in Family)


def read(text: str, learnt: weights.Weights, **around: Any) -> tuple[Claim, ...]:
    reader = Extractor(RULES, SecondReader(learnt).reviewed)
    return reader.extract(page(block_of(text, **around)))[0]


def test_a_word_that_speaks_against_a_claim_drops_it() -> None:
    against = made(rows={"word": {"sofa": row(Family.EFFICACY, -20.0)}})
    assert read("Ketamine relieves depression.", against)
    assert not read("Ketamine relieves depression on the sofa.", against)


def test_the_heading_speaks_too() -> None:
    against = made(rows={"heading": {"menu": row(Family.EFFICACY, -20.0)}})
    assert not read("Ketamine relieves depression.", against, heading="Menu")


def test_a_dropped_claim_leaves_its_block_unread() -> None:
    against = made(rows={"word": {"relieves": row(Family.EFFICACY, -20.0)}})
    reader = Extractor(RULES, SecondReader(against).reviewed)
    claims, unread = reader.extract(page(block_of("Ketamine relieves depression.")))
    assert not claims
    assert [one.block for one in unread] == [0]


@pytest.mark.parametrize(("weight", "kept"), [(-SURE - 1, True), (-SURE - 5, False)])
def test_what_passes_in_no_wording_is_dropped_only_where_much_speaks_against_it(
    weight: float, kept: bool
) -> None:
    against = {
        "rows": {"word": {"effects": row(Family.SAFETY, weight)}},
        "passes": {family: {"no_side_effects": 0.05} for family in Family},
    }
    claims = read("Ketamine has no side effects.", made(**against))
    assert [claim.proposition for claim in claims] == ["no_side_effects"] * kept


def test_items_that_their_list_makes_a_claim_are_never_dropped() -> None:
    against = made(rows={"word": {"purple": row(Family.SAFETY, -20.0)}})
    [claim] = read("purple knees", against, lead_in="Side effects of ketamine include:")
    assert claim.family is Family.SAFETY


def proposing(text: str, **changes: Any) -> tuple[Claim, ...]:
    limits = [SURE] * len(weights.FAMILIES)
    limits[number(Family.SAFETY)] = 1.0
    learnt = made(
        rows={"word": {"tummy": row(Family.SAFETY, 2.0)}},
        propose=tuple(limits),
        propositions={
            family: {"side_effect_named": {"word:tummy": 1.0}, "no_risk": {"": 0.5}} for family in Family
        },
        **changes,
    )
    return read(text, learnt)


def test_a_word_that_speaks_for_a_claim_makes_one_and_is_its_cue() -> None:
    [claim] = proposing("Ketamine bothers the tummy.")
    assert (claim.family, claim.proposition) == (Family.SAFETY, "side_effect_named")
    cue = claim.cues[0]
    assert (cue.slot, cue.text, cue.rule) == ("family", "tummy", "weights/safety")
    assert claim.quote[cue.start : cue.end] == "tummy"


@pytest.mark.parametrize(
    "text",
    [
        "Does ketamine give you a bad tummy?",
        "Ask whether ketamine is bad for your tummy.",
        "TMS bothers the tummy.",
        "It is not true that ketamine is bad for your tummy.",
    ],
)
def test_what_is_asked_denied_or_said_of_others_is_not_proposed(text: str) -> None:
    assert not proposing(text)


def test_a_claim_among_words_that_pass_is_mild_and_takes_a_proposition_that_passes() -> None:
    shares = {family: {"side_effect_named": 0.3, "no_risk": 0.9} for family in Family}
    passing = alike(-SURE)
    [claim] = proposing("Ketamine bothers the tummy.", flag_bias=passing, passes=shares)
    assert (claim.proposition, claim.strength) == ("no_risk", Strength.S1)


def softened(text: str) -> Strength:
    passing = alike(-SURE)
    [claim] = [c for c in read(text, made(flag_bias=passing)) if c.family is Family.ONSET]
    return claim.strength


def test_a_flat_claim_among_words_that_pass_is_read_as_hedged() -> None:
    assert softened("Ketamine brings rapid relief.") is Strength.S2


def test_a_known_hedge_has_been_read_exactly() -> None:
    assert softened("Although prices may differ, ketamine brings rapid relief.") is Strength.S3


def test_what_ships_reads_a_word_it_was_never_shown_by_its_class() -> None:
    known = weights.word_classes()
    assert known.classes["nausea"] in {
        known.classes[w] for w in ("vomiting", "queasy", "dizziness", "nauseous") if w in known.classes
    }
    assert set(known.classes.values()) == set(known.groups)


def test_a_treatment_without_weights_has_no_second_reader() -> None:
    assert weights.load("nothing-learnt") is None


def test_numbers_are_one_word_and_lengths_are_bounded() -> None:
    assert features.words("40 of 60 % – really?") == ["0", "of", "0", "%", "really", "?"]
    assert len(features.words("word " * 1000)) == 60


def test_context_is_read_in_the_same_way_as_text() -> None:
    seen = features.of_block(block_of("x", heading="It Doesn’t Hurt", lead_in="Some 20 signs:"))
    assert seen["heading"] == {"it", "doesn't", "hurt"}
    assert seen["before"] == {"some", "0", "signs"}
    assert tuple(seen["kind"]) == (BlockKind.LIST_ITEM.value,)


def test_the_shipped_weights_read_what_no_frame_does() -> None:
    text = "Ketamine is completely safe and not addictive."
    plain = Extractor(RULES, lambda _, claims: claims).extract(page(block_of(text)))[0]
    both = extractor().extract(page(block_of(text)))[0]
    assert {c.family for c in both} > {c.family for c in plain}


@pytest.mark.parametrize(
    ("beside", "level"),
    [("You are welcome. " * 40, "S3"), ("It is an old drug. " * 40, "S2"), ("It is an old drug.", "S3")],
)
def test_copy_means_its_flat_words_flat(beside: str, level: str) -> None:
    passing = alike(-SURE)
    reader = Extractor(RULES, SecondReader(made(flag_bias=passing)).reviewed)
    whole = page(block_of("Ketamine relieves depression."), block_of(beside))
    excerpt = replace(whole, blocks=whole.blocks[:1], addresses_reader=addresses_reader(whole))
    for one in (whole, excerpt):
        assert [c.strength.name for c in reader.extract(one)[0] if c.family is Family.EFFICACY] == [level]


@pytest.mark.parametrize(
    "text",
    [
        "Ketamine may relieve depression within 24 hours, and the relief lasts for weeks.",
        "Nausea, vomiting and queasy spells: 40 of 60 patients.",
        "A room with a view.",
    ],
)
def test_a_statement_weighs_what_its_features_add(text: str) -> None:
    learnt = weights.load(RULES.treatment)
    assert learnt
    tables = Tables(learnt.bias, learnt.rows)
    parsed = next(read_texts(extractor().nlp, [normalise(text)]))
    [statement] = parsed.statements
    lower = parsed.lower[statement.start : statement.end]
    assert tables.weighed(statement, lower) == tables.summed(features.of_statement(statement, lower)) != 0


def test_rows_are_added_lane_by_lane() -> None:
    first, second = weights.row([(0, -1.5), (1, 2.25), (11, -3.0)]), weights.row([(0, 1.0), (1, -4.0)])
    scores = weights.scores(first + second)
    assert (scores[0], scores[1], scores[11], sum(scores)) == (-0.5, -1.75, -3.0, -5.25)
    assert [weights.score(first + second, number) for number in range(len(scores))] == scores


def test_a_weight_beyond_all_odds_is_refused() -> None:
    with pytest.raises(ValueError, match="a weight of 51"):
        row(Family.SAFETY, 51.0)


def test_the_country_is_not_the_reader() -> None:
    report = page(block_of("The US agency of the US has rules. " * 20))
    assert not addresses_reader(report)
    assert addresses_reader(page(block_of("Call us, and come to us. " * 20)))
