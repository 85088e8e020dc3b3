"""Reads the JSON that ships with the program."""

from __future__ import annotations

import json
from importlib.resources.abc import Traversable
from typing import Any

from claims.errors import DataError


def read(path: Traversable) -> Any:
    """What a data file holds. Raises `DataError` where it cannot be read."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as error:
        raise DataError([f"{path.name}: cannot be read as JSON ({error}); repair or reinstall it"]) from error
