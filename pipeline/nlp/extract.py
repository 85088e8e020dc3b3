"""Reads the claims out of a page: statements, the frames they fit, and what of that stands."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial

from claims import frames as frame_data
from claims import lexicon as lexicons
from claims import weights
from claims.model import BlockKind, Claim, Family, Page, Unread
from claims.rules import Rules
from pipeline.nlp import answers, assertion
from pipeline.nlp.analysis import Mention, Parsed, Statement
from pipeline.nlp.context import Surroundings, Unit, unit_of
from pipeline.nlp.known import Known
from pipeline.nlp.matching import Context, Fit, fits
from pipeline.nlp.normalise import normalise
from pipeline.nlp.pipeline import build, read
from pipeline.nlp.second import SecondReader
from pipeline.nlp.slots import Draft, Reading, conditions_named, drafted, moved
from pipeline.nlp.subjects import OURS

_NOTHING = Context(frozenset(), frozenset(), frozenset(), frozenset())

Key = tuple[Family, str]
Reviewer = Callable[[Reading, list[Claim]], list[Claim]]
"""Gets a statement and the claims that frames read in it, and gives those that stand."""
_FAILED = ("nonresponse", "others_fail", "tried_failed", "other_antidepressants")
_SAFETY_LISTS = ("has_risks", "contraindicated")
_EFFICACY: Key = (Family.EFFICACY, "helps")


class Extractor:
    """Built once a process; keeps nothing between pages but how texts read that stand on many of them."""

    def __init__(self, rules: Rules, second: Reviewer | None = None) -> None:
        """`second` looks at each statement when the frames have; by default the treatment's weights do."""
        self.second = second or _second(rules.treatment)
        self.nlp = build(rules.nlp_base, rules.treatment)
        self.lexicon = lexicons.load(rules.treatment)
        # Every family is read: omissions look at all of them, the check reports those asked for.
        self.frames = frame_data.FrameIndex(frame_data.load())
        self.spoken = self.frames.triggers.difference(OURS)
        """Mention types that a family speaks of. The drug's name alone says nothing, though some frames begin so."""
        self._known = Known()

    def extract(self, page: Page) -> tuple[tuple[Claim, ...], tuple[Unread, ...]]:
        """Claims in reading order, and the blocks that should perhaps have given some."""
        units = [unit_of(block, i) for i, block in enumerate(page.blocks)]
        surroundings = Surroundings(page, self._texts(units, page), self._one)
        return _PageReader(self, surroundings).read(units)

    def _one(self, text: str) -> Parsed:
        return self._read([text])[0]

    def _read(self, texts: Collection[str]) -> list[Parsed]:
        return self._known.parsed(texts, partial(read, self.nlp))

    def _texts(self, units: Sequence[Unit], page: Page) -> dict[str, Parsed]:
        """Each different text of the page, contexts included, read once."""
        texts: dict[str, None] = {normalise(page.title): None}
        for unit in units:
            block = unit.block
            for text in (unit.text, block.question, block.lead_in, block.label, *block.headings):
                if text:
                    texts[normalise(text)] = None
        return dict(zip(texts, self._read(texts), strict=True))


def _second(treatment: str) -> Reviewer:
    learnt = weights.load(treatment)
    return SecondReader(learnt).reviewed if learnt else _as_read


def _as_read(_reading: Reading, claims: list[Claim]) -> list[Claim]:
    return claims


