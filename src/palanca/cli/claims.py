"""Checks what others say of figures against what was published."""

from __future__ import annotations

from typing import Annotated

import typer

from palanca.cli import output, progress
from palanca.cli.options import AsKnown, Format, Full, How, Key, Out, Pictures, Store

HELP = """What do published figures say of a claim: does it hold, is it overstated, is it wrong?

Checks every claim of a file (by default those of the sources of the us-mexico case) on the figures as known now, and as
known when it was said where an older edition is at hand. --example prints a file to start from. Claims on causes and on
what would have been are handed on to the model: --answer asks it."""


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("claims", help=HELP)(claims)


def claims(
    file: Annotated[
        str, typer.Argument(metavar="[FILE]", help="A file of claims, or a case that has some.")
    ] = "us-mexico",
    *,
    example: Annotated[bool, typer.Option("--example", help="Print a file of claims to start from.")] = False,
    only: Annotated[str | None, typer.Option(metavar="ID,ID", help="Only these claims.")] = None,
    ask: Annotated[bool, typer.Option("--answer", help="Ask the model what is handed on to it.")] = False,
    draws: Annotated[int, typer.Option(min=2, max=2000, help="Draws of the fit, with --answer.")] = 64,
    key: Key = 1,
    how: How = Format.table,
    full: Full = False,
    out: Out = None,
    pictures: Pictures = True,
    store: Store = None,
    as_known: AsKnown = "",
) -> None:
    """Read, check, write, show."""
    from palanca.core import save
    from palanca.spec import claims as reading

    if example:
        output.say(reading.example())
        return
    reading.load_claims(file)  # bad input is refused before anything heavy is loaded
    if out is not None:
        save.check_folder(out)
    from palanca.api import claims as door
    from palanca.questions.options import RunOptions

    wanted = None if only is None else [name.strip() for name in only.split(",")]
    with progress.bar("questions to the model") as tell:
        run = RunOptions(draws, key, progress=tell)
        answer = door.claims(
            file, only=wanted, ask=ask, draws=draws, key=key, store=store, as_known=as_known, run=run
        )  # fmt: skip
    output.deliver(answer, how, out=out, full=full, pictures=pictures)
