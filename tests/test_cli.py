"""The command line as its users meet it: exit codes, streams, and one clear line for whatever goes wrong."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conftest import ROOT, Outcome
from servers import Answer, Raw, serving, unused_port

from claims.model import Summary
from pipeline import cli
from pipeline.commands.audit import Outcome as RunOutcome

Run = Callable[..., Outcome]

GOOD = """<!DOCTYPE html><html lang="en"><head><title>About us</title></head><body><main>
<p>Ketamine is not addictive.</p></main></body></html>"""
HONEST = """<!DOCTYPE html><html lang="en"><head><title>About us</title></head><body><main>
<p>Ketamine is a Schedule III controlled substance and can be misused.</p></main></body></html>"""
SCRIPTS = """<!DOCTYPE html><html lang="en"><head><title>App</title><script src="app.js"></script></head>
<body><div id="root"></div><script>start()</script></body></html>"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder with one page that has a claim in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767258000")
    (tmp_path / "good.html").write_text(GOOD, encoding="utf-8")
    return tmp_path


def lines(outcome: Outcome) -> list[dict[str, Any]]:
    return [json.loads(line) for line in outcome.out.splitlines()]


def clear(outcome: Outcome, *words: str) -> None:
    """One line on standard error, in our name, that holds the words and no traceback."""
    said = outcome.err.splitlines()
    assert len(said) == 1, outcome.err
    assert said[0].startswith("claims-audit: ")
    assert [word for word in words if word not in said[0]] == []
    assert "Traceback" not in outcome.out + outcome.err


# What cannot be read: case, file name, bytes (None: no such file), words of the line.
UNREADABLE: list[tuple[str, str, bytes | None, list[str]]] = [
    ("missing", "gone.html", None, ["gone.html", "no such file", "check the path"]),
    ("empty", "empty.html", b"", ["empty.html", "empty"]),
    ("white space only", "blank.txt", b" \n\n\t\n", ["blank.txt"]),
    ("binary", "photo.html", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 8, ["photo.html"]),
    ("scripts only", "app.html", SCRIPTS.encode(), ["app.html", "script"]),
    (
        "another language",
        "de.html",
        b'<html lang="de"><body><p>Ketamin hilft vielen Menschen mit Depressionen in wenigen Stunden.</p>',
        ["de.html", "English"],
    ),
]


@pytest.mark.parametrize(
    ("name", "body", "words"), [case[1:] for case in UNREADABLE], ids=[case[0] for case in UNREADABLE]
)
def test_what_cannot_be_read_is_one_line_and_the_rest_goes_on(
    folder: Path, claims_audit: Run, name: str, body: bytes | None, words: list[str]
) -> None:
    if body is not None:
        (folder / name).write_bytes(body)
    outcome = claims_audit("audit", name, "good.html", "--format", "jsonl")
    assert outcome.code == 3
    clear(outcome, *words)
    got = lines(outcome)
    assert [line["source"] for line in got if line["kind"] == "skipped"] == [name]
    assert {line["family"] for line in got if line["kind"] == "claim"} == {"addiction"}
    assert got[-1]["kind"] == "summary"
    allowed = claims_audit("audit", name, "good.html", "--format", "jsonl", "--allow-incomplete")
    assert allowed.code == 1


def test_a_wrong_encoding_is_read_all_the_same_or_named(folder: Path, claims_audit: Run) -> None:
    page = GOOD.replace("<head>", '<head><meta charset="utf-8">').replace(
        "About us", "Caf\u00e9 \u2013 about"
    )
    (folder / "latin.html").write_bytes(page.encode("cp1252"))
    outcome = claims_audit("audit", "latin.html", "--format", "jsonl")
    assert outcome.code == 1
    assert [line["quote"] for line in lines(outcome) if line["kind"] == "claim"] == [
        "Ketamine is not addictive."
    ]


