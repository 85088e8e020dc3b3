"""What a crawl asks of whoever keeps its captures; `Forgetful` keeps nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from claims.model import Snapshot
from pipeline.sources.frontier import Entry
from pipeline.sources.web import Fetched, Validators


@dataclass(frozen=True, slots=True)
class Prior:
    """A page as it was captured before."""

    url: str
    """The address that the validators speak of."""
    validators: Validators
    sha256: str
    load: Callable[[], Snapshot | None]
    """The capture with its body; None where it is no longer to be had."""


class Keeper(Protocol):
    """Keeps one site's crawl so that it can be taken up again, and its captures as proof."""

    def entries(self) -> list[Entry]:
        """What an interrupted crawl had settled and still had to do; empty for a new one."""

    def plan(self, fresh: list[Entry]) -> None:
        """Keep addresses that were found."""

    def prior(self, key: str) -> Prior | None:
        """The last capture of a page in an earlier run."""

    def recall(self, entry: Entry) -> Snapshot | None:
        """The capture of an entry that this run had settled before it was interrupted."""

    def settle(
        self, entry: Entry, fresh: list[Entry], fetched: Fetched | None, snapshot: Snapshot | None
    ) -> Snapshot | None:
        """Keep what became of an entry, with the addresses it led to, all or nothing.

        Returns the snapshot with the id of its record.
        """


class Forgetful:
    """Keeps nothing."""

    def entries(self) -> list[Entry]:
        return []

    def plan(self, fresh: list[Entry]) -> None:
        del fresh

    def prior(self, key: str) -> Prior | None:
        del key
        return None

    def recall(self, entry: Entry) -> Snapshot | None:
        del entry
        return None

    def settle(
        self, entry: Entry, fresh: list[Entry], fetched: Fetched | None, snapshot: Snapshot | None
    ) -> Snapshot | None:
        del entry, fresh, fetched
        return snapshot
