"""Settings from `claims-audit.toml` or the table `[tool.claims-audit]` of `pyproject.toml`.

One schema (`config.schema.json`) says which keys there are, what they mean and what they default to: the
loader refuses everything else, and `claims-audit init` writes its commented file from the same place.
"""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claims.errors import ConfigurationError

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

FILE_NAME = "claims-audit.toml"


@dataclass(frozen=True, slots=True)
class Site:
    """One of `[[sites]]`: an address that is crawled, with what differs from the rest of the file."""

    url: str
    families: tuple[str, ...] | None = None
    jurisdictions: tuple[str, ...] | None = None
    limits: Mapping[str, Any] = field(default_factory=dict)
    """Fields of `CrawlOptions` that the site sets, over those of `[crawl]`."""


@dataclass(frozen=True, slots=True)
class Config:
    """What a settings file says; the defaults are those of a run without one.

    Paths (`targets` that are no addresses, `catalogue`, `output`, `baseline`, `waivers`, `store`) are already
    joined to the file's folder. `path` is the file itself, or None.
    """

    path: Path | None = None
    targets: tuple[str, ...] = ()
    profile: str = "standard"
    families: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ("US",)
    catalogue: tuple[str, ...] = ()
    fail_on: str = "warning"
    show_from: str = "note"
    allow_incomplete: bool = False
    all: bool = False
    show_unread: bool = False
    format: str = "text"
    output: tuple[tuple[str, str], ...] = ()
    jobs: int = 0
    baseline: str | None = None
    waivers: str | None = None
    store: str | None = None
    nlp_base: str | None = None
    web: Mapping[str, Any] = field(default_factory=dict)
    """Fields of `SourceOptions` that the file sets."""
    crawl: Mapping[str, Any] = field(default_factory=dict)
    """Fields of `CrawlOptions` that the file sets, and `enabled`."""
    sites: tuple[Site, ...] = ()

    @property
    def everything(self) -> tuple[str, ...]:
        """Targets and sites, each once."""
        return tuple(dict.fromkeys((*self.targets, *(site.url for site in self.sites))))


