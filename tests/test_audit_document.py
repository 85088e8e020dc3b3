"""`audit_document`: bytes in, plain result out, the same in any process; families, profile, jurisdictions."""

from __future__ import annotations

import gc
import pickle
import subprocess
import sys
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from enum import Enum
from pathlib import Path

import pytest
from conftest import ROOT

from claims.model import Family, PageResult, Strength
from pipeline.audit import DocumentMeta, Rules, audit_document

BODY = b"""<!doctype html><html lang="en"><title>Ketamine clinic</title><body>
<h1>Ketamine relieves depression within hours</h1>
<p>Ketamine is completely safe and not addictive. It is FDA-approved for depression.</p>
<h2>Is it covered?</h2><p>Insurance usually does not cover ketamine infusions.</p>
<p>Ketamine infusions may ease depression, often within 24 hours.</p>
</body></html>"""
META = DocumentMeta("https://clinic.example/", "text/html")
RULES = Rules(date(2026, 3, 2))
PLAIN = (str, int, float, bool, bytes, date, datetime, type(None))


@pytest.fixture(scope="module")
def result() -> PageResult:
    return audit_document(BODY, META, RULES)


def walk(value: object, where: str) -> list[str]:
    """Places that hold something other than plain values."""
    if is_dataclass(value):
        return [p for f in fields(value) for p in walk(getattr(value, f.name), f"{where}.{f.name}")]
    if isinstance(value, tuple):
        return [p for i, inner in enumerate(value) for p in walk(inner, f"{where}[{i}]")]
    return [] if isinstance(value, (*PLAIN, Enum)) else [f"{where}: {type(value)}"]


def test_the_result_is_plain(result: PageResult) -> None:
    assert walk(result, "result") == []
    assert result.snapshot is not None
    assert result.snapshot.body == b""


def test_it_travels(result: PageResult) -> None:
    there = pickle.dumps(result)
    assert pickle.loads(there) == result  # noqa: S301
    assert b"spacy" not in there


def test_the_same_again(result: PageResult) -> None:
    assert audit_document(BODY, META, RULES) == result


def test_the_same_in_another_process(result: PageResult, tmp_path: Path) -> None:
    out = tmp_path / "result"
    code = (
        "import pickle, sys; sys.path.insert(0, 'tests'); from pathlib import Path\n"
        "from test_audit_document import BODY, META, RULES, audit_document\n"
        f"Path({str(out)!r}).write_bytes(pickle.dumps(audit_document(BODY, META, RULES)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert pickle.loads(out.read_bytes()) == result  # noqa: S301


def test_no_doc_is_kept(result: PageResult) -> None:
    from spacy.tokens import Doc

    audit_document(BODY + b"<p>Ketamine may help.</p>", META, RULES)
    gc.collect()
    texts = [o.text for o in gc.get_objects() if isinstance(o, Doc)]
    assert [text for text in texts if "Insurance usually" in text] == []


def test_families_filter(result: PageResult) -> None:
    some = audit_document(BODY, META, replace(RULES, families=(Family.ONSET, Family.COST)))
    assert {f.claim.family for f in some.findings} == {Family.ONSET, Family.COST}
    wanted = [f for f in result.findings if f.claim.family in (Family.ONSET, Family.COST)]
    assert list(some.findings) == wanted
    assert len({f.claim.family for f in result.findings}) >= 5


def test_omissions_do_not_depend_on_the_families_asked_for(result: PageResult) -> None:
    some = audit_document(BODY, META, replace(RULES, families=(Family.COST,)))
    assert [o.kind for o in some.omissions] == [o.kind for o in result.omissions]
    assert "risks_undisclosed" in {o.kind for o in result.omissions}


def test_the_strict_profile_allows_less(result: PageResult) -> None:
    strict = audit_document(BODY, META, replace(RULES, profile="strict"))
    both = list(zip(result.findings, strict.findings, strict=True))
    assert all(a.claim == b.claim for a, b in both)
    assert all(b.verdict.badness >= a.verdict.badness for a, b in both if a.verdict.flagged)
    allowed = [(a.allowed, b.allowed) for a, b in both]
    assert [pair for pair in allowed if pair[0] != pair[1]]
    assert all((b or Strength.S0) <= a for a, b in allowed if a is not None)


def test_another_jurisdiction(result: PageResult) -> None:
    there = audit_document(BODY, replace(META, jurisdictions=("UK",)), RULES)
    by_rules = audit_document(BODY, META, replace(RULES, jurisdictions=("UK",)))
    assert there == by_rules
    assert there.omissions != result.omissions


def test_today_is_handed_in(result: PageResult) -> None:
    later = audit_document(BODY, META, replace(RULES, today=date(2031, 1, 1)))
    assert later.findings == result.findings
    assert {n.code for n in later.notes} > {n.code for n in result.notes}


@pytest.mark.parametrize("body", [b"", b"\x00\x01\x02\xff" * 200, b"<html></html>"])
def test_what_cannot_be_read_is_a_value(body: bytes) -> None:
    got = audit_document(body, META, RULES)
    assert got.skipped is not None
    assert got.page is None
    assert got.findings == ()
    assert got.skipped.reason


def test_a_fault_of_the_program_costs_one_page_only(monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline import readers

    def broken(*_: object) -> None:
        raise ZeroDivisionError("by\ndesign")

    monkeypatch.delenv("CLAIMS_AUDIT_DEBUG", raising=False)
    monkeypatch.setattr(readers, "read_page", broken)
    failed = audit_document(BODY, META, RULES)
    assert failed.skipped is not None
    assert failed.skipped.code == "fault"
    assert "ZeroDivisionError: by design" in failed.skipped.reason
    assert failed.snapshot is not None
    assert failed.snapshot.sha256
    monkeypatch.setenv("CLAIMS_AUDIT_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        audit_document(BODY, META, RULES)
