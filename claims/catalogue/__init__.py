"""The reviewed catalogue: load it, ask it which entry speaks of a claim."""

from claims.catalogue.entry import Catalogue, Entry, Limits, OmissionRule, Stance
from claims.catalogue.load import cached_catalogue, load_catalogue, without
from claims.catalogue.select import closest

__all__ = [
    "Catalogue",
    "Entry",
    "Limits",
    "OmissionRule",
    "Stance",
    "cached_catalogue",
    "closest",
    "load_catalogue",
    "without",
]
