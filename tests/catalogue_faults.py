"""Forty catalogues with one fault each: what was done, and what the message must name."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

ENTRY: Json = {
    "id": "ketamine/onset-own-rule",
    "title": "An own rule",
    "propositions": ["rapid"],
    "subjects": ["ketamine"],
    "routes": ["iv"],
    "conditions": ["ocd"],
    "limits": {"standard": {"stance": "accepted", "max_strength": "S1"}, "strict": {"max_strength": "S0"}},
    "severity": "warning",
    "message": "Speed in OCD rests on one small study and needs a hedge.",
    "approved_wording": ["Ketamine may work quickly in OCD."],
    "evidence": ["E-EFF-30"],
    "authorities": ["FTC"],
    "review": {"status": "provisional", "due": "2027-11-21"},
    "examples": [
        {"text": "Ketamine infusions may quickly ease OCD.", "verdict": "supported"},
        {"text": "Ketamine infusions quickly ease OCD.", "verdict": "overstated"},
        {"text": "Rapid relief from OCD with ketamine infusions.", "verdict": "overstated"},
    ],
}
FACT: Json = {
    "id": "E-OWN-01",
    "citation": "Own source, 2026",
    "finding": "Something that a reviewer has read and put in own words.",
    "confirmed": True,
    "checked": "2026-11-21",
}


def entry_file() -> Json:
    return {"family": "onset", "entries": [copy.deepcopy(ENTRY)]}


def evidence_file() -> Json:
    return {"evidence": [copy.deepcopy(FACT)]}


@dataclass(frozen=True)
class Fault:
    """One fault: `change` makes it in a sound file, or `text` is the file itself."""

    name: str
    pointer: str
    wrong: str
    remedy: str
    change: Callable[[Json], object] | None = None
    text: Callable[[str], str] | None = None
    file: str = "onset.json"

    def write(self) -> str:
        data = evidence_file() if self.file == "evidence.json" else entry_file()
        if self.change:
            self.change(data)
        text = json.dumps(data, indent=2, ensure_ascii=False)
        return self.text(text) if self.text else text


def _at(*path: str | int) -> Callable[[Json], Any]:
    def walk(data: Json) -> Any:
        value: Any = data
        for step in path:
            value = value[step]
        return value

    return walk


def put(*path: str | int, value: object) -> Callable[[Json], object]:
    return lambda data: _at(*path[:-1])(data).__setitem__(path[-1], value)


def drop(*path: str | int) -> Callable[[Json], object]:
    return lambda data: _at(*path[:-1])(data).pop(path[-1])


E0: tuple[str | int, ...] = ("entries", 0)

FAULTS = (
    Fault("empty file", "/", "is not JSON", "the file is empty", text=lambda _: ""),
    Fault(
        "comma too many",
        "/",
        "is not JSON",
        "take away the comma",
        text=lambda t: t.replace("\n  ]\n}", ",\n  ]\n}"),
    ),
    Fault(
        "comma missing", "/", "is not JSON", "put a comma", text=lambda t: t.replace('"onset",', '"onset"', 1)
    ),
    Fault(
        "string left open",
        "/",
        "is not JSON",
        "close the string",
        text=lambda t: t.replace('An own rule",', "An own rule,", 1),
    ),
    Fault("cut short", "/", "is not JSON", "ends too early", text=lambda t: t[: len(t) // 2]),
    Fault(
        "key twice",
        "/",
        '"title" stands twice',
        "keep one",
        text=lambda t: t.replace('"title"', '"title": "x",\n      "title"', 1),
    ),
    Fault("not an object", "/", "of the wrong type", "an object", text=lambda t: f"[{t}]"),
    Fault("no number", "/", "NaN is no number", "write a figure", text=lambda t: t.replace('"S1"', "NaN", 1)),
    Fault(
        "unknown key on top",
        "/entires",
        'unknown key "entires"',
        'did you mean "entries"',
        put("entires", value=[]),
    ),
    Fault(
        "unknown key in an entry",
        "/entries/0/approved",
        'unknown key "approved"',
        "approved_wording",
        put(*E0, "approved", value="x"),
    ),
    Fault(
        "unknown key in limits",
        "/entries/0/limits/standard/ceiling",
        'unknown key "ceiling"',
        "known keys",
        put(*E0, "limits", "standard", "ceiling", value="S1"),
    ),
    Fault(
        "unknown profile",
        "/entries/0/limits/stict",
        'unknown key "stict"',
        'did you mean "strict"',
        put(*E0, "limits", "stict", value={}),
    ),
    Fault("no family", "/", 'the key "family" is missing', "add it", drop("family")),
    Fault("no id", "/entries/0", 'the key "id" is missing', "add it: Treatment", drop(*E0, "id")),
    Fault(
        "no ceiling",
        "/entries/0/limits/standard",
        '"max_strength" is missing',
        "add it: The ceiling",
        drop(*E0, "limits", "standard", "max_strength"),
    ),
    Fault(
        "no due date",
        "/entries/0/review",
        '"due" is missing',
        "Date of the next review",
        drop(*E0, "review", "due"),
    ),
    Fault(
        "no such family",
        "/family",
        '"onsets" is not allowed',
        'did you mean "onset"',
        put("family", value="onsets"),
    ),
    Fault(
        "no such stance",
        "/entries/0/limits/standard/stance",
        "is not allowed",
        "accepted",
        put(*E0, "limits", "standard", "stance", value="acepted"),
    ),
    Fault(
        "no such rung",
        "/entries/0/limits/standard/max_strength",
        "fits none",
        "strength",
        put(*E0, "limits", "standard", "max_strength", value="S9"),
    ),
    Fault(
        "no such severity",
        "/entries/0/severity",
        '"loud" is not allowed',
        "note, warning, error",
        put(*E0, "severity", value="loud"),
    ),
    Fault(
        "no such verdict",
        "/entries/0/examples/0/verdict",
        "is not allowed",
        'did you mean "supported"',
        put(*E0, "examples", 0, "verdict", value="suported"),
    ),
    Fault(
        "no such subject",
        "/entries/0/subjects/0",
        "is not allowed",
        'did you mean "ketamine"',
        put(*E0, "subjects", value=["ketamin"]),
    ),
    Fault(
        "no such route",
        "/entries/0/routes/0",
        '"dermal" is not allowed',
        "choose one of iv",
        put(*E0, "routes", value=["dermal"]),
    ),
    Fault(
        "no such jurisdiction",
        "/entries/0/jurisdictions/0",
        '"GB" is not allowed',
        "UK",
        put(*E0, "jurisdictions", value=["GB"]),
    ),
    Fault(
        "no such day",
        "/entries/0/review/due",
        "is no date",
        "a day that exists",
        put(*E0, "review", "due", value="2027-02-30"),
    ),
    Fault(
        "a name for an id", "/entries/0/id", "not the form", "must match", put(*E0, "id", value="Own Rule")
    ),
    Fault(
        "a text for a list",
        "/entries/0/evidence",
        "wrong type",
        "a list",
        put(*E0, "evidence", value="E-EFF-30"),
    ),
    Fault(
        "no evidence", "/entries/0/evidence", "has 0 elements", "at least 1", put(*E0, "evidence", value=[])
    ),
    Fault("two examples", "/entries/0/examples", "has 2 elements", "at least 3", drop(*E0, "examples", 2)),
    Fault(
        "message of one word",
        "/entries/0/message",
        "too short",
        "at least 20",
        put(*E0, "message", value="No."),
    ),
    Fault(
        "four wordings",
        "/entries/0/approved_wording",
        "has 4 elements",
        "at most 3",
        put(*E0, "approved_wording", value=[f"Wording number {i}." for i in range(4)]),
    ),
    Fault(
        "a condition twice",
        "/entries/0/conditions",
        "something twice",
        "keep one",
        put(*E0, "conditions", value=["ocd", "ocd"]),
    ),
    Fault(
        "treatment of another",
        "/entries/0/id",
        "of another treatment",
        'begin it with "ketamine/"',
        put(*E0, "id", value="botox/onset"),
    ),
    Fault(
        "no such proposition",
        "/entries/0/propositions/0",
        'no onset proposition "rapidly"',
        'did you mean "rapid"',
        put(*E0, "propositions", value=["rapidly"]),
    ),
    Fault(
        "no such fact",
        "/entries/0/evidence/0",
        'no fact "E-EFF-300"',
        "did you mean",
        put(*E0, "evidence", value=["E-EFF-300"]),
    ),
    Fault(
        "no such condition",
        "/entries/0/conditions/0",
        'no condition "ocdd"',
        'did you mean "ocd"',
        put(*E0, "conditions", value=["ocdd"]),
    ),
    Fault(
        "no such tag",
        "/entries/0/limits/standard/requires/0/any_of/0",
        'no qualifier tag "supervised"',
        "add it, or name",
        put(
            *E0,
            "limits",
            "standard",
            "requires",
            value=[{"any_of": ["supervised"], "say": "name the supervision"}],
        ),
    ),
    Fault(
        "id twice",
        "/entries/1/id",
        "stands twice",
        "rename or remove",
        lambda d: d["entries"].append({**copy.deepcopy(ENTRY), "title": "Again"}),
    ),
    Fault(
        "rival entries",
        "/entries/1",
        "with the same right",
        "narrow",
        lambda d: d["entries"].append({**copy.deepcopy(ENTRY), "id": "ketamine/onset-other"}),
    ),
    Fault(
        "accepted and nothing allowed",
        "/entries/0/limits/standard/max_strength",
        "allows no strength",
        "give a ceiling",
        put(*E0, "limits", "standard", "max_strength", value=None),
    ),
    Fault(
        "bounds the wrong way",
        "/entries/0/limits/standard/bounds",
        "at_least is more than at_most",
        "exchange",
        put(*E0, "limits", "standard", "bounds", value={"kind": "time", "at_least": 9, "at_most": 3}),
    ),
    Fault(
        "a volatile fact unsaid",
        "/entries/0/review",
        "may change soon",
        'add "volatile"',
        put(*E0, "evidence", value=["E-REG-26"]),
    ),
    Fault(
        "an example twice",
        "/entries/0/examples/3",
        "the example stands twice",
        "remove one",
        lambda d: d["entries"][0]["examples"].append(copy.deepcopy(ENTRY["examples"][0])),
    ),
    Fault(
        "a skeleton not filled in",
        "/entries/0/title",
        "still to be written",
        "TODO",
        put(*E0, "title", value="TODO: a title"),
    ),
    Fault(
        "evidence without a source",
        "/evidence/0",
        '"citation" is missing',
        "add it",
        drop("evidence", 0, "citation"),
        file="evidence.json",
    ),
    Fault(
        "confirmed in words",
        "/evidence/0/confirmed",
        "wrong type",
        "true or false",
        put("evidence", 0, "confirmed", value="yes"),
        file="evidence.json",
    ),
    Fault(
        "no address",
        "/evidence/0/url",
        "is no uri",
        "https://",
        put("evidence", 0, "url", value="see the library"),
        file="evidence.json",
    ),
)
