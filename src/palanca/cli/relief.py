"""Asks what relief on conditions would bring: which clauses are kept, what is taken back, when flights stop."""

from __future__ import annotations

from typing import Annotated

import typer

from palanca.cli import output
from palanca.cli.options import Format, Full, How, Key, Out, Pictures

HELP = """Relief on conditions: which clauses would be kept, what would be taken back, and when?

Plays the game between the two governments month by month, under draws of what is believed, beside what happened; says
which parts of what was seen the game produces, which it does not, and what it means for people on return flights."""


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("relief", help=HELP)(relief)


def relief(
    case: Annotated[
        str, typer.Argument(metavar="[CASE|FILE]", help="A shipped case, or the path of a file of conditional relief.")
    ] = "us-mexico",
    *,
    ahead: Annotated[int, typer.Option("--ahead", min=1, max=36, help="How many months are played.")] = 12,
    draws: Annotated[int, typer.Option(min=20, max=5000, help="Draws of what is believed.")] = 400,
    key: Key = 1,
    how: How = Format.table,
    full: Full = False,
    out: Out = None,
    pictures: Pictures = True,
) -> None:
    """Check, play, write, show."""
    from palanca.core import save
    from palanca.spec.relief import load_relief

    load_relief(case)
    if out is not None:
        save.check_folder(out)
    from rich.console import Console

    from palanca.api.load import bare

    with Console(stderr=True).status("playing"):
        answer = bare(case).relief(case, ahead=ahead, draws=draws, key=key)
    output.deliver(answer, how, out=out, full=full, pictures=pictures)
