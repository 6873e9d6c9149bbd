"""Answers a question again from its manifest, and says whether the answer is the same to the bit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from palanca.cli import listing, output
from palanca.cli.options import AsKnown, Fit, Format, How, Out, Pictures, Store

HELP = """Answer a question again from the manifest beside its answer, and say whether the same came out.

The manifest holds the content of every file that the question was asked with, so later edits of those files change
nothing. Names each fingerprint, version or file that differs; ends with exit code 1 if a number does."""


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("reproduce", help=HELP)(reproduce)


def reproduce(
    manifest: Annotated[Path, typer.Argument(help="A manifest.json, or the folder it lies in.")],
    *,
    how: How = Format.table,
    out: Out = None,
    pictures: Pictures = False,
    fit: Fit = None,
    store: Store = None,
    as_known: AsKnown = "",
) -> None:
    """Read, ask again, compare, say."""
    from palanca.show import manifest as reading

    reading.read(manifest)  # bad input is refused before anything heavy is loaded
    from palanca.api import reproduce as door

    found = door.reproduce(manifest, fit=fit, store=store, as_known=as_known)
    if out is not None:
        found.answer.save(out, pictures=pictures)
    rows = [{"what": one.what, "name": one.name, "then": one.then, "now": one.now} for one in found.differences]
    if how is not Format.table or rows:
        listing.print_rows(rows, how, "These differ from the manifest.", full=True)
    if how is Format.table:
        output.say(found.verdict)
    raise typer.Exit(0 if found.same else 1)