# What the web may answer: case, reply (None: nobody listens), words of the line.
REFUSED: list[tuple[str, Answer | Raw | None, list[str]]] = [
    ("nobody listens", None, ["refused", "check the address and its port"]),
    ("404", Answer(b"gone", status=404), ["404"]),
    ("500", Answer(b"broken", status=500), ["500"]),
    (
        "silence",
        Raw((b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", b"x"), pause=2.0),
        ["0.5 s", "read-timeout"],
    ),
    ("reset", Raw((b"HTTP/1.1 200 OK\r\n",), reset=True), ["try again later"]),
    ("a picture", Answer(b"\x89PNG", type="image/png"), ["image/png", "leave it out"]),
]


@pytest.mark.parametrize(
    ("reply", "words"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_an_address_that_gives_no_page_is_one_line_and_the_rest_goes_on(
    folder: Path, claims_audit: Run, reply: Answer | Raw | None, words: list[str]
) -> None:
    (folder / "quick.toml").write_text("[web]\nread-timeout = 0.5\nmax-attempts = 1\n", encoding="utf-8")
    with serving({"/page": reply} if reply else {}) as site:
        port = site.port if reply else unused_port()
        address = f"http://127.0.0.1:{port}/page"
        outcome = claims_audit(
            "audit", address, "good.html", "--allow-private", "--config", "quick.toml", "--format", "jsonl"
        )
    assert outcome.code == 3
    clear(outcome, address, *words)
    assert [line["source"] for line in lines(outcome) if line["kind"] == "claim"] == ["good.html"]


def test_a_private_address_is_not_fetched_unless_allowed(folder: Path, claims_audit: Run) -> None:
    with serving({"/": Answer(GOOD.encode())}) as site:
        refused = claims_audit("audit", site.url + "/", "--format", "jsonl")
        assert site.pages == []
        allowed = claims_audit("audit", site.url + "/", "--format", "jsonl", "--allow-private")
    clear(refused, "--allow-private")
    assert (refused.code, allowed.code) == (3, 1)


# Wrong command lines: case, arguments, words of the line.
WRONG: list[tuple[str, list[str], list[str]]] = [
    ("nothing to audit", ["audit"], ["nothing to audit", "name an address"]),
    ("unknown command", ["adit"], ["adit", "--help"]),
    ("unknown option", ["audit", "good.html", "--fast"], ["--fast", "audit --help"]),
    ("unknown format", ["audit", "good.html", "--format", "pdf"], ["pdf", "text, json, jsonl, html"]),
    ("unknown level", ["audit", "good.html", "--fail-on", "warn"], ["warn", "error, warning, note, never"]),
    ("unknown family", ["audit", "good.html", "--family", "speed"], ["speed", "onset, efficacy"]),
    ("unknown profile", ["audit", "good.html", "--profile", "lax"], ["lax", "standard, strict"]),
    ("output without a path", ["audit", "good.html", "--output", "html"], ["html", "FORMAT=PATH"]),
    ("unknown output", ["audit", "good.html", "--output", "pdf=x.pdf"], ["pdf", "choose one of"]),
    ("output to a folder", ["audit", "good.html", "--output", "html=."], ["is a folder"]),
    ("output below a file", ["audit", "good.html", "--output", "html=good.html/x"], ["cannot be written"]),
    ("one file twice", ["audit", "good.html", "-o", "html=x", "-o", "json=./x"], ["two reports"]),
    ("jobs no number", ["audit", "good.html", "--jobs", "two"], ["--jobs"]),
    ("no such settings", ["audit", "good.html", "--config", "no.toml"], ["no.toml", "claims-audit init"]),
    ("no such catalogue", ["audit", "good.html", "--catalogue", "nowhere"], ["nowhere"]),
    ("read without a text", ["read"], ["TEXT"]),
    ("read nothing", ["read", "  "], ["empty", "sentence"]),
]


@pytest.mark.parametrize(
    ("arguments", "words"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG]
)
def test_a_wrong_command_line_is_one_line_and_code_2(
    folder: Path, claims_audit: Run, arguments: list[str], words: list[str]
) -> None:
    outcome = claims_audit(*arguments)
    assert (outcome.code, outcome.out) == (2, "")
    clear(outcome, *words)
    assert [path.name for path in folder.iterdir()] == ["good.html"]


def entry_file(**changes: Any) -> dict[str, Any]:
    """The shipped entry on addiction as a catalogue of its own, with changes to the entry."""
    shipped = ROOT / "claims" / "treatments" / "ketamine" / "catalogue" / "addiction.json"
    data = json.loads(shipped.read_text(encoding="utf-8"))
    return {"family": "addiction", "entries": [{**data["entries"][0], "id": "ketamine/ours", **changes}]}


# What may be wrong with a catalogue of the user's own: case, text of the file, words of the line.
BROKEN: list[tuple[str, str, list[str]]] = [
    ("syntax", '{"family": "addiction",\n "entries": [}', ["own/ours.json:2", "JSON"]),
    ("unknown key", json.dumps(entry_file(colour="red")), ["own/ours.json", "/entries/0", "colour"]),
    ("missing reference", json.dumps(entry_file(evidence=["E-NONE-1"])), ["own/ours.json", "E-NONE-1"]),
    (
        "twice the same id",
        json.dumps({"family": "addiction", "entries": entry_file()["entries"] * 2}),
        ["own/ours.json", "ketamine/ours"],
    ),
]


@pytest.mark.parametrize(("text", "words"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_a_broken_catalogue_ends_the_run_with_its_place(
    folder: Path, claims_audit: Run, text: str, words: list[str]
) -> None:
    (folder / "own").mkdir()
    (folder / "own" / "ours.json").write_text(text, encoding="utf-8")
    outcome = claims_audit("audit", "good.html", "--catalogue", "own")
    assert (outcome.code, outcome.out) == (2, "")
    clear(outcome, *words)


def test_a_broken_settings_file_ends_the_run_with_its_place(folder: Path, claims_audit: Run) -> None:
    (folder / "claims-audit.toml").write_text('profil = "strict"\n', encoding="utf-8")
    outcome = claims_audit("audit", "good.html")
    assert outcome.code == 2
    clear(outcome, "claims-audit.toml:1", "unknown key 'profil'", "did you mean 'profile'?")


def test_a_wrong_clock_is_named(folder: Path, claims_audit: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    outcome = claims_audit("audit", "good.html")
    assert outcome.code == 2
    clear(outcome, "SOURCE_DATE_EPOCH", "seconds")


@pytest.mark.parametrize(
    ("page", "level", "code"),
    [
        (GOOD, None, 1),
        (GOOD, "error", 1),
        (GOOD, "never", 0),
        (HONEST, None, 0),
        (HONEST, "note", 0),
    ],
)
def test_exit_codes_of_complete_runs(
    folder: Path, claims_audit: Run, page: str, level: str | None, code: int
) -> None:
    (folder / "page.html").write_text(page, encoding="utf-8")
    outcome = claims_audit("audit", "page.html", *(["--fail-on", level] if level else []))
    assert (outcome.code, outcome.err) == (code, "")


@pytest.mark.parametrize(
    ("pages", "skipped", "counts", "fail_on", "allow", "code"),
    [
        (1, 0, {}, "note", False, 0),
        (1, 0, {"note": 1}, "warning", False, 0),
        (1, 0, {"note": 1}, "note", False, 1),
        (1, 0, {"warning": 1}, "error", False, 0),
        (1, 0, {"error": 1}, "warning", False, 1),
        (1, 0, {"error": 9}, "never", False, 0),
        (1, 1, {"error": 1}, "warning", False, 3),
        (1, 1, {"error": 1}, "never", False, 3),
        (1, 1, {"error": 1}, "warning", True, 1),
        (1, 1, {}, "warning", True, 0),
        (0, 0, {}, "warning", False, 3),
        (0, 1, {}, "never", True, 0),
    ],
)
def test_the_exit_code_of_a_summary(
    pages: int, skipped: int, counts: dict[str, int], fail_on: str, allow: bool, code: int
) -> None:
    summary = Summary(pages, skipped, 0, {}, counts, 0, 0)
    assert RunOutcome(summary).code(fail_on, allow) == code


def test_a_run_that_never_came_to_its_summary_is_incomplete() -> None:
    assert RunOutcome().code("never", True) == 3


def test_every_format_gives_the_same_exit_code_and_the_files_hold_what_standard_output_would(
    folder: Path, claims_audit: Run
) -> None:
    from reports import FORMATS

    outputs = [argument for name in FORMATS for argument in ("--output", f"{name}=out/report.{name}")]
    together = claims_audit("audit", "good.html", *outputs)
    assert together.code == 1
    for name in FORMATS:
        alone = claims_audit("audit", "good.html", "--format", name)
        assert alone.code == 1
        assert (folder / "out" / f"report.{name}").read_bytes().decode() == alone.out, name


def test_quiet_says_nothing_and_writes_the_files(folder: Path, claims_audit: Run) -> None:
    outcome = claims_audit("audit", "good.html", "--quiet", "--output", "json=r.json")
    assert (outcome.code, outcome.out, outcome.err) == (1, "", "")
    assert json.loads((folder / "r.json").read_text(encoding="utf-8"))


def test_quiet_keeps_a_report_that_was_asked_for(folder: Path, claims_audit: Run) -> None:
    outcome = claims_audit("audit", "good.html", "--quiet", "--format", "jsonl")
    assert (outcome.code, outcome.err) == (1, "")
    assert lines(outcome)[-1]["kind"] == "summary"


def test_families_are_reported_as_asked_for(folder: Path, claims_audit: Run) -> None:
    (folder / "page.txt").write_text(
        "Ketamine is not addictive.\n\nKetamine cures depression.\n", encoding="utf-8"
    )
    outcome = claims_audit("audit", "page.txt", "--family", "efficacy", "--format", "jsonl")
    assert {line["family"] for line in lines(outcome) if line["kind"] == "claim"} == {"efficacy"}


def test_all_shows_supported_claims_in_text(folder: Path, claims_audit: Run) -> None:
    (folder / "page.html").write_text(HONEST, encoding="utf-8")
    assert "can be misused" not in claims_audit("audit", "page.html").out
    assert "can be misused" in claims_audit("audit", "page.html", "--all").out


def test_standard_input_is_a_page(folder: Path, claims_audit: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(GOOD.encode())))
    outcome = claims_audit("audit", "-", "--format", "jsonl")
    assert outcome.code == 1
    assert [line["source"] for line in lines(outcome) if line["kind"] == "claim"] == ["-"]


def test_what_a_baseline_knows_does_not_count(folder: Path, claims_audit: Run) -> None:
    assert claims_audit("baseline", "create", "good.html", "--file", "known.json").code == 0
    assert claims_audit("audit", "good.html", "--baseline", "known.json").code == 0
    more = GOOD.replace("</main>", "<p>Ketamine cures depression.</p></main>")
    (folder / "good.html").write_text(more, encoding="utf-8")
    outcome = claims_audit("audit", "good.html", "--baseline", "known.json")
    assert outcome.code == 1
    assert "cures depression" in "".join(outcome.out.replace("[", "").replace("]", ""))


@pytest.mark.parametrize("option", ["--baseline", "--waivers"])
def test_a_broken_list_of_accepted_findings_ends_the_run(
    folder: Path, claims_audit: Run, option: str
) -> None:
    (folder / "list.json").write_text("[}", encoding="utf-8")
    for name in ("list.json", "nowhere.json"):
        outcome = claims_audit("audit", "good.html", option, name)
        assert (outcome.code, outcome.out) == (2, "")
        clear(outcome, name)


def test_the_settings_name_targets_and_outputs(folder: Path, claims_audit: Run) -> None:
    (folder / "claims-audit.toml").write_text(
        'targets = ["good.html"]\nformat = "jsonl"\nfail-on = "never"\noutput = { json = "out/a.json" }\n',
        encoding="utf-8",
    )
    outcome = claims_audit("audit")
    assert outcome.code == 0
    assert lines(outcome)[-1]["kind"] == "summary"
    assert (folder / "out" / "a.json").is_file()
    assert claims_audit("audit", "--fail-on", "error").code == 1


def test_the_same_input_gives_the_same_bytes(folder: Path, claims_audit: Run) -> None:
    first = claims_audit("audit", "good.html", "--format", "json")
    second = claims_audit("audit", "good.html", "--format", "json")
    assert first.out == second.out
    assert "2026-01-01" in first.out


def test_read_shows_the_words_under_the_text(claims_audit: Run) -> None:
    outcome = claims_audit("read", "Ketamine is not addictive.")
    assert outcome.code == 0
    rows = outcome.out.splitlines()
    at = rows.index("  Ketamine is not addictive.")
    under = {}
    for row in rows[at + 1 :]:
        if "^" not in row:
            break
        start = row.index("^")
        word = rows[at][start : row.rindex("^") + 1]
        under[word] = row
    assert any("addictive" in word and "family not_addictive" in row for word, row in under.items())
    assert "contradicted" in outcome.out
    assert "Not legal advice" in outcome.out


def test_read_takes_standard_input_and_says_when_there_is_no_claim(
    claims_audit: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"We are open on Mondays.\n")))
    outcome = claims_audit("read", "-")
    assert outcome.code == 0
    assert "No claims." in outcome.out


def test_no_arguments_show_the_help_and_are_an_error(claims_audit: Run) -> None:
    outcome = claims_audit()
    assert outcome.code == 2
    assert outcome.out.startswith("Usage: claims-audit")


@pytest.mark.parametrize("group", ["catalogue", "baseline", "store"])
def test_a_group_without_a_command_shows_its_own_help(claims_audit: Run, group: str) -> None:
    if not (ROOT / "pipeline" / "commands" / f"{group}.py").exists():
        pytest.skip(f"no command {group} in this build")
    outcome = claims_audit(group)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(f"Usage: claims-audit {group}")
    assert "Commands:" in outcome.err.splitlines()


def test_every_command_is_listed_and_has_help_with_an_example(claims_audit: Run) -> None:
    top = claims_audit("--help")
    assert top.code == 0
    present = [
        command.name
        for command in cli.COMMANDS
        if (ROOT / "pipeline" / "commands" / f"{command.name}.py").exists()
        or (ROOT / "pipeline" / "commands" / command.name).exists()
    ]
    for name in present:
        assert f"  {name}  " in top.out
        outcome = claims_audit(name, "--help")
        assert outcome.code == 0
        assert f"claims-audit {name}" in outcome.out


def test_a_fault_of_our_own_is_one_line_that_says_how_to_see_more(
    tmp_path: Path, claims_audit: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.commands import init

    def broken(_: object) -> str:
        raise ZeroDivisionError("by design")

    monkeypatch.setattr(init, "template", broken)
    outcome = claims_audit("init", tmp_path / "claims-audit.toml")
    assert outcome.code == 3
    clear(outcome, "ZeroDivisionError", "CLAIMS_AUDIT_DEBUG=1")


def program(*arguments: str, cwd: Path, **more: Any) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "80"}
    return subprocess.Popen([sys.executable, "-m", "pipeline", *arguments], cwd=cwd, env=environment, **more)


def test_a_standard_output_that_is_closed_is_no_fault(folder: Path) -> None:
    line = [sys.executable, "-m", "pipeline", "audit", "good.html"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" >&-', "sh", *line],
        cwd=folder,
        env=environment,
        stderr=subprocess.PIPE,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (1, b"")


def on_a_terminal(*arguments: str, cwd: Path, streams: tuple[str, ...]) -> tuple[int, bytes]:
    """Exit code and what a terminal showed that the named streams are tied to."""
    ours, theirs = pty.openpty()
    tied = {name: theirs if name in streams else subprocess.DEVNULL for name in ("stdout", "stderr")}
    process = program(*arguments, cwd=cwd, stdin=subprocess.DEVNULL, **tied)
    os.close(theirs)
    shown = b"".join(_chunks(ours))
    return process.wait(), shown


def _chunks(terminal: int) -> Iterator[bytes]:
    while True:
        try:
            chunk = os.read(terminal, 65536)
        except OSError:  # the other end has closed
            break
        if not chunk:
            break
        yield chunk
    os.close(terminal)


def test_progress_stands_on_standard_error_of_a_terminal_only(folder: Path) -> None:
    code, shown = on_a_terminal("audit", "good.html", cwd=folder, streams=("stderr",))
    assert code == 1
    assert b"1 page, 1 finding" in shown
    assert shown.endswith(b"\x1b[?25h") or b"\x1b[?25h" in shown.rsplit(b"finding", 1)[1]
    code, shown = on_a_terminal("audit", "good.html", "--quiet", cwd=folder, streams=("stderr",))
    assert (code, shown) == (1, b"")
    done = program("audit", "good.html", cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = done.communicate()
    assert err == b""
    assert b"\x1b" not in out


@pytest.mark.parametrize(("options", "coloured"), [((), True), (("--no-color",), False)])
def test_colour_is_for_terminals(folder: Path, options: tuple[str, ...], coloured: bool) -> None:
    _, shown = on_a_terminal("audit", "good.html", "--quiet", cwd=folder, streams=("stdout",))
    assert shown == b""
    _, shown = on_a_terminal("audit", "good.html", *options, cwd=folder, streams=("stdout",))
    assert b"not addictive" in shown.replace(b"\x1b[0m", b"")
    assert (b"\x1b[" in shown) is coloured


def test_a_reader_that_goes_away_is_no_fault(folder: Path) -> None:
    text = "\n\n".join("Ketamine is not addictive." for _ in range(3000))
    (folder / "long.txt").write_text(text, encoding="utf-8")
    process = program(
        "audit", "long.txt", "--format", "jsonl", cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 141


@pytest.mark.shared
@pytest.mark.parametrize("folder_name", ["seeds", "pages"])
def test_labelled_documents_give_claims_at_their_places(
    shared: Path, claims_audit: Run, folder_name: str
) -> None:
    documents = sorted((shared / folder_name).glob("*.txt"))
    outcome = claims_audit("audit", *documents, "--format", "jsonl", "--fail-on", "never")
    assert (outcome.code, outcome.err) == (0, "")
    got = lines(outcome)
    texts = {path.name: path.read_text(encoding="utf-8") for path in documents}
    claims = [line for line in got if line["kind"] == "claim"]
    assert {Path(line["source"]).name for line in claims} <= set(texts)
    misplaced = [
        line["quote"]
        for line in claims
        if texts[Path(line["source"]).name][line["start"] : line["end"]].split() != line["quote"].split()
    ]
    assert misplaced == []
    assert got[-1]["pages"] == len(documents)
    assert len({Path(line["source"]).name for line in claims}) >= len(documents) - 1


def test_a_crawl_with_a_store_reads_an_unchanged_site_once(folder: Path, claims_audit: Run) -> None:
    link = GOOD.replace("</main>", '<a href="/more">more</a><a href="/leaflet.pdf">leaflet</a></main>')
    routes = {"/": Answer(link.encode(), etag='"1"'), "/more": Answer(HONEST.encode(), etag='"2"')}
    command = ("--crawl", "--allow-private", "--store", "kept", "--format", "jsonl")
    with serving(dict(routes)) as site:
        first = claims_audit("audit", f"{site.url}/", *command)
        asked = len(site.requests)
        second = claims_audit("audit", f"{site.url}/", *command)
        again = [seen for seen in site.requests[asked:] if seen.path in routes]
    assert (first.code, second.code) == (1, 1)

    def findings(outcome: Outcome) -> list[tuple[str, str, str]]:
        return [
            (line["source"], line["quote"], line["verdict"])
            for line in lines(outcome)
            if line["kind"] == "claim"
        ]

    assert findings(first) == findings(second) != []
    assert sorted(seen.headers["If-None-Match"] for seen in again) == ['"1"', '"2"']
    notes = [line["text"] for line in lines(second) if line["kind"] == "note"]
    assert any("2 found, 0 fetched, 2 unchanged" in note for note in notes)
    assert any("leaflet.pdf" in note for note in notes)
    assert claims_audit("store", "list", "--store", "kept").code == 0


def test_captures_are_what_machines_are_pointed_to(folder: Path, claims_audit: Run) -> None:
    with serving({"/": Answer(GOOD.encode())}) as site:
        address = f"{site.url}/"
        claims_audit("audit", address, "--crawl", "--allow-private", "--store", "kept", "-q")
    assert claims_audit("store", "export", "evidence", "--store", "kept").code == 0
    (file,) = (folder / "evidence").glob("*.warc.gz")
    named = f"evidence/{file.name}"
    report = json.loads(claims_audit("audit", named, "--format", "sarif").out)
    schema = json.loads((ROOT / "tests" / "vendor" / "sarif-2.1.0.json").read_text("utf-8"))
    assert list(jsonschema.Draft202012Validator(schema).iter_errors(report)) == []
    results = report["runs"][0]["results"]
    assert results
    for result in results:
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == named
        assert place["region"] == {"startLine": 1}
        assert address in result["message"]["text"]
    noted = claims_audit("audit", named, "--format", "github").out
    assert f"file={named}" in noted
    assert address in noted


@pytest.mark.parametrize("option", [("--show-from", "error"), ()])
def test_what_is_listed_and_what_fails_are_apart(
    folder: Path, claims_audit: Run, option: tuple[str, ...]
) -> None:
    (folder / "draft.txt").write_text(
        "Ketamine is not addictive.\n\nKetamine infusions are a breakthrough.\n", encoding="utf-8"
    )
    if not option:
        (folder / "claims-audit.toml").write_text('show-from = "error"\n', encoding="utf-8")
    short = claims_audit("audit", "draft.txt", *option)
    whole = claims_audit("audit", "draft.txt", "--show-from", "note")
    assert "hype: hype" not in short.out
    assert "hype: hype" in whole.out
    assert short.code == whole.code == 1
    assert short.out.split("+--")[-1] == whole.out.split("+--")[-1]
    assert claims_audit("audit", "draft.txt", "--show-from", "never").code == 2


def test_a_crawl_without_a_contact_does_not_leave_the_machine(
    folder: Path, claims_audit: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.sources._leaves", lambda *_: True)
    outcome = claims_audit("audit", "https://clinic.example/", "--crawl")
    assert (outcome.code, outcome.out) == (2, "")
    clear(outcome, "clinic.example", "contact", "[web]")


def test_sites_of_the_settings_are_crawled_each_by_its_own_rules(folder: Path, claims_audit: Run) -> None:
    page = GOOD.replace(
        "</main>", '<p>Ketamine may ease depression.</p><a href="/more">more</a></main>'
    ).encode()
    with serving({"/": Answer(page), "/more": Answer(page)}) as here, serving({"/": Answer(page)}) as there:
        (folder / "claims-audit.toml").write_text(
            "[web]\nallow-private = true\n[crawl]\ndelay = 0\n"
            f'[[sites]]\nurl = "{here.url}/"\nmax-pages = 1\nfamilies = ["efficacy"]\n'
            f'[[sites]]\nurl = "{there.url.replace("127.0.0.1", "localhost")}/"\njurisdictions = ["UK"]\n',
            encoding="utf-8",
        )
        outcome = claims_audit("audit", "--format", "jsonl", "--allow-incomplete")
    assert outcome.code == 1
    by_site: dict[str, set[str]] = {}
    for line in lines(outcome):
        if line["kind"] in ("claim", "omission"):
            by_site.setdefault(line["source"].split(":")[1], set()).add(
                line.get("family") or line["omission"]
            )
    assert by_site["//127.0.0.1"] & {"addiction", "prohibited_promotion"} == set()
    assert {"efficacy"} <= by_site["//127.0.0.1"]
    assert {"addiction", "efficacy", "prohibited_promotion"} <= by_site["//localhost"]
    assert "/more" not in here.pages
