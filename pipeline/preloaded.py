"""What nearly every run needs, loaded on import: for the server that worker processes are forked from.

Workers begin with it at once, and hold it in common: memory that nobody writes to is not copied.
"""

from __future__ import annotations

import gc
from datetime import date

from claims.rules import DocumentMeta, Rules
from pipeline.audit import audit_document

_PAGE = b"""<!DOCTYPE html><html lang="en"><title>A page</title><body><h1>Ketamine for depression</h1>
<p>Ketamine may relieve treatment-resistant depression within 24 hours. Results vary.</p></body></html>"""


def _load() -> None:
    """Everything is loaded by who needs it first, so a page is read."""
    try:
        audit_document(_PAGE, DocumentMeta("page.html"), Rules(today=date.min))
    except Exception:
        return  # the run's own rules may do without; if not, the page that needs it will say so
    gc.collect()
    gc.freeze()


_load()
