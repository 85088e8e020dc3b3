"""The same words in title, Open Graph, structured data and body are one block with several places."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from claims.model import Block, BlockKind, Locator

_SENTENCE = re.compile(r"(?<=[.!?])[\"'”’)\]]*\s+")
_MARKS = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-", "\n": " "})
_FEW = 50
"""Sentences sought up to which a text is asked for each of them before it is taken apart."""
_MIN_SHARED = 40
"""Characters that answers to different questions must have in common to count as the same words."""


@dataclass(slots=True)
class _Kept:
    block: Block
    places: list[Locator] = field(default_factory=list)


class _Merger:
    def __init__(self, sought: set[str]) -> None:
        """`sought` has the sentences that will be asked for."""
        self._sought = sought
        self._whole: dict[str, list[_Kept]] = {}
        self._sentences: dict[str, list[int]] = {}
        self._order: list[_Kept] = []

    def keep(self, block: Block) -> _Kept:
        kept = _Kept(block)
        whole = _key(block.text)
        if len(self._sought) > _FEW or any(key in whole for key in self._sought):
            for sentence in _SENTENCE.split(block.text):
                key = _key(sentence)
                if key in self._sought:
                    self._sentences.setdefault(key, []).append(len(self._order))
        self._whole.setdefault(whole, []).append(kept)
        self._order.append(kept)
        return kept

    def same(self, block: Block) -> _Kept | None:
        """The block kept earlier that says the same; never a myth for an assertion."""
        for kept in self._whole.get(_key(block.text), ()):
            if _agree(block, kept.block):
                return kept
        return self._in_sentences(block)

    def _in_sentences(self, block: Block) -> _Kept | None:
        """The first of neighbouring blocks that hold every sentence of `block`, in order."""
        keys = [_key(sentence) for sentence in _SENTENCE.split(block.text)]
        for start in self._sentences.get(keys[0], ())[:8]:
            at: int | None = start
            for key in keys[1:]:
                at = next(
                    (i for i in self._sentences.get(key, ()) if at is not None and at <= i <= at + 1), None
                )
                if at is None:
                    break
            else:
                kept = self._order[start]
                if _agree(block, kept.block) and (at is None or _agree(block, self._order[at].block)):
                    return kept
        return None


def merged(
    head: tuple[Block, ...], body: tuple[Block, ...], structured: tuple[Block, ...]
) -> tuple[Block, ...]:
    """All blocks, those of the head and of structured data only where the body does not say the same."""
    sought = {_key(sentence) for block in (*head, *structured) for sentence in _SENTENCE.split(block.text)}
    merger = _Merger(sought)
    kept_body: list[_Kept] = []
    alts: dict[str, _Kept] = {}
    for block in body:
        if block.kind is BlockKind.ALT and block.text in alts:
            alts[block.text].places.append(block.locator)
            continue
        kept = merger.keep(block)
        kept_body.append(kept)
        if block.kind is BlockKind.ALT:
            alts[block.text] = kept
    kept_head = _kept_of(head, merger)
    kept_structured = _kept_of(structured, merger)
    return tuple(
        replace(kept.block, places=(*kept.block.places, *kept.places)) if kept.places else kept.block
        for kept in (*kept_head, *kept_body, *kept_structured)
    )


def _kept_of(blocks: tuple[Block, ...], merger: _Merger) -> list[_Kept]:
    out: list[_Kept] = []
    for block in blocks:
        same = merger.same(block)
        if same is not None:
            same.places.append(block.locator)
        else:
            out.append(merger.keep(block))
    return out


def _agree(block: Block, kept: Block) -> bool:
    """False where the same words are framed otherwise, or answer another question."""
    if (kept.framing_label == "myth") != (block.framing_label == "myth"):
        return False
    if (kept.kind is BlockKind.QUESTION) != (block.kind is BlockKind.QUESTION):
        return False
    same_question = _key(block.question or "") == _key(kept.question or "")
    return same_question or len(block.text) >= _MIN_SHARED


def _key(text: str) -> str:
    """A text without what differs between places: case, kinds of quotes and dashes, the mark at the end."""
    if not text.isascii() or "\n" in text:
        text = text.translate(_MARKS)
    return text.casefold().rstrip(" .!")
