"""Hostile input must come to an end: work that runs away is broken off.

The ceiling is on the processor time of this process, which other work on the machine does not use up, and is
many times what the work takes anywhere; what it costs is measured by `make bench`, as ratios, and by no test.
Inputs are as large as it takes for a square of their length to outlast the ceiling.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

CEILING = 120.0
"""Seconds of processor time."""


class RunawayError(AssertionError):
    """The work took more than any linear work would."""


@contextmanager
def comes_to_an_end(seconds: float = CEILING) -> Iterator[None]:
    """Breaks off what is done within, loops inside regular expressions too. No guard where there are no timers."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGPROF, _break_off)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _break_off(_signal: int, _frame: FrameType | None) -> None:
    raise RunawayError("this takes out of all proportion to the length of the input")
