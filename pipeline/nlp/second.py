"""The second reader: weighs the words of a statement, where the frames look for what they know.

Frames are exact about what they have a word for, and blind to the rest. Weights learnt from labelled pages know
many more words and what stands around them, a little of each. A claim that the weights speak clearly against is
doubted and dropped; where they speak clearly for one, the statement claims something of that family although no
frame says so. Subject, framing and all other slots are read as for any claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from math import inf
from operator import gt

from claims.frames import Frame
from claims.model import Claim, Cue, Family, Quantity, Strength
from claims.weights import FAMILIES, Row, Weights, limit, score, scores, word_classes
from pipeline.nlp import assertion, features
from pipeline.nlp.analysis import Mention
from pipeline.nlp.features import Features, Place
from pipeline.nlp.matching import Fit
from pipeline.nlp.slots import Reading, claim_of
from pipeline.nlp.subjects import OURS
from pipeline.nlp.weighing import Tables

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_MOST_CUES = 3
_PASSING = -0.25
"""Score up to which a claim is taken for one that passes."""
_PASSING_TOLD = 0.5
"""The same on pages that tell and do not sell: there a flat word is more often one of a report."""
_MILD_SHARE = 0.4
"""Share of its statements that pass from which a proposition passes when it is said mildly."""
_FLAT_SHARE = 0.75
"""Share from which it passes however it is said."""
_NEVER_SHARE = 0.1
"""Share up to which it hardly ever passes."""
_DOUBT_TOLD = 0.5
"""How much more must speak for a claim on pages that tell and do not sell."""
_SURER = 2.0
"""How much more must speak against a claim that hardly ever passes before it is doubted."""
_OF_COPY = (Family.HYPE, Family.TESTIMONIAL, Family.STATISTIC)
"""Families of which every claim is flagged, or nearly: what matters is whether it is one."""
_RATES = ("response_rate", "remission_rate", "success_rate", "third_do_not_respond")
"""Propositions that state what share of patients something holds for."""
_FACTS = (Family.REGULATORY, Family.COST)
"""Families of what is so or is not: nothing is said more or less strongly."""
_PROMISED = (Family.EFFICACY, Family.MECHANISM)
"""What copy promises its reader: there flat words are meant flat, and a guess was right half the time."""
_NUMBERS = {family: number for number, family in enumerate(FAMILIES)}


class SecondReader:
    """Holds one treatment's weights; keeps nothing of a page but sums."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.claims = Tables(weights.bias, weights.rows)
        self.flags = Tables(weights.flag_bias, weights.flags)

    def reviewed(self, reading: Reading, claims: list[Claim]) -> list[Claim]:
        """The claims that frames read in a statement, without those doubted and with those that only weights show."""
        if not claims and not _may_be_ours(reading):
            return claims
        found = scores(self._weighed(reading) + self.claims.around(*_place(reading)))
        if claims or any(map(gt, found, self.weights.propose)):
            return list(_Second(self, reading, found).stands(claims))
        return claims

    def _weighed(self, reading: Reading) -> Row:
        """What a statement's own features add: summed once for what stands on many pages."""
        statement, shift = reading.statement, _shift(reading)
        known = statement.weighed
        if known is None or known[0] != shift:
            own = self.claims.weighed(statement, reading.words[shift:])
            known = statement.weighed = shift, own
        return known[1]


