"""The domain's types: frozen, plain and picklable. No spaCy object and no open file ever stands in one.

Offsets are counted in Unicode code points (Python string indices) and are half-open: ``text[start:end]``.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum


class Family(StrEnum):
    """What a claim speaks of (claims guide, section 2)."""

    ONSET = "onset"
    EFFICACY = "efficacy"
    DURATION = "duration"
    ADDICTION = "addiction"
    SAFETY = "safety"
    REGULATORY = "regulatory"
    MECHANISM = "mechanism"
    PROCEDURE = "procedure"
    HYPE = "hype"
    TESTIMONIAL = "testimonial"
    COST = "cost"
    STATISTIC = "statistic"


class Strength(IntEnum):
    """How strongly a claim is asserted: the ladder S0 to S4."""

    S0 = 0
    S1 = 1
    S2 = 2
    S3 = 3
    S4 = 4

    @property
    def label(self) -> str:
        return ("investigational", "hedged", "qualified", "flat", "absolute")[self]


class Verdict(StrEnum):
    """What the catalogue makes of a claim; `badness` orders them, worst last."""

    SUPPORTED = "supported"
    OVERSTATED = "overstated"
    UNSUPPORTED = "unsupported"
    CONTRADICTED = "contradicted"

    @property
    def badness(self) -> int:
        return _BADNESS[self]

    @property
    def flagged(self) -> bool:
        return self is not Verdict.SUPPORTED


class Severity(StrEnum):
    """How loudly a finding speaks; `rank` orders them, loudest last."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"

    @property
    def rank(self) -> int:
        return _RANKS[self]


_BADNESS = {verdict: i for i, verdict in enumerate(Verdict)}
_RANKS = {severity: i for i, severity in enumerate(Severity)}


class Subject(StrEnum):
    """What the claim is about."""

    KETAMINE = "ketamine"
    ESKETAMINE = "esketamine"
    ANTIDEPRESSANTS = "antidepressants"
    OTHER = "other"


class Route(StrEnum):
    """How the drug is given; `oral` covers lozenges, troches, tablets, sublingual and at-home use."""

    IV = "iv"
    IM = "im"
    NASAL = "nasal"
    ORAL = "oral"
    NONE = "none"


class Polarity(StrEnum):
    AFFIRMED = "affirmed"
    NEGATED = "negated"


class Attribution(StrEnum):
    """Who is said to say it."""

    NONE = "none"
    STUDY = "study"
    REGULATOR = "regulator"
    EXPERT = "expert"
    PATIENT = "patient"


class Framing(StrEnum):
    """Only `asserted` statements are claims."""

    ASSERTED = "asserted"
    REFUTED = "refuted"
    QUESTION = "question"


class BlockKind(StrEnum):
    TITLE = "title"
    META = "meta"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_CELL = "table_cell"
    QUESTION = "question"
    ANSWER = "answer"
    QUOTE = "quote"
    ALT = "alt"
    BUTTON = "button"
    STRUCTURED_DATA = "structured_data"


class Region(StrEnum):
    MAIN = "main"
    NAV = "nav"
    ASIDE = "aside"
    FOOTER = "footer"
    HEADER = "header"
    HEAD = "head"


