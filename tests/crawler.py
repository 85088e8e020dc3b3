"""A run in a process of its own, to be killed: `crawler.py ADDRESS STORE OUTPUT`."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

from stores import Auditor, options

from claims.model import PageResult


def told(results: list[PageResult]) -> list[list[str]]:
    """What a report would tell of each page, short."""
    return [
        [
            one.url,
            one.skipped.code if one.skipped else "",
            hashlib.sha256(repr(one.page).encode()).hexdigest(),
        ]
        for one in results
    ]


if __name__ == "__main__":
    address, store, output = sys.argv[1:]
    auditor = Auditor()
    auditor.run([address], options(Path(store), sitemaps=False, connections=2, max_depth=99))
    Path(output).write_text(json.dumps(told(auditor.results)))