class _PageReader:
    """One page's reading."""

    def __init__(self, engine: Extractor, surroundings: Surroundings) -> None:
        self.engine = engine
        self.around = surroundings
        self._treated: Claim | None = None
        """The last statement of what the treatment helps, for "These include …" behind it."""

    def read(self, units: Sequence[Unit]) -> tuple[tuple[Claim, ...], tuple[Unread, ...]]:
        if self.around.page_topic is None:
            return (), ()
        claims: list[Claim] = []
        unread: list[Unread] = []
        opening = _opening_lists(self.around.page)
        for unit in units:
            found = list(self._unit(unit))
            if unit.index in opening:
                mentions = self.around.parsed(unit.text).mentions
                found = [claim for claim in found if not _only_opens(claim, mentions)]
            claims.extend(found)
            if not found and (seen := self._seen(unit)):
                unread.append(Unread(unit.index, unit.block.text, seen, unit.block.locator.line))
        return tuple(claims), tuple(unread)

    def _seen(self, unit: Unit) -> tuple[str, ...]:
        """What a family speaks of in a block that names the drug and gave no claim."""
        if unit.block.kind is BlockKind.QUESTION:
            return ()
        parsed = self.around.parsed(unit.text)
        if not parsed.names(OURS):
            return ()
        mentions: list[Mention] = [m for m in parsed.mentions if m.first >= unit.own]
        if all(m.kinds.keys().isdisjoint(OURS) for m in mentions):
            return ()
        spoken = self.engine.spoken
        kinds = [(next((k for k in m.kinds if k in spoken), None), m) for m in mentions]
        return tuple(f"{kind}: {unit.text[m.first : m.last]}" for kind, m in kinds if kind)

    def _unit(self, unit: Unit) -> Iterator[Claim]:
        block = unit.block
        self.around.enter(block)
        if block.kind is BlockKind.QUESTION or block.framing_label == "myth":
            self.around.forget()
            return
        parsed = self.around.parsed(unit.text)
        statements: list[Statement] = [s for s in parsed.statements if s.end > unit.own]
        context = self.around.context(block)
        merged = block.answers_directly and answers.bare_opening(statements, parsed.text)
        for i, statement in enumerate(statements):
            answers_here = block.answers_directly and i == int(merged)
            listed = block.kind is BlockKind.LIST_ITEM and bool(context.heading) and not unit.own
            if not (statement.says_something or answers_here or listed):
                continue
            if _asks(parsed, statement) or _denied_next(statements, i):
                continue
            reading = self._reading(unit, statement, statements[max(i - 1, 0) : i + 2], parsed)
            found = list(self._statement(reading, context))
            if merged and i == 1:
                found = answers.widened(found, statements[0].start, block.text)
            if answers_here:
                found.extend(self._from_question(reading, statements[0].start, found))
            yield from self.engine.second(reading, found)

    def _reading(
        self, unit: Unit, statement: Statement, neighbours: list[Statement], parsed: Parsed
    ) -> Reading:
        words = parsed.lower[statement.start : statement.end]
        inherited = self.around.topic(unit.block, words)
        return Reading(unit, statement, words, inherited, neighbours, self.around, self.engine.lexicon)

    def _statement(self, reading: Reading, context: Context) -> Iterator[Claim]:
        """The strongest claim of each proposition, without those that another says more exactly."""
        statement = reading.statement
        kept: dict[Key, Draft] = {}
        labelled: set[Key] = set()
        for fit, draft in self._drafts(reading, context, reading.unit.block.kind, reading.unit.own):
            _keep(kept, labelled, draft, in_label=_in_label(statement, fit))
        best = {key: draft.build() for key, draft in kept.items()}
        self.around.carry(statement, reading.inherited, reading.words)
        self._continue(reading, best)
        yield from self._standing(best)

    def _continue(self, reading: Reading, best: dict[Key, Claim]) -> None:
        """ "These include …": what the statement before said of such illnesses is said of those listed."""
        if not answers.continues(reading.words):
            self._treated = best.get(_EFFICACY)
            return
        conditions = conditions_named(reading.statement)
        if self._treated and conditions and _EFFICACY not in best:
            best[_EFFICACY] = moved(self._treated, reading, conditions)

    def _drafts(
        self, reading: Reading, context: Context, kind: str, own: int, negated: bool = False
    ) -> Iterator[tuple[Fit, Draft]]:
        accept = partial(drafted, reading)
        for frames in self.engine.frames.triggered(reading.statement.by_kind, kind):
            yield from fits(frames, reading.statement, context, own, accept, negated)

    def _standing(self, best: dict[Key, Claim]) -> list[Claim]:
        subsumed = {
            (family, less)
            for family, proposition in best
            for less in self.engine.frames.sets[family].subsumes.get(proposition, ())
        }
        return [claim for key, claim in best.items() if key not in subsumed]

    def _from_question(self, reading: Reading, start: int, found: list[Claim]) -> Iterator[Claim]:
        """Claims of families that the answer itself does not speak of, read with the question."""
        unit, statement = reading.unit, reading.statement
        words = unit.block.text[start : statement.end - unit.own]
        text = answers.joined(unit.block.question or "", words)
        if not unit.block.question or text is None:
            return
        parsed = self.around.parsed(text)
        if not parsed.statements or not parsed.statements[-1].says_something:
            return
        spoken = {claim.family for claim in found}
        asked = self._reading(
            Unit(unit.block, unit.index, text, 0), parsed.statements[-1], reading.neighbours, parsed
        )
        asked.relaxed, asked.inherited = True, self.around.page_topic
        kind = BlockKind.ANSWER
        for fit, draft in self._drafts(asked, _NOTHING, kind, 0, answers.is_no(words)):
            if fit.frame.family not in spoken:
                yield answers.as_answer(draft.build(), words, start)


def _opening_lists(page: Page) -> frozenset[int]:
    """Indices of the blocks that the next one, an item, is read behind."""
    pairs = enumerate(zip(page.blocks, page.blocks[1:], strict=False))
    return frozenset(
        i
        for i, (block, item) in pairs
        if item.lead_in and block.text.rstrip().endswith(item.lead_in.rstrip())
    )


def _only_opens(claim: Claim, mentions: Sequence[Mention]) -> bool:
    """True where a lead-in only says that something follows: its items claim it."""
    if not claim.quote.rstrip().endswith(":") or claim.conditions:
        return False
    if claim.family is Family.SAFETY:
        return claim.proposition in _SAFETY_LISTS
    return claim.family is Family.EFFICACY and all(m.kinds.keys().isdisjoint(_FAILED) for m in mentions)


def _keep(kept: dict[Key, Draft], labelled: set[Key], draft: Draft, in_label: bool) -> None:
    """The strongest stands, but a label yields to its body (ruling 4)."""
    key = draft.fit.frame.family, draft.fit.frame.proposition
    standing = kept.get(key)
    if standing is None:
        kept[key] = draft
        if in_label:
            labelled.add(key)
    elif not in_label and (key in labelled or draft.strength > standing.strength):
        kept[key] = draft
        labelled.discard(key)


def _asks(parsed: Parsed, statement: Statement) -> bool:
    return parsed.words(statement).rstrip(" \"')").endswith("?")


def _denied_next(statements: list[Statement], i: int) -> bool:
    return i + 1 < len(statements) and assertion.denies_before(statements[i + 1])


def _in_label(statement: Statement, fit: Fit) -> bool:
    return statement.fragments[statement.fragment_at(fit.trigger.first)].kind == "label"
