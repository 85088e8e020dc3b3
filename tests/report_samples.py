"""A hand-built audit that shows every case a report must draw. The clinic and its copy are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from claims.model import (
    Attribution,
    Audit,
    Block,
    BlockKind,
    Claim,
    Cue,
    EntryCard,
    Evidence,
    Family,
    Finding,
    Framing,
    Locator,
    Note,
    Omission,
    Page,
    PageResult,
    Polarity,
    Quantity,
    Region,
    Rewrite,
    Route,
    Severity,
    Skipped,
    Snapshot,
    State,
    Strength,
    Subject,
    Suppression,
    Unread,
    Verdict,
    Versions,
)
from reports.context import Past, ReportContext
from reports.summary import summarise

EVIDENCE = {
    "E-T-01": Evidence(
        id="E-T-01",
        citation="Label of an invented product, section 9.",
        finding="The label warns of misuse and dependence.",
        confirmed=True,
        year=2024,
        identifier="set id 0001",
        url="https://example.org/label",
        checked=date(2026, 11, 1),
    ),
    "E-T-02": Evidence(
        id="E-T-02",
        citation="Invented trial, 2019.",
        finding="Scores fell within a day in some of the 40 patients.",
        confirmed=False,
        year=2019,
    ),
}

ENTRIES = {
    "ketamine/not-addictive": EntryCard(
        id="ketamine/not-addictive",
        family=Family.ADDICTION,
        proposition="not_addictive",
        title="Not addictive",
        message="The label warns of misuse and dependence.",
        version="a1b2c3d4",
        stance="refuted",
        approved_wording=("Ketamine is a controlled substance and can be misused.",),
        evidence=("E-T-01",),
        authorities=("FDA",),
        jurisdictions=("US",),
        waivable=False,
    ),
    "ketamine/onset-hours": EntryCard(
        id="ketamine/onset-hours",
        family=Family.ONSET,
        proposition="within_hours",
        title="Relief within hours",
        message="Some patients improve within hours to days; not all do.",
        version="d4c3b2a1",
        max_strength=Strength.S2,
        approved_wording=("Some patients notice a change in mood within hours to days.",),
        evidence=("E-T-02",),
        jurisdictions=("US",),
        due=date(2027, 5, 1),
    ),
}


def claim(
    family: Family, proposition: str, text: str, quote: str, marked: str, block: int, **slots: object
) -> Claim:
    """A claim on `quote` in the block's `text`, with one family cue on the words `marked`."""
    start = text.index(quote)
    at = text.index(marked, start)
    base = Claim(
        family=family,
        proposition=proposition,
        subject=Subject.KETAMINE,
        route=Route.NONE,
        conditions=(),
        strength=Strength.S3,
        polarity=Polarity.AFFIRMED,
        attribution=Attribution.NONE,
        framing=Framing.ASSERTED,
        quantity=None,
        qualifiers=(),
        quote=quote,
        start=start,
        end=start + len(quote),
        block=block,
        cues=(Cue("family", family.value, marked, at, at + len(marked), f"frames/{family.value}"),),
    )
    return replace(base, **slots)  # type: ignore[arg-type]


HOME_SOURCE = """Calm River Ketamine
Ketamine is not addictive. Relief comes within 2 hours for everyone.
Many patients feel better within a day.
Our drip is a breakthrough.
"""
FIRST, SECOND, THIRD = HOME_SOURCE.splitlines()[1:]


def _place(quote: str) -> dict[str, int]:
    start = HOME_SOURCE.index(quote)
    line = HOME_SOURCE.count("\n", 0, start)
    return {
        "source_start": start,
        "source_end": start + len(quote),
        "line": line + 1,
        "column": start - HOME_SOURCE.rfind("\n", 0, start),
    }


