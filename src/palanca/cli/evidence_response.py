"""Shows how forecasts that were told the levers did, or makes and scores them again."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from palanca.cli import fail, opened, output, progress
from palanca.cli.options import AsKnown, CaseName, Format, Full, How, Keep, Key, Out, Pictures, Store

if TYPE_CHECKING:
    from palanca.core.clock import Month
    from palanca.data.read import Figures
    from palanca.evidence.response.record import ConditionalSkill
    from palanca.spec.schema import Case

HELP = """Told the levers of the months ahead, does the model give the arrivals that came?

Parameters are fitted to the months up to --fitted-to alone, then told the path of levers; the same from every January
since 2015. Shows what comes with the case. With --again it is made anew, which takes twenty minutes the first time:
fits and forecasts are kept in --keep (by default backtest-CASE in this folder, whose fits serve both commands)."""


def register(app: typer.Typer) -> None:
    """Add the command to the tree."""
    app.command("response", help=HELP)(response)


def response(
    case: CaseName = "us-mexico",
    *,
    again: Annotated[bool, typer.Option("--again", help="Fit, forecast and score anew.")] = False,
    fitted_to: Annotated[
        str | None, typer.Option("--fitted-to", metavar="YYYY-MM", help="With --again: last month known to the fit.")
    ] = None,
    only: Annotated[str | None, typer.Option(help="With --again: `holdout` or `years` alone.")] = None,
    ship: Annotated[bool, typer.Option("--ship", help="With --again: replace what comes with the case.")] = False,
    key: Key = 1,
    how: How = Format.table,
    full: Full = False,
    out: Out = None,
    pictures: Pictures = True,
    store: Store = None,
    as_known: AsKnown = "",
    keep: Keep = None,
) -> None:
    """Check, make if asked, write, show."""
    from palanca.core import save
    from palanca.core.errors import UsageError
    from palanca.evidence.response import asked

    declared = opened.case(case, store, as_known)
    wanted = asked.read(declared, fitted_to, only)
    if not again and (ship or keep is not None or only or fitted_to):
        raise UsageError(
            "nothing is made without --again",
            where="evidence response",
            found="--ship, --keep, --only or --fitted-to",
            expected="these with --again",
        )
    if ship and (only or fitted_to):
        raise UsageError("only the whole is shipped", where="--ship", found="--only or --fitted-to")
    if out is not None:
        save.check_folder(out)
    from palanca.evidence.response import answer as telling
    from palanca.evidence.response import store as shelf

    if again:
        from palanca.data.read import open_figures

        if ship:
            save.check_folder(shelf.where(declared).parent)
        found = _made(declared, open_figures(store, as_known), wanted, key=key, keep=keep)
        if ship:
            typer.echo(f"Wrote {shelf.write(shelf.where(declared), found)}.", err=True)
    else:
        found = shelf.read(declared)
    arguments = asked.arguments(again=again, fitted_to=fitted_to, only=only)
    output.deliver(telling.answer(declared, found, arguments, key), how, out=out, full=full, pictures=pictures)


def _made(
    declared: Case, figures: Figures, wanted: tuple[Month, str | None], *, key: int, keep: Keep
) -> ConditionalSkill:
    """Fit, forecast and score; a fit of the case is not needed, as every start has its own."""
    from palanca.api import compiler
    from palanca.core import save
    from palanca.evidence.backtest import make
    from palanca.evidence.response import run
    from palanca.infer import history

    kept, (fitted_to, only) = make.folder(declared, keep), wanted
    save.check_folder(kept)
    compiler.start()
    try:
        with progress.bar("fits and forecasts") as tell:
            setting = history.prepare(declared, figures)
            return run.make(setting, kept, fitted_to=fitted_to, only=only, key=key, progress=tell)
    except KeyboardInterrupt:
        typer.echo(f"Interrupted. What was made is kept in {kept}; the same command goes on from there.", err=True)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(fail.INTERRUPTED)  # threads that still compile crash an interpreter that ends around them
