"""The whole flow. Its heart is `audit_document`: bytes in, plain result out, nothing kept, nothing opened.

result = audit_document(body, DocumentMeta("draft.html"), Rules(today=date.today()))
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache, partial
from importlib.metadata import version
from typing import TYPE_CHECKING

from claims.errors import ClaimsAuditError
from claims.model import Audit, Family, Finding, Page, PageResult, Skipped, Snapshot, Summary, Versions
from claims.rules import DocumentMeta, Rules

if TYPE_CHECKING:
    from claims.catalogue import Catalogue
    from pipeline.nlp.extract import Extractor
    from pipeline.sources import CrawlOptions, SourceOptions
    from reports.context import ReportContext

__all__ = ["DocumentMeta", "Rules", "Started", "audit_document", "audit_snapshot", "start"]


@dataclass(frozen=True, slots=True)
class Engine:
    """What one set of rules needs, loaded once a process."""

    rules: Rules
    catalogue: Catalogue
    extractor: Extractor


@lru_cache(maxsize=4)
def engine(rules: Rules) -> Engine:
    """Raises `DataError` for a catalogue or word list that cannot be used, `ConfigurationError` for a bad base."""
    from claims.catalogue import load_catalogue
    from pipeline.nlp.extract import Extractor

    catalogue = load_catalogue(rules.treatment, rules.catalogue_dirs)
    return Engine(rules, catalogue, Extractor(rules))


def audit_document(body: bytes, meta: DocumentMeta, rules: Rules) -> PageResult:
    """Claims, verdicts and omissions of one document. Pure: the same input gives the same result, in any process."""
    snapshot = Snapshot(
        url=meta.url,
        body=body,
        final_url=meta.final_url,
        fetched_at=meta.fetched_at,
        sha256=hashlib.sha256(body).hexdigest(),
        media_type=meta.media_type,
        record_id=meta.record_id,
    )
    if meta.jurisdictions is not None:
        rules = replace(rules, jurisdictions=meta.jurisdictions)
    return audit_snapshot(snapshot, rules, meta.charset)


def audit_snapshot(snapshot: Snapshot, rules: Rules, charset: str | None = None) -> PageResult:
    """The same for what a source has delivered. A fault of ours costs this page, never the others of the run."""
    plain = replace(snapshot, body=b"")
    try:
        return _audited(snapshot, plain, rules, charset)
    except ClaimsAuditError:
        raise
    except Exception as error:
        if os.environ.get("CLAIMS_AUDIT_DEBUG"):
            raise
        return PageResult(snapshot.url, None, skipped=_fault(snapshot.url, error), snapshot=plain)


def _fault(url: str, error: Exception) -> Skipped:
    said = " ".join(str(error).split())[:200]
    reason = (
        f"the program failed on this page ({type(error).__name__}: {said}); look at the page by hand, "
        "and report this: CLAIMS_AUDIT_DEBUG=1 shows where"
    )
    return Skipped(url, "fault", reason)


def _audited(snapshot: Snapshot, plain: Snapshot, rules: Rules, charset: str | None) -> PageResult:
    """`plain` is the snapshot without its bytes, which results do not carry."""
    from pipeline.check import check_page, review_notes
    from pipeline.omissions import page_omissions
    from pipeline.readers import read_page

    page = read_page(snapshot, charset)
    if isinstance(page, Skipped):
        return PageResult(snapshot.url, None, skipped=page, snapshot=plain)
    tools = engine(rules)
    rules = rules.at(snapshot.url)
    claims, unread = tools.extractor.extract(page)
    findings = check_page(page, claims, tools.catalogue, rules)
    if rules.rewrites:
        findings = _with_rewrites(page, findings, tools)
    return PageResult(
        url=snapshot.url,
        page=page,
        findings=findings,
        omissions=page_omissions(page, claims, tools.catalogue, rules),
        unread=unread,
        notes=(*page.notes, *review_notes(tools.catalogue, findings, rules.today)),
        snapshot=plain,
    )


def _with_rewrites(page: Page, findings: tuple[Finding, ...], tools: Engine) -> tuple[Finding, ...]:
    """Each flagged finding with the smallest change that passes; every family is audited again."""
    from pipeline.check import check_page
    from pipeline.rewrite import suggest

    every = replace(tools.rules, families=tuple(Family))

    def again(edited: Page) -> tuple[Finding, ...]:
        return check_page(edited, tools.extractor.extract(edited)[0], tools.catalogue, every)

    return suggest(page, findings, again)


@dataclass(frozen=True, slots=True)
class Started:
    """A run under way: what reports are told beforehand, and the results as they come, the summary last."""

    context: ReportContext
    stream: Iterator[PageResult | Summary]
    tell: Callable[[PageResult], None]
    """Takes each result as it is reported, before the next is asked for: what a store is to remember of it."""


def start(
    targets: list[str],
    rules: Rules,
    options: SourceOptions | None = None,
    sites: Mapping[str, CrawlOptions] | None = None,
    *,
    jobs: int = 1,
    now: datetime,
) -> Started:
    """Begin a run; `sites` are targets crawled within limits of their own.

    The catalogue is loaded at once, so that a bad one ends the run before anything is fetched.
    """
    from claims.catalogue import load_catalogue
    from pipeline.cards import context_of
    from pipeline.engines import audit_all
    from pipeline.remember import audit_collection
    from pipeline.sources import open_sources
    from reports.summary import closing

    catalogue = load_catalogue(rules.treatment, rules.catalogue_dirs)
    seen = versions(catalogue)
    collection = open_sources(targets, options, sites)
    head = Audit(
        run_id=collection.run.id if collection.run else _run_id(targets, now),
        started_at=now.isoformat(timespec="seconds"),
        versions=seen,
        profile=rules.profile,
        status=catalogue.status,
        signed=catalogue.signed,
    )
    context = context_of(head, catalogue, targets)
    history = collection.describe(head, context.entries)
    context = replace(context, history=history, captures=collection.captures)
    engine_of = partial(audit_all, rules=rules, jobs=jobs)
    results = audit_collection(collection, rules, seen, engine_of, partial(_renewed, catalogue, rules))
    return Started(context, closing(results), collection.tell)


def _renewed(catalogue: Catalogue, rules: Rules, result: PageResult) -> PageResult:
    """A remembered result with the notes that depend on the day."""
    from pipeline.check import notes_on
    from reports.ready import entries_of, with_notes

    own = result.page.notes if result.page else ()
    return with_notes(result, (*own, *notes_on(catalogue, entries_of(result), rules.today)))


def _run_id(targets: Iterable[str], now: datetime) -> str:
    """Short and repeatable: time and targets."""
    seed = "\n".join([now.isoformat(), *targets])
    return f"{now:%Y%m%dT%H%M%SZ}-{hashlib.sha256(seed.encode()).hexdigest()[:8]}"


@lru_cache(maxsize=1)
def language_hash() -> str:
    """Short hash of the language and treatment data that extraction reads."""
    from importlib.resources import files

    digest = hashlib.sha256()
    root = files("claims")
    for folder in (
        root / "language",
        root / "language" / "lexicon",
        root / "language" / "frames",
        root / "treatments" / "ketamine",
    ):
        for path in sorted(folder.iterdir(), key=lambda p: p.name):
            if path.name.endswith(".json"):
                digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def versions(catalogue: Catalogue) -> Versions:
    """Program, catalogue and language, for reports and caches."""
    return Versions(version("claims-audit"), catalogue.hash, language_hash())
