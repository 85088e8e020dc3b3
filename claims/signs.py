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
        for word in _RUN.findall(text):
            bits = known.get(word)
            found |= self._classed(word) if bits is None else bits
        return found

    def _classed(self, word: str) -> int:
        if len(self._known) >= _MAX_KNOWN:
            self._known.clear()
        bits = self._known[word] = sum(bit for bit, pattern in self._patterns if pattern.search(word))
        return bits
