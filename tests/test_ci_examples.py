"""The examples for builds run as they are written, and the baseline and diff commands with them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.slow

CI = ROOT / "examples" / "ci"
BAD = "<html lang='en'><title>Clinic</title><p>Ketamine is not addictive.</p><p>Ketamine cures depression.</p></html>"
GOOD = "<html lang='en'><title>Clinic</title><p>Ketamine is a controlled substance and can be misused.</p></html>"


def scripts(path: Path) -> dict[str, str]:
    """Shell blocks of a YAML file, by the name of their step (GitHub) or `script` (GitLab)."""
    out, name = {}, "script"
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        if found := re.match(r"\s*- name: (.+)", line):
            name = found.group(1)
        if re.match(r"\s*(?:run: \||- \|)$", line):
            indent = len(line) - len(line.lstrip())
            block = []
            for inner in lines[number + 1 :]:
                if inner.strip() and len(inner) - len(inner.lstrip()) <= indent:
                    break
                block.append(inner)
            out[name] = textwrap.dedent("\n".join(block))
    return out


def shell(script: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs a block as a build does: bash, ending at the first failure, our program on the path."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script],
        cwd=folder,
        env={**os.environ, "PATH": path, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def claims_audit(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).parent / "claims-audit"), *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def site(tmp_path: Path) -> Path:
    if shutil.which("bash") is None:
        pytest.skip("no bash on this machine")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text(BAD, encoding="utf-8")
    return tmp_path


def test_github_action(site: Path) -> None:
    script = scripts(CI / "github" / "action.yml")["Audit"]
    output, summary = site / "output", site / "summary"
    environment = {
        "TARGETS": "site",
        "FAIL_ON": "warning",
        "OPTIONS": "--jobs 1",
        "FOLDER": "reports",
        "GITHUB_OUTPUT": str(output),
        "GITHUB_STEP_SUMMARY": str(summary),
    }
    done = shell(script, site, **environment)
    assert done.returncode == 1, done.stderr
    assert "::error file=site/index.html,line=1" in done.stdout
    assert output.read_text() == "exit-code=1\n"
    assert "# Claims audit" in summary.read_text(encoding="utf-8")
    kept = {one.name for one in (site / "reports").iterdir()}
    assert kept == {"claims.sarif", "claims.xml", "claims.json", "claims.md", "claims.html"}
    lenient = shell(script, site, **{**environment, "FAIL_ON": "never"})
    assert lenient.returncode == 0, lenient.stderr


def test_github_action_takes_inputs_as_words_only(site: Path) -> None:
    script = scripts(CI / "github" / "action.yml")["Audit"]
    hostile = {
        "TARGETS": "site; touch hacked $(touch hacked)",
        "FAIL_ON": "never",
        "OPTIONS": "",
        "FOLDER": "out",
    }
    shell(script, site, **hostile, GITHUB_OUTPUT=str(site / "o"), GITHUB_STEP_SUMMARY=str(site / "s"))
    assert not (site / "hacked").exists()
    text = (CI / "github" / "action.yml").read_text(encoding="utf-8")
    blocks = "".join(scripts(CI / "github" / "action.yml").values())
    assert "${{" in text
    assert "${{" not in blocks


def test_scheduled_run_is_silent_until_something_gets_worse(site: Path) -> None:
    script = scripts(CI / "github" / "scheduled.yml")["Audit and compare"]
    output = site / "output"

    def week() -> str:
        output.write_text("", encoding="utf-8")
        done = shell(script, site, SITE="site", GITHUB_OUTPUT=str(output))
        assert done.returncode == 0, done.stderr
        return output.read_text(encoding="utf-8")

    assert week() == "worse=0\n"
    assert week() == "worse=0\n"
    page = site / "site" / "index.html"
    page.write_text(
        BAD.replace("</p></html>", "</p><p>Ketamine has no side effects.</p></html>"), encoding="utf-8"
    )
    assert week() == "worse=1\n"
    assert "Ketamine has no side effects." in (site / "changes.txt").read_text(encoding="utf-8")
    page.write_text(GOOD, encoding="utf-8")
    assert week() == "worse=0\n"


def test_gitlab_template(site: Path) -> None:
    script = scripts(CI / "gitlab" / "claims-audit.gitlab-ci.yml")["script"]
    done = shell(script, site, CLAIMS_TARGETS="site", CLAIMS_OPTIONS="", CLAIMS_FAIL_ON="error")
    assert done.returncode == 1, done.stderr
    quality = json.loads((site / "claims-quality.json").read_text(encoding="utf-8"))
    assert {one["location"]["path"] for one in quality} == {"site/index.html"}
    for name in ("claims.xml", "claims.json", "claims.html"):
        assert (site / name).stat().st_size > 0


def test_hook_runs_on_files_of_a_commit(site: Path) -> None:
    text = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    entry = re.search(r"entry: claims-audit (.+)", text)
    assert entry
    (site / "empty.md").write_text("", encoding="utf-8")
    (site / "good.html").write_text(GOOD, encoding="utf-8")
    assert claims_audit(site, *entry.group(1).split(), "empty.md", "good.html").returncode == 0
    assert claims_audit(site, *entry.group(1).split(), "empty.md", "site/index.html").returncode == 1


def test_baseline_over_the_life_of_a_site(site: Path) -> None:
    assert claims_audit(site, "baseline", "create", "site").returncode == 0
    again = claims_audit(site, "baseline", "create", "site")
    assert again.returncode == 2
    assert "is there already" in again.stderr
    use = ("--baseline", "claims-baseline.json")
    assert claims_audit(site, "audit", "site", *use).returncode == 0
    page = site / "site" / "index.html"
    moved = BAD.replace("<p>Ketamine is", "<h1>Welcome</h1><p>About us.</p><p>Ketamine is")
    page.write_text(moved, encoding="utf-8")
    assert claims_audit(site, "audit", "site", *use).returncode == 0
    page.write_text(moved.replace("cures depression", "cures anxiety"), encoding="utf-8")
    assert claims_audit(site, "audit", "site", *use).returncode == 1
    pruned = claims_audit(site, "baseline", "prune", "site")
    assert re.search(r"0 added, [1-9]\d* dropped", pruned.stdout)
    assert claims_audit(site, "audit", "site", *use).returncode == 1
    assert claims_audit(site, "baseline", "update", "site").returncode == 0
    assert claims_audit(site, "audit", "site", *use).returncode == 0


def test_baseline_says_what_it_could_not_read(site: Path) -> None:
    (site / "site" / "empty.html").write_text("", encoding="utf-8")
    done = claims_audit(site, "baseline", "create", "site")
    assert done.returncode == 3
    assert "empty.html" in done.stderr


def test_diff_fails_on_what_is_worse_only(site: Path) -> None:
    page = site / "site" / "index.html"
    claims_audit(site, "audit", "site", "--quiet", "--output", "json=bad.json")
    page.write_text(GOOD, encoding="utf-8")
    claims_audit(site, "audit", "site", "--quiet", "--output", "json=good.json")
    better = claims_audit(site, "diff", "bad.json", "good.json", "--fail-on", "note")
    assert better.returncode == 0
    assert "the copy changed" in better.stdout
    worse = claims_audit(site, "diff", "good.json", "bad.json", "--fail-on", "warning", "--format", "json")
    assert worse.returncode == 1
    assert json.loads(worse.stdout)["counts"]["new"] >= 2
    assert claims_audit(site, "diff", "good.json", "nowhere.json").returncode == 2
