"""What workers do in the tests of spreading: functions of a module, so that any process can find them."""

from __future__ import annotations

import os
import time
from pathlib import Path

from claims.model import PageResult, Snapshot
from claims.rules import Rules


def note(snapshot: Snapshot, rules: Rules) -> PageResult:
    """Says in the result which process it was; the body says how many milliseconds to take."""
    time.sleep(int(snapshot.body or b"0") / 1000)
    return PageResult(f"{snapshot.url} {os.getpid()}", None)


def fail(snapshot: Snapshot, rules: Rules) -> PageResult:
    """Dies, hangs or works, as the body says."""
    if snapshot.body == b"die":
        os._exit(3)
    if snapshot.body == b"hang":
        time.sleep(600)
    if snapshot.body == b"raise":
        raise ValueError("no such page")
    return PageResult(snapshot.url, None)


def wait(snapshot: Snapshot, rules: Rules) -> PageResult:
    """Leaves its process id where the body says, and does not end."""
    Path(snapshot.body.decode(), str(os.getpid())).touch()
    time.sleep(600)
    return PageResult(snapshot.url, None)
