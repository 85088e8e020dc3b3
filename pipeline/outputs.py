"""Where reports go: one stream of results, to standard output and to files, side by side.

A report pulls from its stream, so each reads through a bounded queue in a thread of its own: memory does not
grow with the number of pages. A file appears under its name only when it is whole.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from queue import Queue
from typing import TYPE_CHECKING, TextIO

from claims.errors import UsageError

if TYPE_CHECKING:
    from claims.model import PageResult, Summary

    Item = PageResult | Summary
    Draw = Callable[[Iterable[Item]], Iterator[str]]

_AHEAD = 16
"""Pages that a slow report may lie behind."""


@dataclass(frozen=True, slots=True)
class Output:
    """A report to write; `path` None is standard output."""

    format: str
    path: Path | None = None


def parse_output(text: str) -> Output:
    """`FORMAT=PATH` → Output; UsageError says what is missing or which formats there are."""
    from reports import FORMATS

    name, _, path = text.partition("=")
    if not path:
        raise UsageError(f"--output {text!r}: write FORMAT=PATH, for example --output html=out/report.html")
    if name not in FORMATS:
        raise UsageError(f"--output {text!r}: unknown format {name!r}; choose one of {', '.join(FORMATS)}")
    if Path(path).is_dir():
        raise UsageError(f"--output {text!r}: {path} is a folder; name a file in it")
    return Output(name, Path(path))


def deliver(stream: Iterable[Item], wanted: Iterable[tuple[Output, Draw]], hold: bool = False) -> None:
    """Write every report of the stream; `hold` keeps standard output back until the stream has ended.

    Raises UsageError where a file cannot be written, BrokenPipeError where nobody reads standard output any
    more, and whatever the stream raises; then no file is left behind or changed.
    """
    writers: list[_Writer] = []
    try:
        for output, draw in wanted:
            writers.append(_Writer(_place(output, hold), draw))
        for item in stream:
            for writer in writers:
                writer.put(item)
        for writer in writers:
            writer.end()
    except BaseException:
        for writer in writers:
            writer.abandon()
        raise
    for writer in writers:
        writer.place.publish()


class _Place:
    """Standard output, written as it comes."""

    name = "standard output"

    def open(self) -> TextIO:
        return sys.stdout

    def publish(self) -> None:
        sys.stdout.flush()

    def discard(self) -> None:
        """Nothing to undo."""


class _Held(_Place):
    """Standard output, written at the end: a progress bar has the terminal until then."""

    def __init__(self) -> None:
        self._text = StringIO()

    def open(self) -> TextIO:
        return self._text

    def publish(self) -> None:
        sys.stdout.write(self._text.getvalue())
        super().publish()


class _Device(_Place):
    """Something that is no regular file, such as /dev/null: written in place, never replaced."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.name = str(path)
        self._out: TextIO | None = None

    def open(self) -> TextIO:
        self._out = self._path.open("w", encoding="utf-8", newline="", errors="replace")
        return self._out

    def publish(self) -> None:
        if self._out is not None:
            self._out.close()

    discard = publish


class _File(_Device):
    """A file, written beside its place and renamed when whole."""

    def __init__(self, path: Path) -> None:
        self._target = path.resolve()
        super().__init__(self._target.with_name(f".{path.name}.{os.getpid()}.part"))
        self.name = str(path)

    def open(self) -> TextIO:
        self._target.parent.mkdir(parents=True, exist_ok=True)
        return super().open()

    def publish(self) -> None:
        super().publish()
        self._path.replace(self._target)

    def discard(self) -> None:
        super().publish()
        self._path.unlink(missing_ok=True)


def _place(output: Output, hold: bool) -> _Place:
    if output.path is None:
        return _Held() if hold else _Place()
    if output.path.exists() and not output.path.is_file():
        return _Device(output.path)
    return _File(output.path)


class _AbandonedError(Exception):
    """The stream broke off."""


class _Writer:
    """One report on its way to its place."""

    def __init__(self, place: _Place, draw: Draw) -> None:
        self.place = place
        self._draw = draw
        self._queue: Queue[Item | BaseException | None] = Queue(_AHEAD)
        self._failure: BaseException | None = None
        self._ended = False
        try:
            self._out = place.open()
        except OSError as error:
            raise UsageError(
                f"{place.name}: cannot be written ({error.strerror}); name another place"
            ) from error
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def put(self, item: Item) -> None:
        self._raise()
        self._queue.put(item)

    def end(self) -> None:
        self._queue.put(None)
        self._thread.join()
        self._raise()

    def abandon(self) -> None:
        """Stop, and leave no trace."""
        if self._thread.is_alive():
            self._queue.put(_AbandonedError())
            self._thread.join()
        self.place.discard()

    def _raise(self) -> None:
        if isinstance(self._failure, OSError) and not isinstance(self._failure, BrokenPipeError):
            why = self._failure.strerror
            raise UsageError(f"{self.place.name}: cannot be written ({why}); make room or name another place")
        if self._failure is not None:
            raise self._failure

    def _run(self) -> None:
        try:
            for piece in self._draw(self._incoming()):
                self._out.write(piece)
            self._out.flush()
        except BaseException as error:  # handed to the thread that feeds this one
            self._failure = error
        while not self._ended:  # never let the feeding thread wait for room
            self._next()

    def _incoming(self) -> Iterator[Item]:
        while not self._ended:
            item = self._next()
            if isinstance(item, BaseException):
                raise item
            if item is not None:
                yield item

    def _next(self) -> Item | BaseException | None:
        item = self._queue.get()
        self._ended = item is None or isinstance(item, BaseException)
        return item
