"""JUnit XML: a page is a suite, a claim a test, a finding a failure, an unreadable page an error."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

from claims.model import Finding, Omission, PageResult, Summary
from reports.clean import one_line
from reports.context import ReportContext, Stream
from reports.issues import Issue, issues_of
from reports.plain import dumps
from reports.summary import is_active, is_document, issues
from reports.wording import TOOL, caveat, suppression


def render(stream: Stream, context: ReportContext) -> Iterator[str]:
    """One document, once the last page has come: its head carries the totals."""
    document = _junit().JUnitXml(name=TOOL)
    for item in stream:
        if isinstance(item, Summary):
            totals = _junit().TestSuite(name=f"{TOOL}: {caveat(context.run)}")
            totals.add_property("summary", dumps(item))
            document.add_testsuite(totals)
            document.update_statistics()
            yield _text(document)
            return
        if is_document(item) or item.skipped or issues(item):
            document.add_testsuite(_suite(item, context))


def _junit() -> Any:
    """The library, loaded when the first page comes; it carries no types."""
    return import_module("junitparser")


def _text(document: Any) -> str:
    from lxml import etree

    element = document._elem
    etree.indent(element, " ")
    written: bytes = etree.tostring(element, xml_declaration=True, encoding="utf-8")
    return written.decode() + "\n"


def _suite(result: PageResult, context: ReportContext) -> Any:
    suite = _junit().TestSuite(name=one_line(result.url))
    if result.skipped:
        case = _junit().TestCase(name="page can be read", classname=one_line(result.url))
        case.result = [_junit().Error(message=one_line(result.skipped.reason), type_=result.skipped.code)]
        suite.add_testcase(case)
    told = {one.fingerprint: one for one in issues_of(result, context)}
    for item in issues(result):
        suite.add_testcase(_case(result, item, told.get(item.fingerprint)))
    return suite


def _case(result: PageResult, item: Finding | Omission, issue: Issue | None) -> Any:
    line = item.line if isinstance(item, Finding) else None
    said = one_line(item.claim.quote if isinstance(item, Finding) else item.kind)
    kind = item.claim.family.value if isinstance(item, Finding) else "omission"
    case = _junit().TestCase(
        name=f"{f'line {line}: ' if line else ''}{kind}: {said}", classname=one_line(result.url)
    )
    if issue is None:
        return case
    if is_active(item):
        failure = _junit().Failure(message=issue.reason, type_=issue.verdict)
        failure.text = f"{issue.message}\nentry: {issue.rule}\nfingerprint: {issue.fingerprint}"
        case.result = [failure]
    elif item.suppression:
        case.result = [
            _junit().Skipped(message=one_line(suppression(item.suppression)), type_=item.suppression.kind)
        ]
    return case
