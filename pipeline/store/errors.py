"""What can go wrong with a store, in one line with its remedy."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from claims.errors import ClaimsAuditError


class StoreError(ClaimsAuditError):
    """The store cannot be used: full disk, no permission, a newer or damaged file."""


@contextmanager
def told(folder: Path, doing: str) -> Iterator[None]:
    """Faults of the disk and the database as a StoreError."""
    from sqlalchemy.exc import DBAPIError

    try:
        yield
    except OSError as error:
        what = error.strerror or str(error)
        raise StoreError(f"{folder}: {doing}: {what}; free space or permit writing there") from error
    except (DBAPIError, sqlite3.Error) as error:
        what = " ".join(str(error.orig if isinstance(error, DBAPIError) else error).split())
        raise StoreError(
            f"{folder}: {doing}: {what}; see that the disk has room and the file is whole"
        ) from error
