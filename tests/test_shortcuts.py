"""What is not tried, for speed, would have found nothing: each short way against the long one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from random import Random

import pytest
import spacy
from endless import comes_to_an_end

from claims import quantities
from claims.casing import lowered
from claims.model import Page
from claims.rules import Rules
from claims.signs import Signs
from pipeline.nlp import statements, tagger
from pipeline.nlp.analysis import Parsed
from pipeline.nlp.extract import Extractor
from pipeline.nlp.known import Known
from pipeline.nlp.normalise import (
    _DOTTED,
    _ENDLESS,
    _RANGE_DASH,
    _SAME_LENGTH,
    _SPACES,
    _WORD_HYPHEN,
    _undot,
    normalise,
)
from pipeline.nlp.phrases import Kinds, Listed, PhraseTree, _settle
from pipeline.nlp.tokens import UNLISTED, TokenTable
from pipeline.readers import class_names, structure, tags
from pipeline.readers.text import read_blocks

RULES = Rules(today=date(2026, 1, 1))
OPEN = Path(__file__).parent / "gold" / "open"
_MARKS = [
    *".,;:!?()/%$£€-–—…·|+_",
    "\n",
    "'",
    '"',
    "Dr.",
    "e.g.",
    "1",
    "2",
    "30",
    "1,000",
    "4.5",
    "h",
    "hrs",
    "mg",
]


def lines() -> list[str]:
    return [
        normalise(line)
        for path in sorted(OPEN.glob("*.txt"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def mixtures(words: list[str], count: int = 3000, folded: bool = True) -> list[str]:
    """Words in any order, now and then in capitals, glued or with signs between."""
    rng = Random(7)  # noqa: S311 - the same mixtures every time
    texts = []
    for _ in range(count):
        chosen = [rng.choice(words if rng.random() < 0.7 else _MARKS) for _ in range(rng.randint(1, 12))]
        text = "".join(word + rng.choice(("", " ", " ", " ", "  ")) for word in chosen)
        texts.append(text.upper() if rng.random() < 0.2 else text)
    return [normalise(text) for text in texts] if folded else texts


def alphabet(*patterns: re.Pattern[str]) -> list[str]:
    return sorted({word for pattern in patterns for word in re.findall(r"[A-Za-z]+", pattern.pattern)})


def test_patterns_of_quantities_are_only_skipped_where_they_find_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = alphabet(*(row[0] for row in quantities._READERS))
    texts = [*lines(), *mixtures(words, 12_000)]
    short = [quantities.parse(text) for text in texts]
    monkeypatch.setattr(
        Signs, "seen", lambda _self, text: -1 if quantities._TRIGGER.search(text.lower()) else 0
    )
    monkeypatch.setattr(quantities, "_STRETCH_END", re.compile("(?!)"))
    for text, found in zip(texts, short, strict=True):
        assert found == quantities.parse(text), text
    assert sum(map(bool, short)) > 500


@pytest.mark.parametrize(
    ("candidates", "pattern", "behind"),
    [
        (statements._STOP, statements._SENTENCE_END, (0, 1)),
        (statements._CUT, statements._BOUNDARY, (0,)),
    ],
    ids=["sentences", "fragments"],
)
def test_patterns_of_statements_match_nowhere_but_at_their_candidates(
    candidates: re.Pattern[str], pattern: re.Pattern[str], behind: tuple[int, ...]
) -> None:
    matched = 0
    for text in [*lines(), *mixtures(alphabet(pattern))]:
        places = {mark.start() + by for mark in candidates.finditer(text) for by in behind}
        for at in range(len(text)):
            if pattern.match(text, at):
                matched += 1
                assert at in places, (text, at)
    assert matched > 300


def test_sentences_and_fragments_are_those_of_the_whole_pattern() -> None:
    for text in [*lines(), *mixtures(alphabet(statements._BOUNDARY, statements._SENTENCE_END))]:
        ends = [match.end() for match in statements._SENTENCE_END.finditer(text)]
        starts = {start for start, _ in statements.sentences(text)}
        assert starts <= {_bare(text, 0), *(_bare(text, end) for end in ends)}, text
        lower = lowered(text)
        cuts = [match.start() for match in statements._BOUNDARY.finditer(lower) if match.start() > 0]
        assert {fragment.start for fragment in statements.fragments(lower, 0, len(text))} <= {0, *cuts}, text


def _bare(text: str, at: int) -> int:
    return next((i for i in range(at, len(text)) if not text[i].isspace()), len(text))


def test_unlisted_conditions_are_found_around_their_heads_only() -> None:
    words = [
        "disorder",
        "disease",
        "arthritis",
        "rare",
        "lung",
        "this",
        "chronic",
        "syndrome",
        "my",
        "insomnia",
        "a",
    ]
    found = 0
    for text in [*lines(), *mixtures(words)]:
        whole = [match.span() for match in tagger._OPEN_CONDITION.finditer(text)]
        assert [match.span() for match in tagger._open_matches(text)] == whole, text
        found += len(whole)
    assert found > 500


def test_surfaces_are_folded_as_if_each_step_were_taken() -> None:
    marks = [
        "*",
        "`",
        "e.g.",
        "F.D.A.",
        "x.",
        "–",
        "5–7",
        "5 — 7",
        "-",
        "‑",
        "\t",
        "\u2028",
        "®",
        "“a”",
        "y" * 200,
        "é",
    ]
    for text in mixtures([*" ".join(lines()[:50]).split(), *marks], folded=False):
        long = _SPACES.sub(" ", text.translate(_SAME_LENGTH))
        long = _RANGE_DASH.sub(lambda m: "-".center(len(m.group())), _DOTTED.sub(_undot, long))
        long = _ENDLESS.sub(lambda m: m.group()[:-1] + " ", _WORD_HYPHEN.sub(" ", long))
        assert normalise(text) == long


def test_tokens_are_those_of_the_tokenizer() -> None:
    nlp = spacy.blank("en")
    table = TokenTable(nlp.tokenizer, re.compile("itis"))
    listed = "".join(
        table.listed(["do not", "can", "u.s.", "1,000 mg", "it's", "(", "treatment - resistant"])
    )
    words = [*" ".join(lines()[:200]).split(), "don't", "cannot", "it's", "can't", "U.S.", "(IV)", "a", "an"]
    texts = [*lines(), *mixtures(words), "", " ", "   ", " two  words ", "  in\tall  ", "one\n two"]
    for text in texts:
        doc, found = nlp.tokenizer(text), table.of(text)
        assert found.firsts == [token.idx for token in doc], text
        assert found.lasts == [token.idx + len(token) for token in doc], text
        assert len(found.symbols) == len(doc), text
    assert UNLISTED not in table.of("do not (can").symbols
    assert set(table.of("DO don't (").symbols) <= set(listed)
    assert table.of("spatula").symbols == UNLISTED
    assert [table.of(text).notable for text in ("any arthritis", "ARTHR itis.", "arthrit is")] == [
        True,
        True,
        False,
    ]


def test_phrases_that_touch_no_other_may_be_settled_alone() -> None:
    rng = Random(11)  # noqa: S311 - the same phrases every time
    phrases = {}
    for number in range(60):
        kinds: list[Kinds] = [{f"{layer}{number % 7}": str(number)} for layer in "xyz"]
        layers = tuple(zip("xyz", kinds, strict=True))[number % 3 :]
        whole = {kind: value for _, one in layers for kind, value in one.items()}
        symbols = "".join(rng.choices("abcdef", k=rng.randint(1, 4)))
        phrases[symbols] = Listed(layers, whole, number % 9 == 0)
    tree = PhraseTree(phrases)
    for _ in range(2000):
        symbols = "".join(rng.choices("abcdef" + UNLISTED, k=rng.randint(0, 14)))
        spans = [(a, b) for a in range(len(symbols)) for b in range(a + 1, len(symbols) + 1)]
        found = [(a, b, phrases[symbols[a:b]]) for a, b in spans if symbols[a:b] in phrases]
        assert list(tree.places(symbols)) == list(_settle(len(symbols), found)), symbols


def test_texts_are_kept_within_bounds_and_the_oldest_go_first() -> None:
    asked: list[str] = []

    def read(texts: Iterable[str]) -> list[Parsed]:
        asked.extend(texts)
        return [Parsed(text, [], []) for text in texts]

    known = Known(room=10)
    assert [one.text for one in known.parsed(["aaaa", "bbbb"], read)] == ["aaaa", "bbbb"]
    known.parsed(["aaaa"], read)
    known.parsed(["cccc"], read)  # no room for three: "bbbb" was used longest ago
    assert asked == ["aaaa", "bbbb", "cccc"]
    known.parsed(["aaaa", "bbbb"], read)
    assert asked[3:] == ["bbbb"]


def test_a_page_reads_the_same_whatever_was_read_before_it() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(OPEN.glob("p0*.txt"))]
    pages = [Page(f"{i}.txt", "", "en", read_blocks(text), source_text=text) for i, text in enumerate(texts)]
    warm = Extractor(RULES)
    for page in (*pages, *reversed(pages)):
        assert warm.extract(page) == Extractor(RULES).extract(page), page.url


@pytest.mark.parametrize(
    "text", ["disorder.", "a disease of ", "in one of 2 hours. ", "it is, and so - it (may) "]
)
def test_a_flood_comes_to_an_end(text: str) -> None:
    whole = text * 20_000
    with comes_to_an_end():
        quantities.parse(whole)
        list(tagger._open_matches(whole))
        found = list(statements.sentences(whole))
        for start, end in found:
            statements.fragments(lowered(whole), start, end)
    assert (found[0][0], found[-1][1]) == (0, len(whole.rstrip()))


_ENDINGS = (
    *("if you", "if you have", "if you are", "include", "Includes", "including", "such as", "suffering from"),
    *("with the following", "for people with", "MAY", "the following", "treat", "help with", "helps with"),
    *("patients with", "those with", "Reasons:", "Reasons：", "relief", "3", "yes.", "(you", "…", ""),
)


def test_a_text_that_leads_in_ends_in_one_of_few_letters() -> None:
    for ending in _ENDINGS:
        for behind in ("", " ", "\n"):
            text = f"It is. Some words {ending}{behind}"
            assert structure.is_lead_in(text) == bool(structure._LEADS_IN.search(text))
    assert sum(structure.is_lead_in(f"Words {ending}") for ending in _ENDINGS) == len(_ENDINGS) - 6


_CLASS_NAMES = (
    *(
        "testimonial",
        "Myth-card",
        "fact-text",
        "page-title",
        "heading",
        "Navbar",
        "sidebar",
        "x-footer",
        "footer",
    ),
    *(
        "btn",
        "cta-x",
        "fas",
        "fa-x",
        "icon",
        "owl-item",
        "cloned",
        "slick-cloned",
        "faq",
        "faq-question",
        "head",
    ),
    *(
        "accordion__header",
        "elementor-tab",
        "elementor-tab-title",
        "element-1a2b",
        "question",
        "reality",
        "a",
    ),
)


def test_class_names_tell_alone_what_they_tell_together() -> None:
    rng = Random(5)  # noqa: S311
    for _ in range(3000):
        names = rng.choice((" ", "  ", "\n")).join(rng.choices(_CLASS_NAMES, k=rng.randrange(6)))
        found = class_names.told(names)
        framing = tags.FRAMING_CLASS.search(names)
        both = "myth" in names and "fact" in names
        assert (found.testimonial, found.title, found.question_head) == tuple(
            bool(pattern.search(names))
            for pattern in (tags.TESTIMONIAL_CLASS, tags.TITLE_CLASS, tags.QUESTION_HEAD)
        )
        assert (found.button, found.icon, found.clone) == tuple(
            bool(pattern.search(names)) for pattern in (tags.BUTTON_CLASS, tags.ICON_CLASS, tags.CLONE_CLASS)
        )
        assert found.framing == (None if framing is None or both else "myth" if framing["myth"] else "fact")
        assert (found is class_names.NOTHING) == (found == class_names.NOTHING)