@dataclass(frozen=True, slots=True)
class SourceMap:
    """The way from a block's text back to the decoded source it was read from.

    Three parallel tuples, one element a run, ordered by `text_starts`: run *i* begins at `text_starts[i]` in the
    block's text and at `source_starts[i]` in the source. `widths[i]` is 0 where the run's characters map one to
    one; otherwise the run is one text character standing for `widths[i]` source characters (an entity, folded
    white space). Empty tuples: the text stands nowhere in the source as such.
    """

    text_starts: tuple[int, ...] = ()
    source_starts: tuple[int, ...] = ()
    widths: tuple[int, ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Source offsets of ``text[start:end]``, or None where the block has no place in the source."""
        if not self.text_starts or start >= end:
            return None
        first = self._at(start)
        last_start, last_width = self._at(end - 1)
        return first[0], last_start + last_width

    def _at(self, offset: int) -> tuple[int, int]:
        """Source offset and width of one text character."""
        i = max(bisect_right(self.text_starts, offset) - 1, 0)
        if self.widths[i]:
            return self.source_starts[i], self.widths[i]
        return self.source_starts[i] + offset - self.text_starts[i], 1


@dataclass(frozen=True, slots=True)
class Locator:
    """Where a block stands for a person: line and column (1-based) in a file, a CSS selector on a web page."""

    line: int | None = None
    column: int | None = None
    selector: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of visible text that is read on its own, with what the page's structure says of it.

    `text` is folded: white space runs are one space, nothing at the ends; newlines inside stand only between a
    figure and its caption or a label and its body that were joined. Everything below `headings` names the text of
    *other* blocks that this one is read with.
    """

    text: str
    kind: BlockKind
    region: Region = Region.MAIN
    headings: tuple[str, ...] = ()
    """Headings above, outermost first."""
    lead_in: str | None = None
    """The sentence that introduces the list this item belongs to ("Ketamine may help with:")."""
    question: str | None = None
    """The question this block begins to answer (the first block under it), or continues to answer."""
    answers_directly: bool = False
    """True for the first block under `question`."""
    label: str | None = None
    """Header of the column or row, or term of a definition list, that this cell or definition belongs to."""
    framing_label: str | None = None
    """"myth" or "fact" (as written) where the page pairs them, in a table, a heading or a prefix."""
    previous: str | None = None
    """Text of the paragraph just before, where no heading stands between."""
    locator: Locator = Locator()
    source: SourceMap = SourceMap()
    places: tuple[Locator, ...] = ()
    """Further places where the same words stand (Open Graph, JSON-LD, title)."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was received, byte for byte, and how."""

    url: str
    body: bytes
    final_url: str | None = None
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    fetched_at: str | None = None
    """ISO 8601, UTC."""
    sha256: str = ""
    media_type: str = ""
    record_id: str | None = None
    """WARC record id of the capture."""
    redirects: tuple[str, ...] = ()
    """Addresses that led from `url` to `final_url`, in order, the last one not included."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A page that could not be read: a value, never silence."""

    url: str
    code: str
    """Short and stable: `not_found`, `refused`, `timeout`, `empty`, `binary`, `scripts_only`, `language` …"""
    reason: str
    """One sentence for a person, with the remedy where there is one."""


@dataclass(frozen=True, slots=True)
class Page:
    """A document as blocks in reading order."""

    url: str
    title: str
    language: str | None
    blocks: tuple[Block, ...]
    sha256: str = ""
    source_text: str = ""
    """The decoded source that the blocks' source maps point into."""
    notes: tuple[Note, ...] = ()
    """What was wrong about the document and could be mended: a wrong encoding declared, a comment never closed."""
    addresses_reader: bool | None = None
    """Whether it says "you" and "we", as copy does; None where its blocks show it, set where they are an excerpt."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit: `low` and `high` in hours for times, in percent for rates, else bare.

    One-sided ranges leave the open end None ("within a day": low None, high 24).
    """

    kind: str
    """`time`, `rate`, `money`, `count`, `dose`."""
    low: float | None
    high: float | None
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that decided a slot of a claim."""

    slot: str
    """`family`, `subject`, `route`, `condition`, `quantity`, `strength`, `polarity`, `attribution`, `framing` or
    `qualifier`."""
    value: str
    """What they made of it: "S2", "iv", "PTSD"."""
    text: str
    """The words as they stand in the page."""
    start: int | None
    end: int | None
    """Offsets in the block's text; None where the words stand in another block."""
    rule: str
    """The data rule that read them: file stem and name ("hedges/may", "frames/onset/within_hours")."""
    place: str = "statement"
    """`statement`, `previous`, `heading`, `lead_in`, `question`, `label`, `page`."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One proposition of one family in one statement, with every slot and the words that decided it."""

    family: Family
    proposition: str
    subject: Subject
    route: Route
    conditions: tuple[str, ...]
    """Ids from the treatment's conditions file; `open:<words>` where nobody has graded it."""
    strength: Strength
    polarity: Polarity
    attribution: Attribution
    framing: Framing
    quantity: Quantity | None
    qualifiers: tuple[str, ...]
    """Tags that a catalogue entry may require or forbid, sorted ("controlled_status", "under_supervision")."""
    quote: str
    """The statement as it stands in the block: sentence, item, heading, cell, label and body."""
    start: int
    end: int
    """Offsets of the statement in the block's text."""
    block: int
    """Index of the block in the page."""
    cues: tuple[Cue, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A fact the catalogue stands on."""

    id: str
    citation: str
    finding: str
    confirmed: bool
    """Seen at the source itself; `unconfirmed` may still except a part."""
    year: int | None = None
    identifier: str | None = None
    """DOI, PMID, NCT, docket or set id."""
    url: str | None = None
    checked: date | None = None
    volatile: str | None = None
    """What would change it."""
    unconfirmed: str | None = None
    """The part of it that was not confirmed at the source."""


class State(StrEnum):
    NEW = "new"
    UNCHANGED = "unchanged"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class Suppression:
    """Why a finding does not count: a waiver or the baseline."""

    kind: str
    """`waiver`, `inline`, `baseline`."""
    reason: str
    owner: str | None = None
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A statement put so that it would pass. Advice for a writer; the program never applies it."""

    kind: str
    """What to do with the statement.

    `edit`: the writer's sentence with the smallest change; `cut`: the same, with the words of this family taken
    out; `follows`: it stands as it is once the sentence that introduces it is changed; `approved`: the
    catalogue's wording; `remove`.
    """
    text: str
    """The statement as it could stand; empty for `remove`."""
    changed: float = 0.0
    """Share of the words changed, 0 to 1."""


@dataclass(frozen=True, slots=True)
class EntryCard:
    """What a report, a waiver and a comparison need to know of a catalogue entry."""

    id: str
    family: Family
    proposition: str
    title: str
    """The entry in a few words, for headings and rule names."""
    message: str
    """What is wrong with a statement that fails it, or what the entry allows, in one plain sentence."""
    version: str
    """Short hash of the entry's content: a waiver lapses when it changes."""
    stance: str = "accepted"
    """`accepted` or `refuted`."""
    max_strength: Strength | None = None
    """For the profile of the run."""
    approved_wording: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    authorities: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    waivable: bool = True
    status: str = "provisional"
    """Review status: `provisional` until a named person has signed it."""
    reviewed_by: str | None = None
    reviewed_on: date | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One statement × family with its verdict; supported ones too."""

    fingerprint: str
    claim: Claim
    """The claim whose verdict stands (the worst)."""
    verdict: Verdict
    severity: Severity
    entry: str | None
    """Id of the catalogue entry that decided; None where none carries the claim."""
    reason: str
    evidence: tuple[str, ...]
    """Evidence ids, in the catalogue's order."""
    suggestions: tuple[str, ...]
    """Wording that would pass; empty where the advice is to remove the statement."""
    others: tuple[Claim, ...] = ()
    """Further propositions of the family in the same statement, each no worse."""
    allowed: Strength | None = None
    """The greatest strength the entry allows, where it has one."""
    source_start: int | None = None
    source_end: int | None = None
    """Offsets of the statement in the page's decoded source."""
    line: int | None = None
    column: int | None = None
    link: str | None = None
    """The live page at the statement (text fragment), for web pages."""
    state: State = State.NEW
    suppression: Suppression | None = None
    not_waivable: bool = False
    rewrite: Rewrite | None = None

    @property
    def propositions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.claim.proposition, *(c.proposition for c in self.others))))


