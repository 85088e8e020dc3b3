"""Reading whole pages: answers, lists, what refers back, what is denied later, what is in passing."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest
from reading import cases, claims_in, claims_of, extractor, page, said, text_page

from claims.model import Block, BlockKind, Family, Region, Strength


@pytest.mark.parametrize("case", cases("extract"), ids=lambda case: case["name"])
def test_page(case: dict[str, Any]) -> None:
    read_page = text_page(case["text"], title="Ketamine")
    claims = [c for c in claims_in(read_page) if c.family in case.get("families", [c.family])]
    found: dict[str, list[str]] = defaultdict(list)
    for claim in claims:
        key = f"{claim.family}/{claim.proposition}"
        found[f"{claim.family}/*" if f"{claim.family}/*" in case["claims"] else key].append(claim.quote)
    expected = {k: [v] if isinstance(v, str) else v for k, v in case["claims"].items()}
    if case.get("loose"):
        assert {key: [q for q in found[key] if q in value] for key, value in expected.items()} == expected
    else:
        assert dict(found) == expected
    if "quantity" in case:
        [claim] = claims
        assert claim.quantity is not None
        assert [claim.quantity.low, claim.quantity.high] == case["quantity"]


def test_each_proposition_once_a_statement() -> None:
    found = claims_in(text_page("Ketamine relieves depression, eases PTSD and improves mood and sleep.\n"))
    keys = [(c.block, c.start, c.family, c.proposition) for c in found]
    assert len(keys) == len(set(keys))
    assert found


def test_claims_come_in_reading_order() -> None:
    text = "Ketamine is addictive. It relieves depression.\n\nKetamine can cause nausea. It is FDA-approved for pain.\n"
    places = [(c.block, c.start) for c in claims_in(text_page(text))]
    assert len(places) >= 4
    assert places == sorted(places)


def test_what_speaks_of_ours_and_gives_no_claim_is_counted() -> None:
    blocks = (
        Block("The word dependence stands beside ketamine in our index.", BlockKind.PARAGRAPH),
        Block("Ketamine was first made in 1962.", BlockKind.PARAGRAPH),
        Block("Does ketamine bring relief?", BlockKind.QUESTION),
        Block("Parking and dependence on buses", BlockKind.PARAGRAPH),
    )
    claims, unread = extractor().extract(page(*blocks))
    assert said(claims) == set()
    assert [u.block for u in unread] == [0]
    assert any(seen.endswith(": dependence") for seen in unread[0].seen)


def test_a_table_cell_is_read_behind_its_header() -> None:
    cells = (
        Block("depression", BlockKind.TABLE_CELL, label="Ketamine relieves"),
        Block("Monday", BlockKind.TABLE_CELL, label="Open"),
    )
    found = claims_in(page(*cells, Block("Ketamine here.", BlockKind.PARAGRAPH)))
    assert {(c.family.value, c.block, c.quote) for c in found} == {("efficacy", 0, "depression")}


def test_words_of_the_lead_in_have_no_place_in_the_item() -> None:
    item = Block("depression", BlockKind.LIST_ITEM, lead_in="Ketamine may relieve:")
    [claim] = claims_in(page(item))
    places = {cue.slot: (cue.place, cue.start) for cue in claim.cues}
    assert places["strength"] == ("lead_in", None)
    assert places["condition"] == ("statement", 0)


@pytest.mark.parametrize("opening", ["including", "such as", "among them"])
def test_a_list_behind_a_comma_keeps_the_hedge_of_its_clause(opening: str) -> None:
    lead_in = f"Ketamine may ease several conditions, {opening}:"
    claims = claims_of("Migraine", lead_in=lead_in)
    assert [(c.family, c.strength) for c in claims] == [(Family.EFFICACY, Strength.S1)]


def test_regions_do_not_matter_to_reading() -> None:
    text = "Ketamine relieves depression."
    for region in (Region.MAIN, Region.FOOTER, Region.ASIDE):
        assert said(claims_in(page(Block(text, BlockKind.PARAGRAPH, region)))) == {"efficacy/helps"}


def test_nothing_is_kept_between_pages() -> None:
    first = text_page("Ketamine relieves PTSD.\n")
    second = text_page("Ketamine brings relief. It works within hours.\n")
    alone = claims_in(second)
    claims_in(first)
    assert claims_in(second) == alone
    assert claims_in(page()) == ()
