"""A reviewer's signature: a record in the user's own folder, appended and never changed."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from claims.catalogue.documents import parse_document
from claims.catalogue.entry import Entry, Signature
from claims.catalogue.schemas import schema_problems
from claims.errors import DataError, UsageError

FILE = "signatures.json"


def sign(folder: str, entry: Entry, by: str, on: date, note: str | None = None) -> Signature:
    """Append a signature of the entry as it stands to the folder's records, and give it back.

    Raises UsageError where the folder cannot be written to, DataError where its records are broken.
    """
    home = Path(folder)
    if not home.is_dir():
        raise UsageError(f"{folder}: no such folder; make it first, signatures are kept there")
    record: dict[str, Any] = {"entry": entry.id, "by": by, "on": on.isoformat()}
    record["content_hash"] = entry.content_hash
    if note:
        record["note"] = note
    path = home / FILE
    data = _records(path)
    data["signatures"].append(record)
    text = json.dumps(data, indent=2, ensure_ascii=False) + "\n"
    document = parse_document(text, str(path))
    problems = [document] if isinstance(document, str) else schema_problems(document, "signatures")
    if problems:
        raise DataError(problems)
    # Written beside and moved into place, so that a broken write leaves the old records whole.
    draft = path.with_suffix(".json.part")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        raise UsageError(
            f"{path}: cannot be written ({error.strerror}); check the folder's rights"
        ) from error
    return Signature(entry.id, by, on, entry.content_hash, note)


def _records(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {"signatures": []}
    read = parse_document(path.read_text(encoding="utf-8"), str(path))
    problems = [read] if isinstance(read, str) else schema_problems(read, "signatures")
    if problems or isinstance(read, str):
        raise DataError(problems)
    data: dict[str, Any] = read.data
    return data
