"""What the figures were taken on."""

from __future__ import annotations

import os
import platform
import re
from importlib.metadata import version
from pathlib import Path

_CPU = Path("/proc/cpuinfo")


def described() -> dict[str, object]:
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "spacy": version("spacy"),
        "beautifulsoup4": version("beautifulsoup4"),
        "lxml": version("lxml"),
        "load_before": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
    }


def _processor() -> str:
    if _CPU.exists():
        found = re.search(r"model name\s*:\s*(.+)", _CPU.read_text(encoding="utf-8"))
        if found:
            return found[1]
    return platform.processor() or "unknown"
