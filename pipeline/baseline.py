"""What stood on a site on the day the tool came: a legacy site fails only on what is new.

The file is sorted, one finding a line, with no line numbers and no time stamps, so that merges stay small.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from claims.errors import DataError
from claims.model import Finding, Omission, PageResult, State, Suppression, Verdict
from reports.issues import rule_of
from reports.summary import is_active, is_document, issues

_KEYS = ("page", "fingerprint", "entry", "verdict", "statement")


@dataclass(frozen=True, slots=True)
class Known:
    """One finding that stood."""

    fingerprint: str
    page: str
    entry: str
    verdict: str
    """The verdict, or `omission`."""
    statement: str


Baseline = dict[str, Known]
"""By fingerprint."""


def known(page: str, item: Finding | Omission) -> Known:
    """A finding as the baseline keeps it."""
    if isinstance(item, Finding):
        said = " ".join(item.claim.quote.split())
        return Known(item.fingerprint, page, rule_of(item), item.verdict.value, said)
    return Known(item.fingerprint, page, rule_of(item), "omission", item.kind)


def load(path: Path) -> Baseline:
    """DataError names the file and what is wrong with it."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        remedy = "write one with 'claims-audit baseline create'"
        raise DataError([f"{path}: cannot be read ({error.strerror}); {remedy}"]) from None
    except ValueError as error:
        raise DataError([f"{path}: not JSON ({error}); mend it or write it anew"]) from None
    if not isinstance(data, dict) or data.get("version") != 1 or not isinstance(data.get("findings"), list):
        raise DataError([f"{path}: not a baseline; write one with 'claims-audit baseline create'"])
    out: Baseline = {}
    for index, row in enumerate(data["findings"]):
        if (
            not isinstance(row, dict)
            or set(row) != set(_KEYS)
            or not all(isinstance(v, str) for v in row.values())
        ):
            raise DataError(
                [f"{path}: /findings/{index}: needs just {', '.join(_KEYS)}, each a text; mend it"]
            )
        out[row["fingerprint"]] = Known(**row)
    return out


def dump(baseline: Baseline) -> str:
    """The file's text."""
    rows = sorted(baseline.values(), key=lambda one: (one.page, one.statement, one.fingerprint))
    lines = ["  " + json.dumps({key: getattr(one, key) for key in _KEYS}, ensure_ascii=False) for one in rows]
    if not lines:
        return '{"version": 1, "findings": []}\n'
    return '{"version": 1, "findings": [\n' + ",\n".join(lines) + "\n]}\n"


def settle(results: Iterable[PageResult], baseline: Baseline) -> Iterator[PageResult]:
    """The results with known findings suppressed, as long as their verdict is no worse than it was."""
    if not baseline:
        yield from results
        return
    for result in results:
        yield replace(
            result,
            findings=tuple(_settled(one, baseline) for one in result.findings),
            omissions=tuple(_settled(one, baseline) for one in result.omissions),
        )


_Item = TypeVar("_Item", Finding, Omission)


def _settled(item: _Item, baseline: Baseline) -> _Item:
    stood = baseline.get(item.fingerprint)
    if stood is None or not is_active(item) or _worse(item, stood):
        return item
    return replace(item, state=State.UNCHANGED, suppression=Suppression("baseline", "known before"))


def _worse(item: Finding | Omission, stood: Known) -> bool:
    if isinstance(item, Omission):
        return False
    return stood.verdict == "omission" or item.verdict.badness > Verdict(stood.verdict).badness


@dataclass(frozen=True, slots=True)
class Change:
    """A baseline brought up to date, and by how much."""

    baseline: Baseline
    added: int
    removed: int


def create(results: Iterable[PageResult]) -> Baseline:
    """A baseline of everything that counts. `results` come without a baseline applied."""
    return {
        one.fingerprint: known(result.url, one)
        for result in results
        for one in issues(result)
        if is_active(one) and not _about_waivers(one)
    }


def update(old: Baseline, results: Iterable[PageResult], *, add: bool, gone: bool = False) -> Change:
    """`old` for the pages that were read: what is fixed goes, and with `add` what is new comes.

    Pages that were not read keep theirs; with `gone`, pages that the run did not meet lose theirs.
    """
    pages = list(results)
    read = {result.url for result in pages if is_document(result)}
    failed = {result.url for result in pages if result.skipped}
    now = create(pages)
    kept = {
        key: now.get(key, one) if add else one
        for key, one in old.items()
        if key in now or one.page in failed or (one.page not in read and not gone)
    }
    new = {key: one for key, one in now.items() if key not in old} if add else {}
    return Change({**kept, **new}, added=len(new), removed=len(old) - len(kept))


def _about_waivers(item: Finding | Omission) -> bool:
    return isinstance(item, Omission) and item.kind.startswith("waiver_")
