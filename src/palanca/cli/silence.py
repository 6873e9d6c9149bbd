"""Silence on democracy: what it buys in the deal of a month, and what erosion brings over the years."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from palanca.cli.show import Format

HELP = """Weigh silence on the partner's democracy against criticism: arrivals now, arrivals over the years.

Says at which discount rate the two balance, and in how many draws they do at all."""


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("silence", help=HELP)(silence)


def silence(
    case: Annotated[str, typer.Argument(help="A shipped case, or the path of a case file.")] = "us-mexico",
    *,
    month: Annotated[str, typer.Option(help="Month of the deal.")] = "2024-01",
    years: Annotated[int, typer.Option(min=1, max=50, help="How far to look.")] = 10,
    slow: Annotated[bool, typer.Option("--slow/--no-slow", help="Whether silence harms democracy at all.")] = True,
    draws: Annotated[int, typer.Option(min=2, max=500, help="How many draws.")] = 64,
    key: Annotated[int, typer.Option(min=0, help="Key of the draws: same key, same result to the bit.")] = 1,
    how: Annotated[Format, typer.Option("--format", help="How to print it.")] = Format.table,
    fit: Annotated[Path | None, typer.Option(help="A fit to use in place of the shipped one.")] = None,
    stale: Annotated[
        bool, typer.Option("--stale", help="Use a fit of another case, figures or code all the same.")
    ] = False,
) -> None:
    """Weigh, show."""
    from rich.console import Console

    from palanca.case.load import load
    from palanca.case.talks import load_talks
    from palanca.cli import caching, show
    from palanca.core.clock import Month
    from palanca.experiments import silence as weighing
    from palanca.experiments import table
    from palanca.infer import history, politics, store
    from palanca.view import silence as view

    declared, when = load(case), Month.parse(month, where="--month")
    posterior, note = store.choose(declared, fit, stale_too=stale)
    if note:
        typer.echo(f"Note: {note}", err=True)
    caching.start()
    with Console(stderr=True).status("reading the figures, then bargaining with silence and without"):
        setting = history.prepare(declared)
        ready = table.gather(load_talks(declared.case), [when], corridor=(setting, posterior), draws=draws, key=key)
        public = politics.fitted(declared.case)
        found = weighing.weigh(ready, setting, posterior, public, years=years, key=key, slow=slow)
    show.rows(view.by_year(found), how, "Silence less criticism: arrivals [thousand a month], democracy [index]")
    if how is Format.table:
        for sentence in view.says(found):
            typer.echo(sentence)
