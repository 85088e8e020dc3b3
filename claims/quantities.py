"""Quantities in a text: times, rates, money and doses, as ranges.

Times are given in hours, rates in percent. "Within a day" is (None, 24), "2 to 4 hours" (2, 4), "in hours"
(1, 24), "over 80 %" (80, None), "seven in ten" (70, 70), "up to 70 %" (None, 70).

A `time` may say how soon or how long. Times that say neither have kinds of their own, so that no rule takes them
for one: `length` (what a sitting takes: "for 40 minutes", "a 2-hour session"; a course: "over three weeks"),
`interval` ("every two weeks", "twice a week"), `age` ("20 years ago", "65-year-old", "two working days") and
`contrast` (the time of what is compared with: "not weeks", "instead of months"). A count of sittings after which
something comes has the kind `sessions` ("after one or two infusions").
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from claims.casing import lowered
from claims.model import Quantity
from claims.signs import Signs

_DIGITS = {
    "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0, "seven": 7.0, "eight": 8.0,
    "nine": 9.0,
}  # fmt: skip
_TENS = {
    "twenty": 20.0, "thirty": 30.0, "forty": 40.0, "fifty": 50.0, "sixty": 60.0, "seventy": 70.0,
    "eighty": 80.0, "ninety": 90.0,
}  # fmt: skip
_TEENS = {
    "ten": 10.0, "eleven": 11.0, "twelve": 12.0, "thirteen": 13.0, "fourteen": 14.0, "fifteen": 15.0,
    "sixteen": 16.0, "seventeen": 17.0, "eighteen": 18.0, "nineteen": 19.0,
}  # fmt: skip
_HUNDREDS = {"hundred": 100.0, "a hundred": 100.0, "one hundred": 100.0}
_WORDS = {**_DIGITS, **_TENS, **_TEENS}
_SHARES = {"a": 1.0, "an": 1.0, "single": 1.0, "another": 1.0, "half": 0.5, "half a": 0.5, "half an": 0.5}
_VAGUE = {"few": (2.0, 6.0), "several": (3.0, 7.0), "couple": (2.0, 2.0), "couple of": (2.0, 2.0)}
_UNITS = {
    "second": 1 / 3600, "sec": 1 / 3600, "minute": 1 / 60, "min": 1 / 60, "hour": 1.0, "hr": 1.0, "h": 1.0,
    "day": 24.0, "night": 24.0, "week": 168.0, "wk": 168.0, "fortnight": 336.0, "month": 730.0, "mo": 730.0,
    "mth": 730.0, "year": 8760.0, "yr": 8760.0, "decade": 87600.0,
}  # fmt: skip
_BARE = {
    "moments": (0.0, 1 / 60), "seconds": (0.0, 1 / 60), "secs": (0.0, 1 / 60), "minutes": (1 / 60, 59 / 60),
    "mins": (1 / 60, 59 / 60), "hours": (1.0, 24.0), "hrs": (1.0, 24.0), "days": (24.0, 168.0),
    "weeks": (168.0, 730.0), "wks": (168.0, 730.0), "months": (730.0, 8760.0), "years": (8760.0, 87600.0),
    "decades": (87600.0, 876000.0),
}  # fmt: skip
_FIXED = {
    (
        r"overnight|(?:the |that )?same[- ](?:day|night|evening|afternoon)|by (?:bedtime|nightfall"
        r"|evening|dinner ?time)"
    ): (1.0, 24.0),
    (
        r"(?:(?:by|on) )?(?:the )?(?:very )?(?:next|following) day|(?:by )?(?:the )?day after|by tomorrow"
    ): (12.0, 36.0),
    (
        r"(?:(?:by|on) )?(?:the )?(?:very )?(?:next|following) (?:morning|evening)"
        r"|(?:by )?the morning after|by morning"
    ): (8.0, 24.0),
    r"(?:in|within|over|by|after) (?:a|the|one|the next) (?:single |long )?weekend": (1.0, 72.0),
    r"(?:within )?a quarter of an hour": (0.25, 0.25),
    r"(?:within )?three quarters of an hour": (0.75, 0.75),
}  # fmt: skip
_SITTING = 24.0
"""Hours up to which "for" and "over" tell what a sitting takes."""

_GAP = r"\s{1,3}"
_OPT = r"\s{0,3}"
_JOINT = r"(?:(?<=[\d+)])\s{0,3}|\s{1,3}|-)"
"""Between a number and its unit: figures may touch it, words may not."""
_FIGURE = r"(?:\d{1,3}(?:,\d{3}){1,2}|\d{1,6})(?:\.\d{1,3})?"
_SPELT = (
    rf"(?:(?:{'|'.join(_TENS)})[- ](?:{'|'.join(_DIGITS)})|"
    + "|".join(sorted((*_WORDS, "one hundred", "a hundred", "hundred"), key=len, reverse=True))
    + ")"
)
_COUNT = rf"(?:{_FIGURE}|{_SPELT})"
_NUM = rf"(?:{_FIGURE}|{_SPELT}|half an?|single|another|half|an?)(?:{_OPT}\(\d{{1,3}}\))?"
_UNIT = (
    r"(?:secs?|seconds|minutes?|mins?|hours?|hrs?|h|days?|nights?|weeks?|wks?|fortnights?|months?|mos"
    r"|mths?|years?|yrs?"
    r"|decades?|(?<=\d )second|(?<=\d)second)"
)
_CAP = (
    r"(?:up to|as (?:many|much|high|little|few|long|soon|early|quickly|fast)(?: as)?|at most|(?:no"
    r"|not) (?:more|later) than|less than|under"
    r"|within|in|fewer than|by|inside|before|for up to|close to)"
)
_FLOOR = (
    r"(?:for over|for more than|for at least|over|more than|at least|above|greater than|upwards? of"
    r"|exceeding|beyond|in excess of|well over)"
)
_SPAN = r"(?:for|over|lasting|lasts?|lasted|during|throughout|across)"
_FILL = (
    rf"(?:(?:just|only|the first|the|about|around|approximately|approx|roughly|next|as little as|another|a"
    rf"|course of|period of|span of|between|from){_GAP}){{0,3}}"
)
_TO = rf"{_OPT}(?:-|–|—|to|or|and|up to){_OPT}"
_AFTERS = rf"(?P<more>{_OPT}\+|{_GAP}or (?:more|longer|so|two|three)\b|{_GAP}and a half\b|{_GAP}plus\b)?"
_SITTING_NOUN = (
    r"(?:(?:iv|im|ketamine|spravato|esketamine|long|slow|continuous|observation|monitoring|recovery"
    r"|therapy|dosing|integration|preparation|clinical|free|online|initial|phone|video|medical|virtual)"
    rf"{_GAP}){{0,2}}(?:infusions?|sessions?|appointments?|assessments?|quiz|tests?|surveys?|screenings?"
    rf"|screeners?|forms?|walk|drive|visits?|drips?|periods?|consultations?|calls?|observation|monitoring"
    rf"|evaluations?"
    r"|intervals?|windows?|studies|study|trials?|courses?|programs?|programmes?|phases?|protocols?"
    r"|schedules?|stays?|wait)"
)
_AGE_NOUN = (
    r"(?:ago|old|olds|of (?:age|experience|practice|service|training|research|study|use|history|clinical"
    r"|combined)|earlier|prior|in (?:practice|business)"
    r"|after (?:birth|delivery|surgery)|before (?:surgery|your|the|treatment|each|any))"
)

# The patterns read lower case, but for `_MONEY`.
_TIME = re.compile(
    rf"(?<![\w$£€.])(?:(?P<lead>last(?:s|ed|ing)?|persist(?:s|ed|ing)?|well|just|for){_GAP}(?=over|more"
    rf"|at least))?"
    rf"(?:(?P<pre>{_FLOOR}|{_CAP}|{_SPAN}){_GAP})?{_FILL}"
    rf"(?:(?!(?:an?|one|the|another|single) second\b)(?P<low>{_NUM})(?:(?:{_OPT}"
    rf"|-)(?P<lowunit>{_UNIT})\b)?(?:{_TO}(?P<high>{_NUM}))?"
    rf"|(?P<vague>few|several|couple(?: of)?)|(?P<first>first))"
    rf"(?P<plus>{_OPT}\+|{_GAP}or more|{_GAP}plus)?{_JOINT}(?P<unit>{_UNIT})\b{_AFTERS}"
    rf"(?:(?:{_GAP}|-)(?P<age>{_AGE_NOUN})\b|(?:{_GAP}|-)(?P<sitting>{_SITTING_NOUN})\b)?",
)
_BARE_WORD = "|".join(_BARE)
_TIME_BARE = re.compile(
    rf"(?<![\w-])(?:(?P<pre>{_CAP}|{_FLOOR}|{_SPAN}|after|takes?|several){_GAP})?(?:(?:just|only"
    rf"|a matter of|mere|merely|many|multiple){_GAP}){{0,2}}"
    rf"(?P<low>{_BARE_WORD})(?:,{_OPT}(?:{_BARE_WORD})(?=,?{_GAP}(?:or|and|to)))?"
    rf"(?:(?:{_OPT}(?:to|or|-|–|—|/|and|,){{1}}{_OPT}(?:or{_GAP}|and{_GAP})?(?:even|sometimes|possibly"
    rf"|in some cases|occasionally|perhaps)?{_OPT})"
    rf"(?P<high>{_BARE_WORD}))?\b(?:{_GAP}(?P<age>{_AGE_NOUN})\b)?(?P<tail>{_GAP}(?:of|later)\b)?",
)
_TIME_POINT = re.compile(
    rf"\b(?P<pre>at|by|on|until|from|before|through|around|after){_GAP}(?:about{_GAP})?(?P<unit>day|week"
    rf"|month|hour|year){_GAP}"
    rf"(?P<low>\d{{1,3}}|{_SPELT})(?:{_TO}(?P<high>\d{{1,3}}))?\b",
)
_TIME_FIXED = re.compile(r"(?<![\w-])(?:" + "|".join(f"(?P<f{i}>{p})" for i, p in enumerate(_FIXED)) + r")\b")
_CONTRAST = re.compile(
    r"\b(?:not(?: in| for| over| after)?|instead of|rather than|versus|vs\.?|compared (?:to|with)"
    r"|as opposed to|unlike|(?<!less )(?<!more )(?<!fewer )(?<!later )(?<!longer )(?<!greater )than"
    r"|without waiting)"
    rf"{_GAP}(?:(?:the|a|usual|typical|several|many|few|full|waiting|wait|about|of|for|up to){_GAP}){{0,3}}"
    rf"(?:(?:{_NUM})(?:{_TO}(?:{_NUM}))?{_GAP}{_UNIT}\b|(?P<bare>{_BARE_WORD})(?:{_GAP}(?:to|or"
    rf"|and){_GAP}(?:{_BARE_WORD}))?\b)",
)
_INTERVAL = re.compile(
    rf"\b(?:(?:once{_GAP})?every{_GAP}(?:(?:other|single|few|couple of"
    rf"|{_NUM}(?:{_TO}{_NUM})?){_GAP}(?:to{_GAP}{_NUM}{_GAP})?)?{_UNIT}\b"
    rf"|(?:once|twice|thrice|{_COUNT}(?:{_TO}{_COUNT})?(?:{_GAP}|-)(?:times|days|hours|nights|sessions"
    rf"|infusions|treatments|doses|visits)){_GAP}"
    rf"(?:an?|per|each|every|in a){_GAP}(?:single{_GAP})?{_UNIT}\b"
    rf"|(?:an?|per|each){_GAP}(?:day|week|month|year|hour),?{_GAP}every{_GAP}{_UNIT}\b"
    rf"|\bper{_GAP}{_UNIT}\b)",
)
_AGE = re.compile(
    rf"\b(?:(?:in|over|for|within|during){_GAP})?(?:the{_GAP}last|(?:the{_GAP})?(?:past|recent|previous"
    rf"|early|later|preceding|coming|teenage|formative)){_GAP}"
    rf"(?:(?:{_NUM}(?:{_TO}{_NUM})?|few|several|couple of){_GAP})?(?:years?|decades?|months?|weeks?)\b"
    rf"|\b(?:(?:within|in){_GAP})?(?:{_COUNT}(?:{_TO}{_COUNT})?|few|an?){_GAP}(?:working|business|calendar"
    rf"|full|clinic){_GAP}days?\b",
)
_PERCENT = r"(?:%|percent\b|per cent\b|pct\b)"
_RATE = re.compile(
    rf"(?<![\w$£€.])(?:(?P<pre>{_CAP}|{_FLOOR}){_GAP})?(?:(?:about|around|approximately|roughly|nearly"
    rf"|almost|some|between|from){_GAP}){{0,2}}"
    rf"(?P<low>{_COUNT}){_OPT}{_PERCENT}?(?:{_TO}(?P<high>{_COUNT}))?(?P<early>{_OPT}\+)?"
    rf"(?:{_OPT}%|{_JOINT}{_PERCENT})"
    rf"(?P<plus>{_OPT}\+|{_GAP}or (?:more|higher|greater|better))?(?!{_OPT}(?:ci\b|confidence))",
)
_PEOPLE = (
    r"(?:patients?|people|persons?|adults?|participants?|clients?|individuals?|users?|veterans?"
    r"|respondents?|men|women|of our)"
)
_RATIO = re.compile(
    rf"(?<![\w$£€.])(?:(?P<pre>{_FLOOR}|up to|as many as|nearly|about|almost|roughly"
    rf"|around){_GAP})?(?P<part>{_COUNT})(?:{_TO}(?P<part2>{_COUNT}))?"
    rf"{_GAP}(?P<joint>in|out of|of every|of){_GAP}(?:every{_GAP})?(?P<whole>\d{{1,6}}|{_SPELT})\b"
    rf"(?P<people>{_GAP}(?:of our{_GAP})?{_PEOPLE}\b)?(?!{_OPT}-?{_OPT}(?:{_UNIT}|infusions|sessions"
    rf"|treatments|visits|doses|%|percent)\b)",
)
_RATIO_HINT = re.compile(rf"\b(?:in|of){_GAP}(?:every{_GAP})?(?:\d|{_SPELT})")
"""Stands in all that `_RATIO` matches, and is found sooner."""
_FRACTION = re.compile(
    rf"\b(?:(?P<pre>{_FLOOR}|up to){_GAP})?(?P<n>one|two|three|a)[ -](?P<d>thirds?|quarters?|fifths?)\b"
    rf"|\b(?:(?P<hpre>{_FLOOR}){_GAP})?(?P<half>(?:one{_GAP})?half) (?=(?:of|the|our|these|patients|people"
    rf"|participants)\b)",
)
_WRITTEN_FRACTION = re.compile(
    rf"(?<![\d/.,])(?:(?P<pre>{_FLOOR}|up to){_GAP})?(?P<n>[1-9])/(?P<d>[2-9]|10)(?= (?:of|{_PEOPLE})\b)"
)
_SESSIONS = re.compile(
    rf"\b(?P<pre>after|within|in|by|following|from|takes?|until|before){_GAP}"
    rf"(?:(?:just|only|about|around|as (?:few|little) as|the|their|your|his|her|my|our|very"
    rf"|initial){_GAP}){{0,3}}"
    rf"(?:(?P<low>{_COUNT}|an?|single|first|second|third|fourth|1st|2nd|3rd|few|several|couple(?: of)?"
    rf"|handful of|multiple)"
    rf"(?:{_TO}(?:their{_GAP}|your{_GAP}|the{_GAP})?(?P<high>{_COUNT}|second|third|fourth|2nd|3rd))?)"
    rf"(?:{_GAP}(?:few|two|three|couple|single|ketamine|iv|spravato|esketamine|or two|or so))?{_GAP}"
    r"(?:ketamine |iv |spravato |treatment |infusion )?(?:sessions?|infusions?|treatments?|visits?|doses?"
    r"|drips?|injections?|appointments?)\b",
)
_ORDINALS = {"first": 1.0, "second": 2.0, "third": 3.0, "fourth": 4.0, "1st": 1.0, "2nd": 2.0, "3rd": 3.0}
_SOME = {"few": 3.0, "several": 4.0, "couple": 2.0, "couple of": 2.0, "handful of": 4.0, "multiple": 4.0}
_MONEY = re.compile(r"[$£€]\s?\d[\d,]{0,12}(?:\.\d{1,4})?(?:\s{0,2}(?:-|–|to)\s{0,2}[$£€]?\d[\d,]{0,12})?")
_DOSE = re.compile(
    r"(?<![\w.])\d{1,6}(?:\.\d{1,4})?\s{0,2}(?:(?:-|–|to)\s{0,2}\d{1,6}(?:\.\d{1,4})?\s{0,2})?(?:mg|mcg|ml"
    r"|milligrams?|ng)(?:/\w{1,8}){0,2}\b",
)
_TRIGGER = re.compile(
    r"\d|%|\b(?:hour|hr|minute|min|second|sec|moment|day|week|wk|fortnight|weekend|month|year|decade|night"
    r"|evening|morning|afternoon|overnight|session|infusion|treatment|visit|dose|drip|injection|appointment"
    r"|tomorrow|bedtime|nightfall|dinner|percent|pct|third|quarter|fifth|half|hundred|"
    + "|".join(_WORDS)
    + r")s?\b",
)  # fmt: skip
_GLUED = rf"(?:{_SPELT}|half|an?|single|another|more|plus|few|several|couple|of|first)"
"""What may stand before a unit without a space."""
_SIGNS = Signs(
    {
        "trigger": rf"^(?:{_TRIGGER.pattern})$|^\d",
        "figure": r"^\d",
        "currency": r"^[$£€]$",
        "dose": r"^(?:mg|mcg|ml|milligrams?|ng)$",
        "percent": r"^%$|(?:percent|pct)$|^cent$",
        "number": rf"^(?:{_SPELT})(?:$|to|or|and|up)",
        "unit": rf"(?:^|{_GLUED}){_UNIT}$|^second$",
        "bare": rf"^(?:{_BARE_WORD})",
        "point": r"^(?:day|week|month|hour|year)$",
        "fixed": r"^(?:overnight|same|bedtime|nightfall|evening|dinner(?:time)?|next|following|day|tomorrow|morning"
        r"|weekend|quarters?)$",
        "past": r"^(?:last|past|recent|previous|early|later|preceding|coming|teenage|formative)$",
        "span": r"^(?:years?|decades?|months?|weeks?)$",
        "working": r"^(?:working|business|calendar|full|clinic)$",
        "days": r"^days?$",
        "every": r"^every$",
        "per": r"^per$",
        "each": r"^(?:an?|each)$",
        "often": r"^(?:once|twice|thrice|times|days|hours|nights|sessions|infusions|treatments|doses|visits)$",
        "sitting": r"^(?:sessions?|infusions?|treatments?|visits?|doses?|drips?|injections?|appointments?)$",
        "contrast": r"^(?:not|instead|rather|versus|vs|compared|opposed|unlike|than|without)$",
        "share": r"^(?:thirds?|quarters?|fifths?|half)$",
    }
)
"""Words without which a pattern cannot match, so that it is not tried."""


_STRETCH_END = re.compile(r"(?:(?<!vs)[.]|[!?…;:\"])\s")
"""No quantity goes on behind it (only "vs." may stand inside one), so that each stretch is read for itself."""


def parse(text: str, lower: str | None = None) -> tuple[Quantity, ...]:
    """Every quantity in `text`, in order, none overlapping; offsets are those of `text`.

    `lower` is the same text in lower case, where the caller has it.
    """
    lower = lowered(text) if lower is None else lower
    if not _SIGNS.seen(lower) & _TRIGGERED or ("_" in text and not _TRIGGER.search(lower)):
        return ()
    found: list[Quantity] = []
    start = 0
    for mark in _STRETCH_END.finditer(lower):
        found += _stretch(text, lower, start, mark.end())
        start = mark.end()
    return (*found, *_stretch(text, lower, start, len(text)))


def _stretch(text: str, lower: str, start: int, end: int) -> list[Quantity]:
    """The quantities of a stretch, in order."""
    found: list[Quantity] = []
    taken = bytearray()
    for pattern, make, _ in _readers(_SIGNS.seen(lower[start:end])):
        if pattern is _RATIO and not _RATIO_HINT.search(lower, start, end):
            continue
        for match in pattern.finditer(text if pattern is _MONEY else lower, start, end):
            quantity = make(match)
            if quantity is None:
                continue
            # A mask, not a list of spans: a long table of figures stays linear.
            taken = taken or bytearray(end - start)
            first, last = quantity.start - start, quantity.end - start
            # In order of trust: the first to claim words keeps them.
            if taken.find(1, first, last) < 0:
                taken[first:last] = b"\x01" * (last - first)
                found.append(_as_written(quantity, text))
    if len(found) > 1:
        found.sort(key=lambda q: q.start)
    return found


def _as_written(quantity: Quantity, text: str) -> Quantity:
    words = text[quantity.start : quantity.end]
    if words == quantity.text:
        return quantity
    return Quantity(quantity.kind, quantity.low, quantity.high, words, quantity.start, quantity.end)


@lru_cache(maxsize=4096)
def _readers(seen: int) -> tuple[_Reader, ...]:
    """Those whose patterns can match in a text that shows these signs."""
    return tuple(row for row in _READERS if any(seen & way == way for way in row[2]))


def _quantity(kind: str, low: float | None, high: float | None, match: re.Match[str]) -> Quantity:
    text = match.group()
    lead = len(text) - len(text.lstrip())
    return Quantity(kind, low, high, text.strip(), match.start() + lead, match.start() + len(text.rstrip()))


def _number(text: str) -> float:
    word = " ".join(text.lower().replace("-", " ").partition("(")[0].split())
    known = _WORDS.get(word) or _SHARES.get(word) or _HUNDREDS.get(word)
    if known is not None:
        return known
    tens, _, unit = word.partition(" ")
    if tens in _TENS and unit in _DIGITS:
        return _TENS[tens] + _DIGITS[unit]
    return float(word.replace(",", ""))


def _unit(text: str) -> float:
    name = text.lower()
    return _UNITS.get(name) or _UNITS[name.rstrip("s")]


def _words(text: str | None) -> str:
    return " ".join((text or "").lower().split())


_IS_FLOOR, _IS_CAP, _IS_SPAN = (re.compile(words).fullmatch for words in (_FLOOR, _CAP, _SPAN))


def _bounded(low: float, high: float, pre: str, plus: bool) -> tuple[float | None, float | None]:
    """Open the end that a word such as "within" or "over" leaves open."""
    if _IS_FLOOR(pre) or plus:
        return low, None if high == low else high
    if _IS_CAP(pre) and high == low:
        return None, high
    return low, high


def _time(match: re.Match[str]) -> Quantity | None:
    unit = _unit(match["unit"])
    pre = _words(match["pre"])
    low, high = _reach(match, unit)
    if match["age"]:
        return _quantity("age", low, high, match)
    if match["sitting"] or _is_length(pre, match["lead"], high):
        return _quantity("length", low, high, match)
    after = _words(match["more"])
    if after == "and a half":
        low, high = low + unit / 2, high + unit / 2
    elif after in ("or two", "or three"):
        high = max(high, unit * (2 if after == "or two" else 3))
    plus = bool(match["plus"]) or after in ("or more", "or longer", "+", "plus")
    if match["first"] and not _IS_CAP(pre):
        return _quantity("time", None, high, match)
    return _quantity("time", *_bounded(low, high, pre, plus), match)


def _reach(match: re.Match[str], unit: float) -> tuple[float, float]:
    """Lower and upper end in hours, in order."""
    if match["first"]:
        return unit, unit
    if match["vague"]:
        low, high = (bound * unit for bound in _VAGUE[_words(match["vague"])])
        return low, high
    low = _number(match["low"]) * (_unit(match["lowunit"]) if match["lowunit"] else unit)
    high = _number(match["high"]) * unit if match["high"] else low
    return min(low, high), max(low, high)


def _is_length(pre: str, lead: str | None, high: float) -> bool:
    """ "For 40 minutes", "over three weeks": what something takes, unless it is said to last so long."""
    if high <= _SITTING and (pre.startswith("for") or _IS_SPAN(pre)):
        return True
    return pre in ("over", "during", "across", "throughout") and not lead


def _bare_time(match: re.Match[str]) -> Quantity | None:
    if not (match["pre"] or match["high"] or match["age"] or match["tail"]):
        return None  # "calmer days", "opening hours"
    low, high = _BARE[match["low"].lower()]
    if match["high"]:
        other = _BARE[match["high"].lower()]
        low, high = min(low, other[0]), max(high, other[1])
    if match["age"]:
        return _quantity("age", low, high, match)
    pre = _words(match["pre"])
    if high <= _SITTING and _IS_SPAN(pre):
        return _quantity("length", low, high, match)
    return _quantity("time", low, high, match)


def _time_point(match: re.Match[str]) -> Quantity:
    unit = _unit(match["unit"])
    low = _number(match["low"]) * unit
    high = float(match["high"]) * unit if match["high"] else low
    low, high = min(low, high), max(low, high)
    return _quantity("time", *_bounded(low, high, "by" if match["pre"].lower() == "by" else "", False), match)


def _fixed_time(match: re.Match[str]) -> Quantity:
    low, high = list(_FIXED.values())[int((match.lastgroup or "f0")[1:])]
    return _quantity("time", low, high, match)


def _bare_kind(kind: str) -> Callable[[re.Match[str]], Quantity]:
    """A reader of quantities that only need to be known for what they are."""
    return lambda match: _quantity(kind, None, None, match)


def _sessions(match: re.Match[str]) -> Quantity:
    low = _nth(match["low"])
    high = _nth(match["high"]) if match["high"] else low
    return _quantity("sessions", min(low, high), max(low, high), match)


def _nth(text: str) -> float:
    word = _words(text)
    known = _ORDINALS.get(word) or _SOME.get(word)
    return _number(word) if known is None else known


def _rate(match: re.Match[str]) -> Quantity:
    low = _number(match["low"])
    high = _number(match["high"]) if match["high"] else low
    plus = bool(match["plus"] or match["early"])
    return _quantity("rate", *_bounded(min(low, high), max(low, high), _words(match["pre"]), plus), match)


def _ratio(match: re.Match[str]) -> Quantity | None:
    whole = _number(match["whole"])
    part = _number(match["part"])
    part2 = _number(match["part2"]) if match["part2"] else part
    # "One of two options", "one in 2019" are no shares.
    loose = match["joint"].lower() == "of" and not match["people"] and (whole < 5 or part == 1)
    if whole < 2 or max(part, part2) > whole or loose or (whole >= 1900 and not match["people"]):
        return None
    low, high = sorted((100 * part / whole, 100 * part2 / whole))
    return _quantity("rate", *_bounded(low, high, _words(match["pre"]), False), match)


def _fraction(match: re.Match[str]) -> Quantity | None:
    if match["half"]:
        return _quantity("rate", *_bounded(50.0, 50.0, _words(match["hpre"]), False), match)
    whole = {"third": 3, "quarter": 4, "fifth": 5}[match["d"].lower().rstrip("s")]
    return _share(match, 100 * {"one": 1, "two": 2, "three": 3, "a": 1}[match["n"].lower()] / whole)


def _written_fraction(match: re.Match[str]) -> Quantity | None:
    return _share(match, 100 * int(match["n"]) / int(match["d"]))


def _share(match: re.Match[str], percent: float) -> Quantity | None:
    """The rate that a part of a whole is, bounded by the words before it; nothing where it is more than all."""
    if percent > 100:
        return None
    return _quantity("rate", *_bounded(percent, percent, _words(match["pre"]), False), match)


_TRIGGERED = _SIGNS.bits("trigger")
_Reader = tuple[re.Pattern[str], Callable[[re.Match[str]], Quantity | None], tuple[int, ...]]


def _reader(
    pattern: re.Pattern[str], make: Callable[[re.Match[str]], Quantity | None], *ways: str
) -> _Reader:
    """`ways`: signs, of one of which a text must show all, or the pattern cannot match."""
    return pattern, make, tuple(_SIGNS.bits(*way.split()) for way in ways)


_READERS: tuple[_Reader, ...] = (
    _reader(_MONEY, _bare_kind("money"), "currency figure"),
    _reader(_DOSE, _bare_kind("dose"), "dose figure"),
    _reader(_RATE, _rate, "percent figure", "percent number"),
    _reader(_RATIO, _ratio, "figure", "number"),
    _reader(_AGE, _bare_kind("age"), "past span", "working days"),
    _reader(_INTERVAL, _bare_kind("interval"), "every unit", "per unit", "each often unit"),
    _reader(_SESSIONS, _sessions, "sitting"),
    _reader(_CONTRAST, _bare_kind("contrast"), "contrast unit", "contrast bare"),
    _reader(_TIME_FIXED, _fixed_time, "fixed"),
    _reader(_TIME_POINT, _time_point, "point figure", "point number"),
    _reader(_TIME, _time, "unit"),
    _reader(_FRACTION, _fraction, "share"),
    _reader(_WRITTEN_FRACTION, _written_fraction, "figure"),
    _reader(_TIME_BARE, _bare_time, "bare"),
)
