"""Build the wheel, install it into a clean environment, and run the program from another folder.

The environment gets the run-time dependencies only, at the locked versions: what works here needs nothing
that pyproject.toml does not name. Exits 1 with one line on the first thing that fails.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("pipeline", "claims", "reports")
PAGE = """<!DOCTYPE html><html lang="en"><head><title>Infusions</title></head><body><main>
<h1>Ketamine infusions</h1><p>Ketamine is not addictive.</p><p>It cures depression within minutes.</p>
</main></body></html>"""


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="wheel-check-") as name:
        folder = Path(name)
        wheel = build(folder / "dist")
        check_contents(wheel)
        program = install(wheel, folder)
        check_program(program, folder / "elsewhere")
    print(f"{wheel.name}: built, installed and run from another folder")


def build(to: Path) -> Path:
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", to, ROOT)
    (wheel,) = to.glob("*.whl")
    return wheel


def check_contents(wheel: Path) -> None:
    """Every file of the packages is in, and nothing else is."""
    inside = {one for one in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in one}
    listed = (
        run("git", "ls-files", *PACKAGES, cwd=ROOT).stdout.split("\n") if (ROOT / ".git").exists() else []
    )
    missing = sorted(one for one in listed if one and (ROOT / one).is_file() and one not in inside)
    foreign = sorted(one for one in inside if one.split("/")[0] not in PACKAGES)
    if missing or foreign:
        sys.exit(f"{wheel.name}: missing {missing}, not ours {foreign}; see [tool.hatch] in pyproject.toml")


def install(wheel: Path, folder: Path) -> Path:
    """The program in a new environment with the wheel and its run-time dependencies, as locked."""
    locked = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    constraints = folder / "constraints.txt"
    pins = re.findall(r"^([A-Za-z0-9][^ \n]*==[^ \n]+(?: ;[^\\\n]*)?)", locked, re.MULTILINE)
    constraints.write_text("\n".join(pins), encoding="utf-8")
    venv.create(folder / "venv", with_pip=True)
    scripts = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    quiet = ("--quiet", "--quiet", "--disable-pip-version-check", "--no-input")
    run(scripts / "python", "-m", "pip", "install", *quiet, "--constraint", constraints, wheel)
    return scripts / "claims-audit"


def check_program(program: Path, folder: Path) -> None:
    folder.mkdir()
    (folder / "page.html").write_text(PAGE, encoding="utf-8")
    run(program, "--version", cwd=folder)
    run(program, "init", cwd=folder)
    run(program, "catalogue", "validate", cwd=folder)
    run(program, "read", "Ketamine is not addictive.", cwd=folder)
    report = run(
        program, "audit", "page.html", "--format", "jsonl", "--output", "html=out.html", cwd=folder, code=1
    )
    lines = [json.loads(line) for line in report.stdout.splitlines()]
    families = {
        line["family"] for line in lines if line["kind"] == "claim" and line["verdict"] != "supported"
    }
    if not {"addiction", "efficacy", "onset"} <= families:
        sys.exit(
            f"the installed program flagged only {sorted(families)}; addiction, efficacy, onset are there"
        )
    if not (folder / "out.html").is_file():
        sys.exit("the installed program wrote no HTML report")


def run(*command: str | Path, cwd: Path | None = None, code: int = 0) -> subprocess.CompletedProcess[str]:
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))
    }
    done = subprocess.run(  # noqa: S603 - our own commands
        [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != code:
        said = f"exit code {done.returncode}, expected {code}\n{done.stdout}{done.stderr}"
        sys.exit(f"{' '.join(map(str, command))}: {said}")
    return done


if __name__ == "__main__":
    main()
