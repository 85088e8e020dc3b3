"""Assembles the spaCy pipeline: a blank English one, or an installed one with our components added."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache

import spacy
from spacy.attrs import LOWER, NORM
from spacy.language import Language
from spacy.tokens import Doc

from claims.errors import ConfigurationError
from pipeline.nlp import statements, tagger
from pipeline.nlp.analysis import Parsed

_NEEDED = (LOWER, NORM)
_LOOK_EVERY = 10_000
"""Objects between two looks of the garbage collector: reading makes many, hardly ever in circles."""
COMPONENTS = ("claims_tagger", "claims_statements")

__all__ = ["COMPONENTS", "build", "read", "statements", "tagger"]


@lru_cache(maxsize=4)
def build(base: str | None = None, treatment: str = "ketamine") -> Language:
    """The pipeline, once a process. Raises `ConfigurationError` where `base` is not installed."""
    with _settling():
        nlp = _blank() if base is None else _load(base)
        # Before any component that merges or splits tokens: phrases are looked for in what the tokenizer made.
        nlp.add_pipe("claims_statements", first=True)
        nlp.add_pipe("claims_tagger", first=True, config={"treatment": treatment})
    return nlp


@contextmanager
def _settling() -> Iterator[None]:
    """What is loaded meanwhile lives as long as the process: the garbage collector need not look at it, ever."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(max(_LOOK_EVERY, gc.get_threshold()[0]), *gc.get_threshold()[1:])
        if collecting:
            gc.enable()


def _blank() -> Language:
    """Our components ask for norms only: shapes, prefixes and the like are not worked out for each new word."""
    nlp = spacy.blank("en")
    getters = nlp.vocab.lex_attr_getters  # type: ignore[attr-defined]
    for attribute in [one for one in getters if one not in _NEEDED]:
        del getters[attribute]
    return nlp


def read(nlp: Language, texts: Iterable[str]) -> Iterator[Parsed]:
    """What the components find in each of these normalised texts, in order."""
    if tuple(nlp.pipe_names) == COMPONENTS:
        # Nobody else has anything to do: ours need the text alone, so that no Doc is made.
        tag, split = (nlp.get_pipe(name) for name in COMPONENTS)
        for text in texts:
            yield split.split(tag.tagged(text))  # type: ignore[attr-defined]
        return
    for doc in nlp.pipe(_made(nlp, texts)):
        yield doc.user_data["claims"]


def _made(nlp: Language, texts: Iterable[str]) -> Iterator[Doc]:
    for text in texts:
        doc = nlp.make_doc(text)
        doc.user_data["text"] = text  # a Doc would put it together anew, token by token
        yield doc


def _load(base: str) -> Language:
    try:
        return spacy.load(base)
    except (OSError, ValueError) as error:
        raise ConfigurationError(
            f"nlp.base = {base!r}: no such spaCy pipeline is installed; install it or remove the setting ({error})"
        ) from error