def home() -> PageResult:
    """A text file with one finding of each verdict, one of them in the baseline, and an omission."""
    hours, everyone = FIRST.index("within 2 hours"), FIRST.index("everyone")
    onset = claim(
        Family.ONSET,
        "within_hours",
        FIRST,
        "Relief comes within 2 hours for everyone.",
        "within 2 hours",
        1,
        conditions=("depression",),
        strength=Strength.S4,
        quantity=Quantity("time", None, 2.0, "within 2 hours", hours, hours + len("within 2 hours")),
    )
    onset = replace(
        onset,
        cues=(*onset.cues, Cue("strength", "S4", "everyone", everyone, everyone + 8, "absolutes/everyone")),
    )
    better = "Many patients feel better within a day."
    findings = (
        Finding(
            fingerprint="f000000000000001",
            claim=claim(
                Family.ADDICTION,
                "not_addictive",
                FIRST,
                "Ketamine is not addictive.",
                "not addictive",
                1,
                polarity=Polarity.NEGATED,
            ),
            verdict=Verdict.CONTRADICTED,
            severity=Severity.ERROR,
            entry="ketamine/not-addictive",
            reason="The label warns of misuse and dependence.",
            evidence=("E-T-01",),
            suggestions=("Ketamine is a controlled substance and can be misused.",),
            not_waivable=True,
            rewrite=Rewrite("approved", "Ketamine is a controlled substance and can be misused.", 0.8),
            **_place("Ketamine is not addictive."),
        ),
        Finding(
            fingerprint="f000000000000002",
            claim=onset,
            verdict=Verdict.OVERSTATED,
            severity=Severity.WARNING,
            entry="ketamine/onset-hours",
            reason="Said of every patient, where only some improve this fast.",
            evidence=("E-T-02",),
            suggestions=("Some patients notice a change in mood within hours to days.",),
            allowed=Strength.S2,
            rewrite=Rewrite("edit", "Relief may come within 2 hours for some patients.", 0.4),
            **_place("Relief comes within 2 hours for everyone."),
        ),
        Finding(
            fingerprint="f000000000000003",
            claim=claim(
                Family.ONSET, "within_hours", SECOND, better, "within a day", 2, strength=Strength.S2
            ),
            verdict=Verdict.SUPPORTED,
            severity=Severity.NOTE,
            entry="ketamine/onset-hours",
            reason="Carried as worded.",
            evidence=("E-T-02",),
            suggestions=(),
            allowed=Strength.S2,
            **_place(better),
        ),
        Finding(
            fingerprint="f000000000000004",
            claim=claim(Family.HYPE, "hype", THIRD, THIRD, "breakthrough", 3, strength=Strength.S4),
            verdict=Verdict.UNSUPPORTED,
            severity=Severity.WARNING,
            entry=None,
            reason="No entry carries this word.",
            evidence=(),
            suggestions=(),
            state=State.UNCHANGED,
            suppression=Suppression("baseline", "known before"),
            **_place(THIRD),
        ),
    )
    omission = Omission(
        fingerprint="o000000000000001",
        kind="risks_undisclosed",
        severity=Severity.WARNING,
        reason="The page speaks of benefits and of no side effect.",
        evidence=("E-T-01",),
        suggestions=("Side effects include raised blood pressure and dissociation.",),
        entry=None,
    )
    blocks = tuple(
        Block(text=line, kind=kind, locator=Locator(line=number + 1, column=1))
        for number, (line, kind) in enumerate(
            zip(
                HOME_SOURCE.splitlines(),
                (BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.PARAGRAPH, BlockKind.LIST_ITEM),
                strict=True,
            )
        )
    )
    page = Page("site/home.txt", "Calm River Ketamine", "en", blocks, "0" * 64, HOME_SOURCE)
    return PageResult(
        url="site/home.txt",
        page=page,
        findings=findings,
        omissions=(omission,),
        unread=(Unread(0, "Calm River Ketamine", ("drug: ketamine",), 1),),
        notes=(Note("entry_due", "Entry ketamine/onset-hours was due for review on 2026-05-01."),),
        snapshot=Snapshot("site/home.txt", b"", sha256="0" * 64, media_type="text/plain"),
    )


HOSTILE = (
    '<script>window.hacked = 1</script> <img src=x onerror="window.hacked = 2"> '
    '[click](javascript:alert(1)) \u202egnitidder\u202c \x1b[31mred\x07 =HYPERLINK("http://x") '
    "]]> --> | `tick` {{ 7 * 7 }} </script></textarea> ::error::pwned%0A $(id) is not addictive"
)


def hostile() -> PageResult:
    """A web page whose words try to become markup, a script, a terminal command and a formula."""
    said = claim(Family.ADDICTION, "not_addictive", HOSTILE, HOSTILE, "not addictive", 0)
    finding = Finding(
        fingerprint="f00000000000000a",
        claim=said,
        verdict=Verdict.CONTRADICTED,
        severity=Severity.ERROR,
        entry="ketamine/not-addictive",
        reason=f"Says the opposite of the label: {HOSTILE}",
        evidence=("E-T-01",),
        suggestions=(HOSTILE,),
        link="javascript:alert(1)",
    )
    blocks = (
        Block(HOSTILE, BlockKind.PARAGRAPH, locator=Locator(selector="main > p:nth-child(1)")),
        Block("Home", BlockKind.LIST_ITEM, region=Region.NAV),
    )
    url = "https://clinic.example/<b>bold</b>?q=\"'>&x=1"
    page = Page(url, "</title><script>window.hacked = 3</script>", "en", blocks, "f" * 64)
    return PageResult(
        url=url,
        page=page,
        findings=(finding,),
        snapshot=Snapshot(
            url, b"", status=200, fetched_at="2026-11-21T10:00:00Z", sha256="f" * 64, media_type="text/html"
        ),
    )


def results() -> tuple[PageResult, ...]:
    lost = Skipped("https://clinic.example/gone", "not_found", "The server answered 404: check the address.")
    return (home(), hostile(), PageResult(url=lost.url, page=None, skipped=lost))


RUN = Audit(
    run_id="r-0001",
    started_at="2026-11-21T10:00:00Z",
    versions=Versions("0.1.0", "c0ffee00", "1a2b3c4d"),
    profile="standard",
    notes=(Note("jurisdiction", "Only entries for US were used."),),
)

CONTEXT = ReportContext(
    run=RUN,
    entries=ENTRIES,
    evidence=EVIDENCE,
    propositions={"addiction": {"not_addictive": "Is not addictive."}},
    targets=("site", "https://clinic.example/"),
    history=(Past("r-0000", "2026-10-21T10:00:00Z", summarise((home(),))),),
)
