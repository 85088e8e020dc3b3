"""What a text shows at a glance: which of some kinds of words stand in it, told in one cheap pass.

A pattern that reads quantities looks at every character; most texts have no word that it could end on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_RUN = re.compile(r"[^\W\d_]+|\d+|[%$£€]")
_MAX_KNOWN = 50_000
"""Different words that are remembered; past it all are forgotten, so that memory stays bounded."""


class Signs:
    """Named patterns, each for one word (a run of letters), a run of digits or a sign; the empty name for none.

    `seen` gives a bit for each pattern that some word of a text matches, `bits` the bits of patterns by name.
    """

    def __init__(self, patterns: Mapping[str, str]) -> None:
        self._bits = {name: 1 << i for i, name in enumerate(patterns)}
        self._patterns = [(self._bits[name], re.compile(p, re.IGNORECASE)) for name, p in patterns.items()]
        self._known: dict[str, int] = {}

    def bits(self, *names: str) -> int:
        return sum(self._bits[name] for name in names)

    def seen(self, text: str) -> int:
        known, found = self._known, 0
        for word in text.split():
            found |= known[word] if word in known else self._of(word)
        return found

    def _of(self, word: str) -> int:
        """The signs of what stands between spaces: those of its runs."""
        bits = self._known.get(word)
        if bits is None:
            runs = _RUN.findall(word)
            bits = self._classed(word) if runs == [word] else 0
            for run in runs if runs != [word] else ():
                bits |= self._of(run)
            if len(self._known) >= _MAX_KNOWN:
                self._known.clear()
            self._known[word] = bits
        return bits

    def _classed(self, run: str) -> int:
        return sum(bit for bit, pattern in self._patterns if pattern.search(run))
