"""Settings files: what is read, what is refused, and with which words."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import Outcome

from claims.catalogue.entry import JURISDICTIONS, PROFILES
from claims.errors import ConfigurationError
from claims.model import Family
from pipeline import config
from pipeline.commands import options
from pipeline.commands.audit import site_limits
from pipeline.commands.init import template
from pipeline.sources.base import CrawlOptions, SourceOptions

# name of the case, text of the file, words that the one line must hold beside the file's name
FAULTS = [
    ("unknown key", 'famlies = ["onset"]', [":1:", "unknown key 'famlies'", "did you mean 'families'?"]),
    ("unknown key, nothing like it", "\nzzz = 1", [":2:", "unknown key 'zzz'", "known keys are", "profile"]),
    (
        "unknown key in a table",
        "[web]\nconect-timeout = 3",
        [":2:", "'web.conect-timeout'", "'connect-timeout'"],
    ),
    ("unknown table", "[wbe]\ncontact = 'a@b.example'", ["'wbe'", "did you mean 'web'?"]),
    ("underscore for hyphen", "fail_on = 'error'", [":1:", "'fail_on'", "did you mean 'fail-on'?"]),
    ("value not in the list", 'fail-on = "warn"', [":1:", '"warn"', "error, warning, note, never"]),
    ("unknown family", 'families = ["onset", "speed"]', [":1:", '"speed"', "use one of onset,"]),
    ("text for a list", 'families = "onset"', ['"onset"', "give a list"]),
    ("text for a number", 'jobs = "two"', ['"two"', "give a whole number"]),
    ("text for a switch", 'all = "yes"', ['"yes"', "give true or false"]),
    ("number too small", "jobs = -1", ["-1", "at least 0"]),
    ("number not above zero", "[web]\nread-timeout = 0", [":2:", "more than 0"]),
    ("empty list", "families = []", ["is empty"]),
    ("empty name", 'baseline = ""', ["is empty"]),
    ("twice the same", 'families = ["onset", "onset"]', ["twice"]),
    ("unknown jurisdiction", 'jurisdictions = ["usa"]', ['"usa"', "US, UK, EU, CA, AU"]),
    ("a site without its address", "[[sites]]\nmax-pages = 3", ["'sites'", "lacks 'url'"]),
    ("a site that is a folder", '[[sites]]\nurl = "site/"', [":2:", '"site/"', "https://"]),
    (
        "unknown key of a site",
        '[[sites]]\nurl = "https://a.example"\ndepth = 3',
        ["'sites.0.depth'", "max-depth"],
    ),
    ("value for a table", "web = 3", ["'web'", "give a table"]),
    ("date for text", "profile = 2024-01-01", ["2024-01-01", "standard, strict"]),
    ("broken TOML", "jobs = 1\nprofile = strict", ["no valid TOML", "line 2, column 11"]),
    ("same key twice", "jobs = 1\njobs = 2", ["no valid TOML", "overwrite"]),
]


def write(folder: Path, text: str, name: str = config.FILE_NAME) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(("text", "words"), [case[1:] for case in FAULTS], ids=[case[0] for case in FAULTS])
def test_a_fault_names_file_key_and_remedy(tmp_path: Path, text: str, words: list[str]) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigurationError) as caught:
        config.load(str(path))
    message = str(caught.value)
    assert message.startswith(str(path))
    assert len(message.splitlines()) == 1
    assert [word for word in words if word not in message] == []


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    path = write(tmp_path, 'jobs = -1\nfail-on = "x"\n[web]\nhost = "y"\n')
    with pytest.raises(ConfigurationError) as caught:
        config.load(str(path))
    assert [line.split(": ")[0] for line in str(caught.value).splitlines()] == [
        f"{path}:2",
        f"{path}:1",
        f"{path}:4",
    ]


def test_the_fault_in_a_pyproject_is_placed_there(tmp_path: Path) -> None:
    path = write(tmp_path, '[project]\nname = "x"\n[tool.claims-audit.web]\nport = 1\n', "pyproject.toml")
    with pytest.raises(ConfigurationError, match=r"pyproject\.toml:4: unknown key 'web\.port'"):
        config.load(str(path))


def test_a_missing_file_names_the_way_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"no such file; .* 'claims-audit init'"):
        config.load(str(tmp_path / "none.toml"))


@pytest.mark.parametrize(
    ("body", "said"),
    [(b"profile = '\xff'", "not UTF-8 (byte 11)"), (None, "readable file")],
    ids=["bytes", "folder"],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, body: bytes | None, said: str) -> None:
    path = tmp_path / "settings.toml"
    path.mkdir() if body is None else path.write_bytes(body)
    with pytest.raises(ConfigurationError) as caught:
        config.load(str(path))
    assert said in str(caught.value)


def test_paths_are_read_from_the_files_folder_and_addresses_are_left_alone(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        'targets = ["site", "https://clinic.example/"]\ncatalogue = ["own"]\nbaseline = "b.json"\n'
        'output = { html = "out/r.html" }\n',
    )
    got = config.load(str(path))
    assert got.targets == (str(tmp_path / "site"), "https://clinic.example/")
    assert got.catalogue == (str(tmp_path / "own"),)
    assert got.baseline == str(tmp_path / "b.json")
    assert got.output == (("html", str(tmp_path / "out/r.html")),)


@pytest.mark.parametrize(
    ("files", "profile"),
    [
        ({}, "standard"),
        ({"claims-audit.toml": 'profile = "strict"'}, "strict"),
        ({"pyproject.toml": '[tool.claims-audit]\nprofile = "strict"'}, "strict"),
        ({"pyproject.toml": "[tool.other]\nx = 1"}, "standard"),
        ({"pyproject.toml": "broken ["}, "standard"),
        ({"../claims-audit.toml": 'profile = "strict"'}, "strict"),
        ({".git/HEAD": "", "../claims-audit.toml": 'profile = "strict"'}, "standard"),
        (
            {"claims-audit.toml": 'profile = "strict"', "pyproject.toml": "[tool.claims-audit]\nbad = 1"},
            "strict",
        ),
    ],
    ids=[
        "none",
        "own",
        "pyproject",
        "foreign",
        "broken foreign",
        "parent",
        "top of the repository",
        "own first",
    ],
)
def test_where_settings_are_looked_for(tmp_path: Path, files: dict[str, str], profile: str) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert config.load(folder=folder).profile == profile


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(b"\xef\xbb\xbfjobs = 3\n")
    assert config.load(str(path)).jobs == 3


def test_the_schema_offers_the_families_there_are() -> None:
    offered = config.schema()["properties"]["families"]["items"]["enum"]
    assert offered == [family.value for family in Family]


def test_the_schema_offers_the_profiles_and_jurisdictions_that_the_catalogue_knows() -> None:
    properties = config.schema()["properties"]
    assert properties["profile"]["enum"] == list(PROFILES) == list(options.PROFILES)
    assert properties["jurisdictions"]["items"]["enum"] == list(JURISDICTIONS)


@pytest.mark.parametrize(("table", "kind"), [("web", SourceOptions), ("crawl", CrawlOptions)])
def test_tables_set_fields_of_the_sources_options_and_state_their_defaults(table: str, kind: type) -> None:
    fields = {field.name: field for field in dataclasses.fields(kind)}
    for key, rule in config.schema()["properties"][table]["properties"].items():
        if key == "enabled":  # chooses the table as a whole
            continue
        field = fields[key.replace("-", "_")]
        default = list(field.default) if isinstance(field.default, tuple) else field.default
        assert rule.get("default") == default, key


def test_defaults_of_the_schema_are_those_of_a_run_without_a_file() -> None:
    bare = config.Config()
    for key, rule in config.schema()["properties"].items():
        if "default" in rule:
            value = getattr(bare, key.replace("-", "_"))
            assert (list(value) if isinstance(value, tuple) else value) == rule["default"], key


def test_a_new_file_changes_nothing_and_its_settings_are_valid_once_uncommented(tmp_path: Path) -> None:
    text = template(config.schema())
    path = write(tmp_path, text)
    assert dataclasses.replace(config.load(str(path)), path=None) == config.Config()
    live = re.sub(r"^# ((?:[a-z-]+ = .*|\[\[sites\]\])$)", r"\1", text, flags=re.MULTILINE)
    keys = tomllib.loads(live)
    assert set(keys) == set(config.schema()["properties"])
    assert set(keys["crawl"]) == set(config.schema()["properties"]["crawl"]["properties"])
    assert set(keys["sites"][0]) == set(config.schema()["properties"]["sites"]["items"]["properties"])
    config.load(str(write(tmp_path, live)))


def test_a_site_takes_what_it_does_not_say_from_the_rest_of_the_file(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        'targets = ["site"]\njurisdictions = ["US"]\n[crawl]\nmax-pages = 7\ndelay = 2\n'
        '[[sites]]\nurl = "https://a.example/"\njurisdictions = ["UK"]\nmax-pages = 3\n'
        '[[sites]]\nurl = "https://b.example/uk/"\nfamilies = ["hype", "onset"]\n',
    )
    got = config.load(str(path))
    assert got.everything == (str(tmp_path / "site"), "https://a.example/", "https://b.example/uk/")
    limits = site_limits(got)
    assert [(one.max_pages, one.delay) for one in limits.values()] == [(3, 2), (7, 2)]
    rules = options.make_rules(got, datetime(2026, 3, 2, tzinfo=UTC))
    every = tuple(Family)
    cases = {
        "https://a.example/x": (("UK",), every),
        "http://www.a.example/": (("UK",), every),
        "https://b.example/uk/x": (("US",), (Family.ONSET, Family.HYPE)),
        "https://b.example/us/x": (("US",), every),
        "https://c.example/": (("US",), every),
        "site/index.html": (("US",), every),
    }
    assert {url: (rules.at(url).jurisdictions, rules.at(url).families) for url in cases} == cases


def test_init_leaves_an_existing_file_alone(
    tmp_path: Path, claims_audit: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    first = claims_audit("init")
    written = (tmp_path / config.FILE_NAME).read_bytes()
    second = claims_audit("init")
    assert (first.code, second.code) == (0, 2)
    assert "exists already; edit it" in second.err
    assert (tmp_path / config.FILE_NAME).read_bytes() == written
