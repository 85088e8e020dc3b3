"""The guard of the tests with hostile input does break off what runs away."""

from __future__ import annotations

import re
import signal

import pytest
from endless import RunawayError, comes_to_an_end


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs POSIX timers")
def test_a_pattern_that_never_ends_is_broken_off() -> None:
    with pytest.raises(RunawayError), comes_to_an_end(0.2):
        re.match("(a+)+$", "a" * 60 + "b")
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)
