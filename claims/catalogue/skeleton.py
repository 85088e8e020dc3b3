"""A new entry to fill in: everything that must be written is marked, and refused until it is."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from claims.catalogue.documents import parse_document
from claims.errors import DataError, UsageError
from claims.model import Family

TODO = "TODO"
_REVIEW_IN = timedelta(days=365)


def skeleton(treatment: str, name: str, proposition: str, today: date) -> dict[str, Any]:
    """One entry as it stands in a file, with `TODO` wherever the reviewer must write."""
    return {
        "id": f"{treatment}/{name}",
        "title": f"{TODO}: the entry in a few words",
        "propositions": [proposition],
        "subjects": ["ketamine"],
        "routes": [],
        "conditions": ["any"],
        "limits": {"standard": {"stance": "accepted", "max_strength": "S2"}},
        "severity": "warning",
        "message": f"{TODO}: what holds and why, in one plain sentence.",
        "approved_wording": [f"{TODO}: wording that would pass, or take this line away"],
        "evidence": [],
        "authorities": ["FTC"],
        "review": {"status": "provisional", "due": (today + _REVIEW_IN).isoformat()},
        "examples": [
            {"text": f"{TODO}: a statement that passes", "verdict": "supported"},
            {"text": f"{TODO}: one that says it too strongly", "verdict": "overstated"},
            {"text": f"{TODO}: another one", "verdict": "overstated"},
        ],
    }


def document(family: Family, entries: list[dict[str, Any]], schema: str) -> str:
    """A whole file of entries."""
    body = {"$schema": schema, "family": family.value, "entries": entries}
    return json.dumps(body, indent=2, ensure_ascii=False) + "\n"


def add_to_folder(folder: str, family: Family, entry: dict[str, Any], schema: str) -> Path:
    """Write the entry into `<folder>/<family>.json`, behind those that are there; gives the file.

    Raises UsageError where the folder or file cannot be used, DataError where the file is broken.
    """
    home = Path(folder)
    if not home.is_dir():
        raise UsageError(f"{folder}: no such folder; make it first, your own entries are kept there")
    path = home / f"{family}.json"
    entries: list[dict[str, Any]] = []
    if path.exists():
        read = parse_document(path.read_text(encoding="utf-8"), str(path))
        if isinstance(read, str):
            raise DataError([read])
        entries = read.data.get("entries", [])
        schema = read.data.get("$schema", schema)
    if any(e.get("id") == entry["id"] for e in entries):
        raise UsageError(f'{path}: there is an entry "{entry["id"]}" already; choose another name')
    try:
        path.write_text(document(family, [*entries, entry], schema), encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"{path}: cannot be written ({error.strerror}); check the folder's rights"
        ) from error
    return path
