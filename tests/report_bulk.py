"""Many pages and findings made from the sample, for speed and for looking at."""

from __future__ import annotations

from dataclasses import replace

import report_samples as samples

from claims.model import Block, BlockKind, Page, PageResult


def many(pages: int, findings: int) -> tuple[PageResult, ...]:
    """`pages` web pages with `findings` findings in all, fingerprints unique."""
    home = samples.home()
    each, rest = divmod(findings, pages)
    out, number = [], 0
    for n in range(pages):
        url = f"https://clinic.example/page-{n:03}"
        blocks: list[Block] = []
        mine = []
        for i in range(each + (n < rest)):
            model = home.findings[number % 4]
            line = samples.HOME_SOURCE.splitlines()[model.claim.block]
            lead = f"Paragraph {i} of page {n} opens with a few plain words about the visit. "
            blocks.append(Block(lead + line, BlockKind.PARAGRAPH, headings=("Why us", f"Part {i // 3}")))
            shift = len(lead)
            cues = tuple(
                replace(c, start=(c.start or 0) + shift, end=(c.end or 0) + shift) for c in model.claim.cues
            )
            claim = replace(
                model.claim,
                block=len(blocks) - 1,
                start=model.claim.start + shift,
                end=model.claim.end + shift,
                cues=cues,
            )
            link = f"{url}#:~:text=Ketamine"
            mine.append(replace(model, fingerprint=f"{number:016x}", claim=claim, line=None, link=link))
            number += 1
        page = Page(url, f"Page {n}", "en", tuple(blocks), f"{n:064x}")
        snapshot = replace(samples.hostile().snapshot, url=url, sha256=page.sha256)  # type: ignore[type-var]
        omissions = (replace(home.omissions[0], fingerprint=f"o{n:015x}"),)
        out.append(PageResult(url, page, tuple(mine), omissions, snapshot=snapshot))
    return tuple(out)
