"""Quantities in a text: times, rates, money and doses, as ranges.

Times are given in hours, rates in percent. "Within a day" is (None, 24), "2 to 4 hours" (2, 4), "hours" (1, 24),
"over 80 %" (80, None), "seven in ten" (70, 70), "up to 70 %" (None, 70).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from claims.model import Quantity

_WORDS = {
    "a": 1.0, "an": 1.0, "one": 1.0, "single": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0,
    "seven": 7.0, "eight": 8.0, "nine": 9.0, "ten": 10.0, "eleven": 11.0, "twelve": 12.0, "fifteen": 15.0,
    "twenty": 20.0, "twenty-four": 24.0, "twenty four": 24.0, "thirty": 30.0, "forty": 40.0, "fifty": 50.0,
    "sixty": 60.0, "seventy": 70.0, "eighty": 80.0, "ninety": 90.0, "half": 0.5, "half an": 0.5,
}  # fmt: skip
_VAGUE = {"few": (2.0, 6.0), "several": (3.0, 7.0), "couple": (2.0, 2.0), "couple of": (2.0, 2.0)}
_UNITS = {
    "second": 1 / 3600, "sec": 1 / 3600, "minute": 1 / 60, "min": 1 / 60, "hour": 1.0, "hr": 1.0, "h": 1.0,
    "day": 24.0, "night": 24.0, "week": 168.0, "wk": 168.0, "month": 730.0, "year": 8760.0, "yr": 8760.0,
}  # fmt: skip
_BARE = {
    "seconds": (0.0, 1 / 60), "minutes": (1 / 60, 1.0), "hours": (1.0, 24.0), "days": (24.0, 168.0),
    "weeks": (168.0, 730.0), "months": (730.0, 8760.0), "years": (8760.0, 87600.0),
}  # fmt: skip
_FIXED = {
    "same day": (1.0, 24.0), "same-day": (1.0, 24.0), "overnight": (6.0, 24.0), "next day": (12.0, 36.0),
    "next morning": (8.0, 24.0), "following day": (12.0, 36.0), "following morning": (8.0, 24.0),
}  # fmt: skip

_NUM = (
    r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|half an|twenty[- ]four|"
    + "|".join(sorted((w for w in _WORDS if " " not in w and "-" not in w), key=len, reverse=True))
    + r")"
)
_UNIT = r"(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|h|days?|nights?|weeks?|wks?|months?|years?|yrs?)"
_CAP = r"(?:up to|as (?:many|much|high|little|few|long|soon|early) as|at most|no more than|less than|under|within|in|fewer than|by|inside)"
_FLOOR = r"(?:over|more than|at least|above|greater than|upwards? of|exceeding|beyond|in excess of)"
_TO = r"\s*(?:-|–|—|to|or|and)\s*"

_TIME = re.compile(
    rf"(?<![\w$£€.])(?:(?P<pre>{_CAP}|{_FLOOR})\s+)?(?:(?:just|only|the first|the|about|around|approximately|roughly|next|a)\s+){{0,2}}"
    rf"(?:(?P<low>{_NUM})(?:\s*(?P<lowunit>{_UNIT}))?(?:{_TO}(?P<high>{_NUM}))?|(?P<vague>few|several|couple(?: of)?))\s*"
    rf"(?P<plus>\+)?\s*(?P<unit>{_UNIT})\b",
    re.IGNORECASE,
)
_TIME_BARE = re.compile(
    rf"\b(?:(?P<pre>{_CAP}|for|lasting)\s+)?(?:(?:just|only|a matter of|mere)\s+)?(?P<low>seconds|minutes|hours|days|weeks|months|years)"
    r"(?:\s*(?:to|or|-|–|and even|and)\s*(?P<high>minutes|hours|days|weeks|months|years))?\b",
    re.IGNORECASE,
)
_TIME_FIXED = re.compile(r"\b(?:" + "|".join(_FIXED) + r")\b", re.IGNORECASE)
_RATE = re.compile(
    rf"(?<![\w$£€.])(?:(?P<pre>{_CAP}|{_FLOOR})\s+)?(?:(?:about|around|approximately|roughly|nearly|almost|some)\s+)?"
    rf"(?P<low>\d+(?:\.\d+)?|{'|'.join(w for w in _WORDS if ' ' not in w and '-' not in w and w not in ('a', 'an', 'half', 'single'))})"
    rf"\s*(?:%|percent|per cent)?(?:{_TO}(?P<high>\d+(?:\.\d+)?))?\s*(?:%|percent\b|per cent\b)(?P<plus>\s*\+|\s+or (?:more|higher|greater))?",
    re.IGNORECASE,
)
_RATIO = re.compile(
    rf"(?<![\w$£€.])(?:(?P<pre>{_FLOOR}|up to|as many as|nearly|about)\s+)?(?P<part>\d+|{'|'.join(w for w in _WORDS if ' ' not in w and '-' not in w and w not in ('a', 'an', 'half', 'single'))})"
    r"\s+(?:in|out of|of every|of)\s+(?:every\s+)?(?P<whole>\d+|two|three|four|five|six|seven|eight|nine|ten|twenty|hundred)\b(?!\s*(?:infusions|sessions|treatments|hours|days|weeks|months))",
    re.IGNORECASE,
)
_FRACTION = re.compile(
    r"\b(?P<n>one|two|three|a)[ -](?P<d>third|thirds|quarter|quarters|half)\b|\b(?P<half>half) of\b|\bmajority\b",
    re.IGNORECASE,
)
_MONEY = re.compile(r"[$£€]\s?\d[\d,]*(?:\.\d+)?(?:\s*(?:-|–|to)\s*[$£€]?\d[\d,]*)?")
_DOSE = re.compile(
    r"\b\d+(?:\.\d+)?\s*(?:-\s*\d+(?:\.\d+)?\s*)?(?:mg|mcg|ml|milligrams?)(?:/\w+)?\b", re.IGNORECASE
)
_TRIGGER = re.compile(
    r"\d|\b(?:hour|minute|second|day|week|month|year|overnight|morning|percent|per cent|third|quarter|half|one|two|three"
    r"|four|five|six|seven|eight|nine|ten)s?\b",
    re.IGNORECASE,
)


def parse(text: str) -> tuple[Quantity, ...]:
    """Every quantity in `text`, in order, none overlapping; offsets are those of `text`."""
    if not _TRIGGER.search(text):
        return ()
    taken: list[Quantity] = []
    for quantity in _candidates(text):
        if all(quantity.end <= other.start or quantity.start >= other.end for other in taken):
            taken.append(quantity)
    return tuple(sorted(taken, key=lambda q: q.start))


def _candidates(text: str) -> Iterator[Quantity]:
    """In order of trust: the first to claim a stretch keeps it."""
    for match in _MONEY.finditer(text):
        yield _quantity("money", None, None, match)
    for match in _DOSE.finditer(text):
        yield _quantity("dose", None, None, match)
    for match in _RATE.finditer(text):
        yield _rate(match)
    for match in _RATIO.finditer(text):
        if ratio := _ratio(match):
            yield ratio
    for match in _FRACTION.finditer(text):
        if fraction := _fraction(match):
            yield fraction
    for match in _TIME.finditer(text):
        yield _time(match)
    for match in _TIME_FIXED.finditer(text):
        low, high = _FIXED[match.group().lower()]
        yield _quantity("time", low, high, match)
    for match in _TIME_BARE.finditer(text):
        yield _bare_time(match)


def _quantity(kind: str, low: float | None, high: float | None, match: re.Match[str]) -> Quantity:
    text = match.group()
    lead = len(text) - len(text.lstrip())
    return Quantity(kind, low, high, text.strip(), match.start() + lead, match.start() + len(text.rstrip()))


def _number(text: str) -> float:
    word = text.lower()
    return _WORDS[word] if word in _WORDS else float(text.replace(",", ""))


def _unit(text: str) -> float:
    name = text.lower()
    return _UNITS.get(name) or _UNITS[name.rstrip("s")]


def _bounded(low: float, high: float, pre: str | None, plus: bool) -> tuple[float | None, float | None]:
    """Open the end that a word such as "within" or "over" leaves open."""
    word = (pre or "").lower()
    if re.fullmatch(_FLOOR, word) or plus:
        return low, None if high == low else high
    if re.fullmatch(_CAP, word) and high == low:
        return None, high
    return low, high


def _time(match: re.Match[str]) -> Quantity:
    unit = _unit(match["unit"])
    if match["vague"]:
        low, high = (bound * unit for bound in _VAGUE[match["vague"].lower()])
    else:
        low = _number(match["low"]) * (_unit(match["lowunit"]) if match["lowunit"] else unit)
        high = _number(match["high"]) * unit if match["high"] else low
    low, high = min(low, high), max(low, high)
    return _quantity("time", *_bounded(low, high, match["pre"], bool(match["plus"])), match)


def _bare_time(match: re.Match[str]) -> Quantity:
    low, high = _BARE[match["low"].lower()]
    if match["high"]:
        high = max(high, _BARE[match["high"].lower()][1])
    return _quantity("time", low, high, match)


def _rate(match: re.Match[str]) -> Quantity:
    low = _number(match["low"])
    high = float(match["high"]) if match["high"] else low
    return _quantity(
        "rate", *_bounded(min(low, high), max(low, high), match["pre"], bool(match["plus"])), match
    )


def _ratio(match: re.Match[str]) -> Quantity | None:
    whole = 100.0 if match["whole"].lower() == "hundred" else _number(match["whole"])
    part = _number(match["part"])
    if whole < 2 or part > whole:
        return None
    share = 100 * part / whole
    return _quantity("rate", *_bounded(share, share, match["pre"], False), match)


def _fraction(match: re.Match[str]) -> Quantity | None:
    if match["half"]:
        return _quantity("rate", 50.0, 50.0, match)
    if not match["n"]:
        return None
    whole = {"third": 3, "quarter": 4, "half": 2}[match["d"].lower().rstrip("s")]
    share = 100 * _WORDS[match["n"].lower()] / whole
    return _quantity("rate", share, share, match) if share <= 100 else None
