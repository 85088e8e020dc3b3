"""What runs keep: runs, pages with their validators, findings, extractions, and captures as WARC."""

from __future__ import annotations

from pipeline.store.errors import StoreError
from pipeline.store.runs import Run, Store

__all__ = ["Run", "Store", "StoreError"]