class _Second:
    """One statement, read again."""

    def __init__(self, reader: SecondReader, reading: Reading, found: list[float]) -> None:
        self.reader = reader
        self.weights = reader.weights
        self.reading = reading
        self._scores = found
        self._flags: list[float] | None = None

    def stands(self, claims: Sequence[Claim]) -> Iterator[Claim]:
        found, propose = self._scores, self.weights.propose
        for claim in claims:
            if found[_NUMBERS[claim.family]] >= self._keep(claim):
                yield self._softened(claim)
        if any(map(gt, found, propose)):
            spoken = {claim.family for claim in claims}
            for number, family in enumerate(FAMILIES):
                if found[number] > propose[number] and family not in spoken:
                    proposed = self._claim(family)
                    if proposed is not None:
                        yield proposed

    def _keep(self, claim: Claim) -> float:
        """Score below which the claim is doubted: never, where its place in a list says what it is."""
        if _of_a_list(claim):
            return -inf
        known = limit(self.weights.keep, claim)
        if not self.reading.surroundings.addresses_reader:
            known += _DOUBT_TOLD
        return known - _SURER if self._never_passes(claim) else known

    def _softened(self, claim: Claim) -> Claim:
        """A flat claim among words of the kind that stand with claims that pass is read as hedged.

        Where a word is known to hedge, whom it reaches has been read exactly, and nothing is left to guess.
        """
        if claim.strength is not Strength.S3 or self._passes_flat(claim):
            return claim
        if claim.family in _PROMISED and self.reading.surroundings.addresses_reader:
            return claim
        cues = assertion.strength_cues(self.reading.statement)
        if any(cue.level < Strength.S3 for cue in cues) or not self._passes(claim.family):
            return claim
        softer = Cue("strength", Strength.S2.name, "", None, None, f"weights/{claim.family}")
        return replace(claim, strength=Strength.S2, cues=(*claim.cues, softer))

    def _never_passes(self, claim: Claim) -> bool:
        """True for what is false or forbidden however it is worded."""
        if claim.family in _OF_COPY:
            return False
        return self.weights.passes[claim.family].get(claim.proposition, 1.0) <= _NEVER_SHARE

    def _passes_flat(self, claim: Claim) -> bool:
        share = self.weights.passes[claim.family].get(claim.proposition, 0.0)
        return claim.family in _FACTS or share >= _FLAT_SHARE

    def _passes(self, family: Family) -> bool:
        """Whether what speaks for a claim of the family speaks for one that says no more than it may."""
        if self._flags is None:
            reading, flags = self.reading, self.reader.flags
            own = flags.weighed(reading.statement, reading.words[_shift(reading) :])
            self._flags = scores(own + flags.around(*_place(reading)))
        passing = _PASSING if self.reading.surroundings.addresses_reader else _PASSING_TOLD
        return self._flags[_NUMBERS[family]] <= passing

    def _claim(self, family: Family) -> Claim | None:
        """A claim of the family, on the words that speak for it most; None where it is not ours, asked or denied."""
        if family is Family.STATISTIC and self.reading.statement.has(*OURS):
            return None  # what is said of the drug is none of the illness
        telling = self._telling(_NUMBERS[family]) if _may_be_ours(self.reading) else []
        if not telling:
            return None
        mild = self._passes(family)
        strength = Strength.S1 if mild else None
        proposition = self._proposition(family, mild)
        frame = Frame(family, proposition, f"{family}/weights", ("*",), polarity="any", fixed=strength)
        negation = assertion.negation(self.reading.statement, telling[0])
        claim = claim_of(self.reading, Fit(frame, telling[0], (), self._rate(proposition), negation))
        if claim is None:
            return None
        cues = tuple(self._cue(claim, mention) for mention in telling[:_MOST_CUES])
        return replace(claim, cues=cues + tuple(cue for cue in claim.cues if cue.slot != "family"))

    def _rate(self, proposition: str) -> Quantity | None:
        """The first share of patients named, for a proposition that states one."""
        if proposition not in _RATES:
            return None
        return next((q for q in self.reading.statement.quantities if q.kind == "rate"), None)

    def _proposition(self, family: Family, mild: bool) -> str:
        """The proposition that most speaks for, by words and mentions; where it is mild, of those that pass."""
        seen = seen_of(self.reading)
        keys = ["", *(f"{kind}:{key}" for kind in ("word", "mention") for key in seen[kind])]
        tables, shares = self.weights.propositions[family], self.weights.passes[family]
        offered = [name for name in tables if shares.get(name, 0.0) >= _MILD_SHARE] if mild else []
        return max(offered or tables, key=lambda name: sum(tables[name].get(key, 0.0) for key in keys))

    def _telling(self, number: int) -> list[Mention]:
        """Mentions and words of the statement's own that speak for a family, the most telling first."""
        reading = self.reading
        start = reading.statement.start
        own = max(start, reading.unit.own)
        weighed: list[tuple[float, Mention]] = []
        for mention in reading.statement.mentions:
            if mention.first >= own:
                weight = sum(self._weight("mention", kind, number) for kind in mention.kinds)
                inside = reading.words[mention.first - start : mention.last - start]
                weighed.append((weight + self._words(inside, number), mention))
        for match in _WORD.finditer(reading.words, own - start):
            first, last = start + match.start(), start + match.end()
            weighed.append((self._words(match.group(), number), Mention(0, 1, first, last, {})))
        weighed.sort(key=lambda pair: (-pair[0], pair[1].first))
        return _apart(mention for weight, mention in weighed if weight > 0)

    def _words(self, lower: str, number: int) -> float:
        """What the words of a stretch add, each for itself."""
        known = word_classes()
        total = 0.0
        for word in features.words(lower):
            total += self._weight("word", word, number)
            name = known.classes.get(word)
            if name is not None:
                total += self._weight("class", name, number)
                total += self._weight("group", known.groups[name], number)
        return total

    def _weight(self, kind: str, key: str, number: int) -> float:
        row = self.weights.rows.get(kind, {}).get(key)
        return score(row, number) if row else 0.0

    def _cue(self, claim: Claim, mention: Mention) -> Cue:
        own = self.reading.unit.own
        text = self.reading.unit.text[mention.first : mention.last]
        first, last = mention.first - own, mention.last - own
        return Cue("family", claim.proposition, text, first, last, f"weights/{claim.family}")


def _of_a_list(claim: Claim) -> bool:
    """True for an item that a lead-in or a heading makes a claim, whatever its own words."""
    deciding = [(c.start, c.end) for c in claim.cues if c.slot == "family"]
    return all(place in ((None, None), (claim.start, claim.end)) for place in deciding)


def _may_be_ours(reading: Reading) -> bool:
    """False where neither the statement names the drug nor anything that it is read with."""
    inherited = reading.inherited
    return (inherited is not None and inherited.ours) or reading.statement.has(*OURS)


def seen_of(reading: Reading) -> Features:
    """What the weights look at in a statement."""
    own = features.of_statement(reading.statement, reading.words[_shift(reading) :])
    return {**own, **features.of_subject(_place(reading)[1])}


def _shift(reading: Reading) -> int:
    """Where a statement's own words begin in it, behind what it borrows."""
    return max(reading.unit.own - reading.statement.start, 0)


def _place(reading: Reading) -> tuple[Place, str]:
    """What a statement is read with, and whom it is about if it does not say; empty where nothing tells."""
    topic = reading.inherited
    return features.place_of(reading.unit.block), topic.subject if topic else ""


def _apart(mentions: Iterable[Mention]) -> list[Mention]:
    """Those that do not lie in one before them."""
    kept: list[Mention] = []
    for mention in mentions:
        if all(mention.last <= other.first or other.last <= mention.first for other in kept):
            kept.append(mention)
    return kept
