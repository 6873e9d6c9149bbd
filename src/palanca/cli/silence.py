"""Asks whether silence on a partner's democracy pays now and costs later."""

from __future__ import annotations

from typing import Annotated

import typer

from palanca.cli import opened, output, progress
from palanca.cli.options import AllowStale, AsKnown, CaseName, Fit, Format, Full, How, Key, Month, Out, Pictures, Store

HELP = """Does silence on a partner's democracy pay now and cost later?

Weighs what silence buys in the deal of a month against what the erosion of democracy brings over the years, beside open
criticism; says at which discount rate the two balance, and in how many draws they do at all."""
FIRST = "2024-01"


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("silence", help=HELP)(silence)


def silence(
    case: CaseName = "us-mexico",
    *,
    month: Month = FIRST,
    years: Annotated[int, typer.Option(min=1, max=50, help="How many years to look ahead.")] = 10,
    slow: Annotated[bool, typer.Option("--slow/--no-slow", help="Whether silence harms democracy at all.")] = True,
    draws: Annotated[int, typer.Option(min=2, max=500, help="Draws of what is believed.")] = 64,
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
    """Check, weigh, write, show."""
    from palanca.core import save
    from palanca.core.clock import Month
    from palanca.questions import contents
    from palanca.questions.bargaining import months

    when = Month.parse(month or FIRST, where="--month")
    months.check(contents.table(None, case)[0], opened.case(case, store, as_known), when)
    if out is not None:
        save.check_folder(out)
    from palanca.api.load import load
    from palanca.questions.options import RunOptions

    with progress.bar("bargaining with silence and without") as tell:
        model = load(case, fit=fit, allow_stale=allow_stale, store=store, as_known=as_known)
        run = RunOptions(progress=tell)
        answer = model.silence(str(when), years=years, slow=slow, draws=draws, key=key, run=run)
    output.deliver(answer, how, out=out, full=full, pictures=pictures)
