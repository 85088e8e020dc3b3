"""Errors a user can do something about. Each message is one line: the thing, the place, the remedy."""

from __future__ import annotations


class ClaimsAuditError(Exception):
    """Ends the run with one clear line and exit code 2."""


class UsageError(ClaimsAuditError):
    """A bad argument or option."""


class ConfigurationError(ClaimsAuditError):
    """A bad `claims-audit.toml`."""


class DataError(ClaimsAuditError):
    """A catalogue, word list or waiver file that cannot be used.

    `problems` holds one line for each fault found, each with file, place and remedy.
    """

    def __init__(self, problems: list[str] | tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)
