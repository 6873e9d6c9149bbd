"""Forecasts the months ahead, with levers as they are and under suppositions side by side."""

from __future__ import annotations

from typing import Annotated

import typer

from palanca.cli import listing, opened, output, progress
from palanca.cli.options import AllowStale, AsKnown, CaseName, Draws, Fit, Format, Full, How, Key, Out, Pictures, Store

HELP = """What comes next? Encounters, stops, people on hold, people let in and deaths, month by month.

Arrivals are drawn by a panel of past counts that knows no levers; the corridor follows on every path. Levers stay as
they are; each --suppose adds a world with the same surprises: react (governments answer to arrivals as before), deals
(and strike deals as their ledger has it), record (levers follow the dated record), a file or name of changes, or
TARGET=VALUE; parts joined by + are one world. --list shows the names. Says how good such forecasts were before."""


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("forecast", help=HELP)(forecast)


def forecast(
    case: CaseName = "us-mexico",
    *,
    ahead: Annotated[int, typer.Option("--ahead", help="How many months ahead, 1 to 60.")] = 12,
    last: Annotated[
        str | None,
        typer.Option("--from", metavar="YYYY-MM", help="Last month taken as known; by default the last with figures."),
    ] = None,
    suppose: Annotated[
        list[str] | None,
        typer.Option(help="A world beside levers as they are: react, deals, record, a name, a file, or TARGET=VALUE."),
    ] = None,
    shipped: Annotated[bool, typer.Option("--list", help="List what can be supposed by name.")] = False,
    draws: Draws = 400,
    key: Key = 1,
    how: How = Format.table,
    full: Full = False,
    out: Out = None,
    pictures: Pictures = True,
    fit: Fit = None,
    allow_stale: AllowStale = False,
    store: Store = None,
    as_known: AsKnown = "",
) -> None:
    """Check, draw, write, show."""
    from palanca.core import save
    from palanca.core.clock import Month
    from palanca.questions.forecast import suppositions
    from palanca.questions.forecast.span import ForecastSpan

    declared = opened.case(case, store, as_known)
    if shipped:
        listing.print_rows(suppositions.listing(declared), how, "These can be supposed with --suppose NAME.", full=True)
        return
    known = Month.parse(last, where="--from") if last else declared.span.last
    ForecastSpan(known, ahead, draws, key).check(declared)  # bad input is refused before anything heavy is loaded
    given = suppositions.gather(declared, suppose or [])
    if out is not None:
        save.check_folder(out)
    from palanca.api.load import load
    from palanca.questions.options import RunOptions

    model = load(case, fit=fit, allow_stale=allow_stale, store=store, as_known=as_known)
    with progress.bar("paths") as tell:
        answer = model.forecast(
            ahead,
            suppose=[one.record() for one in given],
            last=str(known),
            draws=draws,
            key=key,
            run=RunOptions(progress=tell),
        )
    output.deliver(answer, how, out=out, full=full, pictures=pictures)