def schema() -> dict[str, Any]:
    """The JSON Schema of the settings."""
    text = resources.files("pipeline").joinpath("config.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def load(path: str | None = None, folder: Path | None = None) -> Config:
    """The settings in `path`; else those found from `folder` (the current one) upwards; else the defaults.

    Raises ConfigurationError, one line for each fault: file, key, remedy.
    """
    if path is not None:
        return _read(Path(path))
    for parent in _parents(folder or Path()):
        own, shared = parent / FILE_NAME, parent / "pyproject.toml"
        if own.is_file():
            return _read(own)
        if shared.is_file() and _has_table(shared):
            return _read(shared)
    return Config()


def is_address(target: str) -> bool:
    """Whether a target is fetched rather than opened."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", target) is not None


def _parents(folder: Path) -> Iterator[Path]:
    """The folder and those above it, up to the top of a repository; relative where `folder` is."""
    for height in range(len(folder.resolve().parts)):
        parent = folder.joinpath(*[".."] * height)
        yield parent
        if (parent / ".git").exists():
            return


def _has_table(path: Path) -> bool:
    """Whether a pyproject.toml has our table; a broken one that does not name it is none of our business."""
    try:
        text = path.read_text(encoding="utf-8")
        return "claims-audit" in text and "claims-audit" in tomllib.loads(text).get("tool", {})
    except tomllib.TOMLDecodeError:
        return "[tool.claims-audit" in text
    except (OSError, UnicodeDecodeError):
        return False


def _read(path: Path) -> Config:
    text = _text(path)
    try:
        data: Any = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path}: no valid TOML: {error}; correct it there") from error
    prefix: tuple[str, ...] = ()
    if path.name == "pyproject.toml":
        prefix = ("tool", "claims-audit")
        data = data["tool"]["claims-audit"]
    _validate(data, path, text, prefix)
    return _build(data, path)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise ConfigurationError(
            f"{path}: no such file; name an existing one with --config, or write one with 'claims-audit init'"
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path}: not UTF-8 (byte {error.start}); save the file as UTF-8") from error
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}; name a readable file with --config") from error


def _validate(data: Any, path: Path, text: str, prefix: tuple[str, ...]) -> None:
    from jsonschema import Draft202012Validator

    found = Draft202012Validator(schema()).iter_errors(data)
    faults = sorted(found, key=lambda fault: [str(step) for step in fault.absolute_path])
    lines = [line for fault in faults for line in _explain(fault, path, text, prefix)]
    if lines:
        raise ConfigurationError("\n".join(lines))


def _explain(fault: ValidationError, path: Path, text: str, prefix: tuple[str, ...]) -> Iterator[str]:
    """One line for each key at fault."""
    at = tuple(str(step) for step in fault.absolute_path)
    rule: Any = fault.schema
    if fault.validator == "additionalProperties":
        table: Any = fault.instance
        known = sorted(rule["properties"])
        for key in sorted(set(table) - set(known)):
            place = _place(path, text, (*prefix, *at, key))
            yield f"{place}: unknown key '{'.'.join((*at, key))}'; {_instead(key, known)}"
        return
    named = ".".join(step for step in at if not step.isdigit()) or "the file"
    yield f"{_place(path, text, (*prefix, *at))}: '{named}' {_wrong(fault)}"


def _instead(key: str, known: list[str]) -> str:
    close = difflib.get_close_matches(key.replace("_", "-"), known, n=1)
    return f"did you mean '{close[0]}'?" if close else f"known keys are {', '.join(known)}"


_KINDS = {"array": "a list", "object": "a table", "boolean": "true or false", "integer": "a whole number"}


def _wrong(fault: ValidationError) -> str:
    """What is wrong with a value, and what to give instead."""
    value = json.dumps(fault.instance, default=str, ensure_ascii=False)
    rule: Any = fault.validator_value
    match fault.validator:
        case "enum":
            return f"cannot be {value}; use one of {', '.join(map(str, rule))}"
        case "type":
            return f"cannot be {value}; give {_KINDS.get(rule, f'a {rule}')}"
        case "minimum" | "exclusiveMinimum":
            least = "at least" if fault.validator == "minimum" else "more than"
            return f"cannot be {value}; give {least} {rule}"
        case "minItems" | "minLength":
            return f"is empty ({value}); give a value or leave the key out"
        case "pattern":
            return f"cannot be {value}; begin it with https:// or http://"
        case "required":
            table: Any = fault.instance
            return f"lacks '{', '.join(key for key in rule if key not in table)}'; add it"
        case "uniqueItems":
            return f"names something twice ({value}); name each once"
    return f"is wrong: {fault.message}"


def _place(path: Path, text: str, key: tuple[str, ...]) -> str:
    """`file:line` of a key, as far as a plain reading of the lines tells; else the file."""
    table: tuple[str, ...] = ()
    wanted = tuple(step for step in key if not step.isdigit())
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if header := re.match(r"\[+\s*([^\[\]]+?)\s*\]+", stripped):
            table = _dotted(header.group(1))
            here = table
        elif setting := re.match(r"""([\w."'-]+)\s*=""", stripped):
            here = table + _dotted(setting.group(1))
        else:
            continue
        if here == wanted:
            return f"{path}:{number}"
    return str(path)


def _dotted(key: str) -> tuple[str, ...]:
    return tuple(step.strip().strip("\"'") for step in key.split("."))


def _build(data: Mapping[str, Any], path: Path) -> Config:
    folder = path.parent

    def beside(name: str) -> str:
        return name if is_address(name) else str(folder / name)

    values = _fields(data)
    values["sites"] = tuple(map(_site, data.get("sites", ())))
    values["targets"] = tuple(map(beside, data.get("targets", ())))
    values["catalogue"] = tuple(map(beside, data.get("catalogue", ())))
    values["output"] = tuple((name, beside(to)) for name, to in data.get("output", {}).items())
    values |= {key: beside(data[key]) for key in ("baseline", "waivers", "store") if key in data}
    values["nlp_base"] = values.pop("nlp", {}).get("base")
    values["web"] = _fields(data.get("web", {}))
    values["crawl"] = _fields(data.get("crawl", {}))
    return Config(path=path, **values)


def _site(table: Mapping[str, Any]) -> Site:
    limits = _fields(table)
    own = {key: limits.pop(key, None) for key in ("families", "jurisdictions")}
    return Site(url=limits.pop("url"), limits=limits, **own)


def _fields(table: Mapping[str, Any]) -> dict[str, Any]:
    """Keys as Python names, lists as tuples."""
    return {k.replace("-", "_"): tuple(v) if isinstance(v, list) else v for k, v in table.items()}
