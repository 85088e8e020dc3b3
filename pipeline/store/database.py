"""The database file: opened, and brought up to date, by any number of processes at once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, PoolProxiedConnection, create_engine, event, inspect, text

from pipeline.store.errors import StoreError, told
from pipeline.store.locks import FileLock
from pipeline.store.tables import HEAD

FILE = "claims-audit.sqlite3"
PATIENCE = 60.0
"""Seconds to wait for another process that is writing."""


class Database:
    """SQLite in a folder, in WAL mode: readers do not wait, writers wait for each other."""

    def __init__(self, folder: Path) -> None:
        """Raises StoreError where the folder cannot be used, or was made by a newer version."""
        self.folder = folder
        with told(folder, "the store cannot be opened"):
            folder.mkdir(parents=True, exist_ok=True)
            private = folder / FILE
            if not private.exists():
                # Captures hold patients' stories: for the user alone.
                os.close(os.open(private, os.O_CREAT | os.O_RDWR, 0o600))
            self.engine = _engine(private)
            self._lookups: PoolProxiedConnection | None = None
            self._upgrade()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that holds the right to write from its beginning."""
        with told(self.folder, "the store cannot be written"), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with told(self.folder, "the store cannot be read"):
            connection = self.engine.connect().execution_options(reading=True)
            with connection, connection.begin():
                yield connection

    def look_up(self, query: str, *values: str) -> tuple[Any, ...] | None:
        """The first row of a query in SQL.

        Made for what is asked for each page: the driver answers at once, in a transaction of its own.
        """
        with told(self.folder, "the store cannot be read"):
            if self._lookups is None:
                self._lookups = self.engine.raw_connection()
            cursor = self._lookups.cursor()
            try:
                cursor.execute(query, values)
                row: tuple[Any, ...] | None = cursor.fetchone()
            finally:
                cursor.close()  # an answer half read would keep what is written meanwhile from this connection
            return row

    def close(self) -> None:
        if self._lookups is not None:
            self._lookups.close()
            self._lookups = None
        self.engine.dispose()

    def shrink(self) -> None:
        """Give the room of what was deleted back, and leave none of it in the file."""
        with told(self.folder, "the store cannot be shrunk"), self.engine.connect() as connection:
            raw = connection.connection.driver_connection
            if raw is not None:
                raw.execute("VACUUM")
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _upgrade(self) -> None:
        if self._revision() == HEAD:
            return
        with FileLock(self.folder / "upgrade.lock"):
            found = self._revision()
            if found == HEAD:
                return  # another process has done it meanwhile
            if found is not None and found > HEAD:
                raise StoreError(
                    f"{self.folder}: made by a newer version (revision {found}, this one knows {HEAD}); "
                    "update claims-audit or name another store"
                )
            _migrate(self.engine)

    def _revision(self) -> str | None:
        with self.reading() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            return str(found) if found is not None else None


def _migrate(engine: Engine) -> None:
    # Imported here: it is slow to load, and needed once in a store's life.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "pipeline.store:migrations")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _engine(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": PATIENCE})

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: object) -> None:
        # The driver is not to begin transactions by itself: see _begun.
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",  # what was committed is there after a power cut
            "foreign_keys=ON",
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        reading = connection.get_execution_options().get("reading")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine
