"""`claims-audit read`: the claims in a text, and the words that decided each."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Annotated

import typer

from claims.errors import UsageError
from pipeline.commands.options import (
    Catalogues,
    ConfigFile,
    Families,
    NoColour,
    Profile,
    colour,
    make_rules,
    now,
    use_utf8,
    width,
)


def read(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The text, in quotes; - reads standard input.")],
    family: Families = None,
    profile: Profile = None,
    catalogue: Catalogues = None,
    config: ConfigFile = None,
    no_colour: NoColour = False,
) -> None:
    """Show the claims in a text and the words that decided each.

    For every claim the text stands with a row of carets under the words that gave its family, subject,
    condition, quantity, strength and framing, each with the rule that read them; then the verdict, the
    catalogue entry behind it, and wording that would pass. A line of the text is a paragraph of its own.

    \b
      claims-audit read "Ketamine works within minutes."
      claims-audit read "Infusions may ease PTSD." --profile strict
      claims-audit read - < draft.txt
    """
    from pipeline import config as settings
    from pipeline.audit import DocumentMeta, audit_document, start
    from reports.explain import render
    from reports.summary import closing

    loaded = settings.load(config)
    at = now()
    rules = make_rules(
        replace(
            loaded,
            families=tuple(family or loaded.families),
            profile=profile or loaded.profile,
            catalogue=(*loaded.catalogue, *(catalogue or ())),
        ),
        at,
    )
    use_utf8()
    body = sys.stdin.buffer.read() if text == "-" else text.encode("utf-8", "replace")
    if not body.strip():
        raise UsageError("read: the text is empty; give a sentence in quotes, or - for standard input")
    result = audit_document(body, DocumentMeta("text", media_type="text/plain"), rules)
    context = start([], rules, now=at).context
    shown = replace(context, width=width(sys.stdout), colour=colour(sys.stdout, no_colour))
    sys.stdout.writelines(render(closing([result]), shown))
