"""Files, folders and standard input as snapshots, in an order that does not depend on the machine."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from claims.model import Skipped, Snapshot
from pipeline.readers.links import DOCUMENTS
from pipeline.sources.base import DEFAULTS, SourceOptions

MEDIA_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".txt": "text/plain",
}
"""Extensions read from a folder. A file that is named outright is read whatever it is called."""

IGNORED_FOLDERS = frozenset({"node_modules", "__pycache__"})


@dataclass(slots=True)
class FileSource:
    """One target: a file, a folder (read to its depths) or `-`, standard input.

    `seen` holds the real paths already read, so that targets that overlap, and links that lead in circles,
    give each file once; hand in the same set for all targets of a run.
    """

    target: str
    options: SourceOptions = DEFAULTS
    seen: set[str] = field(default_factory=set)
    stdin: BinaryIO | None = None
    documents: list[str] = field(default_factory=list)
    """Brochures and the like met in folders: not read, but not passed over in silence."""

    def snapshots(self) -> Iterator[Snapshot | Skipped]:
        if self.target == "-":
            yield self._standard_input()
            return
        path = Path(self.target)
        if path.is_dir():
            yield from self._folder(path)
        elif self._first_time(path):
            yield read_file(path, self.options.max_bytes, name_of(path))

    def _standard_input(self) -> Snapshot | Skipped:
        stream = self.stdin if self.stdin is not None else sys.stdin.buffer
        try:
            body = stream.read(self.options.max_bytes + 1)
        except (OSError, ValueError) as error:
            return Skipped("-", "unreadable", f"standard input cannot be read: {_why(error)}")
        return _snapshot("-", body, "", self.options.max_bytes)

    def _folder(self, folder: Path) -> Iterator[Snapshot | Skipped]:
        if not self._first_time(folder):
            return
        found = 0
        for entry in self._walk(folder):
            found += 1
            if isinstance(entry, Skipped):
                yield entry
            elif self._first_time(entry):
                yield read_file(entry, self.options.max_bytes, name_of(entry))
        if not found:
            wanted = " ".join(MEDIA_TYPES)
            yield Skipped(
                str(folder), "empty_folder", f"{folder}: no page in this folder (looked for {wanted})"
            )

    def _walk(self, top: Path) -> Iterator[Path | Skipped]:
        """Files of a folder to its depths, each folder's own files before its subfolders, by name."""
        try:
            entries = sorted(top.iterdir(), key=lambda p: p.name)
        except OSError as error:
            yield Skipped(str(top), "unreadable", f"{top}: folder cannot be read: {_why(error)}")
            return
        folders = []
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir():
                if entry.name not in IGNORED_FOLDERS:
                    folders.append(entry)
            elif entry.suffix.lower() in MEDIA_TYPES and (entry.is_file() or entry.is_symlink()):
                yield entry
            elif entry.suffix.lower() in DOCUMENTS:
                self.documents.append(str(entry))
        for sub in folders:
            if self._first_time(sub):
                yield from self._walk(sub)

    def _first_time(self, path: Path) -> bool:
        try:
            real = os.path.realpath(path)
        except (OSError, ValueError):
            return True  # reading it will say what is wrong
        if real in self.seen:
            return False
        self.seen.add(real)
        return True


def name_of(path: Path) -> str:
    """A file's name in reports, which findings are known by: below the working folder always as seen from there.

    So `site`, `./site` and `/home/me/work/site` give the same names; files elsewhere keep the name they were
    given.
    """
    if not path.is_absolute() and ".." not in path.parts:
        return str(path)
    try:
        return str(Path(os.path.normpath(Path.cwd() / path)).relative_to(Path.cwd()))
    except (OSError, ValueError):
        return str(path)


def read_file(path: Path, max_bytes: int, name: str | None = None) -> Snapshot | Skipped:
    """The bytes of one file; `max_bytes` bounds pipes and devices too."""
    name = name or str(path)
    try:
        with path.open("rb") as stream:
            body = stream.read(max_bytes + 1)
    except FileNotFoundError:
        if path.is_symlink():
            return Skipped(name, "not_found", f"{name}: the link leads nowhere; repair or remove it")
        return Skipped(name, "not_found", f"{name}: no such file or folder; check the path")
    except PermissionError:
        return Skipped(name, "unreadable", f"{name}: permission denied; make the file readable for this user")
    except (OSError, ValueError) as error:
        return Skipped(name, "unreadable", f"{name}: cannot be read: {_why(error)}")
    return _snapshot(name, body, MEDIA_TYPES.get(path.suffix.lower(), ""), max_bytes)


def _snapshot(name: str, body: bytes, kind: str, max_bytes: int) -> Snapshot | Skipped:
    label = "standard input" if name == "-" else name
    if not body:
        return Skipped(name, "empty", f"{label}: empty; there is nothing to audit")
    if len(body) > max_bytes:
        return Skipped(
            name, "too_large", f"{label}: larger than {max_bytes} bytes; split it or raise the limit"
        )
    return Snapshot(url=name, body=body, sha256=hashlib.sha256(body).hexdigest(), media_type=kind)


def _why(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
