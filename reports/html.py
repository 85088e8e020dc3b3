"""One self-contained file for reviewers: no network, strict policy, every word of a page kept as text.

Figures and charts are drawn here, so that the first screen needs no script; the list of findings is drawn by
`assets/report.js` from data that travels in the file.
"""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

from claims.model import PageResult, Summary, Verdict
from reports.charts import Bar, stacked_rows, strip
from reports.clean import visible
from reports.context import ReportContext, Stream
from reports.html_data import Collector, by_family
from reports.plain import dumps
from reports.summary import told
from reports.wording import TOOL, VERDICTS, caveat, plural, severities, why_unread

_WORST_PAGES = 8


def render(stream: Stream, context: ReportContext) -> Iterator[str]:
    """The whole file in one piece, once the last page has come."""
    collector = Collector(context)
    notes = dict.fromkeys(note.text for note in context.run.notes)
    skipped: list[dict[str, str]] = []
    for item in stream:
        if isinstance(item, Summary):
            yield _document(collector.data(), item, context, skipped, [visible(text) for text in notes])
            return
        collector.add(item)
        notes.update(dict.fromkeys(told(item)))
        skipped += _skipped(item)


def _skipped(result: PageResult) -> list[dict[str, str]]:
    if result.skipped is None:
        return []
    return [{"url": visible(result.skipped.url), "reason": visible(why_unread(result.skipped))}]


def _document(
    data: dict[str, Any],
    summary: Summary,
    context: ReportContext,
    skipped: list[dict[str, str]],
    notes: list[str],
) -> str:
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    css, js = _asset("report.css"), _asset("report.js")
    families = [Bar(name, counts) for name, counts in sorted(by_family(data["findings"]).items())]
    fields = {
        "policy": _policy(css, js),
        "css": Markup(css),  # noqa: S704 (our own file)
        "js": Markup(js),  # noqa: S704 (our own file)
        "data": Markup(_inert({**data, "summary": summary})),  # noqa: S704 (escaped by _inert)
        "subject": visible(", ".join(context.targets)) or "no target",
        "summary": summary,
        "attention": sum(1 for one in data["findings"] if one["open"]),
        "coverage": _coverage(summary),
        "caveat": caveat(context.run),
        "incomplete": _incomplete(summary),
        "tiles": _tiles(summary),
        "families_chart": Markup(stacked_rows(families, "Verdicts by family")),  # noqa: S704 (escaped)
        "trend_chart": Markup(_trend(summary, context)),  # noqa: S704 (escaped)
        "worst": _worst(data),
        "facts": _facts(summary, context),
        "skipped": skipped,
        "notes": notes,
    }
    environment = Environment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
    return environment.from_string(_asset("report.html.j2")).render(fields)


def _asset(name: str) -> str:
    return files("reports").joinpath("assets", name).read_text(encoding="utf-8")


def _policy(css: str, js: str) -> str:
    """Nothing loads, nothing runs but our own script, and that cannot turn text into markup."""
    style, script = (b64encode(sha256(text.encode()).digest()).decode() for text in (css, js))
    return (
        f"default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
    )


def _inert(data: Any) -> str:
    """JSON that cannot end the script element it stands in."""
    return dumps(data).replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _coverage(summary: Summary) -> str:
    read = f"{plural(summary.pages, 'page')} read, {summary.skipped:,} not read. "
    rest = f"{severities(summary.by_severity)}; {plural(summary.omissions, 'omission')}; "
    return f"{read}{rest}{summary.suppressed:,} suppressed; {plural(summary.unread, 'block')} unread."


def _incomplete(summary: Summary) -> str:
    """A warning where something was not read, for the first screen; empty otherwise."""
    if summary.skipped:
        return f"Incomplete: {plural(summary.skipped, 'page')} could not be read, and may claim anything."
    return "" if summary.pages else "Incomplete: no page was read."


def _tiles(summary: Summary) -> list[dict[str, Any]]:
    return [
        {"name": v.value, "number": summary.by_verdict.get(v.value, 0), "meaning": VERDICTS[v]}
        for v in reversed(Verdict)
    ]


def _trend(summary: Summary, context: ReportContext) -> str:
    if not context.history:
        return ""
    past = [(one.started_at, one.summary) for one in context.history[-11:]]
    runs = (*past, (context.run.started_at, summary))
    bars = [Bar(when[:16].replace("T", " "), said.by_verdict) for when, said in runs]
    return stacked_rows(bars, "Claims by verdict over the runs, oldest first")


def _worst(data: dict[str, Any]) -> list[dict[str, Any]]:
    """Pages with the most open findings, as rows."""
    from markupsafe import Markup

    flagged = Counter(one["page"] for one in data["findings"] if one["open"])
    most = max(flagged.values(), default=0)
    rows = []
    for number, count in sorted(flagged.items(), key=lambda row: (-row[1], row[0]))[:_WORST_PAGES]:
        page = data["pages"][number]
        verdicts = Counter(f["verdict"] for f in data["findings"] if f["page"] == number and f["open"])
        rows.append(
            {
                "name": page["title"] or page["url"],
                "hash": urlencode({"view": "findings", "page": page["url"]}),
                "flagged": count,
                "strip": Markup(strip(verdicts, most)),  # noqa: S704 (numbers only)
            }
        )
    return rows


def _facts(summary: Summary, context: ReportContext) -> list[tuple[str, str]]:
    run = context.run
    return [
        ("Started", run.started_at.replace("T", " ").replace("Z", " UTC").replace("+00:00", " UTC")),
        ("Run", run.run_id),
        ("Program", f"{TOOL} {run.versions.program}"),
        ("Catalogue", f"{run.versions.catalogue}, {run.status}"),
        ("Language data", run.versions.language),
        ("Profile", run.profile),
        ("Pages", f"{summary.pages:,} read, {summary.skipped:,} not read"),
    ]
