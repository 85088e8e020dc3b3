"""Two runs over the same files under other names (`site/` and `/srv/site/`, or two checkouts) laid side by side."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from claims.fingerprint import fold
from claims.model import Finding, Omission, PageResult
from reports.summary import issues

Key = tuple[str, str, int]
"""Family or kind, folded statement, and which of those alike on the page."""


def renamed(old: Iterable[PageResult], new: Iterable[PageResult]) -> tuple[PageResult, ...]:
    """The old results under the names of the new ones, with the identities that their findings have there.

    Only where the two have no page in common and all are files: then the folders in front of the names are
    what differs, and the pair of folders that most files agree on is taken. Else the old results as they are.
    """
    before, after = tuple(old), tuple(new)
    folders = _folders([one.url for one in before], [one.url for one in after])
    if folders is None:
        return before
    theirs = {one.url: one for one in after}
    return tuple(_moved(one, _under(one.url, *folders), theirs) for one in before)


def _folders(old: list[str], new: list[str]) -> tuple[str, str] | None:
    """What stands in front of the names on either side; None where nothing is sure."""
    if not old or not new or set(old) & set(new) or any("://" in name or not name for name in (*old, *new)):
        return None
    by_name: dict[str, list[str]] = defaultdict(list)
    for name in new:
        by_name[_parts(name)[-1]].append(name)
    votes = Counter(
        _apart(name, other)
        for name in old
        for other in by_name[_parts(name)[-1]]
        if len(old) == 1 or "/" in name
    )
    best = votes.most_common(2)
    if not best or (len(best) > 1 and best[0][1] == best[1][1]):
        return None
    (folders, agreed) = best[0]
    return folders if agreed * 2 >= min(len(old), len(new)) else None


def _parts(name: str) -> list[str]:
    return name.replace("\\", "/").split("/")


def _apart(one: str, other: str) -> tuple[str, str]:
    """Both names without what they end alike in."""
    mine, theirs = _parts(one), _parts(other)
    while mine and theirs and mine[-1] == theirs[-1]:
        mine.pop()
        theirs.pop()
    return "/".join(mine), "/".join(theirs)


def _under(name: str, mine: str, theirs: str) -> str:
    parts, prefix = _parts(name), mine.split("/") if mine else []
    if parts[: len(prefix)] != prefix:
        return name
    return "/".join([*([theirs] if theirs else []), *parts[len(prefix) :]])


def _moved(result: PageResult, url: str, theirs: Mapping[str, PageResult]) -> PageResult:
    """The result as one of `url`: what stands there too takes the identity it has there."""
    there = theirs.get(url)
    known = {key: item.fingerprint for key, item in _keyed(there)} if there else {}
    ids = {item.fingerprint: known.get(key, item.fingerprint) for key, item in _keyed(result)}
    return replace(
        result,
        url=url,
        findings=tuple(replace(one, fingerprint=ids[one.fingerprint]) for one in result.findings),
        omissions=tuple(replace(one, fingerprint=ids[one.fingerprint]) for one in result.omissions),
    )


def _keyed(result: PageResult) -> Iterator[tuple[Key, Finding | Omission]]:
    seen: Counter[tuple[str, str]] = Counter()
    for item in issues(result):
        what = _what(item)
        yield (*what, seen[what]), item
        seen[what] += 1


def _what(item: Finding | Omission) -> tuple[str, str]:
    if isinstance(item, Finding):
        return item.claim.family.value, fold(item.claim.quote)
    return item.kind, ""