@dataclass(frozen=True, slots=True)
class Omission:
    """Something a promoting page leaves out (claims guide, section 7), or another finding of the page as a whole."""

    fingerprint: str
    kind: str
    """`off_label_undisclosed`, `risks_undisclosed`, `abuse_potential_undisclosed`, `prohibited_promotion`."""
    severity: Severity
    reason: str
    evidence: tuple[str, ...]
    suggestions: tuple[str, ...]
    entry: str | None = None
    state: State = State.NEW
    suppression: Suppression | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """A block that speaks of the treatment and of something a family speaks of, and gave no claim."""

    block: int
    text: str
    seen: tuple[str, ...]
    """What was seen: "drug: ketamine", "benefit: relief"."""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Something the reader of the report should know: an entry past its due date, a lapsed waiver."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class PageResult:
    """Everything that came of one document; plain data, safe to pickle and send to another process."""

    url: str
    page: Page | None
    findings: tuple[Finding, ...] = ()
    omissions: tuple[Omission, ...] = ()
    skipped: Skipped | None = None
    unread: tuple[Unread, ...] = ()
    notes: tuple[Note, ...] = ()
    snapshot: Snapshot | None = None
    """Without its body."""


@dataclass(frozen=True, slots=True)
class Versions:
    program: str
    catalogue: str
    """Short hash of the catalogue's content."""
    language: str
    """Short hash of the language and treatment data."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Closing figures of a run; every format reports the same."""

    pages: int
    skipped: int
    claims: int
    by_verdict: dict[str, int]
    by_severity: dict[str, int]
    omissions: int
    unread: int
    suppressed: int = 0


@dataclass(frozen=True, slots=True)
class Audit:
    """A whole run."""

    run_id: str
    started_at: str
    """ISO 8601, UTC; handed in."""
    versions: Versions
    profile: str
    results: tuple[PageResult, ...] = ()
    notes: tuple[Note, ...] = field(default=())
    status: str = "provisional"
    """Review status of the catalogue as a whole."""
    signed: int = 0
    """Entries of the catalogue that a person has signed as they stand."""
