"""Silence on democracy: what it buys in the deal of a month, and what erosion brings over the years."""

from __future__ import annotations

from typing import Annotated

import typer

from palanca.cli import asking
from palanca.cli.asking import CaseName, Fit, How, Key, Stale
from palanca.cli.show import Format

HELP = """Weigh silence on the partner's democracy against criticism: arrivals now, arrivals over the years.

Says at which discount rate the two balance, and in how many draws they do at all."""


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("silence", help=HELP)(silence)


def silence(
    case: CaseName = "us-mexico",
    *,
    month: Annotated[str, typer.Option(help="Month of the deal.")] = "2024-01",
    years: Annotated[int, typer.Option(min=1, max=50, help="How far to look.")] = 10,
    slow: Annotated[bool, typer.Option("--slow/--no-slow", help="Whether silence harms democracy at all.")] = True,
    draws: Annotated[int, typer.Option(min=2, max=500, help="How many draws.")] = 64,
    key: Key = 1,
    how: How = Format.table,
    fit: Fit = None,
    stale: Stale = False,
) -> None:
    """Weigh, show."""
    from rich.console import Console

    from palanca.cli import show
    from palanca.core.clock import Month
    from palanca.infer import history, politics
    from palanca.questions.bargaining import prepared
    from palanca.questions.bargaining import silence as weighing
    from palanca.spec.bargain_spec import load_bargain
    from palanca.spec.load import load
    from palanca.view import silence as view

    declared, when = load(case), Month.parse(month, where="--month")
    posterior = asking.posterior(declared, fit, stale=stale)
    with Console(stderr=True).status("reading the figures, then bargaining with silence and without"):
        setting = history.prepare(declared)
        ready = prepared.prepare(
            load_bargain(declared.case), [when], corridor=(setting, posterior), draws=draws, key=key
        )
        public = politics.fitted(declared.case)
        found = weighing.weigh(ready, setting, posterior, public, years=years, key=key, slow=slow)
    show.rows(view.by_year(found), how, "Silence less criticism: arrivals [thousand a month], democracy [index]")
    if how is Format.table:
        for sentence in view.says(found):
            typer.echo(sentence)
