"""A spaCy pipeline that somebody else has made: our components are added to it, and the claims are the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import spacy
from conftest import Outcome
from reading import RULES, extractor, text_page
from spacy.language import Language
from spacy.tokens import Doc

from claims.errors import ConfigurationError
from pipeline.audit import DocumentMeta, audit_document
from pipeline.nlp.extract import Extractor
from pipeline.nlp.pipeline import COMPONENTS, build

MERGED = ("24 hours", "depression\n", "take weeks", "not addictive", "is approved by the")
"""Words that the other pipeline makes one token of."""
PAGE = """Ketamine for depression

Ketamine may help with:
• depression
• PTSD

Doesn’t ketamine take weeks? No.

It isn't addictive, and patients don't feel groggy. Spravato (esketamine) is approved by the F.D.A. for depresion.
Most behaviours change within 24 hours; relief can be long-lasting. Myth: it cures all. It won't.
"""


def small(path: Path) -> str:
    """A trained pipeline in small: tagger and parser with weights, rules for entities and sentences, no vectors."""
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    ruler = nlp.add_pipe("entity_ruler")
    nlp.add_pipe("merge_entities")
    tagger = nlp.add_pipe("tagger")
    for label in ("NN", "VB"):
        tagger.add_label(label)  # type: ignore[attr-defined]
    nlp.initialize()
    # Initializing empties the rules.
    ruler.add_patterns([{"label": "DRUG", "pattern": words} for words in MERGED])  # type: ignore[attr-defined]
    nlp.to_disk(path)
    return str(path)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> str:
    return small(tmp_path_factory.mktemp("base") / "en_small")


def test_our_components_come_before_those_that_change_tokens(base: str) -> None:
    nlp = build(base)
    assert tuple(nlp.pipe_names[:2]) == COMPONENTS
    assert nlp.pipe_names[2:] == ["sentencizer", "entity_ruler", "merge_entities", "tagger"]
    assert "take weeks" in [token.text for token in nlp("Pills take weeks.")]


def test_the_claims_are_the_same(base: str) -> None:
    theirs = Extractor(replace(RULES, nlp_base=base))
    page = text_page(PAGE)
    ours = extractor().extract(page)
    assert theirs.extract(page) == ours
    assert len(ours[0]) >= 6


def test_so_is_a_whole_audit(base: str) -> None:
    meta = DocumentMeta("page.txt", "text/plain")
    theirs = audit_document(PAGE.encode(), meta, replace(RULES, nlp_base=base))
    assert theirs == audit_document(PAGE.encode(), meta, RULES)
    assert theirs.findings


def test_the_command_line_takes_it(
    base: str, tmp_path: Path, claims_audit: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "page.txt").write_text(PAGE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    plain = claims_audit("audit", "page.txt", "--format", "csv")
    (tmp_path / "claims-audit.toml").write_text(f'[nlp]\nbase = "{base}"\n', encoding="utf-8")
    with_base = claims_audit("audit", "page.txt", "--format", "csv")
    assert with_base.code == plain.code
    assert with_base.out == plain.out


def test_a_base_that_is_not_installed() -> None:
    with pytest.raises(
        ConfigurationError, match=r"nlp.base = 'en_nowhere'.*install it or remove the setting"
    ):
        build("en_nowhere")


def test_a_component_before_ours_may_use_user_data(tmp_path: Path) -> None:
    @Language.component("case_user_data")
    def leave(doc: Doc) -> Doc:
        doc.user_data["other"] = 1
        return doc

    nlp = spacy.blank("en")
    nlp.add_pipe("case_user_data")
    nlp.to_disk(tmp_path / "other")
    page = text_page(PAGE)
    assert Extractor(replace(RULES, nlp_base=str(tmp_path / "other"))).extract(page) == extractor().extract(
        page
    )
